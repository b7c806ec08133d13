"""The calls of a night: which, in which order, how many; and that a night that goes on makes the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

import night_calls
from crumple.engine import run
from crumple.events import CleanEnded, Ended, Event, Replayed, RoundEnded
from crumple.findings.status import Known
from crumple.nightly.baseline import Baseline, Call, call_of
from crumple.nightly.course import ROUND, Night, Share
from crumple.outcome import Outcome
from crumple.plan import Plan
from crumple.recipe import Recipe
from crumple.result import Result, Work
from engine_scripts import A, B, C, Listed, Scripted, registry, texts

Script = Callable[[Work], "Outcome | str"]


def plan(
    calls: int = 300, corpus: Listed | None = None, *, repeat: int = 1, levels: tuple[float, ...] = (1, 3, 5)
) -> Plan:
    return Plan(
        corpus=corpus or texts(10),
        registry=registry(A, B),
        calls=calls,
        repeat=repeat,
        levels=levels,
        round_size=ROUND,
        again=False,
    )


def right(work: Work) -> Outcome | str:
    return Outcome.RIGHT


def night(
    script: Script = right,
    baseline: Baseline | None = None,
    *,
    of: Plan | None = None,
    known: tuple[Known, ...] = (),
    fresh: float = 0.2,
    seed: int = 77,
    cases: dict[str, str] | None = None,
) -> tuple[Night, list[Event], Scripted]:
    """A night that is carried out: its course, what it told, and the executor with the works that it saw."""
    of = of or plan()
    assert of.calls is not None
    course = Night(of, registry(A, B, C), baseline, Share(calls=of.calls, fresh=fresh), cases)
    course.know(known, seed)
    executor = Scripted(script)
    return course, list(run(of, executor, None, course)), executor


def results(events: list[Event], rounds: set[int]) -> list[Result]:
    return [
        each for event in events if isinstance(event, RoundEnded) if event.number in rounds for each in event.results
    ]


def baseline_of(events: list[Event], calls: int = 10_000, cases: int = 10) -> Baseline:
    every = [each for event in events if isinstance(event, (CleanEnded, RoundEnded)) for each in event.results]
    made = [call for each in every if (call := call_of(each)) is not None]
    digests = {f"{number}.txt": f"digest {number}" for number in range(cases)}
    clean = [each for each in made if not each.mutator]
    return night_calls.baseline([each for each in made if each.mutator][:calls], clean, cases=digests)


def finding(state: str = "open") -> Known:
    step = A.step(3, 1)  # type: ignore[attr-defined]  # it is a mutator
    return Known("text-1", "1.txt", Recipe((step,)), ("crashed",), state=state, tries=2, failed=2)


@pytest.fixture(scope="module")
def measured() -> Baseline:
    _, events, _ = night(of=plan(120), fresh=0.0)
    return baseline_of(events)


def test_the_calls_of_the_baseline_are_made_again_in_its_order_and_then_new_ones(measured: Baseline) -> None:
    course, events, _ = night(baseline=measured)
    again = sorted(results(events, course.fixed), key=lambda each: int(each.work.key.split("~")[1].split("/")[0]))
    assert [each.work.replay for each in again] == [each.replay for each in measured.calls]
    assert max(course.fixed) < min(course.fresh)
    assert not {each.work.replay for each in results(events, course.fresh)} & {each.replay for each in measured.calls}


def test_the_keys_of_the_same_calls_are_the_same_every_night_and_no_new_call_has_one_of_them(
    measured: Baseline,
) -> None:
    def slots(found: tuple[Night, list[Event], Scripted], rounds: str) -> set[str]:
        return {each.work.key.split("/")[1] for each in results(found[1], getattr(found[0], rounds))}

    one, other = night(baseline=measured), night(baseline=measured, known=(finding(),), seed=5)
    assert slots(one, "fixed") == slots(other, "fixed")
    assert not slots(one, "fixed") & slots(one, "fresh")


def test_a_budget_is_used_up_though_many_recipes_do_not_apply() -> None:
    def script(work: Work) -> Outcome | str:
        return "it does not apply" if work.recipe.steps and work.recipe.steps[0].seed % 3 else Outcome.RIGHT

    _, _, executor = night(script, of=plan(600, corpus=texts(3)))
    made = [each for each in executor.seen if script(each) is Outcome.RIGHT]
    assert 590 <= len(made) <= 600


def test_new_recipes_have_their_share_of_what_is_left_beside_clean_calls_and_findings(measured: Baseline) -> None:
    for share in (0.0, 0.2, 0.5):
        course, events, _ = night(fresh=share, of=plan(410))
        fresh = len(results(events, course.fresh))
        assert fresh == pytest.approx(share * 400, abs=2)
        assert len(results(events, course.fixed)) == pytest.approx((1 - share) * 400, abs=2)


def test_where_no_budget_is_given_the_whole_baseline_is_called_again_and_new_recipes_have_their_share(
    measured: Baseline,
) -> None:
    share = Share(calls=None, fresh=0.2)
    of = plan(share.enough(len(measured.calls), 1, 10, 1))
    course = Night(of, registry(A, B, C), measured, share, None)
    course.know((finding(),), 77)
    events = list(run(of, Scripted(right), None, course))
    assert {each.work.replay for each in results(events, course.fixed)} == {each.replay for each in measured.calls}
    assert len(results(events, course.fresh)) == share.whole(len(measured.calls)) - len(measured.calls)
    assert events[-1] == Ended("night")


def test_a_baseline_larger_than_the_budget_is_called_again_from_its_beginning(measured: Baseline) -> None:
    course, events, _ = night(baseline=measured, of=plan(60))
    called = {each.work.replay for each in results(events, course.fixed)}
    assert called == {each.replay for each in measured.calls[:40]}


def test_a_baseline_smaller_than_the_budget_leaves_the_rest_to_new_recipes(measured: Baseline) -> None:
    small = replace(measured, calls=measured.calls[:20])
    course, events, _ = night(baseline=small, of=plan(100))
    assert len(results(events, course.fixed)) == 20
    assert len(results(events, course.fresh)) == 70


def test_findings_come_first_and_are_called_until_it_is_known_how_they_stand(measured: Baseline) -> None:
    calls = Counter[str]()

    def script(work: Work) -> Outcome | str:
        calls[work.replay] += work.mutator == "" and bool(work.recipe.steps)
        flaky = work.mutator == "" and work.recipe.steps and calls[work.replay] == 1
        return Outcome.CRASHED if flaky else Outcome.RIGHT

    course, events, _ = night(script, measured, known=(finding("fixed"),))
    assert [each.status for each in events if isinstance(each, Replayed)] == ["FLAKY"]
    assert 0 not in course.fixed | course.fresh
    assert call_of(next(iter(results(events, {0})))) is None


def test_a_finding_is_settled_where_nothing_else_is_to_be_called() -> None:
    nothing = night_calls.baseline([], [], cases={})

    def script(work: Work) -> Outcome | str:
        return Outcome.CRASHED if work.key == "0/0/0/0" else Outcome.RIGHT

    _, events, _ = night(script, nothing, fresh=0.0, known=(finding(),))
    assert [each.status for each in events if isinstance(each, Replayed)] == ["FLAKY"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda call: replace(call, mutator="text.gone"), "its mutator is not in use any more"),
        (lambda call: replace(call, level=2.0), "its level is not in use any more"),
        (lambda call: replace(call, level=1.0 if call.level != 1 else 3.0), "its mutator has another ladder now"),
        (lambda call: replace(call, case="gone.txt"), "its case is not in the corpus any more"),
        (lambda call: replace(call, case="3.txt"), "its case has changed"),
    ],
)
def test_what_cannot_be_called_again_is_not_and_is_said_why(
    change: Callable[[Call], Call], why: str, measured: Baseline
) -> None:
    calls = [change(measured.calls[0]), *measured.calls[1:]]
    cases = dict(measured.cases) | {"3.txt": "another"}
    kept = [each for each in calls if each is calls[0] or each.case != "3.txt"]
    course, events, _ = night(baseline=replace(measured, calls=kept), cases=cases)
    assert course.reasons == {kept[0].key: why}
    assert len(results(events, course.fixed)) == len(kept) - 1


def test_a_case_that_fails_clean_tonight_is_not_degraded(measured: Baseline) -> None:
    def script(work: Work) -> Outcome | str:
        return Outcome.WRONG if work.case == "3.txt" else Outcome.RIGHT

    course, events, _ = night(script, measured)
    assert set(course.reasons.values()) == {"its case fails clean tonight"}
    assert all(each.work.case != "3.txt" for each in results(events, course.fixed))


def test_the_same_night_draws_the_same_rounds_whatever_the_pace(measured: Baseline) -> None:
    def script(work: Work) -> Outcome | str:
        return "not this one" if work.recipe.steps and work.recipe.steps[0].seed % 2 else Outcome.RIGHT

    def drawn(room: int) -> list[list[str]]:
        course = Night(plan(), registry(A, B, C), measured, Share(calls=300, fresh=0.4), None)
        course.know((finding(),), 77)
        events = run(plan(), Scripted(script, room), None, course)
        rounds = {each.number: each.results for each in events if isinstance(each, RoundEnded)}
        return [sorted(each.work.key + each.work.replay for each in rounds[at]) for at in sorted(rounds)]

    assert drawn(3) == drawn(40)


def test_of_repeated_calls_each_counts_in_the_budget(measured: Baseline) -> None:
    course, events, executor = night(of=plan(400, repeat=3))
    assert 385 <= len(executor.seen) <= 400
    assert all(len(own) == 3 for own in _by_call(results(events, course.fixed)).values())


def _by_call(found: list[Result]) -> dict[str, list[Result]]:
    groups: dict[str, list[Result]] = {}
    for each in found:
        groups.setdefault(each.work.key.rpartition("/")[0], []).append(each)
    return groups


def test_the_night_ends_when_all_its_calls_are_made(measured: Baseline) -> None:
    _, events, _ = night(baseline=measured, fresh=0.0)
    assert [each.reason for each in events if isinstance(each, Ended)] == ["night"]
