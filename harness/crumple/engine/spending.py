"""What a run has spent and may spend: calls, money, time; and whether the system can still be reached."""

from __future__ import annotations

import time
from collections.abc import Callable

from crumple.engine.past import Before, Past
from crumple.outcome import Outcome
from crumple.plan import Plan, reserve
from crumple.result import Result

OUTAGE, NEVER_THERE = 25, 6
"""After so many void calls in a row nothing more is to be expected; after fewer where none was ever answered."""


class Spending:
    """Counts every call that is made, and says whether there may be more."""

    def __init__(self, plan: Plan, past: Past | None, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin to count, where a run is gone on with from what it has spent already."""
        self._plan = plan
        self._clock = clock
        self._started = clock() - (past.seconds if past else 0.0)
        self._before: Before = past.before if past else {}
        self._reserve = reserve(plan, plan.calls) if plan.calls is not None else 0
        self._reached = past is not None
        self._voids = 0
        self.calls = 0
        self.cost = 0.0

    def add(self, calls: int, cost: float) -> None:
        """Count what an earlier session has made."""
        self.calls += calls
        self.cost += cost

    def count(self, result: Result) -> None:
        """Count a call that came back; one that was not made is none."""
        if not result.made:
            return
        self.add(1, result.cost)
        void = result.verdict is not None and result.verdict.outcome is Outcome.VOID
        if not (void and self._before.get(result.work.key)):  # what was void long ago is no outage now
            self._voids = self._voids + 1 if void else 0
            self._reached = self._reached or not void

    @property
    def is_outage(self) -> bool:
        """Whether one call after the other was void."""
        return self._voids >= (OUTAGE if self._reached else NEVER_THERE)

    @property
    def is_free(self) -> bool:
        """Whether neither time nor money is limited."""
        return self._plan.seconds is None and self._plan.cost is None

    def in_time(self, share: float = 1.0) -> bool:
        """Whether less than this share of the time allowed is gone."""
        return self._plan.seconds is None or self._clock() - self._started < self._plan.seconds * share

    def fits(self, more: int) -> bool:
        """Whether so many more calls of rounds may be made."""
        return self.has_calls(more) and not self.is_dear(more)

    def has_calls(self, more: int) -> bool:
        """Whether the budget in calls has so many left for rounds."""
        return self._plan.calls is None or self.calls + more <= self._plan.calls - self._reserve

    def is_dear(self, more: int, share: float = 1.0) -> bool:
        """Whether so many more calls would take more money than there is, at what they have cost so far."""
        if self._plan.cost is None:
            return False
        each = self.cost / self.calls if self.calls else 0.0
        return self.cost + max(more, 1) * each > self._plan.cost * share
