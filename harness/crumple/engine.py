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
from crumple.errors import CrumpleError
from crumple.execution.executor import Executor
from crumple.plan import Plan, Visit, draw_round, eligible, population, round_trips
from crumple.recipe import Recipe
from crumple.result import Result, Work

TRIES = 5
"""How many cases a visit tries before the mutator counts as skipped in that round."""
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
        population: the cases that the run is about.
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
    """The end, and why: "calls", "time", "all fail clean" or "nothing to do".

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
        entries = population(self.plan)
        passed = yield from self._clean(entries)
        if not passed:
            yield Ended("all fail clean")
            return
        failed = yield from self._controls(passed)
        cases: dict[str, Sequence[str]] = {}
        for name, found in eligible(self.plan, passed, failed).items():
            if isinstance(found, str):
                yield NotRun(name, found)
            else:
                cases[name] = found
        if not cases:
            yield Ended("nothing to do")
            return
        yield from self._rounds(cases)

    def _clean(self, entries: Sequence[Entry]) -> Generator[Event, None, list[Entry]]:
        works = [work for entry in entries for work in self._clean_works(entry)]
        yield PhaseStarted("clean", len(works))
        results = yield from self._all(works)
        by_case: dict[str, list[Result]] = {}
        for result in results:
            by_case.setdefault(result.work.case, []).append(result)
        for entry in entries:
            found = standard(by_case[entry.id], self.plan.pass_mark, self.plan.slack)
            if found is not None:
                self.standards[entry.id] = found
        without = frozenset(entry.id for entry in entries if not entry.has_truth)
        unstable = {case: each.unstable for case, each in self.standards.items() if each.unstable}
        yield CleanEnded(entries, frozenset(self.standards), results, without, unstable)
        return [entry for entry in entries if entry.id in self.standards]

    def _clean_works(self, entry: Entry) -> Iterator[Work]:
        for _ in range(clean_calls(entry)):
            self.works += 1
            yield Work(self.works, entry.id, pass_mark=self.plan.pass_mark or 0.0)

    def _controls(self, passed: Sequence[Entry]) -> Generator[Event, None, dict[str, set[str]]]:
        works = [
            self._work(entry.id, Recipe((control.step(control.level, 0),)), control.name, control.level)
            for control in self.plan.controls
            for entry in passed
            if any(self.plan.sees(each.view) and round_trips(each, entry.media_type) for each in self.plan.registry)
        ]
        if not works:
            return {}
        yield PhaseStarted("control", len(works))
        results = yield from self._all(works)
        made = [result for result in results if not result.skipped]
        by_control = {
            name: [result for result in made if result.work.mutator == name]
            for name in dict.fromkeys(result.work.mutator for result in made)
        }
        yield ControlsEnded(by_control)
        return {
            name: {each.work.case for each in own if each.verdict is None or each.verdict.failure}
            for name, own in by_control.items()
        }

    def _rounds(self, cases: Mapping[str, Sequence[str]]) -> Generator[Event, None, None]:
        whole = self._whole_rounds(len(cases))
        yield PhaseStarted("degraded", None if whole is None else whole * len(cases))
        rounds: dict[int, _Round] = {}
        out: dict[int, tuple[Visit, int]] = {}
        waiting: deque[Visit] = deque()
        number = 0
        while ((in_time := self._in_time()) and (waiting or whole is None or number < whole)) or out:
            while in_time and (room := self.executor.room):
                if len(waiting) < room and (whole is None or number < whole):
                    visits = draw_round(self.plan, number, cases, TRIES)
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
                    yield RoundEnded(visit.round, ended.results)
        cut = sum(len(each.results) for each in rounds.values())
        yield Ended("time" if not self._in_time() else "calls", cut)

    def _in_time(self) -> bool:
        return self.plan.seconds is None or time.monotonic() - self.started < self.plan.seconds

    def _whole_rounds(self, size: int) -> int | None:
        """How many whole rounds the budget allows; only whole ones are a fair sample."""
        if self.plan.calls is None:
            return None
        whole = (self.plan.calls - self.calls) // size
        if whole < 1:
            raise CrumpleError(
                f"a budget of {self.plan.calls} calls is too small: {self.calls} went to clean documents and round "
                f"trips, and one round takes {size} more",
                where="[run] calls",
                hint=f"Allow at least {self.calls + size} calls, or choose fewer mutators with [mutate] use.",
            )
        return whole

    def _visit(self, visit: Visit, attempt: int, out: dict[int, tuple[Visit, int]]) -> Work:
        case, seed = visit.candidates[attempt]
        recipe = Recipe((visit.mutator.step(visit.level, seed),))
        work = self._work(case, recipe, visit.mutator.name, visit.level)
        out[work.id] = (visit, attempt)
        return work

    def _work(self, case: str, recipe: Recipe, mutator: str, level: float) -> Work:
        self.works += 1
        return self.standards[case].work(Work(self.works, case, recipe, level, mutator))

    def _all(self, works: Sequence[Work]) -> Generator[Event, None, list[Result]]:
        """Put everything, yield each call as it ends, and return the results in the order of the works."""
        self.executor.put(works)
        results: dict[int, Result] = {}
        while len(results) < len(works):
            for result in self.executor.results(_PATIENCE):
                results[result.work.id] = result
                self.calls += not result.skipped
                yield CallEnded(result)
        return [results[work.id] for work in works]


@dataclass(slots=True)
class _Round:
    """A round that is not all back yet."""

    size: int
    results: list[Result] = field(default_factory=list)
