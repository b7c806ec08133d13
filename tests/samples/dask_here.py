"""A Dask cluster of this machine for all tests of a session: a scheduler, and two workers that are processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crumple.execution.cluster.silence import SILENT, silent

WORKERS = 2
# Loaded by Python before anything else: there the package of that name is not installed.
WITHOUT = """
import sys

class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == {name!r}:
            raise ModuleNotFoundError("No module named " + repr(name), name=name)

sys.meta_path.insert(0, Nothing())
"""


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


@contextmanager
def worker_where(code: str, address: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A Dask worker without a nanny where something is another way than here; that code is run before anything else."""
    (folder / "sitecustomize.py").write_text(code)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])}
    words = ["distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    with subprocess.Popen(
        [sys.executable, "-m", *words, "--local-directory", str(folder)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield process
        finally:
            process.kill()
