"""The document of a comparison: what to look at, what differs, what to do; and which runs are refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

import comparisons
from comparisons import CRASHED, RIGHT, SETTINGS, WRONG, calls, of_sides, side, sides
from crumple.comparing.comparable import check_pairs, check_run, check_sides
from crumple.comparing.sums import side_by_side
from crumple.errors import CrumpleError
from documents_of_runs import run

ONE = (("text.a", RIGHT, RIGHT, 3),)


def test_silent_failures_where_the_other_is_right_are_looked_at_first() -> None:
    shown = comparisons.document()["look_at"]
    first = shown[0]
    assert (first["worse"], first["a"]["outcome"], first["b"]["outcome"]) == ("b", "right", "wrong")
    assert first["b"]["example"]["answer"] == '{"total":11.9}'
    assert first["a"]["example"] is None
    kinds = {(each["worse"], each["a"]["outcome"], each["b"]["outcome"]) for each in shown}
    assert kinds == {("b", "right", "wrong"), ("b", "crashed", "wrong"), ("a", "crashed", "right")}


def test_a_kind_of_difference_that_is_seldom_is_not_crowded_out() -> None:
    outcomes = (("text.a", RIGHT, WRONG, 40), ("text.b", RIGHT, CRASHED, 1))
    shown = comparisons.document(outcomes)["look_at"]
    assert {each["b"]["outcome"] for each in shown} == {"wrong", "crashed"}


def test_what_fails_in_both_is_counted_by_mutator() -> None:
    assert [(each["mutator"], each["both"]) for each in comparisons.document()["common"]] == [("table.delimiter", 15)]


def test_it_is_json() -> None:
    document = comparisons.document()
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert (document["schema"], document["kind"]) == (1, "comparison")


def test_few_pairs_of_many_calls_have_a_command_that_makes_more() -> None:
    first = side(calls((("text.a", RIGHT, RIGHT, 30),), 0))
    second = side(calls((("text.a", RIGHT, RIGHT, 5),), 1) + calls((("text.b", RIGHT, RIGHT, 25),), 1), "b")
    made = of_sides(first, second)
    assert made["steps"][0]["commands"] == ["crumple run --config buy --calls-of build"]
    assert sum(each["b"] for each in made["alone"]) == 25


def test_runs_that_stopped_early_or_are_otherwise_made_are_said() -> None:
    first = side(calls(ONE, 0), state="interrupted")
    second = side(calls(ONE, 1), "b", about={"system": "2.0", "corpus_version": "other", "machine": {"cores": 4}})
    made = of_sides(first, second)
    assert len(made["warnings"]) == 3
    assert {"what": "system", "a": "1.2", "b": "2.0"} in made["differs"]


def test_breaking_points_stand_side_by_side_without_rates() -> None:
    first, second = (side(calls(ONE, at), name, about={"kind": "breaking-points"}) for at, name in ((0, "a"), (1, "b")))
    made = of_sides(first, second)
    assert made["rows"] == made["look_at"] == []


def refused(check: Any, *words: Any, **named: Any) -> str:
    with pytest.raises(CrumpleError) as caught:
        check(*words, **named)
    return str(caught.value)


def test_runs_that_say_nothing_are_refused() -> None:
    assert "does not have anything" in refused(check_run, "r", None, 3)
    assert "another version" in refused(check_run, "r", run(schema=7), 3)
    searching = run()
    searching["run"]["kind"] = "fuzz"
    assert "search" in refused(check_run, "r", searching, 3)
    void = run(clean={"cases": 2, "right": 0, "failed": []})
    void["run"]["ended"] = "all fail clean"
    assert "void" in refused(check_run, "r", void, 3)
    assert check_run("r", run(), 3)


def test_answers_that_are_judged_otherwise_are_compared_only_if_asked() -> None:
    first = side(calls(ONE, 0))
    second = side(calls(ONE, 1), "b", about={"settings": SETTINGS | {"[judge] pass": "0.5"}})
    assert "[judge] pass is 1 in A and 0.5 in B" in refused(check_sides, first, second)
    check_sides(first, second, anyway=True)
    assert any("judged otherwise" in each for each in of_sides(first, second)["warnings"])


def test_a_schema_that_nothing_is_judged_by_does_not_stand_in_the_way() -> None:
    second = side(calls(ONE, 1), "b", about={"settings": SETTINGS | {"[judge] schema": "c0ffee"}})
    check_sides(side(calls(ONE, 0)), second)


def test_a_search_for_breaking_points_is_not_held_against_a_run() -> None:
    second = side(calls(ONE, 1), "b", about={"kind": "breaking-points"})
    assert "breaking points" in refused(check_sides, side(calls(ONE, 0)), second)


def test_nothing_to_compare_is_said_with_reasons_and_the_way_out() -> None:
    first, second = side(calls(ONE, 0)), side(calls((("text.b", RIGHT, RIGHT, 2),), 1), "b")
    said = refused(check_pairs, side_by_side(first, second), first, second, "crumple run --calls-of x")
    assert "no call" in said
    assert "crumple run --calls-of x" in said
    gone = side([])
    assert "not stored any more" in refused(check_pairs, side_by_side(gone, second), gone, second, "")
    check_pairs(side_by_side(*sides()), *sides(), "")
