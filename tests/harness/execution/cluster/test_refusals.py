"""What `crumple run --dask` says, and how it ends, where a cluster cannot carry it out: a line, and no traceback."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from distributed import Client, LocalCluster

from crumple.cli import crumple
from crumple.execution.cluster.silence import SILENT, silent
from dask_here import WITHOUT, worker_where
from projects import made

OLDER_PYTHON = """
from distributed import versions

told = versions.get_system_info
versions.get_system_info = lambda: told() | {"python": "3.10.2.final.0"}
"""
BATCH = '[system]\nbatch = ["cp", "{input}", "{output}"]\n'


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of one that has no workers."""
    kept = {"dashboard_address": None, "scheduler_kwargs": {"dashboard_address": "127.0.0.1:0"}}
    with silent(), LocalCluster(n_workers=0, silence_logs=SILENT, **kept) as cluster:
        yield str(cluster.scheduler_address)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return made("configured", tmp_path, documents=8)


def refused(project: Path, *options: str) -> str:
    """What a run that cannot be begun says, in one line."""
    done = CliRunner().invoke(crumple, ["run", "--config", str(project), "--calls", "120", *options])
    assert done.exit_code == 2, done.output
    assert "Traceback" not in done.output
    assert "distributed." not in done.output
    assert not list((project / ".crumple").glob("*.json"))
    return " ".join(done.output.split())


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            OLDER_PYTHON,
            r": it has python 3\.10, and here it is 3\.\d+: install the same, for pickles pass between them\.(?!\.)",
        ),
        (WITHOUT.format(name="orders"), r" \(.*\): .*orders"),
        (WITHOUT.format(name="crumple"), r": .*No module named 'crumple'"),
    ],
    ids=["another Python", "without the system", "without crumple"],
)
def test_what_a_worker_lacks_is_said_with_its_address(
    scheduler: str, project: Path, tmp_path: Path, code: str, said: str
) -> None:
    with worker_where(code, scheduler, tmp_path), Client(scheduler, set_as_default=False) as client:
        client.wait_for_workers(1, timeout=60)
        (worker,) = client.nthreads()
        assert re.search(f"error: .*Dask worker {worker}{said}", refused(project, "--dask", scheduler))


def test_a_scheduler_that_nobody_works_for_is_said(scheduler: str, project: Path) -> None:
    (project / "crumple.toml").write_text(f'run.dask_patience = "1s"\n{(project / "crumple.toml").read_text()}')
    said = refused(project, "--dask", scheduler)
    assert f"error: Dask at {scheduler}: the Dask scheduler has had no worker for 1 s. Start some: dask worker" in said


def test_a_scheduler_that_is_not_there_is_said(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crumple.execution.cluster.address.CONNECT_SECONDS", 0.2)
    said = refused(project, "--dask", "tcp://127.0.0.1:1")
    assert "error: Dask at tcp://127.0.0.1:1: no Dask scheduler answers there" in said
    assert "Is it running, does this machine reach it" in said


def test_a_worker_is_no_scheduler(dask_address: str, project: Path) -> None:
    with Client(dask_address, set_as_default=False) as client:
        worker = min(client.nthreads())
    assert f"error: Dask at {worker}: that is a Dask worker, and no scheduler." in refused(project, "--dask", worker)


def test_a_batch_is_one_machines(dask_address: str, project: Path) -> None:
    text = (project / "crumple.toml").read_text()
    (project / "crumple.toml").write_text(re.sub(r"\[system\]\n.*?\n\n", f"{BATCH}\n", text, flags=re.DOTALL))
    said = refused(project, "--dask", dask_address)
    assert "a batch is one call over a folder of this machine, which no cluster can share" in said


@pytest.mark.parametrize("where", ["local", "tcp://127.0.0.1:1"])
def test_without_dask_the_extra_is_named(project: Path, tmp_path: Path, where: str) -> None:
    """Everything else of the command does without it."""
    (tmp_path / "sitecustomize.py").write_text(WITHOUT.format(name="distributed"))
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])}
    words = ["-c", "from crumple.cli import main; main()", "run", "--calls", "120", "--dask", where]
    done = subprocess.run(
        [sys.executable, *words], cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    said = " ".join(done.stderr.split())
    assert said == 'error: --dask: Dask is not installed. Install it: pip install "crumple[dask]".'
    assert done.returncode == 2
