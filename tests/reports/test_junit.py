"""JUnit XML: cases that readers count, well-formed whatever names hold, figures only."""

from __future__ import annotations

import io
import re
from xml.etree import ElementTree as ET

import junitparser
from hypothesis import given, settings
from hypothesis import strategies as st
from junit2htmlreport.parser import Junit

import comparisons
import nights
from crumple_reports.junit import render
from documents_of_runs import EXAMPLE, figures, item, limit, mutator, night, run, session

_RESULTS = {"failure", "error", "skipped"}
# What junit-10.xsd of Jenkins' xunit plugin allows: element -> its attributes, those that it must have, what it holds.
_ALLOWED = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, set(), {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "skipped", "time", "timestamp", "hostname", "id", "package", "file"},
        {"name", "tests", "failures", "errors"},
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
    ),
    "testcase": ({"name", "time", "classname", "group"}, {"name"}, {*_RESULTS, "system-out", "system-err"}),
    "properties": (set(), set(), {"property"}),
    "property": ({"name", "value"}, {"name", "value"}, set()),
    **dict.fromkeys(_RESULTS, ({"type", "message"}, set(), set())),
    "system-out": (set(), set(), set()),
}
_TIME = re.compile(r"([0-9]{0,3},)*[0-9]*(\.[0-9]*)?")


def valid(element: ET.Element) -> None:
    """Hold a file against the rules of the schema."""
    may, must, inside = _ALLOWED[element.tag]
    assert must <= set(element.attrib) <= may, (element.tag, element.attrib)
    assert _TIME.fullmatch(element.get("time", "0"))
    for child in element:
        assert child.tag in inside, (element.tag, child.tag)
        valid(child)


def cases(document: dict[str, object]) -> dict[tuple[str, str], ET.Element]:
    text = render(document)
    root = ET.fromstring(text)
    valid(root)
    found = root.findall("testsuite/testcase")
    results = [child.tag for case in found for child in case if child.tag in _RESULTS]
    (suite,) = root
    for each in (root, suite):
        assert int(each.attrib["tests"]) == len(found)
        assert int(each.attrib["failures"]) == results.count("failure")
        assert int(each.attrib["errors"]) == results.count("error")
    assert int(suite.attrib["skipped"]) == results.count("skipped")
    expected = len(found), len(results) - results.count("skipped"), results.count("skipped")
    assert by_junitparser(text) == by_junit2html(text) == expected
    by_name = {(case.attrib["classname"], case.attrib["name"]): case for case in found}
    assert len(by_name) == len(found)
    return by_name


def by_junitparser(text: str) -> tuple[int, int, int]:
    """How many cases there are, failed or erred, and were skipped, as one reader counts them."""
    (read,) = junitparser.JUnitXml.fromfile(io.BytesIO(text.encode()))
    assert read.tests == len(list(read))
    return read.tests, read.failures + read.errors, read.skipped


def by_junit2html(text: str) -> tuple[int, int, int]:
    """The same as another reader counts them; it makes a page of them too."""
    read = Junit(xmlstring=text)
    assert "<html" in read.html()
    made = [case for suite in read.suites for group in suite.classes.values() for case in group.cases]
    return len(made), sum(case.failed() for case in made), sum(bool(case.skipped) for case in made)


def told(case: ET.Element) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in str(case.findtext("system-out")).split("\n"))


def test_limits_are_cases_that_fail_are_skipped_or_pass() -> None:
    rows = [limit(name="a"), limit("undecided", name="b"), limit("met", name="c")]
    found = cases(run(contract=rows))
    ended = {name: [child.tag for child in case if child.tag in _RESULTS] for (_, name), case in found.items()}
    assert ended == {"a": ["failure"], "b": ["skipped"], "c": []}
    known = told(found["crumple.contract", "a"])
    assert (known["state"], known["calls"], known["figure"], known["seed"]) == ("broken", "10", "0.4", "7")


def test_a_broken_limit_says_how_to_make_its_calls_again_and_no_others() -> None:
    other = limit(name="table, failures", of="table")
    found = cases(run(contract=[limit(), other]))
    assert "crumple replay 'a.csv > encoding.bom(seed=5)'" in str(
        found["crumple.contract", "encoding, failures"].findtext("failure")
    )
    assert not found["crumple.contract", "table, failures"].findtext("failure")


def test_only_calls_that_count_against_a_limit_stand_below_it() -> None:
    crashed = mutator(10, 9, outcome="crashed", replay="a.csv > encoding.bom(seed=6)")
    mutators = {"encoding.a": mutator(10, 4), "encoding.b": crashed, "encoding.c": mutator(10, 4, level=5)}
    rows = [
        limit(name="all", up_to_level=5.0),
        limit(name="silent", metric="silent", up_to_level=3.0),
        limit(name="slow", metric="latency_p95"),
        limit(name="clean", of="clean"),
    ]
    failed = [EXAMPLE | {"case": "b.csv", "replay": "b.csv", "recipe": "", "level": 0}]
    clean = {**run()["clean"], "cases": 20, "right": 19, "failed": failed}
    found = cases(run(mutators=mutators, contract=rows, clean=clean))
    text = {name: str(case.findtext("failure")) for (_, name), case in found.items()}
    assert text["all"].count("crumple replay") == 3
    assert (text["silent"].count("crumple replay"), "seed=6" in text["silent"]) == (1, False)
    assert text["slow"] == ""
    assert text["clean"] == "b.csv, clean: wrong\n  crumple replay b.csv"


