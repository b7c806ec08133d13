"""The course of `crumple breaking-points`: for each mutator the level from which on the system fails. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

import numpy as np

from crumple.case import Entry
from crumple.events import BreakingPoint, BreakingPointsFound, CleanEnded, Event, RoundEnded
from crumple.mutation.mutator import Mutator
from crumple.outcome import Outcome
from crumple.plan import TRIES, Plan, Target, Visit
from crumple.result import Result
from crumple.search.psychometric import WORST, Floats, Hypotheses, falls_again, hypotheses

By: TypeAlias = Literal["", "kind", "tag", "group"]
BY: Final[tuple[By, ...]] = ("kind", "tag", "group")
HALF: Final = 0.5
ABREAST: Final = 24
"""So many curves are traced at a time: where the budget is short, some are finished rather than all begun."""
_LEAST = 8
_NARROW: Final = 0.4
"""A curve is traced no further once its 95 % interval is no wider, in levels."""
_BEYOND: Final = (1.0, 0.5, 1.0, 0.5)
"""Where it is checked that it goes on failing: shares of the way from the breaking point to the worst."""
_BELOW: Final = (2.0, 1.0, 3.0, 4.0)
"""Where it is checked that a system that passes at the worst passes before it."""
_DOUBTS: Final = 8
"""So many calls more where such a check shows something else than was expected."""
_SURE: Final = math.log(1 / 0.05)
_TURNED_DOWN, _STRIDE = 3, 4
"""After so many skips a level is tried no more, nor are so many above it; then twice as many."""
_MILDEST: Final = 0.1
_STREAM: Final = 7
_DEGRADED: Final = 0.7
"""The share of a budget that is left once clean documents and second tries have theirs."""
_SEEDS: Final = 1_000_000


def most_calls(rate: float) -> int:
    """How many calls a curve gets at most where nothing else is asked for: rare failures take more to see."""
    return max(30, math.ceil(4 / rate))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What breaking points are asked for; part of what a run is.

    Attributes:
        rate: the failure rate to be passed.
        rates: mutator's name -> another rate for it.
        by: for which groups of cases apart: media types, tags, groups of the corpus; "": for all together.
        most: how many calls a curve gets at most; None: see `most_calls`.
    """

    rate: float = HALF
    rates: Mapping[str, float] = field(default_factory=dict)
    by: By = ""
    most: int | None = None

    def rate_of(self, mutator: Mutator) -> float:
        """The rate that is looked for with this mutator."""
        return self.rates.get(mutator.name, self.rate)

    def kinds(self, entry: Entry, media_type: str) -> tuple[str, ...]:
        """The groups that a document of a case belongs to."""
        match self.by:
            case "kind":
                return (media_type,)
            case "tag":
                return tuple(sorted(entry.tags))
            case "group":
                return (entry.group,)
            case _:
                return ("",)


def budget(plan: Plan, wanted: Wanted) -> int:
    """How many calls suffice for every curve, with what clean documents and second tries take of them."""
    groups = len(
        {kind for entry in plan.corpus.entries() for _, media in entry.documents for kind in wanted.kinds(entry, media)}
    )
    traced = sum(wanted.most or most_calls(wanted.rate_of(each)) for each in plan.registry if each.ladder is not None)
    return math.ceil(max(1, groups) * traced / _DEGRADED)


