"""The executor on a Dask cluster does what local lanes do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from crumple.execution.cluster.lanes import ClusterLanes
from crumple.execution.local import LocalLanes
from crumple.execution.spec import LaneSpec
from crumple.recipe import Recipe
from crumple.result import Result, Work


@pytest.fixture(scope="module")
def cluster(make_spec: Callable[..., LaneSpec]) -> Iterator[ClusterLanes]:
    """Two Dask workers of this machine."""
    with ClusterLanes(make_spec(), "local", 2) as lanes:
        yield lanes


def _works(count: int) -> list[Work]:
    return [
        Work(at, "fine" if at % 3 else "exit_0", Recipe.parse(f"faults.mark(seed={at})"), 1.0, "faults.mark")
        for at in range(count)
    ]


def _told(results: list[Result]) -> list[Result]:
    return [replace(each, seconds=0.0) for each in sorted(results, key=lambda each: each.work.id)]


def test_results_are_those_of_local_lanes(cluster: ClusterLanes, make_spec: Callable[..., LaneSpec], ask: Any) -> None:
    """A system that ends its own process among them: that is a crash, and no matter of Dask's."""
    with LocalLanes(make_spec(), 1) as local:
        local.put(_works(60))
        expected = ask.all(local)
    cluster.put(_works(60))
    assert cluster.pending == 60
    assert _told(ask.all(cluster)) == _told(expected)
    assert cluster.results(0.0) == []


def test_what_was_sent_is_not_kept(cluster: ClusterLanes, ask: Any) -> None:
    """Dask would keep the last thousand messages, each with a batch."""
    cluster.put(_works(400))
    ask.all(cluster)
    client = cluster._there.client
    scheduler = client.cluster.scheduler
    ends = [client.scheduler_comm, *scheduler.stream_comms.values(), *scheduler.client_comms.values()]
    assert len(ends) > 3
    assert max(len(each.recent_message_log) for each in ends) <= 10
