"""The examples of docs/pytest.md, followed as a reader would."""

from __future__ import annotations

import json
import re
import shlex

import pytest

import crumple_reports.terminal  # noqa: F401 - each session forgets what it has imported
from crumple.degraded import registry_of
from crumple.pytest_plugin import gathered, marked, marked_replay, marks, session  # noqa: F401
from crumple.pytest_plugin.marks import ALLOWED
from doc_examples import block, text_of, write_page

pytest_plugins = ["pytester"]
PAGE = text_of("docs/pytest.md")


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """pytester forgets what a session has imported, and numpy cannot be imported twice."""
    registry_of()


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    write_page("docs/pytest.md", pytester.path)
    (pytester.path / "corpus").mkdir()
    for name in "abc":
        (pytester.path / "corpus" / f"{name}.csv").write_text(f"amount,article\n{ord(name)}.50,nails\n", "utf-8")
        truth = json.dumps({"total": ord(name) + 0.5})
        (pytester.path / "corpus" / f"{name}.csv.truth.json").write_text(truth, "utf-8")
    monkeypatch.syspath_prepend(pytester.path)
    return pytester


def test_the_marked_test_fails_and_shows_the_table(project: pytest.Pytester) -> None:
    result = project.runpytest_inprocess("-v", "tests", "--crumple-report=r.md")
    text = result.stdout.str()
    assert block("docs/pytest.md", "category  documents") in text
    assert "1 failed, 16 degraded (16 failed)" in text
    assert "1 failed, 16 degraded (16 failed)" in PAGE
    line = "tests/test_orders.py::test_orders_are_read [a.csv > encoding.bom(seed=160583)] CRASHED"
    assert line in text
    assert line in PAGE


def test_the_line_shows_one_document_fail(project: pytest.Pytester) -> None:
    line = block("docs/pytest.md", "pytest tests/test_orders.py --crumple-replay")
    result = project.runpytest_inprocess(*shlex.split(line)[1:])
    result.assert_outcomes(failed=1)
    assert "KeyError: 'amount'" in result.stdout.str()


def test_the_limits_of_the_configuration_are_tests(project: pytest.Pytester) -> None:
    result = project.runpytest_inprocess(*block("docs/pytest.md", "pytest --crumple").split()[1:], "--co", "-q")
    assert result.outlines[:2] == ["crumple.toml::encoding", "tests/test_orders.py::test_orders_are_read"]


def test_every_argument_of_the_mark_and_every_option_is_on_the_page(project: pytest.Pytester) -> None:
    arguments = PAGE.partition("| of the mark | is |")[2].partition("| of `degraded`")[0]
    assert set(ALLOWED) == set(re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (`.*?) \|", arguments, re.MULTILINE))))
    helped = set(re.findall(r"--crumple[\w-]*", project.runpytest_inprocess("--help").stdout.str()))
    assert helped <= set(re.findall(r"--crumple[\w-]*", PAGE))
