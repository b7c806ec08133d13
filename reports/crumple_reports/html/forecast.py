"""What production has to expect by the mix, and what to mend first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from crumple import Material
from crumple_reports.figures import interval, percent
from crumple_reports.forecast import NOTHING, SEQUENTIAL, Mend, words_of
from crumple_reports.html.charts import WIDTH, Bar, Drawing, Label, Line, between, top_of, whisker
from crumple_reports.html.section import Section

_NAMES: Final = 96.0
"""Where bars begin; names stand before that."""
_ROW: Final = 26.0


@dataclass(frozen=True, slots=True)
class First:
    """What to mend.

    Attributes:
        category: as filters know it; "" for what fails clean.
        share, then, a_day: of the failures, what fails then, and of how many documents a day.
    """

    name: str
    category: str
    share: str
    then: str
    a_day: str


def section(document: Mapping[str, Any], material: Material) -> Section | None:
    """The section; None of a run without a mix, or before the clean documents are back."""
    words = words_of(document)
    if words is None:
        return None
    found = document["forecast"]
    model = {
        "headline": words.headline or NOTHING,
        "known": bool(words.headline),
        "sequential": SEQUENTIAL if words.sequential else "",
        "range": _range(found) if found["rate"] is not None else None,
        "notes": _joined(words.notes),
        "first": [_first(each) for each in words.mend_first],
        "days": any(each.a_day for each in words.mend_first),
        "bars": _bars(found["rate"], words.mend_first) if words.mend_first else None,
    }
    return Section("forecast", "Forecast for production", model)


def _joined(notes: tuple[tuple[str, str], ...]) -> list[tuple[str, list[str]]]:
    """Each label with all of its texts."""
    found: list[tuple[str, list[str]]] = []
    for label, text in notes:
        if label or not found:
            found.append((label, []))
        found[-1][1].append(text)
    return found


def _first(each: Mend) -> First:
    damage = each.name != "fails clean"
    return First(each.name, each.name if damage else "", percent(each.share), percent(each.then), each.a_day)


def _range(found: Mapping[str, Any]) -> Drawing:
    """The rate and its intervals on one scale: these documents, new ones like them, and what fails silently."""
    like = found["like_these"]
    rows = [("these fail", found, "failing"), *([("new ones fail", like, "")] if like else [])]
    rows.append(("these silently", found["silent"], "failing"))
    top = top_of([each["high"] for _, each, _ in rows])
    at = between(0, top, _NAMES, WIDTH - 50)
    bars, lines, labels = [], [Line(_NAMES, 4, _NAMES, _ROW * len(rows), "axis")], []
    for number, (name, each, kind) in enumerate(rows):
        middle = _ROW * number + 14
        if kind:
            bars.append(Bar(_NAMES, middle - 7, max(0.0, at(each["rate"]) - _NAMES), 14, kind))
        lines += whisker(at(each["low"]), at(each["high"]), middle, "sure")
        labels.append(Label(_NAMES - 6, middle + 4, name, "end", "strong"))
        said = percent(each["rate"]) if kind else f"{interval(each['low'], each['high'])} %"
        labels.append(Label(at(each["high"]) + 6, middle + 4, said, "start"))
    foot = _ROW * len(rows) + 12
    labels += [Label(_NAMES, foot, "0 %"), Label(at(top), foot, percent(top))]
    said = "; ".join(
        f"{name}: {percent(each['rate'])}, between {percent(each['low'])} and {percent(each['high'])}"
        for name, each, _ in rows
    )
    return Drawing(f"Failing documents. {said}.", foot + 4, tuple(bars), tuple(lines), (), tuple(labels))


def _bars(rate: float, first: tuple[Mend, ...]) -> Drawing:
    """What fails now, and below it what would fail if one thing were mended: what is won is an open end."""
    rows = [("now", rate), *((each.name, each.then) for each in first)]
    at = between(0, rate, _NAMES, WIDTH - 50)
    bars, labels = [], []
    for number, (name, then) in enumerate(rows):
        top = _ROW * number + 6
        bars.append(Bar(_NAMES, top, max(1.0, at(then) - _NAMES), 14, "failing" if not number else "calm"))
        if at(rate) - at(then) > 2:
            bars.append(Bar(at(then), top, at(rate) - at(then), 14, "open"))
        short = name if len(name) <= 14 else f"{name[:13]}…"
        labels.append(Label(_NAMES - 6, top + 11, short, "end", "strong"))
        labels.append(Label(at(rate) + 6, top + 11, percent(then), "start"))
    said = "; ".join(f"with {each.name} mended {percent(each.then)}" for each in first)
    label = f"Now {percent(rate)} of the documents fail; {said}."
    return Drawing(label, _ROW * len(rows) + 4, tuple(bars), (), (), tuple(labels))
