"""The lowest level that fails alike, in the unit of the step's parameter."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from crumple.errors import CrumpleError
from crumple.events import Threshold
from crumple.mutation.ladder import Ladder
from crumple.mutation.mutator import Mutator
from crumple.recipe import Step, Value
from crumple.search.fuzz.asking import Asking
from crumple.search.fuzz.trials import Trials, with_step
from crumple.views.dependency import Dependency
from crumple.views.inputs import Inputs

PRECISION = 0.1
"""How near to the true threshold, as a share of the parameter's value."""
_NEAR = 0.25
"""And how near as a level, where the parameter changes little from level to level."""
_EXACT = 100
"""Whole numbers up to this are told exactly."""
_MILDEST = 8
"""Below what fails, an eighth of it is tried, down to an eighth of an eighth of level 1 and no further."""
_FLOOR = 1 / _MILDEST**2
_MOST = 12
"""So many calls for a step at most."""


def lowest_levels(trials: Trials) -> Asking[None]:
    """One step after the other; their seeds stay as they are."""
    for at, step in enumerate(trials.best.work.recipe.steps):
        mutator = trials.mutators.get(step.mutator)
        if mutator is None or mutator.ladder is None or not _on_ladder(mutator, step):
            continue
        value = dict(step.parameters)[mutator.parameter]
        numeric = isinstance(value, (int, float)) and not isinstance(value, bool)
        if numeric:
            fails, passes = yield from _bisected(trials, at, mutator.parameter, mutator.ladder, value)
        else:
            fails, passes = yield from _by_rungs(trials, at, mutator.parameter, mutator.ladder.rungs, value)
        trials.thresholds[at] = Threshold(at, mutator.parameter, mutator.ladder.unit, fails, passes)


def _on_ladder(mutator: Mutator, step: Step) -> bool:
    try:
        mutator.level_of(step)
    except CrumpleError:
        return False
    return True


def _tried(trials: Trials, at: int, parameter: str, value: Value) -> Asking[bool]:
    """Whether the step fails alike with another value of its parameter; kept where it does."""
    recipe = trials.best.work.recipe
    step = recipe.steps[at]
    parameters = tuple((name, value if name == parameter else own) for name, own in step.parameters)
    return (yield from trials.smaller(with_step(recipe, at, replace(step, parameters=parameters))))


def _by_rungs(
    trials: Trials, at: int, parameter: str, rungs: Sequence[Value], value: Value
) -> Asking[tuple[Value, Value | None]]:
    """Names and truth values: from the lowest rung on."""
    passes: Value | None = None
    for rung in rungs[: rungs.index(value)]:
        if (yield from _tried(trials, at, parameter, rung)):
            return rung, passes
        passes = rung
    return value, passes


def _bisected(
    trials: Trials, at: int, parameter: str, ladder: Ladder, value: Value
) -> Asking[tuple[Value, Value | None]]:
    """Numbers: level 1 first, for most failures are there already; then between what fails and what passes."""
    fails, passes = value, None
    tried = 0
    if ladder.level_of(value) > 1 and ladder.rungs[0] != value:
        if (yield from _tried(trials, at, parameter, ladder.rungs[0])):
            fails = ladder.rungs[0]
        else:
            passes = ladder.rungs[0]
    while tried < _MOST and (middle := _middle(ladder, fails, passes)) is not None:
        tried += 1
        before = trials.best
        if not (yield from _tried(trials, at, parameter, middle)):
            passes = middle
            continue
        fails = middle
        if passes is None and _is_digested(trials, at) and trials.best.digest == before.digest != "":
            break  # the very document: it does the least that it can
    return fails, passes


def _is_digested(trials: Trials, at: int) -> bool:
    """Whether a digest tells what a step has done: it is of the document itself, not of what is beside it."""
    step = trials.best.work.recipe.steps[at]
    return not step.part and trials.mutators[step.mutator].view not in (Inputs, Dependency)


def _middle(ladder: Ladder, fails: Value, passes: Value | None) -> Value | None:
    """The value to be tried next; None where the threshold is known well enough."""
    high = ladder.level_of(fails)
    if passes is None:
        if ladder.zero is None or high <= _FLOOR:
            return None
        middle = ladder.at(max(high / _MILDEST, _FLOOR))
        low = 0.0
    else:
        low = ladder.level_of(passes)
        if _is_near(ladder, float(fails), float(passes), high - low):
            return None
        middle = ladder.at(_between(ladder, low, high))
    if all(isinstance(rung, int) for rung in ladder.rungs):
        return _whole(ladder, middle, fails, passes)
    return None if middle in (fails, passes) or middle == ladder.zero else middle


def _is_near(ladder: Ladder, fails: float, passes: float, levels: float) -> bool:
    gap = abs(fails - passes)
    if all(isinstance(rung, int) for rung in ladder.rungs) and max(fails, passes) <= _EXACT:
        return gap <= 1
    return gap <= PRECISION * min(abs(fails), abs(passes)) and levels <= _NEAR


def _between(ladder: Ladder, low: float, high: float) -> float:
    """The level in the middle; geometric where the parameter goes evenly to 0, which is never near to it."""
    evenly = ladder.zero == 0 and high <= 1 and low > 0
    return math.sqrt(low * high) if evenly else (low + high) / 2


def _whole(ladder: Ladder, middle: Value, fails: Value, passes: Value | None) -> Value | None:
    """A whole number between the two, the nearest to the middle; None where there is none."""
    end = passes if passes is not None else ladder.zero
    assert end is not None
    one, other = sorted((int(fails), int(end)))
    return min(max(int(middle), one + 1), other - 1) if other - one > 1 else None
