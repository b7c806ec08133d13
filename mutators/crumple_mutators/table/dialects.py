"""How a delimited file is written: delimiter, quotes, escapes, line breaks. The same answer in another dialect."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from numpy.random import Generator

from crumple import Cell, Degraded, Ladder, NotApplicable, Row, Table, mutator
from crumple_mutators.selection import chosen
from crumple_mutators.table.grid import DELIMITED, NUMBER, body, cells_where, first_cells, rest_of_row, written

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
_PATTERN: Final = 1009


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
    if style not in ("all", "none") and not text and not any(map(_is_text, table.header)):
        raise NotApplicable("it holds numbers only, which nobody puts in quotes")
    draws: list[int] = [1, *rng.integers(3, size=_PATTERN).tolist()]
    width = max(1, len(table.header))

    def mark(number: int, column: int, value: str) -> int | None:
        if not _is_text(value):
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


def _is_text(value: str) -> bool:
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
    "table.escape",
    truth=("same", "lost"),
    refusable_from=4,
    style=Ladder("backslash", "unquoted", "mixed", "none", "unbalanced"),
    only=DELIMITED,
    examples=[SALES],
)
def escape(table: Table, style: str, rng: Generator) -> Degraded[Table]:
    r"""Escape quotes and delimiters within cells as another program does, or not at all.

    With a backslash ("say \"hi\""), with a backslash and no quotes (Oslo\, Norway), with backslashes in some cells
    and doubled quotes in others: the same, but where a value's own backslash stands before a quote. Not at all: where
    a delimiter follows the inner quote, nobody can tell that it did not end the cell, and the rest of the row is lost.
    One quote never closed: its cell and what follows in its row are lost. From the fourth on refusing is right too.
    Ladder: the catalogue's, with what is written instead of the standard's doubled quotes first.
    """
    dialect = table.dialect
    quote, sign = dialect.quote, dialect.delimiter
    if style == "unbalanced":
        return _unbalanced(table, rng)
    held = (quote, sign, "\n", "\r") if style == "unquoted" else (quote,)
    picked = [
        Cell(number, column)
        for number, row in enumerate(table.rows)
        for column, value in enumerate(row.cells)
        if any(each in value for each in held) and not (style == "none" and ("\n" in value or "\r" in value))
    ]
    if not picked:
        raise NotApplicable("no cell holds a quote" + (" or a delimiter" if style == "unquoted" else ""))
    backslashes = rng.random(len(picked)) < 0.5
    backslashes[0] = True
    marks = dict(zip(picked, backslashes.tolist(), strict=True))
    lost: list[Cell] = []

    def cell(where: Cell, value: str, stands: str) -> str:
        if style == "unquoted":
            return re.sub(rf"[\\\r\n{re.escape(quote)}]|{re.escape(sign)}", r"\\\g<0>", value)
        if style == "backslash":
            return (
                f"{quote}{_slashed(value, quote)}{quote}" if stands.startswith(quote) else value.replace("\\", "\\\\")
            )
        if style == "none":
            return f"{quote}{value}{quote}" if where in marks else stands
        plain = "\\" not in value and marks.get(where)
        return f"{quote}{_slashed(value, quote)}{quote}" if plain else stands

    new: dict[int, Row] = {}
    for number, row in enumerate(table.rows):
        if quote not in row.raw and "\\" not in row.raw:
            continue
        cells = [
            cell(Cell(number, column), value, stands)
            for column, (value, stands) in enumerate(zip(row.cells, written(table, row), strict=True))
        ]
        new[number] = Row(row.cells, sign.join(cells) + row.ending)
        doubtful = (c for c, value in enumerate(row.cells) if _doubtful(style, value, cells[c], quote, sign))
        lost.extend(rest_of_row(table, number, next(doubtful, len(row.cells))))
    return Degraded(table.replaced(new), lost=lost, touched=picked)


def _slashed(value: str, quote: str) -> str:
    return value.replace("\\", "\\\\").replace(quote, f"\\{quote}")


def _doubtful(style: str, value: str, stands: str, quote: str, sign: str) -> bool:
    """Whether nobody can tell where a cell ends."""
    if style == "mixed" and stands.startswith(quote):
        return f"\\{quote}" in value or value.endswith("\\")
    bare = style == "none" and quote in value and "\n" not in value and "\r" not in value
    return bare and bool(re.search(rf"{re.escape(quote)}\s*{re.escape(sign)}|{re.escape(quote)}{{2}}", value))


def _unbalanced(table: Table, rng: Generator) -> Degraded[Table]:
    quote = table.dialect.quote
    found = cells_where(table, lambda value: _is_text(value) and quote not in value)
    sound = [each for each in found if "\n" not in table.rows[each.row].raw.rstrip("\r\n")]
    if not sound:
        raise NotApplicable("no cell below the header holds text")
    cell = sound[int(rng.integers(len(sound)))]
    row = table.rows[cell.row]
    cells = written(table, row)
    cells[cell.column] = f"{quote}{row.cells[cell.column]}"
    broken = Row(row.cells, table.dialect.delimiter.join(cells) + row.ending)
    return Degraded(table.replaced({cell.row: broken}), lost=rest_of_row(table, cell.row, cell.column))


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
    plain: Callable[[str], bool] = lambda value: " " in value.strip() and not _special(table, value)  # noqa: E731
    found = cells_where(table, plain)
    if not found:
        raise NotApplicable("no cell below the header holds two words")
    body(table)
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
