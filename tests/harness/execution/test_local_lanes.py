"""Lanes: what goes in comes out once, and what is crumple's own fault never ends a run."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from crumple.errors import CrumpleError, VoidRunError
from crumple.execution.local import LocalLanes
from crumple.outcome import Outcome
from crumple.recipe import Recipe
from crumple.result import Work
from crumple.workers.limits import Limits

SYSTEMS = Path(__file__).parents[1] / "systems"


def _untold():
    sys.path.insert(0, str(SYSTEMS))
    try:
        from fault_corpus import Untold
    finally:
        sys.path.remove(str(SYSTEMS))
    return Untold()


def test_every_work_has_one_result_that_carries_it_back(make_spec, ask):
    works = [Work(n, f"w{n % 7}", Recipe.parse(f"faults.mark(seed={n})"), 1.0, "faults.mark") for n in range(500)]
    with LocalLanes(make_spec(), 2) as lanes:
        assert len(psutil.Process().children()) >= 2
        lanes.put(iter(works))
        assert lanes.pending == 500
        results = ask.all(lanes)
        assert lanes.results(0.0) == []
    assert sorted(result.work.id for result in results) == list(range(500))
    assert all(result.work is works[result.work.id] for result in results)
    assert {result.verdict.outcome for result in results} == {Outcome.RIGHT}


def test_the_digest_is_that_of_the_degraded_document(patient, ask):
    clean, same = ask(patient, "fine"), ask(patient, "fine")
    marked = ask(patient, "fine", "faults.mark(seed=1)")
    assert clean.digest == same.digest
    assert marked.digest not in ("", clean.digest)
    assert marked.digest == ask(patient, "fine", "faults.mark(seed=1)").digest


def test_a_failure_carries_what_was_expected_and_answered_and_a_success_does_not(patient, ask):
    failed = ask(patient, "at_home")
    assert (failed.verdict.outcome, failed.expected) == (Outcome.WRONG, "fine")
    assert failed.answer.startswith('["systems"')
    passed = ask(patient, "fine")
    assert (passed.expected, passed.answer) == ("", "")


def test_what_does_not_apply_is_skipped_with_its_reason(patient, ask):
    result = ask(patient, "fine", "faults.choosy()")
    assert (result.verdict, result.skipped) == (None, "there is nothing to choose")


@pytest.mark.parametrize(
    ("case", "recipe", "cause"),
    [
        ("fine", "faults.broken()", "ZeroDivisionError: a bug in a mutator"),
        ("fine", "faults.unknown()", "there is no mutator 'faults.unknown'"),
        ("fine", "faults.leaving()", "SystemExit: 3"),
        ("unreadable", "", "OSError: disk full"),
    ],
)
def test_a_fault_that_is_not_the_systems_is_void(patient, ask, case, recipe, cause):
    result = ask(patient, case, recipe)
    assert result.verdict.outcome is Outcome.VOID
    assert not result.verdict.failure
    assert cause in result.cause
    assert ask(patient, "fine").verdict.outcome is Outcome.RIGHT


def test_a_judge_that_raises_makes_the_call_void(make_spec, ask, lanes_of):
    with lanes_of(make_spec(judge="fault_corpus:bad_judge"), 1) as lanes:
        result = ask(lanes, "fine")
    assert result.verdict.outcome is Outcome.VOID
    assert "a bug in a judge" in result.cause + result.detail


def test_only_the_call_that_kills_lanes_is_void(make_spec, ask, lanes_of):
    works = [Work(n, "fine", Recipe.parse(f"faults.mark(seed={n})")) for n in range(40)]
    works[20] = Work(20, "fine", Recipe.parse("faults.deadly()"))
    with lanes_of(make_spec(), 2) as lanes:
        lanes.put(works)
        results = {result.work.id: result for result in ask.all(lanes)}
    assert len(results) == 40
    assert [n for n, result in results.items() if result.verdict.outcome is not Outcome.RIGHT] == [20]
    assert results[20].verdict.outcome is Outcome.VOID
    assert results[20].cause == "crumple's own process ended while degrading with faults.deadly: signal SIGKILL"


def test_a_lane_that_dies_of_its_last_call_has_room_again(make_spec, ask):
    with LocalLanes(make_spec(), 1) as lanes:
        assert ask(lanes, "fine", "faults.deadly()").verdict.outcome is Outcome.VOID
        assert lanes.pending == 0
        assert lanes.results() == []
        assert lanes.room
        assert ask(lanes, "fine").verdict.outcome is Outcome.RIGHT


def test_room_comes_back_while_another_lane_is_busy(make_spec, ask):
    with LocalLanes(make_spec(limits=Limits(timeout=300)), 2) as lanes:
        lanes.put([Work(number, "fine") for number in range(10, 14)])
        ask.all(lanes)  # both have started
        lanes.put([Work(0, "hang")])
        assert ask_one(lanes, Work(1, "fine", Recipe.parse("faults.deadly()"))).verdict.outcome is Outcome.VOID
        assert lanes.pending == 1
        assert lanes.results() == []
        assert lanes.room
        assert ask_one(lanes, Work(2, "fine")).verdict.outcome is Outcome.RIGHT


def ask_one(lanes, work):
    """The result of one work beside others that take long."""
    lanes.put([work])
    results = []
    while not results:
        results = lanes.results()
    (result,) = results
    return result


def test_a_mutator_or_judge_that_never_ends_makes_only_its_own_call_void(make_spec, ask, lanes_of):
    spec = replace(make_spec(judge="fault_corpus:endless_judge"), own_seconds=1.5)
    works = [Work(n, "fine", Recipe.parse(f"faults.mark(seed={n})")) for n in range(20)]
    works[5] = Work(5, "fine", Recipe.parse("faults.mark(seed=1) > faults.endless()"))
    works[15] = Work(15, "at_home")
    with lanes_of(spec, 2) as lanes:
        lanes.put(works)
        results = {result.work.id: result for result in ask.all(lanes)}
    assert {n: result.cause for n, result in results.items() if result.verdict.outcome is not Outcome.RIGHT} == {
        5: "degrading with faults.mark and faults.endless took over 1.5 s",
        15: "judging the answer took over 1.5 s",
    }
    assert len(results) == 20
    assert {results[n].verdict.outcome for n in (5, 15)} == {Outcome.VOID}


def test_a_lane_that_is_killed_loses_no_call(make_spec, ask):
    works = [Work(n, "fine", Recipe.parse(f"faults.mark(seed={n})")) for n in range(300)]
    others = {each.pid for each in psutil.Process().children()}
    with LocalLanes(make_spec(), 2) as lanes:
        lanes.put(works)
        results = lanes.results()
        os.kill(next(each.pid for each in psutil.Process().children() if each.pid not in others), signal.SIGKILL)
        results += ask.all(lanes)
    assert sorted(result.work.id for result in results) == list(range(300))
    assert {result.verdict.outcome for result in results} == {Outcome.RIGHT}


@pytest.mark.parametrize(
    ("system", "message"),
    [
        ({"call": "hostile:akt"}, "there is no 'akt' in hostile. Did you mean 'act'?"),
        ({"call": "no_such_module:act"}, "there is no module 'no_such_module'"),
        ({"python": "no-such-python"}, "there is no interpreter 'no-such-python'"),
    ],
)
def test_a_system_that_cannot_be_loaded_is_an_error_at_the_start(make_spec, system, message, lanes_of):
    with pytest.raises(CrumpleError) as error, lanes_of(make_spec(**system), 1):
        pass
    assert message in str(error.value)
    assert not str(error.value).endswith("..")


def test_a_lane_that_can_read_none_of_the_documents_on_trial_is_an_error_at_the_start(make_spec, ask, lanes_of):
    with (
        pytest.raises(CrumpleError, match=r"unreadable: the case cannot be loaded \(OSError: disk full\)"),
        lanes_of(replace(make_spec(), trial=("unreadable", "unreadable")), 1),
    ):
        pass
    with lanes_of(replace(make_spec(), trial=("unreadable", "fine")), 1) as lanes:
        assert ask(lanes, "fine").verdict.outcome is Outcome.RIGHT


def test_documents_that_are_denied_to_a_lane_that_starts_make_the_run_void(make_spec, lanes_of):
    """As they do later: the exit code is the same whenever credentials expire."""
    with (
        pytest.raises(VoidRunError, match="credentials have expired"),
        lanes_of(replace(make_spec(), trial=("denied",)), 1),
    ):
        pass


def test_damage_that_text_input_hides_is_skipped(make_spec, ask, lanes_of):
    with lanes_of(make_spec(input="text", call="plain_systems:length"), 1) as lanes:
        assert ask(lanes, "fine", "faults.raw()").skipped == "the system never sees bytes"
        assert ask(lanes, "fine", "faults.trailing()").skipped == "the system never sees bytes"
        assert ask(lanes, "fine", "faults.mark(seed=1)").verdict is not None


def test_slow_calls_are_spread_over_all_lanes(make_spec, ask, lanes_of):
    with lanes_of(make_spec(limits=Limits(timeout=5), call="plain_systems:slow"), 2) as lanes:
        lanes.put([Work(n, str(n)) for n in range(12)])
        results = ask.all(lanes)
    counts = [sum(result.answer == pid for result in results) for pid in {result.answer for result in results}]
    assert len(counts) == 2
    assert min(counts) >= 4


def test_less_than_one_lane_is_an_error(make_spec):
    with pytest.raises(CrumpleError, match="at least 1"):
        LocalLanes(make_spec(), 0)


def test_a_case_without_truth_brings_its_whole_clean_answer_back_and_is_judged_by_it(make_spec, ask, lanes_of):
    spec = replace(make_spec(call="plain_systems:everything_but"), corpus=_untold())
    with lanes_of(spec, 1) as lanes:
        clean = ask(lanes, "abc")
        assert (clean.verdict.outcome, clean.value) == (Outcome.RIGHT, {"text": "abc", "length": 3})
        marked = Recipe.parse("faults.mark(seed=1)")
        lanes.put([Work(1, "abc", marked, stand_in=clean.value), Work(2, "abc", marked, stand_in={"length": 5})])
        results = {result.work.id: result.verdict for result in ask.all(lanes)}
    assert {verdict.outcome for verdict in results.values()} == {Outcome.WRONG}
    assert set(results[1].wrong) == {"/text", "/length"}


def test_unstable_fields_of_the_answer_are_not_judged(make_spec, ask, lanes_of):
    spec = replace(make_spec(call="plain_systems:now"), corpus=_untold())
    with lanes_of(spec, 1) as lanes:
        works = [(), ("/run/at",), ("/run",), ("/run/at", "/text"), ("/nothing", "/text/deeper")]
        lanes.put([Work(n, "abc", stand_in={"text": "abc"}, unstable=each) for n, each in enumerate(works)])
        outcomes = {result.work.unstable: result.verdict.outcome for result in ask.all(lanes)}
    right = {unstable for unstable, outcome in outcomes.items() if outcome is Outcome.RIGHT}
    assert right == {("/run/at",), ("/run",)}


def test_fields_that_were_wrong_on_the_clean_document_are_known(make_spec, ask, lanes_of):
    spec = replace(make_spec(call="plain_systems:everything_but", judge="fields"), corpus=_untold())
    truth = {"text": "other", "length": 3, "date": "2024-01-01"}
    with lanes_of(spec, 1) as lanes:
        lanes.put([Work(n, "abc", known_wrong=known, stand_in=truth) for n, known in enumerate(({"/text"}, set()))])
        known, new = sorted(ask.all(lanes), key=lambda result: result.work.id)
    assert known.verdict.outcome is Outcome.REFUSED
    assert new.verdict.outcome is Outcome.WRONG


def test_room_is_what_keeps_every_lane_busy(make_spec, ask):
    with LocalLanes(make_spec(call="plain_systems:slow"), 2) as lanes:
        assert lanes.room >= 2
        lanes.put([Work(n, str(n)) for n in range(8)])
        assert lanes.room == 0
        ask.all(lanes)
        assert lanes.room == 4
