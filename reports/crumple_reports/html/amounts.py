"""How long calls took, and what they cost."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from crumple import Material
from crumple_reports.figures import count, money, percent
from crumple_reports.html.charts import WIDTH, Bar, Drawing, Label, Line, decades
from crumple_reports.html.section import Section

_SMALL: Final = 120.0
_TOGETHER: Final = 5
"""So many bins of the document are one bar."""
_Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """Some calls.

    Attributes:
        category: as filters know it; "" of clean documents and of all degraded ones.
        calls: how many have a time.
        quantiles: the median, the 95th and the 99th percentile: each with its interval; "" where none is known.
        stopped: how many were stopped at their time limit.
        picture: a histogram.
    """

    name: str
    category: str
    calls: str
    quantiles: Sequence[tuple[str, str]]
    longest: str
    stopped: int
    picture: Drawing


def section(document: Mapping[str, Any], material: Material) -> Section | None:
    """The section; None of a document without times."""
    found = document.get("amounts")
    if not found or "degraded" not in found:
        return None
    named = [("clean documents", "", found["clean"]), ("degraded documents", "", found["degraded"])]
    slowest = sorted(found["categories"].items(), key=lambda item: -item[1]["seconds"]["longest"])
    named = [each for each in (*named, *((name, name, own) for name, own in slowest)) if each[2]["calls"]]
    timed = [each for each in named if each[2]["seconds"]["timed"]]
    paid = [each for each in named if each[2]["money"]]
    if not timed and not paid:
        return None
    model = _latency(timed, found) | {
        "money": [_paid(name, category, own["money"], own["calls"]) for name, category, own in paid],
        "again": any(own["money"]["retries"] for *_, own in paid),
        "whole": _whole(document, found) if paid else "",
    }
    title = "Latency and cost" if timed and paid else "Latency" if timed else "Cost"
    return Section("amounts", title, model)


def _latency(timed: Sequence[tuple[str, str, _Figures]], found: _Figures) -> dict[str, Any]:
    """What is known of times; nothing is where no call has one."""
    if not timed:
        return {"large": [], "rows": [], "stopped": False, "outcomes": []}
    axis = _Axis.of([own for *_, own in timed], found["bins_per_decade"])
    rows = [_row(name, category, own, axis) for name, category, own in timed]
    return {
        "large": [
            (name, _highest(own), _histogram(name, own, axis, _WIDE)) for name, category, own in timed if not category
        ],
        "rows": rows,
        "stopped": any(each.stopped for each in rows),
        "outcomes": _outcomes(found["degraded"]),
    }


def _row(name: str, category: str, own: _Figures, axis: _Axis) -> Row:
    return Row(
        name=name,
        category=category,
        calls=f"{own['seconds']['timed']:,}",
        quantiles=[_quantile(own["seconds"][each]) for each in ("median", "p95", "p99")],
        longest=seconds(own["seconds"]["longest"]),
        stopped=own["outcomes"].get("hung", {}).get("calls", 0),
        picture=_histogram(name, own, axis, _NARROW),
    )


def _quantile(found: _Figures | None) -> tuple[str, str]:
    if found is None:
        return "", ""
    low, high = found["low"], found["high"]
    if low is None and high is None:
        return seconds(found["value"]), ""
    if high is None:
        return seconds(found["value"]), f"at least {seconds(low)}"
    if low is None:
        return seconds(found["value"]), f"at most {seconds(high)}"
    return seconds(found["value"]), f"{seconds(low)} to {seconds(high)}"


def seconds(value: float) -> str:
    """A time with three digits that say something: "0.45 ms", "34 ms", "1.34 s", "12.5 s", "95 s", "4.2 min"."""
    if value < 0.001:
        return f"{value * 1000:.2g} ms"
    if value < 1:
        return f"{value * 1000:.3g} ms" if value < 0.0995 else f"{value * 1000:.0f} ms"
    return f"{value:.3g} s" if value < 120 else f"{value / 60:,.3g} min" if value < 60_000 else f"{value / 3600:,.0f} h"


def _outcomes(degraded: _Figures) -> list[tuple[str, str, str, str]]:
    """How long degraded calls took by how they ended: outcome, calls, mean, longest."""
    timed = {name: each for name, each in degraded["outcomes"].items() if each["timed"]}
    return [
        (name, f"{each['timed']:,}", seconds(each["seconds"] / each["timed"]), seconds(each["longest"]))
        for name, each in sorted(timed.items(), key=lambda item: -item[1]["seconds"] / item[1]["timed"])
    ]


def _paid(name: str, category: str, paid: _Figures, calls: int) -> dict[str, Any]:
    return {
        "name": name,
        "category": category,
        "calls": f"{calls:,}",
        "total": money(paid["total"]),
        "mean": money(paid["mean"]),
        "failures": _part(paid["failures"], paid["total"]),
        "retries": _part(paid["retries"], paid["total"]),
    }


def _part(amount: float, whole: float) -> str:
    return f"{money(amount)} ({percent(amount / whole)})" if amount else "0"


def _whole(document: _Figures, found: _Figures) -> str:
    """What all of the run cost, with what is in no row."""
    total = float((document.get("run") or {}).get("cost") or 0.0)
    told = sum((found[name]["money"] or {}).get("total", 0.0) for name in ("clean", "degraded"))
    if not total:
        return ""
    rest = total - told
    more = (
        f" {money(rest)} of it is in no row: controls, failures that were called again, calls that came to nothing, "
        "and rounds that did not become whole."
    )
    return f"The whole run cost {money(total)}, in the currency of [system] cost.{more if rest > 1e-6 * total else ''}"


@dataclass(frozen=True, slots=True)
class _Axis:
    """The range of times that all histograms share.

    Attributes:
        first, last: numbers of bars.
        wide: how many bins of the document are a decade.
    """

    first: int
    last: int
    wide: int

    @classmethod
    def of(cls, amounts: Sequence[_Figures], wide: int) -> _Axis:
        """The one that the bins of some amounts are on."""
        numbers = [number // _TOGETHER for own in amounts for number, *_ in own["seconds"]["bins"]]
        return cls(min(numbers), max(numbers) + 1, wide)

    def edge(self, number: int) -> float:
        """Where a bar begins, in seconds."""
        return float(10 ** (number * _TOGETHER / self.wide))


@dataclass(frozen=True, slots=True)
class _Size:
    """How a histogram is drawn."""

    width: float
    height: float
    foot: float


_WIDE: Final = _Size(WIDTH, 72.0, 26.0)
_NARROW: Final = _Size(_SMALL, 22.0, 0.0)


def _heaps(own: _Figures) -> dict[int, int]:
    """The bars of a histogram: number -> calls."""
    heaps: dict[int, int] = {}
    for number, calls, _ in own["seconds"]["bins"]:
        heaps[number // _TOGETHER] = heaps.get(number // _TOGETHER, 0) + calls
    return heaps


def _highest(own: _Figures) -> str:
    return count(max(_heaps(own).values()), "call")


def _histogram(name: str, own: _Figures, axis: _Axis, size: _Size) -> Drawing:
    heaps = _heaps(own)
    highest, pad = max(heaps.values()), 22.0 if size.foot else 1.0
    at = decades(axis.edge(axis.first), axis.edge(axis.last), pad, size.width - pad)
    bars = []
    for number, calls in sorted(heaps.items()):
        left, right = at(axis.edge(number)), at(axis.edge(number + 1))
        height = max(1.5, size.height * calls / highest)
        bars.append(Bar(left, size.height + 2 - height, max(1.0, right - left - 0.8), height, "calm"))
    ground = size.height + 2
    lines = [Line(pad, ground, size.width - pad, ground, "axis")]
    labels: list[Label] = []
    if size.foot:
        for power in range(
            math.ceil(math.log10(axis.edge(axis.first))), math.floor(math.log10(axis.edge(axis.last))) + 1
        ):
            x = at(10.0**power)
            lines.append(Line(x, ground, x, ground + 4, "axis"))
            labels.append(Label(x, ground + 16, seconds(10.0**power)))
        if not labels:
            labels = [
                Label(at(axis.edge(end)), ground + 16, seconds(axis.edge(end))) for end in (axis.first, axis.last)
            ]
    median = own["seconds"]["median"]
    middle = f"the median is {seconds(median['value'])}, " if median else ""
    longest = seconds(own["seconds"]["longest"])
    label = f"{name}: {count(own['seconds']['timed'], 'call')}, {middle}the longest took {longest}."
    return Drawing(label, ground + max(2.0, size.foot - 2), tuple(bars), tuple(lines), (), tuple(labels), size.width)
