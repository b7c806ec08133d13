"""Calls counted by what became of them, and the rate and interval that a count comes to. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from crumple.noted import Noted
from crumple.outcome import Outcome
from crumple.result import Result
from crumple.statistics.clustered import effective, interval
from crumple.statistics.rates import wilson
from crumple.statistics.sums import GroupSums

_EACH_SIDE = 0.975
"""The confidence of each bound of a two-sided interval of 95 %."""


@dataclass(slots=True)
class Count:
    """Calls of one kind.

    Attributes:
        runs: calls that came to an outcome.
        drawn: how many of them were no repetition of another: what an interval is about.
        flaky: how many documents failed in some of their repetitions and not in others.
        by_case: case -> its calls.
        failing: case -> how many of them failed, where any did.
    """

    runs: int = 0
    drawn: int = 0
    flaky: int = 0
    failures: int = 0
    silent: int = 0
    void: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    by_case: Noted = field(default_factory=Noted)
    failing: Noted = field(default_factory=Noted)
    figures: dict[str, tuple[float, int]] = field(default_factory=dict)

    def add(self, result: Result) -> None:
        """Count one result; skips are none, and void ones are in no rate."""
        verdict = result.verdict
        if verdict is None:
            return
        self.outcomes[verdict.outcome] = self.outcomes.get(verdict.outcome, 0) + 1
        if verdict.outcome is Outcome.VOID:
            self.void += 1
            return
        self.runs += 1
        self.drawn += result.work.key.endswith("/0")
        self.failures += verdict.failure
        self.silent += verdict.failure and verdict.silent
        case = result.work.case
        self.by_case.note(case)
        if verdict.failure:
            self.failing.note(case)
        for name, value in verdict.figures.items():
            self._figure(name, value, 1)

    def _figure(self, name: str, value: float, calls: int) -> None:
        total, before = self.figures.get(name, (0.0, 0))
        self.figures[name] = (total + value, before + calls)

    def join(self, other: Count) -> None:
        """Add another count's calls."""
        self.runs += other.runs
        self.drawn += other.drawn
        self.flaky += other.flaky
        self.failures += other.failures
        self.silent += other.silent
        self.void += other.void
        self.by_case.join(other.by_case)
        self.failing.join(other.failing)
        for outcome, number in other.outcomes.items():
            self.outcomes[outcome] = self.outcomes.get(outcome, 0) + number
        for name, (total, calls) in other.figures.items():
            self._figure(name, total, calls)

    @property
    def rate(self) -> float | None:
        """The share of failures; None where there were no calls."""
        return self.failures / self.runs if self.runs else None

    @property
    def draws(self) -> int:
        """How many calls were no repetition of another."""
        return self.drawn or self.runs

    def document(self, rate: float | None, calls: float | None = None) -> dict[str, Any]:
        """The figures, with a rate that may be weighted and its 95 % Wilson interval.

        Args:
            rate: what is shown.
            calls: how many calls of equal weight it is worth; by default all of these.
        """
        low, high = wilson(rate, self.draws if calls is None else calls) if rate is not None else (0.0, 1.0)
        return {
            "cases": len(self.by_case),
            "runs": self.runs,
            "failures": self.failures,
            "silent": self.silent,
            "flaky": self.flaky,
            "rate": rate,
            "low": low,
            "high": high,
            "outcomes": dict(sorted(self.outcomes.items())),
            "figures": {name: total / calls for name, (total, calls) in sorted(self.figures.items())},
        }


def together(counts: Iterable[Count]) -> Count:
    """The sum of counts."""
    total = Count()
    for count in counts:
        total.join(count)
    return total


def mean(rates: Iterable[float | None]) -> float | None:
    """The mean of the rates that are known; None where none is."""
    known = [rate for rate in rates if rate is not None]
    return sum(known) / len(known) if known else None


Parts: TypeAlias = Sequence[tuple[float, Count]]
"""Counts with what each weighs; those without calls have no part in a rate."""


def evenly(levels: Iterable[Mapping[float, Count]]) -> list[tuple[float, Count]]:
    """The counts of some mutators by level: each mutator weighs the same, and so does each of its levels."""
    known = [own for each in levels if (own := [count for _, count in sorted(each.items()) if count.runs])]
    return [(1.0 / len(known) / len(own), count) for own in known for count in own]


def document(parts: Parts, counts: Iterable[Count], groups: Mapping[str, str]) -> dict[str, Any]:
    """The figures of several counts, with their weighted rate: about these documents, and about documents like these.

    Args:
        parts: what the rate is made of; the weights come to 1.
        counts: what is added up beside it.
        groups: case -> its group.

    Source: the effective number of calls that do not weigh the same: L. Kish, "Survey Sampling" (1965), section 11.7.
    """
    whole = together(counts)
    if not parts:
        return whole.document(None) | {"like_these": None}
    rate = min(1.0, math.fsum(weight * count.failures / count.runs for weight, count in parts))
    calls = 1 / math.fsum(weight**2 / count.draws for weight, count in parts)
    return whole.document(rate, calls) | {"like_these": _like_these(parts, calls, groups)}


def _like_these(parts: Parts, calls: float, groups: Mapping[str, str]) -> dict[str, Any]:
    """The 95 % interval of the rate of documents like these: of one origin they fail together."""
    sums = GroupSums()
    for weight, count in parts:
        each = weight * calls / count.runs
        for add, noted in ((sums.add, count.by_case), (sums.see, count.failing)):
            cases, times = noted.parts()
            add(each, list(map(groups.get, cases, cases)), times)
    known = effective(sums.pairs(), _EACH_SIDE)
    low, high = interval(known, _EACH_SIDE)
    return {
        "low": low,
        "high": high,
        "groups": known.groups,
        "effective_calls": known.effective_calls,
        "design_effect": known.design_effect,
    }
