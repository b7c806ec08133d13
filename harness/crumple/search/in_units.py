"""Breaking points as people know them: in the unit of the mutator's parameter, and in a sentence. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

from crumple.events import BreakingPoint
from crumple.mix import Mix
from crumple.mutation.ladder import Ladder
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import Registry
from crumple.recipe import Value
from crumple.search.psychometric import WORST

_MILDEST = 1e-6
_ORDER = ("always", "breaks", "not known", "never")


def rows(points: Iterable[BreakingPoint], registry: Registry, mix: Mix | None) -> list[dict[str, Any]]:
    """One row a curve for the run's document, what breaks first before the others."""
    order = sorted(points, key=lambda each: (_ORDER.index(each.state), each.level or 0.0, each.mutator, each.kind))
    return [_row(each, registry.get(each.mutator), mix) for each in order]


def _row(point: BreakingPoint, mutator: Mutator, mix: Mix | None) -> dict[str, Any]:
    ladder = mutator.ladder
    assert ladder is not None

    def at(level: float | None) -> Value | None:
        return None if level is None else ladder.at(max(level, _MILDEST))

    return {
        "mutator": point.mutator,
        "kind": point.kind,
        "state": point.state,
        "rate": point.rate,
        "calls": point.calls,
        "level": point.level,
        "low": point.low,
        "high": point.high,
        "parameter": mutator.parameter,
        "unit": ladder.unit,
        "value": at(point.level),
        "value_low": at(point.low),
        "value_high": at(point.high),
        "falls": falls(ladder),
        "falls_again": at(point.falls),
        "ends": {"failures": point.ends[0], "calls": point.ends[1]},
        "mix": _arriving(point, mix),
        "sentence": sentence(point, ladder),
    }


def falls(ladder: Ladder) -> bool:
    """Whether the parameter falls as the damage grows, as a resolution does."""
    first, last = ladder.rungs[0], ladder.rungs[-1]
    return not _named(first) and not _named(last) and float(last) < float(first)


def _named(value: Value) -> bool:
    return isinstance(value, (str, bool))


def _arriving(point: BreakingPoint, mix: Mix | None) -> dict[str, float] | None:
    """The mutator's share of production, and how much of it is beyond the breaking point; None where there is no mix.

    What is beyond the whole interval is at least that much, what is beyond its milder end at most.
    """
    if mix is None:
        return None
    shares = [(level, share) for (name, level), share in mix.damaged.items() if name == point.mutator]

    def beyond(level: float) -> float:
        return math.fsum(share for at, share in shares if at >= level)

    found: dict[str, float] = {"share": beyond(0.0)}
    if point.state == "never":
        found |= {"beyond": 0.0, "low": 0.0, "high": 0.0}
    elif point.state in {"breaks", "always"}:
        level = point.low if point.level is None else point.level
        found |= {"beyond": beyond(level), "low": beyond(point.high), "high": beyond(point.low)}
    return found


def sentence(point: BreakingPoint, ladder: Ladder) -> str:
    """What is known of a breaking point: "fails from 6.1 deg on (5.8-6.4)"."""
    again = f"; less often again {_from(ladder, point.falls)}" if point.falls is not None else ""
    failures, calls = point.ends
    match point.state:
        case "breaks":
            assert point.level is not None
            return f"fails {_from(ladder, point.level)}{_interval(point, ladder)}{again}"
        case "never":
            return f"never, not even at {shown(ladder, WORST)} ({failures} of {calls} failed there)"
        case "always":
            return f"always, {shown(ladder, point.low)} is enough ({failures} of {calls} failed there){again}"
        case _:
            return f"not known{_reason(point, ladder)}{again}"


def _reason(point: BreakingPoint, ladder: Ladder) -> str:
    if not point.calls:
        return ": not tried"
    if point.falls is not None:
        return ": there is no one point, it fails in between"
    mildest = 1.0 if ladder.zero is None else 0.0
    early, late = point.low <= mildest + 0.11, point.high >= WORST
    if early and late:
        return ""
    if late:
        return f": not before {shown(ladder, point.low)}"
    if early:
        return f": at {shown(ladder, point.high)} at the latest"
    return f": between {shown(ladder, point.low)} and {shown(ladder, point.high)}"


def _from(ladder: Ladder, level: float) -> str:
    return f"below {shown(ladder, level)}" if falls(ladder) else f"from {shown(ladder, level)} on"


def _interval(point: BreakingPoint, ladder: Ladder) -> str:
    ends = sorted(_numbers(ladder, [point.low, point.high]), key=_as_number)
    return f" ({ends[0]}-{ends[1]})" if ends[0] != ends[1] and not _named(ladder.rungs[0]) else _names(point, ladder)


def _names(point: BreakingPoint, ladder: Ladder) -> str:
    if not _named(ladder.rungs[0]) or point.low == point.high:
        return ""
    return f" ({ladder.at(point.low)} to {ladder.at(point.high)})"


def _as_number(text: str) -> float:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return 0.0


def shown(ladder: Ladder, level: float) -> str:
    """A level's value with its unit: "6.1 deg", "12 % of fields"."""
    (number,) = _numbers(ladder, [level])
    if _named(ladder.rungs[0]):
        return repr(number)
    share, rest = _share(ladder.unit)
    if share:
        return f"{number} %{rest}"
    return f"{number} {ladder.unit}".rstrip()


def _share(unit: str) -> tuple[bool, str]:
    """Whether it is a share, and of what."""
    return (True, unit.removeprefix("share")) if unit == "share" or unit.startswith("share of") else (False, "")


def _numbers(ladder: Ladder, levels: Iterable[float]) -> Iterator[str]:
    """Values at levels, to two digits that say something; three where the first is a 1."""
    for level in levels:
        value = ladder.at(max(level, _MILDEST))
        if _named(value):
            yield str(value)
        else:
            number = float(value) * (100 if _share(ladder.unit)[0] else 1)
            yield f"{int(value):,}" if isinstance(value, int) and number == value else _digits(number)


def _digits(number: float) -> str:
    if not number:
        return "0"
    size = math.floor(math.log10(abs(number)))
    first = abs(number) / 10**size
    places = (2 if first < 2 else 1) - size
    return f"{round(number, places):,.{max(0, places)}f}" if places > 0 else f"{round(number):,}"
