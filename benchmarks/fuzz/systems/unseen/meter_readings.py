# As its author left it: what is measured is not touched.
# ruff: noqa: B905, D101, E501, FURB167, ICN001, N818, PERF403, RET503, RUF021, SIM105
"""Reads the meter, peak power, energy and number of missing readings of a load profile (JSON).

The bug: readings are laid on a grid of minutes from the first to the last time, and a clock that fell back to 1970 makes it endless.
"""

import datetime
import json
import re
import statistics
import unicodedata
from decimal import Decimal

KIND = "memory"
FORMAT = "record"
TRIGGER = "one position"
CATEGORIES = ("form", "format", "language", "text", "corruption")
FIELDS = ["/meter", "/peak_kw", "/energy_kwh", "/missing"]


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


DAY = 24 * 60


def _load(text):
    text = text[min([i for i in (text.find("{"), text.find("[")) if i >= 0] or [0]) :].strip()
    for attempt in (text, re.sub(r",(\s*[}\]])", r"\1", text)):
        try:
            return json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=lambda c: None).raw_decode(attempt)[
                0
            ]
        except (ValueError, RecursionError):
            pass
    raise Unreadable("not JSON")


def _profile(node, depth=0):
    """The object with the readings, wherever it is nested, its keys in lower case."""
    if isinstance(node, list) and len(node) == 1 or isinstance(node, dict):
        own = {re.sub(r"[^a-z]", "", k.lower()): v for k, v in node.items()} if isinstance(node, dict) else {}
        if isinstance(own.get("readings", own.get("values")), list):
            return own
        found = [
            p
            for v in (node.values() if isinstance(node, dict) else node)
            if depth < 8 and (p := _profile(v, depth + 1))
        ]
        return found[0] if len(found) == 1 else None


def _minute(value):
    """Minutes since 1970 from ISO 8601 or from seconds or milliseconds since 1970."""
    value = str(value).strip()
    if re.fullmatch(r"\d{1,13}", value):
        n = int(value)
        return n // 60000 if n > 10**11 else n // 60
    m = re.fullmatch(
        r"(\d{4}-?\d\d-?\d\d)[T ](\d\d:?\d\d(?::?\d\d(?:[.,]\d+)?)?)\s*(Z|UTC|[+-]\d\d:?\d\d)?", value, re.I
    )
    try:
        at = datetime.datetime.fromisoformat(
            m[1] + "T" + re.sub(r"[.,]\d+", "", m[2]) + (m[3] or "Z").upper().replace("UTC", "Z")
        )
        return int((at - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)).total_seconds()) // 60
    except (TypeError, ValueError, OverflowError):
        return None


def _repair(times, step):
    """Times far from the others are set from their neighbours, or to None."""
    known = [t for t in times if t is not None]
    middle = statistics.median_low(known) if known else 0
    times = [t if t is not None and abs(t - middle) <= 31 * DAY else None for t in times]
    for i in range(1, len(times) - 1):
        a, b = times[i - 1], times[i + 1]
        if times[i] is None and None not in (a, b) and b - a == 2 * step:
            times[i] = a + step
    return times


def _read(data, repair):
    own = _profile(_load(decode(data)))
    if own is None:
        raise Unreadable("no readings")
    step = number(str(own.get("interval", own.get("intervalminutes", ""))))
    readings = own.get("readings", own.get("values"))
    if (
        not readings
        or step is None
        or step != int(step)
        or not 1 <= step <= 60
        or not all(isinstance(r, dict) for r in readings)
    ):
        raise Unreadable("no readings or no interval")
    step = int(step)
    readings = [{re.sub(r"[^a-z]", "", k.lower()): v for k, v in r.items()} for r in readings]
    times = repair([_minute(r.get("time", r.get("timestamp"))) for r in readings], step)
    powers = [number(str(r.get("kw", r.get("power")))) for r in readings]
    answer = {}
    meter = str(own.get("meter", own.get("meterid", ""))).strip().upper()
    if re.fullmatch(r"[A-Z]{1,3}-\d{4,8}", meter):
        answer["meter"] = meter
    sure = None not in powers and all(p >= 0 for p in powers)
    if sure:
        answer["peak_kw"] = float(max(powers))
    sure = sure and None not in times
    pairs = set(zip(times, powers)) if sure else set()  # sent twice: counted once
    if sure and len({t for t, _ in pairs}) == len(pairs):
        grid = {}
        for minute in range(min(times), max(times) + 1):  # one slot a minute, so that any two meters compare
            grid[minute] = None
        for t, p in pairs:
            grid[t] = p
        filled = [p for p in grid.values() if p is not None]
        answer["energy_kwh"] = float(round(sum(filled) * step / 60, 3))
        if (max(times) - min(times)) % step == 0:
            answer["missing"] = (max(times) - min(times)) // step + 1 - len(filled)
    if not answer:
        raise Unreadable("nothing in it is certain")
    return answer


def planted(data):
    return _read(data, lambda times, step: times)


def sound(data):
    return _read(data, _repair)


def _doc(meter, start, step, powers, nested=False, form="iso"):
    begin, readings = datetime.datetime.fromisoformat(start + "+00:00"), []
    for i, p in enumerate(powers):
        at = begin + datetime.timedelta(minutes=i * step)
        if p is not None:
            readings.append(
                {"time": at.strftime("%Y-%m-%dT%H:%M:%SZ") if form == "iso" else int(at.timestamp()), "kw": p}
            )
    body = {"meter": meter, "interval": step, "readings": readings}
    got = [p for p in powers if p is not None]
    right = {
        "meter": meter,
        "peak_kw": float(max(got)),
        "missing": powers.count(None),
        "energy_kwh": float(round(sum(Decimal(str(p)) for p in got) * step / 60, 3)),
    }
    return json.dumps({"version": 2, "profile": body} if nested else body, indent=1).encode(), right


DOCUMENTS = {
    "profile-1.json": _doc("E-44710", "2026-03-01T00:00:00", 15, [1.2, 1.25, 0.9, 0.85, 2.4, 3.1]),
    "profile-2.json": _doc("E-44933", "2026-03-01T12:00:00", 15, [0.4, 0.5, None, 0.6, 5.75, 0.3, 0.2]),
    "profile-3.json": _doc(
        "HX-100234", "2025-12-31T22:00:00", 30, [12.5, None, None, None, 14.0, 13.25, 11.0, 10.5], nested=True
    ),
    "profile-4.json": _doc("E-50077", "2026-01-10T06:00:00", 60, [7, 8, None, None, 9, 21, 6, 5], form="epoch"),
    "profile-5.json": _doc("W-7781", "2026-02-28T23:30:00", 10, [0.05, 0.1, 0.07]),
    "profile-6.json": _doc(
        "HX-100871",
        "2026-05-05T05:05:00",
        5,
        [3.3, None, 3.2, 3.4, 3.9, None, 4.1, 4.05, 3.6],
        nested=True,
        form="epoch",
    ),
}
TRIGGERED_BY = {
    "profile-1.json": DOCUMENTS["profile-1.json"][0].replace(b"2026-03-01T00:30:00Z", b"1970-01-01T00:00:12Z")
}
