"""What the rows of a table are, read once for all measures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from crumple import Document, Row, Table, Text, Unreadable, read

_MOST_ROWS = 20_000
LONGEST = 1 << 20
TABLES: Final = ("text/csv", "text/tab-separated-values")
_TOTAL = re.compile(r"(?:grand |sub)?(?:total|totals|sum|summe|gesamt|count)\b.*", re.IGNORECASE)
FEWEST = 3
_TYPICAL = 0.6


@dataclass(frozen=True, slots=True)
class Shape:
    """What the rows of a table are, read from its beginning.

    Attributes:
        rows: the cells of every row; () for a blank one.
        width: how many cells most rows have; 0 where they do not agree.
        before: how many rows stand before the header, with blank ones.
        body: the indices of the rows below the header that hold records, whatever their width.
        after: how many rows stand behind the last record, blank ones at the end aside.
        blank_end: how many blank rows end it.
    """

    rows: tuple[tuple[str, ...], ...]
    width: int
    before: int
    body: tuple[int, ...]
    after: int
    blank_end: int

    @property
    def header(self) -> tuple[str, ...]:
        """The cells of the header."""
        return self.rows[self.before]


@lru_cache(maxsize=2)
def shape_of(document: Document) -> Shape | None:
    """The shape of a delimited file; None where it is none, or has no row."""
    if document.media_type not in TABLES or not document.data:
        return None
    table = table_of(document)
    if table is None:
        return None
    rows: Sequence[Row] = [table.rows[at] for at in range(min(len(table.rows), _MOST_ROWS))]
    cells = tuple(row.cells if any(row.cells) else () for row in rows)
    if cells and cells[0] and cells[0][0].startswith("sep="):
        cells = cells[1:]
    cells = tuple(each for each in cells if not (each and each[0].startswith("#")))
    shape = _shape(cells)
    if shape is not None and len(document.data) > LONGEST:  # what ends the file is not among these rows
        return replace(shape, after=0, blank_end=0)
    return shape


@lru_cache(maxsize=2)
def table_of(document: Document) -> Table | None:
    """The rows at the beginning of a file; None where it is no table."""
    data = document.data
    if len(data) > LONGEST:
        end = data.rfind(b"\n", 0, LONGEST) + 1
        data = data[: end or LONGEST]
    try:
        return read(Document(data, document.media_type, document.name), Table)
    except Unreadable:
        return None


def _shape(rows: tuple[tuple[str, ...], ...]) -> Shape | None:
    full = [at for at, row in enumerate(rows) if row]
    if not full:
        return None
    widths = Counter(len(rows[at]) for at in full)
    width, agreeing = max(widths.items(), key=lambda pair: (pair[1], pair[0]))
    if agreeing < _TYPICAL * len(full) and len(full) > 2:
        # A long preamble outnumbers a short table, whose rows come last and are wider.
        width = max(widths) if widths[max(widths)] >= FEWEST else 0
    before = _preamble(rows, width)
    end = len(rows)
    while end and not rows[end - 1]:
        end -= 1
    last = end
    while last - 1 > before and _is_footer(rows[last - 1], width):
        last -= 1
    # What closes a report closes it behind a row of totals.
    totals = [
        at for at in range(last, end) if rows[at] and any(_TOTAL.fullmatch(each.strip()) for each in rows[at] if each)
    ]
    last = totals[0] if totals else end
    body = tuple(at for at in range(before + 1, last) if rows[at])
    return Shape(rows, width, before, body, end - last, len(rows) - end)


def _preamble(rows: tuple[tuple[str, ...], ...], width: int) -> int:
    """How many rows stand before the header: titles of one cell, above rows of several."""
    if width < 2:
        return 0
    for at, row in enumerate(rows[:60]):
        if len(row) == width and sum(map(bool, row)) > 1:
            return at
        if sum(map(bool, row)) > 1:
            return 0
    return 0


def _is_footer(row: tuple[str, ...], width: int) -> bool:
    if not row or (width > 1 and sum(map(bool, row)) == 1):
        return True
    return any(_TOTAL.fullmatch(each.strip()) for each in row if each)


@lru_cache(maxsize=2)
def head_of(document: Document) -> str | None:
    """The first characters of a file; None where they cannot be read."""
    try:
        return read(Document(document.data[:8192], document.media_type, document.name), Text).value[:4096]
    except Unreadable:
        return None


def rows_of(document: Document, fewest: int = FEWEST) -> Shape | None:
    """The shape of a table with so many rows below its header, whose rows mostly agree on how many cells they have."""
    shape = shape_of(document)
    return shape if shape is not None and shape.width > 1 and len(shape.body) >= fewest else None


def agree(shape: Shape) -> bool:
    """Whether the header has as many cells as most rows: where it has not, all of them would be ragged."""
    return len(shape.header) == shape.width