class Curve:
    """One mutator's failure rate over levels, for one group of cases, as far as it was traced."""

    def __init__(self, mutator: Mutator, kind: str, targets: Sequence[Target], rate: float, most: int) -> None:
        """Begin with nothing known.

        Args:
            mutator: one with a ladder.
            kind: the group of cases; "" for all.
            targets: what calls are drawn from.
            rate: the failure rate that is looked for.
            most: how many calls it gets.
        """
        assert mutator.ladder is not None
        self.mutator, self.kind, self.targets, self.rate, self.most = mutator, kind, targets, rate, most
        self.named = isinstance(mutator.ladder.rungs[0], (str, bool))
        mildest = 1.0 if self.named or mutator.ladder.zero is None else _MILDEST
        self.grid: Hypotheses = hypotheses(rate, mildest, named=self.named)
        self.allowed = np.ones(len(self.grid.levels), np.bool_)
        self.belief: Floats = self.grid.prior
        self.estimate = self.grid.estimate(self.belief)
        self.tried: list[tuple[float, bool]] = []
        self.skips: dict[int, int] = {}
        self.stride = _STRIDE
        self.asked = 0
        self.decided = ""
        self.checks: list[float] = []
        self.doubts = _DOUBTS
        self.expected: bool | None = None
        self.open = True

    def choose(self) -> float:
        """The level that the next call is to have."""
        self.asked += 1
        if self.checks:
            return self._nearest(self.checks.pop(0))
        levels, estimate = self.grid.levels, self.estimate
        if estimate.never > HALF and self.allowed[-1]:
            return float(levels[-1])
        if estimate.always > HALF:
            return self._mildest
        return float(levels[self.grid.most_telling(self.belief, self.allowed)])

    def take(self, result: Result) -> None:
        """Take note of an answer; what was skipped or came to nothing says nothing of the rate."""
        verdict, at = result.verdict, self._at(result.work.level)
        if verdict is None:
            self._turned_down(at)
        elif verdict.outcome is not Outcome.VOID:
            self.skips[at] = 0
            self.belief = self.grid.updated(self.belief, at, verdict.failure)
            self.estimate = self.grid.estimate(self.belief)
            self.tried.append((result.work.level, verdict.failure))
            self._decide()
            self._doubt(result.work.level, verdict.failure)
        self.open = self.open and self._goes_on()

    def _turned_down(self, at: int) -> None:
        """Leave out a level that no document suits, and milder ones with it unless one of those has been tried."""
        self.skips[at] = self.skips.get(at, 0) + 1
        if self.skips[at] >= _TURNED_DOWN:
            tried = [self._at(level) for level, _ in self.tried]
            if any(each < at for each in tried):
                self.allowed[at] = False
                return
            beyond = at + 1 if self.named else min([at + self.stride, *tried])
            self.allowed[:beyond] = False
            self.stride *= 2

    @property
    def _mildest(self) -> float:
        """The lowest level that can be tried."""
        return float(self.grid.levels[int(np.argmax(self.allowed))])

    def _at(self, level: float) -> int:
        return int(np.argmin(np.abs(self.grid.levels - level)))

    def _nearest(self, level: float) -> float:
        """The nearest level that can be tried."""
        there = np.where(self.allowed, np.abs(self.grid.levels - level), np.inf)
        return float(self.grid.levels[int(np.argmin(there))])

    def _is_located(self) -> bool:
        estimate = self.estimate
        narrow = estimate.high - estimate.low <= (1.0 if self.named else _NARROW)
        full = len(self.tried) >= self.most - len(_BEYOND)
        return len(self.tried) >= min(_LEAST, self.most) and estimate.within and (narrow or full)

    def _goes_on(self) -> bool:
        if not self.allowed.any() or len(self.tried) >= self.most or self.asked >= 2 * self.most:
            return False
        return bool(self.checks) or self.expected is None or not (self.decided or self._is_located())

    def _doubt(self, level: float, failed: bool) -> None:
        """Once there is an answer, look where it would be wrong, were the failure rate not to rise all along.

        Where that shows something else than was expected, the same is tried again.
        """
        if self.expected is None:
            if not self.decided and not self._is_located():
                return
            self.expected = self.decided != "never"
            high = self.estimate.high
            ways = _BELOW if self.decided == "never" else [high + way * (WORST - high) for way in _BEYOND]
            self.checks = [each for each in ways if self.decided or WORST - high >= 2 * _NARROW]
        elif failed is not self.expected and self.doubts > 0:
            again = min(2, self.doubts)
            self.doubts -= again
            self.checks += [level] * again

    def _decide(self) -> None:
        """Once there is evidence that it never or always breaks, that stands, as such tests allow."""
        if not self.decided and self._at_worst() >= _SURE:
            self.decided = "never"
        elif not self.decided and self._at_mildest() >= _SURE:
            self.decided = "always"

    def _end(self, level: float) -> tuple[int, int]:
        """Failures and calls at an end of the ladder; what lies between says nothing sure of it."""
        own = [failed for tried, failed in self.tried if tried == level]
        return sum(own), len(own)

    def _at_worst(self) -> float:
        """The evidence that it fails less often than the rate at the worst, as a logarithm; anytime-valid."""
        from crumple.statistics.sequential import log_evidence_met

        failures, calls = self._end(WORST)
        return float(log_evidence_met(failures, calls, self.rate)) if calls else 0.0

    def _at_mildest(self) -> float:
        """The evidence that it fails more often than the rate at the mildest."""
        from crumple.statistics.sequential import log_evidence_broken, log_evidence_met

        failures, calls = self._end(self._mildest)
        if not calls:
            return 0.0
        # Either is quick where the other is slow; the mean of two such bets is one.
        one = float(log_evidence_broken(failures, calls, self.rate))
        other = float(log_evidence_met(calls - failures, calls, 1 - self.rate))
        return float(np.logaddexp(one, other)) - math.log(2)

    def point(self) -> BreakingPoint:
        """What is known of it now."""
        estimate, falls = self.estimate, falls_again(self.tried)
        level: float | None = None
        low, high = estimate.low, estimate.high
        state, ends = "not known", (0, 0)
        if self.decided:
            low = high = WORST if self.decided == "never" else self._mildest
            ends = self._end(low)
            # What has failed on the way and does not at the worst has no one point.
            state = "not known" if self.decided == "never" and falls is not None else self.decided
        elif estimate.within and len(self.tried) >= min(_LEAST, self.most):
            state, level = "breaks", estimate.level
            if self.named:  # between two names there is none: it breaks with the latter
                level, low, high = (float(math.ceil(each)) for each in (level, low + HALF, high))
        return BreakingPoint(
            self.mutator.name, self.kind, state, level, low, high, self.rate, len(self.tried), falls=falls, ends=ends
        )


