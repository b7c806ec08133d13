"""The engine: clean first, whole rounds, budgets, skips and redraws; what it yields and in which order."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from numpy.random import Generator

from crumple import ABSENT, CrumpleError, Document, Entry, Recipe, Table, Text, mutator
from crumple.clean import agreement
from crumple.engine import run
from crumple.events import CallEnded, CleanEnded, ControlsEnded, Ended, Event, NotRun, RoundEnded
from crumple.mutation.registry import Registry
from crumple.outcome import Outcome, Verdict
from crumple.plan import Plan, population
from crumple.result import Result, Work
from crumple.summary import Tally
from engine_scripts import A, B, C, Listed, P, Scripted, registry, scripted_mutator, texts


def events(plan: Plan, executor: Scripted) -> list[Event]:
    return list(run(plan, executor))


def of(kind: type, found: Sequence[Event]) -> Iterator[Event]:
    return (event for event in found if isinstance(event, kind))


def tallied(plan: Plan, executor: Scripted) -> dict[str, Any]:
    tally = Tally(Registry({**plan.registry.mutators, **plan.controls.mutators}), {})
    for event in run(plan, executor):
        tally.add(event)
    return tally.document(1.0)


def test_every_case_runs_clean_before_any_is_degraded() -> None:
    executor = Scripted()
    events(Plan(texts(5), registry(A), calls=20), executor)
    clean = [not work.recipe.steps for work in executor.seen]
    assert clean == [True] * 5 + [False] * 15


def test_a_case_that_fails_clean_is_left_out() -> None:
    executor = Scripted(lambda work: Outcome.WRONG if work.case == "0.txt" and not work.recipe.steps else Outcome.RIGHT)
    found = events(Plan(texts(3), registry(A), calls=30), executor)
    (clean,) = of(CleanEnded, found)
    assert isinstance(clean, CleanEnded)
    assert clean.passed == {"1.txt", "2.txt"}
    assert {work.case for work in executor.seen if work.recipe.steps} == {"1.txt", "2.txt"}


def test_when_every_case_fails_clean_it_ends_there() -> None:
    found = events(Plan(texts(3), registry(A)), Scripted(lambda work: Outcome.CRASHED))
    assert found[-1] == Ended("all fail clean")
    assert not list(of(RoundEnded, found))


def test_a_round_visits_every_mutator_once_and_rounds_are_whole() -> None:
    corpus = Listed((*texts(2).listed, Entry("t.csv", "text/csv", "t", True)))
    found = events(Plan(corpus, registry(A, B, C), calls=3 + 10), Scripted())
    rounds = [event for event in found if isinstance(event, RoundEnded)]
    assert len(rounds) == 3  # ten calls are three rounds of three
    for each in rounds:
        assert Counter(result.work.mutator for result in each.results) == {"text.a": 1, "text.b": 1, "table.c": 1}


def test_the_same_seed_draws_the_same_calls_whatever_order_they_come_back_in() -> None:
    def drawn(room: int, seed: int) -> set[str]:
        executor = Scripted(room=room)
        events(Plan(texts(6), registry(A, B), calls=40, seed=seed), executor)
        return {f"{work.replay} {work.level}" for work in executor.seen}

    assert drawn(1, 3) == drawn(50, 3)
    assert drawn(1, 3) != drawn(1, 4)


def test_a_case_that_a_mutator_cannot_act_on_is_drawn_again() -> None:
    executor = Scripted(lambda work: "no letters" if work.recipe.steps and work.case != "3.txt" else Outcome.RIGHT)
    found = events(Plan(texts(4), registry(A), calls=16), executor)
    rounds = [event for event in found if isinstance(event, RoundEnded)]
    assert len(rounds) == 12
    assert all(result.work.case == "3.txt" and not result.skipped for each in rounds for result in each.results)


def test_a_mutator_that_acts_on_no_case_is_skipped_with_its_reason_and_ends() -> None:
    executor = Scripted(lambda work: "no letters" if work.recipe.steps else Outcome.RIGHT)
    plan = Plan(texts(2), registry(A), calls=8)
    document = tallied(plan, executor)
    (skipped,) = document["skipped"]
    assert (skipped["mutator"], skipped["reason"]) == ("text.a", "no letters")
    assert document["run"]["ended"] == "nothing to do"
    assert document["mutators"]["text.a"]["runs"] == 0


@pytest.mark.parametrize(
    ("plan", "name", "reason"),
    [
        (Plan(texts(2), registry(A, C)), "table.c", "no document of the corpus can be seen as Table"),
        (
            Plan(texts(2), registry(A, C), sees=lambda view: view is not Table),
            "table.c",
            "the system never sees a table",
        ),
        (Plan(texts(2, truth=False), registry(A, B)), "text.b", "its right answer is new, and there is no truth"),
    ],
)
def test_a_mutator_that_is_not_run_says_why(plan: Plan, name: str, reason: str) -> None:
    assert NotRun(name, reason) in events(replace(plan, calls=30), Scripted())


def test_a_budget_too_small_for_one_round_says_how_much_it_takes() -> None:
    with pytest.raises(CrumpleError, match="Allow at least 9 calls"):
        events(Plan(texts(2), registry(*(scripted_mutator(f"text.m{n}", Text) for n in range(7))), calls=8), Scripted())


def test_a_time_budget_ends_the_run_and_cut_rounds_are_in_no_rate() -> None:
    found = events(Plan(texts(2), registry(A, B), calls=None, seconds=0.05), Scripted())
    assert isinstance(found[-1], Ended)
    assert found[-1].reason == "time"
    counted = sum(len(event.results) for event in found if isinstance(event, RoundEnded))
    ended = sum(isinstance(event, CallEnded) and bool(event.result.work.recipe.steps) for event in found)
    assert counted + found[-1].cut == ended


def test_a_large_corpus_is_sampled_evenly_over_kinds_of_document() -> None:
    listed = [Entry(f"{n}.{kind}", f"text/{kind}", f"{n}", True) for n in range(100) for kind in ("plain", "csv")]
    drawn = population(Plan(Listed(tuple(listed)), registry(A), calls=80))
    assert Counter(entry.media_type for entry in drawn) == {"text/plain": 10, "text/csv": 10}
    assert len({entry.group for entry in drawn}) == 10


def test_an_empty_corpus_is_an_error_that_names_it() -> None:
    with pytest.raises(CrumpleError, match="listed: the corpus holds no cases"):
        events(Plan(Listed(()), registry(A)), Scripted())


def test_a_case_that_fails_the_round_trip_is_left_out_of_that_view_only() -> None:
    corpus = Listed((Entry("0.pdf", "application/pdf", "0", True), Entry("1.pdf", "application/pdf", "1", True)))
    bytewise = scripted_mutator("corruption.b", bytes)
    fails = ("scan.trip", "0.pdf")
    executor = Scripted(lambda work: Outcome.WRONG if (work.mutator, work.case) == fails else Outcome.RIGHT)
    plan = Plan(corpus, registry(P, bytewise), registry(_control()), calls=44)
    found = events(plan, executor)
    (controls,) = of(ControlsEnded, found)
    assert isinstance(controls, ControlsEnded)
    assert [result.work.case for result in controls.results["scan.trip"]] == ["0.pdf", "1.pdf"]
    assert {work.case for work in executor.seen if work.mutator == "scan.p"} == {"1.pdf"}
    assert {work.case for work in executor.seen if work.mutator == "corruption.b"} == {"0.pdf", "1.pdf"}


def test_no_worse_than_clean_hands_each_case_its_own_mark() -> None:
    executor = Scripted()
    events(Plan(texts(2), registry(A), calls=8, pass_mark=None, slack=0.1), executor)
    assert {work.pass_mark for work in executor.seen if not work.recipe.steps} == {0.0}
    assert {work.pass_mark for work in executor.seen if work.recipe.steps} == {0.9}


def test_without_a_truth_three_clean_answers_stand_in_for_it() -> None:
    executor = Scripted()
    events(Plan(texts(1, truth=False), registry(A), calls=6), executor)
    assert [work.stand_in for work in executor.seen] == [ABSENT] * 3 + [{"a": 1}] * 3


def test_answers_that_differ_are_set_aside_field_by_field() -> None:
    agreed = agreement([{"a": 1, "b": {"c": 2, "d": 3}}, {"a": 1, "b": {"c": 2, "d": 4}}])
    assert agreed.stand_in == {"a": 1, "b": {"c": 2}}
    assert agreed.unstable == ("/b/d",)
    assert agreement([1, 2]).stand_in is ABSENT
    assert agreement(["x", "x", "x"]).stand_in == "x"


def test_a_category_weighs_its_mutators_and_their_levels_the_same() -> None:
    """One call of 1 fails at level 1 and all of 3 at level 5: the rate is the mean of levels, not of calls."""
    tally = Tally(registry(A, B), {})
    outcomes = {"text.a": {1.0: [Outcome.RIGHT], 5.0: [Outcome.WRONG] * 3}, "text.b": {1.0: [Outcome.RIGHT] * 9}}
    results = [
        Result(Work(0, "c", level=level, mutator=name), Verdict(outcome, outcome is Outcome.WRONG))
        for name, levels in outcomes.items()
        for level, own in levels.items()
        for outcome in own
    ]
    tally.add(RoundEnded(0, results))
    document = tally.document(0.0)
    assert document["mutators"]["text.a"]["rate"] == 0.5
    assert document["categories"]["text"]["rate"] == 0.25
    assert document["categories"]["text"]["silent"] == 3
    assert document["categories"]["text"]["levels"]["1"]["rate"] == 0.0


def test_void_is_in_no_rate_and_shown_apart() -> None:
    tally = Tally(registry(A), {})
    work = Work(0, "c", _recipe(), 1.0, "text.a")
    tally.add(RoundEnded(0, [Result(work, Verdict(Outcome.VOID, False), cause="lane died")]))
    document = tally.document(0.0)
    assert document["mutators"]["text.a"]["runs"] == 0
    assert document["mutators"]["text.a"]["rate"] is None
    assert document["void"] == {"calls": 1, "causes": {"lane died": 1}}


def _recipe() -> Recipe:
    return Recipe((A.step(1, 1),))  # type: ignore[attr-defined]  # it is a mutator


def test_skips_cost_nothing_so_the_budget_is_spent_on_calls() -> None:
    """Half of the visits are skipped: as many calls are made as without skips, less than one round."""
    executor = Scripted(lambda work: "no letters" if work.mutator == "text.b" else Outcome.RIGHT)
    document = tallied(Plan(texts(2), registry(A, B), calls=40), executor)
    assert document["run"]["ended"] == "calls"
    assert document["run"]["calls"] in (39, 40)


def test_the_budget_for_clean_calls_counts_what_each_case_takes() -> None:
    """Three clean calls and a round trip a case without truth: a quarter of the budget, not all of it."""
    listed = tuple(Entry(f"{n}.jpg", "image/jpeg", f"{n}", False) for n in range(40))
    plan = Plan(Listed(listed), registry(P), registry(_control()), calls=48)
    document = tallied(plan, Scripted())
    assert document["clean"]["cases"] == 3
    assert document["mutators"]["scan.p"]["runs"] == 48 - 3 * 4


def test_what_a_budget_cannot_do_is_said_before_the_first_call() -> None:
    executor = Scripted()
    with pytest.raises(CrumpleError, match="a budget of 3 calls is too small"):
        events(Plan(texts(1, truth=False), registry(A, B), calls=3), executor)
    assert executor.seen == []


def test_time_runs_out_in_the_clean_phase_too_and_the_rest_is_left_out() -> None:
    class Slow(Scripted):
        def results(self, timeout: float | None = None) -> list[Result]:
            spent.append(0.2)
            return super().results(timeout)

    spent: list[float] = []
    plan = Plan(texts(200), registry(A), calls=None, seconds=4)
    found = list(run(plan, Slow(), clock=lambda: sum(spent)))
    (clean,) = of(CleanEnded, found)
    assert isinstance(clean, CleanEnded)
    assert 0 < len(clean.passed) == len(clean.population) < 30
    assert list(of(RoundEnded, found))


def test_with_pass_clean_a_system_that_is_never_right_fails_clean() -> None:
    class Garbage(Scripted):
        def _result(self, work: Work) -> Result:
            return replace(super()._result(work), verdict=Verdict(Outcome.RIGHT, False, 0.0, ("/total",)))

    assert events(Plan(texts(3), registry(A), pass_mark=None), Garbage())[-1] == Ended("all fail clean")


@pytest.mark.parametrize("answer", [None, {}, {"total": None, "lines": []}, "", [""]])
def test_an_answer_that_says_nothing_cannot_stand_in_for_the_truth(answer: Any) -> None:
    class Mute(Scripted):
        def _result(self, work: Work) -> Result:
            return replace(super()._result(work), value=answer)

    assert events(Plan(texts(3, truth=False), registry(A)), Mute())[-1] == Ended("all fail clean")


def test_what_is_void_is_not_the_systems_failure_on_clean_documents_either() -> None:
    clean = {"0.txt": Outcome.VOID, "1.txt": Outcome.WRONG}
    executor = Scripted(lambda work: clean.get(work.case, Outcome.RIGHT) if not work.recipe.steps else Outcome.RIGHT)
    document = tallied(Plan(texts(4), registry(A), calls=40), executor)
    assert (document["clean"]["cases"], document["clean"]["right"], document["clean"]["void"]) == (3, 2, 1)
    assert [each["case"] for each in document["clean"]["failed"]] == ["1.txt"]
    assert document["void"]["calls"] == 1


def test_buckets_hold_the_failures_of_the_rates_and_no_others() -> None:
    executor = Scripted(lambda work: Outcome.CRASHED if work.recipe.steps and work.id % 3 else Outcome.RIGHT)
    document = tallied(Plan(texts(4), registry(A, B), calls=None, seconds=0.05), executor)
    assert sum(each["count"] for each in document["buckets"]) == document["categories"]["text"]["failures"]


def _control() -> object:
    def trip(document: Document, rng: Generator) -> Document:
        """Only the round trip."""
        return document

    return mutator("scan.trip", control=True)(trip)


def test_the_documents_of_a_case_are_all_degraded_each_by_what_suits_it() -> None:
    entry = Entry("c", "text/plain", "c", True, parts=(("t.csv", "text/csv"), ("a.jpg", "image/jpeg")))
    executor = Scripted()
    events(Plan(Listed((entry,)), registry(A, C, P), registry(_control()), calls=100), executor)
    drawn = {(work.mutator, work.recipe.steps[0].part) for work in executor.seen if work.recipe.steps}
    assert drawn == {
        ("scan.trip", "a.jpg"),
        ("text.a", ""),
        ("text.a", "t.csv"),
        ("table.c", "t.csv"),
        ("scan.p", "a.jpg"),
    }
