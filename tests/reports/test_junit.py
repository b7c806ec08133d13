"""JUnit XML: cases that readers count, well-formed whatever names hold, figures only."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

import nights
from crumple_reports.junit import render
from documents_of_runs import figures, item, limit, night, run, session


def cases(document: dict[str, object]) -> dict[tuple[str, str], ET.Element]:
    root = ET.fromstring(render(document))
    found = root.findall("testsuite/testcase")
    results = [child.tag for case in found for child in case if child.tag != "properties"]
    for each in (root, *root.findall("testsuite")):
        assert int(each.attrib["tests"]) == len(found)
        assert int(each.attrib["failures"]) == results.count("failure")
        assert int(each.attrib["errors"]) == results.count("error")
        assert int(each.attrib["skipped"]) == results.count("skipped")
    return {(case.attrib["classname"], case.attrib["name"]): case for case in found}


def properties(case: ET.Element) -> dict[str, str]:
    return {each.attrib["name"]: each.attrib["value"] for each in case.findall("properties/property")}


def test_limits_are_cases_that_fail_are_skipped_or_pass() -> None:
    rows = [limit(name="a"), limit("undecided", name="b"), limit("met", name="c")]
    found = cases(run(contract=rows))
    ended = {name: [child.tag for child in case if child.tag != "properties"] for (_, name), case in found.items()}
    assert ended == {"a": ["failure"], "b": ["skipped"], "c": []}
    known = properties(found["crumple.contract", "a"])
    assert known["crumple.state"] == "broken"
    assert (known["crumple.calls"], known["crumple.rate"], known["crumple.seed"]) == ("10", "0.4", "7")


def test_a_broken_limit_says_how_to_make_its_calls_again_and_no_others() -> None:
    other = limit(name="table, failures", of="table")
    found = cases(run(contract=[limit(), other]))
    assert "crumple replay 'a.csv > encoding.bom(seed=5)'" in str(
        found["crumple.contract", "encoding, failures"].findtext("failure")
    )
    assert not found["crumple.contract", "table, failures"].findtext("failure")


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
    assert properties(case)["crumple.failures"] == "4"


def test_nothing_of_documents_or_answers_is_in_it() -> None:
    for document in (run(), night(), session(item(privacy="full"))):
        for text in ("119", "11.9", "the cause of it"):
            assert text not in render(document)


@settings(max_examples=60)
@given(st.text())
def test_it_is_well_formed_whatever_names_hold(name: str) -> None:
    document = run(contract=[limit(name=name, sentence=name + "]]>")], categories={name: figures(3, 1)})
    assert len(cases(document)) == 1
