"""docs/contract.md: its contract is checked as a reader would, its tables are what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from crumple.cli import crumple as command_line
from crumple.config.contract import METRICS
from crumple.contract.demand import demand
from crumple.contract.limits import Limit, Metric
from doc_examples import block, text_of

PAGE = text_of("docs/contract.md")
PROJECT = """
[system]
call = "mine:read"
[corpus]
generate = "invoices"
count = 3
[mutate]
use = ["encoding", "form", "scan.skew"]
"""


def check(tmp_path: Path, contract: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    (tmp_path / "crumple.toml").write_text(PROJECT + contract)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(command_line, block("docs/contract.md", "crumple check").split()[1:], prog_name="crumple")
    return done.exit_code, done.output


def test_the_contract_of_the_page_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, output = check(tmp_path, block("docs/contract.md", "[contract]"), monkeypatch)
    assert code == 0
    assert output.startswith("Of 3 limits, `crumple run` can decide 2, `crumple run --decide` 2.")
    assert "form, silent failures, at most 5 %: it takes 59 documents like these, and there are 3;" in output


def test_the_contract_that_contradicts_itself_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, output = check(tmp_path, block("docs/contract.md", "[[contract.limit]]"), monkeypatch)
    assert code == 2
    assert "limit 2: it can never be broken before limit 1" in output


def test_the_table_of_documents_is_what_the_code_says() -> None:
    rows = re.findall(r"^\| (\d+) % \| (\d+) \| (\d+) \|$", PAGE, re.MULTILINE)
    assert len(rows) == 4
    for percent, fixed, watched in rows:
        found = demand(Limit(of="all", metric=Metric.FAILURES, bound=int(percent) / 100))
        assert (found.fixed, found.watched) == (int(fixed), int(watched))


def test_every_measure_is_on_the_page() -> None:
    assert tuple(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) == METRICS == tuple(Metric)
