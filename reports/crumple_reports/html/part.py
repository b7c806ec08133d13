"""One thing that a run has left out, as the page says it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from crumple import excerpt

Run: TypeAlias = tuple[str, Mapping[str, Any]]
"""A test of a session, or "", and the document of its run."""
LONG: Final = 240
"""Characters of a cell."""
NAME: Final = 80
"""Characters of a name in a sentence."""
NAMES: Final = 8
"""How many names a sentence lists."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that was left out.

    Attributes:
        id: of its place on the page.
        title: what, and how much of it.
        said: what that means.
        heads: of its table's columns.
        rows: of its table.
        more: how many rows are not shown.
    """

    id: str
    title: str
    said: str = ""
    heads: tuple[str, ...] = ()
    rows: Sequence[Sequence[str]] = ()
    more: int = 0


def named(item: str, text: str) -> tuple[str, ...]:
    """The first cells of a row: the test that it is of, where there are several, and a text."""
    return (excerpt(item, LONG), text) if item else (text,)


def of_test(item: str) -> str:
    """What a title begins with: the test that it is of, where there are several."""
    return f"{excerpt(item, NAME)}: " if item else ""
