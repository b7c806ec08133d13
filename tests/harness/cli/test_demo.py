"""`crumple demo`: run in a folder that is gone afterwards, with reports that stay."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crumple.cli import crumple as command_line
from lanes_here import LanesHere

TOML = """
[system]
call = "reader:read"
[corpus]
path = "corpus"
[mutate]
use = ["encoding.bom"]
[run]
calls = 20
workers = 1
[contract]
about = "these documents"
[[contract.limit]]
of = "clean"
failures = "50%"
[[contract.limit]]
of = "encoding"
failures = "1%"
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in; the example is one of two cases, whose reader takes no byte order mark."""
    example = tmp_path / "example"
    (example / "corpus").mkdir(parents=True)
    (example / "crumple.toml").write_text(TOML)
    (example / "reader.py").write_text(
        'def read(document):\n    return {"total": int(document.decode().split("\\n")[1].split(",")[0])}\n'
    )
    for name in ("a", "b"):
        (example / "corpus" / f"{name}.csv").write_text("total,name\n1,x\n")
        (example / "corpus" / f"{name}.csv.truth.json").write_text('{"total": 1}')
    monkeypatch.setattr("crumple.cli.demo.example_folder", lambda: example)
    monkeypatch.setattr("crumple.execution.local.LocalLanes", LanesHere)
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


def demo(*words: str) -> Result:
    return CliRunner().invoke(command_line, ["demo", *words], prog_name="crumple")


def test_reports_of_the_demo_are_whole_and_stay_when_its_folder_goes(here: Path) -> None:
    names = ["r.md", "r.html", "r.csv", "r.json", "r.xml"]
    done = demo(*(word for name in names for word in ("--report", name)))
    assert done.exit_code == 0, done.output
    assert {each.name for each in here.iterdir()} == set(names)
    assert "Open r.html in a browser." in done.output
    assert "crumple demo --copy invoices" in done.output
    page = (here / "r.html").read_text("utf-8")
    assert "no document is shown" not in page
    assert "could not be read" not in page
    with (here / "r.csv").open(encoding="utf-8-sig", newline="") as file:
        kinds = {row["kind"] for row in csv.DictReader(file) if row["case"] == "a.csv"}
    assert {"clean", "degraded"} <= kinds


def test_without_a_report_the_demo_says_how_to_get_one_and_leaves_nothing(here: Path) -> None:
    done = demo()
    assert done.exit_code == 0, done.output
    assert "crumple demo --report report.html" in done.output
    assert not list(here.iterdir())


def test_a_report_that_cannot_be_written_is_said_before_the_demo_runs(here: Path) -> None:
    done = demo("--report", "no/r.html")
    assert done.exit_code == 2
    assert "error: no/r.html: the report cannot be written" in done.stderr
    assert "There is no folder no; make it first." in done.stderr
    assert done.stdout == ""


def test_a_report_that_cannot_be_written_in_the_end_is_said(here: Path) -> None:
    (here / "full.csv").symlink_to("/dev/full")
    done = demo("--report", "full.csv", "--report", "r.md")
    assert done.exit_code == 2, done.output
    assert "error: full.csv: the report cannot be written: No space left on device" in done.stderr
    assert (here / "r.md").is_file()
