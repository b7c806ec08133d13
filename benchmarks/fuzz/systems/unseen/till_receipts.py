# As its author left it: what is measured is not touched.
# ruff: noqa: C901, D101, E731, ICN001, N818, PLW2901, SIM105, SIM905
"""Reads the number, date, count of items and total of a till receipt printed as text.

The bug: it skips empty lines but not lines of spaces alone, and takes the first word of those (IndexError).
"""

import datetime
import re
import unicodedata
from decimal import Decimal

KIND = "crash"
FORMAT = "text"
TRIGGER = "common"
CATEGORIES = ("encoding", "text", "truncation", "corruption", "format")
FIELDS = ["/receipt", "/date", "/items", "/total"]


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


MONEY = re.compile(
    r"(-?\d{1,3}(?:[.,']\d{3})+[.,]\d\d-?|-?\d+[.,]\d\d-?)\s*(?:EUR|GBP|USD|CHF|[\u20ac$\u00a3])?(?:\s+[A-E*])?$"
)
TOTAL = {"total", "sum", "summe", "gesamt", "totale", "totaal", "importe"}
PAID = {"cash", "card", "bar", "karte", "contanti", "especes", "carte", "gegeben"}
CHANGE = {"change", "ruckgeld", "rendu", "resto", "zuruck"}


def _plain(word):
    word = unicodedata.normalize("NFD", word.lower())
    return re.sub(r"[^a-z]", "", word)


def _read(data, skip):
    text = decode(data)
    receipt, day, items, totals, paid, change = set(), set(), [], set(), set(), set()
    for line in text.split("\n"):
        if skip(line):
            continue
        word = _plain(line.split()[0])
        line = line.strip()
        if m := re.match(r"(?i)(?:receipt|bon|beleg|ticket|scontrino)\b\D{0,8}?(\d{6})(?!\d)", line):
            receipt.add(m[1])
            continue
        if m := re.match(r"(?i)(?:date|datum|data)\s*[:.]?\s*(.+)", line):
            day.add(date(m[1]))
            continue
        money = MONEY.search(line)
        value = money and number(money[1])
        if word in TOTAL:
            totals.add(value)
        elif word in PAID:
            paid.add(value)
        elif word in CHANGE:
            change.add(value)
        elif value is not None and not totals:
            items.append(value)
    answer = {}
    if len(receipt) == 1:
        answer["receipt"] = receipt.pop()
    if len(day) == 1 and None not in day:
        answer["date"] = day.pop()
    if len(totals) == 1 and None not in totals:
        total = totals.pop()
        if sum(items) == total:  # the items add up: sure of both
            answer["items"], answer["total"] = len(items), float(total)
        elif len(paid) == len(change) == 1 and None not in paid | change and paid.pop() - change.pop() == total:
            answer["total"] = float(total)
    if not answer:
        raise Unreadable("no till receipt")
    return answer


def planted(data):
    return _read(data, lambda line: line == "")


def sound(data):
    return _read(data, lambda line: not line.strip())


DOCUMENTS = {
    "receipt-1.txt": (
        b"""CORNER MARKET
Mill Lane 4, Bristol

Receipt 004711    Till 2
Date: 2026-03-14 18:05

Milk 1L          2 x 1.15      2.30
Bread                          1.80
Apples 1.25kg                  3.11

TOTAL GBP                      7.21
CASH                          10.00
CHANGE                         2.79
""",
        {"receipt": "004711", "date": "2026-03-14", "items": 3, "total": 7.21},
    ),
    "receipt-2.txt": (
        """B\u00e4ckerei Huber
Marktplatz 1, Passau

Beleg 083920
Datum: 02.11.2025

Semmel           6 x 0,45      2,70
Laugenbrezel     2 x 1,10      2,20

Summe EUR                      4,90
Bar                            5,00
R\u00fcckgeld                       0,10
""".encode(),
        {"receipt": "083920", "date": "2025-11-02", "items": 2, "total": 4.9},
    ),
    "receipt-3.txt": (
        b"""OFFICE DEPOT NORTH
Receipt 120077
Date: 28 January 2026

Desk lamp                     49.90
Paper A4         5 x 4.25     21.25
Chair Solid                1,149.00
Voucher                      -20.00
Cable 2m                       6.35

TOTAL USD                  1,206.50
CARD                       1,206.50
CHANGE                         0.00

Thank you for your visit
""",
        {"receipt": "120077", "date": "2026-01-28", "items": 5, "total": 1206.5},
    ),
    "receipt-4.txt": (
        """\u00c9PICERIE DU PORT

Ticket 005512
Date: 19/12/2025 09:41

Caf\u00e9 moulu                    5,60

TOTAL EUR                      5,60
Esp\u00e8ces                       6,00
Rendu                          0,40
""".encode(),
        {"receipt": "005512", "date": "2025-12-19", "items": 1, "total": 5.6},
    ),
    "receipt-5.txt": (
        b"""FARMACIA ROSSI

Scontrino 310045
Data: 07.05.2026

Aspirina                       8,20
Cerotti                        3,95
Crema mani       2 x 6,40     12,80
Spazzolino                     2,49

TOTALE EUR                    27,44
Contanti                      30,00
Resto                          2,56

Grazie
""",
        {"receipt": "310045", "date": "2026-05-07", "items": 4, "total": 27.44},
    ),
    "receipt-6.txt": (
        b"""CINEMA ODEON

Receipt 007003
Date: March 31, 2026

Ticket adult row F            11.50 A
Ticket child row F             8.00 A
Popcorn large                  6.75 B
Soda             2 x 3.10      6.20 B
Parking                        4.00 A
3D glasses       2 x 1.00      2.00 A

TOTAL EUR                     38.45
CARD                          38.45
CHANGE                         0.00
""",
        {"receipt": "007003", "date": "2026-03-31", "items": 6, "total": 38.45},
    ),
}
TRIGGERED_BY = {"receipt-1.txt": DOCUMENTS["receipt-1.txt"][0].replace(b"3.11\n\n", b"3.11\n" + b" " * 32 + b"\n")}
