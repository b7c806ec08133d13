"""Minimising failures of systems whose smallest cause is known: what it comes to, and in how many calls.

    python -m benchmarks.fuzz_minimising [--quick] [--write]

Systems are simulated over the ladders of all mutators; what is asked for, and what the answers are, is as in a search.
`--quick` takes one in ten. Ends with 1 where less than nine in ten are as small as can be.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from benchmarks.output import Output
from crumple.mutation.ladder import Ladder
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import discover
from crumple.outcome import Outcome, Verdict
from crumple.recipe import Recipe, Step
from crumple.result import Result, Work
from crumple.search.fuzz.asking import Ask
from crumple.search.fuzz.minimising import CAP, Minimised, minimising

SYSTEMS = 500
MOST_STEPS, MOST_CHANGES = 4, 300
MARK, OTHER = "crashed ValueError at reader.py:read", "wrong /total (garbled)"
NEAR, AIM, CALLS = 0.1, 0.9, 40
FLAKY = 0.3
HEADS = (
    "what breaks it",
    "minimised",
    "fewest steps",
    "level within 10 %",
    "one change",
    "calls: median",
    "90 %",
    "most",
)
KINDS = (
    ("one step, by its amount", False, False),
    ("one step, by one of its changes", False, True),
    ("two steps together, by their amounts", True, False),
    ("two steps together, by one change of each", True, True),
)
_SEEDS = 1_000_000


@dataclass(frozen=True)
class Cause:
    """A step that breaks the system, or one of two that do together.

    Attributes:
        mutator: whose.
        level: from which on, on its ladder.
        seed: of its changes; damage at a level is part of the damage at a higher one.
        changes: how many changes it makes at level 5.
        one: whether it is one change that breaks it, the one that comes at `level`; or the amount.
    """

    mutator: Mutator
    level: float
    seed: int
    changes: int
    one: bool

    def made(self, step: Step) -> list[float]:
        """The levels at which the changes that a step makes come in, in the order of the document."""
        level = self.mutator.level_of(step)
        drawn = np.random.Generator(np.random.PCG64([self.seed, 1])).uniform(0, 5, size=self.changes)
        drawn[self.seed % self.changes] = self.level
        return [each for each in drawn.tolist() if each <= level]

    def breaks(self, step: Step) -> bool:
        """Whether this step does it."""
        ladder = self.mutator.ladder
        if ladder is not None:
            value = dict(step.parameters)[self.mutator.parameter]
            threshold = ladder.at(self.level)
            if isinstance(value, (str, bool)):
                if ladder.rungs.index(value) < ladder.rungs.index(threshold):
                    return False
            elif value != threshold and (float(value) < float(threshold)) == _rises(ladder):
                return False
        if not self.one:
            return not step.only
        return not step.only or self.level in [self.made(step)[at] for at in kept(step.only)]


def _rises(ladder: Ladder) -> bool:
    return float(ladder.rungs[0]) < float(ladder.rungs[-1])


def kept(only: str) -> list[int]:
    """The numbers that `Step.only` names."""
    ends = [run.partition("-") for run in only.split(",")]
    return [at for first, _, last in ends for at in range(int(first), int(last or first) + 1)]


@dataclass
class System:
    """What fails where every one of its causes acts.

    Attributes:
        causes: one or two.
        flaky: it fails so often only.
        beside: a mutator at which it fails otherwise; None: at none.
        asked: how many calls were made.
    """

    causes: Sequence[Cause]
    rng: Generator
    flaky: float = 1.0
    beside: str = ""
    asked: list[Ask] = field(default_factory=list)

    def answer(self, ask: Ask) -> Result:
        """What comes of a call."""
        self.asked.append(ask)
        steps = {each.mutator: each for each in ask.recipe.steps}
        mark = OTHER if self.beside in steps else ""
        if all(each.mutator.name in steps and each.breaks(steps[each.mutator.name]) for each in self.causes):
            mark = MARK if self.rng.random() < self.flaky else mark
        outcome = Outcome(mark.partition(" ")[0]) if mark else Outcome.RIGHT
        causes = {each.mutator.name: each for each in self.causes}
        counts = tuple(
            len(causes[name].made(step)) if name in causes and causes[name].one else 0 for name, step in steps.items()
        )
        work = Work(len(self.asked), ask.case, ask.recipe)
        verdict = Verdict(outcome, bool(mark), fingerprint=mark)
        return Result(work, verdict, attempts=1, changes=counts if ask.counts else ())


def drawn(rng: Generator, mutators: Sequence[Mutator], *, together: bool, one: bool) -> tuple[System, Recipe]:
    """A system, and a recipe of one to four steps that breaks it."""
    count = int(rng.integers(2 if together else 1, MOST_STEPS + 1))
    chosen = [mutators[at] for at in rng.choice(len(mutators), size=count, replace=False).tolist()]
    # At less than that a ladder of whole numbers is at its zero, where nothing is changed.
    levels = [5 - 4.4 * rng.random() for _ in chosen]
    guilty = sorted(rng.choice(count, size=2 if together else 1, replace=False).tolist())
    causes = []
    for at in guilty:
        ladder = chosen[at].ladder
        level = max(0.02, float(levels[at] * rng.random()))
        level = 1.0 if ladder is None or ladder.at(level) == ladder.zero else ladder.level_of(ladder.at(level))
        changes = int(rng.integers(1, MOST_CHANGES + 1)) if one else 1
        causes.append(Cause(chosen[at], level, int(rng.integers(1, _SEEDS)), changes, one))
    innocent = [each.name for at, each in enumerate(chosen) if at not in guilty]
    beside = innocent[0] if innocent and rng.random() < 0.5 else ""
    steps = [mutator.step(level, int(rng.integers(1, _SEEDS))) for mutator, level in zip(chosen, levels, strict=True)]
    return System(causes, rng, beside=beside), Recipe(tuple(steps))


def carried_out(system: System, recipe: Recipe, mutators: Mapping[str, Mutator], cap: int = CAP) -> Minimised | None:
    """Minimise one failure; None where the recipe does not fail."""
    failure = system.answer(Ask("case", recipe))
    if failure.verdict is None or failure.verdict.fingerprint != MARK:
        return None
    asking = minimising(failure, mutators, ["small", "other"], cap)
    try:
        ask = next(asking)
        while True:
            ask = asking.send(system.answer(ask))
    except StopIteration as end:
        done: Minimised = end.value
        return done


@dataclass(frozen=True)
class Row:
    """What came of minimising one failure.

    Attributes:
        done: see there.
        fewest: whether as few steps are left as can be.
        near: of each step left, whether its level is within a tenth of the true threshold, in its parameter.
        one: of each step of which one change suffices, whether one is left.
    """

    done: Minimised
    fewest: bool
    near: Sequence[bool]
    one: Sequence[bool]


def row(system: System, done: Minimised) -> Row:
    """Hold it against what is known of the system."""
    causes = {each.mutator.name: each for each in system.causes}
    steps = done.example.work.recipe.steps
    near, one = [], []
    for step in steps:
        cause = causes.get(step.mutator)
        if cause is None or cause.mutator.ladder is None:
            continue
        value = dict(step.parameters)[cause.mutator.parameter]
        threshold = cause.mutator.ladder.at(cause.level)
        if isinstance(value, (str, bool)) or isinstance(threshold, (str, bool)):
            near.append(value == threshold)
        else:
            near.append(abs(float(value) - float(threshold)) <= NEAR * abs(float(threshold)) * (1 + 1e-9))
        if cause.one:
            one.append(len(cause.made(step)) == 1 or len(kept(step.only or "0-1")) == 1)
    return Row(done, {each.mutator for each in steps} == set(causes), near, one)


def rows(
    count: int, seed: int, *, together: bool = False, one: bool = False, flaky: float = 1.0
) -> tuple[list[Row], int]:
    """Minimise so many failures; also how many were held for flaky or not reproduced."""
    registry = discover()
    mutators = [each for each in registry if not each.control]
    rng = np.random.Generator(np.random.PCG64(seed))
    found: list[Row] = []
    unsteady = 0
    while len(found) + unsteady < count:
        system, recipe = drawn(rng, mutators, together=together, one=one)
        system.flaky = flaky
        done = carried_out(system, recipe, registry.mutators)
        if done is None:
            continue
        if done.state in ("flaky", "not reproduced"):
            unsteady += 1
        else:
            found.append(row(system, done))
    return found, unsteady


def share(those: Sequence[bool]) -> float:
    """The share of them that are true; 1 of none."""
    return sum(those) / len(those) if those else 1.0


def cells(name: str, found: Sequence[Row], unsteady: int) -> list[str]:
    """A row of the table."""
    calls = [each.done.calls for each in found]
    one = [each for row in found for each in row.one]
    return [
        name,
        f"{share([each.done.state == 'minimised' for each in found] + [False] * unsteady):.1%}",
        f"{share([each.fewest for each in found]):.1%}",
        f"{share([near for each in found for near in each.near]):.1%}",
        f"{share(one):.1%}" if one else "",
        f"{np.median(calls):.0f}",
        f"{np.quantile(calls, 0.9):.0f}",
        f"{max(calls)}",
    ]


def chance(out: Output, count: int) -> None:
    """What is said of failures that come and go."""
    steady, unsteady = rows(count, 5, flaky=FLAKY)
    believed = sum(each.done.state == "minimised" for each in steady)
    out.say(
        f"Of {count} failures that come in {FLAKY:.0%} of the calls only, {unsteady} were called flaky or not "
        f"reproduced, {len(steady) - believed} not minimised, and {believed} minimised: by chance, those failed as "
        f"often as they were called."
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="one system in ten")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    options = parser.parse_args(arguments)
    count = SYSTEMS // (10 if options.quick else 1)
    out = Output()
    out.heads(HEADS, [44, -10, -13, -18, -11, -14, -5, -5])
    every: list[Row] = []
    singles: list[Row] = []
    for seed, (name, together, one) in enumerate(KINDS, 1):
        found, unsteady = rows(count, seed, together=together, one=one)
        every += found
        singles += [] if together else found
        out.row(cells(name, found, unsteady))
    chance(out, count)
    if options.write:
        out.write("fuzz_minimising")
    fewest = share([each.fewest for each in singles])
    near = share([near for each in every for near in each.near])
    met = min(fewest, near) >= AIM and float(np.median([each.done.calls for each in every])) <= CALLS
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
