"""Recipes of several steps from different families hold together: what one step makes, the next takes or refuses."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from crumple import Case, NotApplicable, Recipe, Step
from crumple.mutation.apply import degrade
from crumple.mutation.cache import ViewCache
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import discover
from crumple.plan import acts_on
from crumple_corpora.invoices import Invoices
from oracles.orders import FORM, NAMES, OFFICE
from oracles.orders import case as order

MUTATORS = discover().mutators
INVOICES = Invoices(2)
CACHE = ViewCache()
BEARABLE = [each for each in MUTATORS.values() if not each.control and each.name != "scope.oversized"]
"""Hundreds of pages behind a letter make each further step take seconds, and no other than on one."""
APPLIED, MOST_TRIES = 6, 100
"""Recipes that must apply, and how many may be drawn for them: what breaks JSON leaves no record to act on."""


def drawn(rng: np.random.Generator, clean: Case) -> Recipe:
    """A recipe of two to four steps, no two of one family."""
    fitting = [each for each in BEARABLE if acts_on(each, clean.document.media_type)]
    families: dict[str, list[Mutator]] = {}
    for each in fitting:
        families.setdefault(each.category, []).append(each)
    names = [sorted(families)[at] for at in rng.permutation(len(families))[: int(rng.integers(2, 5))]]
    steps = []
    for name in names:
        mutator = families[name][int(rng.integers(len(families[name])))]
        level = float(rng.uniform(0.5, 5)) if mutator.ladder else mutator.level
        steps.append(mutator.step(level, int(rng.integers(1, 1000))))
    return Recipe(tuple(steps))


def checked(clean: Case, recipe: Recipe) -> bool:
    """Whether a recipe applies; where it does, it changes the document, and again to the same bytes."""
    try:
        degraded = degrade(clean, recipe, MUTATORS, CACHE)
    except NotApplicable:
        return False
    assert (degraded.document, degraded.inputs) != (clean.document, clean.inputs)
    again = degrade(clean, Recipe.parse(str(recipe)), MUTATORS, ViewCache())  # decoded anew
    assert again.document == degraded.document
    return True


@pytest.mark.parametrize("file", [*NAMES, *OFFICE, FORM])
def test_a_recipe_of_several_families_applies_or_says_why_not(file: str) -> None:
    rng = np.random.default_rng([7, len(file), *file.encode()])
    clean = order(file)
    wanted = APPLIED // 2 if file.endswith(".pdf") else APPLIED  # pages are dear
    tries = (checked(clean, drawn(rng, clean)) for _ in range(MOST_TRIES))
    assert sum(itertools.islice(filter(None, tries), wanted)) == wanted


@pytest.mark.parametrize("shape", ["pdf", "png"])
def test_pages_take_steps_of_other_families_before_and_after(shape: str) -> None:
    rng = np.random.default_rng([11, len(shape)])
    clean = INVOICES.load(f"invoice-0001.{shape}")
    assert sum(checked(clean, drawn(rng, clean)) for _ in range(8)) >= 1


def test_steps_of_one_recipe_are_what_they_are_alone() -> None:
    """A second step draws from a generator of its own, whatever came before."""
    clean = order("order.txt")
    alone = degrade(clean, Recipe((Step("encoding.bom"),)), MUTATORS).document.data
    both = degrade(clean, Recipe.parse("encoding.no_final_newline(seed=4) > encoding.bom(seed=5)"), MUTATORS)
    assert alone.rstrip(b"\n").startswith(both.document.data[:40])
