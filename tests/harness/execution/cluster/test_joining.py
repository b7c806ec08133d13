"""Dask workers come and go: slots follow, and who cannot make calls is left out, or said at the start."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster

from crumple.errors import CrumpleError
from crumple.execution.cluster.connection import check
from crumple.execution.cluster.lanes import ClusterLanes
from crumple.execution.cluster.silence import SILENT, silent
from crumple.execution.spec import LaneSpec
from crumple.outcome import Outcome
from crumple.recipe import Recipe
from crumple.result import Work
from dask_here import WITHOUT, worker_where

# There a distribution is of another version; files are where and as they are.
OTHERWISE = """
import importlib.metadata

version = importlib.metadata.version
importlib.metadata.version = lambda name: "0.0.1" if name == {name!r} else version(name)
"""
# There a file of the project is an older copy.
STALE = """
import io
import pathlib

opened = pathlib.Path.open

def stale(path, *arguments, **named):
    if path.name == {name!r}:
        return io.BytesIO(b"older")
    return opened(path, *arguments, **named)

pathlib.Path.open = stale
"""
COUNTING = """
import os

def act(document):
    with open({path!r}, "ab") as file:
        file.write(document.split(b"~")[0] + b"\\n")
    if b"deadly" in document:
        os._exit(9)
    return "fine"
"""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A cluster that nobody else uses, with one worker."""
    kept = {"memory_limit": None, "dashboard_address": None, "scheduler_kwargs": {"dashboard_address": "127.0.0.1:0"}}
    with silent(), LocalCluster(n_workers=1, threads_per_worker=1, silence_logs=SILENT, **kept) as running:
        yield running


def _joined(cluster: Any, count: int) -> None:
    from distributed import Client

    with Client(cluster.scheduler_address, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=60)


def test_whoever_joins_gets_calls_and_whoever_leaves_costs_none(
    cluster: Any, make_spec: Callable[..., LaneSpec], ask: Any
) -> None:
    with ClusterLanes(make_spec(call="plain_systems:slow"), cluster.scheduler_address, 1) as lanes:
        lanes.put([Work(number, str(number)) for number in range(100)])
        cluster.scale(2)
        results = lanes.results()
        _joined(cluster, 2)
        while len({each.answer for each in results}) < 2:
            assert lanes.pending
            results += lanes.results()
        cluster.scale(1)
        results += ask.all(lanes)
    assert sorted(each.work.id for each in results) == list(range(100))


@pytest.mark.parametrize(
    ("code", "lacks"),
    [
        (WITHOUT.format(name="crumple"), "No module named 'crumple'"),
        (OTHERWISE.format(name="crumple"), f"it has crumple 0.0.1, and here it is {version('crumple')}: install"),
        (
            OTHERWISE.format(name="pillow"),
            f"other than where the run begins: pillow 0.0.1 instead of {version('pillow')}",
        ),
    ],
    ids=["no crumple", "another crumple", "another pillow"],
)
def test_who_joins_and_has_not_what_is_here_is_left_out_in_a_line(
    cluster: Any, make_spec: Callable[..., LaneSpec], ask: Any, tmp_path: Path, code: str, lacks: str
) -> None:
    said: list[str] = []
    with (
        ClusterLanes(make_spec(), cluster.scheduler_address, 1, say=said.append) as lanes,
        worker_where(code, cluster.scheduler_address, tmp_path),
    ):
        _joined(cluster, 2)
        results = []
        number = 0
        while len(said) < 2:
            lanes.put([Work(number + at, "fine", Recipe.parse(f"faults.mark(seed={at})")) for at in range(50)])
            results += ask.all(lanes)
            number += 50
        lanes.put([Work(number, "fine")])
        results += ask.all(lanes)
    assert {each.verdict.outcome for each in results} == {Outcome.RIGHT}
    assert len(results) == number + 1
    assert said[0] == "1 Dask worker with 1 lane in all"
    assert len(said) == 2
    assert said[1].startswith("left out: Dask worker tcp://127.0.0.1:")
    assert lacks in said[1]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (WITHOUT.format(name="fault_corpus"), r" \(.*\): .* is not there: No module named 'fault_corpus'"),
        (
            OTHERWISE.format(name="distributed"),
            r": it has distributed 0\.0\.1, and here it is [\d.]+: install the same",
        ),
        (
            STALE.format(name="hostile.py"),
            r" \(.*\): other than where the run begins: the system's files\. Have the same",
        ),
        (
            STALE.format(name="fault_corpus.py"),
            r" \(.*\): other than where the run begins: the mutators in fault_corpus\.",
        ),
    ],
    ids=["no corpus", "another distributed", "a stale system", "a stale mutator"],
)
def test_what_a_worker_lacks_or_has_otherwise_is_said_at_the_start(
    cluster: Any, make_spec: Callable[..., LaneSpec], tmp_path: Path, code: str, said: str
) -> None:
    with worker_where(code, cluster.scheduler_address, tmp_path):
        _joined(cluster, 2)
        with (
            pytest.raises(CrumpleError, match=r"Dask worker tcp://\S+" + said) as error,
            ClusterLanes(make_spec(), cluster.scheduler_address, 1),
        ):
            pass
    assert "Traceback" not in str(error.value)


def test_other_versions_are_said_before_a_run_begins(cluster: Any, tmp_path: Path) -> None:
    with worker_where(OTHERWISE.format(name="crumple"), cluster.scheduler_address, tmp_path):
        _joined(cluster, 2)
        with pytest.raises(CrumpleError, match=r"Dask at tcp://\S+: Dask worker tcp://\S+: it has crumple 0\.0\.1"):
            check(cluster.scheduler_address, 10)


def test_a_system_that_ends_its_process_is_called_once_and_no_worker_of_dasks_is_lost(
    cluster: Any, make_spec: Callable[..., LaneSpec], ask: Any, tmp_path: Path
) -> None:
    (tmp_path / "counting.py").write_text(COUNTING.format(path=str(tmp_path / "calls")))
    cases = [f"deadly-{number}" if number % 2 else f"fine-{number}" for number in range(30)]
    with ClusterLanes(make_spec(root=tmp_path, call="counting:act"), cluster.scheduler_address, 1) as lanes:
        before = set(cluster.scheduler.workers)
        lanes.put([Work(number, case) for number, case in enumerate(cases)])
        outcomes = Counter(each.verdict.outcome for each in ask.all(lanes))
        assert set(cluster.scheduler.workers) == before
    assert outcomes == {Outcome.RIGHT: 15, Outcome.CRASHED: 15}
    assert sorted((tmp_path / "calls").read_text().split()) == sorted(cases)
