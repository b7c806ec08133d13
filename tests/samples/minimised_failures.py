"""Systems whose failures have a known smallest cause, and what minimising makes of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from crumple.mutation.registry import discover
from crumple.outcome import Outcome, Verdict
from crumple.recipe import Recipe, Step, Value
from crumple.result import Result, Work
from crumple.search.fuzz.asking import Ask
from crumple.search.fuzz.minimising import CAP, Minimised, minimising

REGISTRY = discover().mutators
CRASH = "crashed ValueError at reader.py:total"
TOTAL, DATE = "wrong /total (garbled)", "wrong /date (other value)"
VOID = "void"

System = Callable[[Ask], str]
"""What comes of a call, as a fingerprint: "" is right, "void" is void, "skip" is a skip."""


def step(mutator: str, value: Value | None = None, seed: int = 7, only: str = "") -> Step:
    parameter = REGISTRY[mutator].parameter
    return Step(mutator, () if value is None else ((parameter, value),), seed, only=only)


def at(mutator: str, level: float) -> Step:
    return REGISTRY[mutator].step(level, 7)


@dataclass
class Calls:
    """A system, and every call that was made of it."""

    system: System
    changes: Callable[[Ask], tuple[int, ...]] = lambda ask: (0,) * len(ask.recipe.steps)
    asked: list[Ask] = field(default_factory=list)

    def of(self, ask: Ask) -> Result:
        self.asked.append(ask)
        mark = self.system(ask)
        work = Work(len(self.asked), ask.case, ask.recipe)
        if mark == "skip":
            return Result(work, None, skipped="it changed nothing")
        verdict = Verdict(Outcome.VOID, failure=False)
        if mark != VOID:
            outcome = Outcome(mark.partition(" ")[0]) if mark else Outcome.RIGHT
            fields = tuple(each for each in mark.replace(",", " ").split() if each.startswith("/"))
            verdict = Verdict(outcome, bool(mark), wrong=fields, fingerprint=mark)
        return Result(work, verdict, attempts=1, changes=self.changes(ask) if ask.counts else ())

    @property
    def made(self) -> int:
        return sum(self.system(ask) != "skip" for ask in self.asked)


def minimised(
    calls: Calls,
    *steps: Step,
    case: str = "doc",
    cases: Sequence[str] = (),
    cap: int = CAP,
    failure: Result | None = None,
    sought: frozenset[str] = frozenset(),
) -> Minimised:
    failure = failure or calls.of(Ask(case, Recipe(steps)))
    calls.asked.clear()
    asking = minimising(failure, REGISTRY, cases, cap, sought)
    try:
        ask = next(asking)
        while True:
            ask = asking.send(calls.of(ask))
    except StopIteration as end:
        done: Minimised = end.value
        return done


def values(done: Minimised) -> list[Value]:
    return [dict(each.parameters)[REGISTRY[each.mutator].parameter] for each in done.example.work.recipe.steps]


def names(done: Minimised) -> list[str]:
    return [each.mutator for each in done.example.work.recipe.steps]


def fails_from(mutator: str, threshold: float, mark: str = CRASH) -> System:
    """Fails where a step has its parameter at the threshold or worse."""
    ladder = REGISTRY[mutator].ladder
    assert ladder is not None
    rising = float(ladder.rungs[-1]) > float(ladder.rungs[0])

    def system(ask: Ask) -> str:
        for each in ask.recipe.steps:
            if each.mutator == mutator:
                value = float(dict(each.parameters)[REGISTRY[mutator].parameter])
                if value >= threshold if rising else value <= threshold:
                    return mark
        return ""

    return system


def has(ask: Ask, *mutators: str) -> bool:
    return set(mutators) <= {each.mutator for each in ask.recipe.steps}


def kept_of(each: Step, count: int) -> set[int]:
    """Which changes a step keeps."""
    if not each.only:
        return set(range(count))
    kept: set[int] = set()
    for run in each.only.split(","):
        first, _, last = run.partition("-")
        kept |= set(range(int(first), int(last or first) + 1))
    return kept


def in_turn(*marks: str) -> System:
    """Answers in this order, whatever is asked; the last one for good."""
    left = list(marks)
    return lambda ask: left.pop(0) if len(left) > 1 else left[0]


FOUR = (at("scan.skew", 4), at("text.typos", 3), at("scan.jpeg", 5), at("encoding.bom", 3))
