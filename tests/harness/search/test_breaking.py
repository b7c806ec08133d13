"""Breaking points in whole runs: what is said of systems that are known, and that a run can go on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from numpy.random import Generator

from crumple import Entry, void_reason
from crumple.engine import run
from crumple.events import BreakingPoint, BreakingPointsFound, CallEnded, Ended, Event, RoundEnded
from crumple.mutation.ladder import Ladder
from crumple.mutation.mutator import mutator
from crumple.mutation.registry import Registry
from crumple.outcome import Outcome
from crumple.plan import Plan
from crumple.result import Work
from crumple.search.breaking import Breaking, Wanted, budget, most_calls
from crumple.summary import Tally
from crumple.views.text import Text
from engine_scripts import A, B, Listed, Scripted, registry, texts


@mutator("text.named", form=Ladder("a", "b", "c", "d", "e"))
def named(text: Text, form: str, rng: Generator) -> Text:
    """Do nothing: these tests never call it."""
    return text


def failing(when: Callable[[Work], bool]) -> Callable[[Work], Outcome | str]:
    """A system that is right on clean documents, and wrong where it is said to be."""
    return lambda work: Outcome.WRONG if work.recipe.steps and when(work) else Outcome.RIGHT


def traced(
    when: Callable[[Work], bool], plan: Plan | None = None, wanted: Wanted | None = None, room: int = 7
) -> tuple[list[Event], Scripted]:
    plan = plan or Plan(texts(5), registry(A), calls=None)
    executor = Scripted(failing(when), room)
    return list(run(plan, executor, course=Breaking(plan, wanted))), executor


def points(found: Sequence[Event]) -> list[BreakingPoint]:
    return list([each for each in found if isinstance(each, BreakingPointsFound)][-1].points)


def only(found: Sequence[Event]) -> BreakingPoint:
    (point,) = points(found)
    return point


@pytest.mark.parametrize("at", [1.3, 3.2, 4.6])
def test_a_system_that_breaks_is_said_to_break_there(at: float) -> None:
    found, _ = traced(lambda work: work.level > at)
    point = only(found)
    assert (point.state, found[-1]) == ("breaks", Ended("found"))
    assert point.low <= at <= point.high
    assert abs((point.level or 0) - at) < 0.25
    assert point.calls <= 30


def test_a_system_that_never_fails_never_breaks_and_that_rests_on_calls_at_the_worst() -> None:
    point = only(traced(lambda work: False)[0])
    assert (point.state, point.level) == ("never", None)
    assert point.ends[0] == 0
    assert point.ends[1] >= 5
    assert point.calls <= 15


def test_a_system_that_always_fails_is_said_to() -> None:
    point = only(traced(lambda work: True)[0])
    assert (point.state, point.level) == ("always", None)
    assert point.ends[0] == point.ends[1] >= 5


def test_too_few_calls_at_the_worst_do_not_make_never() -> None:
    point = only(traced(lambda work: False, wanted=Wanted(rate=0.05, most=20))[0])
    assert point.state == "not known"  # none of 20 failed; a rate of 5 % takes far more
    assert point.calls == 20
    assert most_calls(0.05) > 59


@pytest.mark.parametrize("between", [(1.2, 2.6), (2.0, 3.5)])
def test_a_system_that_recovers_has_no_one_breaking_point(between: tuple[float, float]) -> None:
    point = only(traced(lambda work: between[0] < work.level < between[1])[0])
    assert (point.state, point.level) == ("not known", None)
    assert point.falls is not None
    assert point.falls > between[0]


def test_where_names_have_nothing_between_them_it_breaks_with_one_of_them() -> None:
    found, executor = traced(lambda work: work.level >= 3, Plan(texts(5), registry(named), calls=None))
    assert (only(found).state, only(found).level) == ("breaks", 3.0)
    assert {work.level for work in executor.seen if work.recipe.steps} <= {1.0, 2.0, 3.0, 4.0, 5.0}


def test_groups_of_cases_have_curves_of_their_own() -> None:
    listed = tuple(
        Entry(f"{kind}-{n}", "text/plain", f"{n}", True, tags=frozenset({kind}))
        for kind in ("plain", "ruled")
        for n in range(4)
    )
    plan = Plan(Listed(listed), registry(A), calls=None)
    found, _ = traced(lambda work: work.level > (2 if "plain" in work.case else 4), plan, Wanted(by="tag"))
    told = {each.kind: each for each in points(found)}
    assert sorted(told) == ["plain", "ruled"]
    assert told["plain"].low <= 2 <= told["plain"].high
    assert told["ruled"].low <= 4 <= told["ruled"].high


@pytest.mark.parametrize("curves", [1, 2])
def test_few_curves_keep_two_calls_out(curves: int) -> None:
    plan = Plan(texts(5), registry(*(A, named)[:curves]), calls=None)
    course = Breaking(plan)
    found = list(run(plan, Scripted(failing(lambda work: work.level > 2)), course=course))
    sizes = {len(each.results) for each in found if isinstance(each, RoundEnded)}
    assert sizes == {2}


def test_the_pace_of_the_calls_changes_nothing() -> None:
    plan = Plan(texts(9), registry(A, B, named), calls=None)
    slow, quick = (traced(lambda work: work.level > 2.4, plan, room=room)[1].seen for room in (1, 9))
    degraded = [
        sorted((work.key, work.case, str(work.recipe)) for work in seen if work.round >= 0) for seen in (slow, quick)
    ]
    assert degraded[0] == degraded[1]


@dataclass
class Done:
    """What was done before an interruption: whole rounds."""

    whole: Sequence[RoundEnded]
    begun: bool = False
    seconds: float = 0.0
    cost: float = 0.0
    made: int = 0
    before: Any = None

    def __post_init__(self) -> None:
        self.before = {}
        self.calls = sum(each.calls for each in self.whole)
        self.rounds = len(self.whole)

    def ended(self) -> Any:
        yield from self.whole


def test_a_run_that_goes_on_says_what_it_would_have_said() -> None:
    plan = Plan(texts(9), registry(A, named), calls=None)
    script = failing(lambda work: work.level > 2.4)
    found = list(run(plan, Scripted(script), course=Breaking(plan)))
    whole = [each for each in found if isinstance(each, RoundEnded)]
    rest = list(run(plan, Scripted(script), Done(whole[:7]), Breaking(plan)))  # type: ignore[arg-type]  # enough of a past
    assert points(rest) == points(found)
    assert [each.number for each in rest if isinstance(each, RoundEnded)] == [each.number for each in whole]


def test_what_does_not_apply_to_mild_damage_is_tried_with_worse() -> None:
    def script(work: Work) -> Outcome | str:
        if work.recipe.steps and work.level < 2:
            return "nothing to change"
        return Outcome.WRONG if work.level > 3 else Outcome.RIGHT

    plan = Plan(texts(5), registry(A), calls=None)
    point = only(list(run(plan, Scripted(script), course=Breaking(plan))))
    assert (point.state, point.low <= 3 <= point.high) == ("breaks", True)


def test_what_never_applies_and_what_comes_to_nothing_end_and_are_not_known() -> None:
    plan = Plan(texts(5), registry(A), calls=None)
    for said in ("no such document", Outcome.VOID):
        found = list(
            run(
                plan,
                Scripted(lambda work, said=said: said if work.recipe.steps else Outcome.RIGHT),
                course=Breaking(plan),
            )
        )  # type: ignore[misc]
        assert only(found).state == "not known"
        assert only(found).calls == 0


def test_a_budget_suffices_for_every_curve_and_where_it_is_short_the_rest_is_not_known() -> None:
    plan = Plan(texts(8), registry(A, B, named))
    wanted = Wanted()
    enough = Plan(plan.corpus, plan.registry, calls=budget(plan, wanted))
    assert traced(lambda work: work.level % 2 > 1, enough)[0][-1] == Ended("found")
    found, _ = traced(lambda work: work.level > 3, Plan(plan.corpus, plan.registry, calls=20))
    assert found[-1] == Ended("calls")
    assert {each.state for each in points(found)} == {"not known"}


def test_what_is_asked_is_part_of_what_a_run_is() -> None:
    plan = Plan(texts(2), registry(A))
    asked = {
        Breaking(plan, wanted).asked
        for wanted in (Wanted(), Wanted(rate=0.1), Wanted(by="tag"), Wanted(most=50), Wanted(rates={"text.a": 0.1}))
    }
    assert len(asked) == 5


def test_the_document_has_breaking_points_in_place_of_rates() -> None:
    plan = Plan(texts(5), registry(A), calls=None)
    tally = Tally(Registry({**plan.registry.mutators, **plan.controls.mutators}), {})
    for event in traced(lambda work: work.level > 3.5, plan)[0]:
        tally.add(event)
    document = tally.document(1.0)
    (row,) = document["breaking_points"]
    assert (row["state"], row["value"], row["unit"]) == ("breaks", row["value"], "characters")
    assert row["value_low"] <= 4 <= row["value_high"] + 1
    assert document["mutators"]["text.a"]["breaking_point"] == row["value"]
    assert document["mutators"]["text.a"]["rate"] is None
    assert (document["categories"], document["contract"], document["forecast"]) == ({}, [], None)
    assert void_reason(document) == ""


def test_a_call_that_was_not_made_is_in_no_curve() -> None:
    found, _ = traced(lambda work: work.level > 3)
    made = [each for each in found if isinstance(each, CallEnded) and each.result.work.round >= 0]
    assert only(found).calls == len(made)
