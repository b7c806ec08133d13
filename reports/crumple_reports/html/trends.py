"""How each category went from run to run of one plan, with this run among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from crumple import CrumpleError, Material, excerpt, visible
from crumple_reports.figures import count, cut_digests, interval, percent
from crumple_reports.html.charts import WIDTH, Anchor, Dot, Drawing, Label, Line, Scale, between, top_of, whisker
from crumple_reports.html.section import Section

_MOST: Final = 24
_VERSION: Final = 24
_TROUBLE: Final = 300
_LEFT, _RIGHT, _TOP, _GROUND = 40.0, WIDTH - 14.0, 22.0, 100.0
_SYSTEM: Final = "the system's version"
_ALL: Final = "all"
_NAMES: Final = {"all": "all degraded calls", "clean": "clean documents"}
_Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Trend:
    """A category over the runs.

    Attributes:
        name: in words.
        category: as filters know it; "" of clean documents and of all degraded calls.
        said: what it is now, and what it was before.
        drawing: the picture.
    """

    name: str
    category: str
    said: str
    drawing: Drawing


@dataclass(frozen=True, slots=True)
class Run:
    """A line of the table.

    Attributes:
        began, system: in words.
        changed: what is otherwise than in the run before.
        here: whether it is the one that the page is about.
        rates: by category, in words.
    """

    began: str
    system: str
    changed: str
    here: bool
    rates: Sequence[str]


def section(document: Mapping[str, Any], material: Material) -> Section | None:
    """The section; None where this run's plan was carried out once."""
    own = str((document.get("run") or {}).get("id", ""))
    if material.timeline is None or not own:
        return None
    try:
        found = material.timeline()
    except CrumpleError as error:
        return Section("trends", "Trends", {"trouble": excerpt(str(error), _TROUBLE)})
    this = next((each for each in found["runs"] if each["id"] == own), None)
    if this is None:
        return None
    runs = [each for each in found["runs"] if each["plan"] == this["plan"] and each["categories"]]
    if len(runs) < 2:
        return None
    night = bool(this["baseline"])
    names = _ranked(this, runs, night=night)
    model = {
        "trouble": "",
        "night": night,
        "count": count(len(runs), "night" if night else "run"),
        "trends": [_trend(name, runs, own, night=night) for name in names[:_MOST]],
        "more": max(0, len(names) - _MOST),
        "names": [_NAMES.get(name, name) for name in names],
        "runs": [_run(each, names, own, night=night) for each in runs],
    }
    return Section("trends", "Trends", model)


def _figure(run: _Figures, name: str, *, night: bool) -> tuple[float, float | None, float | None, int] | None:
    """Of a run its rate with the interval; of a night the share of the baseline's documents: and how many calls."""
    found = run["categories"].get(name)
    if found is None:
        return None
    if night:
        paired = found["paired"]
        return (paired["now"] / paired["pairs"], None, None, paired["pairs"]) if paired and paired["pairs"] else None
    if found["rate"] is None or not found["runs"]:
        return None
    sure = found["low"] is not None and found["high"] is not None
    return found["rate"], found["low"] if sure else None, found["high"] if sure else None, found["runs"]


def _ranked(this: _Figures, runs: Sequence[_Figures], *, night: bool) -> list[str]:
    """The categories with a figure in two runs or more: all first, then the worst now."""
    met = {name for each in runs for name in each["categories"]}
    often = [name for name in met if sum(_figure(each, name, night=night) is not None for each in runs) > 1]

    def place(name: str) -> tuple[bool, bool, float, str]:
        now = _figure(this, name, night=night)
        return name != _ALL, now is None, -(now[0] if now else 0.0), name

    return sorted(often, key=place)


def _trend(name: str, runs: Sequence[_Figures], own: str, *, night: bool) -> Trend:
    figures = [_figure(each, name, night=night) for each in runs]
    at = between(0, max(1, len(runs) - 1), _LEFT + 8, _RIGHT - 8)
    top = top_of(each[0] if each[2] is None else each[2] for each in figures if each)
    up = between(0, top, _GROUND, _TOP)
    lines = [Line(_LEFT, _GROUND, _RIGHT, _GROUND, "axis"), Line(_LEFT, _TOP, _RIGHT, _TOP, "")]
    dots: list[Dot] = []
    labels = [Label(_LEFT - 5, _GROUND + 4, "0 %", "end"), Label(_LEFT - 5, _TOP + 4, percent(top), "end")]
    changed = [number for number, each in enumerate(runs) if _SYSTEM in each["changed"]]
    lines += [Line(at(number - 0.5), _TOP - 6, at(number - 0.5), _GROUND, "changed") for number in changed]
    labels += [Label(at(number - 0.5), _TOP - 9, "▾") for number in changed]
    before: tuple[float, float] | None = None
    for number, each in enumerate(figures):
        if each is None:
            before = None
            continue
        x, y = at(number), up(each[0])
        if before is not None:
            lines.append(Line(*before, x, y, "faintly"))
        before = x, y
        if each[1] is not None and each[2] is not None:
            lines += whisker(
                up(each[1]), up(each[2]), x, "sure" if runs[number]["id"] == own else "faintly", upright=True
            )
        here = runs[number]["id"] == own
        dots.append(Dot(x, y, 5.5 if here else 3.5, "failing" if here else ""))
        if here:
            labels.append(Label(x, _GROUND + 15, "this", "middle", "strong"))
    labels += _dates(runs, own, at)
    said = _said(figures, [each["id"] == own for each in runs])
    shown = _NAMES.get(name, name)
    category = "" if name in _NAMES else name
    return Trend(
        shown, category, said, Drawing(f"{shown}: {said}", _GROUND + 22, (), tuple(lines), tuple(dots), tuple(labels))
    )


def _dates(runs: Sequence[_Figures], own: str, at: Scale) -> list[Label]:
    """When the first and the last began, where the mark of this one leaves room."""
    ends: dict[int, Anchor] = {0: "start", len(runs) - 1: "end"}
    this = next(number for number, each in enumerate(runs) if each["id"] == own)
    return [
        Label(at(number) + (-8 if anchor == "start" else 8), _GROUND + 15, _began(runs[number])[5:], anchor)
        for number, anchor in ends.items()
        if abs(at(number) - at(this)) > 75
    ]


def _said(figures: Sequence[tuple[float, float | None, float | None, int] | None], here: Sequence[bool]) -> str:
    this = here.index(True)
    now = figures[this]
    earlier = [each for each in figures[:this] if each is not None]
    parts = [f"{_words(now)} this time" if now else "nothing is known of this time"]
    if earlier:
        parts.append(f"{_words(earlier[-1])} the time before")
    return "; ".join(parts) + "."


def _words(figure: tuple[float, float | None, float | None, int]) -> str:
    rate, low, high, calls = figure
    sure = f"{interval(low, high)} %, " if low is not None and high is not None else ""
    return f"{percent(rate)} ({sure}{count(calls, 'call')})"


def _began(run: _Figures) -> str:
    return visible(str(run["started"])[:16].replace("T", " "))


def _run(each: _Figures, names: Sequence[str], own: str, *, night: bool) -> Run:
    figures = [_figure(each, name, night=night) for name in names]
    return Run(
        began=_began(each),
        system=excerpt(cut_digests(str(each["system"])), _VERSION) or "-",
        changed=", ".join(map(visible, each["changed"])),
        here=each["id"] == own,
        rates=["-" if figure is None else _words(figure) for figure in figures],
    )