class Breaking:
    """A `Course`: a call for each open curve a round, its level by what that curve has shown."""

    def __init__(self, plan: Plan, wanted: Wanted | None = None) -> None:
        """Trace the curves of a plan's mutators that have a ladder."""
        self._plan = plan
        self._wanted = wanted or Wanted()
        self._curves: list[Curve] = []
        self._points: dict[int, BreakingPoint] = {}
        self._drawn: dict[str, int] = {}
        self._number = 0
        self._over = ""

    @property
    def lag(self) -> int | None:
        """Each round depends on all before it."""
        return 0

    @property
    def over(self) -> str:
        """Says "found" once no curve is open any more."""
        return self._over

    @property
    def asked(self) -> str:
        """What is looked for."""
        wanted = self._wanted
        return f"breaking points {wanted.rate} {sorted(wanted.rates.items())} {wanted.by} {wanted.most}"

    def begin(self, targets: Mapping[str, Sequence[Target]], clean: CleanEnded) -> None:
        """Make the curves: one for each mutator, and each group of cases that it acts on."""
        types = {Target(each.id, part): kind for each in clean.population for part, kind in each.documents}
        entries = {each.id: each for each in clean.population}
        for mutator in self._plan.registry:
            if mutator.ladder is None or mutator.name not in targets:
                continue
            groups: dict[str, list[Target]] = {}
            for target in targets[mutator.name]:
                for kind in self._wanted.kinds(entries[target.case], types[target]):
                    groups.setdefault(kind, []).append(target)
            rate = self._wanted.rate_of(mutator)
            most = self._wanted.most or most_calls(rate)
            self._curves += [Curve(mutator, kind, own, rate, most) for kind, own in sorted(groups.items())]
        self._points = {at: curve.point() for at, curve in enumerate(self._curves)}

    def following(self) -> Sequence[Visit]:
        """A call for each curve that is open, the first so many; where only one is left, two calls for it."""
        turns = [at for at, curve in enumerate(self._curves) if curve.open][:ABREAST]
        if not turns:
            self._over = "found"
            return ()
        rng = np.random.Generator(np.random.PCG64([self._plan.seed, _STREAM, self._number]))
        turns = turns * 2 if len(turns) == 1 else [turns[at] for at in rng.permutation(len(turns)).tolist()]
        self._drawn = {}
        visits = []
        for slot, at in enumerate(turns):
            visit = self._visit(self._curves[at], f"{slot}", rng)
            self._drawn[visit.name] = at
            visits.append(visit)
        self._number += 1
        return visits

    def _visit(self, curve: Curve, slot: str, rng: np.random.Generator) -> Visit:
        pool = curve.targets
        drawn = rng.choice(len(pool), size=min(len(pool), TRIES), replace=False).tolist()
        seeds = rng.integers(1, _SEEDS, size=len(drawn)).tolist()
        candidates = tuple((pool[at], seed) for at, seed in zip(drawn, seeds, strict=True))
        return Visit(self._number, curve.mutator, curve.choose(), candidates, slot)

    def told(self, ended: RoundEnded) -> Sequence[Event]:
        """Take the answers to their curves; repetitions of a call say nothing new of the population."""
        # In the order of their names, so that it does not matter which came back first.
        for result in sorted(ended.results, key=lambda each: each.work.key):
            _, name, _, repeat = result.work.key.split("/")
            at = self._drawn.get(name)
            if at is not None and repeat == "0":
                self._curves[at].take(result)
                self._points[at] = self._curves[at].point()
        return [BreakingPointsFound(list(self._points.values()))]

    def ended(self) -> Sequence[Event]:
        """All was told."""
        return ()
