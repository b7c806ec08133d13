"""Loaded first by the Dask workers of a cluster that is started for a run: Ctrl-C is for whoever has started them.

They lead a session of their own, like lanes do, and end with the process that has started them, however that one ends.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Any


def dask_setup(worker: Any) -> None:
    """Called by Dask in the worker's process, before it takes tasks."""
    with suppress(PermissionError):  # it leads one already
        os.setsid()
