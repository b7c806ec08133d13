# As its author left it: what is measured is not touched.
# ruff: noqa: B904, B905, BLE001, D101, E501, E731, ICN001, N818, SIM102, SIM105, SIM905, UP031
"""Reads the invoice number, date, count of lines and total of a freight invoice (PDF).

The bug: a page with a /Rotate entry is taken for a scan and refused, though its text reads as well as that of any other page.
"""

import datetime
import io
import logging
import re
import unicodedata
from decimal import Decimal

from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen import canvas

KIND = "wrong refusal"
FORMAT = "pdf"
TRIGGER = "common"
CATEGORIES = ("scan", "format")
FIELDS = ["/invoice", "/date", "/lines", "/total"]
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


class Unreadable(Exception):
    pass


def decode(data):
    """Text of the bytes: byte-order marks, UTF-16/32, UTF-8, Windows-1252; one kind of line end, space, dash, digit."""
    head = data[:400]
    if data[:4] in (b"\xff\xfe\0\0", b"\0\0\xfe\xff"):
        text = data.decode("utf-32", "replace")
    elif data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16", "replace")
    elif head.count(0) * 3 > len(head) > 8:
        text = data.decode("utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("utf-8", "replace")
            if not any(ord(c) > 127 and c != "\ufffd" for c in text):
                text = data.decode("cp1252", "replace")
    if re.search("[\u00c2\u00c3\u00e2]", text):  # UTF-8 that was read as Windows-1252 on its way
        try:
            text = text.encode("cp1252").decode("utf-8")
        except UnicodeError:
            pass
    text = re.sub("\r\n?|[\u2028\u2029\x85\x0b\x0c]", "\n", text)
    text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in unicodedata.normalize("NFKC", text))
    text = re.sub("[\u2010-\u2015\u2212]", "-", re.sub("[\u2018\u2019\u02bc`\u00b4]", "'", text))
    return re.sub("[\u200b-\u200f\u2060\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f]", "", text)


def number(s):
    """A Decimal from any usual notation of a number, or None where it could mean two things."""
    s = re.sub(r"(?i)EUR|USD|CHF|GBP|[\u20ac$\u00a3]", "", s).strip().replace("'", " ")
    m = re.fullmatch(r"([-+(]?)\s*(\d[\d., ]*?)([.,]-{1,2})?\s*([-)]?)", s)
    if not m or (m[1] == "(") != (m[4] == ")") or (m[1] in ("-", "+") and m[4]):
        return None
    body = m[2]
    g = re.fullmatch(r"(\d{1,3}([., ])\d{3}(?:\2\d{3})*)(?:([.,])(\d+))?", body)
    if re.fullmatch(r"\d+", body):
        value = body
    elif g and g[1][0] != "0":
        if g[3] == g[2] or (not g[3] and g[2] != " " and g[1].count(g[2]) == 1):
            return None  # 1.234: a thousand or one and a bit?
        value = re.sub(r"\D", "", g[1]) + "." + (g[4] or "0")
    elif re.fullmatch(r"\d+[.,]\d+", body):
        value = body.replace(",", ".")
    else:
        return None
    return -Decimal(value) if m[1] in ("-", "(") or m[4] == "-" else Decimal(value)


MONTHS = (
    "january januar janvier enero gennaio januari jan|february februar fevrier febrero febbraio februari feb|"
    "march marz mars marzo maart mar maerz|april avril abril aprile apr|may mai mayo maggio mei|"
    "june juni juin junio giugno jun|july juli juillet julio luglio jul|august aout agosto augustus aug|"
    "september septembre septiembre settembre sep sept|october oktober octobre octubre ottobre oct okt|"
    "november novembre noviembre nov|december dezember decembre diciembre dicembre dec dez"
).split("|")


