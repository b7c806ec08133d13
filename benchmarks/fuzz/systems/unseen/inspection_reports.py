# As its author left it: what is measured is not touched.
# ruff: noqa: B904, BLE001, D101, E501, E731, ICN001, N818, SIM105, SIM905, UP031
"""Reads the report number, date, count of defects and verdict of an inspection report (PDF of one to three pages).

The bug: the heading of a page is taken as the first line of its text, and a page without text (the blank back of a sheet) has none.
"""

import datetime
import io
import logging
import re
import unicodedata

from pypdf import PdfReader
from reportlab.pdfgen import canvas

KIND = "crash"
FORMAT = "pdf"
TRIGGER = "common"
CATEGORIES = ("scan", "corruption", "format", "scope", "combination")
FIELDS = ["/report", "/date", "/defects", "/verdict"]
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


def _pages(data):
    """The text of every page, as far as the file can be opened."""
    at = data[:4096].find(b"%PDF-")
    if at < 0:
        raise Unreadable("not a PDF")
    try:
        reader = PdfReader(io.BytesIO(data[at:]), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("locked by a password")
        if len(reader.pages) > 50:
            raise Unreadable("too many pages")
        return [decode((page.extract_text() or "").encode("utf-8", "replace")) for page in reader.pages]
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable("damaged PDF: %s" % error)


def _heading(line):
    m = re.search(r"(?i)report\s*:?\s*(?:no\.?\s*)?([A-Z]{2}-\d{4,7})\b.*?page\s*(\d+)\s*(?:of|/)\s*(\d+)", line)
    return (m[1].upper(), int(m[2]), int(m[3])) if m else None


def _read(data, first_line):
    numbers, sheets, of = set(), {}, set()
    for text in _pages(data):
        line = first_line(text)
        head = _heading(line) if line is not None else None
        if head is None:
            continue  # a blank or foreign page
        body = [" ".join(line.split()) for line in text.split("\n")]
        if sheets.setdefault(head[1], body) != body:
            raise Unreadable("page %d stands twice, with different text" % head[1])
        numbers.add(head[0])
        of.add(head[2])
    if len(numbers) != 1 or len(of) != 1:
        raise Unreadable("no report, or pages of several")
    answer = {"report": numbers.pop()}
    lines = [line for page in sorted(sheets) for line in sheets[page]]
    days = {date(m[1]) for line in lines if (m := re.match(r"(?i)(?:inspected on|date)\s*:?\s*(.+)", line))}
    if len(days) == 1 and None not in days:
        answer["date"] = days.pop()
    if sorted(sheets) == list(range(1, of.pop() + 1)):
        found = [m[1] for line in lines if (m := re.match(r"(?i)defect\s*(\d+)\s*:", line))]
        verdicts = {
            (m[1].lower(), int(m[2]))
            for line in lines
            if (m := re.match(r"(?i)verdict\s*:?\s*(passed|failed)\W+(\d+) defects?\b", line))
        }
        if len(verdicts) == 1:
            verdict, announced = verdicts.pop()
            answer["verdict"] = verdict
            if sorted(int(n) for n in found) == list(range(1, announced + 1)):
                answer["defects"] = announced
    return answer


def planted(data):
    return _read(data, lambda text: text.strip().splitlines()[0])


def sound(data):
    return _read(data, lambda text: next((line for line in text.split("\n") if _heading(line)), None))


def _make(number, written, pages, verdict, blank_after=0):
    """A report; pages is a list of lists of defects, blank_after the page that is followed by a blank one."""
    out, n = io.BytesIO(), 0
    c = canvas.Canvas(out, pagesize=(420, 595), invariant=1)
    for i, defects in enumerate(pages, 1):
        lines = ["Inspection report %s, page %d of %d" % (number, i, len(pages))]
        lines += ["Inspected on: %s" % written] if i == 1 else []
        for what in defects:
            n += 1
            lines.append("Defect %d: %s" % (n, what))
        lines += ["No further remarks on this page."] + (
            ["Verdict: %s, %d defects" % (verdict, n)] if i == len(pages) else []
        )
        for row, line in enumerate(lines):
            c.setFont("Helvetica-Bold" if row == 0 else "Helvetica", 13 if row == 0 else 11)
            c.drawString(50, 540 - 24 * row, line)
        c.showPage()
        if blank_after == i:
            c.showPage()
    c.save()
    return out.getvalue()


_CASES = {
    "report-1.pdf": ("IR-20417", "2026-03-14", "14 March 2026", [["Handrail loose", "Exit sign dark"]], "failed"),
    "report-2.pdf": ("IR-20418", "2026-03-16", "2026-03-16", [[]], "passed"),
    "report-3.pdf": (
        "LX-9931",
        "2025-11-28",
        "28.11.2025",
        [["Cable worn", "Door closes late", "Buffer cracked"], ["Oil on the rail"]],
        "failed",
    ),
    "report-4.pdf": ("IR-31002", "2026-01-09", "January 9, 2026", [["Lamp cover missing"], [], []], "passed"),
    "report-5.pdf": (
        "BR-100233",
        "2026-05-21",
        "21 May 2026",
        [["Bolt 4 rusted", "Bolt 9 rusted"], ["Bearing dry", "Drain blocked", "Paint flaked"]],
        "passed",
    ),
    "report-6.pdf": (
        "LX-9987",
        "2025-12-02",
        "2 December 2025",
        [["Brake worn", "Rope frayed", "Guide bent", "Pit wet", "Phone dead", "Key missing"]],
        "failed",
    ),
}
DOCUMENTS = {
    name: (
        _make(number, written, pages, verdict),
        {"report": number, "date": day, "defects": sum(map(len, pages)), "verdict": verdict},
    )
    for name, (number, day, written, pages, verdict) in _CASES.items()
}
TRIGGERED_BY = {"report-3.pdf": _make(*[_CASES["report-3.pdf"][i] for i in (0, 2, 3, 4)], blank_after=1)}
