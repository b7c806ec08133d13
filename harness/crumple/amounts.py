"""How long calls took and what they cost: added up in whole numbers, so that neither order nor an interruption shows.

A part of a run's document, `"amounts"`:

{"bins_per_decade": 50,
 "clean": an amount, of the calls on clean documents,
 "degraded": an amount, of the calls of whole rounds,
 "categories": category -> an amount}

and an amount is

{"calls": those that came to an outcome,
 "outcomes": outcome -> {"calls", "timed", "seconds", "longest"},
 "seconds": {"timed", "total", "longest", and as "median", "p95" and "p99" each {"value", "low", "high"} or None,
             "bins": [[number, calls, microseconds], ...]},
 "money": {"total", "mean", "failures", "retries"} or None where nothing is known to have cost anything}

Bin n holds what took 10^(n/50) seconds and less than 10^((n+1)/50); a percentile is the mean of the bin that it lies
in, and so less than 5 % away from a value that was seen. It is None where no call can lie beyond it: of fewer than 20
the 95th, of fewer than 100 the 99th. "low" and "high" are the ends of its 95 % interval for calls that are independent
of each other, None where there are too few of them. What was stopped at its time limit counts with the time that it
had; what has no time, as the answers of a batch may, is not "timed", and in "calls" alone. "failures" is the money that
went into calls that failed, "retries" what was paid for asking again, each attempt of a call being worth the same.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, Final, NamedTuple

from crumple.outcome import Outcome
from crumple.result import Result
from crumple.statistics.distributions import binomial_below

BINS_PER_DECADE: Final = 50
_SHORTEST: Final = 1
_MICRO, _NANO = 1_000_000, 1_000_000_000
_EACH_SIDE: Final = 0.975
_QUANTILES: Final = {"median": 0.5, "p95": 0.95, "p99": 0.99}


class _Call(NamedTuple):
    """What one call adds.

    Attributes:
        spent: how long it took, in microseconds; 0 where that is not known.
        number: of the bin of that.
        cost, failures, retries: what it cost, as in `Amount`.
    """

    outcome: str
    number: int
    spent: int
    cost: int
    failures: int
    retries: int


def _call(result: Result) -> _Call | None:
    """None for what is skipped or void, and so took no time that says anything of the system."""
    verdict = result.verdict
    if verdict is None or verdict.outcome is Outcome.VOID:
        return None
    known = math.isfinite(result.seconds) and result.seconds > 0
    spent = max(_SHORTEST, round(result.seconds * _MICRO)) if known else 0
    cost = round(result.cost * _NANO) if math.isfinite(result.cost) else 0
    retries = cost - cost // result.attempts if result.attempts > 1 else 0
    return _Call(verdict.outcome, _bin(spent) if spent else 0, spent, cost, cost if verdict.failure else 0, retries)


@dataclass(slots=True)
class _Ended:
    """Calls of one outcome; times in microseconds."""

    calls: int = 0
    timed: int = 0
    total: int = 0
    longest: int = 0


@dataclass(slots=True)
class Amount:
    """Time and money of some calls.

    Attributes:
        bins: number -> (calls, microseconds).
        outcomes: outcome -> its calls.
        cost, failures, retries: money, in billionths.
    """

    bins: dict[int, tuple[int, int]] = field(default_factory=dict)
    outcomes: dict[str, _Ended] = field(default_factory=dict)
    cost: int = 0
    failures: int = 0
    retries: int = 0

    def add(self, call: _Call | None) -> None:
        """Count one call; None is none."""
        if call is None:
            return
        ended = self.outcomes.get(call.outcome)
        if ended is None:
            ended = self.outcomes[call.outcome] = _Ended()
        ended.calls += 1
        if call.spent:
            self._took(call.number, 1, call.spent)
            ended.timed += 1
            ended.total += call.spent
            ended.longest = max(ended.longest, call.spent)
        self.cost += call.cost
        self.failures += call.failures
        self.retries += call.retries

    def _took(self, number: int, calls: int, spent: int) -> None:
        before, together = self.bins.get(number, (0, 0))
        self.bins[number] = before + calls, together + spent

    def join(self, document: Mapping[str, Any]) -> None:
        """Add the calls of an amount that a document has."""
        for number, calls, spent in document["seconds"]["bins"]:
            self._took(number, calls, spent)
        for name, each in document["outcomes"].items():
            ended = self.outcomes.setdefault(name, _Ended())
            ended.calls += each["calls"]
            ended.timed += each["timed"]
            ended.total += round(each["seconds"] * _MICRO)
            ended.longest = max(ended.longest, round(each["longest"] * _MICRO))
        money = document["money"] or {"total": 0.0, "failures": 0.0, "retries": 0.0}
        self.cost += round(money["total"] * _NANO)
        self.failures += round(money["failures"] * _NANO)
        self.retries += round(money["retries"] * _NANO)

    def document(self) -> dict[str, Any]:
        """It as the part of a document that is described above."""
        calls = sum(each.calls for each in self.outcomes.values())
        longest = max((each.longest for each in self.outcomes.values()), default=0)
        timed = sum(each.timed for each in self.outcomes.values())
        seconds: dict[str, Any] = {"timed": timed, "total": sum(each.total for each in self.outcomes.values()) / _MICRO}
        seconds |= {name: self._quantile(share, timed) for name, share in _QUANTILES.items()}
        seconds |= {"longest": longest / _MICRO, "bins": [[n, *self.bins[n]] for n in sorted(self.bins)]}
        return {
            "calls": calls,
            "outcomes": {
                name: {
                    "calls": each.calls,
                    "timed": each.timed,
                    "seconds": each.total / _MICRO,
                    "longest": each.longest / _MICRO,
                }
                for name, each in sorted(self.outcomes.items())
            },
            "seconds": seconds,
            "money": self._money(calls) if self.cost else None,
        }

    def _money(self, calls: int) -> dict[str, float]:
        return {
            "total": self.cost / _NANO,
            "mean": self.cost / _NANO / calls,
            "failures": self.failures / _NANO,
            "retries": self.retries / _NANO,
        }

    def _quantile(self, share: float, calls: int) -> dict[str, float | None] | None:
        """A quantile with its interval.

        Source: H. A. David, H. N. Nagaraja, "Order Statistics", third edition (2003), section 7.1: the number of values
        below a quantile is binomial, whatever the distribution.
        """
        if calls * (1 - share) < 1 - 1e-9:
            return None
        ranks = range(1, calls + 1)
        low = bisect_left(ranks, True, key=lambda rank: 1 - binomial_below(rank - 1, calls, share) < _EACH_SIDE)
        high = 1 + bisect_left(ranks, True, key=lambda rank: binomial_below(rank - 1, calls, share) >= _EACH_SIDE)
        return {
            "value": self._at(max(1, math.ceil(share * calls - 1e-9))),
            "low": self._at(low) if low else None,
            "high": self._at(high) if high <= calls else None,
        }

    def _at(self, rank: int) -> float:
        """How long, in seconds, the call of a rank took, counted from 1 for the shortest."""
        order = sorted(self.bins)
        upto = list(accumulate(self.bins[number][0] for number in order))
        calls, spent = self.bins[order[bisect_left(upto, rank)]]
        return spent / calls / _MICRO


def _bin(spent: int) -> int:
    """The number of the bin of so many microseconds."""
    return math.floor((math.log10(spent) - 6) * BINS_PER_DECADE + 1e-9)


class Amounts:
    """The amounts of a run; their size depends on nothing but categories."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._clean, self._degraded = Amount(), Amount()
        self._categories: dict[str, Amount] = {}

    def clean(self, results: Iterable[Result]) -> None:
        """Take the calls on clean documents in."""
        for result in results:
            self._clean.add(_call(result))

    def degraded(self, results: Iterable[Result]) -> None:
        """Take a round in; trials of whole recipes are in no category."""
        for result in results:
            call = _call(result)
            self._degraded.add(call)
            if name := result.work.mutator:
                self._categories.setdefault(name.partition(".")[0], Amount()).add(call)

    def join(self, document: Mapping[str, Any]) -> None:
        """Add what another run's document has."""
        self._clean.join(document["clean"])
        self._degraded.join(document["degraded"])
        for name, each in document["categories"].items():
            self._categories.setdefault(name, Amount()).join(each)

    def document(self) -> dict[str, Any]:
        """The part of a document that is described above."""
        return {
            "bins_per_decade": BINS_PER_DECADE,
            "clean": self._clean.document(),
            "degraded": self._degraded.document(),
            "categories": {name: each.document() for name, each in sorted(self._categories.items()) if each.outcomes},
        }
