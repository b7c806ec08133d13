"""What production has to expect: the forecast of the mix, in numbers that people understand."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from crumple import visible
from crumple_reports.figures import count, interval, listed, percent
from crumple_reports.page import BAD, HEAD, Page

_MOST_REASONS = 6
_WHOLE = 0.9995
_LABEL = 13
_WIDE, _NARROW, _MUCH = 1.0, 0.01, 0.25
"""An interval is wide that is wider than the rate, and than a hundredth of the volume."""


def show_forecast(page: Page, document: Mapping[str, Any]) -> None:
    """The forecast of a run that has one; nothing before the clean documents are back."""
    found = document.get("forecast")
    if not found or not document["clean"]["cases"]:
        return
    page.heading("Forecast for production, by the mix")
    if found["rate"] is None:
        page.line("There is none: nothing that the mix names was run.", BAD, indent=2)
    else:
        page.line(_sentence(found), HEAD, indent=2)
        if any(row.get("method") == "sequential" for row in document.get("contract", ())):
            page.line(
                "Calls went where they were needed to decide: good to plan by, and nothing to sign off.", indent=2
            )
        _like_these(page, found)
        _thinnest(page, found)
    _volume(page, found)
    if found["rate"]:
        _mend_first(page, found)


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


def _like_these(page: Page, found: Mapping[str, Any]) -> None:
    like = found["like_these"]
    page.labelled("about", "These documents, with a 95 % interval.", column=_LABEL)
    if like is None:
        page.labelled("", "Of documents like these nothing is known: these are all one group.", column=_LABEL)
        return
    day = like["failing_per_day"]
    sure = _per_cent(like)
    range_of = f"{_range(day)} a day, {sure}" if day else sure
    known = like["design_effect"]
    effect = "design effect not known" if known is None else f"design effect {known:.1f}"
    page.labelled(
        "",
        f"Of documents like these {range_of} would fail: {count(like['groups'], 'group')} of documents, {effect}.",
        column=_LABEL,
    )


def _thinnest(page: Page, found: Mapping[str, Any]) -> None:
    """Where an interval is wide, which part of the mix is called too little."""
    thin = found.get("thinnest")
    wide = found["high"] - found["low"] > max(_WIDE * found["rate"], _NARROW)
    if thin is None or not wide or thin["part"] < _MUCH:
        return
    page.labelled(
        "wide for",
        f"{thin['name']} L{thin['level']:g} is {percent(thin['share'])} of the volume, and had "
        f"{count(thin['calls'], 'call')}. More calls of what the mix names: crumple run --use.",
        column=_LABEL,
    )


def _volume(page: Page, found: Mapping[str, Any]) -> None:
    """What the forecast is about, and what it is not about."""
    if found["rate"] is not None and found["share"] < _WHOLE:
        named = f"; the mix names {percent(found['named'])}" if found["named"] < _WHOLE else ""
        page.labelled("volume", f"It is about {percent(found['share'])} of the volume{named}.", column=_LABEL)
    if not found["missing"]:
        return
    lacking = sum(each["share"] for each in found["missing"])
    page.labelled("not in it", f"{percent(lacking)} of the volume, which the mix names:", column=_LABEL)
    reasons: dict[str, list[Mapping[str, Any]]] = {}
    for each in found["missing"]:
        reasons.setdefault(each["why"], []).append(each)
    ranked = sorted(reasons.items(), key=lambda item: -sum(each["share"] for each in item[1]))
    for why, own in ranked[:_MOST_REASONS]:
        names = [each["name"] if each["level"] is None else f"{each['name']} L{each['level']:g}" for each in own]
        share = percent(sum(each["share"] for each in own))
        page.labelled("", f"{listed(names)} ({share}): {visible(why)}", column=_LABEL)
    if len(ranked) > _MOST_REASONS:
        page.labelled("", f"and {len(ranked) - _MOST_REASONS} more reasons; --json FILE keeps them all", column=_LABEL)


def _mend_first(page: Page, found: Mapping[str, Any]) -> None:
    """What to mend first, and what would be left then."""
    day = found["failing_per_day"]
    rows = []
    for each in found["mend_first"]:
        left = [percent(each["without"])]
        if day is not None:
            left.append(f"{round(each['without'] * day['documents']):,}")
        name = "fails clean" if each["category"] == "clean" else each["category"]
        rows.append([f"  {name}", percent(each["share_of_failures"]), *left])
    heads = ["  mend first", "of the failures", "then fail", *(["a day"] if day is not None else [])]
    page.line()
    page.table(heads, rows)
