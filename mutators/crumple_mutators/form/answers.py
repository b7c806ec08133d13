"""Answers that are no answers, or not this form's: in capitals, for a test, of another country, after the event."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final

from numpy.random import Generator

from crumple import AnyOf, Degraded, Edit, Json, Pointer, Record, mutator
from crumple_mutators.form.fields import (
    APPLICATION,
    DATE,
    SHARE,
    as_read,
    day_of,
    entered,
    filled,
    is_number,
    is_text,
    name_of,
    pointers,
)

_JOKES: Final = (
    (re.compile(r"@|mail", re.IGNORECASE), ("test@test.com", "a@b.c", "noreply@example.com", "asdf@asdf.de")),
    (re.compile(r"phone|tel|mobile|fax", re.IGNORECASE), ("123-456", "0123456789", "0000000", "555-5555", "110")),
    (re.compile(r"post ?code|zip|plz", re.IGNORECASE), ("12345", "00000", "99999", "11111")),
    (re.compile(r"street|road|address|line", re.IGNORECASE), ("Teststr. 1", "Somewhere", "123 Fake Street", "asdf 1")),
    (re.compile(r"city|town|place", re.IGNORECASE), ("Duckburg", "Testhausen", "Springfield", "asdf", "Atlantis")),
    (
        re.compile(r"name|person|holder|contact|customer|applicant", re.IGNORECASE),
        ("Mickey Mouse", "Test Test", "Max Mustermann", "John Doe", "Donald Duck", "asdf", "Batman", "xxx"),
    ),
    (re.compile(""), ("asdf", "test", "TEST", "qwertz", "xxx", "blabla", "1234", "lorem ipsum", "foo", "aaaaa")),
)  # fmt: skip
_NUMBERS: Final = (0, 1, 123, 9999, 99999, 111111, 12345678, -1)
_DAYS: Final = ((1900, 1, 1), (1970, 1, 1), (2000, 1, 1), (1911, 11, 11), (9999, 12, 31), (1234, 12, 12))
_LATEST: Final = 9998


@mutator("form.capitals", truth="new", share=SHARE, examples=[APPLICATION])
def capitals(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Write answers in capitals, as forms ask for that want block letters: "MARIA JENSEN", "GROSSE STRASSE".

    The answer may be given as it is written, or as it was. Ladder: the catalogue's, of the fields with small letters.
    """
    fields = filled(record, lambda value: is_text(value) and value.upper() != value, "no text has small letters")
    picked = entered(record, rng, {path: value.upper() for path, value in fields.items()}, share)
    return _either(record, picked)


@mutator("form.test_values", truth="new", refusable_from=1, share=SHARE, examples=[APPLICATION])
def test_values(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Fill in what comes to mind: "Mickey Mouse", "asdf", 123-456, 1.1.1900, test@test.com, as tests and jokers do.

    It may be given as it stands there or left out, and a refusal is acceptable. Ladder: the catalogue's, of the
    fields with text or numbers.
    """
    fields = filled(record, lambda value: not isinstance(value, bool), "no field holds text or a number")
    draws = rng.integers(840, size=len(fields)).tolist()
    values = {path: _joke(path, value, draw) for (path, value), draw in zip(fields.items(), draws, strict=True)}
    picked = entered(record, rng, {path: value for path, value in values.items() if value != fields[path]}, share)
    return Degraded(
        record.set(picked), Edit(values={Pointer(path): AnyOf(as_read(value), None) for path, value in picked.items()})
    )


def _joke(path: str, value: object, draw: int) -> Any:
    if is_number(value):
        return _NUMBERS[draw % len(_NUMBERS)]
    if DATE.fullmatch(str(value)):
        year, month, day = _DAYS[draw % len(_DAYS)]
        return _in_place(str(value), f"{year:04d}", f"{month:02d}", f"{day:02d}")
    words = next(
        words for kind, words in _JOKES if kind.search(f"{name_of(path)} {value if '@' in str(value) else ''}")
    )
    return words[draw % len(words)]


@mutator("form.date_after_event", truth="new", refusable_from=1, share=SHARE, examples=[APPLICATION])
def date_after_event(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Put this year, or the next, into dates that lie before others: born after the form was signed.

    The day stays, the year makes it the latest of all. It may be given as it stands there or left out, and a refusal
    is acceptable. Ladder: the catalogue's, of the dates but the last.
    """
    found = filled(record, lambda value: is_text(value) and bool(DATE.fullmatch(value)), "no field holds a date")
    days = {path: day for path, value in found.items() if (day := day_of(value)) is not None}
    latest = max(days.values(), default=dt.date.min)
    values: dict[str, str] = {}
    for path, day in days.items():
        year = latest.year + ((day.month, day.day) <= (latest.month, latest.day))
        if day < latest and year <= _LATEST and (day.month, day.day) != (2, 29):
            written = found[path]
            values[path] = f"{year:04d}{written[4:]}" if written[4] == "-" else f"{written[:6]}{year:04d}"
    picked = entered(record, rng, values, share, "no two fields hold dates of which one comes first")
    return Degraded(
        record.set(picked), Edit(values={Pointer(path): AnyOf(as_read(value), None) for path, value in picked.items()})
    )


@mutator("form.foreign_date", truth=("same", "new", "lost"), share=SHARE, examples=[APPLICATION])
def foreign_date(record: Record, share: float, rng: Generator) -> Degraded[Record]:
    """Write dates as another country does, the month first and with strokes: "03/25/1984".

    Where the day is beyond 12 there is no doubt, and the answer is the same; else the month may be taken for the day:
    either is right, so is what is written, and to leave the field out. Ladder: the catalogue's, of the dates whose own
    order is beyond doubt.
    """
    fields = filled(record, lambda value: is_text(value) and bool(DATE.fullmatch(value)), "no field holds a date")
    days = {path: day for path, value in fields.items() if (day := day_of(value)) is not None}
    sure = {path: day for path, day in days.items() if "/" not in fields[path] or day.day > 12}
    values = {path: f"{day.month:02d}/{day.day:02d}/{day.year:04d}" for path, day in sure.items()}
    picked = entered(record, rng, values, share, "no field holds a date whose order is beyond doubt")
    either: dict[Any, Json] = {
        Pointer(path): AnyOf(day.isoformat(), dt.date(day.year, day.day, day.month).isoformat(), values[path])
        for path, day in sure.items()
        if path in picked and day.day <= 12 and day.day != day.month
    }
    return Degraded(record.set(picked), Edit(values=either), lost=list(either), touched=pointers(list(picked)))


def _in_place(written: str, year: str, month: str, day: str) -> str:
    """A date in the notation of another."""
    return f"{year}-{month}-{day}" if written[4] == "-" else f"{day}{written[2]}{month}{written[2]}{year}"


def _either(record: Record, picked: dict[str, Any]) -> Degraded[Record]:
    truth: dict[Any, Json] = {Pointer(path): AnyOf(record.get(path), value) for path, value in picked.items()}
    return Degraded(record.set(picked), Edit(values=truth))
