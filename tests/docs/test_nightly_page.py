"""The example of docs/nightly.md, followed as a reader would; its tables are what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from crumple.cli import crumple as command_line
from crumple.config.nightly import Nightly
from doc_examples import block, text_of, words_of, write_orders, write_page
from lanes_here import LanesHere

PAGE = text_of("docs/nightly.md")


def _plain(text: str) -> str:
    """Without the figures, which other draws would change, and without where lines end."""
    return " ".join(re.sub(r"\d[\d,]*", "N", text).split())


def test_the_example_goes_as_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_page("docs/nightly.md", tmp_path)
    write_orders(tmp_path / "corpus", 6)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("crumple.execution.local.LocalLanes", LanesHere)

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(command_line, list(words), prog_name="crumple")
        return done.exit_code, done.stdout

    first, baseline, second = words_of("docs/nightly.md", "crumple nightly")
    code, printed = run(*first)
    assert code == 0
    assert printed.startswith("There is no baseline yet")
    assert run(*baseline)[0] == 0
    code, printed = run(*second)
    assert (code, _plain(printed.partition("\n")[0])) == (0, _plain(block("docs/nightly.md", "Nothing got worse")))
    assert second == ["nightly"]
    reader = tmp_path / "orders.py"
    reader.write_text(reader.read_text("utf-8").replace('"utf-8-sig"', '"utf-8"'), "utf-8")
    code, printed = run("nightly")
    assert code == 1
    assert _plain(printed).startswith(_plain(block("docs/nightly.md", "Worse than")))


def test_every_key_is_on_the_page() -> None:
    assert re.findall(r"^\| `(\w+)` \| ", PAGE, re.MULTILINE) == list(Nightly.model_fields)


def test_every_exit_code_of_the_command_is_on_the_page() -> None:
    said = set(re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE))
    command = command_line.get_command(None, "nightly")  # type: ignore[arg-type]
    assert command is not None
    codes = " ".join(str(command.help).partition("Exit codes:")[2].split())
    assert said == set(re.findall(r"(?:^|; )(\d+) ", codes.strip()))
