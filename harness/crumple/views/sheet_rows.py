"""Rows of a spreadsheet: their cells as a reader sees them, and the bytes that each is written in."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crumple.errors import Unreadable
from crumple.views import markup
from crumple.views.markup import Element, local, plain, tag_end
from crumple.views.number_formats import ZEROS, as_date, as_number, is_date

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)
_CONTROL = re.compile("_x((?![Dd][89A-Fa-f])[0-9A-Fa-f]{4})_")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384


@dataclass(frozen=True, slots=True)
class SheetCell:
    """One cell that is in the file.

    Attributes:
        row, column: from 0, in the sheet.
        kind: "number", "date", "text", "boolean", "error"; "blank" where it holds nothing.
        value: as a reader sees it: numbers plain, dates ISO, TRUE and FALSE.
        written: what the file holds: "45356" for a date.
        style: the index of its style.
        formula: whether the value is a formula's.
        start, end: its bytes in the sheet.
    """

    row: int
    column: int
    kind: str
    value: str
    written: str
    style: int
    formula: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row that is in the file.

    Attributes:
        number: from 0, in the sheet.
        start, opened, closed, end: its bytes in the sheet, as an `Element`'s.
        cells: in the order of the file.
    """

    number: int
    start: int
    opened: int
    closed: int
    end: int
    cells: tuple[SheetCell, ...]


def column_name(column: int) -> str:
    """The letters of a column counted from 0: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(65 + letter) + name
    return name


def place(reference: str) -> tuple[int, int] | None:
    """Row and column, from 0, of a reference such as "B7"; None where it is none."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    row = int(match[2])
    return (row - 1, column - 1) if row <= _LAST_ROW and column <= _LAST_COLUMN else None


def string_of(item: Element) -> str:
    """The text of a string that may be made of runs; phonetic readings left out."""
    if item.name == "t":
        return unescaped(item.text)
    return "".join(string_of(each) for each in item.children if each.name in ("t", "r"))


def unescaped(text: str) -> str:
    """A string of a workbook with _x000D_ as the character that it stands for."""
    return _CONTROL.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def as_index(written: str) -> int | None:
    """A number from 0 as it stands in an attribute; None where it is none."""
    return int(written) if len(written) < 9 and written.isascii() and written.isdecimal() else None


class RowReader:
    """Reads the rows of one sheet without a tree of them, which would take ten times the memory."""

    def __init__(self, xml: bytes, strings: Sequence[str], styles: Sequence[str], *, since_1904: bool) -> None:
        self._xml, self._strings, self._styles, self._since_1904 = xml, strings, styles, since_1904
        self.rows: list[SheetRow] = []
        self._dates = [is_date(each) for each in styles]
        self._row = self._column = -1
        self._row_at = self._row_opened = self._at = self._opened = 0
        self._cells: list[SheetCell] = []
        self._attributes: Mapping[str, str] = {}
        self._inside = False
        self._value: list[str] = []
        self._formula = False
        self._phonetic = 0
        self._text = False
        self._parser = markup.parser()
        self._parser.StartElementHandler = self._starts
        self._parser.EndElementHandler = self._ends
        self._parser.CharacterDataHandler = self._says

    def read(self) -> list[SheetRow]:
        """The rows, in the order of the file.

        Raises:
            Unreadable: the XML is damaged, or its rows are not in order.
        """
        markup.parsed(self._parser, self._xml)
        numbers = [row.number for row in self.rows]
        if any(one >= other for one, other in itertools.pairwise(numbers)):
            raise Unreadable("the rows of its sheet are not in order")
        return self.rows

    def _starts(self, name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        if name == "row":
            number = as_index(attributes.get("r", ""))
            self._row = number - 1 if number is not None and 0 < number <= _LAST_ROW else self._row + 1
            self._column, self._cells = -1, []
            self._row_at = self._parser.CurrentByteIndex
            self._row_opened = tag_end(self._xml, self._row_at)
        elif name == "c" and not self._inside:
            self._inside, self._at, self._attributes = True, self._parser.CurrentByteIndex, plain(attributes)
            self._opened = tag_end(self._xml, self._at)
            self._value, self._formula = [], False
            found = place(self._attributes.get("r", ""))
            self._column = found[1] if found else self._column + 1
        elif self._inside:
            self._formula = self._formula or name == "f"
            self._phonetic += name == "rPh"
            self._text = name in ("v", "t") and not self._phonetic

    def _ends(self, name: str) -> None:
        name = local(name)
        if name == "c" and self._inside:
            self._inside = False
            self._cells.append(self._cell(markup.closing(self._xml, self._opened, self._parser.CurrentByteIndex)[1]))
        elif name == "row":
            closed, end = markup.closing(self._xml, self._row_opened, self._parser.CurrentByteIndex)
            self.rows.append(SheetRow(self._row, self._row_at, self._row_opened, closed, end, tuple(self._cells)))
        elif self._inside:
            self._phonetic -= name == "rPh"
            self._text = False

    def _says(self, text: str) -> None:
        if self._inside and self._text:
            self._value.append(text)

    def _cell(self, end: int) -> SheetCell:
        written, style = "".join(self._value), self._attributes.get("s", "0")
        number = as_index(style) or 0
        kind, value = self._meant(self._attributes.get("t", "n"), written, number)
        return SheetCell(self._row, self._column, kind, value, written, number, self._formula, self._at, end)

    def _meant(self, kind: str, written: str, style: int) -> tuple[str, str]:
        if not written:
            return "blank", ""
        if kind == "s":
            number = as_index(written.strip())
            found = self._strings[number] if number is not None and number < len(self._strings) else ""
            return ("text" if found else "blank"), found
        if kind in ("str", "inlineStr"):
            return "text", unescaped(written)
        if kind == "b":
            return "boolean", "TRUE" if written.strip() in ("1", "true") else "FALSE"
        if kind == "e":
            return "error", written
        if kind == "d":
            return "date", written.removesuffix("T00:00:00").replace("T", " ")
        return self._number(written, style)

    def _number(self, written: str, style: int) -> tuple[str, str]:
        try:
            value = float(written)
        except ValueError:
            return "error", written
        if not math.isfinite(value):
            return "error", written
        if style < len(self._dates) and self._dates[style]:
            date = as_date(value, since_1904=self._since_1904)
            if date is not None:
                return "date", date
        plainly = as_number(value)
        if style < len(self._styles) and ZEROS.fullmatch(self._styles[style]) and plainly.isdecimal():
            return "number", plainly.zfill(len(self._styles[style]))
        return "number", plainly
