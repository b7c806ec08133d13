"""Calendars that letters are dated in beside the Gregorian one: eras of Japan, Taiwan and Thailand; Iran's.

Only those whose days follow from arithmetic alone; the Islamic calendar's months begin by decree. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

BUDDHIST: Final = 543
"""How many years the Buddhist era is ahead of the Gregorian one."""
_REPUBLIC: Final = 1911
_JAPANESE: Final = (("令和", date(2019, 5, 1)), ("平成", date(1989, 1, 8)), ("昭和", date(1926, 12, 25)))
"""The eras of Japan since 1926 and their first days, the latest first."""

PERSIAN_MONTHS: Final = (
    "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
)  # fmt: skip
_PERSIAN_DIGITS: Final = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_THAI_MONTHS: Final = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip

CALENDARS: Final = ("japanese", "republic", "buddhist", "persian")
"""Era of the reigning emperor, of the Republic of China, of the Buddha; the solar calendar of Iran."""

_ERA: Final = re.compile(
    r"(?P<name>令和|平成|昭和|(?:中華)?民國|(?:中华)?民国) ?"
    r"(?P<year>\d{1,3}|元) ?年 ?(?P<month>\d{1,2}) ?月 ?(?P<day>\d{1,2}) ?日"
)
_PERSIAN_FIRST, _PERSIAN_LAST = 1300, 1498
"""The years in which leap years follow a cycle of 33 years: 1921 to 2120."""


def in_calendar(day: date, calendar: str) -> str:
    """A date written out in another calendar, in that country's script: "令和6年3月5日".

    Args:
        day: in the years 1927 to 2118.
        calendar: one of `CALENDARS`.

    Raises:
        ValueError: it is none of these calendars, or the day is before it began.
    """
    match calendar:
        case "japanese":
            name, first = next(((name, first) for name, first in _JAPANESE if first <= day), ("", day))
            if not name:
                raise ValueError(f"{day} is before the eras that are known")
            year = day.year - first.year + 1
            return f"{name}{year if year > 1 else '元'}年{day.month}月{day.day}日"
        case "republic":
            if day.year <= _REPUBLIC:
                raise ValueError(f"{day} is before the republic")
            return f"民國{day.year - _REPUBLIC}年{day.month}月{day.day}日"
        case "buddhist":
            return f"{day.day} {_THAI_MONTHS[day.month - 1]} พ.ศ. {day.year + BUDDHIST}"
        case "persian":
            year, month, number = persian(day)
            return f"{number} {PERSIAN_MONTHS[month - 1]} {year}".translate(_PERSIAN_DIGITS)
    raise ValueError(f"calendar is one of {', '.join(CALENDARS)}, got {calendar!r}")


def of_era(written: str) -> date | None:
    """The date that is written with the name of a Japanese era or of the Republic of China; digits are ASCII."""
    match = _ERA.fullmatch(written)
    if match is None:
        return None
    year = 1 if match["year"] == "元" else int(match["year"])
    firsts: Mapping[str, date] = dict(_JAPANESE)
    first = firsts.get(match["name"])
    try:
        day = date((first.year - 1 if first else _REPUBLIC) + year, int(match["month"]), int(match["day"]))
    except ValueError:
        return None
    later = [begins for _, begins in _JAPANESE if first and begins > first]
    return None if first and (day < first or any(day >= each for each in later)) else day


def persian(day: date) -> tuple[int, int, int]:
    """Year, month and day of a date in the solar calendar of Iran.

    Raises:
        ValueError: it is outside the years 1300 to 1498 of that calendar.
    """
    year = day.year - 621
    if day < _new_year(year):
        year -= 1
    if not _PERSIAN_FIRST <= year <= _PERSIAN_LAST:
        raise ValueError(f"{day} is not between the years {_PERSIAN_FIRST} and {_PERSIAN_LAST}")
    since = (day - _new_year(year)).days
    month = since // 31 if since < 186 else 6 + (since - 186) // 30
    return year, month + 1, 1 + (since % 31 if since < 186 else (since - 186) % 30)


def of_persian(year: int, month: int, day: int) -> date | None:
    """The date of a day in the solar calendar of Iran; None where there is none, or outside 1300 to 1498."""
    if not (_PERSIAN_FIRST <= year <= _PERSIAN_LAST and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    before = 31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)
    found = _new_year(year) + timedelta(days=before + day - 1)
    return found if persian(found) == (year, month, day) else None


def _new_year(year: int) -> date:
    """The first day of a year of the solar calendar."""
    # Eight leap years in 33, counted from 1300, whose first day was 21 March 1921.
    return date(1921, 3, 21) + timedelta(days=365 * (year - 1300) + _leaps(year) - _leaps(1300))


def _leaps(year: int) -> int:
    """How many leap years there were before a year, give or take a constant."""
    return (8 * year + 21) // 33
