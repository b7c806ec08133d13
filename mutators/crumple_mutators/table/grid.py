"""A table's rows and columns as its mutators look at them: what holds what, found in one pass, and drawn from."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, overload

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crumple import Cell, NotApplicable, Row, Table
from crumple_mutators.selection import chosen

Mask: TypeAlias = NDArray[np.bool_]
Indices: TypeAlias = NDArray[np.int64]

DELIMITED: Final = ("text/csv", "text/tab-separated-values")
"""The media types whose tables are written with a delimiter; a workbook's are not."""
NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?", re.ASCII)
"""A number in plain notation; one with leading zeros is a name, not a number."""
PATTERN: Final = 1009
"""After how many rows or cells draws begin again: a file may have more of them than memory has room for."""
_BATCH: Final = 50_000
_CELLS: Final = 1 << 22
_WIDTH: Final = 64
_MOST: Final = 1 << 32
_MANY: Final = 200_000


class Cells(Sequence[Cell]):
    """Cells by their rows and columns, made one by one when somebody looks: there may be millions."""

    __slots__ = ("columns", "rows")

    def __init__(self, rows: Indices, columns: Indices) -> None:
        """Take the rows and columns, which go together."""
        self.rows = rows
        self.columns = columns

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, index: int) -> Cell: ...

    @overload
    def __getitem__(self, index: slice) -> Cells: ...

    def __getitem__(self, index: int | slice) -> Cell | Cells:
        """One cell, or some."""
        if isinstance(index, slice):
            return Cells(self.rows[index], self.columns[index])
        return Cell(self.rows.item(index), self.columns.item(index))

    def __iter__(self) -> Iterator[Cell]:
        return map(Cell, self.rows.tolist(), self.columns.tolist())

    def __eq__(self, other: object) -> bool:
        return len(self) == len(other) and all(map(Cell.__eq__, self, other)) if isinstance(other, Sequence) else False

    __hash__ = None  # type: ignore[assignment]  # equal to any sequence of the same cells

    def __repr__(self) -> str:
        return f"Cells({[*itertools.islice(self, 5)]!r}{' ...' if len(self) > 5 else ''})"

    def sorted(self) -> Cells:
        """Row by row."""
        order = np.lexsort((self.columns, self.rows))
        return Cells(self.rows[order], self.columns[order])


@dataclass(frozen=True, slots=True)
class Column:
    """What one column holds below the header.

    Attributes:
        number: of the column.
        filled: for each row below the header, whether the cell holds anything.
        numeric: whether those are all numbers in plain notation.
        decimals: whether one of those has a decimal point: an amount or a measure rather than a name.
    """

    number: int
    filled: Mask
    numeric: bool
    decimals: bool

    @property
    def cells(self) -> Cells:
        """The cells that hold anything."""
        rows = np.flatnonzero(self.filled) + 1
        return Cells(rows, np.full(len(rows), self.number))


def body(table: Table) -> Indices:
    """The indices of the rows below the header that hold anything.

    Raises:
        NotApplicable: there are none.
    """
    filled = np.ones(len(table.rows), np.bool_)
    filled[table.rows.blank_indices()] = False
    filled[:1] = False
    rows = np.flatnonzero(filled)
    if not len(rows):
        raise NotApplicable("the table has no rows below its header")
    return rows


def columns(table: Table) -> list[Column]:
    """What the columns hold, as many as the longest row has."""
    filled: list[list[Mask]] = []
    numeric, decimals, height = list[bool](), list[bool](), 0
    for batch, values in _batches(table):
        for number, column in enumerate(values):
            if number == len(filled):
                filled.append([np.zeros(height, np.bool_)])
                numeric.append(True)
                decimals.append(False)
            filled[number].append(np.fromiter(map(bool, column), np.bool_, batch))
            numeric[number] = numeric[number] and all(map(NUMBER.fullmatch, filter(None, column)))
            decimals[number] = decimals[number] or (numeric[number] and any("." in value for value in column))
        height += batch
        for number in range(len(values), len(filled)):
            filled[number].append(np.zeros(batch, np.bool_))
    masks = [np.concatenate(each) for each in filled]
    return [
        Column(number, mask, has and numeric[number], has and numeric[number] and decimals[number])
        for number, mask in enumerate(masks)
        for has in [bool(mask.any())]
    ]


