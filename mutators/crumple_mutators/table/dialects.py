"""How a delimited file is written: delimiter, quotes, escapes, line breaks. The same answer in another dialect."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from numpy.random import Generator

from crumple import Cell, Degraded, Ladder, NotApplicable, Row, Table, mutator
from crumple_mutators.selection import chosen
from crumple_mutators.table.grid import DELIMITED, NUMBER, PATTERN, cells_where, first_cells, rest_of_row, written

SALES: Final = (
    "sales.csv",
    (
        "id,customer,city,amount\n"
        '1,"Acme Ltd","Oslo, Norway",12.50\n'
        '2,Bolt GmbH,Berlin,"1234.00"\n'
        '3,Carrot & Co,"Paris ""Nord""",-7.25\n'
        "4,Dune SA,Lyon,99.90\n"
    ),
)


@mutator("table.delimiter", delimiter=Ladder(";", "\t", "|", ", ", "\x1f"), only=DELIMITED, examples=[SALES])
def delimiter(table: Table, delimiter: str, rng: Generator) -> Table:
    """Separate the cells by another delimiter, as an export from another country or an older system does.

    Cells that hold the new delimiter are quoted, so the answer is the same. Ladder: the catalogue's names.
    """
    old = table.dialect
    if delimiter == old.delimiter:
        raise NotApplicable(f"it is delimited by {delimiter!r} already")
    if all(len(row.cells) < 2 for row in table.rows):
        raise NotApplicable("it has a single column, and so no delimiter")
    dialect = replace(old, delimiter=delimiter)
    sign = delimiter.strip() or delimiter

    def again(_: int, row: Row) -> Row:
        if sign == delimiter and sign not in row.raw and old.quote not in row.raw:
            return Row(row.cells, row.raw.replace(old.delimiter, delimiter))
        new = (
            # Readers that skip the space after the comma would also skip a value's own.
            dialect.cell(
                value,
                quoted=cell.startswith(dialect.quote)
                or sign in value
                or (sign != delimiter and value != value.strip()),
            )
            for value, cell in zip(row.cells, written(table, row), strict=True)
        )
        return Row(row.cells, delimiter.join(new) + row.ending)

    return table.mapped(again, dialect)


@mutator(
    "table.quoting",
    truth=("same", "lost"),
    style=Ladder("all", "apostrophe", "none", "smart", "mixed"),
    only=DELIMITED,
    examples=[SALES],
)
def quoting(table: Table, style: str, rng: Generator) -> Degraded[Table]:
    """Quote the cells otherwise, as scripts, spreadsheets and word processors in between do.

    All of them; with apostrophes; none that does not need it; with typographic quotes; all kinds in one file. Only
    where a quote that no reader knows hides a delimiter, the cell and what follows in its row are lost.
    Ladder: the catalogue's names.
    """
    text = cells_where(table, lambda value: not NUMBER.fullmatch(value)) if style not in ("all", "none") else ()
    if style not in ("all", "none") and not text and not any(map(is_text, table.header)):
        raise NotApplicable("it holds numbers only, which nobody puts in quotes")
    draws: list[int] = [1, *rng.integers(3, size=PATTERN).tolist()]
    width = max(1, len(table.header))

    def mark(number: int, column: int, value: str) -> int | None:
        if not is_text(value):
            return None
        if style == "mixed":
            return draws[(number * width + column) % len(draws)]
        return {"apostrophe": 1, "smart": 2}.get(style, 0)

    def again(number: int, row: Row) -> Row:
        cells = [_quoted(table, value, style, mark(number, c, value)) for c, value in enumerate(row.cells)]
        return Row(row.cells, table.dialect.delimiter.join(cells) + row.ending)

    degraded = table.mapped(again)
    if all(new.raw == old.raw for new, old in zip(degraded.rows, table.rows, strict=True)):
        raise NotApplicable("its quotes are like that already")
    lost: list[Cell] = []
    if style in ("smart", "mixed"):
        for number, row in enumerate(table.rows):
            hidden = (c for c, v in enumerate(row.cells) if mark(number, c, v) and _special(table, v))
            lost.extend(rest_of_row(table, number, next(hidden, len(row.cells))))
    if style == "apostrophe":
        degraded = replace(degraded, dialect=replace(table.dialect, quote="'"))
    return Degraded(degraded, lost=lost)


