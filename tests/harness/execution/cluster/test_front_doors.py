"""Every front door that calls a system can do so on a Dask cluster, and measures the very same there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from crumple.cli import crumple
from crumple.execution.cluster.lanes import ClusterLanes
from projects import made

BADLY = """
def read(document):
    text = document.decode("utf-8").replace("\\r\\n", "\\n")
    rows = [line.split(",") for line in text.splitlines()[1:]]
    if not rows:
        import os
        os._exit(3)
    return {"count": len(rows), "total": round(sum(float(row[0]) for row in rows), 2)}
"""
DOORS = {
    "run": "run --calls 120 --use encoding,truncation,table",
    "decide": "run --decide --calls 250",
    "fuzz": "fuzz --calls 100 --use encoding,truncation,table",
    "breaking points": "breaking-points --calls 120 --use truncation,corruption",
    "nightly": "nightly --calls 80",
}
TIMED = ("seconds", "latency", "longest")
MADE_UP = ("id", "started", "config", "store")
"""Of a run that is like another one these differ, and what `TIMED` is part of the names of."""


def _document(folder: Path, line: str) -> dict[str, Any]:
    """What a command measures on a system that crashes, exits and answers wrongly."""
    made("configured", folder, documents=8)
    project = folder / "configured"
    (project / "orders.py").write_text(BADLY)
    text = (project / "crumple.toml").read_text().replace('refuses = ["orders.UnreadableError"]', "")
    (project / "crumple.toml").write_text(text)
    path = folder / "document.json"
    words = [*line.split(), "--config", str(project / "crumple.toml"), "--workers", "2", "--json", str(path)]
    done = CliRunner().invoke(crumple, words)
    assert done.exit_code in {0, 1}, done.output
    document: dict[str, Any] = json.loads(path.read_text())
    return document


def _untimed(value: Any) -> Any:
    """The same without times, and what is named by them."""
    if isinstance(value, dict):
        return {
            name: _untimed(each)
            for name, each in value.items()
            if name not in MADE_UP and not any(word in name for word in TIMED)
        }
    return [_untimed(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("door", DOORS)
def test_a_document_is_that_of_the_same_run_on_one_machine(
    door: str, dask_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.randbelow", lambda below: 7)  # each night looks elsewhere
    here = _document(tmp_path / "here", DOORS[door])
    there = _document(tmp_path / "there", f"{DOORS[door]} --dask {dask_address}")
    assert here["run"]["calls"] > 60
    assert _untimed(there) == _untimed(here)


def test_a_worker_without_the_documents_is_said_before_it_makes_every_call_void(
    dask_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = made("configured", tmp_path, documents=8)
    connect = ClusterLanes.__enter__

    def connect_to_others(self: ClusterLanes) -> ClusterLanes:
        (project / "corpus").rename(tmp_path / "not there")
        return connect(self)

    monkeypatch.setattr(ClusterLanes, "__enter__", connect_to_others)
    done = CliRunner().invoke(crumple, ["run", "--config", str(project), "--calls", "120", "--dask", dask_address])
    assert done.exit_code == 2, done.output
    said = " ".join(done.output.split())
    assert "error: Dask worker tcp://" in said
    assert "/configured/corpus" in said