def _batches(table: Table) -> Iterator[tuple[int, list[tuple[str, ...]]]]:
    """The rows below the header, many at once: how many, and their columns; "" where a row is too short.

    Raises:
        NotApplicable: there are more columns and rows than anybody has room for.
    """
    widest = max(_WIDTH, 2 * len(table.header))  # what hangs over a header of three cells is no thousandth column
    if widest * len(table.rows) > _MOST:
        raise NotApplicable(f"it has {len(table.header)} columns and {len(table.rows)} rows, too many to look through")
    step = max(1, min(_BATCH, _CELLS // widest))
    for start in range(1, len(table.rows), step):
        stop = min(start + step, len(table.rows))
        rows = [row.cells[:widest] for row in table.rows.between(start, stop)]
        yield len(rows), list(itertools.zip_longest(*rows, fillvalue=""))


def number_columns(table: Table) -> list[Column]:
    """Those columns that hold numbers in plain notation and nothing else."""
    return [each for each in columns(table) if each.numeric]


def amount_columns(table: Table) -> list[Column]:
    """Those columns of numbers of which some have decimals: amounts and measures rather than names.

    Raises:
        NotApplicable: there are none.
    """
    found = [each for each in columns(table) if each.decimals]
    if not found:
        raise NotApplicable("no column holds numbers with a decimal point")
    return found


def cells_where(table: Table, test: Callable[[str], object], among: Sequence[Column] | None = None) -> Cells:
    """The cells below the header whose value, which is never "", passes a test; column by column."""
    wanted = None if among is None else {each.number for each in among}
    found: dict[int, list[Indices]] = {}
    start = 1
    for batch, values in _batches(table):
        for number, column in enumerate(values):
            if wanted is None or number in wanted:
                rows = [row for row, value in enumerate(column, start) if value and test(value)]
                found.setdefault(number, []).append(np.array(rows, np.int64))
        start += batch
    columns = [np.full(sum(map(len, found[number])), number) for number in sorted(found)]
    return Cells(_joined([each for number in sorted(found) for each in found[number]]), _joined(columns))


def _joined(parts: Sequence[Indices]) -> Indices:
    return np.concatenate([np.zeros(0, np.int64), *parts])


def drawn(rng: Generator, cells: Cells, share: float) -> tuple[Cells, Indices]:
    """A share of cells row by row, and the number that each had among all; a larger share holds a smaller one."""
    at = np.asarray(chosen(rng, len(cells), share), np.int64)
    rows, found = cells.rows[at], cells.columns[at]
    order = np.lexsort((found, rows))
    return Cells(rows[order], found[order]), at[order]


def changed(table: Table, cells: Cells, new: Callable[[str], str]) -> Table:
    """The table with the values of some cells, which are in the order of rows, made anew; many ones when needed."""
    if len(cells) <= _MANY:
        return table.with_cells({cell: new(table.value(cell)) for cell in cells})
    rows, columns, dialect = cells.rows, cells.columns, table.dialect

    def again(number: int, row: Row) -> Row:
        first, last = np.searchsorted(rows, (number, number + 1)).tolist()
        if first == last:
            return row
        return dialect.changed(row, [(column, new(row.cells[column])) for column in columns[first:last].tolist()])

    return table.mapped(again)


def whole_columns(table: Table, numbers: Sequence[int]) -> Cells:
    """Every cell of some columns, the header's included, column by column."""
    rows = np.arange(len(table.rows), dtype=np.int64)
    return Cells(np.tile(rows, len(numbers)), np.repeat(np.asarray(numbers, np.int64), len(rows)))


def rest_of_row(table: Table, row: int, column: int) -> list[Cell]:
    """The cells of a row from a column on."""
    return [Cell(row, each) for each in range(column, len(table.rows[row].cells))]


def written(table: Table, row: Row) -> list[str]:
    """The cells of a row as they stand in the file, quotes included; [] for a blank row."""
    return table.dialect.written(row.raw) if row.cells else []


def first_cells(rows: Sequence[int] | Indices) -> Cells:
    """The first cell of each of some rows, to say that the row was touched."""
    at = np.sort(np.asarray(rows, np.int64))
    return Cells(at, np.zeros(len(at), np.int64))


def before_rows(rows: Indices, picked: Sequence[int], new: Callable[[int], Row]) -> Mapping[int, Sequence[Row]]:
    """One further row before each of some rows, by its index among them."""
    return {int(rows[each]): [new(each)] for each in picked}
