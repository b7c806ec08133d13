"""Workbooks: the cells of a spreadsheet file as a reader sees them, and the bytes that each is written in."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crumple.errors import Unreadable
from crumple.views.markup import Element, tree
from crumple.views.number_formats import GENERAL, built_in
from crumple.views.package import Package
from crumple.views.sheet_rows import RowReader, SheetCell, SheetRow, as_index, string_of

_ROWS = re.compile(rb"<(?:\w+:)?sheetData\b[^>]*>")
MOST_CELLS = 2_000_000
"""Of the rectangle that holds all values: one value in the last corner of a sheet makes one of 17 thousand million."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet of a workbook that holds its table.

    Attributes:
        part: the name of the part that it is written in.
        xml: that part.
        rows: those that are in the file, rising.
        top, left: the first row and column that hold a value, from 0.
        height, width: of the rectangle that holds all values.
        since_1904: whether dates are counted from 1904.
    """

    part: str
    xml: bytes
    rows: tuple[SheetRow, ...]
    top: int
    left: int
    height: int
    width: int
    since_1904: bool

    @classmethod
    def of(cls, package: Package) -> Sheet:
        """The first visible sheet with a table: of two rows and two columns; else the first that holds anything.

        Raises:
            Unreadable: no sheet holds a value, or the workbook cannot be read.
        """
        return _of(package.data) if not package.changed else _table_of(package)

    @classmethod
    def every(cls, package: Package) -> tuple[Sheet, ...]:
        """Every worksheet, those that are hidden or empty too, in the order of their tabs.

        Raises:
            Unreadable: the workbook cannot be read.
        """
        return tuple(_sheets(package, entries(package)))

    def frame(self, package: Package) -> Element:
        """The elements around its rows as they are in a package, in which it may have changed; no row is among them.

        Raises:
            Unreadable: it cannot be read.
        """
        return frame(package.part(self.part))

    def cells(self) -> dict[tuple[int, int], SheetCell]:
        """The cells that hold a value by (row, column), from the first row and column that do."""
        return {
            (cell.row - self.top, cell.column - self.left): cell
            for row in self.rows
            for cell in row.cells
            if cell.kind != "blank"
        }

    def grid(self) -> list[list[str]]:
        """What a reader sees, row by row from the first that holds a value; [] for a blank row."""
        rows: list[list[str]] = [[] for _ in range(self.height)]
        for (row, column), cell in self.cells().items():
            rows[row] = rows[row] or [""] * self.width
            rows[row][column] = cell.value
        return rows


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """What a workbook says of one of its sheets.

    Attributes:
        name: on its tab.
        part: the part that it is written in.
        visible: whether it has a tab.
    """

    name: str
    part: str
    visible: bool


def entries(package: Package) -> tuple[SheetEntry, ...]:
    """The worksheets of a workbook in the order of their tabs; those that are charts are left out.

    Raises:
        Unreadable: the workbook cannot be read.
    """
    book = package.main()
    parts = {each.id: each.target for each in package.relations(book) if each.kind == "worksheet"}
    return tuple(
        SheetEntry(each.attributes.get("name", ""), part, each.attributes.get("state", "visible") == "visible")
        for each in package.tree(book).all("sheet")
        if (part := parts.get(each.attributes.get("id", ""), "")) in package.names
    )


def frame(xml: bytes) -> Element:
    """The elements of a sheet around its rows, in the places that they have with them: rows may be a million.

    Raises:
        Unreadable: it is no sheet.
    """
    start = _ROWS.search(xml)
    end = xml.rfind(b"</", 0, max(0, xml.rfind(b"sheetData>")))
    if start is None or end < start.end():
        return tree(xml)
    return tree(xml[: start.end()] + b" " * (end - start.end()) + xml[end:])


@functools.lru_cache(maxsize=2)
def _of(data: bytes) -> Sheet:
    return _table_of(Package.opened(data))


def _table_of(package: Package) -> Sheet:
    found = entries(package)
    first: Sheet | None = None
    for sheet in _sheets(package, [entry for entry in found if entry.visible] or found):
        if sheet.height > 1 and sheet.width > 1:
            return sheet
        first = first or (sheet if sheet.height else None)
    if first is None:
        raise Unreadable("no sheet of it holds a value")
    return first


def _sheets(package: Package, wanted: Sequence[SheetEntry]) -> Iterator[Sheet]:
    book = package.tree(package.main())
    since_1904 = any(each.attributes.get("date1904") in ("1", "true") for each in book.all("workbookPr"))
    strings, styles = _strings(package), _styles(package)
    for each in wanted:
        yield _read(each.part, package.part(each.part), strings, styles, since_1904=since_1904)


def _strings(package: Package) -> list[str]:
    """The strings that cells refer to by number; phonetic readings left out."""
    part = package.related(package.main(), "sharedStrings")
    if part is None:
        return []
    return [string_of(item) for item in package.tree(part).children if item.name == "si"]


def _styles(package: Package) -> list[str]:
    """The number format of each style."""
    part = package.related(package.main(), "styles")
    if part is None:
        return []
    root = package.tree(part)
    codes = {
        each.attributes.get("numFmtId", ""): each.attributes.get("formatCode", GENERAL)
        for own in root.children
        if own.name == "numFmts"
        for each in own.children
    }
    cells = root.first("cellXfs")
    ids = [each.attributes.get("numFmtId", "0") for each in cells.children if each.name == "xf"] if cells else []
    return [codes[each] if each in codes else built_in(as_index(each) or 0) for each in ids]


def _read(part: str, xml: bytes, strings: Sequence[str], styles: Sequence[str], *, since_1904: bool) -> Sheet:
    rows = RowReader(xml, strings, styles, since_1904=since_1904).read()
    filled = [cell for row in rows for cell in row.cells if cell.kind != "blank"]
    if not filled:
        return Sheet(part, xml, tuple(rows), 0, 0, 0, 0, since_1904)
    top, left = min(cell.row for cell in filled), min(cell.column for cell in filled)
    height = max(cell.row for cell in filled) - top + 1
    width = max(cell.column for cell in filled) - left + 1
    if height * width > MOST_CELLS:
        raise Unreadable(f"its sheet spans {height:,} rows and {width:,} columns, over {MOST_CELLS:,} cells")
    return Sheet(part, xml, tuple(rows), top, left, height, width, since_1904)
