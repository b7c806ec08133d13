"""A plan in, a stream of events out. It prints nothing and writes nothing.

Clean first: every case of the population runs clean, then the round trips of views that cannot be written back
unchanged, then round after round of degraded documents until a budget is used up; at last the example of each bucket
of failures once more, to tell what fails every time from what fails now and then.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass, field, replace
from typing import Protocol

from crumple.case import Entry
from crumple.clean import Standard, clean_calls, standard
from crumple.dependency.front import CALLS
from crumple.events import (
    CallEnded,
    CleanEnded,
    ControlsEnded,
    Ended,
    Event,
    NotRun,
    PhaseStarted,
    Resumed,
    RoundEnded,
    TriedAgain,
)
from crumple.execution.executor import Executor
from crumple.mutation.mutator import Mutator
from crumple.outcome import Outcome
from crumple.plan import (
    MOST_AGAIN,
    TRIES,
    Plan,
    Target,
    Visit,
    controlled,
    draw_round,
    eligible,
    population,
    reserve,
    round_trips,
)
from crumple.recipe import Recipe
from crumple.result import Result, Work, simplest

CLEAN_TIME, CONTROL_TIME, ROUNDS_TIME = 0.25, 0.5, 0.95
"""By which shares of the time and money allowed the clean calls, the round trips and the rounds must be through."""
IDLE_ROUNDS, IDLE_TRIES = 3, 100
"""After so many rounds, and tries, in a row in which every mutator was skipped, nothing more is to be expected."""
OUTAGE, NEVER_THERE = 25, 6
"""After so many void calls in a row nothing more is to be expected either; after fewer where none was ever answered."""
AGAIN_SHARE = 0.1
"""At most this share of the calls tries failures again."""
_MOST_EXAMPLES = 10 * MOST_AGAIN
_PATIENCE = 0.5
_TELLING = 0.02


class Past(Protocol):
    """What an unfinished run that is gone on with has done already.

    Single calls that it has made come from its executor; only whole rounds are not drawn again.
    """

    @property
    def rounds(self) -> int:
        """How many rounds, from the first on, are whole."""

    @property
    def calls(self) -> int:
        """The calls that were made in them."""

    @property
    def cost(self) -> float:
        """The money that they took, and that calls took which are to be made again."""

    @property
    def seconds(self) -> float:
        """How long it has been at work."""

    @property
    def made(self) -> int:
        """The calls that need not be made again, those outside whole rounds included."""

    @property
    def before(self) -> Mapping[str, bool]:
        """The calls that were made before the rounds and after them: key -> whether the result still stands."""

    @property
    def begun(self) -> bool:
        """Whether documents were degraded already: then the cases that they are drawn from are what they were."""

    def ended(self) -> Iterator[RoundEnded]:
        """Those rounds, in order."""


def run(plan: Plan, executor: Executor, past: Past | None = None) -> Iterator[Event]:
    """Carry a plan out.

    Args:
        plan: what to do.
        executor: started; where a run is gone on with, one that knows the calls that were made.
        past: the unfinished run.

    Raises:
        CrumpleError: the corpus is empty, the budget is too small for one round, or the system cannot be
            made ready.
    """
    yield from _Run(plan, executor, past).events()


class _Run:
    """The state of one run between its events."""

    def __init__(self, plan: Plan, executor: Executor, past: Past | None) -> None:
        self.plan, self.executor, self.past = plan, executor, past
        self.started = time.monotonic() - (past.seconds if past else 0.0)
        self.before: Mapping[str, bool] = past.before if past else {}
        self.calls = self.works = self.voids = 0
        self.reached = past is not None
        self.cost = 0.0
        self.reserve = reserve(plan, plan.calls) if plan.calls is not None else 0
        self.standards: dict[str, Standard] = {}
        self.dropped: set[str] = set()
        self.broken: set[Target] = set()
        self.tried = 0
        self.called = False
        self.owed = 0  # repeats of calls that are out, which are put once those are back
        self.examples: dict[str, Result] = {}
        self.kinds: dict[Target, str] = {}

    def events(self) -> Iterator[Event]:
        if self.past is not None:
            yield Resumed(self.past.rounds, self.past.calls, self.past.cost, self.past.seconds, self.past.made)
        entries = population(self.plan)
        passed = yield from self._clean(entries)
        if self._is_outage():
            yield Ended("outage")
            return
        if not passed:
            yield Ended(self._why_none())
            return
        # Ahead of all answers every case is degraded; of those that turn out to fail clean nothing is counted.
        drawn = list(entries) if self.plan.ahead else passed
        self.broken = yield from self._controls(drawn)
        if self._is_outage():
            yield Ended("outage")
            return
        targets: dict[str, Sequence[Target]] = {}
        broken = set() if self.plan.ahead else self.broken
        for name, found in eligible(self.plan, drawn, broken, called=self.called).items():
            if isinstance(found, str):
                yield NotRun(name, found)
            else:
                targets[name] = found
        if not targets:
            yield Ended("nothing to do")
            return
        self.kinds = {Target(each.id, part): kind for each in drawn for part, kind in each.documents}
        ended = yield from self._rounds(targets)
        yield from self._again()
        yield ended

    def _clean(self, entries: Sequence[Entry]) -> Generator[Event, None, list[Entry]]:
        works = [work for entry in entries for work in self._clean_works(entry)]
        yield PhaseStarted("clean", len(works))
        by_case: dict[str, list[Result]] = {}
        for result in (yield from self._all(works, CLEAN_TIME)):
            by_case.setdefault(result.work.case, []).append(result)
        tried = [each for each in entries if len(by_case.get(each.id, ())) == clean_calls(each, self.plan.repeat)]
        self.tried = len(tried)
        for entry in tried:
            found = standard(by_case[entry.id], self.plan.pass_mark, self.plan.slack)
            if found is not None:
                self.standards[entry.id] = found
        passed = [entry for entry in tried if entry.id in self.standards]
        without = frozenset(entry.id for entry in tried if not entry.has_truth)
        unstable = {case: each.unstable for case, each in self.standards.items() if each.unstable}
        results = [result for entry in tried for result in by_case[entry.id]]
        self.called = any(each.verdict is not None and each.verdict.figures.get(CALLS) for each in results)
        yield CleanEnded(tried, frozenset(self.standards), results, without, unstable)
        if self.plan.ahead:
            self.dropped = {entry.id for entry in entries if entry.id not in self.standards}
            self.standards |= dict.fromkeys(self.dropped, Standard(self.plan.pass_mark or 0.0))
        return passed

    def _clean_works(self, entry: Entry) -> Iterator[Work]:
        for number in range(clean_calls(entry, self.plan.repeat)):
            self.works += 1
            key = f"clean/{entry.id}/{number}"
            yield Work(self.works, entry.id, key=key, pass_mark=self.plan.pass_mark or 0.0)

    def _controls(self, passed: Sequence[Entry]) -> Generator[Event, None, set[Target]]:
        """The documents that do not survive a round trip, or for which there was no time to find out."""
        trips = [trip for entry in passed for trip in controlled(self.plan, entry)]
        if not trips:
            return set()
        works = [
            self._work(target, control, control.level, 0, f"control/{control.name}/{target.case}/{target.part}/0")
            for control, target in trips
        ]
        yield PhaseStarted("control", len(works))
        results = yield from self._all(works, CONTROL_TIME)
        by_control: dict[str, list[Result]] = {}
        for result in results:
            if not result.skipped and result.work.case not in self.dropped:
                by_control.setdefault(result.work.mutator, []).append(result)
        yield ControlsEnded(by_control)
        survived = {_target(each.work) for each in results if not _is_broken(each)}
        return {target for _, target in trips} - survived

    def _rounds(self, targets: Mapping[str, Sequence[Target]]) -> Generator[Event, None, Ended]:
        past = self.past.ended() if self.past else iter(())
        number = self.past.rounds if self.past else 0
        self.calls += self.past.calls if self.past else 0
        self.cost += self.past.cost if self.past else 0.0
        yield PhaseStarted("degraded", None if self.plan.calls is None else max(0, self.plan.calls - self.calls))
        rounds: dict[int, _Round] = {}
        out: dict[int, tuple[Visit, int]] = {}
        waiting: deque[Visit] = deque()
        size = len(targets) * self.plan.repeat
        idle, most_idle = 0, max(IDLE_ROUNDS, -(-IDLE_TRIES // (TRIES * len(targets))))
        while True:
            going_on = self._in_time(ROUNDS_TIME) and not self._is_outage()
            more = going_on and idle < most_idle and self._fits(self._held(out, waiting) + size)
            if not out and not more and not (going_on and waiting):
                break
            while going_on and (room := self.executor.room):
                if len(waiting) < room and idle < most_idle and self._fits(self._held(out, waiting) + size):
                    visits = draw_round(self.plan, number, targets, TRIES)
                    rounds[number] = _Round(len(visits))
                    waiting.extend(visits)
                    number += 1
                elif not waiting:
                    break
                now = [waiting.popleft() for _ in range(min(room, len(waiting)))]
                self.executor.put([self._visit(visit, 0, out) for visit in now])
            # What is past is told in between, so that the system need not wait for it.
            yield from self._told(past, time.monotonic() + _TELLING)
            for result in self.executor.results(_PATIENCE):
                visit, attempt = out.pop(result.work.id)
                ended = rounds[visit.round]
                self._count(result, ended)
                another = self._has_another(result, visit, attempt, self._held(out, waiting))
                yield from _ended(result, another=another)
                if another:
                    self.executor.put([self._visit(visit, attempt + 1, out)])
                    continue
                if result.work.key.endswith("/0"):
                    self.owed -= self.plan.repeat - 1
                repeats = self._repeats(result, visit, attempt, out)
                ended.size += len(repeats)
                self.executor.put(repeats)
                ended.results.append(result)
                if len(ended.results) == ended.size:
                    del rounds[visit.round]
                    idle = idle + 1 if all(each.skipped for each in ended.results) else 0
                    yield self._whole(RoundEnded(visit.round, ended.results, ended.calls, ended.cost))
        yield from self._told(past, float("inf"))
        return Ended(self._why(idle >= most_idle, size), sum(len(each.results) for each in rounds.values()))

    def _held(self, out: Sized, waiting: Sized) -> int:
        """How many calls are out or drawn."""
        return len(out) + self.owed + len(waiting) * self.plan.repeat

    def _has_another(self, result: Result, visit: Visit, attempt: int, held: int) -> bool:
        """Whether a visit tries another document; a try that was no test may have cost a call all the same."""
        skipped = bool(result.skipped) and attempt + 1 < len(visit.candidates)
        return skipped and (not result.made or self._fits(held + 1))

    def _why_none(self) -> str:
        """Why there is no case to degrade."""
        if self.tried or self._is_free():
            return "all fail clean"
        return "cost" if self._in_time(CLEAN_TIME) else "time"

    def _is_free(self) -> bool:
        return self.plan.seconds is None and self.plan.cost is None

    def _why(self, idle: bool, size: int) -> str:
        """Why the rounds are over."""
        if self._is_outage():
            return "outage"
        if idle:
            return "nothing to do"
        if not self._in_time(ROUNDS_TIME):
            return "time"
        most = self.plan.calls
        return "calls" if most is not None and self.calls + size > most - self.reserve else "cost"

    def _told(self, past: Iterator[RoundEnded], until: float) -> Iterator[RoundEnded]:
        """Past rounds, for a while."""
        for ended in past:
            yield self._whole(ended)
            if time.monotonic() > until:
                break

    def _whole(self, ended: RoundEnded) -> RoundEnded:
        """A whole round, with its failures noted; of a batch without what should not have been degraded."""
        results = ended.results
        if self.plan.ahead:
            results = [each for each in results if each.work.case not in self.dropped and not self._harmed(each.work)]
        for result in results:
            if result.verdict is not None and result.verdict.failure:
                mark = result.verdict.fingerprint
                other = self.examples.get(mark)
                self.examples[mark] = result if other is None else min(other, result, key=simplest)
        if len(self.examples) > _MOST_EXAMPLES:
            # Only the simplest are tried again, and what is none of them now will not be one later.
            self.examples = dict(sorted(self.examples.items(), key=lambda item: simplest(item[1]))[:MOST_AGAIN])
        return replace(ended, results=results)

    def _harmed(self, work: Work) -> bool:
        """Whether the round trip alone does this work's document harm."""
        target = _target(work)
        return target in self.broken and round_trips(self.plan.registry.get(work.mutator), self.kinds[target])

    def _again(self) -> Generator[Event, None, None]:
        """Call one example of each bucket of failures a second time, the simplest first, as budgets allow."""
        if self.plan.ahead or self.plan.repeat > 1 or self._is_outage() or not self._in_time():
            return
        most = min(MOST_AGAIN, int(AGAIN_SHARE * self.calls) + 1)
        if self.plan.calls is not None:
            most = min(most, self.plan.calls - self.calls)
        marks = sorted(self.examples, key=lambda mark: simplest(self.examples[mark]))[: max(0, most)]
        if not marks or self._is_dear(len(marks)):
            return
        works: dict[int, str] = {}
        for mark in marks:
            self.works += 1
            works[self.works] = mark
        yield PhaseStarted("again", len(works))
        # What comes from an earlier session is not held to anything any more.
        again = [
            self.standards[work.case].work(replace(work, id=number, key=f"again/{work.key}", round=-1))
            for number, work in ((number, self.examples[mark].work) for number, mark in works.items())
        ]
        results = yield from self._all(again, 1.0)
        yield TriedAgain({works[each.work.id]: each for each in results})

    def _count(self, result: Result, ended: _Round | None = None) -> None:
        if not result.made:
            return
        if ended is not None:
            ended.calls += 1
            ended.cost += result.cost
        self.calls += 1
        self.cost += result.cost
        void = result.verdict is not None and result.verdict.outcome is Outcome.VOID
        if not (void and self.before.get(result.work.key)):  # what was void long ago is no outage now
            self.voids = self.voids + 1 if void else 0
            self.reached = self.reached or not void

    def _is_outage(self) -> bool:
        return self.voids >= (OUTAGE if self.reached else NEVER_THERE)

    def _in_time(self, share: float = 1.0) -> bool:
        return self.plan.seconds is None or time.monotonic() - self.started < self.plan.seconds * share

    def _fits(self, more: int) -> bool:
        most = None if self.plan.calls is None else self.plan.calls - self.reserve
        return (most is None or self.calls + more <= most) and not self._is_dear(more)

    def _is_dear(self, more: int, share: float = 1.0) -> bool:
        """Whether so many more calls would take more money than there is, at what they have cost so far."""
        if self.plan.cost is None:
            return False
        each = self.cost / self.calls if self.calls else 0.0
        return self.cost + max(more, 1) * each > self.plan.cost * share

    def _visit(self, visit: Visit, attempt: int, out: dict[int, tuple[Visit, int]]) -> Work:
        target, seed = visit.candidates[attempt]
        if attempt == 0:
            self.owed += self.plan.repeat - 1
        key = f"{visit.round}/{visit.mutator.name}/{attempt}/0"
        work = self._work(target, visit.mutator, visit.level, seed, key, visit.round)
        out[work.id] = (visit, attempt)
        return work

    def _repeats(self, result: Result, visit: Visit, attempt: int, out: dict[int, tuple[Visit, int]]) -> list[Work]:
        """The further calls of a work that was carried out for the first time."""
        stem, _, number = result.work.key.rpartition("/")
        if result.skipped or number != "0":
            return []
        works = []
        for repeat in range(1, self.plan.repeat):
            self.works += 1
            works.append(replace(result.work, id=self.works, key=f"{stem}/{repeat}"))
            out[self.works] = (visit, attempt)
        return works

    def _work(self, target: Target, mutator: Mutator, level: float, seed: int, key: str, number: int = -1) -> Work:
        self.works += 1
        recipe = Recipe((mutator.step(level, seed, part=target.part),))
        work = Work(self.works, target.case, recipe, level, mutator.name, key, number)
        return self.standards[target.case].work(work)

    def _all(self, works: Sequence[Work], share: float) -> Generator[Event, None, list[Result]]:
        """Each call as it ends; then the results in the order of the works, of those that the budgets allow.

        A run that is gone on with is about what it was about: what was begun is not measured by the clock again, and
        where documents were degraded already, nothing is added to what they were drawn from.
        """
        known = deque(work for work in works if work.key in self.before)
        closed = self.past is not None and self.past.begun and share < 1.0
        new = deque(() if closed else (work for work in works if work.key not in self.before))
        none: deque[Work] = deque()
        results: dict[int, Result] = {}
        put = 0

        def following() -> deque[Work]:
            if self._is_outage() or known:
                return none if self._is_outage() else known
            out = put - len(results)
            # Before the first call is back nobody knows what one costs.
            unknown = self.plan.cost is not None and not self.calls and out > 0
            return none if unknown or not self._in_time(share) or self._is_dear(out + 1, share) else new

        while len(results) < put or following():
            while (queue := following()) and (room := self.executor.room):
                # One at a time where there is a limit: each may be the last that there is money for.
                now = [queue.popleft() for _ in range(1 if self.plan.cost is not None else min(room, len(queue)))]
                self.executor.put(now)
                put += len(now)
            for result in self.executor.results(_PATIENCE):
                results[result.work.id] = result
                self._count(result)
                yield CallEnded(result)
        return [results[work.id] for work in works if work.id in results]


def _ended(result: Result, *, another: bool) -> Iterator[CallEnded]:
    """A call that was made, or a visit's last try; a skip that another document is tried for is nobody's concern."""
    if result.made or not another:
        yield CallEnded(result)


def _target(work: Work) -> Target:
    return Target(work.case, work.recipe.steps[0].part)


def _is_broken(result: Result) -> bool:
    """Whether a round trip did its document harm; a skip says that there is none to be done."""
    verdict = result.verdict
    return not result.skipped and (verdict is None or verdict.failure or verdict.outcome is Outcome.VOID)


@dataclass(slots=True)
class _Round:
    """A round that is not all back yet."""

    size: int
    results: list[Result] = field(default_factory=list)
    calls: int = 0
    cost: float = 0.0
