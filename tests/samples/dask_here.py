"""A Dask cluster of this machine for all tests of a session: a scheduler, and two workers that are processes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crumple.execution.cluster.silence import SILENT, silent

WORKERS = 2


@pytest.fixture(scope="session")
def dask_address() -> Iterator[str]:
    """The address of its scheduler."""
    from distributed import LocalCluster

    with (
        silent(),
        LocalCluster(
            n_workers=WORKERS,
            threads_per_worker=1,
            processes=True,
            memory_limit=None,
            dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
            silence_logs=SILENT,
        ) as cluster,
    ):
        yield cluster.scheduler_address
