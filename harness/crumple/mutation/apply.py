"""Applying a recipe to a case: a degraded document, and what an answer to it is held against."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from crumple.case import Case
from crumple.errors import CrumpleError, NotApplicable
from crumple.mutation.action import seen_as
from crumple.mutation.bench import Bench, Degradation
from crumple.mutation.cache import ViewCache
from crumple.mutation.mutator import Mutator
from crumple.recipe import Recipe, Step
from crumple.views.pages import Pages

Alike: TypeAlias = Callable[[Degradation, Degradation], bool]
"""Whether what two recipes make of one case is one and the same to the system, where their bytes are not."""


def degrade(
    case: Case,
    recipe: Recipe,
    mutators: Mapping[str, Mutator],
    cache: ViewCache | None = None,
    *,
    counts: bool = False,
) -> Degradation:
    """Apply a recipe's steps in order.

    Args:
        case: it is not modified.
        recipe: without steps, the clean document itself.
        mutators: at least those that the recipe names.
        cache: of decoded clean documents; one for a run of calls on the same cases.
        counts: whether the changes that each step makes are counted.

    Raises:
        NotApplicable: a step cannot act on what it is given, or the result is the clean document, or what it
            would be without one of the steps.
        CrumpleError: a step names an unknown mutator, parameter or part.
    """
    _check_known(recipe.steps, mutators)
    benches = [Bench(case, cache or ViewCache(), counts=counts)]
    for step in recipe.steps:
        benches.append(benches[-1].fork())
        benches[-1].apply(mutators[step.mutator], step)
    degradation = benches[-1].finish()
    if recipe.steps and _same(degradation, case):
        raise NotApplicable("it changed nothing")
    if shorter := _without_hidden(recipe.steps, mutators, benches, degradation, None):
        raise _hidden(recipe.steps, shorter)
    return degradation


def half_done(
    case: Case, recipe: Recipe, mutators: Mapping[str, Mutator], cache: ViewCache | None = None
) -> Iterator[Degradation]:
    """What a recipe's first steps make without the last ones, the longest beginning first; made as it is asked for.

    Args:
        case: it is not modified.
        recipe: one that applies.
        mutators: at least those that it names.
        cache: as of `degrade`.
    """
    for end in range(len(recipe.steps) - 1, 0, -1):
        try:
            yield degrade(case, Recipe(recipe.steps[:end]), mutators, cache)
        except NotApplicable:
            continue


def fitted(
    case: Case,
    recipe: Recipe,
    mutators: Mapping[str, Mutator],
    cache: ViewCache | None = None,
    *,
    counts: bool = False,
    alike: Alike | None = None,
) -> tuple[Recipe, Degradation]:
    """Apply those steps of a recipe that can act, each on what those before it have made.

    Steps that cannot act, or that another one hides or undoes, are left out; the others keep their order.

    Args:
        case: it is not modified.
        recipe: of one step or more.
        mutators: at least those that the recipe names.
        cache: as of `degrade`.
        counts: as of `degrade`.
        alike: what else makes a step one that can be left out.

    Returns:
        The recipe that was carried out, and what came of it: what `degrade` makes of this recipe.

    Raises:
        NotApplicable: none of the steps can act.
        CrumpleError: a step names an unknown mutator, parameter or part.
    """
    _check_known(recipe.steps, mutators)
    cache, steps = cache or ViewCache(), recipe.steps
    reasons: dict[str, None] = {}
    while steps:
        acting, benches = _acting(steps, mutators, Bench(case, cache, counts=counts), reasons)
        if not acting:
            break
        steps = acting[:-1]
        try:
            degradation = benches[-1].fork().finish()
        except NotApplicable as why:
            reasons[str(why)] = None
            continue
        if _same(degradation, case):
            reasons["it changed nothing"] = None
            continue
        shorter = _without_hidden(acting, mutators, benches, degradation, alike)
        if not shorter:
            return Recipe(acting), degradation
        reasons[str(_hidden(acting, shorter))] = None
        steps = shorter
    raise NotApplicable("; ".join(reasons) or "it has no steps")


def _check_known(steps: Sequence[Step], mutators: Mapping[str, Mutator]) -> None:
    for step in steps:
        if step.mutator not in mutators:
            raise CrumpleError(
                f"there is no mutator {step.mutator!r}", where="recipe", got=step.mutator, allowed=mutators
            )


def _acting(
    steps: Sequence[Step], mutators: Mapping[str, Mutator], bench: Bench, reasons: dict[str, None]
) -> tuple[tuple[Step, ...], list[Bench]]:
    """The steps that can act one after the other, with the bench before the first and after each of them."""
    acting: list[Step] = []
    benches = [bench]
    for step in steps:
        after = benches[-1].fork()
        try:
            after.apply(mutators[step.mutator], step)
            after.settle(step.part)
        except NotApplicable as why:
            reasons[str(why)] = None
            continue
        acting.append(step)
        benches.append(after)
    return tuple(acting), benches


def _hidden(steps: Sequence[Step], shorter: Sequence[Step]) -> NotApplicable:
    gone = next((step for step in steps if step not in shorter), steps[-1])
    return NotApplicable(f"{gone.mutator} is hidden or undone by another step")


def _without_hidden(
    steps: tuple[Step, ...],
    mutators: Mapping[str, Mutator],
    benches: Sequence[Bench],
    degradation: Degradation,
    alike: Alike | None,
) -> tuple[Step, ...]:
    """The steps of a shorter recipe that makes the same document; () where none does.

    Not looked for where the last one draws pages: hardly ever does it hide all of what was done before, and drawing
    is dear.

    Args:
        steps: of the recipe.
        mutators: by name.
        benches: before the first step and after each of them; the last one may have been finished.
        degradation: what they make.
        alike: as of `fitted`.
    """
    if len(steps) < 2 or seen_as(mutators[steps[-1].mutator]) is Pages:
        return ()
    made = [_tried(bench.fork(), (), mutators) for bench in benches[:-1]] + [degradation]
    for start, end in itertools.combinations(range(len(made)), 2):
        # What nobody sees yet may matter to a later step.
        if _alike(made[start], made[end], alike if made[end] is degradation else None):
            return (*steps[:start], *steps[end:])
    # What mutators say of the right answer matters here only where one of them asks for it.
    states = any(mutators[step.mutator].wants_truth for step in steps)
    for at in range(len(steps) - 1):
        if _alike(_tried(benches[at].fork(states=states), steps[at + 1 :], mutators), degradation, alike):
            return (*steps[:at], *steps[at + 1 :])
    return ()


def _alike(one: Degradation | None, other: Degradation | None, alike: Alike | None) -> bool:
    if one is None or other is None:
        return False
    return _same(one, other) or (alike is not None and alike(one, other))


def _tried(bench: Bench, steps: Sequence[Step], mutators: Mapping[str, Mutator]) -> Degradation | None:
    """What these steps make of it; None where one of them cannot act without the others."""
    try:
        for step in steps:
            bench.apply(mutators[step.mutator], step)
        return bench.finish()
    except (NotApplicable, CrumpleError):
        return None


def _same(one: Degradation, other: Degradation | Case) -> bool:
    faults = other.faults if isinstance(other, Degradation) else ()
    return (one.document, one.parts, one.inputs, one.faults) == (other.document, other.parts, other.inputs, faults)
