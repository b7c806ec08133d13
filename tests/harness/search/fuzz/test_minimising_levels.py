"""The lowest level at which a system that is known still fails."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crumple.recipe import Recipe, Step
from crumple.result import Result
from crumple.search.fuzz.asking import Ask
from minimised_failures import (
    CRASH,
    FOUR,
    REGISTRY,
    TOTAL,
    Calls,
    at,
    fails_from,
    minimised,
    names,
    step,
    values,
)


def test_two_steps_that_are_both_needed_are_left_each_at_its_lowest_level() -> None:
    skewed, squeezed = fails_from("scan.skew", 1.5), fails_from("scan.jpeg", 15)
    calls = Calls(lambda ask: CRASH if skewed(ask) and squeezed(ask) else "")
    done = minimised(calls, *FOUR)
    assert (done.state, names(done)) == ("minimised", ["scan.skew", "scan.jpeg"])
    skew, quality = values(done)
    assert 1.5 <= float(skew) <= 1.65
    assert quality == 15
    assert [(each.step, each.fails, each.passes) for each in done.thresholds][1] == (1, 15, 16)


@pytest.mark.parametrize(
    ("mutator", "threshold", "begins"),
    [
        ("scan.skew", 3.7, 5),
        ("scan.skew", 0.61, 2.3),
        ("scan.skew", 0.11, 4.4),
        ("scan.resolution", 68, 4.2),
        ("scan.cast_shadow", 0.8, 3),
        ("scan.cast_shadow", 0.97, 3),
        ("text.typos", 0.0031, 3.3),
        ("text.typos", 0.0031, 0.9),
        ("scan.print_noise", 1.2, 5),
        ("corruption.archive_member_cut", 0.03, 5),
    ],
)
def test_the_level_is_within_a_tenth_of_the_threshold(mutator: str, threshold: float, begins: float) -> None:
    calls = Calls(fails_from(mutator, threshold))
    done = minimised(calls, at(mutator, begins))
    (value,), (found,) = values(done), done.thresholds
    assert done.state == "minimised"
    assert abs(float(value) - threshold) <= 0.1 * threshold
    assert (found.fails, found.step) == (value, 0)
    assert found.passes is not None
    assert min(float(found.passes), float(value)) <= threshold <= max(float(found.passes), float(value))
    assert Recipe.parse(str(done.example.work.recipe)) == done.example.work.recipe
    assert done.calls <= 14


def test_what_breaks_at_the_mildest_that_is_tried_is_said_to() -> None:
    done = minimised(Calls(lambda ask: CRASH if ask.recipe.steps else ""), at("scan.skew", 5))
    (found,) = done.thresholds
    assert found.passes is None
    assert found.fails == pytest.approx(0.5 / 64, rel=0.01)
    assert done.calls <= 6


def test_what_changes_nothing_is_no_failure_and_costs_nothing() -> None:
    def system(ask: Ask) -> str:
        return "skip" if float(dict(ask.recipe.steps[0].parameters)["rate"]) < 0.002 else CRASH

    calls = Calls(system)
    done = minimised(calls, at("text.typos", 3))
    assert done.state == "minimised"
    assert 0.002 <= float(values(done)[0]) <= 0.0022
    assert (done.calls, len(calls.asked) > done.calls) == (calls.made, True)


@pytest.mark.parametrize(
    ("mutator", "threshold", "begins"),
    [("scan.jpeg_generations", 5, 5), ("scan.jpeg", 7, 4.7), ("scan.punch_holes", 1, 3)],
)
def test_whole_numbers_are_told_exactly(mutator: str, threshold: int, begins: float) -> None:
    done = minimised(Calls(fails_from(mutator, threshold)), at(mutator, begins))
    assert values(done) == [threshold]


@pytest.mark.parametrize("failing", [{"blank", "missing"}, {"duplicate"}, {"missing"}, {"case", "missing"}])
def test_names_are_tried_from_the_lowest_on(failing: set[str]) -> None:
    rungs = REGISTRY["table.header"].ladder
    assert rungs is not None
    calls = Calls(lambda ask: CRASH if dict(ask.recipe.steps[0].parameters)["style"] in failing else "")
    last = max(failing, key=rungs.rungs.index)
    done = minimised(calls, step("table.header", last))
    assert values(done) == [min(failing, key=rungs.rungs.index)]
    assert done.state == "minimised"


def test_a_mutator_without_levels_is_called_once_more() -> None:
    done = minimised(Calls(lambda ask: CRASH), at("encoding.bom", 3))
    assert (done.state, done.calls, done.tries, done.failed) == ("minimised", 1, 2, 2)


def test_a_system_that_breaks_in_between_ends_with_a_failure_that_was_seen_twice() -> None:
    def system(ask: Ask) -> str:
        angle = float(dict(ask.recipe.steps[0].parameters)["angle"])
        return CRASH if 0.7 < angle < 0.8 or 2.5 < angle < 3.5 or angle > 8 else ""

    calls = Calls(system)
    done = minimised(calls, at("scan.skew", 5))
    assert done.state == "minimised"
    assert system(Ask("doc", done.example.work.recipe)) == CRASH
    assert sum(each.recipe == done.example.work.recipe for each in calls.asked) >= 2


def test_another_failure_at_a_lower_level_is_handed_on_and_does_not_count() -> None:
    def system(ask: Ask) -> str:
        angle = float(dict(ask.recipe.steps[0].parameters)["angle"])
        return CRASH if angle >= 4 else "hung" if angle >= 0.4 else ""

    done = minimised(Calls(system), at("scan.skew", 5))
    assert 4 <= float(values(done)[0]) <= 4.4
    assert [each.verdict.fingerprint for each in done.others if each.verdict] == ["hung"]


def test_fewer_fields_in_another_manner_are_the_same_failure_once_the_steps_are_known() -> None:
    def system(ask: Ask) -> str:
        angle = float(dict(ask.recipe.steps[0].parameters)["angle"])
        return "wrong /date, /total (truncated)" if angle >= 4 else TOTAL if angle >= 0.6 else ""

    done = minimised(Calls(system), at("scan.skew", 5))
    assert 0.6 <= float(values(done)[0]) <= 0.66
    assert done.fingerprints == ("wrong /date, /total (truncated)", TOTAL)
    assert done.others == ()


def test_a_mutator_that_is_not_there_and_a_value_off_its_ladder_are_left_as_they_are() -> None:
    strange = (Step("gone.away", (), 1), Step("table.header", (("form", "no such form"),), 1))
    done = minimised(Calls(lambda ask: CRASH if len(ask.recipe.steps) == 2 else ""), *strange)
    assert (done.state, done.example.work.recipe.steps) == ("minimised", strange)


@pytest.mark.parametrize(("part", "lowest"), [("", 0.55), ("a.pdf", 0.11)])
def test_that_the_document_is_the_same_tells_nothing_of_a_step_on_a_part(part: str, lowest: float) -> None:
    """The digest is of the document alone; of one that is the very same the least level is known."""
    fails = fails_from("scan.skew", 0.1)
    calls = Digested(lambda ask: CRASH if fails(ask) else "")
    (value,) = values(minimised(calls, replace(step("scan.skew", 4.4), part=part)))
    assert float(value) <= lowest


class Digested(Calls):
    """Every document has one digest."""

    def of(self, ask: Ask) -> Result:
        return replace(super().of(ask), digest="1f")
