"""One plain sentence for what has come out of a limit, and its figures as people write them. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from crumple.contract.amounts import DOWN, NEAREST, SAME, UP, amount, percent, same
from crumple.contract.limits import ALL, CLEAN, PRODUCTION, Limit, Metric, State
from crumple.contract.verdicts import Decision
from crumple.contract.weighing import Side

_VERBS = {
    Metric.FAILURES: ("fails {} of the time", "fail {} of the time"),
    Metric.SILENT: ("fails silently {} of the time", "fail silently {} of the time"),
    Metric.REFUSALS: ("is refused {} of the time", "are refused {} of the time"),
    Metric.ACCURACY: ("scores {} on average", "score {} on average"),
    Metric.VALID: ("gets an answer that keeps to the schema {} of the time",) * 2,
    Metric.LATENCY: ("takes up to {} in 95 % of the calls", "take up to {} in 95 % of the calls"),
    Metric.COST: ("costs {} a call", "cost {} a call"),
}


def name_of(limit: Limit) -> str:
    """What a limit is called: "scan, failures, up to level 3"."""
    words = {
        Metric.SILENT: "silent failures",
        Metric.LATENCY: "latency (95th percentile)",
        Metric.COST: "mean cost",
        Metric.VALID: "valid answers",
    }
    return ", ".join([limit.of, words.get(limit.metric, limit.metric.value), *_levels(limit)])


def _levels(limit: Limit) -> list[str]:
    up_to = limit.up_to_level < 5 and limit.of != CLEAN
    return [f"up to level {limit.up_to_level:g}"] if up_to else []


def written(limit: Limit, value: float, rounding: str = NEAREST) -> str:
    """A figure of a limit as people read it, never on the other side of the limit than it is."""
    match limit.metric:
        case Metric.LATENCY:
            return f"{amount(value, limit.bound, rounding=rounding)} s"
        case Metric.COST:
            return amount(value, limit.bound, rounding=rounding)
        case _:
            return percent(value, limit.bound, rounding=rounding)


def shown(decision: Decision, side: Side | None = None) -> tuple[float | None, float | None, float | None]:
    """The figure and its bounds as people read them: a share that is right, seconds, money; None: not known.

    Args:
        decision: of a limit.
        side: another side of it than the one that decides.
    """
    limit = decision.limit
    if limit.metric is Metric.LATENCY:
        return decision.seconds if side is None else decision.other_seconds
    which = decision.side if side is None else side
    if which.rate is None:
        return None, None, None
    low, high = (decision.low, decision.high) if side is None else side.bounds(limit.confidence)
    if limit.metric is Metric.COST:
        return which.rate, max(0.0, low) if math.isfinite(low) else None, high if math.isfinite(high) else None
    if limit.metric.at_least:
        return 1.0 - which.rate, 1.0 - high, 1.0 - low
    return which.rate, low, high


def sentence(decision: Decision) -> str:
    """What has come out, in one sentence: "scan fails 12.4 % of the time, at least 9.1 % ...; the limit is 5 %."."""
    limit, figure = decision.limit, shown(decision)
    subject, plural = _subject(limit)
    if decision.side.rate is None:
        what = name_of(limit).partition(", ")[2]
        return f"{_capital(subject).removesuffix(',')}: nothing is known of {what}; {decision.why}."
    if limit.metric is Metric.LATENCY and (decision.method == "sequential" or figure[0] is None):
        text, bounds, asked = _slower(decision)
    else:
        value = figure[0]
        assert value is not None
        text = f"{subject} " + _VERBS[limit.metric][plural].format(written(limit, value))
        bounds = _bounds(decision, figure[1], figure[2], lambda each, way: written(limit, each, way), limit.bound)
        asked = ("at least " if limit.metric.at_least else "") + written(limit, limit.bound)
    about = "" if decision.method == "census" else f"on {limit.about} "
    said = f"{about}{text}{bounds}; the limit is {asked}"
    return _capital(said + (f": {decision.why}." if decision.why else "."))


def _slower(decision: Decision) -> tuple[str, str, str]:
    """Of latency, the share of calls that take too long, where the percentile itself is not known."""
    limit, side = decision.limit, decision.side
    subject, plural = _subject(limit)
    rate = side.rate or 0.0
    takes = "take" if plural else "takes"
    text = f"{subject} {takes} longer than {written(limit, limit.bound)} {percent(rate, 0.05)} of the time"
    bounds = _bounds(
        decision, decision.low, decision.high, lambda each, way: percent(each, 0.05, rounding=way), 0.05, ceiling=True
    )
    return text, bounds, "5 % of the calls"


def _bounds(
    decision: Decision,
    low: float | None,
    high: float | None,
    write: Callable[[float, str], str],
    bound: float,
    *,
    ceiling: bool = False,
) -> str:
    limit = decision.limit
    if decision.method == "census":
        return f", on all {decision.side.calls:,} clean documents that there are"
    sure = f"with {percent(limit.confidence)} confidence"
    up = (decision.state is State.MET) == (ceiling or not limit.metric.at_least)
    if decision.state is not State.UNDECIDED:
        end = high if up else low
        if end is None:
            return f", {sure}"
        strict = decision.state is State.BROKEN and same(end, bound)
        words = ("less than" if strict else "at most") if up else ("more than" if strict else "at least")
        return f", {words} {write(end, UP if up else DOWN)} {sure}"
    if high is None or (high >= 1 and limit.metric not in (Metric.COST, Metric.LATENCY)):
        return f", at least {write(low, DOWN)} {sure}" if low else ""
    if not low:
        return f", at most {write(high, UP)} {sure}"
    return (
        f", between {write(low or 0.0, DOWN)} and {write(high, UP)} ({percent(limit.confidence)} confidence each way)"
    )


def _subject(limit: Limit) -> tuple[str, bool]:
    """Who it is said of, and whether in the plural."""
    levels = "".join(f" {each}" for each in _levels(limit))
    if limit.of == CLEAN:
        return "clean documents", True
    if limit.of == ALL:
        return f"all mutators together{levels}", True
    return ("production, as the mix has it," if limit.of == PRODUCTION else f"{limit.of}{levels}"), False


def _capital(text: str) -> str:
    """A sentence's beginning; names of mutators and categories stay as they are."""
    own = ("clean documents", "all mutators", "production,", "on these", "on documents")
    return text[0].upper() + text[1:] if text.startswith(own) else text


