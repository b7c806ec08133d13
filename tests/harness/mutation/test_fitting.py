"""Fitting: steps that cannot act are left out, and what is left is carried out and can be carried out again."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.random import Generator

from crumple import Case, CrumpleError, Document, Ladder, NotApplicable, Recipe, Step, Text, mutator
from crumple.adapters import Prepared, Request
from crumple.corpora import folder
from crumple.execution.calls import Attempt, Calls
from crumple.execution.spec import LaneSpec
from crumple.mutation.apply import degrade, fitted
from crumple.mutation.cache import ViewCache
from crumple.mutation.registry import discover
from crumple.mutation.samples import samples
from crumple.plan import acts_on
from crumple.result import Result, Work

REGISTRY = discover()
CASE = Case("c", Document("Müller, 4711\nOslo\n".encode(), "text/plain", "a.txt"), {"who": "Müller"})
TRIES: list[str] = []


@mutator("test.marked")
def marked(text: Text, rng: Generator) -> Text:
    """Put a mark at the end, and write down that it was asked to."""
    TRIES.append("marked")
    return text.with_value(f"{text.value}#")


@mutator("test.never")
def never(text: Text, rng: Generator) -> Text:
    """Never find anything to act on."""
    TRIES.append("never")
    raise NotApplicable("there is nothing to act on")


@mutator("test.unwritable")
def unwritable(text: Text, rng: Generator) -> Text:
    """Say that it is ASCII, which it is not."""
    return Text(text.value, "ascii")


@mutator("test.turned")
def turned(text: Text, rng: Generator) -> Text:
    """Write everything backwards."""
    return text.with_value(text.value[::-1])


@mutator("test.trailing", spaces=Ladder(1, 2, 3, 4, 5, unit="spaces", zero=0))
def trailing(text: Text, spaces: int, rng: Generator) -> Text:
    """Put spaces at the end."""
    return text.with_value(text.value + " " * spaces)


MUTATORS = {each.name: each for each in (marked, never, unwritable, turned, trailing)} | dict(REGISTRY.mutators)


def fit(recipe: str) -> str:
    return str(fitted(CASE, Recipe.parse(recipe), MUTATORS)[0])


def test_steps_that_cannot_act_are_left_out_in_order() -> None:
    recipe = "test.never() > test.marked(seed=2) > table.blank_end(lines=3,seed=1) > encoding.bom(seed=1)"
    assert fit(recipe) == "test.marked(seed=2) > encoding.bom(seed=1)"


def test_each_step_is_tried_once_where_nothing_hides_another() -> None:
    TRIES.clear()
    fit("test.never() > test.marked()")
    assert TRIES == ["never", "marked"]


def test_a_step_that_another_one_hides_or_undoes_is_left_out() -> None:
    assert fit("encoding.nfd(share=1.0,seed=1) > truncation.empty(seed=1)") == "truncation.empty(seed=1)"
    assert fit("test.turned() > test.turned() > test.marked(seed=0)") == "test.marked(seed=0)"
    assert fit("test.turned(seed=1) > test.turned(seed=2)") == "test.turned(seed=1)"


def test_a_step_whose_document_cannot_be_written_is_left_out_and_not_the_one_behind_it() -> None:
    assert fit("test.unwritable() > test.marked(seed=0)") == "test.marked(seed=0)"


def test_where_no_step_is_left_every_reason_is_said() -> None:
    with pytest.raises(NotApplicable, match=r"there is nothing to act on; .*ascii cannot write 'ü'"):
        fit("test.never() > test.unwritable()")


def test_a_mistake_in_a_step_is_still_an_error() -> None:
    for recipe in ("test.nothing()", "test.marked(much=1)", 'test.never() > test.marked(part="x.txt")'):
        with pytest.raises(CrumpleError):
            fit(recipe)


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.json"])
def test_what_was_fitted_replays_to_the_same_bytes_and_the_same_answer(name: str) -> None:
    document = next(each for each in samples() if each.name == name)
    case, cache, rng = (
        Case(name, document, {"number": "2024-0117", "total": 1234.5}),
        ViewCache(),
        np.random.default_rng(4),
    )
    names = [each.name for each in REGISTRY if acts_on(each, document.media_type) and not each.control]
    for _ in range(6):
        picked = [MUTATORS[names[at]] for at in rng.integers(len(names), size=4)]
        steps = tuple(each.step(5 * (1 - rng.random()), int(rng.integers(1, 999))) for each in picked)
        try:
            recipe, made = fitted(case, Recipe(steps), MUTATORS, cache, counts=True)
        except NotApplicable:
            continue
        assert [step for step in steps if step in recipe.steps] == list(recipe.steps)
        assert degrade(case, Recipe.parse(str(recipe)), MUTATORS, counts=True) == made
        assert len(made.changes) == len(recipe.steps)


class Stripped:
    """Adapts a system that is given text without the spaces around it."""

    def prepare(self, request: Request) -> Prepared:
        """The text."""
        return Prepared(None, request.document.data.strip())


def calls(root: Path) -> Calls:
    (root / "a.txt").write_text("one two\n")
    (root / "a.txt.truth.json").write_text('{"a": "one"}')
    system: Any = SimpleNamespace(sees=lambda view: view is Text)
    made_of = LaneSpec(root=root, corpus=folder(root), system=system, judge="fields")
    made = Calls(made_of, Stripped())  # type: ignore[arg-type]  # it is asked for nothing else
    made._mutators = MUTATORS
    return made


def prepared(root: Path, recipe: str, **how: Any) -> Attempt | Result:
    return calls(root).prepare(Work(1, "a.txt", Recipe.parse(recipe), fitting=True, **how))


def test_steps_that_the_system_sees_nothing_of_are_left_out(tmp_path: Path) -> None:
    unseen = "corruption.bit_flips(share=0.01,seed=1) > dependency.slow(delay=2.0,seed=1)"
    attempt = prepared(tmp_path, f"{unseen} > test.marked(seed=1) > test.trailing(spaces=3,seed=1)")
    assert isinstance(attempt, Attempt)
    assert str(attempt.work.recipe) == "test.marked(seed=1)"


def test_a_recipe_of_which_nothing_is_left_is_a_skip_that_says_why(tmp_path: Path) -> None:
    skips = {
        "corruption.bit_flips(share=0.01,seed=1) > dependency.slow(delay=2.0,seed=1)": (
            "the system never sees bytes; no [dependency] is configured"
        ),
        "test.never() > table.blank_end(lines=3,seed=1)": "the system never sees a table; there is nothing to act on",
        "test.trailing(spaces=3,seed=1)": "the system would see the clean document",
    }
    for recipe, reason in skips.items():
        result = prepared(tmp_path, recipe)
        assert isinstance(result, Result)
        assert result.skipped == reason
        assert result.verdict is None


def test_the_changes_of_each_step_come_back_where_they_are_asked_for(tmp_path: Path) -> None:
    attempt = prepared(tmp_path, "encoding.soft_hyphens(share=1.0,seed=1) > encoding.bom(seed=1)", counts=True)
    assert isinstance(attempt, Attempt)
    assert attempt.degradation.changes[0] >= 0
    assert len(attempt.degradation.changes) == len(attempt.work.recipe.steps)


def test_a_step_is_written_with_what_it_keeps() -> None:
    assert str(Step("test.marked", seed=1, only="0-3,7")) == 'test.marked(only="0-3,7",seed=1)'
