"""What undoes mutators of office files: a reader that takes a workbook and a document as they are shown on a screen."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping

import openpyxl
from lxml import etree, html
from openpyxl.worksheet.worksheet import Worksheet

from crumple import Document, Step

Undo = Callable[[Document, Step], Document]
_STRICT = {
    b"http://purl.oclc.org/ooxml/spreadsheetml/main": b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
    b"http://purl.oclc.org/ooxml/drawingml/main": b"http://schemas.openxmlformats.org/drawingml/2006/main",
}


def workbook(document: Document, step: Step) -> Document:
    """The sheet that is seen and is the largest, its merged cells filled, from A1, in a workbook of its own."""
    book = openpyxl.load_workbook(io.BytesIO(_transitional(document.data)), data_only=True)
    sheets = [each for each in book.worksheets if each.sheet_state == "visible"]
    rows = max((_rows(each) for each in sheets), key=lambda found: sum(map(len, found)))
    new = openpyxl.Workbook()
    sheet = new.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    new.save(file)
    return Document(file.getvalue(), document.media_type, document.name)


def _rows(sheet: Worksheet) -> list[list[object]]:
    for area in list(sheet.merged_cells.ranges):
        value = sheet.cell(area.min_row, area.min_col).value
        sheet.unmerge_cells(area.coord)
        for row, column in area.cells:
            sheet.cell(row, column).value = value
    rows = [list(row) for row in sheet.iter_rows(values_only=True) if any(value is not None for value in row)]
    first = min((at for row in rows for at, value in enumerate(row) if value is not None), default=0)
    return [row[first:] for row in rows]


def without_errors(document: Document, step: Step) -> Document:
    """Likewise; in place of an error what all other rows agree on in its column, where there is any such."""
    plain = workbook(document, step)
    book = openpyxl.load_workbook(io.BytesIO(plain.data))
    sheet = book.active
    assert sheet is not None
    for column in sheet.iter_cols(min_row=2):
        known = {cell.value for cell in column if cell.value is not None and cell.data_type != "e"}
        for cell in column:
            if cell.value is None or cell.data_type == "e":
                cell.value = next(iter(known)) if len(known) == 1 else None
    file = io.BytesIO()
    book.save(file)
    return Document(file.getvalue(), plain.media_type, plain.name)


def with_dates(document: Document, step: Step) -> Document:
    """Likewise; dates that are written as text as days."""
    plain = workbook(document, step)
    book = openpyxl.load_workbook(io.BytesIO(plain.data))
    sheet = book.active
    assert sheet is not None
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            if isinstance(cell.value, str):
                for notation in ("%d.%m.%Y", "%d %B %Y", "%b %d, %Y"):
                    with contextlib.suppress(ValueError):
                        cell.value = dt.datetime.strptime(cell.value, notation).date()
                        break
    file = io.BytesIO()
    book.save(file)
    return Document(file.getvalue(), plain.media_type, plain.name)


def _transitional(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            for strict, transitional in _STRICT.items():
                content = content.replace(strict, transitional)
            new.writestr(name, content)
    return file.getvalue()


def word(document: Document, step: Step) -> Document:
    """The lines of a document as they are shown: changes accepted, boxes and controls opened, headers first."""
    with zipfile.ZipFile(io.BytesIO(document.data)) as archive:
        names = archive.namelist()
        parts = [archive.read(name) for name in names if name.startswith("word/header")]
        parts.append(archive.read("word/document.xml"))
        chunks = [archive.read(name).decode() for name in names if name.endswith(".html")]
    lines = [line for part in parts for line in _blocks(etree.fromstring(part))]
    for chunk in chunks:
        lines += [each.text_content() for each in html.document_fromstring(chunk).iter("p", "td")]
    text = "\n".join(lines) + "\n"
    return Document(text.encode(), "text/plain", "order.txt")


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


_UNSEEN = ("del", "moveFrom", "Fallback", "instrText", "delText", "sectPr")


def _blocks(element: etree._Element) -> Iterator[str]:
    for child in element:
        if _name(child) == "p":
            yield _inline(child)
            yield from (line for box in _boxes(child) for line in _blocks(box))
        elif _name(child) not in _UNSEEN:
            yield from _blocks(child)


def _boxes(element: etree._Element) -> Iterator[etree._Element]:
    for child in element:
        if _name(child) == "txbxContent":
            yield child
        elif _name(child) != "Fallback":
            yield from _boxes(child)


def _inline(element: etree._Element) -> str:
    said = ""
    for child in element:
        name = _name(child)
        if name == "t":
            said += child.text or ""
        elif name in ("tab", "br", "noBreakHyphen"):
            said += {"tab": "\t", "br": "\n", "noBreakHyphen": "-"}[name]
        elif name not in (*_UNSEEN, "pPr", "drawing", "pict") and not any(
            _name(each) == "vanish" for each in child.iter()
        ):
            said += _inline(child)
    return said


UNDO: Mapping[str, Undo] = {
    "format.dates_as_text": with_dates,
    "format.error_values": without_errors,
    "format.formulas_without_values": without_errors,
    **dict.fromkeys(
        (
            "format.cell_comments",
            "format.date_system_1904",
            "format.hidden_columns",
            "format.hidden_rows",
            "format.hidden_sheet",
            "format.leading_blanks",
            "format.merged_cells",
            "format.number_format",
            "format.numbers_as_text",
            "format.other_sheet",
            "format.sheet_protected",
            "format.workbook_writer",
        ),
        workbook,
    ),
    **dict.fromkeys(
        (
            "format.comments",
            "format.content_controls",
            "format.embedded_html",
            "format.footnotes",
            "format.hidden_text",
            "format.hyphen_elements",
            "format.layout_tables",
            "format.letterhead",
            "format.merge_fields",
            "format.split_runs",
            "format.text_boxes",
            "format.tracked_changes",
        ),
        word,
    ),
}
