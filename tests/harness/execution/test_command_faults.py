"""Whatever a command does: the right outcome, the next call unharmed, no process and no file left behind."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from crumple.adapters.command.system import CommandSystem
from crumple.execution.local import LocalLanes
from crumple.outcome import Outcome
from crumple.result import Work
from crumple.workers.limits import MIB, Limits

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="commands need Linux or macOS")

SYSTEMS = Path(__file__).parents[1] / "systems"
FAULTS = [
    ("exit_3", Outcome.CRASHED, r"exit code 3: line 12: /tmp/a/b\.txt has no total"),
    ("refuse", Outcome.REFUSED, "exit code 4"),
    ("segfault", Outcome.CRASHED, "signal SIGSEGV"),
    ("strays_then_fine", Outcome.RIGHT, ""),
    ("flood", Outcome.EXHAUSTED, "an answer of .* MiB, over 1 MiB"),
    ("flood_errors", Outcome.EXHAUSTED, "printed over 256 KiB"),
    ("close", Outcome.REFUSED, ""),  # an answer without a value abstains
    ("unwritable", Outcome.RIGHT, ""),
    ("litter", Outcome.RIGHT, ""),
    ("no_input", Outcome.RIGHT, ""),
    ("hog", Outcome.EXHAUSTED, "over 50 MiB of memory"),
    ("stray_hog", Outcome.EXHAUSTED, "over 50 MiB of memory"),
]
PAST_THE_LIMIT = ["deaf", "stopped", "close_and_hang"]


def system(seconds: float) -> CommandSystem:
    """A shell script that does what the document says."""
    limits = Limits(timeout=seconds, memory=50 * MIB, answer=MIB, output=MIB // 4)
    return CommandSystem(root=SYSTEMS, command=("sh", "hostile.sh", "{input}"), refuses=(4,), limits=limits)


@pytest.fixture(scope="module")
def patient(make_spec):
    """A lane whose calls may take long."""
    with LocalLanes(replace(make_spec(), system=system(20)), 1) as started:
        yield started


@pytest.fixture(scope="module")
def hasty(make_spec):
    """A lane whose calls may take a second."""
    with LocalLanes(replace(make_spec(), system=system(1)), 1) as started:
        yield started


def files_left(lanes: LocalLanes, patience: float = 5.0) -> list[Path]:
    """What calls have left in the lane's folder, given a little time to go."""
    (lane,) = lanes._lanes
    until = time.monotonic() + patience
    while (left := list(lane._scratch.glob("calls/*"))) and time.monotonic() < until:
        time.sleep(0.01)
    return left


@pytest.mark.parametrize(("fault", "outcome", "cause"), FAULTS)
def test_a_fault_has_its_outcome_and_harms_no_other_call(patient, ask, processes, fault, outcome, cause):
    before = processes.all()
    result = ask(patient, fault)
    assert result.verdict.outcome is outcome
    assert re.fullmatch(cause, result.cause)
    assert ask(patient, "fine").verdict.outcome is Outcome.RIGHT
    assert processes.beyond(before) == []
    assert files_left(patient) == []


@pytest.mark.parametrize("fault", PAST_THE_LIMIT)
def test_what_does_not_end_is_ended_at_its_limit_with_all_it_started(hasty, ask, processes, fault):
    before = processes.all()
    result = ask(hasty, fault)
    assert result.verdict.outcome is Outcome.HUNG
    assert result.cause == "no answer within 1 s"
    assert ask(hasty, "fine").verdict.outcome is Outcome.RIGHT
    assert processes.beyond(before) == []
    assert files_left(hasty) == []


def test_what_a_lane_had_started_ends_with_it_and_the_call_is_made_again(hasty, ask, processes):
    assert ask(hasty, "fine").verdict.outcome is Outcome.RIGHT
    before = processes.all()
    (lane,) = hasty._lanes
    hasty.put([Work(0, "strays")])
    while not (started := processes.all() - before):
        hasty.results(0.01)
    os.kill(lane._process.pid, signal.SIGKILL)
    (result,) = ask.all(hasty)
    assert processes.left(started) == set()
    assert result.verdict.outcome is Outcome.HUNG
    assert processes.beyond(before) == []


def test_failures_of_one_kind_share_a_fingerprint(patient, ask):
    assert ask(patient, "exit_3").verdict.fingerprint == "crashed exit code 3: line N: PATH has no total"
