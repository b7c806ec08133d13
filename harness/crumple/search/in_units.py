"""Breaking points as people know them: in the unit of the mutator's parameter, and in a sentence. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, Final

from crumple.errors import CrumpleError
from crumple.events import BreakingPoint
from crumple.mix import Mix
from crumple.mutation.ladder import Ladder
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import Registry
from crumple.plain_text import visible
from crumple.recipe import Step, Value
from crumple.search.psychometric import WORST

_LEAST: Final = 1e-6
_MILDEST: Final = 0.11
_BEFORE: Final = ("quality", "sigma")
"""Units that are names, and stand before their number."""
_ORDER: Final = ("always", "breaks", "not known", "never")


def rows(points: Iterable[BreakingPoint], registry: Registry, mix: Mix | None) -> list[dict[str, Any]]:
    """One row a curve for the run's document, what breaks first before the others."""
    order = sorted(points, key=lambda each: (_ORDER.index(each.state), each.level or 0.0, each.mutator, each.kind))
    return [_row(each, registry.get(each.mutator), mix) for each in order]


def _row(point: BreakingPoint, mutator: Mutator, mix: Mix | None) -> dict[str, Any]:
    ladder = mutator.ladder
    assert ladder is not None

    def at(level: float | None) -> Value | None:
        return None if level is None else ladder.at(max(level, _LEAST))

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
        "mix": _arriving(point, ladder, mix),
        "sentence": sentence(point, ladder),
    }


def falls(ladder: Ladder) -> bool:
    """Whether the parameter falls as the damage grows, as a resolution does."""
    first, last = ladder.rungs[0], ladder.rungs[-1]
    return not _named(first) and not _named(last) and float(last) < float(first)


def _named(value: Value) -> bool:
    return isinstance(value, (str, bool))


def _arriving(point: BreakingPoint, ladder: Ladder, mix: Mix | None) -> dict[str, float] | None:
    """The mutator's share of production, and how much of it is beyond the breaking point; None where there is no mix.

    What is beyond the whole interval is at least that much, what is beyond its milder end at most.
    """
    if mix is None:
        return None
    shares = [(level, share) for (name, level), share in mix.damaged.items() if name == point.mutator]

    def beyond(level: float) -> float:
        return math.fsum(share for at, share in shares if at >= level or _alike(point, ladder, at, level))

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
            return f"fails {_broken(point, ladder)}{again}"
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
    early, late = point.low <= _MILDEST + (ladder.zero is None or _named(ladder.rungs[0])), point.high >= WORST
    if early and late:
        return ""
    if late:
        return f"; it holds {'down' if falls(ladder) else 'up'} to {shown(ladder, point.low)}"
    if early:
        return f"; it fails {_from(ladder, point.high)} at the latest"
    return f"; between {shown(ladder, point.low)} and {shown(ladder, point.high)}"


def _from(ladder: Ladder, level: float) -> str:
    return f"below {shown(ladder, level)}" if falls(ladder) else f"from {shown(ladder, level)} on"


def _broken(point: BreakingPoint, ladder: Ladder) -> str:
    """The breaking point with its interval, all three to the same digit."""
    assert point.level is not None
    values = [_at(ladder, each) for each in (point.level, point.low, point.high)]
    if _named(values[0]):
        value, low, high = map(repr, values)
        return f"from {value} on" + (f" ({low} to {high})" if low != high else "")
    numbers = [_in_percent(ladder, value) for value in values]
    value, *ends = _digits(numbers, _is_share(ladder), abs(numbers[2] - numbers[1]))
    if numbers[1] > numbers[2]:
        ends.reverse()
    interval = f" ({ends[0]}-{ends[1]})" if ends[0] != ends[1] else ""
    value = _with_unit(value, ladder)
    return (f"below {value}" if falls(ladder) else f"from {value} on") + interval


def shown(ladder: Ladder, level: float) -> str:
    """A level's value with its unit: "6.1 deg", "12 % of fields"."""
    return valued(ladder, _at(ladder, level))


def of_step(step: Step, mutator: Mutator | None) -> str:
    """How much of its mutator's damage a step does: "angle 6.1 deg, level 3.2, only changes 0-3, counted from 0".

    Args:
        step: of a recipe.
        mutator: its own; None: it is not known (any more).
    """
    parts = []
    value = dict(step.parameters).get(mutator.parameter) if mutator is not None else None
    if mutator is not None and mutator.ladder is not None and value is not None:
        said = mutator.parameter == "share" or mutator.ladder.unit.startswith(mutator.parameter)
        parts.append(f"{'' if said else mutator.parameter + ' '}{valued(mutator.ladder, value)}")
        with suppress(CrumpleError):  # a value that is not on the ladder any more
            parts.append(f"level {mutator.level_of(step):.2g}")
    if step.only:
        parts.append(f"only change{'s' * (not step.only.isdigit())} {step.only.replace(',', ', ')}, counted from 0")
    if step.part:
        parts.append(f"in {visible(step.part)}")
    return ", ".join(parts)


def valued(ladder: Ladder, value: Value) -> str:
    """A parameter's value with its unit."""
    if _named(value):
        return repr(value)
    (number,) = _digits([_in_percent(ladder, value)], _is_share(ladder))
    return _with_unit(number.rstrip("0").rstrip(".") if "." in number else number, ladder)


def _at(ladder: Ladder, level: float) -> Value:
    return ladder.at(max(level, _LEAST))


def _alike(point: BreakingPoint, ladder: Ladder, level: float, other: float) -> bool:
    """Whether two levels read the same beside a breaking point: what "fails from 2.0 deg on" is so of 2 deg."""
    if point.state != "breaks" or point.level is None:
        return False
    values = [_at(ladder, each) for each in (point.level, point.low, point.high, level, other)]
    if any(map(_named, values)):
        return False
    numbers = [_in_percent(ladder, value) for value in values]
    places = _places(numbers[:3], _is_share(ladder), abs(numbers[2] - numbers[1]))
    return round(numbers[3], places) == round(numbers[4], places)


def _is_share(ladder: Ladder) -> bool:
    return ladder.unit == "share" or ladder.unit.startswith("share of ")


def _with_unit(number: str, ladder: Ladder) -> str:
    if _is_share(ladder):
        return f"{number} %{ladder.unit.removeprefix('share')}"
    if ladder.unit in _BEFORE:
        return f"{ladder.unit} {number}"
    return f"{number} {ladder.unit}".rstrip()


def _in_percent(ladder: Ladder, value: Value) -> float:
    return float(value) * (100 if _is_share(ladder) else 1)


def _digits(numbers: Sequence[float], percent: bool, apart: float = 0.0) -> list[str]:
    """Numbers to the same digit: the second one of the smallest, or one that tells them apart."""
    places = _places(numbers, percent, apart)
    return [f"{each:,.{places}f}" for each in numbers]


def _places(numbers: Sequence[float], percent: bool, apart: float) -> int:
    """How many decimals; of shares near to all it is what is left that counts: 99.7 %."""
    sizes = [abs(each) for each in numbers] + [100 - each for each in numbers if percent and each > 50]
    sizes = [each for each in [*sizes, 3 * apart] if each > 0]
    whole = all(each == int(each) for each in numbers)
    return 0 if whole or not sizes else max(0, 1 - math.floor(math.log10(min(sizes) * (1 + 1e-9))))
