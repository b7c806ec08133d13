# As its author left it: what is measured is not touched.
# ruff: noqa: B904, D101, E501, E731, FURB167, ICN001, N818, RUF005, SIM105, SIM905, UP031
"""Reads the number, date, count of parcels, total weight and remark of a parcel manifest (XML).

The bug: a manifest without a <remark> is allowed for, one with an empty <remark/> is not (its text is None, AttributeError).
"""

import datetime
import html
import re
import unicodedata
from decimal import Decimal
from xml.etree import ElementTree

KIND = "crash"
FORMAT = "record"
TRIGGER = "one position"
CATEGORIES = ("format", "form")
FIELDS = ["/number", "/date", "/parcels", "/weight_kg"]


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


NAMES = {
    "number": "number manifestnumber manifestno id no",
    "date": "date shipdate manifestdate",
    "parcel": "parcel package item",
    "weight": "weight grossweight kg",
    "total": "totalweight weighttotal",
    "remark": "remark remarks note comment",
}
UNIT = {"kg": Decimal(1), "": Decimal(1), "g": Decimal("0.001"), "kilogram": Decimal(1)}


def _name(tag):
    tag = re.sub(r"[^a-z]", "", tag.rpartition("}")[2].rpartition(":")[2].lower())
    return next((key for key, names in NAMES.items() if tag in names.split()), tag)


def _tree(data):
    text = decode(data)
    text = re.sub(r"<\?xml.*?\?>", "", text[max(text.find("<"), 0) : text.rfind(">") + 1], count=1, flags=re.S)
    if re.search(r"<!(?:DOCTYPE|ENTITY)", text, re.I):
        raise Unreadable("a document type is not read")
    text = re.sub(
        r"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)(\w+;)?",
        lambda m: html.unescape(m[0]) if m[1] and html.unescape(m[0]) != m[0] else "&amp;" + (m[1] or ""),
        text,
    )
    try:
        return ElementTree.fromstring(text.strip())
    except (ElementTree.ParseError, ValueError) as error:
        raise Unreadable("not well-formed: %s" % error)


def _all(node, name):
    return [child for child in node.iter() if _name(child.tag) == name]


def _values(node, name):
    """What the node says under a name, as its attribute or as its child."""
    said = [v for k, v in node.attrib.items() if _name(k) == name]
    return said + ["".join(c.itertext()) or c.get("value", "") for c in node if _name(c.tag) == name]


def _kg(node, name):
    values, units = _values(node, name), [c.get("unit", "") for c in node if _name(c.tag) == name]
    m = re.fullmatch(r"\s*([\d.,' ]+?)\s*([A-Za-z]*)\s*", values[0]) if len(values) == 1 else None
    value = number(m[1]) if m else None
    unit = (m[2] or "".join(units)).lower() if m else ""
    return value * UNIT[unit] if value is not None and unit in UNIT else None


def _read(data, remark_text):
    root = _tree(data)
    top = next(
        (node for node in root.iter() if any(_name(c.tag) == "number" for c in node) or _values(node, "total")), None
    )
    parcels = _all(root, "parcel")
    if top is None or not parcels:
        raise Unreadable("no manifest with parcels")
    answer = {}
    numbers = {re.sub(r"\s", "", v).upper() for v in _values(top, "number")}
    if len(numbers) == 1 and re.fullmatch(r"[A-Z]{1,3}-?\d{4,8}", n := numbers.pop()):
        answer["number"] = n
    days = {date(v.strip()) for v in _values(top, "date")}
    if len(days) == 1 and None not in days:
        answer["date"] = days.pop()
    weights, total = [_kg(p, "weight") for p in parcels], _kg(top, "total")
    if total is not None and None not in weights and sum(weights) == total:
        answer["parcels"], answer["weight_kg"] = len(parcels), float(total)
    remarks = [c for c in top if _name(c.tag) == "remark"]
    if len(remarks) == 1 and (text := remark_text(remarks[0])):
        answer["remark"] = " ".join(text.split())
    if not answer:
        raise Unreadable("nothing in it is certain")
    return answer


def planted(data):
    return _read(data, lambda node: node.text.strip())


def sound(data):
    return _read(data, lambda node: (node.text or "").strip())


def _doc(number, day, weights, remark=None, head='<?xml version="1.0" encoding="UTF-8"?>\n', show="%s", written=None):
    lines = ["<manifest>", "  <number>%s</number>" % number, "  <date>%s</date>" % (written or day)]
    for i, (who, w) in enumerate(weights, 1):
        lines += [
            "  <parcel>",
            "    <label>%s-%02d</label>" % (number, i),
            "    <recipient>%s</recipient>" % who,
            '    <weight unit="kg">%s</weight>' % (show % w),
            "  </parcel>",
        ]
    total = sum(Decimal(w) for _, w in weights)
    lines += ['  <totalWeight unit="kg">%s</totalWeight>' % (show % total)]
    lines += ["  <remark>%s</remark>" % remark] if remark else []
    right = {"number": number, "date": day, "parcels": len(weights), "weight_kg": float(total)}
    return (head + "\n".join(lines + ["</manifest>", ""])).encode(), right | (
        {"remark": html.unescape(remark)} if remark else {}
    )


DOCUMENTS = {
    "manifest-1.xml": _doc(
        "M-10442",
        "2026-03-14",
        [("Anna Lindqvist", "2.5"), ("J. Okafor", "0.75"), ("Garage Steiner", "12.0")],
        "Deliver before noon",
    ),
    "manifest-2.xml": _doc(
        "M-10450", "2026-03-16", [("B\u00e4ckerei Huber", "4.2"), ("Caf\u00e9 de la Gare", "1.1")], written="16.03.2026"
    ),
    "manifest-3.xml": _doc("EX-200871", "2025-12-01", [("Hill &amp; Sons", "31.5")], "Ring twice &amp; wait"),
    "manifest-4.xml": _doc(
        "M-10477",
        "2026-04-02",
        [("P. Moreau", "3.3"), ("L. Rossi", "3.3"), ("K. Novak", "8.25"), ("T. Ito", "0.5")],
        "Fragile",
        head="",
    ),
    "manifest-5.xml": _doc(
        "EX-200903",
        "2026-01-20",
        [
            ("Northern Rail", "18.0"),
            ("City Water Works", "22.4"),
            ("Oakfield School", "7.9"),
            ("Harbour Garage", "15.05"),
            ("Cinema Odeon", "2.15"),
        ],
        "Back door, code at reception",
    ),
    "manifest-6.xml": _doc("M-11002", "2026-05-30", [("E. Keller", "5.45"), ("M. Dubois", "6.1")]),
}
TRIGGERED_BY = {
    "manifest-2.xml": DOCUMENTS["manifest-2.xml"][0].replace(b"</totalWeight>\n", b"</totalWeight>\n  <remark/>\n")
}
