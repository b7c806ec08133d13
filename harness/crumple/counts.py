"""Calls counted by what became of them, and the rate and interval that a count comes to. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from crumple.outcome import Outcome
from crumple.result import Result
from crumple.statistics import wilson


@dataclass(slots=True)
class Count:
    """Calls of one kind.

    Attributes:
        runs: calls that came to an outcome.
        drawn: how many of them were no repetition of another: what an interval is about.
        flaky: how many documents failed in some of their repetitions and not in others.
    """

    runs: int = 0
    drawn: int = 0
    flaky: int = 0
    failures: int = 0
    silent: int = 0
    void: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    cases: set[str] = field(default_factory=set)
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
        self.cases.add(result.work.case)
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
        self.cases |= other.cases
        for outcome, number in other.outcomes.items():
            self.outcomes[outcome] = self.outcomes.get(outcome, 0) + number
        for name, (total, calls) in other.figures.items():
            self._figure(name, total, calls)

    @property
    def rate(self) -> float | None:
        """The share of failures; None where there were no calls."""
        return self.failures / self.runs if self.runs else None

    def document(self, rate: float | None) -> dict[str, Any]:
        """The figures, with a rate that may be weighted and its 95 % Wilson interval."""
        low, high = wilson(rate or 0.0, self.drawn or self.runs) if rate is not None else (0.0, 1.0)
        return {
            "cases": len(self.cases),
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
