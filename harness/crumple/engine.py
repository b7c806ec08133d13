"""A plan in, a stream of events out. It prints nothing and writes nothing.

Clean first: every case of the population runs clean, then the round trips of views that cannot be written back
unchanged, then round after round of degraded documents until a budget is used up.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from crumple.case import Entry
from crumple.clean import Standard, clean_calls, standard
from crumple.execution.executor import Executor
from crumple.mutation.mutator import Mutator
from crumple.outcome import Outcome
from crumple.plan import Plan, Target, Visit, controlled, draw_round, eligible, population
from crumple.recipe import Recipe
from crumple.result import Result, Work

TRIES = 5
"""How many documents a visit tries before the mutator counts as skipped in that round."""
CLEAN_TIME, CONTROL_TIME = 0.25, 0.5
"""By which shares of the time allowed the clean calls and the round trips must be through."""
IDLE_ROUNDS = 3
"""After so many rounds in a row in which every mutator was skipped, nothing more is to be expected."""
_PATIENCE = 0.5


@dataclass(frozen=True, slots=True)
class PhaseStarted:
    """A phase begins: "clean", "control" or "degraded"; `calls` as far as they can be told beforehand."""

    name: str
    calls: int | None


@dataclass(frozen=True, slots=True)
class CallEnded:
    """One call came back; for progress. What counts in the rates comes with `RoundEnded`."""

    result: Result


@dataclass(frozen=True, slots=True)
class CleanEnded:
    """All clean calls are back.

    Attributes:
        population: the cases that the run is about; where the time is short, those that could be tried.
        passed: those that are right on the clean document.
        results: every clean result, several for a case without truth.
        without_truth: the cases whose own answers stand in for the truth.
        unstable: of those, the fields set aside because the clean answers did not agree: case -> pointers.
    """

    population: Sequence[Entry]
    passed: frozenset[str]
    results: Sequence[Result]
    without_truth: frozenset[str]
    unstable: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ControlsEnded:
    """The round trips are back: control mutator's name -> results."""

    results: Mapping[str, Sequence[Result]]


@dataclass(frozen=True, slots=True)
class NotRun:
    """A mutator that is not visited at all, and why."""

    mutator: str
    reason: str


@dataclass(frozen=True, slots=True)
class RoundEnded:
    """A whole round: a fair sample of every mutator, one call each; skips are among the results."""

    number: int
    results: Sequence[Result]


@dataclass(frozen=True, slots=True)
class Ended:
    """The end, and why: "calls" (no further whole round fits), "time", "all fail clean" or "nothing to do".

    Attributes:
        reason: see above.
        cut: how many calls belong to rounds that the budget cut short; they are in no rate.
    """

    reason: str
    cut: int = 0


Event: TypeAlias = PhaseStarted | CallEnded | CleanEnded | ControlsEnded | NotRun | RoundEnded | Ended


def run(plan: Plan, executor: Executor) -> Iterator[Event]:
    """Carry a plan out.

    Raises:
        CrumpleError: the corpus is empty, the budget is too small for one round, or the system cannot be
            made ready.
    """
    yield from _Run(plan, executor).events()


