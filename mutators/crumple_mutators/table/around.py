"""What stands around the rows of a table and is none of them: titles, comments, totals, blank lines, other tables."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from numpy.random import Generator

from crumple import Ladder, NotApplicable, Row, Table, mutator
from crumple_mutators.selection import chosen
from crumple_mutators.table.dialects import SALES
from crumple_mutators.table.grid import DELIMITED, PATTERN, Column, before_rows, body, number_columns

_BLANK: Final = ""
_NOTES: Final = (
    "Transaction report",
    "Printed by the night job",
    "Company: Northwind Services",
    "# exported from the ledger",
    "Confidential",
    "Filter: all records",
    "Currency as booked",
    "Period: last quarter",
    "Status: final",
    "Prepared by accounting",
)
_ENDING: Final = (_BLANK, "End of report", "Printed by the night job", "Page 1 of 1", "Figures as booked", "* estimate")
_COMMENTS: Final = (
    "# exported by the night job",
    "# do not edit by hand",
    "# --- next block ---",
    "# checked",
    "#",
    "# encoding: utf-8",
)
_REGIONS: Final = ("North", "South", "East", "West", "Overseas")


@mutator("table.preamble", lines=Ladder(1, 3, 10, 20, 40, unit="lines", zero=0), examples=[SALES])
def preamble(table: Table, lines: int, rng: Generator) -> Table:
    """Put a report's title lines before the header, as every reporting tool does.

    From the eleventh line on they are ragged, from the 21st they hold as many delimiters as the header. The answer
    is the same. Ladder: the catalogue's 1, 3, 10, ragged, holding delimiters; how many the last two are is a first
    guess, uncalibrated.
    """
    width = max(2, len(table.header))
    order = rng.permutation(len(_NOTES)).tolist()
    draws = rng.integers(1, 4, size=40).tolist()
    new: list[Row] = []
    for number in range(int(lines)):
        note = _NOTES[order[number % len(order)]]
        if number < 10:
            new.append(table.dialect.row([note] if number % 4 != 3 else []))
        else:
            cells = draws[number % 40] if number < 20 else width
            new.append(table.dialect.row([note, *[""] * (cells - 1)]))
    return table.inserted({0: new})


@mutator("table.comments", lines=Ladder(1, 3, 10, 30, 100, unit="lines", zero=0), only=DELIMITED, examples=[SALES])
def comments(table: Table, lines: int, rng: Generator) -> Table:
    """Put lines that begin with # before the header and between the rows, as scripts and data portals do.

    No row of the table begins so, and the answer is the same. Ladder: a first guess, uncalibrated.
    """
    rows = body(table)
    if any(row.raw.lstrip(" \"'").startswith("#") for row in table.rows):
        raise NotApplicable("a row of its own begins with #")
    gaps = rng.permutation(rows).tolist()
    before: dict[int, list[Row]] = {}
    for number in range(int(lines)):
        line = _COMMENTS[number % len(_COMMENTS)] + table.dialect.terminator
        before.setdefault(gaps[(number - 1) % len(gaps)] if number else 0, []).append(table.dialect.read(line))
    return table.inserted(before)


@mutator("table.blank_lines", share=Ladder(0.01, 0.05, 0.2, 0.35, 0.5, unit="share of rows", zero=0), examples=[SALES])
def blank_lines(table: Table, share: float, rng: Generator) -> Table:
    """Put blank lines, and lines of delimiters only, between the rows, as a spreadsheet with empty rows is saved.

    The answer is the same. Ladder: the catalogue's 1, 5, 20 %, block, half; .35 for the block is a first guess.
    """
    rows = body(table)
    picked = chosen(rng, len(rows), share)
    bare = rng.random(PATTERN) < 0.5
    blank = table.dialect.row([])
    delimiters = table.dialect.row([""] * max(2, len(table.header)))
    return table.inserted(before_rows(rows, picked, lambda each: blank if bare[each % PATTERN] else delimiters))


@mutator("table.header_repeated", copies=Ladder(1, 2, 4, 8, 16, unit="copies", zero=0), examples=[SALES])
def header_repeated(table: Table, copies: int, rng: Generator) -> Table:
    """Repeat the header between the rows, as page by page exports and files joined by hand have it.

    The answer is the same. Ladder: a first guess, uncalibrated; never more than one copy between two rows.
    """
    gaps = body(table)[1:]
    if not len(gaps):
        raise NotApplicable("a header can be repeated only between two rows, it has one")
    order = rng.permutation(len(gaps))[: int(copies)].tolist()
    again = table.dialect.row(table.header)
    return table.inserted(before_rows(gaps, order, lambda _: again))


@mutator("table.footer_total", lines=Ladder(1, 2, 3, 5, 10, unit="lines", zero=0), examples=[SALES])
def footer_total(table: Table, lines: int, rng: Generator) -> Table:
    """Put a row of totals below the last row, then a report's closing lines, as accounting exports end.

    A total is not a record: the answer is the same. Ladder: a first guess, uncalibrated; level 1 is the totals row
    alone, which is what the catalogue names.
    """
    rows, totals = body(table), _totals(table)
    label = ("Total", "TOTAL", "Sum", "Grand total")[int(rng.integers(4))]
    names = [column for column in range(len(table.header)) if column not in totals]
    at = names[0] if names else 0
    order = rng.permutation(len(_ENDING)).tolist()

    def row(name: str, values: dict[int, str]) -> Row:
        return table.dialect.row(
            name if column == at else values.get(column, "") for column in range(len(table.header))
        )

    count = {column: str(len(rows)) for column in totals}
    endings = [table.dialect.row([_ENDING[each]] if _ENDING[each] else []) for each in order * 2]
    return table.inserted({len(table.rows): [row(label, totals), row("Count", count), *endings][: int(lines)]})


def _totals(table: Table) -> dict[int, str]:
    found = number_columns(table)
    amounts = [each for each in found if each.decimals] or found
    if not amounts:
        raise NotApplicable("no column holds numbers that could be totalled")
    return {each.number: str(_sum(table, each)) for each in amounts}


def _sum(table: Table, column: Column) -> Decimal:
    return sum((Decimal(table.value(cell)) for cell in column.cells), Decimal(0))


@mutator(
    "table.second_table",
    refusable_from=4,
    lines=Ladder(1, 3, 10, 30, 100, unit="lines", zero=0),
    examples=[SALES],
)
def second_table(table: Table, lines: int, rng: Generator) -> Table:
    """Put another table below the last row, with a header of its own, as a sheet with a summary under it is saved.

    A blank line stands between them, and the names of its columns are others: the answer is the same. From the fourth
    level on, where it may be the longer one, refusing is right too. Ladder: a first guess, uncalibrated.
    """
    if lines <= 0:
        return table
    body(table)
    draws = rng.integers(1, 90, size=(100, 2)).tolist()
    names = ["Summary by region", "Documents", "Share in %"]
    rows = [
        table.dialect.row(
            [_REGIONS[number % 5] + (f" {number // 5 + 1}" if number > 4 else ""), *map(str, draws[number % 100])]
        )
        for number in range(int(lines))
    ]
    return table.inserted({len(table.rows): [table.dialect.row([]), table.dialect.row(names), *rows]})
