"""Whatever a system does: the right outcome, the next call unharmed, and nothing left behind."""

from __future__ import annotations

import re
import sys

import pytest

from crumple.outcome import Outcome
from crumple.result import Work

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="workers need Linux or macOS")

OWN_TIME = [
    ("exit_0", Outcome.CRASHED, "exit code 0"),
    ("exit_3", Outcome.CRASHED, "exit code 3"),
    ("sys_exit", Outcome.CRASHED, "exit code 3"),
    ("killed", Outcome.CRASHED, "signal SIGKILL"),
    ("segfault", Outcome.CRASHED, "signal SIGSEGV"),
    ("grandchildren_then_exit", Outcome.CRASHED, "exit code 3"),
    ("allocate", Outcome.EXHAUSTED, "over 150 MiB of memory"),
    ("child_allocates", Outcome.EXHAUSTED, "over 150 MiB of memory"),
    ("flood", Outcome.EXHAUSTED, "printed over 1 MiB"),
    ("close_pipes", Outcome.CRASHED, "closed its pipes"),
    ("close_everything", Outcome.CRASHED, "closed its pipes"),
    ("unpicklable", Outcome.CRASHED, r"Poisoned: \(its str\(\) raises\)"),
    ("base_exception", Outcome.CRASHED, "Quiet: not an Exception"),
    ("return_twice", Outcome.RIGHT, ""),
    ("child_returns", Outcome.CRASHED, "exit code 4"),
    ("wander", Outcome.RIGHT, ""),
    ("write_everywhere", Outcome.RIGHT, ""),
    ("print_on_both", Outcome.RIGHT, ""),
    ("replace_stdout", Outcome.RIGHT, ""),
    ("huge", Outcome.EXHAUSTED, "an answer of 2.86 MiB, over 2 MiB"),
    ("unplain", Outcome.CRASHED, "returned a object at /lines/0/total, which is not JSON-able"),
    ("endless", Outcome.CRASHED, "returned a list that is nested too deep, which is not JSON-able"),
    ("recurse", Outcome.CRASHED, "RecursionError: maximum recursion depth exceeded.*"),
    ("overwrite", Outcome.RIGHT, ""),
    ("exit_0", Outcome.CRASHED, "exit code 0"),
]
CAUSES = {fault: cause for fault, _, cause in OWN_TIME}
PAST_THE_LIMIT = ["hang", "ignore_sigterm", "stop_itself", "grandchildren", "print_slowly_for_ever"]


@pytest.mark.parametrize(("fault", "outcome", "cause"), OWN_TIME)
def test_a_fault_has_its_outcome_and_harms_no_other_call(patient, ask, processes, fault, outcome, cause):
    before = processes.all()
    result = ask(patient, fault)
    assert result.verdict.outcome is outcome
    assert re.fullmatch(cause, result.cause)
    assert ask(patient, "fine").verdict.outcome is Outcome.RIGHT
    assert processes.beyond(before) == []


@pytest.mark.parametrize("fault", PAST_THE_LIMIT)
def test_what_does_not_answer_is_ended_at_its_limit_with_all_it_started(hasty, ask, processes, fault):
    before = processes.all()
    result = ask(hasty, fault)
    assert result.verdict.outcome is Outcome.HUNG
    assert result.cause == "no answer within 1 s"
    assert 0.9 < result.seconds < 20
    assert ask(hasty, "fine").verdict.outcome is Outcome.RIGHT
    assert processes.beyond(before) == []


def test_a_worker_that_dies_between_calls_costs_no_call(patient, ask, processes):
    before = processes.all()
    assert ask(patient, "die_later").verdict.outcome is Outcome.RIGHT
    assert processes.first_to_end(before)
    assert ask(patient, "fine").verdict.outcome is Outcome.RIGHT


@pytest.mark.parametrize("fault", ["alarm_later", "profile_later"])
def test_a_timer_that_a_call_leaves_behind_harms_no_later_one(patient, ask, fault):
    assert ask(patient, fault).verdict.outcome is Outcome.RIGHT
    assert [ask(patient, case).cause for case in ("nap", "fine", "nap")] == ["", "", ""]


def test_signal_handlers_are_as_they_were(patient, ask):
    before = ask(patient, "signals").answer
    assert "SIG_DFL" in before
    ask(patient, "deaf")
    ask(patient, "profile_later")
    assert ask(patient, "signals").answer == before


def test_the_detail_of_a_hang_says_where_it_hung(hasty, ask):
    detail = ask(hasty, "hang").detail
    assert "in hang" in detail
    assert "worker.py" not in detail


def test_the_detail_of_a_crash_has_its_traceback_and_its_last_output(patient, ask):
    result = ask(patient, "print_and_fail")
    assert result.cause == "ValueError: no total"
    assert result.verdict.fingerprint == (
        'crashed ValueError at hostile.py:print_and_fail: raise ValueError("no total")'
    )
    assert 'raise ValueError("no total")' in result.detail
    assert "the last words" in result.detail
    assert "worker.py" not in result.detail


def test_output_is_that_of_its_own_call(patient, ask):
    ask(patient, "print_on_both")
    assert "on one" not in ask(patient, "exit_3").detail


def test_folder_environment_and_recursion_limit_are_as_they_were(patient, ask):
    ask(patient, "wander")
    assert ask(patient, "at_home").answer == '["systems",true,true]'


def test_a_crash_of_the_interpreter_and_an_exit_are_told_by_their_place(patient, ask):
    assert ask(patient, "segfault").verdict.fingerprint.startswith("crashed signal SIGSEGV at hostile.py:")
    assert ask(patient, "sys_exit").verdict.fingerprint.startswith("crashed exit code 3 at hostile.py:")


def test_failures_of_one_kind_share_a_fingerprint_and_others_do_not(patient, ask):
    one, other = (ask(patient, fault).verdict.fingerprint for fault in ("exit_0", "exit_3"))
    assert one == ask(patient, "exit_0").verdict.fingerprint
    assert one != other


def test_calls_that_wait_behind_one_that_kills_the_worker_are_made_all_the_same(patient, ask):
    """Quick calls are sent ahead of their turn; none of them pays for the one before it."""
    cases = ["fine", "exit_3", "fine", "print_on_both", "unplain", "killed", "fine"] * 4
    patient.put([Work(n, case) for n, case in enumerate(["fine"] * 60 + cases)])
    outcomes = {result.work.id: result for result in ask.all(patient)}
    for number, case in enumerate(cases, start=60):
        expected = CAUSES.get(case, "")
        assert outcomes[number].cause == expected
        assert outcomes[number].verdict.outcome is (Outcome.CRASHED if expected else Outcome.RIGHT)
