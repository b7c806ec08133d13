"""Rows that are missing, doubled, too short or too long."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.random import Generator

from crumple import SAME, AnyOf, Cell, Degraded, Edit, Ladder, NotApplicable, Row, Table, mutator
from crumple_mutators.selection import chosen
from crumple_mutators.table.grid import (
    DELIMITED,
    NUMBER,
    PATTERN,
    body,
    first_cells,
    number_columns,
    rest_of_row,
    whole_columns,
    written,
)

ORDERS: Final = (
    "orders.csv",
    (
        "order_no,customer name,city,net amount\n"
        '1001,Acme Ltd,"Oslo, Norway",12.50\n'
        "1002,Bolt,Berlin,1234.00\n"
        "1003,Carrot & Co,Paris,7.25\n"
    ),
)


@mutator(
    "table.ragged_row",
    truth=("same", "lost"),
    refusable_from=4,
    share=Ladder(0.001, 0.01, 0.05, 0.2, 0.5, unit="share of rows", zero=0),
    only=DELIMITED,
    examples=[ORDERS],
)
def ragged_row(table: Table, share: float, rng: Generator) -> Degraded[Table]:
    """Make rows too short or too long, as exports without quoting and hand-edited files do.

    A short row loses its last cells; in a long one a delimiter inside a cell was not quoted, and the cell and all
    after it are lost; a trailing delimiter loses nothing. Ladder: the catalogue's 1 row, 1, 5, 20, 50 %.
    """
    rows = body(table)
    picked = chosen(rng, len(rows), share)
    kinds, where = rng.integers(3, size=PATTERN).tolist(), rng.random(PATTERN).tolist()
    new, lost = dict[int, Row](), list[Cell]()
    for each in picked:
        r, draw = int(rows[each]), each % PATTERN
        if len(table.rows[r].cells) > 1:
            new[r], first = _ragged(table, r, ("short", "long", "trailing")[kinds[draw]], where[draw])
            lost.extend(rest_of_row(table, r, first))
    if picked and not new:
        raise NotApplicable("a row of a single cell cannot be ragged")
    return Degraded(table.replaced(new), lost=lost, touched=first_cells(list(new)))


def _ragged(table: Table, number: int, kind: str, where: float) -> tuple[Row, int]:
    """A row that is too short or too long, and the first of its columns that is not what it was."""
    row = table.rows[number]
    cells = written(table, row)
    if kind == "short":
        first = 1 + int(where * (len(cells) - 1))
        cells = cells[:first]
    elif kind == "long":
        cells, first = _split(row.cells, cells, table.dialect.delimiter, where)
    else:
        cells, first = [*cells, ""], len(cells)
    return table.dialect.read(table.dialect.delimiter.join(cells) + row.ending), first


def _split(values: tuple[str, ...], cells: list[str], delimiter: str, where: float) -> tuple[list[str], int]:
    """A row with one delimiter too many, and the first column that is not what it was."""
    flat = [column for column, value in enumerate(values) if "\n" not in value and "\r" not in value]
    held = [column for column in flat if delimiter in values[column]]
    spaced = [column for column in flat if " " in values[column].strip() and '"' not in values[column]]
    if held or spaced:
        among = held or spaced
        column = among[int(where * len(among))]
        bare = values[column] if held else values[column].strip().replace(" ", f"{delimiter} ", 1)
        return [*cells[:column], bare, *cells[column + 1 :]], column
    column = int(where * (len(cells) - 1))
    return [*cells[: column + 1], "", *cells[column + 1 :]], column + 1


@mutator(
    "table.first_row_long",
    cells=Ladder(1, 2, 3, 5, 10, unit="cells", zero=0),
    only=DELIMITED,
    examples=[ORDERS],
)
def first_row_long(table: Table, cells: int, rng: Generator) -> Degraded[Table]:
    """End the first row below the header with delimiters too many, as a report whose first line was edited by hand.

    The further cells are empty, and the answer is the same; but some readers take the first column of all rows for
    names of rows then, and shift every value (pandas 2). Ladder: a first guess, uncalibrated.
    """
    first = int(body(table)[0])
    row = table.rows[first]
    raw = row.raw.rstrip("\r\n") + table.dialect.delimiter * int(cells) + row.ending
    return Degraded(table.replaced({first: table.dialect.read(raw)}), touched=[Cell(first, 0)])


@mutator(
    "table.fault_at",
    truth="lost",
    refusable_from=1,
    place=Ladder("middle", "last row", "first row", "header", "everywhere"),
    only=DELIMITED,
    examples=[ORDERS],
)
def fault_at(table: Table, place: str, rng: Generator) -> Degraded[Table]:
    """Break one row of the file, at a place where readers differ: by a missing end or by a delimiter too many.

    The cells from there on are lost; of a broken header all cells of the columns whose names are. Refusing is right
    too. Ladder: from where a reader has seen most rows to where it tells the layout; all four at last; a first guess.
    """
    rows = body(table)
    at = {"middle": len(rows) // 2, "last row": -1, "first row": 0}
    places = {name: int(rows[each]) for name, each in at.items()} | {"header": 0}
    if any(len(table.rows[number].cells) < 2 for number in places.values()):
        raise NotApplicable("a row of a single cell cannot be broken so")
    kinds, where = rng.integers(2, size=len(places)).tolist(), rng.random(len(places)).tolist()
    new, lost = dict[int, Row](), list[Cell]()
    for (name, number), kind, draw in zip(places.items(), kinds, where, strict=True):
        if place not in (name, "everywhere"):
            continue
        new[number], first = _ragged(table, number, ("short", "long")[kind], draw)
        if number:
            lost.extend(rest_of_row(table, number, first))
        else:
            lost.extend(whole_columns(table, range(first, len(table.header))))
    lost = list(dict.fromkeys(lost))
    return Degraded(table.replaced(new), lost=lost, touched=first_cells(list(new)))


@mutator(
    "table.row_dropped",
    truth="new",
    share=Ladder(0.001, 0.01, 0.05, 0.2, 0.5, unit="share of rows", zero=0),
    examples=[ORDERS],
)
def row_dropped(table: Table, share: float, rng: Generator) -> Degraded[Table]:
    """Leave rows out, as a page of results lost in transfer or a filter left on does.

    The file is whole in itself, so the right answer is that of the rows which are left. Ladder: as of ragged rows
    in the catalogue, 1 row, 1, 5, 20, 50 %.
    """
    rows = body(table)
    if len(rows) < 2:
        raise NotApplicable("it has one row, without it nothing is left")
    gone = rows[chosen(rng, len(rows), share)]
    kept = np.delete(np.arange(len(table.rows)), gone)
    return Degraded(table.taken(kept), Edit(rows=tuple(kept.tolist())), touched=first_cells(gone))


@mutator("table.one_row", level=3, truth="new", examples=[ORDERS])
def one_row(table: Table, rng: Generator) -> Degraded[Table]:
    """Leave the header and one row, as the export of a quiet day has; code that expects lists meets a single value.

    The right answer is that of this row. Level: a first guess.
    """
    rows = body(table)
    if len(rows) < 2:
        raise NotApplicable("it has one row already")
    kept = (0, int(rows[int(rng.integers(len(rows)))]))
    return Degraded(table.taken(kept), Edit(rows=kept), touched=[Cell(kept[1], 0)])


@mutator(
    "table.row_duplicated",
    truth=("same", "new"),
    share=Ladder(0.001, 0.01, 0.05, 0.2, 0.5, unit="share of rows", zero=0),
    examples=[ORDERS],
)
def row_duplicated(table: Table, share: float, rng: Generator) -> Degraded[Table]:
    """Write rows twice, as a retried export or a join that matches twice does.

    Nobody can tell a doubled record from two equal ones: doubled and not are both right. Ladder: as of ragged rows
    in the catalogue.
    """
    rows = body(table)
    twice = rows[chosen(rng, len(rows), share)]
    times = np.ones(len(table.rows), np.int64)
    times[twice] = 2
    order = np.repeat(np.arange(len(table.rows)), times)
    doubled = Edit(rows=tuple(order.tolist()))
    return Degraded(table.taken(order), AnyOf(SAME, doubled), touched=first_cells(twice))


@mutator(
    "table.row_near_duplicated",
    truth=("same", "new"),
    share=Ladder(0.001, 0.01, 0.05, 0.2, 0.5, unit="share of rows", zero=0),
    examples=[ORDERS],
)
def row_near_duplicated(table: Table, share: float, rng: Generator) -> Degraded[Table]:
    """Write rows twice, the second time with other spaces and zeros, as the same record keyed in again has.

    Whether it is one record or two nobody can tell: with it and without it are both right, and what it says is the
    same either way. Ladder: as of ragged rows in the catalogue.
    """
    rows = body(table)
    amounts = {column.number for column in number_columns(table) if column.decimals}
    picked = chosen(rng, len(rows), share)
    forms = rng.integers(3, size=PATTERN).tolist()
    copies: dict[int, list[Row]] = {}
    times = np.ones(len(table.rows), np.int64)
    for each in picked:
        number = int(rows[each])
        row = table.rows[number]
        cells = [_keyed_again(value, forms[each % PATTERN], c in amounts) for c, value in enumerate(row.cells)]
        copies[number + 1] = [table.dialect.row(cells)]
        times[number] = 2
    doubled = Edit(rows=tuple(np.repeat(np.arange(len(table.rows)), times).tolist()))
    degraded = table.inserted(copies)
    return Degraded(degraded, AnyOf(SAME, doubled), touched=first_cells(rows[picked]))


def _keyed_again(value: str, form: int, amount: bool) -> str:
    if amount and "." in value:
        return f"{value}0"
    if not value or NUMBER.fullmatch(value):
        return value
    if form == 1:
        return value.replace(" ", "  ")
    return f"{value} " if form else f" {value}"
