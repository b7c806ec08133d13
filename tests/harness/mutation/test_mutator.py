"""@mutator checks a function when it is registered, and a step before it is applied."""

from collections.abc import Callable
from typing import Any

import pytest
from numpy.random import Generator

from crumple import CrumpleError, Ladder, Step, Text, mutator

STEEP = Ladder(1, 2, 3, 4, 5, unit="characters", zero=0)


@mutator("test.cut", count=STEEP, refusable_from=4)
def cut(text: Text, count: int, rng: Generator, *, end: str = "") -> Text:
    """Cut characters off the end."""
    return text.with_value(text.value[:-count] + end)


def test_a_plain_function_becomes_a_mutator_with_its_view_and_statements() -> None:
    assert (cut.name, cut.category, cut.view, cut.parameter) == ("test.cut", "test", Text, "count")
    assert (cut.truth, cut.refusable_from, cut.control, cut.accepts) == (("same",), 4, False, ("count", "end"))
    assert cut.doc == "Cut characters off the end."


def test_a_step_at_a_level_gives_that_level_back() -> None:
    step = cut.step(3, seed=7)
    assert str(step) == "test.cut(count=3,seed=7)"
    assert cut.level_of(step) == 3


def test_apply_hands_over_the_parameters() -> None:
    step = Step("test.cut", (("count", 2), ("end", "!")), 1)
    assert cut.apply(Text("abcd"), step).view == Text("ab!")


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ((("cuont", 1),), "Did you mean 'count'"),
        ((), "count is missing"),
        ((("count", "two"),), "count cannot be 'two'"),
        ((("count", True),), "count cannot be True"),
    ],
)
def test_a_wrong_parameter_is_named(parameters: tuple[tuple[str, Any], ...], message: str) -> None:
    with pytest.raises(CrumpleError, match=message):
        cut.apply(Text("abcd"), Step("test.cut", parameters))


def no_rng(text: Text, count: int) -> Text:
    """Doc."""
    return text


def no_doc(text: Text, count: int, rng: Generator) -> Text:
    return text


def no_view(text, count, rng):  # type: ignore[no-untyped-def]  # the point of the test
    """Doc."""
    return text


def no_default(text: Text, count: int, rng: Generator, other: int) -> Text:
    """Doc."""
    return text


def sound(text: Text, count: int, rng: Generator) -> Text:
    """Doc."""
    return text


@pytest.mark.parametrize(
    ("name", "function", "options", "message"),
    [
        ("cut", sound, {"count": STEEP}, "category.name"),
        ("a.b", no_rng, {"count": STEEP}, "no argument 'rng'"),
        ("a.b", no_doc, {"count": STEEP}, "docstring"),
        ("a.b", no_view, {"count": STEEP}, "annotated with the view"),
        ("a.b", no_default, {"count": STEEP}, "'other' is neither"),
        ("a.b", sound, {"length": STEEP}, "no argument 'length'"),
        ("a.b", sound, {"count": STEEP, "rng": STEEP}, "at most one main parameter"),
        ("a.b", sound, {"count": STEEP, "truth": "gone"}, "same, new, lost"),
        ("a.b", sound, {"count": STEEP, "refusable_from": 9}, "at most 5"),
        ("a.b", sound, {"count": 3}, "given as a Ladder"),
    ],
)
def test_a_flaw_is_named_with_the_mutator_when_it_is_registered(
    name: str, function: Callable[..., Any], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(TypeError, match=message) as error:
        mutator(name, **options)(function)
    assert name in str(error.value)
    assert function.__name__ in str(error.value)


def test_a_mutator_may_be_for_some_media_types_only() -> None:
    from crumple import Case, Document, NotApplicable, Recipe
    from crumple.mutation.apply import degrade

    made = mutator("test.pictures", only=["application/pdf", "image/"])(one_more_byte)
    assert [made.fits(each) for each in ("image/png", "application/pdf", "text/csv")] == [True, True, False]
    case = Case("a.csv", Document(b"a,b\n", "text/csv", "a.csv"))
    with pytest.raises(NotApplicable, match="acts on pdf, image, not on csv"):
        degrade(case, Recipe((Step("test.pictures"),)), {"test.pictures": made})


def one_more_byte(data: bytes, rng: Generator) -> bytes:
    """Add a byte."""
    return data + b"!"
