"""What a run does about money, repetitions, outages, and a past that it goes on from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest

from crumple.case import Entry
from crumple.clean import standard
from crumple.engine import run
from crumple.events import CallEnded, CleanEnded, Event, RoundEnded, TriedAgain
from crumple.outcome import Outcome, Verdict
from crumple.plan import Plan
from crumple.result import Result, Work
from crumple.summary import Tally
from engine_scripts import A, C, Listed, P, Scripted, registry, texts


def failing(share: int) -> Callable[[Work], Outcome]:
    """A system that fails on the degraded documents of every `share`-th case."""
    return lambda work: (
        Outcome.WRONG if work.recipe.steps and int(work.case.split(".")[0]) % share == 0 else Outcome.RIGHT
    )


class Remembering(Scripted):
    """An executor that gives known results without calling."""

    def __init__(self, known: dict[str, Result], script: Callable[[Work], Outcome | str]) -> None:
        super().__init__(script)
        self.known = known
        self.called: list[str] = []

    def _result(self, work: Work) -> Result:
        if work.key in self.known:
            return replace(self.known[work.key], work=work)
        self.called.append(work.key)
        return super()._result(work)


class Done:
    """What was done of a run before it was interrupted: its first rounds."""

    def __init__(self, rounds: Sequence[RoundEnded]) -> None:
        self.whole = rounds

    @property
    def rounds(self) -> int:
        return len(self.whole)

    @property
    def calls(self) -> int:
        return sum(not result.skipped for each in self.whole for result in each.results)

    @property
    def cost(self) -> float:
        return sum(result.cost for each in self.whole for result in each.results)

    @property
    def seconds(self) -> float:
        return 1.0

    made = 0
    begun = False

    @property
    def before(self) -> dict[str, bool]:
        return {}

    def ended(self) -> Iterator[RoundEnded]:
        yield from self.whole


def _figures(found: Sequence[Event], plan: Plan) -> dict[str, object]:
    tally = Tally(registry(*plan.registry, *plan.controls), {})
    for event in found:
        tally.add(event)
    document = tally.document(1.0)
    document["run"].pop("resumed")
    return document


def test_keys_are_unique_and_the_same_in_every_run() -> None:
    plan = Plan(texts(6), registry(A, C), calls=60)
    one, other = Scripted(failing(3)), Scripted(failing(3), room=3)
    list(run(plan, one))
    list(run(plan, other))
    keys = [work.key for work in one.seen]
    assert len(set(keys)) == len(keys)
    assert {work.key: work.recipe for work in one.seen} == {work.key: work.recipe for work in other.seen}


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_run_that_is_gone_on_with_ends_as_one_that_was_never_interrupted(share: float) -> None:
    plan = Plan(texts(5), registry(A), calls=80)
    whole = list(run(plan, Scripted(failing(2))))
    ended = [event for event in whole if isinstance(event, CallEnded)]
    cut = ended[: int(len(ended) * share)]
    known = {event.result.work.key: event.result for event in cut}
    rounds = sorted((each for each in whole if isinstance(each, RoundEnded)), key=lambda each: each.number)
    past = []
    for each in rounds:
        if each.number != len(past) or any(result.work.key not in known for result in each.results):
            break
        past.append(each)
    executor = Remembering(known, failing(2))
    again = list(run(plan, executor, Done(past)))
    assert not set(executor.called) & set(known), "nothing that was paid for is called again"
    assert _figures(again, plan) == _figures(whole, plan)


def test_money_ends_a_run_before_it_is_overspent() -> None:
    class Dear(Scripted):
        def _result(self, work: Work) -> Result:
            return replace(super()._result(work), cost=0.5, attempts=1)

    found = list(run(Plan(texts(2), registry(A), calls=1000, cost=20.0), Dear()))
    spent = sum(event.result.cost for event in found if isinstance(event, CallEnded))
    assert 15 < spent <= 20
    assert found[-1].reason == "cost"  # type: ignore[union-attr]  # the last event is Ended


def test_repetitions_make_the_mean_and_show_what_is_flaky() -> None:
    def now_and_then(work: Work) -> Outcome:
        return Outcome.WRONG if work.recipe.steps and work.key.endswith("/1") else Outcome.RIGHT

    plan = Plan(texts(4), registry(A), calls=100, repeat=4)
    document = _figures(list(run(plan, Scripted(now_and_then))), plan)
    text = document["mutators"]["text.a"]  # type: ignore[index]  # a document
    assert text["rate"] == 0.25
    assert text["flaky"] == text["runs"] / 4
    single = Plan(texts(4), registry(A), calls=100)
    alone = _figures(list(run(single, Scripted(lambda work: Outcome.RIGHT))), single)["mutators"]["text.a"]  # type: ignore[index]
    assert alone["flaky"] == 0
    assert text["high"] - text["low"] > 0.25, "repetitions of one document are not further documents"


def test_an_example_of_each_kind_of_failure_is_tried_again_and_no_rate_knows_of_it() -> None:
    def first_only(work: Work) -> Outcome:
        return Outcome.WRONG if work.recipe.steps and not work.key.startswith("again/") else Outcome.RIGHT

    plan = Plan(texts(3), registry(A), calls=100)
    found = list(run(plan, Scripted(first_only)))
    (again,) = [event for event in found if isinstance(event, TriedAgain)]
    assert list(again.results) == ["wrong"]
    document = _figures(found, plan)
    assert document["mutators"]["text.a"]["rate"] == 1.0  # type: ignore[index]
    assert [(each["tried"], each["failed"]) for each in document["buckets"]] == [(2, 1)]  # type: ignore[index,union-attr]


def test_second_attempts_keep_to_the_budget() -> None:
    for calls in range(10, 40):
        executor = Scripted(failing(1))
        list(run(Plan(texts(3), registry(A), calls=calls), executor))
        assert len(executor.seen) <= calls


@pytest.mark.parametrize("from_call", [0, 20])
def test_a_run_gives_up_when_one_call_after_the_other_is_void(from_call: int) -> None:
    counted = iter(range(10**6))

    def gone(work: Work) -> Outcome:
        return Outcome.VOID if next(counted) >= from_call else Outcome.RIGHT

    executor = Scripted(gone)
    found = list(run(Plan(texts(30), registry(A), calls=1000), executor))
    assert found[-1].reason == "outage"  # type: ignore[union-attr]
    assert len(executor.seen) < from_call + 50


def test_what_is_made_ahead_of_all_answers_is_drawn_as_if_all_were_right() -> None:
    def broken(work: Work) -> Outcome:
        return Outcome.WRONG if work.case in {"0.txt", "1.txt"} else Outcome.RIGHT

    plan = Plan(texts(4), registry(A), calls=60, ahead=True)
    exported, judged = Scripted(), Scripted(broken)
    list(run(plan, exported))
    found = list(run(plan, judged))
    assert {work.key for work in judged.seen} == {work.key for work in exported.seen}
    (clean,) = [event for event in found if isinstance(event, CleanEnded)]
    assert clean.passed == {"2.txt", "3.txt"}
    cases = {result.work.case for event in found if isinstance(event, RoundEnded) for result in event.results}
    assert cases == {"2.txt", "3.txt"}, "no rate is about a case that fails clean"


def test_made_ahead_a_document_that_does_not_survive_its_round_trip_is_left_out() -> None:
    control = replace(P, name="scan.rasterise", control=True)
    corpus = Listed(tuple(Entry(f"{n}.pdf", "application/pdf", f"{n}", True) for n in range(3)))

    def script(work: Work) -> Outcome:
        return Outcome.WRONG if work.mutator == "scan.rasterise" and work.case == "1.pdf" else Outcome.RIGHT

    plan = Plan(corpus, registry(P), registry(control), calls=40, ahead=True)
    found = list(run(plan, Scripted(script)))
    cases = Counter(each.work.case for event in found if isinstance(event, RoundEnded) for each in event.results)
    assert set(cases) == {"0.pdf", "2.pdf"}


def test_a_case_passes_clean_where_most_of_its_repetitions_do() -> None:
    def result(outcome: Outcome) -> Result:
        return Result(Work(0, "a"), Verdict(outcome, outcome is not Outcome.RIGHT, 1.0))

    right, wrong = result(Outcome.RIGHT), result(Outcome.WRONG)
    assert standard([right, wrong, right], 1.0) is not None
    assert standard([right, wrong], 1.0) is None
    assert standard([wrong], 1.0) is None


@pytest.mark.parametrize("repeat", [1, 3])
def test_a_system_that_fails_at_random_in_a_fifth_of_its_calls_reads_a_fifth(repeat: int) -> None:
    drawn = np.random.Generator(np.random.PCG64(1))

    def at_random(work: Work) -> Outcome:
        return Outcome.WRONG if drawn.random() < 0.2 else Outcome.RIGHT

    plan = Plan(texts(40), registry(A), calls=6000, repeat=repeat)
    document = _figures(list(run(plan, Scripted(at_random))), plan)
    assert 0.185 < document["mutators"]["text.a"]["rate"] < 0.215  # type: ignore[index]  # a document
