"""Quotes and delimiters inside cells, escaped as another program does or not at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from numpy.random import Generator

from crumple import Cell, Degraded, Dialect, Ladder, NotApplicable, Row, Table, mutator
from crumple_mutators.table.dialects import SALES, is_text
from crumple_mutators.table.grid import DELIMITED, PATTERN, cells_where, rest_of_row, written


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
    if style == "unbalanced":
        return _unbalanced(table, rng)
    draws: list[bool] = (rng.random(PATTERN) < 0.5).tolist()
    how = _Escapes(style, table.dialect, draws, max(1, len(table.header)))
    held = ((number, c) for number, row in enumerate(table.rows) for c, v in enumerate(row.cells) if how.acts_on(v))
    first = next(held, None)
    if first is None:
        raise NotApplicable("no cell holds a quote" + (" or a delimiter" if style == "unquoted" else ""))
    if not how.slashes(*first):
        how = _Escapes(style, table.dialect, [not each for each in draws], how.width)
    lost: list[Cell] = []
    for number, row in enumerate(table.rows) if style in ("mixed", "none") else ():
        doubtful = (c for c, value in enumerate(row.cells) if how.hides_its_end(value, row.raw))
        lost.extend(rest_of_row(table, number, next(doubtful, len(row.cells))))
    return Degraded(table.mapped(how.row), lost=lost)


@dataclass(frozen=True, slots=True)
class _Escapes:
    """One way to escape.

    Attributes:
        style: its name on the ladder.
        dialect: of the clean table.
        draws: which cells have backslashes where some have, over and over again.
        width: how many columns there are.
    """

    style: str
    dialect: Dialect
    draws: Sequence[bool]
    width: int

    def acts_on(self, value: str) -> bool:
        flat = self.style != "none" or ("\n" not in value and "\r" not in value)
        more = self.style == "unquoted" and any(each in value for each in (self.dialect.delimiter, "\n", "\r"))
        return flat and (more or self.dialect.quote in value)

    def slashes(self, row: int, column: int) -> bool:
        return self.style != "mixed" or self.draws[(row * self.width + column) % len(self.draws)]

    def row(self, number: int, row: Row) -> Row:
        if self.dialect.quote not in row.raw and "\\" not in row.raw:
            return row
        stands = enumerate(zip(row.cells, self.dialect.written(row.raw) if row.cells else (), strict=True))
        cells = [self._cell(value, each, self.slashes(number, column)) for column, (value, each) in stands]
        return Row(row.cells, self.dialect.delimiter.join(cells) + row.ending)

    def _cell(self, value: str, stands: str, slashed: bool) -> str:
        quote, sign = self.dialect.quote, self.dialect.delimiter
        if self.style == "unquoted":
            return re.sub(rf"[\\\r\n{re.escape(quote)}]|{re.escape(sign)}", r"\\\g<0>", value)
        if self.style == "none":
            return f"{quote}{value}{quote}" if self.acts_on(value) else stands
        escaped = value.replace("\\", "\\\\").replace(quote, f"\\{quote}")
        if self.style == "backslash":
            return f"{quote}{escaped}{quote}" if stands.startswith(quote) else escaped
        return f"{quote}{escaped}{quote}" if self.acts_on(value) and slashed and "\\" not in value else stands

    def hides_its_end(self, value: str, raw: str) -> bool:
        """Whether nobody can tell where a cell of this value, in a row that was written so, ends."""
        quote = self.dialect.quote
        if self.style == "mixed":
            return quote in raw and (f"\\{quote}" in value or value.endswith("\\"))
        sign, again = re.escape(self.dialect.delimiter), re.escape(quote)
        return self.acts_on(value) and bool(re.search(rf"{again}\s*{sign}|{again}{again}", value))


def _unbalanced(table: Table, rng: Generator) -> Degraded[Table]:
    quote = table.dialect.quote
    found = cells_where(table, lambda value: is_text(value) and quote not in value)
    rows, at = table.rows, int(rng.integers(max(1, len(found))))
    order = (found[(at + step) % len(found)] for step in range(len(found)))
    cell = next((each for each in order if "\n" not in rows[each.row].raw.rstrip("\r\n")), None)
    if cell is None:
        raise NotApplicable("no cell below the header holds text")
    row = rows[cell.row]
    cells = written(table, row)
    cells[cell.column] = f"{quote}{row.cells[cell.column]}"
    broken = Row(row.cells, table.dialect.delimiter.join(cells) + row.ending)
    return Degraded(table.replaced({cell.row: broken}), lost=rest_of_row(table, cell.row, cell.column))