def is_text(value: str) -> bool:
    """Whether a value is something else than a number, and anything at all."""
    return bool(value) and NUMBER.fullmatch(value) is None


def _special(table: Table, value: str) -> bool:
    return any(sign in value for sign in (table.dialect.delimiter, table.dialect.quote, "\n", "\r"))


def _quoted(table: Table, value: str, style: str, mark: int | None) -> str:
    if style == "apostrophe":
        return replace(table.dialect, quote="'").cell(value, quoted=mark is not None)
    if style in ("all", "none") or not mark:
        return table.dialect.cell(value, quoted=style == "all" or (mark is not None and style != "none"))
    return f"'{value}'" if mark == 1 else f"\N{LEFT DOUBLE QUOTATION MARK}{value}\N{RIGHT DOUBLE QUOTATION MARK}"


@mutator("table.separator_line", level=1, only=DELIMITED, examples=[SALES])
def separator_line(table: Table, rng: Generator) -> Table:
    """Put "sep=," before the header, as people do who export for Excel. The answer is the same. Level: catalogue."""
    line = f"sep={table.dialect.delimiter}{table.dialect.terminator}"
    if table.rows[0].raw.startswith("sep="):
        raise NotApplicable("it begins with such a line already")
    return table.inserted({0: [table.dialect.read(line)]})


@mutator(
    "table.unquoted_line_break",
    truth="lost",
    refusable_from=1,
    share=Ladder(0.001, 0.01, 0.05, 0.1, 0.2, unit="share of rows", zero=0),
    only=DELIMITED,
    examples=[SALES],
)
def unquoted_line_break(table: Table, share: float, rng: Generator) -> Degraded[Table]:
    """Break a cell in two lines without quotes around it, as an export does that puts notes and addresses out as typed.

    The cell and what follows it in its row are lost: whether the second line goes on or begins anew nobody can be
    sure. Refusing is right too. Ladder: the catalogue's, from one row to 20 %.
    """
    special = (table.dialect.quote, "\n", "\r")
    found = cells_where(table, lambda value: " " in value.strip() and not any(sign in value for sign in special))
    if not found:
        raise NotApplicable("no cell below the header holds two words")
    where = rng.random(len(found)).tolist()
    at: dict[int, list[tuple[int, float]]] = {}
    for cell, draw in zip(found, where, strict=True):
        at.setdefault(cell.row, []).append((cell.column, draw))
    rows = sorted(at)
    broken, rest, lost = dict[int, Row](), dict[int, list[Row]](), list[Cell]()
    for each in sorted(chosen(rng, len(rows), share)):
        number = rows[each]
        column, draw = max(at[number], key=lambda pair: pair[1])
        row = table.rows[number]
        cells, words = written(table, row), row.cells[column].strip().split(" ")
        half = 1 + int(draw * (len(words) - 1))
        before = table.dialect.delimiter.join([*cells[:column], " ".join(words[:half])])
        after = table.dialect.delimiter.join([" ".join(words[half:]), *cells[column + 1 :]])
        broken[number] = table.dialect.read(f"{before}\n")
        rest[number + 1] = [table.dialect.read(after + row.ending)]
        lost.extend(rest_of_row(table, number, column))
    return Degraded(table.replaced(broken).inserted(rest), lost=lost, touched=first_cells(list(broken)))


@mutator("table.no_final_newline", level=1, only=DELIMITED, examples=[SALES])
def no_final_newline(table: Table, rng: Generator) -> Table:
    """End the file without a line break, as editors and many programs do. The answer is the same. Level: catalogue."""
    end = len(table.rows) - 1
    last = table.rows[end]
    if not last.ending or not last.cells:
        raise NotApplicable("it does not end with a line break" if last.cells else "it ends with a blank line")
    return table.replaced({end: Row(last.cells, last.raw.rstrip("\r\n"))})


@mutator("table.blank_end", lines=Ladder(1, 2, 5, 20, 100, unit="lines", zero=0), only=DELIMITED, examples=[SALES])
def blank_end(table: Table, lines: int, rng: Generator) -> Table:
    """End the file with blank lines, as a sheet does whose cleared rows are saved with it. The answer is the same.

    Ladder: the catalogue's two line breaks at the end; more are a first guess, uncalibrated.
    """
    return table.inserted({len(table.rows): [table.dialect.row([])] * int(lines)}) if lines else table
