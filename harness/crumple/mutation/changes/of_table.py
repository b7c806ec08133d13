"""Changes in a table: cells, and rows that were put in, left out, or written anew as a whole."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from crumple.mutation.changes.sequences import Block, coarse, differing
from crumple.mutation.changes.told import Changes, Piece, joined
from crumple.places import Cell
from crumple.views.table import Row, Table

_ALL_WIDTHS = "widths"
_MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class _Run:
    """Rows [start, end) of the clean table in whose place others stand now, as one piece.

    Attributes:
        cells: of one row that is still as wide: which columns of it differ, a piece each; () for whole rows.
    """

    start: int
    end: int
    new: tuple[Row, ...]
    cells: tuple[int, ...] = ()


def of_table(before: Table, after: Table, unit: str) -> Changes | None:
    """The changes of a table; None where it is written in another dialect or encoding.

    Args:
        before: the table.
        after: what has become of it.
        unit: of the mutator's ladder: where it acts on rows or columns, each of them is one change.
    """
    if (before.dialect, before.encoding, before.bom) != (after.dialect, after.encoding, after.bom):
        return None
    ours, theirs = list(before.rows), list(after.rows)
    blocks = differing([row.raw or row.cells for row in ours], [row.raw or row.cells for row in theirs])
    many = sum(each.stop - each.begin for each in blocks) > _MOST_ROWS
    runs = list(_long_runs(blocks, ours, theirs, unit) if many else _runs(before, blocks, ours, theirs))
    wide = {run.start for run in runs if not run.cells and _one_row(run)}
    # Where every row, or the header, has another width, columns have come or gone.
    all_wide = len(wide) > 1 and (0 in wide or len(wide) >= sum(any(row.cells) for row in ours[1:]))
    alike = "column" if "column" in unit else "row" if "row" in unit else ""
    pieces = list(_pieces(ours, runs, all_wide=all_wide, alike=alike))

    def made(kept: Collection[int]) -> Table:
        return before.with_rows(_ended(before, list(_rows(before, ours, runs, kept))))

    return joined(pieces, made)


def _one_row(run: _Run) -> bool:
    return run.end - run.start == len(run.new) == 1


def _long_runs(blocks: Sequence[Block], ours: Sequence[Row], theirs: Sequence[Row], unit: str) -> Iterator[_Run]:
    """Rows of a large table some at once; all of them where columns have come, gone or changed."""
    pairs = zip(ours, theirs, strict=False)
    wide = [at for at, (one, other) in enumerate(pairs) if len(one.cells) != len(other.cells)]
    if "column" in unit or (len(ours) == len(theirs) and (wide[:1] == [0] or len(wide) >= len(ours) - 1)):
        yield _Run(0, len(ours), tuple(theirs))
        return
    yield from (_Run(each.start, each.end, tuple(theirs[each.begin : each.stop])) for each in coarse(blocks))


def _runs(table: Table, blocks: Sequence[Block], ours: Sequence[Row], theirs: Sequence[Row]) -> Iterator[_Run]:
    for block in blocks:
        new = theirs[block.begin : block.stop]
        if block.end - block.start == len(new):
            for at, row in enumerate(new, block.start):
                yield from [_Run(at, at + 1, (row,), _columns(table, ours[at], row))] if row != ours[at] else ()
        elif block.start == block.end:
            yield from (_Run(block.start, block.start, (row,)) for row in new)
        elif not new:
            yield from (_Run(at, at + 1, ()) for at in range(block.start, block.end))
        else:
            yield _Run(block.start, block.end, tuple(new))


def _columns(table: Table, one: Row, other: Row) -> tuple[int, ...]:
    """The columns in which two rows differ; () where they are not as wide, or differ in more than their cells."""
    if len(one.cells) != len(other.cells) or one.ending != other.ending:
        return ()
    here, there = _written(table, one), _written(table, other)
    if len(here) != len(there):
        return ()
    return tuple(at for at, (old, new) in enumerate(zip(here, there, strict=True)) if old != new)


def _written(table: Table, row: Row) -> list[str]:
    written = table.dialect.written(row.raw)
    # Of a sheet, what is written means nothing.
    return written if len(written) == len(row.cells) else [table.dialect.cell(each) for each in row.cells]


def _pieces(ours: Sequence[Row], runs: Sequence[_Run], *, all_wide: bool, alike: str) -> Iterator[Piece]:
    for run in runs:
        for column in run.cells:
            old, new = ours[run.start].cells[column], run.new[0].cells[column]
            bond = f"{alike} {column if alike == 'column' else run.start}" if alike else ""
            yield Piece(Cell(run.start, column), old, new, bond)
        if not run.cells:
            gone = "\n".join(row.raw or "\t".join(row.cells) for row in ours[run.start : run.end])
            come = "\n".join(row.raw or "\t".join(row.cells) for row in run.new)
            yield Piece(Cell(run.start, _WHOLE), gone, come, _ALL_WIDTHS if all_wide and _one_row(run) else "")


_WHOLE = -1
"""The column of a place that is a whole row."""


def _rows(table: Table, ours: Sequence[Row], runs: Sequence[_Run], kept: Collection[int]) -> Iterator[Row]:
    at = number = 0
    for run in runs:
        yield from ours[at : run.start]
        at = run.end
        if run.cells:
            columns = {column for piece, column in enumerate(run.cells, number) if piece in kept}
            yield _mixed(table, ours[run.start], run.new[0], columns, all_of=len(run.cells))
            number += len(run.cells)
        else:
            yield from run.new if number in kept else ours[run.start : run.end]
            number += 1
    yield from ours[at:]


def _mixed(table: Table, one: Row, other: Row, columns: Collection[int], *, all_of: int) -> Row:
    """A row with some cells of the other."""
    if len(columns) in (0, all_of):
        return other if columns else one
    cells = tuple(other.cells[at] if at in columns else cell for at, cell in enumerate(one.cells))
    here, there = _written(table, one), _written(table, other)
    written = (there[at] if at in columns else cell for at, cell in enumerate(here))
    return Row(cells, table.dialect.delimiter.join(written) + one.ending)


def _ended(table: Table, rows: list[Row]) -> list[Row]:
    """The rows as they are written one after the other: only the last may have no line ending."""
    if not any(row.ending for row in rows):
        return rows  # of a sheet
    last = len(rows) - 1
    return [
        Row(row.cells, row.raw + table.dialect.terminator) if at < last and not row.ending else row
        for at, row in enumerate(rows)
    ]
