"""Tables side by side: the rows that differ, and their cells that do. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final

from crumple.errors import NotApplicable
from crumple.exhibit import Piece, RowPair
from crumple.exhibits.bounds import Bounds
from crumple.exhibits.marking import alike, shown, steps
from crumple.exhibits.sequences import chosen
from crumple.views.table import Table

_READ: Final = 20_000
"""Rows that are looked at."""


def as_tables(clean: Table, degraded: Table) -> bool:
    """Whether two tables are written alike, so that what differs are their rows and cells."""
    return (clean.dialect.delimiter, clean.dialect.quote, clean.encoding, clean.bom) == (
        degraded.dialect.delimiter,
        degraded.dialect.quote,
        degraded.encoding,
        degraded.bom,
    )


def rows_of(clean: Table, degraded: Table, bounds: Bounds) -> tuple[tuple[RowPair, ...], int]:
    """The rows that differ, under the header that names their cells; and how many more of them do.

    Raises:
        NotApplicable: no cell differs.
    """
    one, other = (
        [tuple(row.cells) for row in itertools.islice(iter(table.rows), _READ)] for table in (clean, degraded)
    )
    found = chosen(one, other, bounds.rows, context=bounds.context)
    pairs = list(found.pairs)
    if not pairs:
        raise NotApplicable("no cell differs")
    if all(left != 0 for left, _ in pairs) and one[0] == other[0]:
        pairs.insert(0, (0, 0))
    sides = [_marked(() if left is None else one[left], () if right is None else other[right]) for left, right in pairs]
    columns = _columns([each for pair in sides for each in pair], bounds.cells)
    return tuple(
        RowPair(
            None if left is None else left + 1,
            None if right is None else right + 1,
            _cells(before, columns, bounds),
            _cells(after, columns, bounds),
        )
        for (left, right), (before, after) in zip(pairs, sides, strict=True)
    ), found.left_out


def _marked(one: Sequence[str], other: Sequence[str]) -> tuple[list[Piece], list[Piece]]:
    """Two rows' cells with those that differ marked; cells that were shifted are found again."""
    found = steps(one, other)
    if not alike(found, max(len(one), len(other))):
        return [Piece(cell, changed=True) for cell in one], [Piece(cell, changed=True) for cell in other]
    left = [Piece(cell, tag != "equal") for tag, start, end, _, _ in found for cell in one[start:end]]
    right = [Piece(cell, tag != "equal") for tag, _, _, start, end in found for cell in other[start:end]]
    return left, right


def _columns(rows: Sequence[Sequence[Piece]], most: int) -> list[int]:
    """Which columns are shown: the first, and those that differ with what stands beside them."""
    width = max(map(len, rows), default=0)
    if width <= most:
        return list(range(width))
    changed = sorted({at for row in rows if _partly(row) for at, each in enumerate(row) if each.changed})[: most - 2]
    around = [0, *changed, *(near for at in changed for near in (at - 1, at + 1)), *range(width)]
    wanted = list(dict.fromkeys(at for at in around if 0 <= at < width))
    return sorted(wanted[:most])


def _partly(row: Sequence[Piece]) -> bool:
    return not all(each.changed for each in row)


def _cells(row: Sequence[Piece], columns: Sequence[int], bounds: Bounds) -> tuple[Piece, ...]:
    made: list[Piece] = []
    before = -1
    for at in columns:
        if at >= len(row):
            break
        if at != before + 1:
            made.append(Piece("…"))
        each, before = row[at], at
        text = each.text if len(each.text) <= bounds.cell else f"{each.text[: bounds.cell]}…"
        made.append(Piece(shown(text, changed=each.changed), each.changed))
    if row and before < len(row) - 1:
        made.append(Piece("…"))
    return tuple(made)
