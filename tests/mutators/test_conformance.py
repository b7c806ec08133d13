"""Every mutator that ships keeps the rules that anybody's has to keep."""

from collections.abc import Sequence

import pytest

from crumple import Document
from crumple.mutation.conformance import differs_elsewhere, flaws
from crumple.mutation.registry import discover
from damaged_files import embedded_font_pdf, image
from damaged_files import pdf as pages
from volume import WHOLE

MUTATORS = discover()
OF_FILES = tuple(f"crumple_mutators.{name}" for name in ("truncation", "corruption", "format.images", "format.pdf"))


def files() -> Sequence[Document]:
    """What mutators of whole files are tried on beside the samples."""
    return (pages(2), embedded_font_pdf(), image("image/jpeg", kind="RGB"), image("image/tiff", pages=2))


@pytest.mark.parametrize("name", list(MUTATORS.mutators))
def test_it_keeps_the_rules(name: str) -> None:
    """Documented, pure, zero changes nothing, statements as declared, damage never falls as the level rises.

    At every level on its own examples and on three samples, at the highest one on all samples that suit it.
    """
    mutator = MUTATORS.get(name)
    more = files() if mutator.module.startswith(OF_FILES) else ()
    assert flaws(mutator, more, rising=None if WHOLE else 3) == []


def test_the_same_recipe_makes_the_same_bytes_in_another_process_with_another_hash_seed() -> None:
    assert differs_elsewhere(MUTATORS.mutators, most=1) == []


def test_every_category_of_the_spine_has_at_least_four() -> None:
    for category in ("scan", "encoding", "truncation", "corruption", "language", "form", "table"):
        assert len([each for each in MUTATORS if each.category == category and not each.control]) >= 4


def test_every_kind_of_statement_is_made() -> None:
    assert {kind for each in MUTATORS for kind in each.truth} == {"same", "new", "lost"}
    assert {each.refusable_from is None for each in MUTATORS} == {True, False}


def test_a_mutator_of_one_level_is_run_by_default() -> None:
    """At a level that is asked for where nobody says otherwise."""
    from crumple.config.model import Mutate

    asked = Mutate().levels
    assert [each.name for each in MUTATORS if each.ladder is None and each.level not in asked] == []
