"""Minimising against systems that are known: steps and cases, and what is handed on."""

from __future__ import annotations

from collections import Counter

import pytest

from crumple.search.fuzz.asking import Ask
from minimised_failures import (
    CRASH,
    DATE,
    FOUR,
    TOTAL,
    Calls,
    at,
    fails_from,
    has,
    minimised,
    names,
    values,
)


@pytest.mark.parametrize("cause", ["scan.skew", "text.typos", "scan.jpeg"])
def test_of_four_steps_the_one_that_breaks_it_is_left(cause: str) -> None:
    calls = Calls(lambda ask: CRASH if has(ask, cause) else "")
    done = minimised(calls, *FOUR)
    assert (done.state, names(done)) == ("minimised", [cause])
    assert (done.tries, done.failed, done.calls) == (3, 3, calls.made)
    assert done.calls <= 12


def test_the_simplest_of_steps_that_each_break_it_is_left() -> None:
    """A step that loses nothing and at which no refusal is acceptable has the fewest excuses."""
    done = minimised(Calls(lambda ask: CRASH), at("scan.skew", 5), at("scan.page_missing", 3), at("encoding.bom", 3))
    assert names(done) == ["encoding.bom"]


def test_a_simpler_case_that_fails_too_takes_its_place() -> None:
    calls = Calls(lambda ask: CRASH if ask.case in ("small", "large") else "")
    done = minimised(calls, at("encoding.bom", 3), case="large", cases=["tiny", "small", "middling", "other"])
    assert (done.example.work.case, done.state) == ("small", "minimised")
    assert "middling" not in {each.case for each in calls.asked}


def test_a_mixture_of_what_its_steps_do_alone_is_explained() -> None:
    def system(ask: Ask) -> str:
        total, date = has(ask, "text.typos"), has(ask, "scan.skew")
        return "wrong /date, /total (garbled)" if total and date else TOTAL if total else DATE if date else ""

    done = minimised(Calls(system), *FOUR)
    assert done.state == "explained"
    assert {each.verdict.fingerprint for each in done.others if each.verdict} == {TOTAL, DATE}
    assert done.calls <= 5


def test_a_crash_of_two_steps_together_is_not_explained_by_what_they_do_alone() -> None:
    def system(ask: Ask) -> str:
        if has(ask, "text.typos", "scan.skew"):
            return CRASH
        return TOTAL if has(ask, "text.typos") else ""

    done = minimised(Calls(system), *FOUR)
    assert (done.state, set(names(done))) == ("minimised", {"text.typos", "scan.skew"})
    assert [each.verdict.fingerprint for each in done.others if each.verdict] == [TOTAL]


def test_no_recipe_is_called_more_often_than_it_must() -> None:
    calls = Calls(fails_from("scan.skew", 1.5), lambda ask: (9,) * len(ask.recipe.steps))
    minimised(calls, *FOUR, cases=["a", "b", "c"])
    often = Counter((each.case, str(each.recipe)) for each in calls.asked)
    assert max(often.values()) <= 3
    assert sum(each > 1 for each in often.values()) <= 2  # the first, and the last


def test_a_step_that_does_alone_where_there_is_more_of_it_takes_the_place_of_two() -> None:
    """As flipped bits do, which fall elsewhere in a document that is longer by what another step put in."""
    alone, beside = fails_from("text.typos", 0.06), fails_from("text.typos", 0.02)
    calls = Calls(lambda ask: CRASH if alone(ask) or (has(ask, "encoding.bom") and beside(ask)) else "")
    done = minimised(calls, at("text.typos", 2.5), at("encoding.bom", 3))
    assert names(done) == ["text.typos"]
    assert 0.06 <= float(values(done)[0]) <= 0.066


def test_a_step_that_does_alone_at_a_level_between_takes_the_place_of_two() -> None:
    """At the highest level more fields are wrong than what is to be explained."""

    def system(ask: Ask) -> str:
        rate = max((float(dict(each.parameters).get("rate", 0)) for each in ask.recipe.steps), default=0.0)
        if rate >= 0.15:
            return "wrong /date, /order, /total (garbled)"
        return TOTAL if rate >= 0.06 or (rate and has(ask, "encoding.bom")) else ""

    done = minimised(Calls(system), at("text.typos", 2.5), at("encoding.bom", 3))
    assert (done.state, names(done)) == ("minimised", ["text.typos"])
    assert 0.06 <= float(values(done)[0]) <= 0.066


def test_a_step_that_does_alone_with_another_seed_takes_the_place_of_two() -> None:
    calls = Calls(
        lambda ask: (
            CRASH
            if has(ask, "scan.page_missing") and (len(ask.recipe.steps) > 1 or ask.recipe.steps[0].seed == 8)
            else ""
        )
    )
    done = minimised(calls, at("scan.page_missing", 3), at("encoding.bom", 3))
    assert (names(done), done.example.work.recipe.steps[0].seed) == (["scan.page_missing"], 8)


def test_of_a_mixture_only_the_fields_that_are_sought_are_made_smaller() -> None:
    """One of its fields is known to go wrong already."""

    def system(ask: Ask) -> str:
        total, date = has(ask, "text.typos"), has(ask, "scan.skew")
        return "wrong /date, /total (garbled)" if total and date else TOTAL if total else DATE if date else ""

    done = minimised(Calls(system), *FOUR, sought=frozenset({"/total"}))
    assert (done.state, names(done)) == ("minimised", ["text.typos"])
    assert done.example.verdict is not None
    assert done.example.verdict.fingerprint == TOTAL
