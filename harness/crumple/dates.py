"""Dates in whatever notation: numeric, with the month's name in some forty languages, in other calendars.

Names come from CLDR, through Babel; English is looked through first, since most dates need no more. Pure.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from crumple.calendars import BUDDHIST, PERSIAN_MONTHS, of_era, of_persian
from crumple.folding import text
from crumple.places import Span

_LATIN: Final = "de fr es it pt nl pl sv da nb nn fi hu ro cs sk sl ca tr id ms vi et lt lv sq af"
_OTHER: Final = "ru uk bg sr mk el he ar fa ur hi mr bn ta te gu ka hy th am"
_LONGEST: Final = 80

_MIDNIGHT: Final = r"(?:[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-]00:?00)?)?"
_YEAR_FIRST: Final = re.compile(rf"(\d{{4}})([-/.]|\. )(\d{{1,2}})\2(\d{{1,2}})\.?{_MIDNIGHT}")
_YEAR_LAST: Final = re.compile(rf"(\d{{1,2}})([-/]|\. ?)(\d{{1,2}})\2(\d{{4}}|\d\d){_MIDNIGHT}")
_COMPACT: Final = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_NUMBERED: Final = re.compile(
    r"(?P<y1>\d{4}) ?年 ?(?P<m1>\d{1,2}) ?月 ?(?P<d1>\d{1,2}) ?日"
    r"(?: ?\(?[月火水木金土日](?:曜日?)?\)?| ?(?:星期|周)[一二三四五六日])?"
    r"|(?P<y2>\d{4}) ?년 ?(?P<m2>\d{1,2}) ?월 ?(?P<d2>\d{1,2}) ?일(?: ?\(?[월화수목금토일](?:요일)?\)?)?"
    r"|(?:ngày )?(?P<d3>\d{1,2}) (?:tháng|thg) (?P<m3>\d{1,2})(?:,| năm) (?P<y3>\d{4})",
    re.IGNORECASE,
)
_SHORT_YEAR: Final = re.compile(r"'(\d\d)$")
_TOKEN: Final = re.compile(r"\d+|[^\d\s.,/()\-\u060c\u3001]+")
_BETWEEN: Final = (
    "de del of the st nd rd th er re o le el den am on dne dia em an г год года р рік року r roku m d gada թ თ წ "
    "ค ศ พ ที่ วันที่ في به سال م"
)
"""What may stand between the parts of a written date, beside the name of a day."""
_ERA_OF_BUDDHA: Final = (2400, 2700)
_MOST_TOKENS: Final = 9

_NAME: Final = r"(?<![^\W\d_])[^\W\d_][^\s\d,،]{0,20}"
_IN_TEXT: Final = re.compile(
    r"(?=[\d令平昭民])(?:"
    r"(?<![\w./-])\d{1,4}\s?[-./年]\s?\d{1,2}\s?[-./月]\s?\d{1,4}日?|\d{4}\s?년\s?\d{1,2}\s?월\s?\d{1,2}\s?일"
    r"|\d{4}年\d{1,2}月\d{1,2}日|(?:令和|平成|昭和|民國|民国)\s?(?:\d{1,3}|元)\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日"
    r"|(?<![\w./-])(?:\d{1,2}\s{1,3}tháng\s{1,3}\d{1,2}(?:,|\s{1,3}năm)\s{1,3}\d{4}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|º|\.)?\s{{1,3}}(?:de\s{{1,3}})?{_NAME}[,،]?\s{{1,3}}"
    r"(?:(?:del?|พ\.ศ\.|ค\.ศ\.)\s{1,3})?\d{4}"
    rf"|\d{{4}}\.?\s{{1,3}}(?:(?:m\.|gada)\s{{1,3}})?(?:\d{{1,2}}\.\s{{1,3}}{_NAME}|{_NAME}\s{{1,3}}\d{{1,2}})"
    r"|(?P<named_before>\d{1,2}(?:st|nd|rd|th)?,?\s{1,3}\d{4})))"
)
_BEFORE: Final = re.compile(rf"{_NAME}\s{{1,3}}\Z")
_LONGEST_NAME: Final = 24
_GOES_ON: Final = re.compile(r"(?<=[0-9])(?:[A-Za-z0-9/-]|[.:][0-9])")
"""What makes a moment, a version or a number of what looked like a date."""


def dates(value: object) -> tuple[date, ...]:
    """Every date that a value may be, day before month first; () where it is none.

    Year first (ISO), day or month first with "/" or "-" (both readings where both are dates), day first with
    dots, the month's name in some forty languages, 2024年3月5日, 令和6年3月5日, 5 มีนาคม 2567, ۱۵ اسفند ۱۴۰۲. A time
    of day is no part of a date, except midnight. Years of two digits are 1969 to 2068.
    """
    if not isinstance(value, str) or not 6 <= len(value) <= _LONGEST or not any(map(str.isdigit, value)):
        return ()
    found = dict.fromkeys(each for each in _dates(value) if each)
    return tuple(found)


def dates_in(value: str, start: int = 0, end: int | None = None) -> Iterator[tuple[Span, date]]:
    """Every date of running text that has one reading only, with the characters that it takes, in order.

    Args:
        value: the text.
        start: where to begin.
        end: where to stop; None: at the end.
    """
    for span, found in found_in(value, start, end):
        if len(found) == 1 and not _GOES_ON.match(value, span.end):
            yield span, found[0]


def found_in(value: str, start: int = 0, end: int | None = None) -> Iterator[tuple[Span, tuple[date, ...]]]:
    """Every date of running text with all its readings, in order; the arguments are those of `dates_in`."""
    at, end = start, len(value) if end is None else end
    while match := _IN_TEXT.search(value, at, end):
        begins, ends = match.span()
        if match["named_before"] and (named := _BEFORE.search(value, max(start, begins - _LONGEST_NAME), begins)):
            begins = named.start()
        if found := dates(value[begins:ends]):
            yield Span(begins, ends), found
            at = ends
        else:
            # What looked like one may have taken the beginning of the next: "12\nDate: 2024-03-05".
            at = match.start() + 1


@functools.lru_cache(maxsize=4096)
def _dates(value: str) -> tuple[date | None, ...]:
    written = text(value)
    for pattern in (_YEAR_FIRST, _COMPACT):
        if match := pattern.fullmatch(written):
            year, month, day = (part for part in match.groups() if part.isdecimal())
            return (_date(year, month, day),)
    if match := _YEAR_LAST.fullmatch(written):
        return tuple(_year_last(*match.groups()))
    if match := _NUMBERED.fullmatch(written):
        year, month, day = (next(filter(None, match.group(*(part + n for n in "123")))) for part in "ymd")
        return (_date(year, month, day),)
    return (of_era(written) or _named(written),)


def _year_last(first: str, separator: str, second: str, year: str) -> Iterator[date | None]:
    short = len(year) == 2
    if short and separator[0] != "/" and len(first) + len(second) < 4:
        return  # "1.2.24" is a chapter or a version
    day_first = _date(year, second, first)
    yield day_first
    # With dots the month comes first nowhere; it does only where nothing else makes a date.
    if separator[0] != "." or day_first is None:
        yield _date(year, first, second)
    if separator[0] != "." and short:
        yield _date(first, second, year)


def _named(written: str) -> date | None:
    """A date with the month's name: a day and a year of digits, one name of a month, and little beside them."""
    tokens = _TOKEN.findall(text(_SHORT_YEAR.sub(r" \1", written), ignore_case=True))
    if len(tokens) > _MOST_TOKENS:
        return None
    numbers = [token for token in tokens if token.isdecimal()]
    words = [token for token in tokens if not token.isdecimal()]
    months = [token for token in words if _month(token)]
    if len(numbers) != 2 or len(months) != 1 or not all(map(_stands_between, set(words) - set(months))):
        return None
    day, year = sorted(numbers, key=len)
    if len(year) == 2:  # only as in "5-Mar-24"
        if not tokens.index(numbers[0]) < tokens.index(months[0]) < len(tokens) - 1 or tokens[-1] != numbers[1]:
            return None
        day, year = numbers
    elif len(year) != 4 or len(day) > 2:
        return None
    month, language = _month(months[0]) or (0, "")
    if language == "persian":
        return of_persian(int(year), month, int(day))
    if language == "th" and _ERA_OF_BUDDHA[0] <= int(year) <= _ERA_OF_BUDDHA[1]:
        year = str(int(year) - BUDDHIST)
    return _date(year, str(month), day)


