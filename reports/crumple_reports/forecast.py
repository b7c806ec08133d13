"""What production has to expect: the forecast of the mix, in numbers that people understand."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from crumple import visible
from crumple_reports.figures import count, interval, listed, percent
from crumple_reports.page import BAD, HEAD, Page

_MOST_REASONS = 6
_MORE: Final = "More calls of what the mix names: crumple run --use."
_WHOLE = 0.9995
_LABEL = 13
_WIDE, _NARROW, _MUCH = 1.0, 0.01, 0.25
"""An interval is wide that is wider than the rate, and than a hundredth of the volume."""


SEQUENTIAL: Final = "Calls went where they were needed to decide: good to plan by, and nothing to sign off."
NOTHING: Final = "There is none: nothing that the mix names was run."


@dataclass(frozen=True, slots=True)
class Words:
    """A forecast in words.

    Attributes:
        headline: what fails; "" where nothing of the mix was run.
        sequential: whether calls went where limits needed them.
        notes: (label, text): what it is about, and what it is not about; a label "" goes on with the one before.
        mend_first: what to mend first.
    """

    headline: str
    sequential: bool
    notes: tuple[tuple[str, str], ...]
    mend_first: tuple[Mend, ...]


@dataclass(frozen=True, slots=True)
class Mend:
    """What a category adds to the failing documents.

    Attributes:
        name: the category; "fails clean" for what fails before any damage.
        share: of the failing documents.
        then: the rate that would be left if it were mended.
        a_day: the same in documents a day; "" where it is not known how many there are.
    """

    name: str
    share: float
    then: float
    a_day: str


def words_of(document: Mapping[str, Any]) -> Words | None:
    """The forecast of a run that has one; None before the clean documents are back."""
    found = document.get("forecast")
    if not found or not document["clean"]["cases"]:
        return None
    known = found["rate"] is not None
    notes = [*_like_these(found), *_thinnest(found)] if known else []
    return Words(
        headline=_sentence(found) if known else "",
        sequential=known and any(row.get("method") == "sequential" for row in document.get("contract", ())),
        notes=(*notes, *_volume(found)),
        mend_first=tuple(_mend_first(found)) if found["rate"] else (),
    )


def show_forecast(page: Page, document: Mapping[str, Any]) -> None:
    """The forecast on a terminal."""
    words = words_of(document)
    if words is None:
        return
    page.heading("Forecast for production, by the mix")
    page.line(words.headline or NOTHING, HEAD if words.headline else BAD, indent=2)
    if words.sequential:
        page.line(SEQUENTIAL, indent=2)
    for label, text in words.notes:
        page.labelled(label, text, column=_LABEL)
    if words.mend_first:
        days = any(each.a_day for each in words.mend_first)
        rows = [
            [f"  {each.name}", percent(each.share), percent(each.then), *([each.a_day] if days else [])]
            for each in words.mend_first
        ]
        page.line()
        page.table(["  mend first", "of the failures", "then fail", *(["a day"] if days else [])], rows)


def _sentence(found: Mapping[str, Any]) -> str:
    """What fails, as a number of documents where it is known how many there are a day."""
    day, silent = found["failing_per_day"], found["silent"]["rate"]
    sure = _per_cent(found)
    if day is None:
        if not found["rate"]:
            return f"No document would fail ({sure})."
        return f"{percent(found['rate'])} of the documents would fail ({sure}){_silently(percent(silent), silent)}."
    which, about = ("", "") if found["share"] >= _WHOLE else ("the ", " that it is about,")
    of = f"Of {which}{count(round(day['documents']), 'document')} a day{about}"
    if not day["failures"]:
        return f"{of} none would fail ({_range(day)}, {sure})."
    silently = _silently(f"{_documents(day['silent']):,}", silent)
    return (
        f"{of} {_documents(day['failures']):,} would fail ({_range(day)}){silently}. "
        f"That is {percent(found['rate'])} ({sure})."
    )


def _silently(number: str, silent: float) -> str:
    return f", {number} of them silently" if silent else ", none of them silently"


def _range(day: Mapping[str, float]) -> str:
    return f"{math.floor(day['low'] + 1e-6):,}-{math.ceil(day['high'] - 1e-6):,}"


def _per_cent(found: Mapping[str, Any]) -> str:
    """An interval, widened: to tenths of a per cent where it lies below 10 %."""
    low, high = found["low"] * 100, found["high"] * 100
    if high >= 10:
        return f"{interval(found['low'], found['high'])} %"
    least, most = math.floor(low * 10 + 1e-6) / 10, math.ceil(high * 10 - 1e-6) / 10
    return f"{least:.1f}-{most:.1f} %" if least else f"0-{most:.1f} %"


def _documents(number: float) -> int:
    """Documents come whole; what happens at all is never none."""
    return max(1, round(number))


def _like_these(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    like = found["like_these"]
    yield "about", "These documents, with a 95 % interval."
    if like is None:
        yield "", "Of documents like these nothing is known: these are all one group."
        return
    day = like["failing_per_day"]
    sure = _per_cent(like)
    range_of = f"{_range(day)} a day, {sure}" if day else sure
    known = like["design_effect"]
    effect = "design effect not known" if known is None else f"design effect {known:.1f}"
    yield "", f"Of documents like these {range_of} would fail: {count(like['groups'], 'group')} of documents, {effect}."


def _thinnest(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Where an interval is wide, which part of the mix is called too little."""
    thin = found.get("thinnest")
    wide = found["high"] - found["low"] > max(_WIDE * found["rate"], _NARROW)
    if thin is not None and wide and thin["part"] >= _MUCH:
        part = f"{thin['name']} L{thin['level']:g} is {percent(thin['share'])} of the volume"
        yield "wide for", f"{part}, and had {count(thin['calls'], 'call')}. {_MORE}"


def _volume(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What the forecast is about, and what it is not about."""
    if found["rate"] is not None and found["share"] < _WHOLE:
        named = f"; the mix names {percent(found['named'])}" if found["named"] < _WHOLE else ""
        yield "volume", f"It is about {percent(found['share'])} of the volume{named}."
    if not found["missing"]:
        return
    lacking = sum(each["share"] for each in found["missing"])
    yield "not in it", f"{percent(lacking)} of the volume, which the mix names:"
    reasons: dict[str, list[Mapping[str, Any]]] = {}
    for each in found["missing"]:
        reasons.setdefault(each["why"], []).append(each)
    ranked = sorted(reasons.items(), key=lambda item: -sum(each["share"] for each in item[1]))
    for why, own in ranked[:_MOST_REASONS]:
        names = [each["name"] if each["level"] is None else f"{each['name']} L{each['level']:g}" for each in own]
        share = percent(sum(each["share"] for each in own))
        yield "", f"{listed(names)} ({share}): {visible(why)}"
    if len(ranked) > _MOST_REASONS:
        yield "", f"and {len(ranked) - _MOST_REASONS} more reasons; --json FILE keeps them all"


def _mend_first(found: Mapping[str, Any]) -> Iterator[Mend]:
    """What to mend first, and what would be left then."""
    day = found["failing_per_day"]
    for each in found["mend_first"]:
        yield Mend(
            name="fails clean" if each["category"] == "clean" else each["category"],
            share=each["share_of_failures"],
            then=each["without"],
            a_day=f"{round(each['without'] * day['documents']):,}" if day is not None else "",
        )
