"""Small documents of every media type that is read, for mutators to be tried on."""

from __future__ import annotations

import base64
import io
import json
import time
import zipfile
from collections.abc import Mapping
from functools import cache
from typing import Any

from crumple.document import Document
from crumple.views.format import identify
from crumple.views.office_files import word_of, workbook_of

_LETTER = (
    "Invoice 2024-0117\r\nMüller & Søn, Málaga\r\nDate: 5 March 2024\r\nTotal: 1,234.50 EUR\r\n\r\nDear Zoë,\r\n"
    "please pay by 31.03.2024. Thank you for your order; café crème (12 pieces) will follow.\r\nYours, Łukasz Čapek\r\n"
) * 4
_ROWS = "".join(
    f"INV-{n},2024-03-{n:02d},Crème n° {n},{n},{n * 1.25:.2f},{n * 1000 + 234.5:.2f}\n" for n in range(1, 29)
)
_TABLE = f"number,date,description,quantity,unit price,amount\n{_ROWS}"
_RECORD = {
    "number": "INV-7",
    "date": "2024-03-05",
    "supplier": {"name": "Müller & Søn", "city": "Málaga", "country": "Spain"},
    "customer": {"name": "Zoë Čapek", "city": "Łódź", "phone": "+48 42 123 45 67"},
    "currency": "EUR",
    "lines": [{"description": "Crème", "quantity": 3, "unit_price": 12.5, "amount": 37.5}],
    "total": 1234.5,
    "note": "please deliver on Tuesday morning",
    "paid": False,
}

OF_SEVERAL_PAGES = ("a.tiff", "a.pdf")


@cache
def samples() -> tuple[Document, ...]:
    """Small documents of every media type that is read, for mutators to act on."""
    record = json.dumps(_RECORD, ensure_ascii=False, indent=1)
    html = f'<!doctype html><html lang="en"><meta charset="utf-8"><p>{_LETTER}</p></html>'
    xml = f'<?xml version="1.0" encoding="UTF-8"?>\n<invoice><note>{_LETTER.replace("&", "&amp;")}</note></invoice>\n'
    mail = f"From: a@example.org\r\nTo: b@example.org\r\nSubject: Invoice\r\nMIME-Version: 1.0\r\n\r\n{_LETTER}"
    texts = {
        "a.txt": _LETTER,
        "a.md": _LETTER,
        "a.csv": _TABLE,
        "a.json": record,
        "a.html": html,
        "a.xml": xml,
        "a.eml": mail,
        "a.jsonl": "".join(json.dumps(_RECORD | {"number": f"INV-{n}"}, ensure_ascii=False) + "\n" for n in range(20)),
    }
    texts["a.tsv"] = _TABLE.replace(",", "\t")
    data = {name: text.encode() for name, text in texts.items()} | _pictures()
    data["a.xlsx"] = workbook_of([line.split(",") for line in _TABLE.splitlines()])
    data |= {"a.docx": word_of(_LETTER.splitlines()), "form.pdf": _form()}
    data["a.zip"] = _zipped({name: data[name] for name in ("a.csv", "a.txt", "a.pdf")})
    data["with.eml"] = _mail_with({name: data[name] for name in ("a.csv", "a.png", "a.zip")})
    return tuple(Document(each, identify(each, name), name) for name, each in data.items())


def _pictures() -> dict[str, bytes]:
    from PIL import Image, ImageDraw  # heavy, and only for this check

    pages = []
    for number in (1, 2, 3):
        page = Image.new("L", (420, 594), 252)  # A4 at 50 dpi
        draw = ImageDraw.Draw(page)
        for line, text in enumerate(_LETTER.encode("ascii", "ignore").decode().splitlines()[:24]):
            draw.text((40, 40 + 20 * line), f"{number} {text}", fill=20)
        draw.rectangle((40, 540, 380, 560), fill=90)
        pages.append(page)

    def saved(kind: str, *images: Image.Image, **how: Any) -> bytes:
        buffer = io.BytesIO()
        more = {"save_all": True, "append_images": images[1:]} if len(images) > 1 else {}
        images[0].save(buffer, kind, **more, **how)
        return buffer.getvalue()

    dpi, noon = (50, 50), time.gmtime(0)
    return {
        "a.png": saved("PNG", pages[0].convert("RGB"), dpi=dpi),
        "a.jpg": saved("JPEG", pages[0], dpi=dpi),
        "a.tiff": saved("TIFF", *pages, dpi=dpi),
        "a.pdf": saved("PDF", *pages, resolution=50, creationDate=noon, modDate=noon),
    }


def _zipped(members: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _mail_with(attachments: Mapping[str, bytes]) -> bytes:
    head = "From: a@example.org\r\nTo: b@example.org\r\nSubject: Invoice\r\nMIME-Version: 1.0\r\n"
    line = "\r\n--=-=-=\r\n"
    parts = [f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{_LETTER}"]
    for name, data in attachments.items():
        written = base64.encodebytes(data).decode().replace("\n", "\r\n")
        parts.append(
            f'Content-Type: {identify(data, name)}\r\nContent-Disposition: attachment; filename="{name}"\r\n'
            f"Content-Transfer-Encoding: base64\r\n\r\n{written}"
        )
    body = f'Content-Type: multipart/mixed; boundary="=-=-="\r\n{line}{line.join(parts)}\r\n--=-=-=--\r\n'
    return (head + body).encode()


def _form() -> bytes:
    from reportlab.pdfgen.canvas import Canvas  # heavy, and only for this check

    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(420, 594), invariant=1)
    values = {name: value for name, value in _RECORD.items() if isinstance(value, (str, int, float))}
    for row, (name, value) in enumerate(values.items()):
        y = 540 - 40 * row
        canvas.drawString(40, y + 4, name)
        if isinstance(value, bool):
            canvas.acroForm.checkbox(name=name, checked=value, x=160, y=y, size=14)
        else:
            text = str(value).encode("latin-1", "ignore").decode("latin-1")
            canvas.acroForm.textfield(name=name, value=text, x=160, y=y, width=200, height=18)
    for row, line in enumerate(_LETTER.encode("ascii", "ignore").decode().splitlines()[:12]):
        canvas.drawString(40, 190 - 14 * row, line)
    canvas.save()
    return buffer.getvalue()
