"""The fewest steps that fail alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crumple.errors import CrumpleError
from crumple.mutation.ladder import LEVELS, Ladder
from crumple.recipe import Recipe, Step
from crumple.result import Result
from crumple.search.fuzz.asking import Asking
from crumple.search.fuzz.causes import accounted_for
from crumple.search.fuzz.trials import Trials

_HIGHER = 3
"""How many higher levels are tried of a step that does not do alone."""


def fewest_steps(trials: Trials) -> Asking[bool]:
    """Try each step alone, those with the fewest excuses first; then leave out one step after the other.

    With four steps at most, steps alone take fewer calls than halves do. Where several are needed, one of them may do
    alone where there is more of it, or where it falls otherwise.

    Returns:
        Whether it is a failure of its own: not where failures of fewer steps account for all that it shows.
    """
    whole = steps = trials.best.work.recipe.steps
    simplest = sorted(steps, key=lambda step: _excuses(trials, step))
    parts: list[Result] = []
    if len(steps) > 1:
        for step in simplest:
            if (yield from trials.smaller(Recipe((step,)))):
                return True
            parts.append((yield from trials.call(Recipe((step,)))))
    shrinks = not accounted_for(trials.failure, parts)
    while shrinks and len(steps) > 2:
        shrinks = False
        for step in reversed(simplest):
            shorter = tuple(each for each in steps if each is not step)
            if len(shorter) < len(steps):
                if (yield from trials.smaller(Recipe(shorter))):
                    steps, shrinks = shorter, True
                    break
                parts.append((yield from trials.call(Recipe(shorter))))
    if len(whole) > 1 and steps == whole and accounted_for(trials.failure, parts):
        return False
    if len(steps) > 1:
        yield from _alone_by_more(trials, [step for step in simplest if step in steps])
    return True


def _alone_by_more(trials: Trials, steps: Sequence[Step]) -> Asking[None]:
    """Try steps alone with more of what they do, and with another seed: without the others it falls elsewhere.

    Level 5 first; where that fails otherwise it is too much of it, and levels between are tried.
    """
    for step in steps:
        mutator = trials.mutators.get(step.mutator)
        again = replace(step, seed=step.seed + 1)
        if mutator is not None and mutator.ladder is not None and not isinstance(mutator.ladder.rungs[0], (str, bool)):
            if (yield from _by_level(trials, mutator.ladder, mutator.parameter, step)):
                return
            again = _at(mutator.ladder, mutator.parameter, again, LEVELS[-1])
        if (yield from trials.smaller(Recipe((again,)))):
            return


def _by_level(trials: Trials, ladder: Ladder, parameter: str, step: Step) -> Asking[bool]:
    """Whether it does alone at a higher level; kept where it does."""
    low = ladder.level_of(dict(step.parameters)[parameter])
    high = level = float(LEVELS[-1])
    for _ in range(_HIGHER):
        recipe = Recipe((_at(ladder, parameter, step, level),))
        if (yield from trials.smaller(recipe)):
            return True
        verdict = (yield from trials.call(recipe)).verdict
        if verdict is not None and verdict.failure:
            high = level
        elif level == LEVELS[-1]:
            return False
        else:
            low = level
        level = (low + high) / 2
    return False


def _at(ladder: Ladder, parameter: str, step: Step, level: float) -> Step:
    return replace(
        step, parameters=tuple((name, ladder.at(level) if name == parameter else own) for name, own in step.parameters)
    )


def _excuses(trials: Trials, step: Step) -> tuple[bool, bool, float]:
    """What a step may be blamed for itself: values that it loses, a refusal that it allows, a high level."""
    mutator = trials.mutators.get(step.mutator)
    if mutator is None:
        return True, True, 0.0
    try:
        return "lost" in mutator.truth, mutator.refusable(step), mutator.level_of(step)
    except CrumpleError:
        return True, True, 0.0
