"""One order written down in every format that text mutators act on, and a plain, strict reader of each."""

from __future__ import annotations

import csv
import datetime as dt
import email
import email.policy
import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping, Sequence
from email.message import EmailMessage
from functools import cache
from html.parser import HTMLParser
from typing import Any

from crumple import Case, Document, identify

HEAD = ("number", "date", "customer", "city", "currency", "total")
ITEM = ("description", "quantity", "unit_price", "amount")
ORDER: Mapping[str, Any] = {
    "number": "RE-2024-0117",
    "date": "2024-03-25",
    "customer": "Müller & Søn",
    "city": "Málaga",
    "currency": "EUR",
    "total": 1371.75,
    "lines": [
        {"description": "Crème brûlée, frozen", "quantity": 12, "unit_price": 3.5, "amount": 42.0},
        {"description": "Oak table", "quantity": 1, "unit_price": 1234.5, "amount": 1234.5},
        {"description": 'Screen 27" wide', "quantity": 1, "unit_price": 95.25, "amount": 95.25},
    ],
}
NAMES = tuple(f"order.{kind}" for kind in ("txt", "md", "csv", "tsv", "json", "jsonl", "xml", "html", "eml"))
OFFICE = ("order.xlsx", "order.docx")
FORM = "order.pdf"
_NOTE = (
    "Dear Zoë, thank you for your order; the café tables will follow by lorry. "
    "Please check the goods on arrival and call us where anything is missing.\n"
    "Our warehouse is closed on Fridays. Kind regards, Łukasz Čapek\n"
)
_LABEL = {name: name.capitalize() for name in HEAD}


@cache
def case(name: str) -> Case:
    """The order as a file of this name; a table leaves out the total, which stands in none of its columns."""
    data = _MADE[name.rpartition(".")[2]]()
    truth = {key: value for key, value in ORDER.items() if key != "total" or name not in _TABLES}
    return Case(name, Document(data, identify(data, name), name), truth)


def read_plainly(document: Document) -> dict[str, Any]:
    """What a strict reader of UTF-8 and of the format makes of a document; values are as they are written."""
    return _READ[document.media_type](document.data)


