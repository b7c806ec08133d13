"""How a table is written, and what stands around its rows: the same answer in another file."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

from numpy.random import Generator

from crumple import Cell, Degraded, Ladder, NotApplicable, Row, Table, mutator
from crumple_mutators.selection import chosen
from crumple_mutators.table.grid import NUMBER, body, inserted, number_columns, written

_SALES: Final = (
    "sales.csv",
    (
        "id,customer,city,amount\n"
        '1,"Acme Ltd","Oslo, Norway",12.50\n'
        '2,Bolt GmbH,Berlin,"1234.00"\n'
        "3,Carrot & Co,Paris,-7.25\n"
        "4,Dune SA,Lyon,99.90\n"
    ),
)
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


@mutator("table.delimiter", delimiter=Ladder(";", "\t", "|", ", ", "\x1f"), examples=[_SALES])
def delimiter(table: Table, delimiter: str, rng: Generator) -> Table:
    """Separate the cells by another delimiter, as an export from another country or an older system does.

    Cells that hold the new delimiter are quoted, so the answer is the same. Ladder: the catalogue's names.
    """
    if delimiter == table.dialect.delimiter:
        raise NotApplicable(f"it is delimited by {delimiter!r} already")
    if all(len(row.cells) < 2 for row in table.rows):
        raise NotApplicable("it has a single column, and so no delimiter")
    dialect = replace(table.dialect, delimiter=delimiter)
    sign = delimiter.strip() or delimiter
    rows: list[Row] = []
    for row, cells in zip(table.rows, written(table), strict=True):
        quoted = [
            # Readers that skip the space after the comma would also skip a value's own.
            cell.startswith(dialect.quote) or sign in value or (sign != delimiter and value != value.strip())
            for value, cell in zip(row.cells, cells, strict=True)
        ]
        new = (dialect.cell(value, quoted=must) for value, must in zip(row.cells, quoted, strict=True))
        rows.append(Row(row.cells, delimiter.join(new) + row.ending))
    return replace(table, rows=tuple(rows), dialect=dialect)


@mutator(
    "table.quoting",
    truth=("same", "lost"),
    style=Ladder("all", "apostrophe", "none", "smart", "mixed"),
    examples=[_SALES],
)
def quoting(table: Table, style: str, rng: Generator) -> Degraded[Table]:
    """Quote the cells otherwise, as scripts, spreadsheets and word processors in between do.

    All of them; with apostrophes; none that does not need it; with typographic quotes; all kinds in one file. Only
    where a quote that no reader knows hides a delimiter, the cell and what follows in its row are lost.
    Ladder: the catalogue's names.
    """
    text = [Cell(r, c) for r, row in enumerate(table.rows) for c, v in enumerate(row.cells) if v and not _number(v)]
    if style not in ("all", "none") and not text:
        raise NotApplicable("it holds numbers only, which nobody puts in quotes")
    draws = [1, *rng.integers(3, size=len(text)).tolist()][: len(text)]
    kinds = {"apostrophe": 1, "smart": 2}
    marks = dict(zip(text, draws if style == "mixed" else [kinds.get(style, 0)] * len(text), strict=True))
    lost: list[Cell] = []
    rows: list[Row] = []
    for r, row in enumerate(table.rows):
        cells = [_quoted(table, value, style, marks.get(Cell(r, c))) for c, value in enumerate(row.cells)]
        rows.append(Row(row.cells, table.dialect.delimiter.join(cells) + row.ending))
        if style in ("smart", "mixed"):
            hidden = (c for c, v in enumerate(row.cells) if marks.get(Cell(r, c)) and _special(table, v))
            lost.extend(Cell(r, c) for c in range(next(hidden, len(cells)), len(cells)))
    degraded = table.with_rows(rows)
    if style == "apostrophe":
        degraded = replace(degraded, dialect=replace(table.dialect, quote="'"))
    if degraded.rows == table.rows:
        raise NotApplicable("its quotes are like that already")
    return Degraded(degraded, lost=lost)


def _number(value: str) -> bool:
    return NUMBER.fullmatch(value) is not None


def _special(table: Table, value: str) -> bool:
    return any(sign in value for sign in (table.dialect.delimiter, table.dialect.quote, "\n", "\r"))


def _quoted(table: Table, value: str, style: str, mark: int | None) -> str:
    if style == "apostrophe":
        return replace(table.dialect, quote="'").cell(value, quoted=mark is not None)
    if style in ("all", "none") or not mark:
        return table.dialect.cell(value, quoted=style == "all" or (mark is not None and style != "none"))
    return f"'{value}'" if mark == 1 else f"\N{LEFT DOUBLE QUOTATION MARK}{value}\N{RIGHT DOUBLE QUOTATION MARK}"


@mutator("table.preamble", lines=Ladder(1, 3, 10, 20, 40, unit="lines", zero=0), examples=[_SALES])
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
    return inserted(table, {0: new})


@mutator("table.separator_line", level=1, examples=[_SALES])
def separator_line(table: Table, rng: Generator) -> Table:
    """Put "sep=," before the header, as people do who export for Excel. The answer is the same. Level: catalogue."""
    line = f"sep={table.dialect.delimiter}"
    if table.rows[0].raw.startswith("sep="):
        raise NotApplicable("it begins with such a line already")
    return inserted(
        table, {0: [Row(Table.parsed(table.text.with_value(line)).rows[0].cells, line + table.dialect.terminator)]}
    )


@mutator("table.blank_lines", share=Ladder(0.01, 0.05, 0.2, 0.35, 0.5, unit="share of rows", zero=0), examples=[_SALES])
def blank_lines(table: Table, share: float, rng: Generator) -> Table:
    """Put blank lines, and lines of delimiters only, between the rows, as a spreadsheet with empty rows is saved.

    The answer is the same. Ladder: the catalogue's 1, 5, 20 %, block, half; .35 for the block is a first guess.
    """
    rows = body(table)
    picked = chosen(rng, len(rows), share)
    bare = rng.random(len(rows)) < 0.5
    blank = table.dialect.row([])
    delimiters = table.dialect.row([""] * max(2, len(table.header)))
    return inserted(table, {rows[each]: [blank if bare[each] else delimiters] for each in picked})


@mutator("table.header_repeated", copies=Ladder(1, 2, 4, 8, 16, unit="copies", zero=0), examples=[_SALES])
def header_repeated(table: Table, copies: int, rng: Generator) -> Table:
    """Repeat the header between the rows, as page by page exports and files joined by hand have it.

    The answer is the same. Ladder: a first guess, uncalibrated; never more than one copy between two rows.
    """
    gaps = body(table)[1:]
    if not gaps:
        raise NotApplicable("a header can be repeated only between two rows, it has one")
    order = rng.permutation(len(gaps)).tolist()[: int(copies)]
    again = table.dialect.row(table.header)
    return inserted(table, {gaps[each]: [again] for each in order})


@mutator("table.footer_total", lines=Ladder(1, 2, 3, 5, 10, unit="lines", zero=0), examples=[_SALES])
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
    return inserted(table, {len(table.rows): [row(label, totals), row("Count", count), *endings][: int(lines)]})


def _totals(table: Table) -> dict[int, str]:
    found = number_columns(table)
    amounts = [each for each in found if any("." in value for value in each.values())] or found
    if not amounts:
        raise NotApplicable("no column holds numbers that could be totalled")
    return {
        next(iter(each)).column: str(sum((Decimal(value) for value in each.values()), Decimal(0))) for each in amounts
    }
