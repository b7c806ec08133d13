"""docs/run.md: its commands are carried out on the example that it goes on with, its tables are what the code says."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest
from click.testing import CliRunner

from crumple.cli import crumple as command_line
from crumple.mutation.registry import discover
from crumple.outcome import Outcome
from doc_examples import text_of, words_of, write_page
from lanes_here import LanesHere

PAGE = text_of("docs/run.md")


def test_every_command_of_the_page_is_carried_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_page("docs/first-ten-minutes.md", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("crumple.execution.local.LocalLanes", LanesHere)
    runpy.run_path("samples.py")

    def crumple(words: list[str], code: int = 0) -> str:
        further = ["--workers", "1"] if words[0] == "run" else []
        done = CliRunner().invoke(command_line, [*words, *further], prog_name="crumple")
        assert done.exit_code == code, done.output
        return done.stdout

    crumple(["init"])
    (first,) = words_of("docs/run.md", "crumple run --use encoding.mojibake,")
    printed = crumple(first)
    assert "L1 %  L3 %" in printed
    assert "L5 %" not in printed
    reported, shown = words_of("docs/run.md", "crumple run --use encoding.mojibake --calls")
    assert crumple(reported).strip() in crumple(shown)
    assert all((tmp_path / name).stat().st_size for name in ("report.html", "report.md"))
    replay, mutate = words_of("docs/run.md", "crumple replay")
    assert "outcome   wrong" in crumple(replay, code=1)
    crumple(mutate)
    assert (tmp_path / "degraded.csv").read_bytes() != (tmp_path / "corpus" / "order-2.csv").read_bytes()
    for words in words_of("docs/run.md", "crumple list"):
        assert "mojibake" in crumple(words)


def test_the_words_name_every_category() -> None:
    (said,) = re.findall(r"^\| category \|.*by: (.*) \|$", text_of("docs/words.md"), re.MULTILINE)
    assert set(said.split(", ")) == set(discover().categories)


def test_every_outcome_and_exit_code_is_on_the_page() -> None:
    table = PAGE.partition("## How a call ends")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == {str(each) for each in Outcome}
    command = command_line.get_command(None, "run")  # type: ignore[arg-type]
    assert command is not None
    codes = " ".join(str(command.help).partition("Exit codes:")[2].split())
    assert re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE) == re.findall(r"(?:^|; )(\d+) ", codes.strip())
