"""What pytest shows and writes of items that report their calls: letters, lines, counts, the table, JUnit files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np  # noqa: F401 - each session forgets what it has imported, and this is loaded once a process
import pytest

import crumple_reports.html
import crumple_reports.junit
import crumple_reports.markdown
import crumple_reports.terminal  # noqa: F401 - each session forgets what it has imported
from crumple import counts, soundness  # noqa: F401
from crumple.pytest_plugin import gathered, report_files, session  # noqa: F401
from documents_of_runs import figures, item, limit, mutator

pytest_plugins = ["pytester"]

# A test that reports its calls and its document as the plugin's own items do.
CONFTEST = """
import json
import pathlib
from types import SimpleNamespace
import pytest
from crumple.pytest_plugin import reported

DOCUMENTS = json.loads((pathlib.Path(__file__).parent / "documents.json").read_text())

@pytest.fixture
def ran(request):
    def ran(name, outcomes, clean=()):
        for kind, given in (("clean", clean), ("degraded", outcomes)):
            for number, outcome in enumerate(given):
                failure = outcome.isupper()
                steps = () if kind == "clean" else ("step",)
                case = f"{number}.csv"
                recipe = SimpleNamespace(steps=steps)
                work = SimpleNamespace(recipe=recipe, case=case, replay=f"{case} > x.y(seed={number})")
                verdict = SimpleNamespace(outcome=outcome.lower(), failure=failure)
                reported.told(request.node, SimpleNamespace(verdict=verdict, work=work))
        if name:
            reported.measured(request.node, DOCUMENTS[name])
    return ran
"""
TESTS = """
import pytest

def test_plain():
    pass

def test_fails(ran):
    print("its own output")
    ran("fails", ["right", "WRONG", "CRASHED", "HUNG", "EXHAUSTED", "REFUSED", "refused", "void"], clean=["CRASHED"])
    pytest.fail("the limit is broken")

def test_skips(ran):
    ran("skips", ["right"] * 3)
    pytest.skip("undecided")

def test_passes(ran):
    ran("passes", ["right"] * 4 + ["WRONG"])
