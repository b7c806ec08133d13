"""Whether a failure fails again; and what can be said of one that comes and goes."""

from __future__ import annotations

from crumple.discretion import general
from crumple.recipe import Recipe
from crumple.search.fuzz.asking import Asking
from crumple.search.fuzz.trials import MOST_TRIES, TWICE, Trials

_CLEAN_TRIES = 3
"""How often the clean document is called then; fewer where it fails before."""


def reproduced(trials: Trials) -> Asking[bool]:
    """Call a failure again; where that does not fail alike, up to four times in all, the first one included.

    Returns:
        Whether it failed alike at once.
    """
    failure = trials.failure
    result = yield from trials.call(failure.work.recipe, again=True, counts=True)
    if trials.is_alike(result):
        return True
    while len(trials.tries_of(failure)) < MOST_TRIES:
        yield from trials.call(failure.work.recipe, again=True)
    return False


def comes_and_goes(trials: Trials) -> Asking[str]:
    """Of a failure that comes and goes, whether the clean document does so too, and whether a step alone does.

    The step alone that fails most often takes the recipe's place.

    Returns:
        What is to be said of it.
    """
    failure = trials.failure
    said = [_how_often(trials)]
    for _ in range(_CLEAN_TRIES):
        clean = yield from trials.call(Recipe(), again=True)
        if clean.verdict is not None and clean.verdict.failure:
            return f"{said[0]}; the clean document fails now and then too: it is the system, not the damage"
    steps = failure.work.recipe.steps
    if trials.failed(failure) < TWICE or len(steps) == 1:
        return said[0]
    found, most = None, 0
    for step in steps:
        results = [(yield from trials.call(Recipe((step,)), again=True))]
        results += [(yield from trials.call(Recipe((step,)), again=True))]
        failures = [each for each in results if trials.is_alike(each)]
        said.append(f"{step.mutator} alone {len(failures)} of {TWICE}")
        if len(failures) > most:
            found, most = failures[0], len(failures)
    if found is not None:
        trials.keep(found)
    return ", ".join(said)


def _how_often(trials: Trials) -> str:
    tries = trials.tries_of(trials.failure)
    failed = trials.failed(trials.failure)
    said = f"it failed {failed} of {len(tries)} times"
    others = sum(each.verdict is not None and each.verdict.failure for each in tries) - failed
    if others:
        said += f", and {others} {'time' if others == 1 else 'times'} otherwise"
    skipped = next((each.skipped for each in tries if each.verdict is None), "")
    return f"{said}; then it could not be carried out: {general(skipped, void=True)}" if skipped else said
