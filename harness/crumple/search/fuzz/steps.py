"""The fewest steps that fail alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crumple.errors import CrumpleError
from crumple.recipe import Recipe, Step
from crumple.result import Result
from crumple.search.fuzz.asking import Asking
from crumple.search.fuzz.causes import accounted_for
from crumple.search.fuzz.trials import Trials


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
    """Try steps alone at level 5, and with another seed: without the others their damage falls elsewhere."""
    for step in steps:
        highest = _highest(trials, step)
        for each in dict.fromkeys((highest, replace(highest, seed=step.seed + 1))):
            if each != step and (yield from trials.smaller(Recipe((each,)))):
                return


def _highest(trials: Trials, step: Step) -> Step:
    """The step at level 5; as it is where levels are names, or none."""
    mutator = trials.mutators.get(step.mutator)
    if mutator is None or mutator.ladder is None or isinstance(mutator.ladder.rungs[0], (str, bool)):
        return step
    highest = {mutator.parameter: mutator.ladder.rungs[-1]}
    return replace(step, parameters=tuple((name, highest.get(name, value)) for name, value in step.parameters))


def _excuses(trials: Trials, step: Step) -> tuple[bool, bool, float]:
    """What a step may be blamed for itself: values that it loses, a refusal that it allows, a high level."""
    mutator = trials.mutators.get(step.mutator)
    if mutator is None:
        return True, True, 0.0
    try:
        return "lost" in mutator.truth, mutator.refusable(step), mutator.level_of(step)
    except CrumpleError:
        return True, True, 0.0