"""


def documents() -> dict[str, Any]:
    met = item()["document"] | {"contract": [limit("met", name="all, failures")], "mutators": {}}
    return {
        "fails": item()["document"],
        "skips": met | {"contract": [limit("undecided")], "categories": {"table": figures(3, 0)}},
        "passes": met | {"mutators": {"encoding.bom": mutator(20, 0)}, "categories": {"encoding": figures(20, 0)}},
    }


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("COLUMNS", "110")
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(test_it=TESTS)
    (pytester.path / "documents.json").write_text(json.dumps(documents()), "utf-8")
    return pytester


def shown(project: pytest.Pytester, *options: str) -> str:
    return project.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:randomly", *options).stdout.str()


def test_each_call_has_its_letter_and_the_tests_are_counted_as_tests(project: pytest.Pytester) -> None:
    text = shown(project, "--tb=short")
    assert "test_it.py .C,wchmr,vF,,,s,,,,w." in text
    assert "1 failed, 2 passed, 1 skipped, 16 degraded (6 failed)" in text
    assert text.count("\nFAILED ") == 1


def test_where_the_session_ends_early_documents_are_counted_too(project: pytest.Pytester) -> None:
    assert "1 failed, 1 passed, 8 degraded (5 failed)" in shown(project, "--tb=no", "-x")


def test_a_test_that_fails_before_it_is_measured_is_not_left_out(project: pytest.Pytester) -> None:
    project.makepyfile(
        test_it="import pytest\n@pytest.mark.crumple\ndef test_odd(degraded, missing): pass\ndef test_plain(): pass\n"
    )
    text = shown(project, "--tb=no", "--crumple-report=r.md")
    assert "1 robustness test: 1 failed." in text
    assert "test_it.py::test_odd: failed, and was not measured" in text
    assert (project.path / "r.md").read_text("utf-8").startswith("### ❌ crumple\n")


def test_letters_are_not_taken_for_what_the_test_itself_has_printed(project: pytest.Pytester) -> None:
    text = shown(project)
    captured = text.partition("Captured stdout call")[2].split("\n")[1]
    assert captured == "its own output"


def test_verbose_each_call_is_a_line_that_says_what_it_is(project: pytest.Pytester) -> None:
    text = shown(project, "-v", "--tb=no")
    assert "test_it.py::test_fails [1.csv > x.y(seed=1)] WRONG" in text
    assert "test_it.py::test_fails [0.csv] FAILS CLEAN, CRASHED" in text
    assert "test_it.py::test_fails FAILED" in text


def test_the_table_adds_up_and_limits_that_are_not_met_are_said(project: pytest.Pytester) -> None:
    text = shown(project, "--tb=no").partition("= crumple =")[2]
    assert "3 robustness tests: 1 failed, 1 undecided, 1 passed. 4 of 33 degraded calls failed" in text
    (row,) = [line.split() for line in text.split("\n") if line.startswith("encoding ")]
    assert row[1:4] == ["30", "4", "4"]
    assert "test_it.py::test_fails: broken. encoding fails 40 % of the time" in text
    assert "1 limit met." in text
    assert "pytest test_it.py::test_fails --crumple-replay 'a.csv > encoding.bom(seed=5)'" in text


def test_quiet_it_is_a_sentence_and_quieter_nothing(project: pytest.Pytester) -> None:
    quiet = shown(project, "-q", "--tb=no")
    assert (
        "\n3 robustness tests: 1 failed, 1 undecided, 1 passed. 4 of 33 degraded calls failed, 4 of them silently.\n"
        in quiet
    )
    assert "category" not in quiet
    assert "robustness" not in shown(project, "-qq", "--tb=no")


def test_where_all_is_well_it_is_short_and_green(project: pytest.Pytester) -> None:
    text = shown(project, "-k", "skips or plain", "--color=yes", "-rN")
    assert "1 passed" in text
    assert "degraded (" not in text
    assert text.partition("= crumple =")[2].count("\n") < 8


def test_a_session_without_such_tests_shows_nothing_of_it(project: pytest.Pytester) -> None:
    assert "crumple =" not in shown(project, "-k", "plain")


@pytest.mark.parametrize("family", ["xunit1", "xunit2"])
def test_a_junit_file_has_one_case_a_test_with_its_figures(project: pytest.Pytester, family: str) -> None:
    shown(project, "--junitxml=j.xml", "-o", f"junit_family={family}")
    (suite,) = ET.parse(project.path / "j.xml").getroot()
    cases = {case.attrib["name"]: case for case in suite.findall("testcase")}
    assert (suite.attrib["tests"], suite.attrib["failures"], suite.attrib["skipped"]) == ("4", "1", "1")
    assert len(suite.findall("testcase")) == len(cases) == 4
    known = {each.attrib["name"]: each.attrib["value"] for each in cases["test_fails"].iter("property")}
    assert known["crumple.limit"] == "encoding, failures"
    assert known["crumple.state"] == "broken"
    assert (known["crumple.documents"], known["crumple.failures"], known["crumple.seed"]) == ("10", "4", "7")
    assert (known["crumple.calls"], known["crumple.rate"], known["crumple.bound"]) == ("10", "0.4", "0.05")


def test_last_failed_runs_what_failed_and_not_what_had_bad_documents(project: pytest.Pytester) -> None:
    project.runpytest_inprocess("--tb=no")
    result = project.runpytest_inprocess("--lf", "--co", "-q")
    assert [line for line in result.outlines if "::" in line] == ["test_it.py::test_fails"]


def test_reports_are_written_by_their_endings(project: pytest.Pytester) -> None:
    shown(project, *(f"--crumple-report=r.{ending}" for ending in ("md", "xml", "html", "json")))
    written = {path.suffix: path.read_text("utf-8") for path in project.path.glob("r.*")}
    assert written[".md"].startswith("### ❌ crumple\n")
    assert ET.fromstring(written[".xml"]).attrib["failures"] == "1"
    assert written[".html"].startswith("<!doctype html>")
    document = json.loads(written[".json"])
    assert [each["id"].partition("::")[2] for each in document["items"]] == ["test_fails", "test_passes", "test_skips"]
    assert [each["outcome"] for each in document["items"]] == ["failed", "passed", "skipped"]
    assert (document["state"], document["session"]["calls"], document["session"]["failing"]) == ("failed", 16, 6)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("r.txt", "a report's ending says what it is. Allowed: .csv, .htm, .html, .json, .jsonl, .md, .parquet, .xml."),
        ("r.jsn", "Did you mean '.json'?"),
        ("missing/r.md", "There is no folder"),
        (".", "a report's ending"),
    ],
)
def test_a_report_that_cannot_be_written_is_said_before_anything_runs(
    project: pytest.Pytester, name: str, words: str
) -> None:
    result = project.runpytest_inprocess(f"--crumple-report={name}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert words in result.stderr.str()
    assert "test_it" not in result.stdout.str()


def test_a_report_that_cannot_be_written_any_more_is_said_in_the_end(project: pytest.Pytester) -> None:
    project.makepyfile(test_it=TESTS + "\ndef test_last():\n    __import__('pathlib').Path('r.md').mkdir()\n")
    text = shown(project, "--crumple-report=r.md", "--tb=no")
    assert "--crumple-report: " in text
    assert "the report cannot be written" in text


def test_a_report_may_go_to_a_url(project: pytest.Pytester) -> None:
    from fsspec.implementations.memory import MemoryFileSystem

    result = project.runpytest_inprocess("--crumple-report=s3://report.md")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "--crumple-report: s3://report.md: it names no file" in result.stderr.str()
    project.runpytest_inprocess("--crumple-report=memory://session/r.md", "--tb=no")
    assert MemoryFileSystem.store.pop("/session/r.md").getvalue().startswith(b"### ")
    assert "/session/.crumple-tried" not in MemoryFileSystem.store


def test_with_xdist_all_of_it_is_the_same(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    options = ("-p", "crumple.pytest_plugin", "-p", "xdist", "--tb=no", "-rN")
    alone = shown(project, *options, "--crumple-report=a.json").partition("= crumple =")[2]
    spread = shown(project, *options, "--crumple-report=b.json", "-n2").partition("= crumple =")[2]
    assert spread.rpartition(" in ")[0].strip("= \n") == alone.rpartition(" in ")[0].strip("= \n")
    assert "1 failed, 2 passed, 1 skipped, 16 degraded (6 failed)" in spread
    first, second = (json.loads(Path(project.path, name).read_text("utf-8")) for name in ("a.json", "b.json"))
    assert first == second
