"""Small office files, made by the libraries that most of them are made by in Python."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Mapping

import docx
import openpyxl
from docx.document import Document as Word
from openpyxl.styles import Font

from crumple import Document, identify

ORDERS = (
    ("order", "date", "customer", "region", "quantity", "price", "paid"),
    ("0017", dt.date(2024, 3, 5), "Müller & Søn", "North", 3, 12.5, True),
    ("0018", dt.date(2024, 3, 17), "Acme Ltd", "North", 4, 1234.75, False),
    ("0019", dt.date(2024, 4, 1), 'Bolt "B" GmbH', "North", 250, 0.05, True),
    ("0020", dt.date(2024, 4, 30), "Čapek\ts.r.o.", "South", 7, 99.99, True),
    ("0021", dt.date(2024, 5, 31), "Zoë Ltd\nLeeds", "South", 12, 7.0, False),
)
"""One table: a text with leading zeros, dates, text with what delimited files stumble over, numbers, truth values."""
SEEN = [
    ["order", "date", "customer", "region", "quantity", "price", "paid"],
    ["0017", "2024-03-05", "Müller & Søn", "North", "3", "12.5", "TRUE"],
    ["0018", "2024-03-17", "Acme Ltd", "North", "4", "1234.75", "FALSE"],
    ["0019", "2024-04-01", 'Bolt "B" GmbH', "North", "250", "0.05", "TRUE"],
    ["0020", "2024-04-30", "Čapek\ts.r.o.", "South", "7", "99.99", "TRUE"],
    ["0021", "2024-05-31", "Zoë Ltd\nLeeds", "South", "12", "7", "FALSE"],
]
"""Its cells as a reader sees them."""


def workbook(
    rows: tuple[tuple[object, ...], ...] = ORDERS,
    *,
    more: Callable[[openpyxl.Workbook], None] | None = None,
    name: str = "orders.xlsx",
) -> Document:
    """A workbook of one sheet with these rows, a bold header and formats for money; `more` may do anything to it."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Orders"
    for row in rows:
        sheet.append(row)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column in sheet.iter_cols(min_row=2):
        for cell in column:
            if isinstance(cell.value, float):
                cell.number_format = "#,##0.00"
    if more is not None:
        more(book)
    return saved(book, name)


def saved(book: openpyxl.Workbook, name: str = "orders.xlsx") -> Document:
    """A workbook as a document."""
    file = io.BytesIO()
    book.save(file)
    return Document(file.getvalue(), identify(file.getvalue(), name), name)


def letter(*, more: Callable[[Word], None] | None = None, name: str = "letter.docx") -> Document:
    """A letter with a heading, prose in several runs, a table and a footer; `more` may do anything to it."""
    word = docx.Document()
    word.add_heading("Order 4711", level=1)
    greeting = word.add_paragraph("Dear Ms ")
    greeting.add_run("Brontë").bold = True
    greeting.add_run(",")
    word.add_paragraph("please deliver by 17 May 2024; the total is 1,234.50 EUR.")
    table = word.add_table(rows=0, cols=3)
    for row in (("Item", "Quantity", "Price"), ("Bolts", "100", "12.50"), ("Nuts & washers", "250", "8.00")):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    word.add_paragraph("Kind regards\nZoë Núñez")
    word.sections[0].footer.paragraphs[0].text = "Page one"
    if more is not None:
        more(word)
    file = io.BytesIO()
    word.save(file)
    return Document(file.getvalue(), identify(file.getvalue(), name), name)


LETTER = (
    "Order 4711\nDear Ms Brontë,\nplease deliver by 17 May 2024; the total is 1,234.50 EUR.\nItem\tQuantity\tPrice\n"
    "Bolts\t100\t12.50\nNuts & washers\t250\t8.00\nKind regards\nZoë Núñez\nPage one\n"
)
"""Its text as people see it."""


def members(data: bytes) -> Mapping[str, bytes]:
    """The members of an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def repacked(document: Document, changes: Mapping[str, bytes | None]) -> Document:
    """An office file with other contents in some members, without those that are None."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**members(document.data), **changes}.items():
            if content is not None:
                archive.writestr(name, content)
    return Document(file.getvalue(), document.media_type, document.name)
