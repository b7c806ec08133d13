# As its author left it: what is measured is not touched.
# ruff: noqa: C901, D101, E501, E731, ICN001, N818, RET503, RUF005, SIM105, SIM905, UP031
"""Reads the account, number of bookings, sum paid out and closing balance of a bank statement (CSV).

The bug: the pattern that checks the quoting of a row has a repeat inside a repeat, so a row with a stray quote (24") hangs.
"""

import datetime
import re
import unicodedata
from decimal import Decimal

KIND = "hang"
FORMAT = "table"
TRIGGER = "common"
CATEGORIES = ("table", "text", "corruption", "encoding")
FIELDS = ["/account", "/bookings", "/paid_out", "/closing"]


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


BACKTRACKING = r'\s*(?:(?:"(?:[^"]|"")*"|[^"%s]+)*\s*(?:%s|$))+$'
CELL = r'(?:[^\S\t]*"(?:[^"]|"")*"[^\S\t]*|[^"%s]*)'
LINEAR = CELL + "(?:%s" + CELL + ")*$"
COLUMNS = {
    "date": "date|booked|booking date|datum|buchungstag",
    "amount": "amount|value|betrag|umsatz|sum",
    "payee": "payee|name|empfanger|counterparty",
    "purpose": "purpose|text|reference|verwendungszweck",
}
LABELS = {
    "opening": "opening balance|anfangssaldo",
    "closing": "closing balance|endsaldo",
    "account": "account|iban|konto",
}


def _name(text, table):
    text = unicodedata.normalize("NFD", text.lower())
    text = " ".join(re.sub(r"[^a-z ]", "", text).split())
    return next((key for key, names in table.items() if text in names.split("|")), None)


def _cells(line, mark):
    """The cells of a row; a quote is a quote only where a cell begins and only if it ends with the cell."""
    cells, at = [], 0
    quoted = re.compile(r'[^\S\t]*"((?:[^"]|"")*)"[^\S\t]*(?=%s|$)' % re.escape(mark))
    while True:
        if m := quoted.match(line, at):
            cells.append(m[1].replace('""', '"').strip())
            at = m.end()
        else:
            end = line.find(mark, at)
            end = len(line) if end < 0 else end
            cells.append(line[at:end].strip())
            at = end
        if at >= len(line):
            return cells
        at += 1


def _iban(text):
    text = re.sub(r"\s", "", text).upper()
    if re.fullmatch(r"[A-Z]{2}\d\d[A-Z0-9]{10,30}", text):
        return text if int("".join(str(int(c, 36)) for c in text[4:] + text[:4])) % 97 == 1 else None


def _read(data, pattern):
    lines = decode(data).split("\n")
    mark = max(";,\t|", key=lambda m: sum(len(_cells(line, m)) >= 4 for line in lines))
    slots = pattern.count("%s")
    row_is_well_quoted = re.compile(pattern % tuple([re.escape(mark)] * slots))
    found, places, bookings, at = {}, None, [], 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if not line.strip():
            continue
        while (
            not row_is_well_quoted.match(line)
            and at < len(lines)
            and places
            and len(_cells(line, mark)) < places["width"]
        ):
            line += " " + lines[at]  # a quoted cell runs over a line end
            at += 1
        cells = _cells(line, mark)
        if label := _name(cells[0], LABELS):
            value = next((c for c in cells[1:] if c), "")
            found.setdefault(label, set()).add(_iban(value) if label == "account" else number(value))
        elif not places:
            names = [_name(c, COLUMNS) for c in cells]
            if all(names.count(key) == 1 for key in ("date", "amount")):
                places = {key: names.index(key) for key in ("date", "amount")} | {"width": len(cells)}
        elif any(cells) and [_name(c, COLUMNS) for c in cells].count("amount") == 0:
            while len(cells) > places["width"] and not cells[-1]:
                cells.pop()
            fits = len(cells) == places["width"]
            bookings.append(number(cells[places["amount"]]) if fits and date(cells[places["date"]]) else None)
    one = {k: next(iter(v)) for k, v in found.items() if len(v) == 1 and None not in v}
    answer = {"account": one["account"]} if "account" in one else {}
    if not places or "closing" not in one:
        raise Unreadable("no bookings or no closing balance")
    if "opening" in one and None not in bookings and one["opening"] + sum(bookings) == one["closing"]:
        answer |= {
            "bookings": len(bookings),
            "closing": float(one["closing"]),
            "paid_out": float(-sum(b for b in bookings if b < 0)),
        }
    if not answer:
        raise Unreadable("the bookings do not add up")
    return answer


