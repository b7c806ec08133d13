"""Who fails less: said only where the figures bear it, of failures and of silent ones apart."""

from __future__ import annotations

from typing import Any

import pytest

from comparisons import BUY_IS_BETTER, CRASHED, RIGHT, WRONG, calls, side
from crumple.comparing.ends import end_of
from crumple.comparing.standing import fewest_to_tell, standings
from crumple.comparing.sums import side_by_side
from crumple.outcome import Outcome
from night_calls import call


def rows(outcomes: Any, *, adaptive: bool = False) -> dict[str, dict[str, Any]]:
    found = side_by_side(side(calls(outcomes, 0)), side(calls(outcomes, 1)))
    return {each["category"]: each for each in standings(found.by_category(), adaptive=adaptive)}


def test_failures_and_silent_failures_are_judged_apart() -> None:
    found = rows(BUY_IS_BETTER)
    assert next(iter(found)) == "all"
    assert found["all"]["state"] == found["encoding"]["state"] == "better"
    assert found["all"]["silent"]["state"] == found["table"]["silent"]["state"] == "worse"
    assert found["table"]["state"] != "better"
    assert found["clean"]["pairs"] == 10


def test_the_four_cells_add_up() -> None:
    for each in rows(BUY_IS_BETTER).values():
        assert each["both_right"] + each["only_a"] + each["only_b"] + each["both"] == each["pairs"]
        assert each["a"]["failures"] == each["only_a"] + each["both"]
        assert each["b"]["failures"] == each["only_b"] + each["both"]
        assert sum(sum(row.values()) for row in each["outcomes"].values()) == each["pairs"]


def test_a_few_pairs_have_no_winner() -> None:
    found = rows((("text.a", CRASHED, RIGHT, 4), ("text.a", RIGHT, RIGHT, 1)))
    assert found["all"]["state"] in {"same", "unknown"}
    assert found["all"]["enough"] > 5


@pytest.mark.parametrize("adaptive", [False, True])
def test_what_can_be_told_is_the_same_from_either_side(adaptive: bool) -> None:
    mostly_failing = (("text.a", CRASHED, CRASHED, 12), ("text.a", CRASHED, RIGHT, 2), ("text.a", RIGHT, RIGHT, 1))
    turned = tuple((name, second, first, many) for name, first, second, many in mostly_failing)
    one, other = (rows(each, adaptive=adaptive)["text"] for each in (mostly_failing, turned))
    assert (one["state"], one["p"]) == (other["state"], other["p"]) == ("same", one["p"])


@pytest.mark.parametrize("adaptive", [False, True])
def test_few_pairs_are_those_that_could_not_tell_however_they_came_out(adaptive: bool) -> None:
    least = fewest_to_tell(adaptive=adaptive)
    told = rows((("text.a", CRASHED, RIGHT, 2 * least),), adaptive=adaptive)["all"]
    enough = rows((("text.a", RIGHT, RIGHT, least),), adaptive=adaptive)["all"]
    few = rows((("text.a", CRASHED, RIGHT, least - 1),), adaptive=adaptive)["all"]
    assert (told["state"], enough["state"], few["state"]) == ("better", "same", "unknown")
    assert few["why"] == f"it takes {least} pairs at least to tell the two apart, and there are {least - 1}"


def test_two_that_are_alike_have_no_number_of_pairs_that_would_tell() -> None:
    found = rows((("text.a", CRASHED, CRASHED, 40), ("text.a", RIGHT, RIGHT, 40)))
    assert found["all"]["state"] == "same"
    assert found["all"]["enough"] is None


def test_calls_that_were_chosen_by_what_earlier_ones_showed_need_more_to_be_told_apart() -> None:
    outcomes = (("text.a", CRASHED, RIGHT, 8), ("text.a", RIGHT, RIGHT, 40))
    assert rows(outcomes)["all"]["state"] == "better"
    assert rows(outcomes, adaptive=True)["all"]["state"] == "same"
    assert rows(outcomes, adaptive=True)["all"]["p"] > rows(outcomes)["all"]["p"]
    many = (("text.a", CRASHED, RIGHT, 40), ("text.a", RIGHT, RIGHT, 40))
    assert rows(many, adaptive=True)["all"]["state"] == "better"


def test_a_refusal_that_is_acceptable_is_named_apart() -> None:
    refused = call(1, Outcome.REFUSED)
    assert end_of(refused).said == "refused"
    assert end_of(call(1, Outcome.REFUSED, failure=False)).said == "refused, as it may"
    assert end_of(call(1, WRONG)).said == "wrong"
