"""docs/scale.md: its figures are reckoned from measured ones, its commands carried out, its recipes hold together."""

from __future__ import annotations

import importlib.util
import json
import os
import runpy
import shlex
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from distributed.cli import dask_scheduler, dask_worker

from certificates import self_signed
from crumple import plan
from crumple.cli import crumple as command_line
from crumple.cli.carry_out import BROKEN, UNDECIDED, UNWRITTEN
from crumple.config.model import Run
from crumple.execution.cluster import batches, shares
from doc_examples import ROOT, block, blocks, text_of, words_of, write_page

PAGE = "docs/scale.md"
SMALL = ("--use", "encoding.mojibake", "--calls", "12")
ADDRESS = "//scheduler:8786"
CLIENTS_LIMIT = 500e6


@pytest.fixture(scope="module")
def at_scale() -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "docs"))
        spec = importlib.util.spec_from_file_location("at_scale", ROOT / "docs" / "at_scale.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module


ROUND: dict[str, Any] = {
    "adapters": [
        {"kind": "Python function", "client": 0.0, "lanes": 0.5},
        {"kind": "chat model", "client": 0.5, "lanes": 1.0},
    ],
    "kinds": [
        {"kind": "CSV, an export", "size": 1000.0, "degraded": 2000.0, "whole": 2.0},
        {"kind": "PNG, places looked up", "size": 1e5, "degraded": 5e5, "whole": 100.0},
    ],
    "wire": {"bytes_in_a_batch": 200.0, "bytes_alone": 2200.0, "cpu_in_a_batch": 0.5, "cpu_alone": 2.5},
    "client": {"cpu": 0.5, "memory": 100.0, "least": 1e8, "postgresql": 250.0},
}
"""Figures that can be reckoned with by hand."""


def test_what_a_system_that_computes_needs(at_scale: ModuleType) -> None:
    example = at_scale.EXAMPLES[1]
    assert (example.seconds, example.computes) == (2.0, True)
    took = at_scale.needs(ROUND, example, 864_000_000, days=100)
    assert took.own == pytest.approx(0.1 + 0.0025 + 0.0005)  # each call is a task of its own
    assert took.core_hours == pytest.approx(864e6 * 2.103 / 3600 / 0.8)
    assert took.cores == pytest.approx(100 * 2.103 / 0.8)  # 100 calls a second
    assert (took.rate, took.out, took.tasks) == pytest.approx((100, 200, 100))
    assert (took.wire, took.read, took.stored) == pytest.approx((864e6 * 2200, 864e6 * 1e5, 864e6 * 250))
    assert took.kept == pytest.approx(864e6 * 0.05 * 5e5)


def test_what_quick_calls_and_services_need(at_scale: ModuleType) -> None:
    quick, _, service = at_scale.EXAMPLES
    took = at_scale.needs(ROUND, quick, 8_640_000, days=1)
    assert took.tasks == pytest.approx(1.0)  # a hundred calls of 5 ms are a batch of half a second
    assert took.wire == pytest.approx(8.64e6 * (200 + 2000 / 100))
    paid = at_scale.needs(ROUND, service, 8_640_000, days=1)
    assert paid.cpu == paid.own == pytest.approx(0.1 + 0.001 + (0.5 + 2 / 32) / 1e3 + 0.0005)
    assert paid.service == pytest.approx(8.64e6 * service.price)


def test_the_page_changes_with_the_figures(at_scale: ModuleType) -> None:
    measured = at_scale.measurements()
    text = text_of(PAGE)
    assert at_scale.page(text, measured) == text
    measured["client"]["postgresql"] *= 2
    assert at_scale.page(text, measured) != text
    with pytest.raises(LookupError, match="no place for 'one machine'"):
        at_scale.page("# Beyond one machine\n")


def test_what_is_assumed_of_crumple_is_so(at_scale: ModuleType) -> None:
    reckoning = sys.modules["reckoning"]
    assert plan._CLEAN_SHARE == reckoning.CALLS_A_DOCUMENT
    assert Run.model_fields["concurrency"].default == reckoning.OUT
    assert batches._AT_A_TIME * shares.CALLS_A_LANE == reckoning.AT_A_TIME
    client = at_scale.measurements()["client"]
    assert client["least"] + reckoning.RUN * client["memory"] < CLIENTS_LIMIT


def test_a_run_on_a_cluster_as_the_page_begins_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dask_address: str
) -> None:
    _project(tmp_path)
    monkeypatch.chdir(tmp_path)
    _, local = words_of("docs/scale.md", "$ pip install")
    assert local == ["run", "--dask", "local"]  # which tests of the cluster carry out
    words = words_of("docs/scale.md", "$ dask scheduler --port")[2]
    done = CliRunner().invoke(command_line, [*words[:-1], dask_address, *SMALL], prog_name="crumple")
    assert done.exit_code == 0, done.output
    assert "encoding" in done.output


def test_an_encrypted_cluster_as_the_page_has_it(tmp_path: Path) -> None:
    project, folder = tmp_path / "project", tmp_path / "tls"
    _project(project)
    folder.mkdir()
    certificate, key = self_signed(folder)
    config = folder / "tls.yaml"
    text = block("docs/scale.md", "# tls.yaml")
    for said, file in (("ca.pem", certificate), ("own.pem", certificate), ("own.key", key)):
        text = text.replace(f"/etc/dask/{said}", str(file))
    config.write_text(text, "utf-8")
    environment = {**os.environ, "DASK_CONFIG": str(config)}
    scheduler, worker, run = (each[:] for each in words_of("docs/scale.md", "$ dask scheduler --protocol"))
    found = tmp_path / "scheduler.json"
    scheduler[scheduler.index("8786")] = "0"
    worker[worker.index("8")] = "1"
    with _dask([*scheduler, "--host", "127.0.0.1", "--scheduler-file", str(found)], environment):
        address = _address(found)
        with _dask([each.replace(f"tls:{ADDRESS}", address) for each in worker], environment):
            words = [each.replace(f"tls:{ADDRESS}", address) for each in run]
            assert words[-1] == address
            done = _crumple([*words, *SMALL], project, environment)
            assert done.returncode == 0, done.stderr
            refused = _crumple([*words, *SMALL, "--fresh"], project, {**os.environ, "DASK_CONFIG": str(project)})
    assert refused.returncode == 2
    assert "Dask at tls://127.0.0.1" in refused.stderr
    assert "no certificates to show" in refused.stderr