def planted(data):
    return _read(data, BACKTRACKING)


def sound(data):
    return _read(data, LINEAR)


def _doc(account, opening, rows, mark=";", german=False, quote=True):
    words = (
        ("Konto", "Anfangssaldo", "Endsaldo", ("Buchungstag", "Empf\u00e4nger", "Verwendungszweck", "Betrag"))
        if german
        else ("Account", "Opening balance", "Closing balance", ("Date", "Payee", "Purpose", "Amount"))
    )
    show = lambda v: ("%.2f" % v).replace(".", "," if german else ".")
    q = lambda s: '"%s"' % s if quote else s
    closing = Decimal(opening) + sum(Decimal(r[3]) for r in rows)
    lines = [words[0] + mark + account, words[1] + mark + show(Decimal(opening)), mark.join(words[3])]
    lines += [mark.join((r[0], q(r[1]), q(r[2]), show(Decimal(r[3])))) for r in rows]
    lines.append(words[2] + mark + show(closing))
    return "\n".join(lines + [""]).encode(), {
        "account": account.replace(" ", ""),
        "bookings": len(rows),
        "closing": float(closing),
        "paid_out": float(-sum(Decimal(r[3]) for r in rows if r[3][0] == "-")),
    }


DOCUMENTS = {
    "bank-1.csv": _doc(
        "DE89 3704 0044 0532 0130 00",
        "1000.00",
        [
            ("2026-03-02", "Miller and Sons Electronics", "Invoice 4711 monitor 24 inch wide", "-189.90"),
            ("2026-03-03", "City Water Works", "Customer 100734 first quarter", "-62.15"),
            ("2026-03-05", "Hartmann Consulting", "Your invoice 2026-014", "850.00"),
        ],
        quote=False,
    ),
    "bank-2.csv": _doc(
        "GB82 WEST 1234 5698 7654 32",
        "-250.40",
        [
            ("2025-12-01", "Northern Rail; season tickets", "Monthly card December Leeds", "-118.00"),
            ("2025-12-19", "Employer payroll department", "Salary December", "2140.55"),
        ],
    ),
    "bank-3.csv": _doc(
        "DE75 5121 0800 1245 1261 99",
        "12480.00",
        [
            ("04.02.2026", "Stadtwerke G\u00f6ttingen", "Abschlag Strom Februar Vertrag 88123", "-74.00"),
            ("06.02.2026", "M\u00f6belhaus Kr\u00fcger", "Rechnung 55120 Schreibtisch", "-429.00"),
            ("11.02.2026", "Finanzamt", "Erstattung Einkommensteuer", "312.77"),
            ("27.02.2026", "Hausverwaltung Lenz", "Miete M\u00e4rz Wohnung 14", "-980.00"),
        ],
        german=True,
        quote=False,
    ),
    "bank-4.csv": _doc(
        "FR14 2004 1010 0505 0001 3M02 606",
        "310.05",
        [("2026-01-15", "Parking Centre Gare de Lyon", "Ticket 0099213 level two", "-24.50")],
        mark=",",
        quote=False,
    ),
    "bank-5.csv": _doc(
        "CH93 0076 2011 6238 5295 7",
        "5600.00",
        [
            ("2026-04-01", "Alpine Insurance Company", "Policy 7781-2 second quarter", "-410.20"),
            ("2026-04-03", "Garage Steiner", "Winter tyre storage and wheel change", "-159.00"),
            ("2026-04-09", "Bookshop am Ring", "Order 20413 eight volumes", "-203.85"),
            ("2026-04-10", "Elena Keller", "Share of the holiday flat", "700.00"),
            ("2026-04-28", "Employer", "Salary April", "6020.30"),
        ],
        mark="\t",
        quote=False,
    ),
    "bank-6.csv": _doc(
        "NL91 ABNA 0417 1643 00",
        "88.00",
        [
            ("2026-05-04", "Bakery on the Corner", "Breakfast for the team meeting", "-36.20"),
            ("2026-05-06", "Hardware Store Jansen", "Pipe 3 inch and fittings for sink", "-51.80"),
            ("2026-05-07", "Jansen refund", "Fittings returned", "12.40"),
        ],
        mark="|",
        quote=False,
    ),
}
TRIGGERED_BY = {"bank-1.csv": DOCUMENTS["bank-1.csv"][0].replace(b"monitor 24 inch wide", b'monitor 24" wide')}
