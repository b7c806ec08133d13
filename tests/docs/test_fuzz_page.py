"""The example of docs/fuzz.md, written out and run as a reader would."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from crumple.cli import crumple as command_line
from crumple.cli.fuzz import command
from crumple.events import Explored
from crumple.search.left import sentence
from doc_examples import block, text_of, write_page
from lanes_here import LanesHere

PAGE = text_of("docs/fuzz.md")


def without_numbers(text: str) -> str:
    """A search that is made better takes other calls to the same findings."""
    return re.sub(r"\d+(\.\d+)?", "N", text)


def test_the_page_shows_what_its_example_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_page("docs/fuzz.md", tmp_path)
    (tmp_path / "corpus").mkdir()
    for number in range(4):
        lines = [f"{at + 1:2} item {chr(97 + (at * 7 + number) % 26) * 5} x {at % 4 + 1}" for at in range(30)]
        lines[15] = f"Total: {100 + number}.50"
        (tmp_path / "corpus" / f"{number}.txt").write_text("\n".join(lines) + "\n", "utf-8")
        (tmp_path / "corpus" / f"{number}.txt.truth.json").write_text(json.dumps({"total": 100.5 + number}), "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("crumple.execution.local.LocalLanes", LanesHere)
    done = CliRunner().invoke(command_line, ["fuzz", "--calls", "120", "--workers", "1"], prog_name="crumple")
    assert done.exit_code == 1, done.output
    for printed in (block("docs/fuzz.md", "3 kinds"), block("docs/fuzz.md", "  wrong /total")):
        assert without_numbers(printed) in without_numbers(done.stdout)
    assert len(list((tmp_path / "findings").iterdir())) == 3


def test_the_page_names_the_options_that_there_are() -> None:
    named = set(re.findall(r"--[a-z]+[a-z-]*", PAGE.partition("## Findings")[0]))
    options = {option for each in command.params for option in each.opts}
    assert named <= options


def test_the_sentence_of_the_page_is_one_that_is_printed() -> None:
    quoted = " ".join(line.removeprefix("> ") for line in PAGE.splitlines() if line.startswith("> "))
    assert quoted == sentence(Explored(500, 20, 3, 0.006, 0.0, 0.0075))