def test_two_limits_of_one_name_are_two_cases() -> None:
    found = cases(run(contract=[limit(name="a"), limit("met", name="a")]))
    assert [name for _, name in found] == ["a", "a (2)"]


def test_what_a_search_found_fails_with_its_replay_line_unless_it_is_accepted_or_did_not_fail_again() -> None:
    discovery = {"state": "minimised", "count": 2, "tries": 2, "failed": 1, "known": "", "example": EXAMPLE}
    again = {"calls": 2, "failed": 2, "example": EXAMPLE}
    explored = {"calls": 10, "kinds": 4, "once": 1, "chance": 0.0, "low": 0.0, "high": 0.1, "open": 0}
    search = {
        "explored": explored,
        "left": "",
        "outcomes": {},
        "discoveries": [
            discovery | {"id": "new"},
            discovery | {"id": "flaky", "state": "flaky"},
            discovery | {"id": "once", "state": "not reproduced"},
            discovery | {"id": "mixed", "state": "explained"},
            discovery | {"id": "well known", "known": "b"},
        ],
        "replayed": [again | {"finding": "a", "status": "FAILS"}, again | {"finding": "c", "status": "FIXED"}],
    }
    document = run(contract=[], categories={}, mutators={}, search=search)
    document["run"] |= {"kind": "fuzz", "known": {"findings": [{"id": "b", "state": "accepted"}]}}
    found = cases(document)
    ended = {name: [child.tag for child in case if child.tag in _RESULTS] for (_, name), case in found.items()}
    failure = ["failure"]
    assert ended == {"a": failure, "c": [], "new": failure, "flaky": failure, "once": ["skipped"], "well known": []}
    for name in ("a", "new"):
        assert found["crumple.findings", name].findtext("failure") == "crumple replay 'a.csv > encoding.bom(seed=5)'"


def test_breaking_points_pass_and_those_that_are_not_known_are_skipped() -> None:
    row = {"mutator": "scan.skew", "kind": "", "state": "breaks", "level": 2.5, "low": 2.0, "high": 3.0, "rate": 0.5}
    rows = [
        row | {"calls": 20, "sentence": "from 4 deg on", "mix": {}},
        row
        | {"mutator": "scan.b", "kind": "pdf", "state": "not known", "calls": 3, "sentence": "not known", "mix": {}},
    ]
    found = cases(run(breaking_points=rows, categories={}, contract=[], mutators={}))
    assert told(found["crumple.breaking-points", "scan.skew"])["level"] == "2.5"
    assert found["crumple.breaking-points", "scan.b, pdf"].find("skipped") is not None


def test_the_suite_says_how_the_run_was_made() -> None:
    own = run()
    own["run"] |= {"started": "2026-01-01T00:00:00.5+00:00", "wall_seconds": 4.25, "versions": {"crumple": "1.0"}}
    (suite,) = ET.fromstring(render(own))
    assert (suite.get("timestamp"), suite.get("time")) == ("2026-01-01T00:00:00", "4.250")
    known = {str(each.get("name")): each.get("value") for each in suite.iterfind("properties/property")}
    assert known["crumple.seed"] == "7"
    assert known["crumple.version"] == "1.0"


def test_a_nights_categories_and_findings_that_fail_again_are_failures() -> None:
    found = cases(night())
    assert found["crumple.night", "encoding"].find("failure") is not None
    assert found["crumple.findings", "encoding-1a2b"].find("failure") is not None


def test_a_category_of_which_nothing_can_be_told_does_not_pass() -> None:
    few = nights.row("scope", pairs=3, state="unknown", why="it takes 9 that turn wrong to tell that from chance")
    (case,) = ET.fromstring(render(nights.document(nights.night(few)))).iterfind(
        ".//testcase[@classname='crumple.night']"
    )
    assert str(case.find("skipped").get("message")).startswith("it takes 9")  # type: ignore[union-attr]


def test_a_void_item_is_an_error_of_its_own() -> None:
    own = item()
    own["document"]["run"]["ended"] = "all fail clean"
    own["document"]["contract"] = [limit("undecided")]
    found = cases(session(own, categories={}))
    assert [child.tag for child in found["tests/test_a.py::test_a", "crumple"]] == ["error"]
    assert len(found) == 1


def test_without_limits_the_categories_are_cases() -> None:
    (case,) = cases(run(contract=[])).values()
    assert told(case)["failures"] == "4"


def test_nothing_of_documents_or_answers_is_in_it() -> None:
    for document in (run(), night(), session(item(privacy="full"))):
        for text in ("119", "11.9", "the cause of it"):
            assert text not in render(document)


@settings(max_examples=60)
@given(st.text())
def test_it_is_well_formed_whatever_names_hold(name: str) -> None:
    document = run(contract=[limit(name=name, sentence=name + "]]>")], categories={name: figures(3, 1)})
    assert len(cases(document)) == 1


def test_a_session_and_a_comparison_say_what_was_measured() -> None:
    def known(document: dict[str, object]) -> dict[str, str]:
        cases(document)
        found = ET.fromstring(render(document)).iter("property")
        return {each.attrib["name"]: each.attrib["value"] for each in found}

    assert known(session(item())) == {"crumple.crumple": "0.1.0", "crumple.pytest": "9.2.0", "crumple.python": "3.11.7"}
    compared = known(comparisons.document())
    assert (compared["crumple.a.name"], compared["crumple.b.name"]) == ("build", "buy")
    assert compared["crumple.a.run"] != compared["crumple.b.run"]