def date(s):
    """yyyy-mm-dd from any usual notation of a date, or None where it could mean two days."""
    s = unicodedata.normalize("NFD", s.lower())
    s = "".join(c for c in s if not unicodedata.combining(c)).strip()
    s = re.sub(r"(?:[t,]\s*|\s+)\d{1,2}:\d\d.*$", "", s).strip()
    s = re.sub(r"^(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so)[a-z]*[.,]*\s+", "", s)
    month = lambda w: next((i + 1 for i, names in enumerate(MONTHS) if w in names.split()), 0)
    y = mo = d = 0
    if m := re.fullmatch(r"(\d{4})([-/. ]?)(\d\d?)\2(\d\d?)", s):
        if not m[2] and len(s) != 8:
            return None
        y, mo, d = int(m[1]), int(m[3]), int(m[4])
    elif m := re.fullmatch(r"(\d\d?)\s*([-/.])\s*(\d\d?)\s*\2\s*(\d{4}|\d\d)", s):
        d, mo, y = int(m[1]), int(m[3]), int(m[4])
        if m[2] != ".":
            if len(m[4]) == 2 or (d <= 12 and mo <= 12 and d != mo):
                return None  # 03/04/2026: March or April?
            if mo > 12:
                d, mo = mo, d
    elif m := re.fullmatch(r"(\d\d?)(?:\.|st|nd|rd|th)?[-\s]*([a-z]+)\.?[-,\s]*(\d{4})", s):
        d, mo, y = int(m[1]), month(m[2]), int(m[3])
    elif m := re.fullmatch(r"([a-z]+)\.?\s*(\d\d?)(?:st|nd|rd|th)?[\s,]+(\d{4})", s):
        d, mo, y = int(m[2]), month(m[1]), int(m[3])
    y += 2000 if y < 100 else 0
    try:
        return datetime.date(y, mo, d).isoformat() if 2000 <= y < 2100 else None
    except ValueError:
        return None


MONEY = r"(-?\d{1,3}(?:[.,' ]\d{3})+[.,]\d\d|-?\d+[.,]\d\d)"


