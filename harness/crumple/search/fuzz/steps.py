"""The fewest steps that fail alike."""

from __future__ import annotations

from crumple.errors import CrumpleError
from crumple.recipe import Recipe, Step
from crumple.result import Result
from crumple.search.fuzz.asking import Asking
from crumple.search.fuzz.causes import accounted_for
from crumple.search.fuzz.trials import Trials


def fewest_steps(trials: Trials) -> Asking[bool]:
    """Try each step alone, those with the fewest excuses first; then leave out one step after the other.

    With four steps at most, steps alone take fewer calls than halves do.

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
    return len(whole) == 1 or steps != whole or not accounted_for(trials.failure, parts)


def _excuses(trials: Trials, step: Step) -> tuple[bool, bool, float]:
    """What a step may be blamed for itself: values that it loses, a refusal that it allows, a high level."""
    mutator = trials.mutators.get(step.mutator)
    if mutator is None:
        return True, True, 0.0
    try:
        return "lost" in mutator.truth, mutator.refusable(step), mutator.level_of(step)
    except CrumpleError:
        return True, True, 0.0
