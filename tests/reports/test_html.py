"""The page of every kind of document: whole, bounded, with the policy that it needs, and no more than it may show."""

from __future__ import annotations

import base64
import hashlib
import pkgutil
import re
from html.parser import HTMLParser
from typing import Any, Final

import pytest

import nights
from crumple import Material
from crumple_reports import html
from crumple_reports.html import labels, render, search, validity
from crumple_reports.html import night as night_section
from crumple_reports.html import session as session_section
from documents_of_runs import EXAMPLE, figures, item, mutator, run, session
from hostile_documents import KINDS, fuzz, material, whole_run

FULL: Final = Material(privacy="full")
FIGURES: Final = Material(privacy="figures")
VOID: Final = {"meta", "br", "wbr", "img", "input", "hr", "link", "col", "!doctype"}


class Tags(HTMLParser):
    """Which elements there are, in order of their beginning, and whether each is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        assert not any(name.startswith("on") or name == "style" for name, _ in attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("privacy", ["figures", "full"])
def test_every_kind_of_document_is_a_whole_page(kind: str, privacy: str) -> None:
    page = render(KINDS[kind](), material(["calm"], privacy))
    parser = Tags()
    parser.feed(page)
    parser.close()
    assert not parser.open
    assert "could not be made of this document" not in page
    assert not {"iframe", "object", "embed", "base", "link"} & set(parser.seen)
    assert len(page) < 400_000


def test_the_policy_allows_what_is_there_and_nothing_else() -> None:
    page = render(run())
    policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)
    assert policy is not None
    assert page.index("Content-Security-Policy") < page.index("<style>"), "it must come before what it is about"
    style, script = (re.findall(rf"<{name}>(.*?)</{name}>", page, re.DOTALL) for name in ("style", "script"))
    assert (len(style), len(script)) == (1, 1)
    allowed = dict(each.split(" ", 1) for each in policy[1].replace("&#39;", "'").split("; "))
    assert allowed == {
        "default-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "img-src": "data:",
        "style-src": f"'{_hash(style[0])}'",
        "script-src": f"'{_hash(script[0])}'",
    }


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_its_own_script_makes_no_html_of_a_text() -> None:
    (script,) = re.findall(r"<script>(.*?)</script>", render(run()), re.DOTALL)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc", script)


def test_of_single_calls_it_shows_what_it_may() -> None:
    document = run(mutators={"encoding.bom": mutator(10, 4, cause="", answer='{"total":"' + "y" * 900 + '"}')})
    figures_only, excerpts, full = (
        render(document, Material(privacy=each)) for each in ("figures", "excerpts", "full")
    )
    assert "119" not in figures_only
    assert "119" in excerpts
    assert "y" * 150 not in excerpts
    assert "y" * 20 in full
    assert EXAMPLE["case"] in figures_only


def test_each_item_of_a_session_has_its_own_privacy() -> None:
    other = run(mutators={"encoding.mojibake": mutator(10, 4, cause="what the other one says")})
    page = render(session(item("tests/t.py::a", privacy="full"), item("tests/t.py::b", document=other)), FULL)
    assert "the cause of it" in page
    assert "what the other one says" not in page


def test_a_document_that_is_huge_makes_a_page_that_is_not() -> None:
    example = EXAMPLE | {"answer": "<" * 1_000_000, "expected": "\u202e" * 1_000_000, "cause": "x" * 1_000_000}
    document = whole_run()
    bucket = document["buckets"][0]
    document["buckets"] = [
        bucket | {"fingerprint": f"crashed {at}", "example": example | {"replay": f"{at} > a.b(seed=1)"}}
        for at in range(2_000)
    ]
    failing = mutator(10, 4) | {"worst": example, "category": "encoding"}
    document["mutators"] = {f"encoding.m{at}": failing for at in range(1_000)}
    document["clean"] |= {"cases": 200_000, "failed": [example | {"case": str(at)} for at in range(100_000)]}
    page = render(document, FULL)
    assert "could not be made of this document" not in page
    assert len(page) < 6_000_000


# ----------------------------------------------------------------------------------------------- a night


def model(section: Any, document: dict[str, Any], how: Material = FULL) -> dict[str, Any]:
    made = section.section(document, how)
    return {} if made is None else dict(made.model)


def test_a_bad_night_says_what_got_worse_how_sure_since_when_and_what_to_do() -> None:
    made = model(night_section, nights.bad_night())
    assert [each["title"] for each in made["worse"]] == ["encoding", "table", "language"]
    assert all(each["sure"] and each["since"] for each in made["worse"])
    assert [each["id"] for each in made["again"]["rows"]] == ["encoding-3f9a1c07"]
    assert made["advised"][0].text.startswith("Reproduce:")
    assert made["changes"][0] == ("system", "2.3.0", "2.4.0-rc1")
    assert [each["calls"] for each in made["left_out"]["rows"]] == [34, 2]
    assert [each["fingerprint"] for each in made["gone"]["rows"]] == ["wrong /count (other value)"]
    assert made["amounts"][0][0] == "latency"


def test_what_got_worse_is_on_the_page_before_the_tables() -> None:
    page = render(nights.bad_night(), FULL)
    at = [
        page.index(each)
        for each in ("encoding got worse", "Look at these documents first", "What to do", "by category")
    ]
    assert at == sorted(at)


def test_nothing_that_came_out_of_a_void_night_is_shown_as_a_figure() -> None:
    made = model(night_section, nights.void_night())
    assert not made["worse"]
    assert not made["rows"]["rows"]
    assert not made["better"]
    assert made["advised"]


def test_a_first_night_says_that_there_is_nothing_to_compare_with() -> None:
    made = model(night_section, nights.first_night())
    assert not made["baseline"]
    assert any("crumple baseline" in line for each in made["advised"] for line in each.commands)


def test_a_night_quotes_the_system_only_where_it_may() -> None:
    assert "could not convert" in render(nights.bad_night(), FULL)
    assert "could not convert" not in render(nights.bad_night(), FIGURES)


def test_a_run_is_no_night_no_session_and_no_search() -> None:
    for section in (night_section, session_section, search, labels, validity):
        assert section.section(run(), FULL) is None


# ----------------------------------------------------------------------------------------------- the others


def test_tests_that_failed_come_first_with_what_their_limits_came_to() -> None:
    passed = item("tests/a.py::a", "passed")
    mended = {"id": "encoding-1a2b", "was": "fixed", "status": "FAILS", "what": "it crashes", "replay": "x"}
    finding = {"id": "tests/f.py::f", "outcome": "failed", "source": "f", "finding": mended, "privacy": "full"}
    made = model(session_section, session(passed, finding, item("tests/b.py::b")))
    assert [row["ended"] for row in made["rows"]] == ["failed", "failed", "passed"]
    by_id = {row["id"]: row for row in made["rows"]}
    assert by_id["tests/b.py::b"]["said"] == ["encoding, failures: broken"]
    assert by_id["tests/f.py::f"]["said"] == ["finding encoding-1a2b, fixed: FAILS", "it crashes"]
    assert (by_id["tests/b.py::b"]["calls"], by_id["tests/b.py::b"]["failed"]) == ("10", "4")


def test_a_search_says_how_far_it_looked_and_how_findings_stand() -> None:
    made = model(search, fuzz())
    assert made["explored"]["calls"] == 90
    assert made["explored"]["chance"] == "3.0 %"
    assert [(status, finding) for status, finding, _ in made["known"]] == [
        ("FAILS", "encoding-1"),
        ("FIXED", "encoding-1"),
        ("met again", "encoding-8"),
    ]
    assert [each["what"] for each in made["aside"]] == ["crashed KeyError"]
    assert made["found"] == [{"category": "encoding", "kinds": 3, "calls": 12}]


def test_few_labels_are_a_table_and_many_are_pairs() -> None:
    few = {"table": {"invoice": {"invoice": 7, "letter": 2}, "letter": {"letter": 1}}}
    known = {"calls": 10, "accuracy": 0.8, "constant": 0.9}
    (part,) = model(labels, {"labels": {"degraded": few | known}})["parts"]
    assert part["answers"] == ["invoice", "letter"]
    assert [[cell["times"] for cell in row["cells"]] for row in part["rows"]] == [[7, 2], [0, 1]]
    many = {"table": {f"label {at}": {f"label {at}": 9, f"label {at + 1}": at} for at in range(30)}}
    (part,) = model(labels, {"labels": {"degraded": many | known}})["parts"]
    assert not part["rows"]
    assert part["pairs"][0] == ("label 29", "label 30", 29)


def test_an_answer_that_is_no_label_is_not_quoted_among_figures() -> None:
    confusion = {"table": {"invoice": {"invoice": 7, "Mr Smith": 2}}, "calls": 9, "accuracy": 0.8, "constant": 1.0}
    document = run(labels={"degraded": confusion})
    assert "Mr Smith" in render(document, FULL)
    assert "Mr Smith" not in render(document, FIGURES)


def test_answers_that_keep_to_the_schema_least_come_first() -> None:
    valid = {"figures": {"valid": 0.4}}
    document = run(
        categories={"form": figures(9, 1) | {"figures": {"valid": 0.9}}, "language": figures(9, 1) | valid},
        mutators={"language.dates": mutator(9, 1, category="language") | {"category": "language"} | valid},
    )
    made = model(validity, document)
    assert [row["category"] for row in made["rows"]] == ["language", "form"]
    assert made["rows"][0]["mutators"] == [("dates", 0.4)]


def test_the_packages_map_names_every_module_of_it() -> None:
    known = set(re.findall(r"\w+", str(html.__doc__)))
    assert {each.name for each in pkgutil.iter_modules(html.__path__)} <= known
