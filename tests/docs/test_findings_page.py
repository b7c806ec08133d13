"""The example of docs/findings.md, followed as a reader would."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from crumple.cli import crumple as command_line
from crumple.findings.status import Status
from doc_examples import block, text_of, words_of, write_orders, write_page
from lanes_here import LanesHere

PAGE = text_of("docs/findings.md")


def _plain(text: str) -> str:
    """Without what differs from day to day, and with every change of the code that it is about."""
    text = re.sub(r"encoding-[0-9a-f]{8}", "ID", text)
    return re.sub(r"\d{4}-\d\d-\d\d  \d+ *", "DAY  N  ", text).strip()


def test_the_example_goes_as_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_page("docs/findings.md", tmp_path)
    write_orders(tmp_path / "corpus", 2)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("crumple.execution.local.LocalLanes", LanesHere)

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(command_line, list(words), prog_name="crumple")
        return done.exit_code, done.stdout

    assert run("fuzz", "--workers", "1", "--calls", "20")[0] == 1
    assert _plain(run("findings")[1]) == _plain(block("docs/findings.md", "finding  "))
    (accept,) = words_of("docs/findings.md", "crumple accept")
    assert run(*accept)[0] == 0
    reader = tmp_path / "orders.py"
    reader.write_text(reader.read_text("utf-8").replace('"utf-8"', '"utf-8-sig"'), "utf-8")
    code, printed = run("replay", "all", "--workers", "1")
    assert (code, _plain(printed.partition("\ndegraded: ")[0])) == (0, _plain(block("docs/findings.md", "FIXED  ")))
    (again,) = words_of("docs/findings.md", "crumple replay all")
    assert run(*again)[0] == 0
    assert (tmp_path / "replay.json").is_file()


def test_the_page_names_every_status() -> None:
    for status in Status:
        assert f"| `{status}` |" in PAGE
