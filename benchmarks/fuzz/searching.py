"""One search of one planted system, and what its sound twin says of everything that was found."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from benchmarks.fuzz.in_process import SECONDS, InProcess
from benchmarks.fuzz.looked_at import looked_at
from benchmarks.fuzz.planted import ROBUST, Planted
from crumple.engine import run
from crumple.events import Discovered, Discovery, Ended, Event, RoundEnded
from crumple.execution.executor import Executor
from crumple.execution.local import LocalLanes
from crumple.mutation.mutator import Mutator
from crumple.outcome import Outcome
from crumple.plan import Plan
from crumple.recipe import Recipe, Step
from crumple.result import Result, Work
from crumple.search.fuzz import Fuzzing, Search

WIDTH = 4
NO_FINDING = ("explained",)
_BELOW = 25
_NEAR = 0.1


@dataclass(frozen=True, slots=True)
class Found:
    """One finding, looked at again.

    Attributes:
        state, case, recipe, outcome, fingerprint: as the search has them in the end.
        calls: how many calls minimising it took.
        steps: of its recipe.
        is_planted: whether the sound twin passes on the very document, or ends otherwise: it is the planted bug.
        is_true: whether it is a true alarm: the planted bug, or what was seen to be true by eye.
        seen: of what is not the planted bug, what was seen.
        twin: how the twin's call ended, with its fingerprint where it fails as well.
        expected, answer, theirs: short texts of the truth, and of both answers.
        categories: of the recipe's mutators.
        needs_all: of a recipe of several steps, whether none of them shows the bug alone.
        within: whether nothing fails that is more than a tenth below its parameter; None where that cannot be said.
        changes: how many changes `only` keeps in all, 0: all of them.
    """

    state: str
    case: str
    recipe: str
    outcome: str
    fingerprint: str
    calls: int
    steps: int
    is_planted: bool
    is_true: bool
    seen: str
    twin: str
    expected: str = ""
    answer: str = ""
    theirs: str = ""
    categories: tuple[str, ...] = ()
    needs_all: bool = False
    within: bool | None = None
    lowest: str = ""
    changes: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Searched:
    """What came of one search.

    Attributes:
        system, seed: of what.
        calls: how many it made on degraded documents.
        after: how many of these it had made when the planted bug was called for the first time; None: never.
        by: the recipe that did it.
        findings: everything that it lists in the end.
        seconds: that it took, the looking at it not included.
        void: calls that came to nothing.
    """

    system: str
    seed: int
    calls: int
    after: int | None
    by: str
    findings: tuple[Found, ...] = ()
    seconds: float = 0.0
    void: tuple[str, ...] = ()
    ended: str = ""


@dataclass(slots=True)
class _Watch:
    """What is noted while a search goes on."""

    discoveries: dict[int, Discovery] = field(default_factory=dict)
    failures: list[tuple[int, Result]] = field(default_factory=list)
    calls: int = 0
    void: list[str] = field(default_factory=list)
    ended: str = ""

    def take(self, event: Event) -> None:
        match event:
            case RoundEnded():
                for result in sorted(event.results, key=lambda each: int(each.work.key.split("/")[1])):
                    self._count(result)
            case Discovered(discovery):
                self.discoveries[discovery.number] = discovery
            case Ended():
                self.ended = event.reason

    def _count(self, result: Result) -> None:
        if result.verdict is None:
            return
        self.calls += 1
        if result.verdict.outcome is Outcome.VOID:
            self.void.append(f"{result.work.replay}: {result.cause}")
        elif result.verdict.failure:
            self.failures.append((self.calls, result))


def search(system: Planted, seed: int, calls: int) -> Searched:
    """Search a planted system, and hold what is found against its twin."""
    watch = _Watch()
    began = time.monotonic()
    for event in _events(system, seed, calls):
        watch.take(event)
    seconds = time.monotonic() - began
    twin = InProcess(system.code.sound, system.spec())
    looking = _Looking(system, twin)
    after, by = next(
        ((at, result.work.replay) for at, result in watch.failures if looking.is_planted(result)), (None, "")
    )
    listed = [each for each in watch.discoveries.values() if each.state not in NO_FINDING]
    findings = tuple(looking.found(each) for each in listed)
    return Searched(system.name, seed, watch.calls, after, by, findings, seconds, tuple(watch.void), watch.ended)


def _events(system: Planted, seed: int, calls: int) -> Iterator[Event]:
    chosen, controls = system.registry()
    plan = Plan(
        corpus=system.corpus,
        registry=chosen,
        controls=controls,
        seed=seed,
        calls=calls + 3 * len(system.documents),
        round_size=WIDTH,
        again=False,
    )
    course = Fuzzing(plan, Search(width=WIDTH))
    with ExitStack() as stack:
        executor: Executor = InProcess(system.function, system.spec())
        if system.needs_workers:
            executor = stack.enter_context(LocalLanes(system.spec(), 1))
        yield from run(plan, executor, course=course)


class _Looking:
    """Calls the twin, and the system again, on documents of recipes."""

    def __init__(self, system: Planted, twin: InProcess) -> None:
        self._system, self._twin = system, twin
        self._mutators: dict[str, Mutator] = dict(system.registry()[0].mutators)

    def is_planted(self, result: Result) -> bool:
        """Whether a failure is the planted bug: the twin passes on that document, or ends otherwise."""
        theirs = self._twin.one(_exact(result.work.case, result.work.recipe)).verdict
        own = result.verdict
        return own is not None and theirs is not None and theirs.outcome not in {Outcome.VOID, own.outcome}

    @staticmethod
    def _passes(result: Result) -> bool:
        verdict = result.verdict
        return verdict is not None and verdict.outcome is not Outcome.VOID and not verdict.failure

    def found(self, discovery: Discovery) -> Found:
        """A finding with all that there is to say of it."""
        example = discovery.example
        work, verdict = example.work, example.verdict
        assert verdict is not None
        theirs = self._twin.one(_exact(work.case, work.recipe))
        is_planted = self._system.kind != ROBUST and self.is_planted(example)
        steps = work.recipe.steps
        mutators = [step.mutator for step in steps]
        is_true, seen = (True, "") if is_planted else looked_at(self._system.name, str(verdict.outcome), mutators)
        found = Found(
            state=discovery.state,
            case=work.case,
            recipe=str(work.recipe),
            outcome=str(verdict.outcome),
            fingerprint=verdict.fingerprint,
            calls=discovery.calls,
            steps=len(steps),
            is_planted=is_planted,
            is_true=is_true,
            seen=seen,
            twin=_said(theirs),
            expected=example.expected,
            answer=example.answer or example.cause,
            theirs=theirs.answer or theirs.cause,
            categories=tuple(sorted({step.mutator.partition(".")[0] for step in steps})),
            changes=sum(_kept(step.only) for step in steps),
            why=discovery.why,
        )
        if not is_planted:
            return found
        if len(steps) > 1:
            return replace(found, needs_all=not any(self._shows(work.case, (each,)) for each in steps))
        within, lowest = self._lowest(work.case, steps[0], theirs.digest) if steps else (None, "")
        return replace(found, within=within, lowest=lowest)

    def _shows(self, case: str, steps: tuple[Step, ...], other_than: str = "") -> bool:
        """Whether the planted bug shows on these steps' document, unless that is the one of this digest."""
        work = _exact(case, Recipe(steps))
        theirs = self._twin.one(work)
        if not self._passes(theirs) or theirs.digest == other_than:
            return False
        if self._system.kind == "memory":
            with LocalLanes(self._system.spec(), 1) as lanes:
                lanes.put([work])
                result = lanes.results()[0]
        else:
            result = InProcess(
                self._system.code.planted, self._system.spec(), 0.3 if self._system.kind == "hang" else SECONDS
            ).one(work)
        return result.verdict is not None and result.verdict.failure

    def _lowest(self, case: str, step: Step, digest: str) -> tuple[bool | None, str]:
        """Whether nothing shows the bug at more than a tenth below a step's parameter, of a grid of levels."""
        mutator = self._mutators[step.mutator]
        ladder, values = mutator.ladder, dict(step.parameters)
        value = values.get(mutator.parameter) if mutator.parameter else None
        if ladder is None or isinstance(value, (bool, str)) or not isinstance(value, (int, float)):
            return None, ""
        level = mutator.level_of(step)
        for at in range(1, _BELOW + 1):
            lower = mutator.step(level * at / (_BELOW + 1), step.seed, part=step.part)
            (_, other), *_ = lower.parameters
            assert isinstance(other, (int, float))
            if abs(other - value) <= _NEAR * abs(value):
                continue
            if self._shows(case, (lower,), digest):
                return False, f"{other:g}"
        return True, ""


def _exact(case: str, recipe: Recipe) -> Work:
    return Work(1, case, recipe)


def _said(result: Result) -> str:
    verdict = result.verdict
    if verdict is None:
        return f"skipped: {result.skipped}"
    return verdict.fingerprint if verdict.failure else str(verdict.outcome)


def _kept(only: str) -> int:
    """How many changes are kept; 0: all."""
    spans = [each.partition("-") for each in only.split(",") if each]
    return sum(int(end or start) - int(start) + 1 for start, _, end in spans)
