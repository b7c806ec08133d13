"""docs/first-ten-minutes.md, followed from top to bottom in one folder."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest
from click.testing import CliRunner

from crumple.cli import crumple as command_line
from crumple.mutation.registry import discover
from doc_examples import block, text_of, words_of, write_page
from lanes_here import LanesHere

PAGE = text_of("docs/first-ten-minutes.md")
HERE = ("--workers", "1")


def _plain(text: str) -> str:
    """Without days and how often something was seen, which depends on the machine's cores."""
    return re.sub(r"\d{4}-\d\d-\d\d  \d+ *", "DAY  N  ", text).strip()


def test_the_page_goes_as_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_page("docs/first-ten-minutes.md", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("crumple.execution.local.LocalLanes", LanesHere)

    def run(words: list[str], *further: str, code: int = 0) -> str:
        done = CliRunner().invoke(command_line, [*words, *further], prog_name="crumple")
        assert done.exit_code == code, done.output
        return done.stdout

    samples, init = words_of("docs/first-ten-minutes.md", "python samples.py")
    runpy.run_path(str(tmp_path / samples[0]))
    assert len(list((tmp_path / "corpus").glob("*.csv"))) == 6
    assert run(init) == block("docs/first-ten-minutes.md", "wrote crumple.toml")

    (measured,) = words_of("docs/first-ten-minutes.md", "crumple run --use")
    assert run(measured, *HERE).startswith(block("docs/first-ten-minutes.md", "87 of 123"))
    assert (tmp_path / "report.html").stat().st_size > 0

    (again,) = words_of("docs/first-ten-minutes.md", "crumple replay 'order-2.csv")
    said = run(again, code=1)
    assert all(
        line in said for line in block("docs/first-ten-minutes.md", "degraded: ").splitlines() if "0.00 s" not in line
    )

    fuzz, findings = words_of("docs/first-ten-minutes.md", "crumple fuzz")
    run(fuzz, *HERE, code=1)
    assert _plain(run(findings)) == _plain(block("docs/first-ten-minutes.md", "finding  "))

    reader = tmp_path / "orders.py"
    reader.write_text(reader.read_text("utf-8").replace('"utf-8"', '"utf-8-sig"'), "utf-8")
    (everything,) = words_of("docs/first-ten-minutes.md", "crumple replay all")
    assert run(everything, *HERE, code=1).startswith(block("docs/first-ten-minutes.md", "FIXED "))
    assert "81 failures in place of 87" in PAGE
    assert run(measured, *HERE).startswith("81 of 123 degraded calls failed")


def test_it_says_how_many_kinds_of_damage_there_are() -> None:
    assert f"Of all {len(discover().mutators)} kinds of damage" in PAGE
