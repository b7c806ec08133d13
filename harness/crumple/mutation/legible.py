"""What can still be read where a value stood: the characters that are there now, and what they say. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Decimal

from crumple import normalise
from crumple.places import Span
from crumple.truth import AnyOf, Edit, Json

_NEAR = 12  # characters of the surroundings that are looked at
_ALIKE = 0.5
_CUT = 2  # characters that no slip takes from a value's end
_MARKS = "\ufffd".encode().decode("latin-1")  # as it looks where it was read in a wrong encoding
_QUOTES = "\"'"
_INNER = re.compile(r"[\d.,'’ \u00a0\u202f]*")
_EDGE = re.compile(r"^[^\d-]+|\D+$")


def now_at(was: str, now: str, span: Span) -> list[str]:
    """What stands where `span` of one short text stood, once damage has made another text of it.

    Where damage has put characters beside the place they may belong to it or not: both are named. [] where the
    surroundings are no longer what they were, so that nobody can tell.
    """
    from rapidfuzz.distance import Levenshtein  # slow to import, and only a wrong answer asks for it

    edits = Levenshtein.opcodes(was, now)
    starts, ends = ([*_boundaries(edits, at)] for at in (span.start, span.end))
    if not starts or not ends:
        return []
    before = was[max(0, span.start - _NEAR) : span.start], now[max(0, min(starts) - _NEAR) : min(starts)]
    behind = was[span.end : span.end + _NEAR], now[max(ends) : max(ends) + _NEAR]
    if any(one and Levenshtein.normalized_similarity(one, other) < _ALIKE for one, other in (before, behind)):
        return []
    found = {now[start:end]: None for start in (max(starts), min(starts)) for end in (min(ends), max(ends))}
    start, end = min(starts), max(ends)
    if not was[: span.start][-1:].isalnum():
        while start and now[start - 1].isalnum():
            start -= 1
    if not was[span.end :][:1].isalnum():
        while end < len(now) and now[end].isalnum():
            end += 1
    return list(found | {now[start:end]: None})


def _boundaries(edits: object, at: int) -> Iterator[int]:
    """Where the place before a character is now: on either side of what was put in there."""
    for each in edits:  # type: ignore[attr-defined]  # rapidfuzz's opcodes
        if each.src_start <= at <= each.src_end:
            if each.tag in ("equal", "replace"):
                yield each.dest_start + at - each.src_start
            else:
                yield from (each.dest_start, each.dest_end)


def is_legible(was: str, now: str) -> bool:
    """Whether a value is one that somebody reads, and much like what stood there; not cut off, and not the same."""
    if now.strip(_QUOTES) == was or not any(map(str.isalnum, now)):
        return False
    if _MARKS in now or any(each == "\ufffd" or unicodedata.category(each)[0] == "C" for each in now):
        return False
    before, after = "".join(was.split()), "".join(now.split())
    if before.startswith(after) and len(before) - len(after) >= _CUT:
        return False
    return _near(was, now) or _near(before, after)


def _near(was: str, now: str) -> bool:
    from rapidfuzz.distance import OSA  # neighbours that have changed places are one slip

    most = max(1, len(was) // 2)
    return bool(OSA.distance(was, now, score_cutoff=most) <= most)


def readings(old: Json, was: str, now: str) -> Iterator[Json]:
    """What a text says in the way that `was` says the old value: numbers and days as such, and itself.

    What is to be a number or a date and is none any more says nothing: whoever reads it can tell.

    Args:
        old: the value of the truth; of several the first.
        was: how it stood in the document.
        now: what stands there now.
    """
    while isinstance(old, AnyOf) and not isinstance(old.options[0], Edit):
        old = old.options[0]
    if not isinstance(old, (str, int, float)) or isinstance(old, bool):
        return
    value, days = normalise.quantity(old), normalise.dates(now)
    numbers = _numbers(value.readings, was, now) if value else []
    if (not isinstance(old, str) and not numbers) or (normalise.dates(old) and not days):
        return
    for number in numbers:
        yield f"{number:f}" if isinstance(old, str) else _as_number(number)
    if normalise.dates(old):
        yield from (day.isoformat() for day in days)
    if isinstance(old, str) or _means(now, numbers):
        yield now
    if isinstance(old, str) and old not in was:
        yield from [now.upper()] if old.isupper() else [now.lower()] if old.islower() else []


def _means(now: str, numbers: Sequence[Decimal]) -> bool:
    """Whether a text, copied, is taken for one of these numbers: "1.234" is not for 1234."""
    value = normalise.quantity(now)
    return value is not None and (value.value or value.readings[0]) in numbers


def _as_number(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def _numbers(right: tuple[Decimal, ...], was: str, now: str) -> list[Decimal]:
    """The numbers that a text is, by the decimal mark that the right one was written with."""
    marks = [mark for mark in ".," if _read(was, mark) in right]
    foreign = any(each.isalpha() and each not in was for each in now)
    found = [] if foreign else [number for mark in marks if (number := _read(now, mark)) is not None]
    return list(dict.fromkeys(found or normalise.numbers(now)))


def _read(written: str, mark: str) -> Decimal | None:
    """A number by its decimal mark alone, whatever else stands between its digits."""
    body = _EDGE.sub("", written)
    sign, digits = body[:1] == "-", body.lstrip("-")
    if not digits or not _INNER.fullmatch(digits) or digits.count(mark) > 1 or not digits.isascii():
        digits = "".join(each for each in digits if each not in "’\u00a0\u202f")
        if not digits or not digits.isascii() or not _INNER.fullmatch(digits) or digits.count(mark) > 1:
            return None
    plain = "".join(each for each in digits if each.isdigit() or each == mark).replace(mark, ".")
    return -Decimal(plain) if sign else Decimal(plain)
