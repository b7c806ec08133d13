"""Failures that come and go, calls that come to nothing, and ends before the end."""

from __future__ import annotations

from collections import Counter

import pytest
from numpy.random import default_rng

from crumple.recipe import Recipe
from crumple.search.fuzz.asking import Ask
from crumple.search.fuzz.minimising import cut_short, minimising
from minimised_failures import (
    CRASH,
    FOUR,
    REGISTRY,
    TOTAL,
    VOID,
    Calls,
    at,
    fails_from,
    has,
    in_turn,
    minimised,
    names,
    values,
)


def test_what_fails_once_only_is_not_reproduced() -> None:
    calls = Calls(in_turn(CRASH, ""))
    done = minimised(calls, *FOUR)
    assert (done.state, done.tries, done.failed) == ("not reproduced", 4, 1)
    assert done.why == "it failed 1 of 4 times"
    assert Counter(str(each.recipe) for each in calls.asked)[""] == 3  # the clean document


def test_what_fails_now_and_then_is_flaky_and_its_steps_are_tried_twice() -> None:
    answers = iter(["", CRASH, "", "", "", ""])

    def system(ask: Ask) -> str:
        return next(answers) if len(ask.recipe.steps) != 1 else CRASH if has(ask, "scan.jpeg") else ""

    failure = Calls(lambda ask: CRASH).of(Ask("doc", Recipe(FOUR)))
    done = minimised(Calls(system), failure=failure)
    assert (done.state, names(done), done.tries, done.failed) == ("flaky", ["scan.jpeg"], 6, 4)
    assert done.why.startswith("it failed 2 of 4 times, scan.skew alone 0 of 2, ")


def test_of_what_does_not_fail_alike_it_is_said_how_often_it_failed_otherwise() -> None:
    done = minimised(Calls(in_turn(CRASH, TOTAL, "skip", "")), at("encoding.bom", 3))
    assert (done.state, done.calls) == ("not reproduced", 5)
    assert (
        done.why == "it failed 1 of 4 times, and 1 time otherwise; then it could not be carried out: it changed nothing"
    )


def test_where_the_clean_document_fails_too_it_is_the_system() -> None:
    answers = iter(["", CRASH, "", "", CRASH])
    failure = Calls(lambda ask: CRASH).of(Ask("doc", Recipe(FOUR)))
    done = minimised(Calls(lambda ask: next(answers)), failure=failure)
    assert (done.state, done.calls) == ("flaky", 5)
    assert "it is the system, not the damage" in done.why


def test_a_smaller_one_that_comes_and_goes_is_given_up_for_the_last_that_holds() -> None:
    """At the lowest level it fails every other time only."""
    times: Counter[str] = Counter()

    def system(ask: Ask) -> str:
        angle = float(dict(ask.recipe.steps[0].parameters)["angle"])
        times[str(ask.recipe)] += 1
        return CRASH if angle > 0.45 or (angle > 0.06 and times[str(ask.recipe)] % 2) else ""

    done = minimised(Calls(system), at("scan.skew", 5))
    assert values(done) == [0.5]
    assert (done.state, done.tries, done.failed) == ("not minimised", 4, 4)
    assert done.why == "a smaller one failed 1 of 2 times: scan.skew(angle=0.0625,seed=7)"


def test_what_turns_out_to_come_and_go_in_the_end_is_flaky() -> None:
    """It fails twice, and so does a smaller one once; then neither does."""
    done = minimised(Calls(in_turn(CRASH, CRASH, CRASH, "", "")), at("encoding.bom", 3), at("encoding.ctrl_z", 3))
    assert (done.state, done.tries, done.failed) == ("flaky", 3, 2)
    assert done.why.startswith("it failed 2 of 3 times")


@pytest.mark.parametrize("cap", [0, 1, 2, 3, 5, 8, 13])
def test_the_cap_holds_and_what_was_verified_last_is_kept(cap: int) -> None:
    calls = Calls(fails_from("scan.skew", 3.7), lambda ask: (9,) * len(ask.recipe.steps))
    done = minimised(calls, *FOUR, cap=cap)
    assert done.calls == calls.made <= cap
    assert done.tries == done.failed >= min(2, 1 + cap)
    assert (done.state, done.why) == ("not minimised", f"the cap of {cap} calls was reached")


def test_one_void_call_is_made_again_and_two_end_it() -> None:
    done = minimised(Calls(in_turn(CRASH, VOID, CRASH)), at("encoding.bom", 3))
    assert (done.state, done.calls) == ("minimised", 2)
    done = minimised(Calls(in_turn(CRASH, CRASH, VOID, VOID, CRASH)), *FOUR)
    assert (done.state, done.tries) == ("not minimised", 2)
    assert done.why == "2 calls came to nothing"


def test_where_the_search_ends_first_the_smallest_so_far_is_kept_as_often_as_it_was_called() -> None:
    calls = Calls(fails_from("scan.skew", 1.5))
    failure = calls.of(Ask("doc", Recipe(FOUR)))
    left = []
    for so_many in range(10):
        calls.asked.clear()
        asking = minimising(failure, REGISTRY, [])
        ask = next(asking)
        for _ in range(so_many):
            ask = asking.send(calls.of(ask))
        done = cut_short(asking, "the search ended first")
        assert (done.state, done.why, done.calls) == ("not minimised", "the search ended first", so_many)
        recipes = [failure.work.recipe, *(each.recipe for each in calls.asked)]
        assert done.tries == done.failed == recipes.count(done.example.work.recipe)
        left.append(len(done.example.work.recipe.steps))
    assert (left[0], left[-1]) == (4, 1)


@pytest.mark.parametrize("seed", range(40))
def test_whatever_a_system_does_it_ends_within_the_cap_with_a_failure_that_was_seen(seed: int) -> None:
    rng = default_rng(seed)
    chances = rng.dirichlet([3, 1, 1, 1, 0.1])

    def system(ask: Ask) -> str:
        return str(rng.choice(["wrong /date, /total (garbled)", TOTAL, "", "skip", VOID], p=chances))

    calls = Calls(system, lambda ask: tuple(rng.integers(0, 60, size=len(ask.recipe.steps)).tolist()))
    first = Calls(lambda ask: "wrong /date, /total (garbled)")
    cap = int(rng.integers(0, 70))
    done = minimised(calls, failure=first.of(Ask("doc", Recipe(FOUR[: 1 + seed % 4]))), cases=["a", "b"], cap=cap)
    assert done.calls <= cap
    assert done.example.verdict is not None
    assert done.example.verdict.failure
    assert 1 <= done.failed <= done.tries
    assert (done.state == "minimised") <= (done.failed == done.tries >= 2)
    assert (done.why == "") <= (done.state == "minimised")