@functools.cache
def _between() -> frozenset[str]:
    return frozenset(_BETWEEN.split())


def _stands_between(token: str) -> bool:
    return token in _between() or token in _weekdays(token.isascii())


def _month(name: str) -> tuple[int, str] | None:
    """The number of the month that a token in small letters names, and in which language."""
    name = name.removeprefix("d'")
    if found := _english().get(name):
        return found
    names = _names(name.isascii() or unicodedata.name(name[0], "").startswith("LATIN"))
    # Hebrew sets "in" before the month, as one word.
    return names.get(name) or (names.get(name[1:]) if name[0] == "ב" else None)


@functools.cache
def _english() -> Mapping[str, tuple[int, str]]:
    return _months_of(["en"])


@functools.cache
def _names(latin: bool) -> Mapping[str, tuple[int, str]]:
    found = _months_of((_LATIN if latin else _OTHER).split())
    if latin:
        # As Austrians and as printers in Germany, the Netherlands and Portugal shorten or say them.
        more = "jänner:1 jän:1 feber:2 mrz:3 mrt:3 janv:1 févr:2 fév:2 avr:4 juil:7 déc:12 mär:3 sept:9"
        return {name: (int(number), "de") for name, number in (each.split(":") for each in more.split())} | found
    persian = {_folded(name): (number, "persian") for number, name in enumerate(PERSIAN_MONTHS, 1)}
    return persian | found


def _months_of(languages: Sequence[str]) -> dict[str, tuple[int, str]]:
    from babel import Locale  # heavy, and only where a month is named

    found: dict[str, tuple[int, str]] = {}
    for language in languages:
        months = Locale.parse(language).months
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[form][width].items():
                    key = _folded(name)
                    # Shorter ones are the words of other languages; numbered ones are read otherwise.
                    if len(key) >= 3 - (not key.isascii()) and not re.search(r"[\d\s]", key):
                        found.setdefault(key, (number, language))
    return found


@functools.cache
def _weekdays(ascii_only: bool) -> frozenset[str]:
    from babel import Locale

    found: set[str] = set()
    for language in f"en {_LATIN} {'' if ascii_only else _OTHER}".split():
        days = Locale.parse(language).days
        names = (days[form][width].values() for form in ("format", "stand-alone") for width in ("wide", "abbreviated"))
        found.update(word for each in names for name in each for word in _TOKEN.findall(_folded(name)))
    return frozenset(found) | {"tues", "thurs"}


def _folded(name: str) -> str:
    return text(name, ignore_case=True).rstrip(".").removeprefix("de ").removeprefix("d'")


def _date(year: str, month: str, day: str) -> date | None:
    full = int(year)
    if len(year) <= 2:
        full += 2000 if full < 69 else 1900
    try:
        return date(full, int(month), int(day))
    except ValueError:
        return None
