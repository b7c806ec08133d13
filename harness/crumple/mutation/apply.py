"""Applying a recipe to a case: a degraded document, and what an answer to it is held against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from crumple.case import Case
from crumple.errors import CrumpleError, NotApplicable
from crumple.mutation.action import seen_as
from crumple.mutation.bench import Bench, Degradation
from crumple.mutation.cache import ViewCache
from crumple.mutation.mutator import Mutator
from crumple.recipe import Recipe, Step
from crumple.views.pages import Pages


def degrade(case: Case, recipe: Recipe, mutators: Mapping[str, Mutator], cache: ViewCache | None = None) -> Degradation:
    """Apply a recipe's steps in order.

    Args:
        case: it is not modified.
        recipe: without steps, the clean document itself.
        mutators: at least those that the recipe names.
        cache: of decoded clean documents; one for a run of calls on the same cases.

    Raises:
        NotApplicable: a step cannot act on what it is given, or the result is the clean document, or what it
            would be without one of the steps.
        CrumpleError: a step names an unknown mutator, parameter or part.
    """
    for step in recipe.steps:
        if step.mutator not in mutators:
            raise CrumpleError(
                f"there is no mutator {step.mutator!r}", where="recipe", got=step.mutator, allowed=mutators
            )
    cache = cache or ViewCache()
    degradation = _made(case, recipe.steps, mutators, cache)
    if recipe.steps and _same(degradation, case):
        raise NotApplicable("it changed nothing")
    for steps in _shorter(recipe.steps, mutators):
        if _same(degradation, _tried(case, steps, mutators, cache)):
            gone = next(step for step in recipe.steps if step not in steps)
            raise NotApplicable(f"{gone.mutator} is hidden or undone by another step")
    return degradation


def fitted(
    case: Case, recipe: Recipe, mutators: Mapping[str, Mutator], cache: ViewCache | None = None
) -> tuple[Recipe, Degradation]:
    """Apply those steps of a recipe that can act, each on what those before it have made.

    Steps that cannot act, or that another one hides or undoes, are left out.

    Args:
        case: it is not modified.
        recipe: of one step or more.
        mutators: at least those that the recipe names.
        cache: as of `degrade`.

    Returns:
        The recipe that was carried out, and what came of it.

    Raises:
        NotApplicable: none of the steps can act.
        CrumpleError: a step names an unknown mutator, parameter or part.
    """
    cache = cache or ViewCache()
    steps = recipe.steps
    reason = NotApplicable("it has no steps")
    while steps:
        try:
            return Recipe(steps), degrade(case, Recipe(steps), mutators, cache)
        except NotApplicable as why:
            reason = why
        steps = _acting(case, steps, mutators, cache)
    raise reason


def _acting(case: Case, steps: tuple[Step, ...], mutators: Mapping[str, Mutator], cache: ViewCache) -> tuple[Step, ...]:
    """The steps that can act one after the other; where all can, but one is hidden, all but the last."""
    acting: tuple[Step, ...] = ()
    for step in steps:
        try:
            degrade(case, Recipe((*acting, step)), mutators, cache)
        except NotApplicable:
            continue
        acting = (*acting, step)
    return acting if acting != steps else acting[:-1]


def _made(case: Case, steps: Sequence[Step], mutators: Mapping[str, Mutator], cache: ViewCache) -> Degradation:
    bench = Bench(case, cache)
    for step in steps:
        bench.apply(mutators[step.mutator], step)
    return bench.finish()


def _shorter(steps: tuple[Step, ...], mutators: Mapping[str, Mutator]) -> Iterator[tuple[Step, ...]]:
    """The recipes that would make the same document if some step were hidden or undone by a later one.

    None where the last one draws pages: hardly ever does it hide all of what was done before, and drawing is dear.
    """
    if len(steps) > 1 and seen_as(mutators[steps[-1].mutator]) is not Pages:
        yield from (steps[:at] + steps[at + 1 :] for at in range(len(steps)))
        yield from (steps[:end] for end in range(1, len(steps) - 1))


def _tried(case: Case, steps: Sequence[Step], mutators: Mapping[str, Mutator], cache: ViewCache) -> Degradation | None:
    """What these steps make; None where one of them cannot act without the others."""
    try:
        return _made(case, steps, mutators, cache)
    except (NotApplicable, CrumpleError):
        return None


def _same(one: Degradation, other: Degradation | Case | None) -> bool:
    if other is None:
        return False
    faults = other.faults if isinstance(other, Degradation) else ()
    return (one.document, one.parts, one.inputs, one.faults) == (other.document, other.parts, other.inputs, faults)
