# As its author left it: what is measured is not touched.
# ruff: noqa: B905, D101, E731, ICN001, N818, SIM105, SIM905, UP031
"""Reads the number, ship date, customer number, packages and gross weight of a delivery note of label: value lines.

The bug: every value is tidied of no-break spaces but the weight, so "1 240,5 kg" set with no-break spaces is refused.
"""

import datetime
import re
import unicodedata
from decimal import Decimal

KIND = "wrong refusal"
FORMAT = "text"
TRIGGER = "one position"
CATEGORIES = ("encoding", "language", "text")
FIELDS = ["/note", "/date", "/customer", "/packages", "/weight_kg"]


class Unreadable(Exception):
    pass


def decode(data):
    """Text of the bytes: byte-order marks, UTF-16/32, UTF-8, Windows-1252; one kind of line end."""
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
    return re.sub("[\x00-\x08\x0e-\x1f\x7f\ufeff]", "", text)


def tidy(text):
    """One kind of space, dash, quote and digit."""
    text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in unicodedata.normalize("NFKC", text))
    text = re.sub("[\u2010-\u2015\u2212]", "-", re.sub("[\u2018\u2019\u02bc`\u00b4]", "'", text))
    return " ".join(re.sub("[\u200b-\u200f\u2060\u00ad]", "", text).split())


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


LABELS = {
    "note": "delivery note|delivery note no|note|lieferschein|lieferscheinnummer|bon de livraison",
    "date": "ship date|date|shipped|versanddatum|datum|date d'expedition",
    "customer": "customer|ship to|kunde|client",
    "packages": "packages|parcels|packstucke|colli|colis",
    "weight": "gross weight|weight|bruttogewicht|gewicht|poids brut|poids",
}
UNIT = {"kg": 1, "g": Decimal("0.001"), "t": 1000, "lb": None, "lbs": None}


def _label(text):
    text = unicodedata.normalize("NFD", tidy(text).lower())
    text = re.sub(r"\s+", " ", re.sub(r"[^a-z' ]", "", text)).strip()
    return next((key for key, names in LABELS.items() if text in names.split("|")), None)


def _weight(text):
    m = re.fullmatch(r"([0-9.,' ]*[0-9]) *([A-Za-z]+)\.?", text)
    value = number(m[1]) if m else None
    if value is None or not UNIT.get(m[2].lower()) or value <= 0 or value.as_tuple().exponent < -3:
        raise Unreadable("no weight can be read in %r" % text[:40])
    return round(float(value * UNIT[m[2].lower()]), 3)


def _read(data, tidy_weight):
    found = {}
    for line in decode(data).split("\n"):
        name, colon, value = re.sub("\uff1a", ":", line).partition(":")
        key = _label(name) if colon else None
        if key:
            found.setdefault(key, set()).add(value.strip(" \t"))
    one = {key: values.pop() for key, values in found.items() if len(values) == 1}
    if "weight" not in one:
        raise Unreadable("no gross weight")
    answer = {"weight_kg": _weight(tidy_weight(one.pop("weight")))}
    one = {key: tidy(value) for key, value in one.items()}
    if re.fullmatch(r"[A-Z]{2}-\d{5}", one.get("note", "").upper()):
        answer["note"] = one["note"].upper()
    if day := date(one.get("date", "")):
        answer["date"] = day
    if m := re.fullmatch(r"(\d{6})(?:\s.*)?", one.get("customer", "")):
        answer["customer"] = m[1]
    if re.fullmatch(r"\d{1,4}", one.get("packages", "")):
        answer["packages"] = int(one["packages"])
    return answer


def planted(data):
    return _read(data, lambda value: value)


def sound(data):
    return _read(data, tidy)


def _doc(text, *values):
    return text.encode(), dict(zip(("note", "date", "customer", "packages", "weight_kg"), values))


DOCUMENTS = {
    "note-1.txt": _doc(
        """Brightwell Tools Ltd
Delivery note: DN-20417
Ship date: 2026-03-14
Customer: 104420 Harbour Street Garage
Packages: 3
Gross weight: 1,240.5 kg
Received in good order, signature
""",
        "DN-20417",
        "2026-03-14",
        "104420",
        3,
        1240.5,
    ),
    "note-2.txt": _doc(
        """Lieferschein: LS-77120
Versanddatum: 09.02.2026
Kunde: 200117 M\u00fcller & S\u00f6hne GmbH
Packst\u00fccke: 12
Bruttogewicht: 385,25 kg
""",
        "LS-77120",
        "2026-02-09",
        "200117",
        12,
        385.25,
    ),
    "note-3.txt": _doc(
        """Ateliers du Nord
Bon de livraison: BL-40933
Date d'exp\u00e9dition: 21 janvier 2026
Client: 087730 Caf\u00e9 de la Gare
Colis: 1
Poids brut: 2 310,5 kg
""",
        "BL-40933",
        "2026-01-21",
        "087730",
        1,
        2310.5,
    ),
    "note-4.txt": _doc(
        """Delivery note: DN-20902
Customer: 104977 Oakfield Primary School
Ship date: 30 November 2025
Gross weight: 7.2 kg
Packages: 2
Remarks: leave at the office
""",
        "DN-20902",
        "2025-11-30",
        "104977",
        2,
        7.2,
    ),
    "note-5.txt": _doc(
        """Alpine Sport AG, Chur
Lieferschein: LS-80011
Datum: 17.12.2025
Kunde: 310052 Bergbahn Davos 2
Packst\u00fccke: 48
Gewicht: 3'075 kg
""",
        "LS-80011",
        "2025-12-17",
        "310052",
        48,
        3075.0,
    ),
    "note-6.txt": _doc(
        """Delivery note: DN-31155
Ship date: May 5, 2026
Customer: 100008 Green & Partners
Packages: 7
Gross weight: 96 kg
Carrier: North Line
""",
        "DN-31155",
        "2026-05-05",
        "100008",
        7,
        96.0,
    ),
}
TRIGGERED_BY = {"note-3.txt": DOCUMENTS["note-3.txt"][0].replace(b"2 310,5 kg", "2\u202f310,5\u00a0kg".encode())}
