"""The fewest changes at which a system that is known still fails."""

from __future__ import annotations

import pytest

from crumple.recipe import Step
from crumple.search.fuzz.asking import Ask, Asking
from crumple.search.fuzz.changes import fewest, how_many, numbers
from minimised_failures import (
    CRASH,
    Calls,
    at,
    has,
    kept_of,
    minimised,
)


def test_the_one_change_of_forty_that_breaks_it_is_left() -> None:
    def system(ask: Ask) -> str:
        return CRASH if 7 in kept_of(ask.recipe.steps[0], 40) else ""

    calls = Calls(system, lambda ask: (40,))
    done = minimised(calls, at("encoding.bom", 3))
    assert (done.state, done.example.work.recipe.steps[0].only, done.kept) == ("minimised", "7", ((1, 40),))
    assert done.calls <= 16


def test_changes_that_are_both_needed_are_left() -> None:
    calls = Calls(lambda ask: CRASH if {3, 31} <= kept_of(ask.recipe.steps[0], 40) else "", lambda ask: (40,))
    done = minimised(calls, at("encoding.bom", 3))
    assert done.example.work.recipe.steps[0].only == "3,31"


def test_where_any_change_will_do_the_first_is_left_at_once() -> None:
    calls = Calls(lambda ask: CRASH, lambda ask: (500,))
    done = minimised(calls, at("encoding.bom", 3))
    assert (done.example.work.recipe.steps[0].only, done.calls) == ("0", 3)


def test_changes_of_each_of_two_steps_are_left_out() -> None:
    def system(ask: Ask) -> str:
        if not has(ask, "encoding.bom", "encoding.ctrl_z"):
            return ""
        one, other = ask.recipe.steps
        return CRASH if 2 in kept_of(one, 4) and {1, 5} <= kept_of(other, 9) else ""

    done = minimised(Calls(system, lambda ask: (4, 9)), at("encoding.bom", 3), at("encoding.ctrl_z", 3))
    assert [each.only for each in done.example.work.recipe.steps] == ["2", "1,5"]
    assert (done.state, done.kept) == ("minimised", ((1, 4), (2, 9)))


def test_where_hundreds_of_changes_are_needed_it_ends_and_says_so() -> None:
    calls = Calls(lambda ask: CRASH if len(kept_of(ask.recipe.steps[0], 500)) > 200 else "", lambda ask: (500,))
    done = minimised(calls, at("encoding.bom", 3))
    assert done.state == "minimised"
    assert "fewer might be left" in done.why
    assert 200 < done.kept[0][0] < 500
    assert done.calls <= 30


def test_of_every_set_of_changes_that_is_needed_exactly_that_is_left() -> None:
    for count in range(1, 7):
        for chosen in range(1, 2**count):
            needed = {at for at in range(count) if chosen >> at & 1}
            found = outcome(fewest(count, lambda kept, needed=needed: answered(needed <= set(kept)), lambda: False))
            assert set(found) == needed


def answered(fails: bool) -> Asking[bool]:
    yield from ()
    return fails


def outcome(asking: Asking[tuple[int, ...]]) -> tuple[int, ...]:
    try:
        next(asking)
    except StopIteration as end:
        found: tuple[int, ...] = end.value
        return found
    raise AssertionError("it asks for nothing here")


@pytest.mark.parametrize(("kept", "only"), [((0,), "0"), ((0, 1, 2, 3, 7), "0-3,7"), ((4, 6, 7), "4,6-7")])
def test_changes_are_named_as_a_step_names_them(kept: tuple[int, ...], only: str) -> None:
    assert numbers(kept) == only
    assert how_many(only, 40) == len(kept)
    assert Step("encoding.bom", only=only).only == only
