"""`crumple run --decide`, from beginning to end, and killed in the middle."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from crumple.cli import crumple as command_line
from killed_project import Project, project

CONTRACT = """
[contract]
about = "these documents"
[[contract.limit]]
of = "text"
failures = "20%"
[[contract.limit]]
of = "encoding"
failures = "30%"
[[contract.limit]]
of = "encoding"
silent = "20%"
"""


def decided(root: Path, kills_at: int = 0) -> Project:
    made = project(root, "--decide", "--calls", "400", "--json", "found.json", more=CONTRACT)
    made.run(kills_at)
    return made


def rows(made: Project) -> list[dict[str, Any]]:
    document = json.loads((made.root / "found.json").read_text())
    assert document["run"]["ended"] == "decided"
    return [dict(each) for each in document["contract"]]


def refused(made: Project, monkeypatch: pytest.MonkeyPatch) -> str:
    """What a run says that is not even begun."""
    monkeypatch.chdir(made.root)
    done = CliRunner().invoke(command_line, ["run", *made.options], prog_name="crumple")
    assert done.exit_code == 2
    return done.stderr


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return decided(tmp_path_factory.mktemp("whole") / "p")


def test_it_ends_when_every_limit_is_decided(whole: Project) -> None:
    states = [each["state"] for each in rows(whole)]
    assert "undecided" not in states
    assert whole.calls.total() < 300
    assert whole.said[0].returncode == (1 if "broken" in states else 0)
    assert len(states) == 3
    assert whole.said[0].stdout.splitlines()[0].startswith("The contract is ")


def test_what_was_killed_draws_the_same_calls_and_comes_to_the_same_verdict(whole: Project, tmp_path: Path) -> None:
    killed = decided(tmp_path / "p", kills_at=30)
    assert killed.said[0].returncode == -9
    assert whole.calls.total() > 50  # so that there was something left to decide
    killed.run()
    assert "going on with run" in killed.said[1].stderr
    assert killed.results == whole.results
    assert rows(killed) == rows(whole)


def test_a_batch_cannot_be_decided_by_and_by(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = project(tmp_path / "p", "--decide", more=CONTRACT)
    config = made.root / "crumple.toml"
    config.write_text(
        config.read_text().replace('call = "mine:total"\nspare = 0', 'batch = ["cp", "-r", "{input}", "{output}"]')
    )
    assert "--decide" in refused(made, monkeypatch)


def test_without_a_contract_there_is_nothing_to_decide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "[[contract.limit]]" in refused(project(tmp_path / "p", "--decide"), monkeypatch)
