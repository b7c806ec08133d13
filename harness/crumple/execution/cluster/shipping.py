"""How a task reaches a Dask worker that may have no crumple, by a scheduler that need not have it.

What a task is made of is unpickled by Dask itself, and a worker that lacks a module for that ends. So it is plain
values, and a function that travels as it is instead of by its name, and looks for crumple where it arrives.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def shipped(module: str) -> Callable[..., Any]:
    """What calls, where it arrives, the function of a module that its first argument names, with the others."""

    def crumple(name: str, *arguments: Any) -> Any:
        import importlib

        return getattr(importlib.import_module(module), name)(*arguments)

    return crumple


TASK = shipped("crumple.execution.cluster.tasks")
"""Called with "ready" or "carry_out", and what these take."""
