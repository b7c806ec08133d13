"""A table that every form of report shows alike. Frozen data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table of texts; whoever shows it makes them harmless.

    Attributes:
        id: tells it from the others; letters and hyphens.
        title: its heading.
        heads: of its columns.
        rows: cells, as many as there are heads; the first is what the row is about.
        names: how many of the first columns are words; the others are figures.
        note: how its figures are to be read.
        states: of each row "worse", "better" or ""; () where none is either.
        categories: of each row the category that it is about; () where it is about none.
        main: whether short reports show it.
    """

    id: str
    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    names: int = 1
    note: str = ""
    states: Sequence[str] = ()
    categories: Sequence[str] = ()
    main: bool = False
