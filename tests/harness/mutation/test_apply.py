"""Applying recipes: chains, parts, levels; what is cached, and what is refused."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.random import Generator

from crumple import (
    Case,
    CrumpleError,
    Degraded,
    Document,
    Ladder,
    NotApplicable,
    Page,
    Pages,
    Recipe,
    Span,
    Text,
    mutator,
)
from crumple.mutation.apply import degrade
from crumple.mutation.cache import ViewCache
from crumple.mutation.registry import discover
from crumple_corpora.invoices import Invoices

LETTER = Document(b"who: Ann Lee\norder: 4711\n", "text/plain", "a.txt")
ORDER = Document(b"order: 4711\nitem: lamp\n", "text/plain", "b.txt")
CASE = Case("c", LETTER, {"who": "Ann Lee", "order": 4711, "item": "lamp"}, parts=(ORDER,))
STEEP = Ladder(1, 2, 4, 8, 12, unit="characters", zero=0)


@mutator("test.cut", count=STEEP, truth="lost")
def cut(text: Text, count: int, rng: Generator) -> Degraded[Text]:
    """Cut characters off the end, which are lost."""
    keep = max(0, len(text.value) - count)
    return Degraded(text.with_value(text.value[:keep]), lost=[Span(keep, len(text.value))])


@mutator("test.tilt", angle=Ladder(0.5, 1, 2, 5, 10, unit="deg"), refusable_from=1.5)
def tilt(text: Text, angle: float, rng: Generator) -> Text:
    """Write the angle behind the text."""
    return text.with_value(f"{text.value}{angle}")


@mutator("test.upper")
def upper(text: Text, rng: Generator) -> Text:
    """Capitals only."""
    return text.with_value(text.value.upper())


@mutator("test.darker")
def darker(page: Page, rng: Generator) -> Page:
    """Darken each page by an amount of its own."""
    return page.with_pixels(np.asarray(page.pixels - rng.integers(1, 100), dtype=np.uint8))


@mutator("test.reversed")
def backwards(text: Text, rng: Generator) -> Text:
    """Write everything backwards, which the same once more undoes."""
    return text.with_value(text.value[::-1])


MUTATORS = {each.name: each for each in (cut, tilt, upper, darker, backwards)}


def made(recipe: str, case: Case = CASE) -> Any:
    return degrade(case, Recipe.parse(recipe), MUTATORS)


def test_steps_are_applied_in_order() -> None:
    assert made("test.upper() > test.cut(count=1)").document.data == b"WHO: ANN LEE\nORDER: 4711"


def test_a_step_may_be_for_a_part_and_the_document_stays() -> None:
    degraded = made('test.upper(part="b.txt")')
    assert degraded.document == LETTER
    assert degraded.parts[0].data == ORDER.data.upper()


def test_what_is_lost_in_a_part_is_lost_only_where_no_other_document_has_it() -> None:
    assert made('test.cut(count=20,part="b.txt")').expectation.lost == {"/item"}
    assert made("test.cut(count=24)").expectation.lost == {"/who"}


def test_refusing_is_acceptable_from_the_very_level_that_is_named() -> None:
    """Levels between rungs are rounded to the parameter's digits, and back."""
    for level, refusable in ((1.4, False), (1.5, True), (2, True)):
        assert degrade(CASE, Recipe((tilt.step(level, 1),)), MUTATORS).expectation.refusable is refusable


@pytest.mark.parametrize(
    ("recipe", "message"),
    [
        ("test.ctu(count=1)", "Did you mean 'test.cut'"),
        ("test.cut(number=1)", "unknown parameter 'number'"),
        ('test.upper(part="x.txt")', "c has no part 'x.txt'"),
    ],
)
def test_a_recipe_that_does_not_fit_is_a_clear_error(recipe: str, message: str) -> None:
    with pytest.raises(CrumpleError, match=message):
        made(recipe)


def test_a_recipe_that_changes_nothing_does_not_apply() -> None:
    with pytest.raises(NotApplicable, match="changed nothing"):
        made("test.cut(count=0)")


def _tiff(pages: int) -> Document:
    import io

    from PIL import Image

    buffer = io.BytesIO()
    sheets = [Image.new("L", (50, 50), 255) for _ in range(pages)]
    sheets[0].save(buffer, "TIFF", save_all=True, append_images=sheets[1:])
    return Document(buffer.getvalue(), "image/tiff", "a.tiff")


def test_each_page_of_a_document_has_a_generator_of_its_own() -> None:
    from crumple import read

    degraded = made("test.darker(seed=1)", Case("t", _tiff(4)))
    assert len({int(page.pixels[0, 0]) for page in read(degraded.document, Pages)}) > 1


def test_the_cache_of_views_is_bounded_in_bytes_and_keeps_the_last() -> None:
    cache = ViewCache(most=6000)
    cases = [Case(str(number), _tiff(1)) for number in range(5)]
    views = [cache.view(case, "", Pages) for case in cases]
    assert cache.view(cases[-1], "", Pages) is views[-1]
    assert cache.view(cases[0], "", Pages) is not views[0]


@pytest.mark.parametrize(
    "recipe",
    [
        "encoding.nfd(share=1.0,seed=1) > truncation.empty(seed=1)",
        "encoding.nfd(share=1.0,seed=1) > corruption.padded(zeros=16,seed=1) > truncation.empty(seed=1)",
        "scan.half_turn(seed=1) > truncation.empty(seed=1)",
    ],
)
def test_a_step_that_a_later_one_hides_is_no_test(recipe: str) -> None:
    picture = "scan" in recipe
    case = Invoices(1).load("invoice-0001.pdf" if picture else "invoice-0001.json")
    clean = case if picture else Case("a.txt", Document("Müller\n".encode(), "text/plain", "a.txt"), "Müller")
    with pytest.raises(NotApplicable, match="hidden or undone"):
        degrade(clean, Recipe.parse(recipe), discover().mutators)


def test_two_steps_that_undo_one_another_are_no_test() -> None:
    with pytest.raises(NotApplicable, match="changed nothing"):
        made("test.reversed(seed=1) > test.reversed(seed=1)")
    with pytest.raises(NotApplicable, match="undone"):
        made("test.upper(seed=1) > test.reversed(seed=1) > test.reversed(seed=1)")


def test_steps_that_each_do_something_are_kept() -> None:
    case = Case("a.txt", Document("Müller, Søn\n".encode(), "text/plain", "a.txt"), "Müller, Søn")
    recipe = Recipe.parse("encoding.nfd(share=1.0,seed=1) > encoding.bom(seed=1)")
    assert degrade(case, recipe, discover().mutators).document.data.startswith(b"\xef\xbb\xbfMu")


def test_what_a_step_has_hidden_is_not_uncovered_by_damage_to_the_bytes_after_it() -> None:
    @mutator("t.hides", hides=True)
    def hides(document: Document, rng: Generator) -> Document:
        """Leave an older revision in."""
        return replace(document, data=b"old " + document.data)

    @mutator("t.cuts")
    def cuts(document: Document, rng: Generator) -> Document:
        """Cut the end off."""
        return replace(document, data=document.data[:-1])

    both = {each.name: each for each in (hides, cuts)}
    case = Case("a", Document(b"new", "application/octet-stream", "a"))
    assert degrade(case, Recipe.parse("t.cuts(seed=1) > t.hides(seed=1)"), both).document.data == b"old ne"
    with pytest.raises(NotApplicable, match="may uncover what another step has hidden"):
        degrade(case, Recipe.parse("t.hides(seed=1) > t.cuts(seed=1)"), both)