def _written(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _prose() -> str:
    head = "".join(f"{_LABEL[name]}: {_written(ORDER[name])}\n" for name in HEAD)
    items = "".join("Item: " + " | ".join(_written(line[name]) for name in ITEM) + "\n" for line in ORDER["lines"])
    return f"{head}\n{items}\n{_NOTE}"


def _of_prose(value: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in HEAD:
        match = re.search(rf"^{_LABEL[name]}: (.*)$", value, re.MULTILINE)
        found[name] = match[1].strip() if match else None
    items = re.findall(r"^Item: (.*)$", value, re.MULTILINE)
    found["lines"] = [dict(zip(ITEM, (cell.strip() for cell in item.split("|")), strict=False)) for item in items]
    return found


def _rows() -> list[list[str]]:
    head = [name for name in HEAD if name != "total"]
    rows = [[_written(ORDER[name]) for name in head] + [_written(line[name]) for name in ITEM] for line in _LINES]
    return [[*head, *ITEM], *rows]


def _of_rows(rows: Sequence[Sequence[object]]) -> dict[str, Any]:
    header, *body = [list(row) for row in rows if any(cell not in (None, "") for cell in row)]
    records = [dict(zip(map(str, header), row, strict=False)) for row in body]
    first = records[0] if records else {}
    found: dict[str, Any] = {name: first.get(name) for name in HEAD if name != "total"}
    return {**found, "lines": [{name: record.get(name) for name in ITEM} for record in records]}


def _delimited(delimiter: str) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator="\n").writerows(_rows())
    return buffer.getvalue().encode()


def _of_delimited(delimiter: str) -> Callable[[bytes], dict[str, Any]]:
    def read(data: bytes) -> dict[str, Any]:
        return _of_rows(list(csv.reader(io.StringIO(data.decode(), newline=""), delimiter=delimiter)))

    return read


def _json_lines() -> bytes:
    records = [{**{name: ORDER[name] for name in HEAD if name != "total"}, **line} for line in _LINES]
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def _of_json_lines(data: bytes) -> dict[str, Any]:
    records = [json.loads(line) for line in data.decode().splitlines() if line.strip()]
    found = {name: records[0].get(name) for name in HEAD if name != "total"}
    return {**found, "lines": [{name: record.get(name) for name in ITEM} for record in records]}


def _xml() -> bytes:
    root = ET.Element("order")
    for name in HEAD:
        ET.SubElement(root, name).text = _written(ORDER[name])
    for line in _LINES:
        item = ET.SubElement(root, "line")
        for name in ITEM:
            ET.SubElement(item, name).text = _written(line[name])
    ET.SubElement(root, "note").text = _NOTE
    ET.indent(root)
    body: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'.encode()


def _of_xml(data: bytes) -> dict[str, Any]:
    root = ET.fromstring(data)
    found: dict[str, Any] = {name: root.findtext(name) for name in HEAD}
    return {**found, "lines": [{name: line.findtext(name) for name in ITEM} for line in root.iter("line")]}


def _html() -> bytes:
    def cells(values: Sequence[object], tag: str) -> str:
        return "".join(f"<{tag}>{_escaped(_written(value))}</{tag}>" for value in values)

    head = "\n".join(f"<tr><th>{_LABEL[name]}</th><td>{_escaped(_written(ORDER[name]))}</td></tr>" for name in HEAD)
    items = "\n".join(f"<tr>{cells([line[name] for name in ITEM], 'td')}</tr>" for line in _LINES)
    return (
        '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>Order</title></head>\n<body>\n'
        f"<table>\n{head}\n</table>\n<table>\n<tr>{cells(ITEM, 'th')}</tr>\n{items}\n</table>\n"
        f"<p>{_escaped(_NOTE)}</p>\n</body>\n</html>\n"
    ).encode()


def _escaped(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;")


class _Rows(HTMLParser):
    """The cells of every row of every table."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attributes: object) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
            self.inside = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.rows[-1][-1] += data


def _of_html(data: bytes) -> dict[str, Any]:
    parser = _Rows()
    parser.feed(data.decode())
    parser.close()
    rows = [[cell.strip() for cell in row] for row in parser.rows]
    pairs = {row[0]: row[1] for row in rows if len(row) == 2}
    found: dict[str, Any] = {name: pairs.get(_LABEL[name]) for name in HEAD}
    items = [row for row in rows if len(row) == len(ITEM) and tuple(row) != ITEM]
    return {**found, "lines": [dict(zip(ITEM, row, strict=True)) for row in items]}


def _mail() -> bytes:
    message = EmailMessage()
    message["From"] = "Łukasz Čapek <sales@example.org>"
    message["To"] = "zoe@example.com"
    message["Subject"] = "Your order"
    message["Date"] = "Mon, 25 Mar 2024 10:12:00 +0100"
    message["Message-ID"] = "<1@example.org>"
    message.set_content(_prose(), charset="utf-8", cte="8bit")
    message.add_attachment(b"%PDF-1.4 terms", maintype="application", subtype="pdf", filename="terms.pdf")
    message.set_boundary("=-=order=-=")
    return message.as_bytes(policy=email.policy.SMTP.clone(utf8=False, cte_type="8bit"))


def _of_mail(data: bytes) -> dict[str, Any]:
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    return _of_prose(body.get_content() if body else "")


def _workbook() -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in _rows():
        sheet.append([_typed(cell) for cell in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _typed(cell: str) -> object:
    """A number or a day as a workbook stores it."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
        return dt.date.fromisoformat(cell)
    return float(cell) if re.fullmatch(r"\d+(\.\d+)?", cell) else cell


def _of_workbook(data: bytes) -> dict[str, Any]:
    import openpyxl

    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True).active
    assert sheet is not None
    return _of_rows([[_plain(cell) for cell in row] for row in sheet.iter_rows(values_only=True)])


def _plain(cell: object) -> object:
    return str(cell)[:10] if hasattr(cell, "isoformat") else cell


def _word() -> bytes:
    import docx

    document = docx.Document()
    for line in _prose().split("\n"):
        document.add_paragraph(line)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _of_word(data: bytes) -> dict[str, Any]:
    import docx

    return _of_prose("\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs))


def _form() -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    for place, (name, value) in enumerate(_form_values().items()):
        canvas.drawString(60, 760 - 24 * place, name)
        canvas.acroForm.textfield(name=name, value=_written(value), x=200, y=754 - 24 * place, width=300, height=18)
    canvas.save()
    return buffer.getvalue()


def _form_values() -> dict[str, object]:
    items = {f"lines.{at}.{name}": line[name] for at, line in enumerate(_LINES) for name in ITEM}
    return {name: ORDER[name] for name in HEAD} | items


def _of_form(data: bytes) -> dict[str, Any]:
    import pypdf

    values = pypdf.PdfReader(io.BytesIO(data)).get_form_text_fields(full_qualified_name=True)
    count = sum(f"lines.{at}.{ITEM[0]}" in values for at in range(len(_LINES)))
    items = [{name: values.get(f"lines.{at}.{name}") for name in ITEM} for at in range(count)]
    return {name: values.get(name) for name in HEAD} | {"lines": items}


_LINES = ORDER["lines"]
_TABLES = ("order.csv", "order.tsv", "order.jsonl", "order.xlsx")
_MADE: Mapping[str, Callable[[], bytes]] = {
    "txt": lambda: _prose().encode(),
    "md": lambda: _prose().encode(),
    "csv": lambda: _delimited(","),
    "tsv": lambda: _delimited("\t"),
    "json": (json.dumps(ORDER, ensure_ascii=False, indent=2) + "\n").encode,
    "jsonl": _json_lines,
    "xml": _xml,
    "html": _html,
    "eml": _mail,
    "xlsx": _workbook,
    "docx": _word,
    "pdf": _form,
}
_READ: Mapping[str, Callable[[bytes], dict[str, Any]]] = {
    "text/plain": lambda data: _of_prose(data.decode()),
    "text/markdown": lambda data: _of_prose(data.decode()),
    "text/csv": _of_delimited(","),
    "text/tab-separated-values": _of_delimited("\t"),
    "application/json": json.loads,
    "application/x-ndjson": _of_json_lines,
    "application/xml": _of_xml,
    "text/html": _of_html,
    "message/rfc822": _of_mail,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": _of_workbook,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": _of_word,
    "application/pdf": _of_form,
}
