"""A mutator's failure rate over levels: what to try next, and what that has shown. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from crumple.events import BreakingPoint
from crumple.mutation.mutator import Mutator
from crumple.outcome import Outcome
from crumple.result import Result
from crumple.search.psychometric import WORST, Floats, Hypotheses, falls_again, hypotheses
from crumple.targets import Target

HALF: Final = 0.5
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
