"""What a text in prose mentions: words, numbers and dates, each by its kind and in any notation. Pure."""

from __future__ import annotations

import bisect
import functools
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from crumple import dates, normalise

_NUMBER: Final = re.compile(r"\d{1,3}(?: \d{3})+(?!\d)(?:[.,]\d+)?|\d[\d.,'\u066b\u066c]*")
_LETTERS_BEFORE: Final = re.compile(r"([^\W\d_]+)-?\Z")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_SIGN: Final = r"[^\W\d_]{1,8}(?![^\W\d_])|[^\w\s.,;:!?'\"+()|/-]"
_UNIT_BEFORE: Final = re.compile(rf"(?<![^\W\d_])({_SIGN})\.? ?-?\Z")
_UNIT_AFTER: Final = re.compile(rf" ?({_SIGN})")
_TIMES: Final = re.compile(
    r"[ -]?(?:(?P<three>thousand|tausend)|(?P<six>millions?|millionen|millones|mio|mn)|"
    r"(?P<nine>billions?|milliarden?|milliards?|miliardi|mrd|bn))(?![^\W_])",
    re.IGNORECASE,
)
_MAYBE_TIMES: Final = re.compile(r"(?:(?P<three>[kK])|(?P<six>M))(?![^\W_])")
_POWERS: Final = {"three": 3, "six": 6, "nine": 9}
_SPELT: Final[Mapping[str, str]] = {
    "dollar": "$", "dollars": "$", "pound": "£", "pounds": "£", "yen": "¥", "franc": "CHF", "francs": "CHF",
    "franken": "CHF", "rupees": "₹", "won": "₩", "rubles": "₽", "roubles": "₽", "zloty": "zł", "percent": "%",
    "prozent": "%",
}  # fmt: skip
_COUNTER: Final = re.compile(r"\d{1,3}[.)] (?=\S)")  # of a numbered list, at the beginning of a line
_EMPHASIS: Final = re.compile(r"[*`]+|(?<![^\W_])_+|_+(?![^\W_])")
_ORDINAL_OF: Final = re.compile(r"(?<=\d)(st|nd|rd|th) of (?=[^\W\d])")
# Written without spaces, so that words have no visible ends.
_UNSPACED: Final = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN")
_REACH: Final = 16  # characters beside a number that say what it is


@dataclass(frozen=True, slots=True)
class Number:
    """A number that a text mentions.

    Attributes:
        readings: what it may mean.
        unit: the currencies that it may be in, or "%"; empty where none is beside it.
        aside: it is a part of a date, a time or a longer number, or it counts the items of a list.
    """

    readings: frozenset[Decimal]
    unit: frozenset[str] = frozenset()
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Mentions:
    """A text in which facts are looked up.

    Attributes:
        words: the text as it compares, in one line and without marks of emphasis.
        numbers: every number in it.
        days: the readings of every date in it.
    """

    words: str
    numbers: tuple[Number, ...] = field(repr=False)
    days: tuple[tuple[date, ...], ...] = field(repr=False)

    def words_of(self, text: str) -> bool:
        """Whether a text, `plain` as this one, is in it as whole words."""
        start = self.words.find(text)
        while start >= 0:
            if _whole(self.words, start, start + len(text)):
                return True
            start = self.words.find(text, start + 1)
        return False


def mentions(text: str, *, ignore_case: bool) -> Mentions:
    """What a text mentions."""
    lines = [_ORDINAL_OF.sub(r"\1 ", plain(line, ignore_case=False)) for line in text.splitlines()]
    return Mentions(
        plain(text, ignore_case=ignore_case),
        tuple(number for line in lines for number in _numbers(line)),
        tuple(readings for line in lines for _, readings in dates.found_in(line)),
    )


def plain(text: str, *, ignore_case: bool) -> str:
    """A text as it compares: `normalise.text`, without marks of emphasis."""
    return normalise.text(_EMPHASIS.sub("", text), ignore_case=ignore_case)


