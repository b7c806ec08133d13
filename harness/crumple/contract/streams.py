"""What a limit's calls have shown so far, and whether that decides it: watched after every round, at no cost. Pure.

A stream is a sequence of independent observations whose mean is the limit's rate, or of rounds of them that each take
a random part of its mutators; then the evidence is a supermartingale from round to round under the hypothesis that it
speaks against, so that one may stop whenever it suffices (J. Ville, "Étude critique de la notion de collectif", 1939).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from crumple.contract.limits import Limit, Metric, State
from crumple.contract.observing import allowed
from crumple.events import Standing
from crumple.statistics.means import Bets, Moments, anytime_bounds
from crumple.statistics.multiple import holm
from crumple.statistics.sequential import bounds, log_evidence_broken, log_evidence_met


@dataclass(slots=True)
class Stream:
    """The observations of one limit, up to its decision, and what evidence they are at the end of a round.

    Attributes:
        limit: what it is for.
        met, broken: logarithms of the e-values for the one and against the other.
        decided_after: with how many calls it was decided; None: it is not.
        groups: those that the observations are of.
    """

    limit: Limit
    state: State = State.UNDECIDED
    decided_after: int | None = None
    met: float = 0.0
    broken: float = 0.0
    moments: Moments = field(default_factory=Moments)
    bets: Bets | None = None
    groups: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        if self.limit.metric is Metric.ACCURACY:
            self.bets = Bets(self.limit.bound)

    def add(self, values: Sequence[float], groups: Iterable[str] = ()) -> None:
        """Take a round's observations in, and weigh them; what is decided is not added to: its figures bear it out."""
        if not values or self.state is not State.UNDECIDED:
            return
        self.groups.update(groups)
        for value in values:
            self.moments = self.moments.with_value(value)
        share = allowed(self.limit)
        if self.bets is not None:
            self.bets.add(values)
            self.met, self.broken = self.bets.log_met_at_least, self.bets.log_below
        elif share is not None:
            failures, calls = round(self.moments.count * self.moments.mean), self.moments.count
            self.met = log_evidence_met(failures, calls, share)
            self.broken = log_evidence_broken(failures, calls, share)

    def is_met(self) -> bool:
        """Whether the evidence says so, at the limit's own confidence."""
        if self.limit.metric is Metric.COST:
            return self.bounds()[1] <= self.limit.bound
        return self.met >= -math.log(self.limit.alpha)

    def against(self, family: int) -> float:
        """The p-value of its being kept, divided by what is allowed: what Holm's procedure sorts by.

        Args:
            family: how many limits there are; a mean of money is held against an equal part of what is allowed.
        """
        if self.limit.metric is not Metric.COST:
            return math.exp(-max(0.0, self.broken)) / self.limit.alpha
        confidence = 1.0 - self.limit.alpha / family
        beyond = anytime_bounds(self.moments, confidence)[0] > self.limit.bound
        return 0.0 if beyond else math.inf

    def bounds(self) -> tuple[float, float]:
        """From where to where the mean may be, each end at the limit's confidence, however long one watches."""
        if self.bets is not None:
            return self.bets.bounds(self.limit.confidence)
        share = allowed(self.limit)
        if share is None:
            low, high = anytime_bounds(self.moments, self.limit.confidence)
            return max(0.0, low), high
        failures = round(self.moments.count * self.moments.mean)
        return bounds(failures, self.moments.count, self.limit.confidence, near=share)

    def standing(self, number: int, why: str) -> Standing:
        """As it is told."""
        low, high = self.bounds()
        return Standing(
            limit=number,
            state=self.state,
            calls=self.moments.count,
            groups=len(self.groups),
            figure=self.moments.mean if self.moments.count else None,
            low=low,
            high=high,
            decided_after=self.decided_after,
            why=why if self.state is State.UNDECIDED else "",
        )


def decide(streams: Sequence[Stream], family: int) -> None:
    """Settle what the evidence settles; what is decided stays so.

    Args:
        streams: those of the contract's limits that have one.
        family: how many limits the contract has: that one is broken is said with all of them in mind.
    """
    ratios = [each.against(family) for each in streams] + [math.inf] * (family - len(streams))
    for stream, rejected in zip(streams, holm(ratios), strict=False):
        if stream.state is not State.UNDECIDED:
            continue
        if rejected:
            stream.state = State.BROKEN
        elif stream.is_met():
            stream.state = State.MET
        if stream.state is not State.UNDECIDED:
            stream.decided_after = stream.moments.count
