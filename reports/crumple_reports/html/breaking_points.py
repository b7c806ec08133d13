"""From where on the system fails, beside what production sends: as it was searched for, or a run's rates by level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from crumple import Material, visible
from crumple_reports.breaking import about
from crumple_reports.figures import count, interval, percent
from crumple_reports.html.charts import WIDTH, Bar, Dot, Drawing, Label, Line, between, whisker, without_unit
from crumple_reports.html.section import Section
from crumple_reports.problems import by_mutator, problems_of

_LEVELS: Final = (1, 2, 3, 4, 5)
_LEFT, _RIGHT = 38.0, WIDTH - 34.0
_NARROW: Final = 12.0
"""As narrow as a question mark has room in."""
_at = between(0, 5, _LEFT, _RIGHT)
_Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Strip:
    """A mutator's levels, what breaks on them, and what arrives.

    Attributes:
        name: the mutator's.
        category: its.
        problem: the number of its worst problem; 0 of none.
        said: what is known, in a sentence; "" where the heat map says it, and the picture's label.
        sent: how much of production it is, in a sentence; "" where no mix says so.
        levels: those that have a part in it.
        drawing: the picture.
    """

    name: str
    category: str
    problem: int
    said: str
    sent: str
    levels: Sequence[str]
    drawing: Drawing


def section(document: Mapping[str, Any], material: Material) -> Section | None:
    """The section; None where no breaking point was searched for and no mix says what arrives."""
    sent = (document.get("mix") or {}).get("damaged") or {}
    rows = document.get("breaking_points") or ()
    if not rows and not sent:
        return None
    problems = by_mutator(problems_of(document))
    if rows:
        strips = [_searched(each, document, sent, problems) for each in rows]
        model = {"strips": strips, "about": about({each["rate"] for each in rows}).replace("`", ""), "searched": True}
        return Section("breaking_points", "Breaking points", model)
    strips = [
        _measured(name, figures, sent[name], problems)
        for name, figures in (document.get("mutators") or {}).items()
        if name in sent and figures["runs"]
    ]
    if not strips:
        return None
    strips.sort(key=lambda each: (not each.problem, each.problem))
    model = {"strips": strips, "about": "", "searched": False}
    return Section("breaking_points", "What production sends, and what fails of it", model)


def _searched(row: _Figures, document: _Figures, sent: Mapping[str, _Figures], problems: Mapping[str, int]) -> Strip:
    name = str(row["mutator"])
    kind = f", {visible(row['kind'])}" if row["kind"] else ""
    said = f"{_said(row)}. {count(row['calls'], 'call')}."
    figures = (document.get("mutators") or {}).get(name, {})
    return Strip(
        name=name + kind,
        category=name.partition(".")[0],
        problem=problems.get(name, 0),
        said=said,
        sent=_arriving(row["mix"] or {}),
        levels=[],
        drawing=_strip(f"{name}{kind}: {said}", row, _Below(figures.get("rungs") or (), sent.get(name, {}))),
    )


def _said(row: _Figures) -> str:
    """What is known of a breaking point, as a sentence without its full stop."""
    sentence = visible(row["sentence"])
    if row["state"] in {"always", "never"}:
        return f"The system {row['state']} fails{sentence.removeprefix(row['state'])}"
    return f"The system {sentence}" if row["state"] == "breaks" else f"Its breaking point is {sentence}"


def _arriving(mix: _Figures) -> str:
    """How much of production has this damage, and how much of that is beyond the breaking point."""
    if not mix.get("share"):
        return ""
    whole = f"{percent(mix['share'])} of production’s volume is like this"
    if "beyond" not in mix:
        return f"{whole}; how much of it is beyond the breaking point is not known."
    sure = f" ({percent(mix['low'])} to {percent(mix['high'])})" if mix["low"] < mix["high"] else ""
    return f"{whole}, {percent(mix['beyond'])}{sure} beyond the breaking point."


def _unquoted(value: str) -> str:
    """A choice as a label: without its quotes where it is a word, with them where it is only signs."""
    bare = value[1:-1]
    return bare if value == f"'{bare}'" and bare.isalnum() else value


@dataclass(frozen=True, slots=True)
class _Below:
    """What stands below a strip: what each whole level is, and how much of production it is."""

    rungs: Sequence[str]
    shares: Mapping[str, float]

    def labels(self, top: float) -> tuple[Label, ...]:
        found = [Label(_at(level), top, str(level), kind="strong") for level in _LEVELS]
        found.append(Label(0.0, top, "level", "start"))
        values, unit = without_unit(self.rungs)
        found += [Label(_at(level), top + 13, _unquoted(each)) for level, each in zip(_LEVELS, values, strict=False)]
        if unit:
            found.append(Label(WIDTH - 2, top + 26, f"in {unit}", "end"))
        return tuple(found)

    def sent(self, top: float) -> tuple[tuple[Bar, ...], tuple[Label, ...]]:
        """Bars that hang from a line, as long as the largest share is to them, with their figures."""
        largest = max(self.shares.values(), default=0.0)
        bars, labels = [], [Label(0.0, top + 8, "sent", "start")]
        for level, share in sorted(self.shares.items(), key=lambda item: float(item[0])):
            height = max(1.5, 24 * share / largest)
            bars.append(Bar(_at(float(level)) - 9, top, 18, height, "sent"))
            labels.append(Label(_at(float(level)), top + height + 11, percent(share)))
        return tuple(bars), tuple(labels)


def _strip(label: str, row: _Figures, below: _Below) -> Drawing:
    """The levels from left to right; what fails is filled, and the interval of where that begins is a line."""
    state, low, high = row["state"], _at(row["low"]), _at(row["high"])
    start = {"breaks": _at(row["level"] or 0.0), "always": _LEFT}.get(state, _RIGHT)
    bars = [Bar(_LEFT, 8, _RIGHT - _LEFT, 18, "ground")]
    if not row["calls"]:
        return _drawing(label, bars, [], [], [Label(_LEFT + 6, 21, "not tried", "start")], below, 52)
    lines: list[Line] = []
    labels: list[Label] = []
    if start < _RIGHT:
        bars.append(Bar(start, 8, _RIGHT - start, 18, "failing"))
        if _RIGHT - start > 40:
            labels.append(Label(_RIGHT - 6, 21, "fails", "end", "on-failing"))
    if state == "breaks":
        lines += [Line(start, 4, start, 30, "mark"), *whisker(low, high, 34, "sure")]
    elif state == "never":
        labels.append(Label(_LEFT + 6, 21, "holds", "start"))
    elif state == "not known":
        low = min(low, _RIGHT - _NARROW)
        high = max(high, low + _NARROW)
        bars.append(Bar(low, 8, high - low, 18, "open"))
        labels.append(Label((low + high) / 2, 21, "somewhere here" if high - low > 90 else "?"))
        start = low
    if state != "never" and start - _LEFT > 50:
        labels.append(Label(_LEFT + 6, 21, "holds", "start"))
    return _drawing(label, bars, lines, [], labels, below, 52)


def _drawing(
    label: str,
    bars: Sequence[Bar],
    lines: Sequence[Line],
    dots: Sequence[Dot],
    labels: Sequence[Label],
    below: _Below,
    top: float,
) -> Drawing:
    own = below.labels(top)
    depth = 13.0 * (1 + bool(below.rungs)) + 13 * any(each.text.startswith("in ") for each in own)
    sent, said = below.sent(top + depth - 6) if below.shares else ((), ())
    return Drawing(
        label=label,
        height=top + depth - 8 + (42 if below.shares else 0),
        bars=(*bars, *sent),
        lines=tuple(lines),
        dots=tuple(dots),
        labels=(*labels, *own, *said),
    )


def _measured(name: str, figures: _Figures, shares: Mapping[str, float], problems: Mapping[str, int]) -> Strip:
    """The rates of a run by level, above what arrives."""
    upright = between(0, 1, 78, 10)
    found = sorted(((float(level), each) for level, each in figures["levels"].items() if each["runs"]))
    lines = [Line(_LEFT, upright(0), _RIGHT, upright(0), "axis"), Line(_LEFT, upright(1), _RIGHT, upright(1), "")]
    dots, labels = [], [Label(0.0, upright(0), "0 %", "start"), Label(0.0, upright(1) + 4, "100 %", "start")]
    for level, each in found:
        lines += whisker(upright(each["low"]), upright(each["high"]), _at(level), "sure", upright=True)
        dots.append(Dot(_at(level), upright(each["rate"]), 4.5, "failing" if each["failures"] else "now"))
        labels.append(
            Label(
                _at(level) + 7, min(upright(each["rate"]) + 4, upright(0) - 4), percent(each["rate"]), "start", "strong"
            )
        )
    parts = [
        f"level {level:g}: {percent(each['rate'])} ({interval(each['low'], each['high'])} %) of "
        f"{count(each['runs'], 'call')} failed{_sent_at(shares, level)}"
        for level, each in found
    ]
    tried = {f"{level:g}" for level, _ in found}
    untried = sum(share for level, share in shares.items() if level not in tried)
    said = "; ".join(parts)
    none = f", {percent(untried)} of it at levels where nothing was called" if untried else ""
    below = _Below(figures.get("rungs") or (), shares)
    return Strip(
        name=name,
        category=str(figures["category"]),
        problem=problems.get(name, 0),
        said="",
        sent=f"{percent(sum(shares.values()))} of production’s volume{none}.",
        levels=sorted(tried, key=float),
        drawing=_drawing(f"{name}: failures by level. {said}.", [], lines, dots, labels, below, 96),
    )


def _sent_at(shares: Mapping[str, float], level: float) -> str:
    share = shares.get(f"{level:g}")
    return f", {percent(share)} of production" if share else ""
