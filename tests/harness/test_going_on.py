"""What must hold when a run goes on, when money or time is short, and when calls come to nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest
from numpy.random import Generator

from crumple import Document, Entry, mutator
from crumple.engine import run
from crumple.events import CallEnded, CleanEnded, Ended, Event, NotRun, Resumed, RoundEnded, TriedAgain
from crumple.mutation.registry import Registry
from crumple.outcome import Outcome
from crumple.plan import Plan
from crumple.result import Result, Work
from crumple.soundness import void_reason
from crumple.summary import Tally
from crumple.views.text import Text
from engine_scripts import A, Listed, P, Scripted, registry, scripted_mutator, texts


@dataclass
class Done:
    """What was done of a run before it was interrupted; calls outside whole rounds as key -> whether they stand."""

    whole: Sequence[RoundEnded] = ()
    before: Mapping[str, bool] = field(default_factory=dict)
    seconds: float = 0.0
    begun: bool = False
    calls: int = 0
    cost: float = 0.0
    made: int = 0

    @property
    def rounds(self) -> int:
        return len(self.whole)

    def ended(self) -> Iterator[RoundEnded]:
        yield from self.whole


class Paid(Scripted):
    """Every call costs the same, and skips may have been called for too."""

    def __init__(self, script: Callable[[Work], Outcome | str] = lambda work: Outcome.RIGHT, each: float = 0.5) -> None:
        super().__init__(script)
        self.each = each

    def _result(self, work: Work) -> Result:
        return replace(super()._result(work), cost=self.each, attempts=1)


def document(found: Sequence[Event], plan: Plan) -> dict[str, object]:
    tally = Tally(Registry({**plan.registry.mutators, **plan.controls.mutators}), {})
    for event in found:
        tally.add(event)
    return tally.document(1.0)


def test_a_run_with_a_time_limit_goes_on_after_the_time_of_its_clean_calls_is_long_over() -> None:
    plan = Plan(texts(4), registry(A), calls=None, seconds=3600)
    before = {f"clean/{n}.txt/0": True for n in range(3)}
    found = run(plan, Scripted(), Done(before=before, seconds=1800, begun=True))
    clean = next(event for event in found if isinstance(event, CleanEnded))
    assert {each.id for each in clean.population} == {"0.txt", "1.txt", "2.txt"}, "what it was about, and no more"


def test_a_run_without_a_limit_goes_on_with_the_cases_that_it_was_about() -> None:
    """The time allowed may be another one now."""
    before = {f"clean/{n}.txt/0": True for n in range(3)}
    found = run(Plan(texts(4), registry(A), calls=80), Scripted(), Done(before=before, begun=True))
    clean = next(event for event in found if isinstance(event, CleanEnded))
    assert len(clean.population) == 3


def test_what_was_void_before_is_no_outage_when_the_run_goes_on() -> None:
    before = {f"clean/{n}.txt/0": True for n in range(60)}
    script: Callable[[Work], Outcome] = lambda work: Outcome.VOID if work.case > "3" else Outcome.RIGHT  # noqa: E731
    found = list(run(Plan(texts(60), registry(A), calls=300), Scripted(script), Done(before=before, begun=True)))
    assert found[-1] == Ended("calls")


def test_calls_that_turned_out_to_be_no_test_are_in_the_budget() -> None:
    def script(work: Work) -> Outcome | str:
        return "never called" if work.recipe.steps and not work.key.endswith("/4/0") else Outcome.RIGHT

    plan = Plan(texts(8), registry(A), calls=60)
    executor = Paid(script)
    found = list(run(plan, executor))
    assert len(executor.seen) <= 60
    made = document(found, plan)
    assert made["run"]["calls"] == len(executor.seen)  # type: ignore[index]  # a document
    assert made["run"]["cost"] == 0.5 * len(executor.seen)  # type: ignore[index]
    told = [event.result.work.key for event in found if isinstance(event, CallEnded)]
    assert len(told) == len(executor.seen), "each is told of"
    rounds = [event for event in found if isinstance(event, RoundEnded)]
    assert (rounds[0].calls, rounds[0].cost) == (5, 2.5)


def test_money_is_not_all_spent_on_clean_documents() -> None:
    executor = Paid()
    plan = Plan(texts(200), registry(A), calls=1000, cost=20.0)
    found = list(run(plan, executor))
    assert 5 < sum(not work.recipe.steps for work in executor.seen) <= 10
    assert any(isinstance(event, RoundEnded) for event in found)


def test_money_that_does_not_reach_for_one_clean_document_is_said() -> None:
    plan = Plan(texts(2, truth=False), registry(A), calls=1000, cost=0.6)
    found = list(run(plan, Paid()))
    assert found[-1] == Ended("cost")
    assert "money" in void_reason(document(found, plan))


def test_the_end_is_put_down_to_money_where_a_call_could_be_paid_and_a_round_could_not() -> None:
    mutators = registry(*(scripted_mutator(f"text.m{n}", Text) for n in range(6)))
    found = list(run(Plan(texts(2), mutators, calls=None, cost=20.0), Paid(each=0.7)))
    assert found[-1] == Ended("cost")


def test_an_outage_during_round_trips_is_an_outage() -> None:
    def trip(document: Document, rng: Generator) -> Document:
        """Only the round trip."""
        return document

    corpus = Listed(tuple(Entry(f"{n}.jpg", "image/jpeg", f"{n}", True) for n in range(40)))
    plan = Plan(corpus, registry(P), registry(mutator("scan.trip", control=True)(trip)), calls=1000)
    script: Callable[[Work], Outcome] = lambda work: Outcome.VOID if work.recipe.steps else Outcome.RIGHT  # noqa: E731
    found = list(run(plan, Scripted(script)))
    assert found[-1] == Ended("outage")
    assert not [event for event in found if isinstance(event, NotRun)], "nothing was found out about any mutator"


def test_a_second_try_that_came_to_nothing_labels_no_failure() -> None:
    def script(work: Work) -> Outcome:
        return Outcome.VOID if work.key.startswith("again/") else Outcome.WRONG if work.recipe.steps else Outcome.RIGHT

    plan = Plan(texts(3), registry(A), calls=100)
    found = list(run(plan, Scripted(script)))
    assert any(isinstance(event, TriedAgain) for event in found)
    (bucket,) = document(found, plan)["buckets"]  # type: ignore[misc]  # a document
    assert (bucket["tried"], bucket["failed"]) == (1, 1)


def test_an_outage_before_the_first_round_is_whole_says_why() -> None:
    class Named(Scripted):
        def _result(self, work: Work) -> Result:
            return replace(super()._result(work), cause="connection refused" if work.recipe.steps else "")

    mutators = registry(*(scripted_mutator(f"text.m{n}", Text) for n in range(60)))
    script: Callable[[Work], Outcome] = lambda work: Outcome.VOID if work.recipe.steps else Outcome.RIGHT  # noqa: E731
    plan = Plan(texts(4), mutators, calls=400)
    made = document(list(run(plan, Named(script))), plan)
    assert "connection refused" in void_reason(made)


def test_a_mutator_that_suits_few_cases_does_not_end_the_run() -> None:
    """One case of ten: many rounds in a row in which it is not drawn."""
    script: Callable[[Work], Outcome | str] = lambda work: (  # noqa: E731
        "no letters" if work.recipe.steps and work.case != "3.txt" else Outcome.RIGHT
    )
    found = list(run(Plan(texts(10), registry(A), calls=400), Scripted(script)))
    assert found[-1] == Ended("calls")


def test_all_calls_that_need_not_be_made_again_are_told() -> None:
    plan = Plan(texts(3), registry(A), calls=40)
    made = document([Resumed(2, 10, 1.0, 5.0, made=14), *run(plan, Scripted())], plan)
    assert made["run"]["resumed"] == 14  # type: ignore[index]  # a document


def test_a_system_that_fails_in_another_way_each_time_does_not_fill_the_memory() -> None:
    class Inventive(Scripted):
        def _result(self, work: Work) -> Result:
            result = super()._result(work)
            verdict = result.verdict
            failed = verdict is not None and verdict.failure
            return replace(result, verdict=replace(verdict, fingerprint=work.key)) if failed and verdict else result

    plan = Plan(texts(3), registry(A), calls=200)
    script: Callable[[Work], Outcome] = lambda work: Outcome.WRONG if work.recipe.steps else Outcome.RIGHT  # noqa: E731
    with pytest.MonkeyPatch.context() as patch:
        bounded = []
        for most in (20, 10**6):
            patch.setattr("crumple.engine._MOST_EXAMPLES", most)
            patch.setattr("crumple.engine.MOST_AGAIN", 10)
            executor = Inventive(script)
            made = document(list(run(plan, executor)), plan)
            bounded.append(sorted(work.key for work in executor.seen if work.key.startswith("again/")))
            patch.setattr("crumple.buckets._MOST", 50)
    assert bounded[0] == bounded[1], "the same are tried again as if all were known"
    assert 25 <= len(made["buckets"]) <= 50  # type: ignore[arg-type]  # a document
