"""How much of one document an exhibit shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much.

    Attributes:
        pages: pictures of pages; 0: none.
        lines: lines that differ.
        line: characters of a line.
        context: lines around each that are the same.
        rows: rows that differ.
        cells: cells of a row.
        cell: characters of a cell.
        dump: rows of sixteen bytes.
    """

    pages: int
    lines: int
    line: int
    context: int
    rows: int
    cells: int
    cell: int
    dump: int


FULL: Final = Bounds(pages=2, lines=12, line=240, context=1, rows=10, cells=12, cell=60, dump=6)
EXCERPTS: Final = Bounds(pages=0, lines=4, line=80, context=0, rows=4, cells=6, cell=24, dump=2)
