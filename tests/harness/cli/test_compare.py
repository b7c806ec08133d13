"""`crumple compare` and `crumple run --calls-of` from the command line, on two projects that differ in their system."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from crumple.cli import crumple as command_line
from night_project import CONFIGURATION, ManyAtOnce, behave, project

PRIVACY = '[privacy]\nreports = "figures"\n'
"""Drawing documents takes processes, and tests of its own see to it."""


def crumple(*words: str) -> Result:
    return CliRunner().invoke(command_line, words, prog_name="crumple")


def compared(*words: str) -> dict[str, Any]:
    done = crumple("compare", *words, "--json", "-")
    assert done.exit_code == 0, done.output
    made: dict[str, Any] = json.loads(done.stdout)
    return made


def refused(*words: str) -> str:
    done = crumple("compare", *words)
    assert done.exit_code == 2, done.output
    assert "Traceback" not in done.output
    return done.output


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two projects: `build` after an ordinary run, and `buy`, whose system fails more, after the same calls."""
    with pytest.MonkeyPatch.context() as patch:
        root = tmp_path_factory.mktemp("two")
        patch.setattr("crumple.execution.local.LocalLanes", ManyAtOnce)
        patch.chdir(root)
        project(root / "build", CONFIGURATION + PRIVACY)
        shutil.copytree(root / "build", root / "buy")
        behave(root / "buy", 0, 0.6)
        assert crumple("run", "--config", "build").exit_code == 0
        done = crumple("run", "--config", "buy", "--calls-of", "build")
        assert done.exit_code == 0, done.output
        return root


@pytest.fixture(autouse=True)
def here(ready: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crumple.execution.local.LocalLanes", ManyAtOnce)
    monkeypatch.chdir(ready)


def test_the_calls_of_another_run_are_all_pairs() -> None:
    made = compared("build", "buy")
    assert made["pairs"] == sum(made["calls"]["a"].values()) == sum(made["calls"]["b"].values())
    assert made["degraded_pairs"] > 80
    assert not made["alone"]
    assert (made["a"]["name"], made["b"]["name"]) == ("build", "buy")
    assert made["state"] == "worse"
    assert made["look_at"][0]["b"]["example"]["answer"]


def test_the_reverse_is_the_reverse() -> None:
    made = compared("buy", "build", "--names", "theirs,ours")
    assert made["state"] == "better"
    assert made["b"]["name"] == "ours"


def test_being_worse_is_an_exit_code_only_where_it_is_asked_for() -> None:
    assert crumple("compare", "build", "buy").exit_code == 0
    assert crumple("compare", "build", "buy", "--fail-if-worse").exit_code == 1
    assert crumple("compare", "buy", "build", "--fail-if-worse").exit_code == 0


def test_reports_are_written_by_their_endings() -> None:
    files = ["c.html", "c.md", "c.xml", "c.json", "c.csv"]
    done = crumple("compare", "build", "buy", *(f"--report={each}" for each in files))
    assert done.exit_code == 0, done.output
    assert all(Path(each).stat().st_size > 500 for each in files)
    assert "could not be made" not in Path("c.html").read_text("utf-8")
    assert len(Path("c.csv").read_text("utf-8").splitlines()) == compared("build", "buy")["pairs"] + 1


def test_a_report_that_cannot_be_written_costs_no_other(tmp_path: Path) -> None:
    (tmp_path / "full.csv").symlink_to("/dev/full")
    asked = f"--report={tmp_path / 'full.csv'}", f"--report={tmp_path / 'c.md'}"
    done = crumple("compare", "build", "buy", *asked)
    assert done.exit_code == 2
    assert "full.csv: the report cannot be written: No space left on device" in done.stderr
    assert (tmp_path / "c.md").read_text("utf-8").startswith("### crumple compare")
    assert crumple("compare", "build", "buy", "--fail-if-worse", *asked).exit_code == 1


def test_runs_are_named_by_what_they_are_called_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    known = compared("build", "buy")
    one, two = known["a"]["run"], known["b"]["run"]
    assert compared(f"build:{one}", "buy:latest")["pairs"] == known["pairs"]
    monkeypatch.chdir("buy")
    assert compared("../build", two[:-1])["pairs"] == known["pairs"]
    assert compared("../build/crumple.toml", "latest")["pairs"] == known["pairs"]


def test_what_cannot_be_compared_is_said() -> None:
    assert "the same run" in refused("build", "build:latest")
    assert "no such configuration" in refused("build", "./nowhere")
    assert "no such run or configuration" in refused("build", "nowhere")
    assert "there is no run 'x'" in refused("build:x", "buy")
    assert "two different names" in refused("build", "buy", "--names", "one")
    assert "ending" in refused("build", "buy", "--report", "c.foo")


def test_a_folder_without_runs_has_the_command_that_makes_one(tmp_path: Path) -> None:
    project(tmp_path / "new")
    assert f"crumple run --config {tmp_path / 'new'}" in refused("build", str(tmp_path / "new"))


def test_other_calls_are_counted_and_the_way_to_the_same_ones_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree("buy", "other")
    assert crumple("run", "--config", "other", "--seed", "9", "--calls", "60").exit_code in {0, 1}
    monkeypatch.chdir("build")
    made = compared("latest", "../other")
    assert made["degraded_pairs"] < 10
    assert any("another seed" in each["why"] for each in made["alone"])
    command = made["steps"][0]["commands"][0]
    assert command.startswith("crumple run --config ../other --calls-of .:")
    done = crumple(*command.split()[1:])
    assert done.exit_code == 0, done.output
    assert compared("latest", "../other")["degraded_pairs"] > 80


def test_nothing_else_may_choose_calls_beside_another_run() -> None:
    done = crumple("run", "--config", "buy", "--calls-of", "build", "--seed", "3", "--decide")
    assert done.exit_code == 2
    assert "--seed, --decide would choose others" in done.output