def _lines(data, upright):
    at = data[:4096].find(b"%PDF-")
    if at < 0:
        raise Unreadable("not a PDF")
    try:
        reader = PdfReader(io.BytesIO(data[at:]), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("locked by a password")
        if len(reader.pages) > 50:
            raise Unreadable("too many pages")
        texts = []
        for page in reader.pages:
            if not upright(page):
                raise Unreadable("a page scanned sideways")
            text = decode((page.extract_text() or "").encode("utf-8", "replace")).strip()
            if text and text not in texts:  # the same page scanned twice counts once
                texts.append(text)
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable("damaged PDF: %s" % error)
    return [" ".join(line.split()) for text in texts for line in text.split("\n") if line.strip()]


def _read(data, upright):
    lines = _lines(data, upright)
    found = {"invoice": set(), "date": set(), "total": set()}
    charges = {}
    for line in lines:
        if m := re.fullmatch(
            r"(?i)(?:freight )?(?:invoice|rechnung|facture)(?: no\.?| nr\.?)?\s*:?\s*([A-Z]{1,3}-?\d{4,8})", line
        ):
            found["invoice"].add(m[1].upper())
        elif m := re.fullmatch(r"(?i)(?:invoice date|date|datum)\s*:?\s*(.+)", line):
            found["date"].add(date(m[1]))
        elif m := re.fullmatch(
            r"(?i)(?:total|summe|amount due)(?: EUR| USD)?\s*:?\s*" + MONEY + r"(?: EUR| USD)?", line
        ):
            found["total"].add(number(m[1]))
        elif m := re.fullmatch(r"(\d{1,2})\.? (.*\S) " + MONEY, line):
            if charges.setdefault(int(m[1]), number(m[3])) != number(m[3]):
                raise Unreadable("line %s stands twice" % m[1])
    answer = {key: values.copy().pop() for key, values in found.items() if len(values) == 1 and None not in values}
    total = answer.pop("total", None)
    if (
        total is not None
        and None not in charges.values()
        and sorted(charges) == list(range(1, len(charges) + 1))
        and sum(charges.values()) == total
    ):
        answer["lines"], answer["total"] = len(charges), float(total)
    if not answer:
        raise Unreadable("no freight invoice: no text that can be read")
    return answer


def planted(data):
    return _read(data, lambda page: page.rotation % 360 == 0)


def sound(data):
    return _read(data, lambda page: True)


def _make(number, written, charges, total, words=("Invoice", "Date", "Total EUR"), size=(420, 595), new_page_after=99):
    out = io.BytesIO()
    c = canvas.Canvas(out, pagesize=size, invariant=1)
    y = size[1] - 60
    c.setFont("Helvetica", 11)
    for text in ("North Line Freight", "%s: %s" % (words[0], number), "%s: %s" % (words[1], written)):
        c.drawString(50, y, text)
        y -= 22
    y -= 20
    for i, (what, amount) in enumerate(charges, 1):
        c.drawString(50, y, "%d %s %s" % (i, what, amount))
        y -= 20
        if i == new_page_after:
            c.showPage()
            c.setFont("Helvetica", 11)
            y = size[1] - 60
    c.setFont("Helvetica-Bold", 12)
    c.drawString(50, y - 14, "%s: %s" % (words[2], total))
    c.save()
    return out.getvalue()


def _turned(data, degrees):
    writer = PdfWriter()
    for page in PdfReader(io.BytesIO(data)).pages:
        writer.add_page(page).rotate(degrees)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


_CASES = {
    "invoice-1.pdf": (
        _make(
            "F-104420", "2026-03-14", [("Leeds to Bremen, 3 pallets", "412.00"), ("Fuel surcharge", "38.50")], "450.50"
        ),
        "F-104420",
        "2026-03-14",
        2,
        450.5,
    ),
    "invoice-2.pdf": (
        _make(
            "RF-20093",
            "09.02.2026",
            [("Hamburg nach Wien, 24 t", "1.890,00"), ("Maut", "214,30"), ("Standzeit 2 h", "90,00")],
            "2.194,30",
            ("Rechnung Nr.", "Datum", "Summe"),
        ),
        "RF-20093",
        "2026-02-09",
        3,
        2194.3,
    ),
    "invoice-3.pdf": (
        _make("F-104491", "28 November 2025", [("Parcel run north", "77.25")], "77.25"),
        "F-104491",
        "2025-11-28",
        1,
        77.25,
    ),
    "invoice-4.pdf": (
        _make(
            "X-8800123",
            "January 19, 2026",
            [
                ("Container 40 ft", "2,350.00"),
                ("Harbour dues", "180.00"),
                ("Customs papers", "65.00"),
                ("Discount", "-120.00"),
            ],
            "2,475.00",
            size=(595, 842),
        ),
        "X-8800123",
        "2026-01-19",
        4,
        2475.0,
    ),
    "invoice-5.pdf": (
        _make(
            "F-105007",
            "2026-04-30",
            [
                ("Week 14", "310.00"),
                ("Week 15", "295.50"),
                ("Week 16", "402.75"),
                ("Week 17", "288.00"),
                ("Night rate", "61.90"),
                ("Tail lift", "35.00"),
            ],
            "1,393.15",
            new_page_after=4,
        ),
        "F-105007",
        "2026-04-30",
        6,
        1393.15,
    ),
    "invoice-6.pdf": (
        _make(
            "RF-20178",
            "2026-05-06",
            [
                ("Cold chain Lyon", "640.00"),
                ("Thermo log", "12.00"),
                ("Waiting", "45.00"),
                ("Ferry", "133.40"),
                ("Return of pallets", "28.60"),
            ],
            "859.00",
        ),
        "RF-20178",
        "2026-05-06",
        5,
        859.0,
    ),
}
DOCUMENTS = {
    name: (case[0], dict(zip(("invoice", "date", "lines", "total"), case[1:]))) for name, case in _CASES.items()
}
TRIGGERED_BY = {"invoice-4.pdf": _turned(DOCUMENTS["invoice-4.pdf"][0], 90)}
