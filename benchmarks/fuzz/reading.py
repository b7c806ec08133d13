"""What the sound twins share: texts in whatever encoding, and numbers that leave no doubt."""

from __future__ import annotations

import codecs
import csv
import re
import unicodedata
from decimal import Decimal, InvalidOperation

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\x00-\x08\x0e-\x1f\x7f]")
_DIGITS = re.compile("(?![0-9])\\d")
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_ONE_MARK = re.compile(r"(\d+)([.,])(\d{1,2})")
_GROUPED = re.compile(r"(\d{1,3}(?:([., '\u2019])\d{3})(?:\2\d{3})*)([.,])(\d{1,2})")


def decoded(data: bytes) -> str:
    """The characters of a text: by its mark, as UTF-8, by its zero bytes, else as Windows wrote it."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if text and "\0" not in text[:200]:
        return text
    for encoding in ("utf-16-le", "utf-16-be"):
        if data[:400].count(0) > len(data[:400]) // 4:
            text = data.decode(encoding, "replace")
            if text[:40].isascii():
                return text
    return data.decode("cp1252", "replace")


def tidy(text: str) -> str:
    """With one kind of line end, space, dash and digit, and nothing that cannot be seen."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\x85", "\n")
    text = _INVISIBLE.sub("", text)
    if text.isascii():
        return text
    text = _DASHES.sub("-", unicodedata.normalize("NFKC", text))
    return _DIGITS.sub(lambda found: str(unicodedata.digit(found.group())), text)


def cells(text: str, delimiter: str = ",") -> list[list[str]]:
    """The rows of a table that are not empty, without spaces around their cells."""
    csv.field_size_limit(1 << 30)
    rows = ([cell.strip() for cell in row] for row in csv.reader(text.split("\n"), delimiter=delimiter))
    return [row for row in rows if any(row)]


def number(text: str) -> Decimal | None:
    """An amount in any notation that leaves no doubt; None where there is one."""
    text = " ".join(text.split())
    grouped = _GROUPED.fullmatch(text)
    if grouped:
        if grouped[2] == grouped[3]:
            return None
        return Decimal(re.sub(r"\D", "", grouped[1]) + "." + grouped[4])
    single = _ONE_MARK.fullmatch(text)
    if single:
        return Decimal(f"{single[1]}.{single[3]}")
    try:
        return Decimal(text) if text.isdecimal() else None
    except InvalidOperation:
        return None


def labelled(text: str, *labels: str) -> list[str]:
    """What stands behind a label at the beginning of a line, in the order of the lines."""
    names = "|".join(map(re.escape, labels))
    return [found[1].strip() for found in re.finditer(rf"(?im)^[ \t>*#|]*(?:{names})[ \t]*:[ \t]*(.+)$", text)]


def only(values: list[str]) -> str | None:
    """The value where all agree; None where there is none, or several."""
    return values[0] if len(set(values)) == 1 else None