def _whole(text: str, start: int, end: int) -> bool:
    """Whether a stretch of a text begins and ends where words do; 12 is no part of 312, nor of 12.5."""
    if start and not _ends(text[start - 1], text[start]):
        return False
    if end < len(text) and not _ends(text[end - 1], text[end]):
        return False
    marked_before = text[start].isdigit() and text[start - 1 : start] in (".", ",") and text[start - 2 : start - 1]
    marked_after = text[end - 1].isdigit() and text[end : end + 1] in (".", ",") and text[end + 1 : end + 2]
    return not (marked_before or "").isdigit() and not (marked_after or "").isdigit()


def _ends(one: str, other: str) -> bool:
    """Whether a word can end between two characters."""
    return not (one.isalnum() and other.isalnum()) or _is_unspaced(one) or _is_unspaced(other)


def _is_unspaced(character: str) -> bool:
    return not character.isascii() and unicodedata.name(character, "").startswith(_UNSPACED)


def _numbers(line: str) -> list[Number]:
    if not any(map(str.isdigit, line)):
        return []
    days = [span for span, _ in dates.found_in(line)]
    starts = [day.start for day in days]
    counter = _COUNTER.match(line)
    counted = counter.end() if counter else 0
    found: list[Number] = []
    for match in _NUMBER.finditer(line):
        start, body = match.start(), match.group().rstrip(".,'\u066b\u066c")
        end = start + len(body)
        day = bisect.bisect_right(starts, start) - 1
        in_date = day >= 0 and start < days[day].end
        parts = body.split(" ")
        # "12 300" is one number, or two that stand side by side; years alone say something in a date.
        if len(parts) > 1:
            found += [Number(frozenset(normalise.numbers(part)), aside=True) for part in parts]
        if in_date:
            if len(body) == 4:
                found.append(Number(frozenset({Decimal(body)}), aside=True))
        elif number := _number(line, start, end, aside=start < counted):
            found.append(number)
    return found


def _number(line: str, start: int, end: int, *, aside: bool) -> Number | None:
    """The number that stands here; None where the digits are part of a name, such as A17, INV-17 or 17-B."""
    quantity = normalise.quantity(line[start:end])
    before, after = line[max(0, start - _REACH) : start], line[end : end + _REACH]
    if quantity is None or not (_begins(before) and _stops(after)):
        return None
    readings = set(quantity.readings)
    if times := _TIMES.match(after) or _MAYBE_TIMES.match(after):
        power = next(power for name, power in _POWERS.items() if times.groupdict().get(name))
        scaled = {each.scaleb(power) for each in readings}
        readings = scaled if times.re is _TIMES else readings | scaled
    if before[-1:] == "-" and not before[-2:-1].isalnum():
        readings = {-each for each in readings}
    elif before[-1:] == "(" and after[:1] == ")":
        readings |= {-each for each in readings}  # in prose just brackets, in accounts a minus
    unit = _unit(_UNIT_AFTER.match(after)) or _unit(_UNIT_BEFORE.search(before))
    if "%" in unit:
        readings |= {each.scaleb(-2) for each in readings}
    # "100GB" may be an amount and may be a name.
    named = after[:2].isupper() and after[:2].isalpha() and not unit
    beside = (before[-1:] in ("/", ":") and before[-2:-1].isdigit()) or (
        after[:1] in ("/", ":") and after[1:2].isdigit()
    )
    return Number(frozenset(readings), unit, aside or beside or named)


def _begins(before: str) -> bool:
    if before[-1:] in ("/", "_") and before[-2:-1].isalpha():
        return False
    letters = _LETTERS_BEFORE.search(before)
    return letters is None or bool(_units(letters[1]))


def _stops(after: str) -> bool:
    """Whether a number ends here: "12kg", "5th", "3k", "100GB" and "12-EUR" are numbers, "17B" and "17-B" are names."""
    joined = after[:1] in ("-", "/", "_")
    letters = _LETTERS.match(after, int(joined))
    if letters is None or not letters.group().isupper() or _units(letters.group()):
        return True
    return not joined and (len(letters.group()) > 1 or _MAYBE_TIMES.match(after) is not None)


def _unit(match: re.Match[str] | None) -> frozenset[str]:
    return _units(match[1]) if match else frozenset()


@functools.lru_cache(maxsize=1024)
def _units(token: str) -> frozenset[str]:
    """The currencies that a word or sign stands for; none where it is none."""
    found = normalise.quantity(f"1 {_SPELT.get(token.lower(), token)}")
    return found.unit if found else frozenset()
