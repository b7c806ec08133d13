"""Values that a program in between has rewritten, marked as missing or eaten."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from numpy.random import Generator

from crumple import SAME, AnyOf, Cell, Degraded, Edit, Json, Ladder, NotApplicable, Place, Table, mutator
from crumple_mutators.selection import chosen
from crumple_mutators.table.grid import NUMBER, body, columns

_PEOPLE: Final = (
    "people.csv",
    (
        "id,name,postcode,born,balance\n"
        "1,Ann Lee,01234,1984-03-05,12.50\n"
        "2,Bo Berg,00890,1990-11-02,99.00\n"
        "3,Cy Ito,04411,1975-07-09,7.25\n"
    ),
)
_ISO: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_LEADING: Final = re.compile(r"0\d+")
_MARKS: Final = ("", "NA", "N/A", "-", "null", "n/a", "#N/A", "?")
_DAY_ZERO: Final = date(1899, 12, 30)
"""What spreadsheets count days from (their day 60 is a 29 February 1900 that never was)."""


@mutator(
    "table.leading_zeros",
    truth="lost",
    share=Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of such cells", zero=0),
    examples=[_PEOPLE],
)
def leading_zeros(table: Table, share: float, rng: Generator) -> Degraded[Table]:
    """Drop the leading zeros of codes, as a file does that was opened in a spreadsheet and saved.

    How many there were is lost with them. Ladder: a first guess, uncalibrated.
    """
    cells = [cell for column in columns(table) for cell, value in column.items() if _LEADING.fullmatch(value)]
    if not cells:
        raise NotApplicable("no cell holds digits with a leading zero")
    picked = sorted(cells[each] for each in chosen(rng, len(cells), share))
    return Degraded(table.with_cells({cell: table.value(cell).lstrip("0") or "0" for cell in picked}), lost=picked)


@mutator(
    "table.missing_marks",
    truth="new",
    share=Ladder(0.01, 0.05, 0.1, 0.25, 0.5, unit="share of cells", zero=0),
    examples=[_PEOPLE],
)
def missing_marks(table: Table, share: float, rng: Generator) -> Degraded[Table]:
    """Put one of the marks for "missing" in place of values, as each source system has its own.

    The right answer there is that the value is missing. Of 9999 for a number and 1900-01-01 for a date nobody can
    be sure: taking them as they stand is right as well. Ladder: the catalogue's.
    """
    body(table)
    cells = {cell: value for column in columns(table) for cell, value in column.items() if value not in _MARKS}
    if not cells:
        raise NotApplicable("every cell is empty already")
    order = list(cells)
    picked = chosen(rng, len(order), share)
    marks, sentinel = rng.integers(len(_MARKS), size=len(order)).tolist(), (rng.random(len(order)) < 0.25).tolist()
    new: dict[Cell, str] = {}
    truth: dict[Place, Json] = {}
    for each in picked:
        cell = order[each]
        stand_in = _stand_in(cells[cell]) if sentinel[each] else ""
        new[cell] = stand_in or _MARKS[marks[each]]
        truth[cell] = AnyOf(None, stand_in) if stand_in else None
    return Degraded(table.with_cells(new), Edit(values=truth), touched=sorted(new))


def _stand_in(value: str) -> str:
    """The value that stands for "missing" in columns of this kind, where there is one."""
    known = (("1900-01-01", _ISO), ("9999", NUMBER))
    return next((mark for mark, kind in known if kind.fullmatch(value) and mark != value), "")


@mutator(
    "table.date_format",
    truth=("same", "new"),
    refusable_from=5,
    style=Ladder("timestamp", "DMY", "two-digit year", "serial", "ambiguous"),
    examples=[_PEOPLE],
)
def date_format(table: Table, style: str, rng: Generator) -> Degraded[Table]:
    """Write dates as the next program down the line does.

    2024-03-05 with a time at midnight, as 05.03.2024, as 05.03.24, as the spreadsheet's day number 45356: the same.
    As 05/03/2024 or 03/05/2024 it is the same where a day after the 12th in the file proves the order; else it may be
    either, all read alike, and refusing is right as well. Ladder: the catalogue's; for ISO, which is where most
    start from, a timestamp.
    """
    found = {cell: day for column in columns(table) for cell, value in column.items() if (day := _day(value))}
    if style == "two-digit year":
        found = {cell: day for cell, day in found.items() if 1970 <= day.year < 2049}
    if not found:
        raise NotApplicable("no cell holds a date like 2024-03-05" + (" of 1970-2048" if style[:3] == "two" else ""))
    american = bool(rng.integers(2))
    degraded = table.with_cells({cell: _formatted(day, style, american=american) for cell, day in found.items()})
    touched = sorted(found)
    if style != "ambiguous" or any(day.day > 12 for day in found.values()):
        return Degraded(degraded, touched=touched)
    swapped: dict[Place, Json] = {
        cell: day.replace(month=day.day, day=day.month).isoformat()
        for cell, day in found.items()
        if day.day != day.month
    }
    return Degraded(degraded, AnyOf(SAME, Edit(values=swapped)) if swapped else SAME, touched=touched)


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
