"""What is lost at a moment when Dask itself would wait for it, or has no answer, is no more than lost."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import dask
import pytest
from distributed import Client, LocalCluster

from crumple.execution.cluster.address import UnreachableError
from crumple.execution.cluster.connection import Connection
from crumple.execution.cluster.lanes import ClusterLanes
from crumple.execution.cluster.silence import SILENT, silent
from crumple.execution.spec import LaneSpec
from crumple.outcome import Outcome
from crumple.result import Work
from dask_here import worker_where


@pytest.fixture
def scheduler() -> Iterator[str]:
    """The address of one that has no workers."""
    kept = {"dashboard_address": None, "scheduler_kwargs": {"dashboard_address": "127.0.0.1:0"}}
    with silent(), LocalCluster(n_workers=0, silence_logs=SILENT, **kept) as cluster:
        yield str(cluster.scheduler_address)


def test_results_that_went_with_their_worker_are_made_again_and_not_waited_for(
    scheduler: str, make_spec: Callable[..., LaneSpec], ask: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends when a batch has, and before that was fetched; and nobody else is there to make it."""
    said: list[str] = []
    with (
        worker_where("", scheduler, tmp_path) as worker,
        ClusterLanes(make_spec(), scheduler, 1, say=said.append) as lanes,
    ):
        fetched = lanes._there.fetched

        def lose(keys: Iterable[str]) -> Mapping[str, Any]:
            worker.kill()
            worker.wait()
            return fetched(keys)

        monkeypatch.setattr(lanes._there, "fetched", lose)
        lanes.put([Work(number, "fine") for number in range(10)])
        while len(said) < 2:
            assert not lanes.results(0.1)
        monkeypatch.undo()
        with worker_where("", scheduler, tmp_path):
            results = ask.all(lanes)
    assert said[2] == "no Dask worker is left; waiting up to 60 s for one"
    assert [each.verdict.outcome for each in results] == 10 * [Outcome.RIGHT]


def test_of_what_is_asked_for_together_only_what_is_lost_is_missing(dask_address: str) -> None:
    connection = Connection(dask_address, workers=0)
    futures = connection.client.map(abs, [-1, -2])
    connection.client.gather(futures)
    keys = [each.key for each in futures]
    assert connection.fetched([*keys, "lost", "gone"]) == dict(zip(keys, (1, 2), strict=True))
    assert connection.fetched([]) == connection.fetched(["lost"]) == {}
    connection.close()


def test_a_scheduler_that_goes_while_workers_are_waited_for_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """And not without workers; so a run that waits for it goes on waiting."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    words = ["distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
    with subprocess.Popen([sys.executable, "-m", *words], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert any("Scheduler at" in line for line in process.stderr)

        def remote(self: Connection) -> Client:
            client = Client(self.address, set_as_default=False)
            process.kill()
            return client

        monkeypatch.setattr(Connection, "_remote", remote)
        with (
            dask.config.set({"distributed.comm.timeouts.connect": "1s"}),
            pytest.raises(UnreachableError, match="no Dask scheduler answers there"),
        ):
            Connection(f"tcp://127.0.0.1:{port}", workers=0)
