"""Looking one value up: as text, as a number and as a date, among cells or in running text, in any notation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal

from crumple import dates, normalise
from crumple.places import Place, Span
from crumple.truth import AnyOf, Edit, Json

_NUMBER = re.compile(r"[-+(]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?\)?-?|[-+(]?\d[\d.,'’\u066b\u066c]*\)?-?")
_JOINS = ("-", "_", "/")
"""What parts of a code are joined by, where no space stands beside it."""
SHORT = 3
"""A value of fewer characters may stand anywhere by chance: that it also stands elsewhere proves nothing."""


def is_short(value: Json) -> bool:
    """Whether a value may stand anywhere by chance: 1.0 is no longer than 1."""
    plain = int(value) if isinstance(value, float) and value.is_integer() else value
    return len(str(plain)) < SHORT


Occurrence = tuple[Place, ...]
"""Where a value stands once; several places where it is made of several words on a page."""


class Index:
    """Places by what stands there: as text in small letters, as a number, as a date."""

    def __init__(self, placed: Iterable[tuple[Place, Json]]) -> None:
        """Read every value once."""
        self._by: dict[object, list[Place]] = {}
        for place, value in placed:
            for kind in kinds(value):
                self._by.setdefault(kind, []).append(place)

    def find(self, value: Json) -> tuple[Occurrence, ...]:
        """Where a value stands; where it is nowhere by itself, where it is a part of a text."""
        found = dict.fromkeys(place for kind in kinds(value) for place in self._by.get(kind, ()))
        if not found and isinstance(value, str) and len(value) >= SHORT:
            part = normalise.text(value).casefold()
            found = dict.fromkeys(
                place
                for whole, places in self._by.items()
                if isinstance(whole, str) and part in whole
                for place in places
            )
        return tuple((place,) for place in found)


def kinds(value: Json) -> list[object]:
    """What a value is looked up as: its text in small letters, the numbers and the dates that it may be."""
    if isinstance(value, AnyOf):
        options = (option for option in value.options if not isinstance(option, Edit))
        return list(dict.fromkeys(kind for option in options for kind in kinds(option)))
    if isinstance(value, bool):
        return [str(value).lower()]
    if isinstance(value, (int, float)):
        return [Decimal(repr(value)).normalize()]
    if not isinstance(value, str):
        return []
    written = normalise.text(value)
    return [written.casefold(), *normalise.numbers(written), *normalise.dates(written)] if written else []


def occurrences(value: Json, text: str) -> tuple[Span, ...]:
    """Where a value stands in running text, in any notation; words for true and false are not looked for."""
    if isinstance(value, AnyOf):
        options = (option for option in value.options if not isinstance(option, Edit))
        return tuple(dict.fromkeys(span for option in options for span in occurrences(option, text)))
    if value is None or isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ()
    wanted = kinds(value)
    found: dict[Span, None] = {}
    if isinstance(value, str) and value.strip():
        forms = {value, unicodedata.normalize("NFC", value), unicodedata.normalize("NFKC", value)}
        pattern = "|".join(r"\s+".join(map(re.escape, form.split())) for form in sorted(forms))
        spans = [Span(*match.span()) for match in re.finditer(pattern, text, re.IGNORECASE)]
        found.update(dict.fromkeys([each for each in spans if not _in_longer(text, each)] or spans))
    if any(isinstance(kind, Decimal) for kind in wanted):
        for match in _NUMBER.finditer(text):
            written = match.group().rstrip(".,'’")
            if any(number in wanted for number in normalise.numbers(written)):
                found[Span(match.start(), match.start() + len(written))] = None
    if any(not isinstance(kind, (str, Decimal)) for kind in wanted):
        found.update((span, None) for span, days in dates.found_in(text) if any(day in wanted for day in days))
    return tuple(found)


def _in_longer(text: str, span: Span) -> bool:
    """Whether a text is a part of a longer word, number or code: the 100 of 2100, the M-10 of M-10-01."""
    begins, ends = _goes_on(text[span.start]), _goes_on(text[span.end - 1])
    before, after = text[max(0, span.start - 2) : span.start], text[span.end : span.end + 2]
    if (begins and _goes_on(before[-1:])) or (ends and _goes_on(after[:1])):
        return True
    if _in_number(text, span):
        return True
    # "Meyer" is a name in "Meyer-Schmidt" too; what has digits is a code.
    if not any(character.isdigit() for character in text[span.start : span.end]):
        return False
    joined_before = begins and before[-1:] in _JOINS and _goes_on(before[:1])
    return joined_before or (ends and after[:1] in _JOINS and _goes_on(after[1:]))


def _goes_on(character: str) -> bool:
    """Whether a word may go on with a character; scripts without capitals often put no space between words."""
    return character.isdigit() or character.lower() != character.upper()


def _in_number(text: str, span: Span) -> bool:
    """Whether a text is a part of a longer number: the 100 of 2100, or of 100.00."""
    begins, ends = text[span.start].isdigit(), text[span.end - 1].isdigit()
    before, after = text[max(0, span.start - 2) : span.start], text[span.end : span.end + 2]
    digits = (begins and before[-1:].isdigit()) or (ends and after[:1].isdigit())
    marked = (begins and before[-1:] in (".", ",") and before[:1].isdigit()) or (
        ends and after[:1] in (".", ",") and after[1:].isdigit()
    )
    return digits or marked