class _Run:
    """The state of one run between its events."""

    def __init__(self, plan: Plan, executor: Executor) -> None:
        self.plan, self.executor = plan, executor
        self.started = time.monotonic()
        self.calls = 0
        self.works = 0
        self.standards: dict[str, Standard] = {}

    def events(self) -> Iterator[Event]:
        passed = yield from self._clean(population(self.plan))
        if not passed:
            yield Ended("all fail clean" if self._in_time() else "time")
            return
        broken = yield from self._controls(passed)
        targets: dict[str, Sequence[Target]] = {}
        for name, found in eligible(self.plan, passed, broken).items():
            if isinstance(found, str):
                yield NotRun(name, found)
            else:
                targets[name] = found
        if not targets:
            yield Ended("nothing to do")
            return
        yield from self._rounds(targets)

    def _clean(self, entries: Sequence[Entry]) -> Generator[Event, None, list[Entry]]:
        works = [work for entry in entries for work in self._clean_works(entry)]
        yield PhaseStarted("clean", len(works))
        by_case: dict[str, list[Result]] = {}
        for result in (yield from self._all(works, CLEAN_TIME)):
            by_case.setdefault(result.work.case, []).append(result)
        tried = [entry for entry in entries if len(by_case.get(entry.id, ())) == clean_calls(entry)]
        for entry in tried:
            found = standard(by_case[entry.id], self.plan.pass_mark, self.plan.slack)
            if found is not None:
                self.standards[entry.id] = found
        without = frozenset(entry.id for entry in tried if not entry.has_truth)
        unstable = {case: each.unstable for case, each in self.standards.items() if each.unstable}
        results = [result for entry in tried for result in by_case[entry.id]]
        yield CleanEnded(tried, frozenset(self.standards), results, without, unstable)
        return [entry for entry in tried if entry.id in self.standards]

    def _clean_works(self, entry: Entry) -> Iterator[Work]:
        for _ in range(clean_calls(entry)):
            self.works += 1
            yield Work(self.works, entry.id, pass_mark=self.plan.pass_mark or 0.0)

    def _controls(self, passed: Sequence[Entry]) -> Generator[Event, None, set[Target]]:
        """The documents that do not survive a round trip, or for which there was no time to find out."""
        trips = [trip for entry in passed for trip in controlled(self.plan, entry)]
        if not trips:
            return set()
        works = [self._work(target, control, control.level, 0) for control, target in trips]
        yield PhaseStarted("control", len(works))
        results = yield from self._all(works, CONTROL_TIME)
        by_control: dict[str, list[Result]] = {}
        for result in results:
            if not result.skipped:
                by_control.setdefault(result.work.mutator, []).append(result)
        yield ControlsEnded(by_control)
        survived = {_target(each.work) for each in results if not _is_broken(each)}
        return {target for _, target in trips} - survived

    def _rounds(self, targets: Mapping[str, Sequence[Target]]) -> Generator[Event, None, None]:
        left = None if self.plan.calls is None else self.plan.calls - self.calls
        yield PhaseStarted("degraded", left)
        rounds: dict[int, _Round] = {}
        out: dict[int, tuple[Visit, int]] = {}
        waiting: deque[Visit] = deque()
        number = idle = 0
        while True:
            in_time = self._in_time()
            more = in_time and idle < IDLE_ROUNDS and self._fits(len(out) + len(waiting) + len(targets))
            if not out and not more and not (in_time and waiting):
                break
            while in_time and (room := self.executor.room):
                if len(waiting) < room and idle < IDLE_ROUNDS and self._fits(len(out) + len(waiting) + len(targets)):
                    visits = draw_round(self.plan, number, targets, TRIES)
                    rounds[number] = _Round(len(visits))
                    waiting.extend(visits)
                    number += 1
                elif not waiting:
                    break
                now = [waiting.popleft() for _ in range(min(room, len(waiting)))]
                self.executor.put([self._visit(visit, 0, out) for visit in now])
            for result in self.executor.results(_PATIENCE):
                visit, attempt = out.pop(result.work.id)
                if result.skipped and attempt + 1 < len(visit.candidates):
                    self.executor.put([self._visit(visit, attempt + 1, out)])
                    continue
                self.calls += not result.skipped
                yield CallEnded(result)
                ended = rounds[visit.round]
                ended.results.append(result)
                if len(ended.results) == ended.size:
                    del rounds[visit.round]
                    idle = idle + 1 if all(each.skipped for each in ended.results) else 0
                    yield RoundEnded(visit.round, ended.results)
        cut = sum(len(each.results) for each in rounds.values())
        reason = "nothing to do" if idle >= IDLE_ROUNDS else "calls" if self._in_time() else "time"
        yield Ended(reason, cut)

    def _in_time(self, share: float = 1.0) -> bool:
        return self.plan.seconds is None or time.monotonic() - self.started < self.plan.seconds * share

    def _fits(self, more: int) -> bool:
        return self.plan.calls is None or self.calls + more <= self.plan.calls

    def _visit(self, visit: Visit, attempt: int, out: dict[int, tuple[Visit, int]]) -> Work:
        target, seed = visit.candidates[attempt]
        work = self._work(target, visit.mutator, visit.level, seed)
        out[work.id] = (visit, attempt)
        return work

    def _work(self, target: Target, mutator: Mutator, level: float, seed: int) -> Work:
        self.works += 1
        recipe = Recipe((mutator.step(level, seed, part=target.part),))
        return self.standards[target.case].work(Work(self.works, target.case, recipe, level, mutator.name))

    def _all(self, works: Sequence[Work], share: float) -> Generator[Event, None, list[Result]]:
        """Each call as it ends; then the results in the order of the works, of those for which there was time."""
        waiting = deque(works)
        results: dict[int, Result] = {}
        put = 0
        while len(results) < put or (waiting and self._in_time(share)):
            while waiting and self._in_time(share) and (room := self.executor.room):
                now = [waiting.popleft() for _ in range(min(room, len(waiting)))]
                self.executor.put(now)
                put += len(now)
            for result in self.executor.results(_PATIENCE):
                results[result.work.id] = result
                self.calls += not result.skipped
                yield CallEnded(result)
        return [results[work.id] for work in works if work.id in results]


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
