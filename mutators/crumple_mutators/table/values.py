"""Values that a program in between has rewritten, marked as missing or eaten."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

import numpy as np
from numpy.random import Generator

from crumple import SAME, AnyOf, Cell, Degraded, Edit, Json, Ladder, NotApplicable, Place, Table, mutator
from crumple_mutators.selection import portion
from crumple_mutators.table.grid import (
    DELIMITED,
    NUMBER,
    Column,
    cells_where,
    changed,
    columns,
    drawn,
)

PEOPLE: Final = (
    "people.csv",
    (
        "id,name,postcode,born,balance\n"
        "1,Ann Lee,01234,1984-03-05,12.50\n"
        "2,Bo Berg,00890,1990-11-02,99.00\n"
        "3,Cy Ito,04411,1975-07-09,7.25\n"
    ),
)
_ISO: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_LEADING: Final = re.compile(r"0\d+", re.ASCII)
_MARKS: Final = ("", "NA", "N/A", "-", "null", "n/a", "#N/A", "?")
_DAY_ZERO: Final = date(1899, 12, 30)
"""What spreadsheets count days from (their day 60 is a 29 February 1900 that never was)."""


@mutator(
    "table.leading_zeros",
    truth="new",
    refusable_from=1,
    share=Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of such cells", zero=0),
    examples=[PEOPLE],
)
def leading_zeros(table: Table, share: float, rng: Generator) -> Degraded[Table]:
    """Drop the leading zeros of codes, as a file does that was opened in a spreadsheet and saved.

    How many there were is gone with them: what stands there is right, and so is the code for who knows its length;
    refusing is right too. Ladder: a first guess, uncalibrated.
    """
    found = cells_where(table, _LEADING.fullmatch)
    if not found:
        raise NotApplicable("no cell holds digits with a leading zero")
    cells, _ = drawn(rng, found, share)
    new = {cell: table.value(cell).lstrip("0") or "0" for cell in cells}
    truth: dict[Place, Json] = {cell: AnyOf(value, table.value(cell)) for cell, value in new.items()}
    return Degraded(table.with_cells(new), Edit(values=truth), touched=cells)


@mutator(
    "table.missing_marks",
    truth="new",
    share=Ladder(0.01, 0.05, 0.1, 0.25, 0.5, unit="share of cells", zero=0),
    examples=[PEOPLE],
)
def missing_marks(table: Table, share: float, rng: Generator) -> Degraded[Table]:
    """Put one of the marks for "missing" in place of values, as each source system has its own.

    The right answer there is that the value is missing. Of 9999 for a number and 1900-01-01 for a date nobody can
    be sure: taking them as they stand is right as well. Ladder: the catalogue's.
    """
    found = cells_where(table, lambda value: value not in _MARKS)
    if not found:
        raise NotApplicable("every cell below the header is empty")
    marks, sentinel = rng.integers(len(_MARKS), size=len(found)), rng.random(len(found)) < 0.25
    cells, at = drawn(rng, found, share)
    new: dict[Cell, str] = {}
    truth: dict[Place, Json] = {}
    for cell, mark, special in zip(cells, marks[at].tolist(), sentinel[at].tolist(), strict=True):
        stand_in = _stand_in(table.value(cell)) if special else ""
        new[cell] = stand_in or _MARKS[mark]
        truth[cell] = AnyOf(None, stand_in) if stand_in else None
    return Degraded(table.with_cells(new), Edit(values=truth), touched=cells)


def _stand_in(value: str) -> str:
    """The value that stands for "missing" in columns of this kind, where there is one."""
    known = (("1900-01-01", _ISO), ("9999", NUMBER))
    return next((mark for mark, kind in known if kind.fullmatch(value) and mark != value), "")


@mutator(
    "table.missing_by_group",
    truth="new",
    share=Ladder(0.01, 0.05, 0.1, 0.25, 0.5, unit="share of rows", zero=0),
    examples=[PEOPLE],
)
def missing_by_group(table: Table, share: float, rng: Generator) -> Degraded[Table]:
    """Leave one column without values where another one says a certain thing, as a branch does that never enters it.

    Which rows lack it depends on the other column: all of one group first, then of the next. The right answer is that
    the value is missing. One mark for it in the whole file. Ladder: the catalogue's share of missing marks.
    """
    found = [each for each in columns(table) if each.filled.any()]
    if len(found) < 2:
        raise NotApplicable("it takes a column that depends on another one")
    target, group = _target_and_group(table, found, rng)
    mark = _MARKS[int(rng.integers(len(_MARKS)))]
    cells = [each for each in target.cells if table.value(each) not in _MARKS]
    if not cells:
        raise NotApplicable("the column is empty already")
    names = [table.value(Cell(each.row, group.number)) for each in cells]
    ranks = dict(zip(sorted(set(names)), rng.permutation(len(set(names))).tolist(), strict=True))
    order = np.lexsort((rng.random(len(cells)), [ranks[name] for name in names]))
    picked = sorted(cells[each] for each in order[: portion(share, len(cells))].tolist())
    truth: dict[Place, Json] = dict.fromkeys(picked)
    return Degraded(table.with_cells(dict.fromkeys(picked, mark)), Edit(values=truth), touched=picked)


def _target_and_group(table: Table, found: list[Column], rng: Generator) -> tuple[Column, Column]:
    """The column that will lack values, and the one with the fewest different values, that says where."""
    kinds = {each.number: len({table.value(cell) for cell in each.cells}) for each in found}
    group = min(found, key=lambda each: (kinds[each.number] < 2, kinds[each.number], each.number))
    others = [each for each in found if each is not group]
    return others[int(rng.integers(len(others)))], group


@mutator(
    "table.formula_text",
    share=Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of cells", zero=0),
    only=DELIMITED,
    examples=[PEOPLE],
)
def formula_text(table: Table, share: float, rng: Generator) -> Degraded[Table]:
    """Write values as ="01234", as exports do that are afraid of what a spreadsheet would make of them.

    The value stands there in full: the answer is the same. Ladder: a first guess, uncalibrated.
    """
    found = cells_where(table, lambda value: not value.startswith("=") and '"' not in value and value.isprintable())
    if not found:
        raise NotApplicable("no cell below the header holds anything")
    cells, _ = drawn(rng, found, share)
    return Degraded(changed(table, cells, '="{}"'.format), touched=cells)


@mutator(
    "table.date_format",
    truth=("same", "new"),
    refusable_from=5,
    style=Ladder("timestamp", "DMY", "two-digit year", "serial", "ambiguous"),
    examples=[PEOPLE],
)
def date_format(table: Table, style: str, rng: Generator) -> Degraded[Table]:
    """Write dates as the next program down the line does.

    2024-03-05 with a time at midnight, as 05.03.2024, as 05.03.24, as the spreadsheet's day number 45356: the same.
    As 05/03/2024 or 03/05/2024 it is the same where a day after the 12th in the file proves the order; else it may be
    either, all read alike, or what is written; refusing is right as well. Ladder: the catalogue's; for ISO, which is
    where most start from, a timestamp.
    """
    short = style == "two-digit year"

    def able(value: str) -> bool:
        day = _day(value)
        return day is not None and (not short or 1970 <= day.year < 2049)

    cells = cells_where(table, able).sorted()
    if not cells:
        raise NotApplicable("no cell holds a date like 2024-03-05" + (" of 1970-2048" if short else ""))
    american = bool(rng.integers(2))

    def new(value: str) -> str:
        day = _day(value)
        assert day is not None  # of these cells
        return _formatted(day, style, american=american)

    degraded = changed(table, cells, new)
    if style != "ambiguous" or cells_where(table, lambda value: able(value) and int(value[8:]) > 12):
        return Degraded(degraded, touched=cells)
    found = [(cell, table.value(cell)) for cell in cells]
    swapped: dict[Place, Json] = {
        cell: f"{value[:4]}-{value[8:]}-{value[5:7]}" for cell, value in found if value[5:7] != value[8:]
    }
    written: dict[Place, Json] = {cell: new(value) for cell, value in found}
    options = AnyOf(SAME, Edit(values=swapped), Edit(values=written))
    return Degraded(degraded, options if swapped else SAME, touched=cells)


def _day(value: str) -> date | None:
    parts = _ISO.fullmatch(value)
    try:
        return date(*map(int, parts.groups())) if parts else None
    except ValueError:
        return None


def _formatted(day: date, style: str, *, american: bool) -> str:
    if style == "timestamp":
        return f"{day.isoformat()}T00:00:00"
    if style == "serial":
        return str((day - _DAY_ZERO).days)
    if style == "ambiguous":
        return day.strftime("%m/%d/%Y" if american else "%d/%m/%Y")
    return day.strftime("%d.%m.%Y" if style == "DMY" else "%d.%m.%y")
