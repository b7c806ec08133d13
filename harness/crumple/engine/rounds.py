"""The rounds of a run: drawn by its course, put to the executor, and told when they are whole."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from crumple.course import Course
from crumple.engine.past import Past
from crumple.engine.spending import Spending
from crumple.engine.works import Works
from crumple.errors import Enough
from crumple.events import CallEnded, Ended, Event, RoundEnded
from crumple.execution.executor import Executor
from crumple.plan import Plan, Turn
from crumple.result import Result, Work

ROUNDS_TIME = 0.95
"""By which share of the time and money allowed the rounds must be through."""
IDLE_ROUNDS, IDLE_VISITS = 3, 20
"""After so many rounds, and visits, in a row in which every mutator was skipped, nothing more is to be expected."""
PATIENCE = 0.5
_TELLING = 0.02


class RoundsPhase:
    """The rounds that are out, and what is left to put of them."""

    def __init__(
        self, plan: Plan, executor: Executor, course: Course, spending: Spending, works: Works, past: Past | None
    ) -> None:
        """Carry the rounds of `course` out, which has begun."""
        self._plan, self._executor, self._course = plan, executor, course
        self._spending, self._works = spending, works
        self._past = map(works.held, past.ended()) if past else iter(())
        self._drawn = past.rounds if past and course.lag is None else 0
        self._next: Sequence[Turn] | None = None
        self._rounds: dict[int, _Round] = {}
        self._whole: dict[int, RoundEnded] = {}  # those that the course is to be told, after others
        self._told = 0
        self._out: dict[int, tuple[Turn, int]] = {}
        self._waiting: deque[Turn] = deque()
        self._owed = 0  # repeats of calls that are out, which are put once those are back
        self._idle_rounds = self._idle_visits = 0
        self._is_enough = False
        if past:
            spending.add(past.calls, past.cost)

    def events(self) -> Iterator[Event]:
        """Until a budget is used up, no round follows, or somebody has seen enough."""
        if self._course.lag is not None:
            yield from self._gone_through()
        try:
            yield from self._calls()
        except Enough:
            self._is_enough = True
        yield from self._of_past(float("inf"))
        yield from self._tell(to_the_end=True)
        for number in sorted({*self._whole, *self._rounds}):
            cut = self._rounds.get(number)
            yield from self._course.cut(self._whole[number] if cut is None else RoundEnded(number, cut.results))
        yield from self._course.ended()

    def _calls(self) -> Iterator[Event]:
        while True:
            yield from self._tell()
            going_on = self._goes_on
            if not self._out and not (going_on and (self._waiting or self._has_next())):
                break
            while going_on and (room := self._executor.room):
                if len(self._waiting) < room and self._has_next():
                    self._begin()
                    yield from self._tell()
                elif not self._waiting:
                    break
                now = [self._waiting.popleft() for _ in range(min(room, len(self._waiting)))]
                self._executor.put([self._work(turn, 0) for turn in now])
            # What is past is told in between, so that the system need not wait for it.
            yield from self._of_past(time.monotonic() + _TELLING)
            for result in self._executor.results(PATIENCE):
                yield from self._take(result)

    @property
    def ended(self) -> Ended:
        """Why it is over."""
        return Ended(self._why(), sum(len(each.results) for each in self._rounds.values()))

    @property
    def _goes_on(self) -> bool:
        return self._spending.in_time(ROUNDS_TIME) and not self._spending.is_outage

    @property
    def _is_idle(self) -> bool:
        if self._course.gives_up:
            return False
        return self._idle_rounds >= IDLE_ROUNDS and self._idle_visits >= IDLE_VISITS

    def _gone_through(self) -> Iterator[Event]:
        """Draw the rounds that are past once more, for what follows depends on them."""
        for ended in self._past:
            self._drawn = ended.number
            yield from self._tell()
            self._course.following()
            self._drawn += 1
            self._whole[ended.number] = ended
            yield ended

    def _has_next(self) -> bool:
        """Whether there is a round that may be begun now."""
        if self._is_idle:
            return False
        if self._next is None:
            lag = self._course.lag
            if lag is not None and self._told < self._drawn - lag:
                return False
            self._next = self._course.following()
        size = len(self._next) * self._plan.repeat
        return bool(size) and self._spending.fits(self._held + size)

    def _begin(self) -> None:
        turns, self._next = self._next or (), None
        self._rounds[self._drawn] = _Round(len(turns))
        self._waiting.extend(turns)
        self._drawn += 1

    @property
    def _held(self) -> int:
        """How many calls are out or drawn."""
        return len(self._out) + self._owed + len(self._waiting) * self._plan.repeat

    def _work(self, turn: Turn, attempt: int) -> Work:
        if attempt == 0:
            self._owed += self._plan.repeat - 1
        work = self._works.turn(turn, attempt)
        self._out[work.id] = (turn, attempt)
        return work

    def _take(self, result: Result) -> Iterator[Event]:
        """Take a result in, and put what follows from it."""
        turn, attempt = self._out.pop(result.work.id)
        ended = self._rounds[turn.round]
        self._spending.count(result)
        ended.count(result)
        another = self._has_another(result, turn, attempt)
        # A skip that another document is tried for is nobody's concern.
        if result.made or not another:
            yield CallEnded(result)
        if another:
            self._executor.put([self._work(turn, attempt + 1)])
            return
        if result.work.key.endswith("/0"):
            self._owed -= self._plan.repeat - 1
        repeats = self._works.repeats(result)
        self._out.update((work.id, (turn, attempt)) for work in repeats)
        ended.size += len(repeats)
        self._executor.put(repeats)
        ended.results.append(result)
        if len(ended.results) == ended.size:
            yield from self._is_whole(turn.round, self._rounds.pop(turn.round))

    def _has_another(self, result: Result, turn: Turn, attempt: int) -> bool:
        """Whether a turn tries another document; a try that was no test may have cost a call all the same."""
        skipped = bool(result.skipped) and attempt + 1 < turn.tries
        return skipped and (not result.made or self._spending.fits(self._held + 1))

    def _is_whole(self, number: int, ended: _Round) -> Iterator[Event]:
        idle = all(each.skipped for each in ended.results)
        self._idle_rounds = self._idle_rounds + 1 if idle else 0
        self._idle_visits = self._idle_visits + len(ended.results) if idle else 0
        event = RoundEnded(number, ended.results, ended.calls, ended.cost)
        yield event
        if self._course.lag is not None:
            self._whole[number] = event
            yield from self._tell()

    def _tell(self, *, to_the_end: bool = False) -> Iterator[Event]:
        """Tell the course of whole rounds, in order, and no further than the round that it draws next depends on."""
        until = self._drawn - (self._course.lag or 0)
        while (to_the_end or self._told < until) and self._told in self._whole:
            yield from self._course.told(self._whole.pop(self._told))
            self._told += 1

    def _of_past(self, until: float) -> Iterator[RoundEnded]:
        """Rounds of an earlier session, for a while."""
        for ended in self._past:
            yield ended
            if time.monotonic() > until:
                break

    def _why(self) -> str:
        """Why the rounds are over."""
        if self._is_enough:
            return "by hand"
        if self._spending.is_outage:
            return "outage"
        if self._is_idle:
            return "nothing to do"
        if not self._spending.in_time(ROUNDS_TIME):
            return "time"
        if self._course.over:
            return self._course.over
        return "cost" if self._spending.has_calls(len(self._next or ()) * self._plan.repeat) else "calls"


@dataclass(slots=True)
class _Round:
    """A round that is not all back yet."""

    size: int
    results: list[Result] = field(default_factory=list)
    calls: int = 0
    cost: float = 0.0

    def count(self, result: Result) -> None:
        """Count what it has taken; results that do not count in any rate may have cost a call all the same."""
        if result.made:
            self.calls += 1
            self.cost += result.cost
