"""Recipes and degraded documents for Hypothesis."""

import csv
import importlib
import io
import sys

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis.errors import Unsatisfiable

from crumple import strategies
from crumple.degraded import DegradedCase, degraded_case
from crumple.errors import CrumpleError
from crumple.mutation.registry import discover
from crumple.recipe import Recipe
from crumple.strategies import case_of, degraded, recipes

ORDER = case_of(
    b"item,amount\nbolts,3.50\nnuts,9.00\nscrews,12.00\nwashers,0.50\n", truth={"total": 25.0}, name="order.csv"
)
_FEW = settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
_SHRINKING = settings(_FEW, max_examples=60, phases=(Phase.generate, Phase.shrink))


def read(data: bytes) -> dict[str, float]:
    rows = list(csv.DictReader(io.StringIO(data.decode())))
    return {"total": sum(float(row["amount"]) for row in rows)}


@_FEW
@given(recipes(["text", "encoding"], max_steps=3, max_level=2.5))
def test_recipes_keep_to_what_was_asked_for(recipe: Recipe) -> None:
    names = [step.mutator for step in recipe.steps]
    assert 1 <= len(names) == len(set(names)) <= 3
    assert {name.partition(".")[0] for name in names} <= {"text", "encoding"}
    registry = discover()
    assert all(0 < registry.get(step.mutator).level_of(step) <= 2.5 for step in recipe.steps)


@_FEW
@given(degraded(ORDER, ["table", "encoding"]))
def test_a_degraded_case_is_another_document_and_its_recipe_makes_it_again(each: DegradedCase) -> None:
    assert each.data != ORDER.document.data
    assert degraded_case(ORDER, each.recipe, discover()).document == each.document


def test_what_fails_is_shrunk_to_one_step_at_a_low_level() -> None:
    def fails(each: DegradedCase) -> bool:
        return any(step.mutator == "table.decimal_comma" for step in each.recipe.steps)

    # Without it the search would have to meet one mutator in some fifty by chance.
    few = ["table.decimal_comma", "table.delimiter", "table.footer_total", "table.header"]
    least = find(degraded(ORDER, few), fails, settings=_SHRINKING)
    assert [step.mutator for step in least.recipe.steps] == ["table.decimal_comma"]
    assert least.level < 1.5


def test_a_reader_that_is_right_is_accepted_and_one_that_is_not_is_not() -> None:
    registry = discover()
    recipe = Recipe.parse('table.delimiter(delimiter=";",seed=1)')
    each = degraded_case(ORDER, recipe, registry)
    assert each.accepts({"total": 25.0})
    assert not each.accepts({"total": 24.0})
    assert not each.may_refuse
    assert repr(each) == '<order.csv > table.delimiter(delimiter=";",seed=1)>'


def test_an_empty_file_may_be_refused() -> None:
    assert degraded_case(ORDER, Recipe.parse("truncation.empty(seed=1)"), discover()).may_refuse


def test_where_nothing_can_act_no_example_is_made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strategies, "_TRIES", 1)  # Hypothesis itself tries some hundred times
    with pytest.raises(Unsatisfiable):
        find(degraded(case_of(b"plain", name="note.txt"), ["encoding.nfd"]), lambda _: True, settings=_FEW)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"use": ["scan.skeww"]}, "Did you mean 'scan.skew'"),
        ({"max_level": 6}, "at most 5, got max_level=6"),
        ({"max_steps": 0}, "at least one step, got max_steps=0"),
        ({"use": ["scan"], "of": ORDER}, "no mutator suits the documents of order.csv"),
    ],
)
def test_what_cannot_be_asked_for_is_said(asked: dict[str, object], said: str) -> None:
    with pytest.raises(CrumpleError, match=said.replace("(", r"\(")):
        recipes(**asked)  # type: ignore[arg-type]


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(CrumpleError, match=r"missing\.csv: it cannot be read"):
        case_of("missing.csv")


def test_without_hypothesis_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    monkeypatch.delitem(sys.modules, "crumple.strategies")
    with pytest.raises(CrumpleError, match=r'pip install "crumple\[hypothesis\]"'):
        importlib.import_module("crumple.strategies")
