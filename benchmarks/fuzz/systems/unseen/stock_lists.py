# As its author left it: what is measured is not touched.
# ruff: noqa: B904, C901, D101, N818, PLR1736, SIM105, UP031
"""Reads the rows, units on hand and stock value of a stock list (CSV) with a trailer that counts the rows.

The bug: a quantity is read from its start, so the trailing minus of a backorder ("3-", as SAP exports it) is dropped.
"""

import csv
import re
import unicodedata
from decimal import Decimal

KIND = "silent wrong"
FORMAT = "table"
TRIGGER = "one position"
CATEGORIES = ("table", "form", "language")
FIELDS = ["/rows", "/units", "/value"]


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


COLUMNS = {
    "sku": "sku|article|article no|item|item no|artikel|artikelnummer|ref|reference",
    "on_hand": "on hand|onhand|qty|quantity|stock|bestand|menge|quantite",
    "price": "price|unit price|preis|stuckpreis|prix|prix unitaire",
}
QUANTITY = re.compile(r"\s*([-+(]?\s*\d[\d.,' ]*(?:\s*\))?)")  # units may follow: 12 pcs
QUANTITY_SIGNED = re.compile(r"\s*([-+(]?\s*\d[\d.,' ]*(?:\s*[-)](?!\w))?)")  # ... and a minus: 12- pcs


def _column(text):
    text = unicodedata.normalize("NFD", text.lower())
    text = " ".join(re.sub(r"[^a-z ]", "", re.sub(r"[_.\-\s]+", " ", text)).split())
    return next((key for key, names in COLUMNS.items() if text in names.split("|")), None)


def _table(text):
    for mark in ";,\t|":
        rows = [
            [cell.strip() for cell in row]
            for row in csv.reader(text.split("\n"), delimiter=mark, skipinitialspace=True)
        ]
        for at, row in enumerate(rows):
            places = {_column(cell): i for i, cell in enumerate(row)}
            places.pop(None, None)
            if len(places) == len(COLUMNS) == len([c for c in row if _column(c)]):
                return places, len(row), rows[at], rows[at + 1 :]
    raise Unreadable("no header row with article, quantity and price")


def _read(data, quantity):
    try:
        places, width, header, rows = _table(decode(data))
    except csv.Error as error:
        raise Unreadable(str(error))
    seen, declared, sure_of_prices = {}, None, True
    for row in rows:
        if not any(row) or row == header:  # blank line, header again at a page break
            continue
        if m := re.fullmatch(
            r"(?i)(?:#|end|total|ende|summe|fin)\W*(\d+)\s*(?:rows|lines|zeilen|lignes)?", " ".join(c for c in row if c)
        ):
            declared = int(m[1])
            continue
        while len(row) > width and not row[-1]:
            row.pop()
        if len(row) != width:
            raise Unreadable("a row of %d cells, not %d" % (len(row), width))
        sku, amount, price = (row[places[key]] for key in ("sku", "on_hand", "price"))
        m = quantity.match(amount)
        amount = (
            number(m[1])
            if m and re.fullmatch(r"(?i)\s*(?:-|pcs|pc|stk|st|ea|units?|pieces?)?\.?", amount[m.end() :])
            else None
        )
        cents = bool(re.search(r"[.,]\d\d(?!\d)", price))  # without them a point may have been lost
        price = number(price)
        if not sku or amount is None or price is None or amount != int(amount) or price < 0:
            raise Unreadable("a row that cannot be read: %r" % row)
        sure_of_prices &= cents
        if seen.setdefault(sku, (amount, price)) != (amount, price):
            raise Unreadable("article %s stands twice with different figures" % sku)
    if declared is None or declared != len(seen):
        raise Unreadable("rows are missing: %s announced, %d found" % (declared, len(seen)))
    answer = {"rows": len(seen), "units": int(sum(a for a, _ in seen.values()))}
    if sure_of_prices:
        answer["value"] = float(round(sum(a * p for a, p in seen.values()), 2))
    return answer


def planted(data):
    return _read(data, QUANTITY)


def sound(data):
    return _read(data, QUANTITY_SIGNED)


def _doc(text, rows, units, value):
    return text.encode(), {"rows": rows, "units": units, "value": value}


DOCUMENTS = {
    "stock-1.csv": _doc(
        """sku;description;bin;on_hand;price
A-100;Hinge, brass;R1;40;2.50
A-117;Door handle;R1;-3;14.00
B-020;Screw set;R4;250;0.75
C-330;Lock cylinder;R2;12;31.20
# 4 rows
""",
        4,
        299,
        619.9,
    ),
    "stock-2.csv": _doc(
        """Lagerliste Werk Nord
Artikelnummer;Bezeichnung;Bestand;St\u00fcckpreis
70011;Dichtung 20 mm;1 200;0,15
70012;K\u00fchlmittel 5 l;18;22,90
70019;Filter;-7;8,40
# 3 Zeilen
""",
        3,
        1211,
        533.4,
    ),
    "stock-3.csv": _doc(
        """item,qty,unit price,name
WINE-01,24,11.95,"Red, dry"
WINE-02,6,19.50,"White ""Reserve\"""
WINE-07,60,7.20,Rose
OIL-01,15,9.99,Olive oil
VIN-03,-2,4.10,Vinegar
# 5 rows
""",
        5,
        103,
        977.45,
    ),
    "stock-4.csv": _doc(
        """price|sku|bin|quantity
129.00|BIKE-S|W1|4
139.00|BIKE-M|W1|-1
# 2 rows
""",
        2,
        3,
        377.0,
    ),
    "stock-5.csv": _doc(
        """R\u00e9f\u00e9rence;D\u00e9signation;Quantit\u00e9;Prix unitaire
PL-3;Planche ch\u00eane;35;18,60
PL-4;Planche h\u00eatre;22;15,10
CL-1;Clous 60 mm;900;0,04
CL-2;Clous 80 mm;-50;0,06
VI-9;Vis inox;410;0,11
PE-1;Peinture 1 l;16;12,75
# 6 lignes
""",
        6,
        1333,
        1265.3,
    ),
    "stock-6.csv": _doc(
        """sku\tdescription\ton hand\tprice
TEA-1\tGreen tea\t-12 pcs\t3.40
TEA-2\tBlack tea\t85 pcs\t3.10
CUP-9\tCup white\t48 pcs\t5.25
# 3 rows
""",
        3,
        121,
        474.7,
    ),
}
TRIGGERED_BY = {"stock-1.csv": DOCUMENTS["stock-1.csv"][0].replace(b";-3;", b";3-;")}
