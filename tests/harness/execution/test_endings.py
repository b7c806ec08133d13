"""However a run ends, no process and no temporary folder stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from crumple.execution.local import LocalLanes
from crumple.result import Work

SYSTEMS = Path(__file__).parents[1] / "systems"

RUN = """
import sys
sys.path.insert(0, {systems!r})
from pathlib import Path
from fault_corpus import Words
from crumple.adapters.callable import CallableSystem
from crumple.workers.limits import Limits
from crumple.execution.local import LocalLanes
from crumple.execution.spec import LaneSpec
from crumple.result import Work

if __name__ == "__main__":
    root = Path({systems!r})
    system = CallableSystem(root=root, call="plain_systems:announce_and_hang", input="path", limits=Limits(timeout=60))
    with LocalLanes(LaneSpec(root=root, corpus=Words(), system=system, judge="exact"), 2) as lanes:
        lanes.put([Work(0, {announce!r}), Work(1, {announce!r}), Work(2, "x")])
        while lanes.pending:
            lanes.results()
"""


@pytest.fixture
def running(tmp_path, monkeypatch):
    """A run whose two systems hang, each with a grandchild in a session of its own; and what it started."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    announced = tmp_path / "announced"
    os.mkfifo(announced)
    script = tmp_path / "run.py"
    script.write_text(RUN.format(systems=str(SYSTEMS), announce="go"))
    run = subprocess.Popen(
        [sys.executable, str(script)],
        env={**os.environ, "TMPDIR": str(temporary), "ANNOUNCE": str(announced)},
        start_new_session=True,
        stderr=subprocess.DEVNULL,
    )
    # Open for both, so that the pipe does not end between the two writers.
    with os.fdopen(os.open(announced, os.O_RDWR), "rb") as lines:
        strays = {int(lines.readline()) for _ in range(2)}
    below = {each.pid for each in psutil.Process(run.pid).children(recursive=True)} | strays
    assert len(below) >= 6
    yield run, below, temporary
    run.kill()
    run.wait()


def test_ctrl_c_ends_everything_and_cleans_up(running, processes):
    run, below, temporary = running
    os.kill(run.pid, signal.SIGINT)
    assert run.wait(20) != 0
    assert processes.left(below) == set()
    assert list(temporary.iterdir()) == []


def test_a_parent_killed_outright_takes_everything_along(running, processes):
    run, below, temporary = running
    run.kill()
    run.wait()
    assert processes.left(below) == set()
    assert list(temporary.iterdir()) == []


def test_a_lane_killed_outright_takes_its_worker_along(make_spec, processes):
    others = {each.pid for each in psutil.Process().children()}
    with LocalLanes(make_spec(), 1) as lanes:
        (lane,) = (each for each in psutil.Process().children() if each.pid not in others)
        worker = {each.pid for each in lane.children()}
        lane.kill()
        assert processes.left(worker) == set()
        assert lanes.pending == 0


def test_closing_in_mid_call_ends_everything(make_spec, processes, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = processes.all()
    with LocalLanes(make_spec(input="path", call="plain_systems:slow"), 2) as lanes:
        lanes.put([Work(n, str(n)) for n in range(50)])
        assert lanes.results(20)
        assert list(tmp_path.iterdir())
    assert processes.left(processes.all() - before) == set()
    assert list(tmp_path.iterdir()) == []
    assert lanes.pending == 0
