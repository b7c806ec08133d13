"""How the rows of a delimited file are written: delimiter, quotes, line endings, and telling them from a sample."""

from __future__ import annotations

import functools
import itertools
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import AnyStr

DELIMITERS = ",;\t|"
LINE = re.compile(r"[^\r\n]*+(?:\r\n|\r|\n)|[^\r\n]++\Z")
_QUOTED = re.compile(r'(?:(?<=[,;\t|\r\n])|\A)"(?:[^"]++|"")*+"')
_SNIFFED = 65536
_SNIFFED_ROWS = 50


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table is written.

    Attributes:
        delimiter: between cells.
        quote: around a cell that holds a delimiter, a quote or a line break; doubled inside.
        terminator: after each row.
    """

    delimiter: str = ","
    quote: str = '"'
    terminator: str = "\n"

    def cell(self, value: str, *, quoted: bool = False) -> str:
        """A cell as it is written; quoted where it must be, or where it was."""
        if quoted or self.quote in value or self.delimiter in value or "\n" in value or "\r" in value:
            return f"{self.quote}{value.replace(self.quote, self.quote * 2)}{self.quote}"
        return value

    def row(self, cells: Iterable[str], *, ending: str | None = None) -> Row:
        """A row written in this dialect, ended by its terminator or by another ending."""
        values = tuple(cells)
        return Row(
            values, self.delimiter.join(map(self.cell, values)) + (self.terminator if ending is None else ending)
        )

    def read(self, raw: str) -> Row:
        """The row that is written so, its line ending included."""
        body = raw.rstrip("\r\n")
        if self.quote not in body:
            return Row(tuple(body.split(self.delimiter)) if body else (), raw)
        quote = self.quote
        cells = tuple([self.unquoted(each) if each.startswith(quote) else each for each in self.written(body)])
        return Row(cells if cells != ("",) else (), raw)

    def written(self, raw: str) -> list[str]:
        """The cells of one row as they are written, quotes included; one empty cell for a blank row."""
        body = raw.rstrip("\r\n")
        if self.quote not in body:
            return body.split(self.delimiter)
        # With a delimiter behind the last cell every cell has one.
        return cells_pattern(self.delimiter, self.quote).findall(body + self.delimiter)

    def changed(self, row: Row, new: Iterable[tuple[int, str]]) -> Row:
        """A row with other values in some columns; a cell that was quoted stays so, and every other one as it is.

        Raises:
            IndexError: it does not have the column.
        """
        raw, cells = row.raw, list(row.cells) or [""]
        body = raw.rstrip("\r\n")
        plain = self.quote not in body
        written = cells.copy() if plain else self.written(body)
        if len(written) != len(cells):  # of a sheet, what is written means nothing
            written = [self.cell(value) for value in cells]
        for column, value in new:
            written[column] = self.cell(value, quoted=not plain and written[column].startswith(self.quote))
            cells[column] = value
        return Row(tuple(cells), self.delimiter.join(written) + raw[len(body) :])

    def unquoted(self, cell: str) -> str:
        """The value of a cell as it is written."""
        if not cell.startswith(self.quote) or len(cell) == 1:
            return cell
        end = cell.rfind(self.quote)
        if end == 0:
            return cell
        return cell[1:end].replace(self.quote * 2, self.quote) + cell[end + 1 :]


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        cells: the values, unquoted.
        raw: the characters in the file, the line ending included. What is written is this.
    """

    cells: tuple[str, ...]
    raw: str

    @property
    def ending(self) -> str:
        """The line ending; "" where a last row has none."""
        return self.raw[len(self.raw.rstrip("\r\n")) :]


@functools.lru_cache(maxsize=64)
def cells_pattern(delimiter: str, quote: str) -> re.Pattern[str]:
    """Cells as they are written, each with a delimiter behind it.

    One whose quote is never closed is plain, and its quote a character like any other.
    """
    return re.compile(f"({_cell(delimiter, quote)}){re.escape(delimiter)}")


@functools.lru_cache(maxsize=64)
def row_pattern(delimiter: bytes, quote: bytes) -> re.Pattern[bytes]:
    """A row as it is written, its line ending included."""
    cell = _cell(delimiter, quote)
    return re.compile(rb"(?:%b%b)*+%b(?:\r\n|\r|\n|\Z)" % (cell, re.escape(delimiter), cell))


def _cell(delimiter: AnyStr, quote: AnyStr) -> AnyStr:
    # Atomic and possessive throughout: no backtracking, so no quadratic time and no stack of choices to go back to.
    between, mark = re.escape(delimiter), re.escape(quote)
    if isinstance(between, str) and isinstance(mark, str):
        plain = rf"[^{between}\r\n]*+" if len(delimiter) == 1 else rf"(?:(?!{between})[^\r\n])*+"
        return rf"(?>{mark}(?:[^{mark}]++|{mark}{mark})*+{mark}{plain}|{plain})"
    assert isinstance(between, bytes)
    assert isinstance(mark, bytes)
    plain = rb"[^%b\r\n]*+" % between if len(delimiter) == 1 else rb"(?:(?!%b)[^\r\n])*+" % between
    return rb"(?>%b(?:[^%b]++|%b%b)*+%b%b|%b)" % (mark, mark, mark, mark, mark, plain, plain)


def dialect_of(value: str) -> Dialect:
    """The dialect that explains the beginning of a table best."""
    first = LINE.search(value)
    terminator = "\n" if first is None else first.group()[len(first.group().rstrip("\r\n")) :] or "\n"
    best, most = Dialect(terminator=terminator), (0.0, 0)
    sample = value[:_SNIFFED]
    if best.quote in sample:
        sample = _QUOTED.sub('""', sample)
    found = (line.group().rstrip("\r\n") for line in itertools.islice(LINE.finditer(sample), _SNIFFED_ROWS))
    lines = [line for line in found if line]
    for delimiter in DELIMITERS:
        if not lines or delimiter not in sample:
            continue
        widths = [line.count(delimiter) + 1 for line in lines]
        width, agreeing = Counter(widths).most_common(1)[0]
        if width > 1 and (agreeing / len(widths), width) > most:
            best, most = Dialect(delimiter, terminator=terminator), (agreeing / len(widths), width)
    return best
