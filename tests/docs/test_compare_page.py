"""The commands of docs/compare.md on two systems, and what the page says that is printed."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import comparisons
from crumple.cli import crumple as command_line
from crumple_reports.terminal import render
from doc_examples import block, text_of, words_of
from night_project import CONFIGURATION, ManyAtOnce, behave, project

FIGURES = '[privacy]\nreports = "figures"\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("crumple.execution.local.LocalLanes", ManyAtOnce)
    monkeypatch.chdir(tmp_path)
    project(tmp_path / "build", CONFIGURATION + FIGURES)
    shutil.copytree(tmp_path / "build", tmp_path / "buy")
    behave(tmp_path / "buy", 0, 0.6)
    return tmp_path


def test_the_commands_of_the_page_compare_two_systems(folder: Path) -> None:
    for words in words_of("docs/compare.md", "crumple run"):
        done = CliRunner().invoke(command_line, words, prog_name="crumple")
        assert done.exit_code == 0, done.output
    assert "buy" in (folder / "comparison.html").read_text("utf-8")
    (in_ci,) = words_of("docs/compare.md", "crumple compare")
    assert CliRunner().invoke(command_line, in_ci, prog_name="crumple").exit_code == 1
    assert all((folder / each).exists() for each in ("comparison.md", "comparison.xml"))


def test_what_is_printed_reads_as_the_page_shows_it() -> None:
    shown = render(comparisons.document(), width=100)
    assert shown.startswith(block("docs/compare.md", "buy fails less"))
    few = comparisons.document((("text.a", comparisons.CRASHED, comparisons.RIGHT, 3),))
    shown += render(few, width=100)
    for state in ("better", "worse", "not told", "few pairs"):
        assert (
            f"\n| {state}" in text_of("docs/compare.md")
            or f"{state}, " in text_of("docs/compare.md")
            or f", {state}" in text_of("docs/compare.md")
        )
        assert re.search(state, shown)


def test_the_document_has_what_the_page_names() -> None:
    made = json.loads(json.dumps(comparisons.document()))
    assert made["kind"] == "comparison"
    assert {"a", "b", "rows"} <= set(made)
