"""A plan in, a stream of events out. It prints nothing and writes nothing.

Clean first: every case of the population runs clean, then the round trips of views that cannot be written back
unchanged, then round after round of degraded documents until a budget is used up; at last the example of each bucket
of failures once more, to tell what fails every time from what fails now and then.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from itertools import starmap

from crumple.case import Entry
from crumple.clean import Standard, by_case, clean_calls, standard
from crumple.course import Course, Rounds
from crumple.dependency.front import CALLS
from crumple.engine.past import Before
from crumple.engine.past import Past as Past
from crumple.engine.rounds import PATIENCE, RoundsPhase
from crumple.engine.spending import Spending
from crumple.engine.works import Works
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
from crumple.outcome import Outcome, Verdict
from crumple.plan import MOST_AGAIN, Plan, controlled, eligible, population, round_trips
from crumple.result import Result, Work, simplest
from crumple.targets import Target

CLEAN_TIME, CONTROL_TIME = 0.25, 0.5
"""By which shares of the time and money allowed the clean calls and the round trips must be through."""
AGAIN_SHARE = 0.1
"""At most this share of the calls tries failures again."""
_MOST_EXAMPLES = 10 * MOST_AGAIN


def run(
    plan: Plan,
    executor: Executor,
    past: Past | None = None,
    course: Course | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Event]:
    """Carry a plan out.

    Args:
        plan: what to do.
        executor: started; where a run is gone on with, one that knows the calls that were made.
        past: the unfinished run.
        course: which rounds there are; None: each mutator has a turn in every one.
        clock: what the budget in time is measured by, in seconds.

    Raises:
        CrumpleError: the corpus is empty, the budget is too small for one round, or the system cannot be
            made ready.
    """
    yield from _Run(plan, executor, past, course, clock).events()


class _Run:
    """The state of one run between its events."""

    def __init__(
        self, plan: Plan, executor: Executor, past: Past | None, course: Course | None, clock: Callable[[], float]
    ) -> None:
        self.plan, self.executor, self.past = plan, executor, past
        self.course = course or Rounds(plan, past.rounds if past else 0)
        self.before: Before = past.before if past else {}
        self.spending = Spending(plan, past, clock)
        self.works = Works(plan)
        self.tried = 0
        self.dropped: set[str] = set()
        self.broken: set[Target] = set()
        self.called = False
        self.examples: dict[str, Result] = {}
        self.verdicts: dict[tuple[Outcome, bool, float, tuple[str, ...]], Verdict] = {}
        self.kinds: dict[Target, str] = {}

    def events(self) -> Iterator[Event]:
        if self.past is not None:
            yield Resumed(self.past.rounds, self.past.calls, self.past.cost, self.past.seconds, self.past.made)
        entries = population(self.plan)
        clean, passed = yield from self._clean(entries)
        if self.spending.is_outage:
            yield Ended("outage")
            return
        if not passed:
            yield Ended(self._why_none())
            return
        # Ahead of all answers every case is degraded; of those that turn out to fail clean nothing is counted.
        drawn = list(entries) if self.plan.ahead else passed
        self.broken = yield from self._controls(drawn)
        if self.spending.is_outage:
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
        if self.plan.ahead:
            self.kinds = {Target(each.id, part): kind for each in drawn for part, kind in each.documents}
        self.course.begin(targets, clean)
        del clean  # of a million cases their results are most of what there is in memory
        ended = yield from self._rounds()
        yield from self._again()
        yield ended

    def _clean(self, entries: Sequence[Entry]) -> Generator[Event, None, tuple[CleanEnded, list[Entry]]]:
        works = [work for entry in entries for work in self.works.clean(entry)]
        yield PhaseStarted("clean", len(works))
        came = yield from self._all(works, CLEAN_TIME)
        del works
        tried, results = self._tried(entries, came)
        passed = [entry for entry in tried if entry.id in self.works.standards]
        without = frozenset(entry.id for entry in tried if not entry.has_truth)
        unstable = {case: each.unstable for case, each in self.works.standards.items() if each.unstable}
        self.called = any(each.verdict is not None and each.verdict.figures.get(CALLS) for each in results)
        clean = CleanEnded(tried, frozenset(self.works.standards), results, without, unstable)
        yield clean
        if self.plan.ahead:
            self.dropped = {entry.id for entry in entries if entry.id not in self.works.standards}
            self.works.standards |= dict.fromkeys(self.dropped, Standard(self.plan.pass_mark or 0.0))
        return clean, passed

    def _tried(self, entries: Sequence[Entry], came: Sequence[Result]) -> tuple[list[Entry], list[Result]]:
        """The cases all of whose clean calls came back, and their results, in one order; what they are held to."""
        tried: list[Entry] = []
        results: list[Result] = []
        for entry, own in by_case(entries, came):
            if len(own) != clean_calls(entry, self.plan.repeat):
                continue
            tried.append(entry)
            results.extend(own)
            found = standard(own, self.plan.pass_mark, self.plan.slack)
            if found is not None:
                self.works.hold(entry.id, found)
        self.tried = len(tried)
        return tried, results

    def _controls(self, passed: Sequence[Entry]) -> Generator[Event, None, set[Target]]:
        """The documents that do not survive a round trip, or for which there was no time to find out."""
        taken = controlled(self.plan)
        trips = [trip for entry in passed for trip in taken(entry)]
        if not trips:
            return set()
        works = list(starmap(self.works.control, trips))
        yield PhaseStarted("control", len(works))
        results = yield from self._all(works, CONTROL_TIME)
        by_control: dict[str, list[Result]] = {}
        for result in results:
            if not result.skipped and result.work.case not in self.dropped:
                by_control.setdefault(result.work.mutator, []).append(result)
        yield ControlsEnded(by_control)
        survived = {_target(each.work) for each in results if not _is_broken(each)}
        return {target for _, target in trips} - survived

    def _rounds(self) -> Generator[Event, None, Ended]:
        phase = RoundsPhase(self.plan, self.executor, self.course, self.spending, self.works, self.past)
        left = None if self.plan.calls is None else max(0, self.plan.calls - self.spending.calls)
        yield PhaseStarted("degraded", left)
        for event in phase.events():
            yield self._whole(event) if isinstance(event, RoundEnded) else event
        return phase.ended

    def _why_none(self) -> str:
        """Why there is no case to degrade."""
        if self.tried or self.spending.is_free:
            return "all fail clean"
        return "cost" if self.spending.in_time(CLEAN_TIME) else "time"

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
        wanted = self.plan.again and not self.plan.ahead and self.plan.repeat == 1
        if not wanted or self.spending.is_outage or not self.spending.in_time():
            return
        most = min(MOST_AGAIN, int(AGAIN_SHARE * self.spending.calls) + 1)
        if self.plan.calls is not None:
            most = min(most, self.plan.calls - self.spending.calls)
        marks = sorted(self.examples, key=lambda mark: simplest(self.examples[mark]))[: max(0, most)]
        if not marks or self.spending.is_dear(len(marks)):
            return
        yield PhaseStarted("again", len(marks))
        # What comes from an earlier session is not held to anything any more.
        again = [self.works.again(self.examples[mark].work) for mark in marks]
        results = yield from self._all(again, 1.0)
        by_id = {work.id: mark for work, mark in zip(again, marks, strict=True)}
        yield TriedAgain({by_id[each.work.id]: each for each in results})

    def _all(self, works: Sequence[Work], share: float) -> Generator[Event, None, list[Result]]:
        """Each call as it ends; then the results in the order of the works, of those that the budgets allow.

        A run that is gone on with is about what it was about: what was begun is not measured by the clock again, and
        where documents were degraded already, nothing is added to what they were drawn from.
        """
        known, new = deque[Work](), deque[Work]()
        for work in works:
            (known if work.key in self.before else new).append(work)
        if self.past is not None and self.past.begun and share < 1.0:
            new.clear()
        none: deque[Work] = deque()
        results: list[Result | None] = [None] * len(works)
        put = back = 0

        def following() -> deque[Work]:
            if self.spending.is_outage or known:
                return none if self.spending.is_outage else known
            out = put - back
            # Before the first call is back nobody knows what one costs.
            unknown = self.plan.cost is not None and not self.spending.calls and out > 0
            return none if unknown or not self.spending.in_time(share) or self.spending.is_dear(out + 1, share) else new

        while back < put or following():
            while (queue := following()) and (room := self.executor.room):
                # One at a time where there is a limit: each may be the last that there is money for.
                now = [queue.popleft() for _ in range(1 if self.plan.cost is not None else min(room, len(queue)))]
                self.executor.put(now)
                put += len(now)
            for result in self.executor.results(PATIENCE):
                results[result.work.id - works[0].id] = self._shared(result)  # works are numbered in one go
                back += 1
                self.spending.count(result)
                yield CallEnded(result)
        return [each for each in results if each is not None]

    def _shared(self, result: Result) -> Result:
        """The same result; of a million clean calls most have the same verdict, which is held once."""
        verdict = result.verdict
        if verdict is None or verdict.fingerprint or verdict.wrong or verdict.figures or verdict.labels:
            return result
        said = verdict.outcome, verdict.failure, verdict.score, verdict.abstained
        known = self.verdicts.setdefault(said, verdict)
        return result if known is verdict else replace(result, verdict=known)


def _target(work: Work) -> Target:
    return Target(work.case, work.recipe.steps[0].part)


def _is_broken(result: Result) -> bool:
    """Whether a round trip did its document harm; a skip says that there is none to be done."""
    verdict = result.verdict
    return not result.skipped and (verdict is None or verdict.failure or verdict.outcome is Outcome.VOID)