def test_every_option_of_dasks_commands_is_one() -> None:
    known = {"scheduler": dask_scheduler.main, "worker": dask_worker.main}
    options = {
        name: {each for param in command.params for each in (*param.opts, *param.secondary_opts)}
        for name, command in known.items()
    }
    shown = [each.text for each in blocks(PAGE) if each.language in {"console", "sh"}]
    lines = [shlex.split(line.removeprefix("$ ")) for text in shown for line in text.splitlines()]
    said = [line[1:] for line in lines if line[:1] == ["dask"]] + [_args(part)[1:] for part in ("worker", "scheduler")]
    assert len(said) == 7
    assert shlex.split(block("docs/scale.md", "dask worker"))[1:] in said
    for name, *words in said:
        assert {word for word in words if word.startswith("--")} <= options[name], (name, words)


def test_the_cluster_on_kubernetes_has_what_its_definition_asks_for() -> None:
    cluster = yaml.safe_load(block("docs/scale.md", "# cluster.yaml"))
    assert (cluster["apiVersion"], cluster["kind"]) == ("kubernetes.dask.org/v1", "DaskCluster")
    name, spec = cluster["metadata"]["name"], cluster["spec"]
    assert set(spec) == {"worker", "scheduler"}
    assert set(spec["worker"]) == {"replicas", "spec"}
    assert set(spec["scheduler"]) == {"spec", "service"}
    service = spec["scheduler"]["service"]
    assert service["selector"] == {"dask.org/cluster-name": name, "dask.org/component": "scheduler"}
    (container,) = spec["scheduler"]["spec"]["containers"]
    assert service["ports"][0]["targetPort"] == container["ports"][0]["name"]
    job = yaml.safe_load(block("docs/scale.md", "# run.yaml"))
    (rule,) = job["spec"]["podFailurePolicy"]["rules"]
    assert rule["onExitCodes"]["values"] == [BROKEN, UNWRITTEN, UNDECIDED]
    (run,) = job["spec"]["template"]["spec"]["containers"]
    assert f"--dask=tcp://{name}-scheduler:{service['ports'][0]['port']}" in run["args"]
    images = {each["image"] for each in (run, container, spec["worker"]["spec"]["containers"][0])}
    assert len(images) == 1
    assert {each["envFrom"][0]["secretRef"]["name"] for each in (run, spec["worker"]["spec"]["containers"][0])} == {
        "crumple"
    }


def test_the_image_has_extras_that_there_are() -> None:
    lines = block("docs/scale.md", "# Dockerfile").splitlines()
    (installed,) = (each for each in lines if "/opt/crumple[" in each)
    extras = installed.partition("[")[2].partition("]")[0].split(",")
    known = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert set(extras) <= set(known)
    assert lines[-1] == "WORKDIR /project"


def test_on_slurm_the_run_gets_the_clusters_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a cluster that only remembers what it was asked for; jobs whose time is up are to be replaced."""
    write_page("docs/scale.md", tmp_path)
    asked: dict[str, Any] = {}

    @contextmanager
    def cluster(**options: Any) -> Iterator[SimpleNamespace]:
        asked.update(options)
        yield SimpleNamespace(adapt=lambda **jobs: asked.update(jobs), scheduler_address="tcp://10.0.0.1:8786")

    def called(words: list[str]) -> int:
        asked["words"] = words
        return 3

    monkeypatch.setitem(sys.modules, "dask_jobqueue", SimpleNamespace(SLURMCluster=cluster))
    monkeypatch.setattr(subprocess, "call", called)
    (line,) = (each for each in block("docs/scale.md", "cd /shared/project").splitlines() if each.startswith("python"))
    _, script, *further = shlex.split(line)
    monkeypatch.setattr(sys, "argv", [script, *further])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(tmp_path / script))
    assert ended.value.code == 3
    assert asked["words"] == ["crumple", "run", "--decide", "--dask", "tcp://10.0.0.1:8786"]
    assert asked["processes"] == asked["cores"]
    assert asked["minimum_jobs"] == asked["maximum_jobs"]


def _project(folder: Path) -> None:
    """The example of the first ten minutes, with a configuration."""
    folder.mkdir(exist_ok=True)
    write_page("docs/first-ten-minutes.md", folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        runpy.run_path(str(folder / "samples.py"))
        assert CliRunner().invoke(command_line, ["init"]).exit_code == 0


def _args(part: str) -> list[str]:
    """The command of a container of the manifest."""
    found = yaml.safe_load(block("docs/scale.md", "# cluster.yaml"))["spec"][part]["spec"]["containers"][0]["args"]
    return [str(each) for each in found]


@contextmanager
def _dask(words: list[str], environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-m", "dask", *words], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def _address(found: Path) -> str:
    """Where a scheduler listens that writes this file."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if found.exists() and (text := found.read_text("utf-8")):
            return str(json.loads(text)["address"])
        time.sleep(0.1)
    raise AssertionError("the scheduler did not start")


def _crumple(words: list[str], folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "crumple", *words]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
