"""Readers of what the category language does: digits by their value, months by their names, labels by a dictionary."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache

from babel import Locale
from babel.dates import format_date

from crumple import Document, Step, Text, read, write
from crumple_mutators.language.dates import LOCALES
from crumple_mutators.language.words import LANGUAGES, labels


def _same(document: Document, step: Step) -> Document:
    """Nothing needs undoing for a reader that looks values up behind their labels and knows notations."""
    return document


def _edited(edit: Callable[[str], str]) -> Callable[[Document, Step], Document]:
    def undo(document: Document, step: Step) -> Document:
        text = read(document, Text)
        return write(text.with_value(edit(text.value)), document)

    return undo


def _plain_digits(value: str) -> str:
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in value)


@cache
def _written_dates() -> Mapping[str, str]:
    """Every day of the order's month as every locale writes it, by table: no parser of dates is needed to prove one."""
    found = {}
    for number in range(31):
        day = dt.date(2024, 3, 1) + dt.timedelta(days=number)
        for locale in LOCALES:
            found[format_date(day, "long", locale=locale)] = day.isoformat()
    return found


@cache
def _any_date() -> re.Pattern[str]:
    pattern = "|".join(map(re.escape, sorted(_written_dates(), key=lambda written: -len(written))))
    return re.compile(rf"(?<!\d)(?:{pattern})(?!\d)")


def _iso_dates(value: str) -> str:
    return _any_date().sub(lambda match: _written_dates()[match[0]], value)


def _iso_eras(value: str) -> str:
    """The four calendars, each by its own arithmetic."""
    value = _plain_digits(value)
    value = re.sub(r"令和(\d+)年(\d+)月(\d+)日", lambda m: _iso(2018 + int(m[1]), m[2], m[3]), value)
    value = re.sub(r"民國(\d+)年(\d+)月(\d+)日", lambda m: _iso(1911 + int(m[1]), m[2], m[3]), value)
    thai = list(Locale.parse("th").months["format"]["wide"].values())
    value = re.sub(
        rf"(\d+) ({'|'.join(thai)}) พ\.ศ\. (\d+)",
        lambda m: _iso(int(m[3]) - 543, str(thai.index(m[2]) + 1), m[1]),
        value,
    )
    # The Iranian year 1403 began on 20 March 2024, with months of 31 days.
    return re.sub(
        r"(\d+) فروردین 1403",
        lambda m: (dt.date(2024, 3, 20) + dt.timedelta(days=int(m[1]) - 1)).isoformat(),
        value,
    )


def _iso(year: int, month: str, day: str) -> str:
    return dt.date(year, int(month), int(day)).isoformat()


@cache
def _english() -> Mapping[str, str]:
    """Labels of every language in English; where two meanings share a word, the one of orders."""
    own = ("Date", "Customer", "City", "Currency", "Total", "Description", "Quantity", "Unit price", "Amount", "Item")
    rows = sorted(labels(), key=lambda row: row[0] in own)
    return {word.casefold(): row[0] for row in rows for word in row if row[0] in own}


def _english_labels(value: str) -> str:
    def english(match: re.Match[str]) -> str:
        return match["before"] + _english().get(match["label"].casefold(), match["label"]) + match["after"]

    value = re.sub(r"(?m)(?P<before>^)(?P<label>[^\s:][^:\n]{0,40}?)(?P<after>: )", english, value)
    value = re.sub(r"(?P<before><th>)(?P<label>[^<]+)(?P<after></th>)", english, value)
    # The names of an order's columns are written small.
    return re.sub(r"<tr>(?:<th>[^<]+</th>){2,}</tr>", lambda row: row[0].lower(), value)


def _first_labels(value: str) -> str:
    value = re.sub(r"(?m)^([^:/\n]+) / [^:\n]+(?=: )", r"\1", value)
    return re.sub(r"(<th>[^</]+) / [^<]+(?=</th>)", r"\1", value)


def _without_marks(value: str) -> str:
    return re.sub("[\u200e\u200f\u2066-\u2069]", "", value)


assert LANGUAGES[0] == "en"

UNDO: Mapping[str, Callable[[Document, Step], Document]] = {
    "language.dates": _edited(_iso_dates),
    "language.declared_language": _same,
    "language.digits": _edited(_plain_digits),
    "language.era_dates": _edited(_iso_eras),
    "language.greeting": _same,
    "language.honorifics": _same,
    "language.labels_bilingual": _edited(_first_labels),
    "language.labels_translated": _edited(_english_labels),
    "language.name_order": _same,
    "language.names_transliterated": _same,
    "language.numbers": _same,
    "language.right_to_left": _edited(lambda value: _first_labels(_without_marks(value))),
    "language.sentences_added": _same,
    "language.sentences_replaced": _same,
    "language.spelled_out": _same,
    "language.words_switched": _same,
}
