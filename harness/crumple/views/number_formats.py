"""How a spreadsheet's number is meant: as a date, as digits with leading zeros, or as the number that it is."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

GENERAL: Final = "General"
# Ids below 164 have no format in the file; these are the ones of dates and times (ISO/IEC 29500-1, 18.8.30).
_BUILT_IN_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
DATE, ZEROS = "yyyy-mm-dd", re.compile("0{2,}")
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_LAST_SERIAL = 2_958_465  # 31 December 9999
_DAYS_1904 = 1462


def built_in(number: int) -> str:
    """The format of one of the ids that are in no file, as far as it matters here: a date's, or General."""
    return DATE if number in _BUILT_IN_DATES else GENERAL


def is_date(code: str) -> bool:
    """Whether a number format shows dates or times."""
    if code == GENERAL or "General" in code:
        return False
    bare = _LITERAL.sub("", code.partition(";")[0]).lower()
    return any(letter in bare for letter in "dmyhs")


def as_date(serial: float, *, since_1904: bool) -> str | None:
    """A serial number as an ISO date, with its time where it is not midnight; None where it is outside the calendar."""
    days = serial + _DAYS_1904 * since_1904
    if not 0 <= days <= _LAST_SERIAL + 1:
        return None
    if days < 60:
        days += 1  # before the 29 February 1900, which spreadsheets believe in
    whole = datetime(1899, 12, 30, tzinfo=UTC) + timedelta(days=int(days), seconds=round(days % 1 * 86400))
    if serial < 1 and not since_1904:
        return whole.strftime("%H:%M:%S")
    return whole.strftime("%Y-%m-%d" if (whole.hour, whole.minute, whole.second) == (0, 0, 0) else "%Y-%m-%d %H:%M:%S")


def as_serial(date: str, *, since_1904: bool) -> int | None:
    """The serial number of an ISO date after February 1900; None where it is none."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", date, re.ASCII):
        return None
    try:
        days = (datetime.fromisoformat(date) - datetime(1899, 12, 30)).days
    except ValueError:
        return None
    days -= _DAYS_1904 * since_1904
    return days if days > 60 else None


def as_number(value: float) -> str:
    """A number in plain notation, of the 15 digits that spreadsheets show; what is beyond is a binary fraction's."""
    if abs(value) < 1e15 and value == int(value):
        return str(int(value))
    plain = f"{value:.15g}"
    return plain if "e" not in plain else f"{value:.0f}" if abs(value) >= 1 else f"{value:.17f}".rstrip("0").rstrip(".")