def row(decision: Decision) -> dict[str, Any]:
    """A limit's line in the document of a run."""
    limit, side, other = decision.limit, decision.side, decision.other
    figure, low, high = shown(decision)
    other_figure, other_low, other_high = shown(decision, other)
    if decision.method == "sequential":
        other_low = other_high = None  # calls that were chosen by what they showed bear no interval
    return {
        "name": name_of(limit),
        "of": limit.of,
        "metric": limit.metric.value,
        "limit": limit.bound,
        "up_to_level": limit.up_to_level,
        "confidence": limit.confidence,
        "about": limit.about,
        "state": decision.state.value,
        "figure": _plain(figure),
        "low": _plain(low),
        "high": _plain(high),
        "calls": side.calls,
        "groups": side.groups,
        "design_effect": _plain(side.design_effect),
        "method": decision.method,
        "decided_after": decision.decided_after,
        "why": decision.why,
        "sentence": sentence(decision),
        "shown": _cells(decision),
        "other": {
            "about": other.about,
            "figure": _plain(other_figure),
            "low": _plain(other_low),
            "high": _plain(other_high),
            "calls": other.calls,
            "groups": other.groups,
            "design_effect": _plain(other.design_effect),
            "shown": _beside(limit, other, other_figure, other_low, other_high),
        },
        "left_out": list(decision.left_out),
    }


def _cells(decision: Decision) -> dict[str, str]:
    """The figure, the bound that counts and the limit as a table shows them."""
    limit, rate = decision.limit, decision.side.rate
    figure, low, high = shown(decision)
    if limit.metric is Metric.LATENCY and figure is None and rate is not None:
        over = {State.MET: f"at most {percent(decision.high, 0.05, rounding=UP)}"}
        over[State.BROKEN] = f"at least {percent(decision.low, 0.05, rounding=DOWN)}"
        over[State.UNDECIDED] = _range(
            percent(decision.low, 0.05, rounding=DOWN), percent(decision.high, 0.05, rounding=UP)
        )
        return {
            "figure": f"{percent(rate, 0.05)} over",
            "bound": over[decision.state],
            "limit": f"5 % over {written(limit, limit.bound)}",
        }
    floor = limit.metric.at_least
    which = {State.MET: not floor, State.BROKEN: floor, State.UNDECIDED: None}[decision.state]
    if decision.method == "census":
        bound = "all tried"
    elif which is None:
        bound = _range(_end(limit, low, DOWN), _end(limit, high, UP)) if high is not None else "not known"
    else:
        word, value, way = ("at most ", high, UP) if which else ("at least ", low, DOWN)
        if decision.state is State.BROKEN and value is not None and same(value, limit.bound):
            word = "under " if which else "over "
        bound = "-" if value is None else word + written(limit, value, way)
    return {
        "figure": "-" if figure is None else written(limit, figure),
        "bound": bound,
        "limit": ("at least " if floor else "at most ") + written(limit, limit.bound),
    }


def _beside(limit: Limit, other: Side, figure: float | None, low: float | None, high: float | None) -> str:
    """The other figure in words, with what it comes from."""
    if figure is None:
        return ""
    parts = [written(limit, figure)]
    if low is not None and high is not None:
        parts.append(f"between {written(limit, low, DOWN)} and {written(limit, high, UP)}")
    if other.design_effect is not None:
        parts.append(f"design effect {other.design_effect:.1f}")
    return ", ".join(parts)


def _range(low: str, high: str) -> str:
    """From the one to the other, the unit once: "1.3-13.5 %"."""
    number, _, unit = low.partition(" ")
    same_unit = unit == high.partition(" ")[2]
    return f"{number if same_unit else low}-{high}"


def _end(limit: Limit, value: float | None, way: str) -> str:
    return "?" if value is None else written(limit, value, way)


def _plain(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else round(value, SAME)
