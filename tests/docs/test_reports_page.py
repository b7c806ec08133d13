"""docs/reports.md: its commands make what it says, its columns are those of the files, and its code reads them."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

from crumple.cli import crumple as command_line
from crumple.loading import entry_points
from crumple.reporting import REPORTS
from crumple_reports.columns import COLUMNS
from doc_examples import block, text_of, words_of, write_page
from lanes_here import LanesHere

PAGE = text_of("docs/reports.md")


def test_its_commands_make_the_files_and_its_code_reads_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_page("docs/first-ten-minutes.md", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("crumple.execution.local.LocalLanes", LanesHere)
    runpy.run_path("samples.py")
    run, report = words_of("docs/reports.md", "crumple run --report report.html")
    for words in (["init"], [*run, "--use", "encoding", "--calls", "60", "--workers", "1"], report):
        done = CliRunner().invoke(command_line, words, prog_name="crumple")
        assert done.exit_code == 0, done.output
    assert all(Path(name).stat().st_size for name in ("report.html", "comment.md", "results.csv"))
    exec(block("docs/reports.md", "import pandas"), {})
    printed = capsys.readouterr().out
    results = pd.read_csv("results.csv")
    counted = results[results["kind"].eq("degraded") & results["counted"].eq(True)]
    assert f"{counted['failure'].astype(bool).mean():.6f}" in printed
    done = CliRunner().invoke(command_line, ["report", "latest", "-o", "results.jsonl"], prog_name="crumple")
    assert done.exit_code == 0, done.output
    known: dict[str, Any] = {}
    exec(block("docs/reports.md", "import polars"), known)
    assert known["results"]["counted"].sum() == results["counted"].sum()
    assert str(known["results"].schema["level"]) == "Float64"


def test_its_columns_are_those_of_the_files() -> None:
    table = PAGE.partition("| column | what |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == [each.name for each in COLUMNS]


def test_it_names_every_form() -> None:
    named = set(re.findall(r"`\.(\w+)`", PAGE.partition("\n\n`--report`")[0])) | {"htm"}
    assert named == {each.name for each in entry_points(REPORTS)}
