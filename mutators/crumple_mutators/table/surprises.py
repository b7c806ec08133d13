"""Values that are what nobody expected there: the data itself says something else, and says it clearly.

What stands in the file is the right answer, for a reader cannot know better; a plausibility check may refuse it.
"""

from __future__ import annotations

import math
import statistics
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.random import Generator

from crumple import AnyOf, Cell, Degraded, Edit, Json, Ladder, NotApplicable, Place, Table, mutator
from crumple_mutators.table.grid import Column, amount_columns, body, columns, drawn, number_columns
from crumple_mutators.table.numbers import BOOKINGS

_READINGS: Final = "meter,site,status,reading\n" + "".join(
    f"M-{n},{('north', 'south', 'east')[n % 3]},{('ok', 'late')[n % 2]},{20 + n % 7}.{n % 10}\n" for n in range(1, 25)
)
READINGS: Final = ("readings.csv", _READINGS)
_WORDS: Final = ("pending", "see note", "unknown", "cancelled", "not measured", "error")
_CATEGORIES: Final = ("Other", "TEST", "Miscellaneous", "xx", "To be classified", "LEGACY-7")
_AT_ONCE: Final = 0.1


@mutator(
    "table.unit_slip",
    truth="new",
    refusable_from=1,
    factor=Ladder(10, 100, 1000, 10_000, 1_000_000, unit="times", zero=1),
    examples=[BOOKINGS],
)
def unit_slip(table: Table, factor: int, rng: Generator, share: float = _AT_ONCE) -> Degraded[Table]:
    """Put some amounts in another unit, as cents for euros or grams for kilograms in the rows of one branch.

    What stands there is right, and what was meant for who finds out; refusing is right too. `share` is that of the
    amounts in one column. Ladder: the catalogue's x10 and x1000, with cents, and two that are a first guess.
    """
    found = [each for each in amount_columns(table) if any(Decimal(table.value(cell)) for cell in each.cells)]
    if not found:
        raise NotApplicable("every amount is 0")
    column = found[int(rng.integers(len(found)))]
    cells, _ = drawn(rng, column.cells, share if factor != 1 else 0)
    new = {cell: f"{Decimal(table.value(cell)) * int(factor):f}" for cell in cells if Decimal(table.value(cell))}
    if factor != 1 and not new:
        cell = next(each for each in column.cells if Decimal(table.value(each)))
        new = {cell: f"{Decimal(table.value(cell)) * int(factor):f}"}
    truth: dict[Place, Json] = {cell: AnyOf(value, table.value(cell)) for cell, value in new.items()}
    return Degraded(table.with_cells(new), Edit(values=truth), touched=list(new))


@mutator(
    "table.outlier",
    truth="new",
    refusable_from=3,
    sigma=Ladder(3, 5, 10, 100, 1_000_000, unit="sigma", zero=0),
    examples=[READINGS],
)
def outlier(table: Table, sigma: float, rng: Generator) -> Degraded[Table]:
    """Put a number far from the others in one cell of a column, as a stuck key or a broken sensor does.

    It is that many standard deviations above the column's mean. The data says so: the right answer holds the new
    number; from ten on a plausibility check may refuse. Ladder: the catalogue's 3, 5, 10, 100, 1e6 sigma.
    """
    found = [each for each in number_columns(table) if each.decimals] or number_columns(table)
    spreads = [(each, _spread(table, each)) for each in found]
    wide = [(each, spread) for each, spread in spreads if spread[1] > 0]
    if not wide:
        raise NotApplicable("no column holds three numbers or more that differ")
    column, (mean, deviation, places) = wide[int(rng.integers(len(wide)))]
    cell = column.cells[int(rng.integers(len(column.cells)))]
    if not sigma:
        return Degraded(table)
    value = f"{Decimal(repr(mean + sigma * deviation)):.{places}f}"
    if value == table.value(cell):
        raise NotApplicable("the number stands there already")
    return Degraded(table.with_cells({cell: value}), Edit(values={cell: value}), touched=[cell])


def _spread(table: Table, column: Column) -> tuple[float, float, int]:
    """The mean, the standard deviation and the most decimals of a column's numbers."""
    written = [table.value(cell) for cell in column.cells]
    numbers = np.array(written, np.float64)
    if len(numbers) < 3 or not np.isfinite(numbers).all():
        return 0.0, 0.0, 0
    deviation = float(numbers.std())
    places = max(len(each.partition(".")[2]) for each in written)
    return statistics.fmean(numbers), deviation if math.isfinite(deviation) else 0.0, places


@mutator(
    "table.unseen_category",
    truth="new",
    refusable_from=1,
    share=Ladder(0.001, 0.01, 0.05, 0.1, 0.25, unit="share of rows", zero=0),
    examples=[READINGS],
)
def unseen_category(table: Table, share: float, rng: Generator) -> Degraded[Table]:
    """Put a word where a column has a few that repeat, as a new code does that nobody has told the reader of.

    The data says so: the right answer holds the new word; a check against a list may refuse. Ladder: a first guess,
    uncalibrated.
    """
    rows = body(table)
    groups = [
        each
        for each in columns(table)
        if each.filled.any() and not each.numeric and len(_words(table, each)) <= max(1, len(rows) // 2)
    ]
    if not groups:
        raise NotApplicable("no column holds a few words that repeat")
    column = groups[int(rng.integers(len(groups)))]
    known = {word.casefold() for word in _words(table, column)}
    fresh = [each for each in _CATEGORIES if each.casefold() not in known]
    if not fresh:
        raise NotApplicable("it knows every word already")
    word = fresh[int(rng.integers(len(fresh)))]
    cells, _ = drawn(rng, column.cells, share)
    return Degraded(
        table.with_cells(dict.fromkeys(cells, word)), Edit(values=dict.fromkeys(cells, word)), touched=cells
    )


def _words(table: Table, column: Column) -> set[str]:
    return {table.value(cell) for cell in column.cells}


@mutator(
    "table.type_change",
    truth="new",
    refusable_from=1,
    row=Ladder(100, 1_000, 10_000, 30_000, 100_000, unit="rows before it"),
    examples=[READINGS],
)
def type_change(table: Table, row: int, rng: Generator) -> Degraded[Table]:
    """Put a word in a column of numbers late in the file, past the rows that a reader guesses types from.

    In a shorter file it is the last row. All other values are as they were. Where the word stands a value is missing,
    or is the word; a check of types may refuse. Ladder: the catalogue's; its last row is here row 100,000.
    """
    found = number_columns(table)
    if not found:
        raise NotApplicable("no column holds numbers alone")
    column = found[int(rng.integers(len(found)))]
    word = _WORDS[int(rng.integers(len(_WORDS)))]
    rows = column.cells.rows
    cell = Cell(int(rows[min(int(np.searchsorted(rows, int(row) + 1)), len(rows) - 1)]), column.number)
    truth: dict[Place, Json] = {cell: AnyOf(None, word)}
    return Degraded(table.with_cells({cell: word}), Edit(values=truth), touched=[cell])
