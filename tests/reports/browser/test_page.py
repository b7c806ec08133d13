"""The page in a browser: what can be done with it, by mouse, keyboard, screen reader, on a phone and on paper."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from browsers import barriers
from crumple import Material
from crumple_reports.html import render
from documents_of_runs import figures, item, limit, mutator, night, run, session

PHONE = {"viewport": {"width": 360, "height": 740}}


def several() -> dict[str, Any]:
    """A run with two categories, a contract in every state, and something of everything that is left out."""
    levels = {"1": figures(10, 1), "3": figures(10, 4)}
    failed = {
        "case": "b.pdf",
        "outcome": "crashed",
        "cause": "KeyError: 'x'",
        "expected": "",
        "answer": "",
        "wrong": [],
    }
    other = {
        "case": "c.csv",
        "recipe": "scan.skew(seed=1)",
        "replay": "c.csv > scan.skew(seed=1)",
        "outcome": "crashed",
    }
    return run(
        categories={"encoding": figures(20, 5, 4), "scan": figures(20, 9)},
        mutators={
            "encoding.bom": mutator(20, 5) | {"levels": levels},
            "scan.skew": mutator(20, 9, category="scan", **other) | {"levels": levels},
        },
        contract=[limit(), limit("undecided", name="scan, failures"), limit("met", name="clean, failures")],
        clean={"cases": 3, "right": 2, "failed": [failed], "void": 1, "without_truth": 0, "stand_ins": 1},
        skipped=[{"mutator": "form.missing", "reason": "the PDF has no form", "count": 3}],
        void={"calls": 2, "causes": {"no answer": 2}},
    )


DOCUMENTS = {
    "run": several(),
    "nothing": {},
    "night": night(),
    "session": session(item(), item("tests/test_b.py::test_b", "passed")),
}


@pytest.mark.parametrize(("kind", "scheme"), [*((kind, "light") for kind in DOCUMENTS), ("run", "dark")])
def test_nothing_stands_in_the_way_of_a_screen_reader(opened, kind: str, scheme: str) -> None:
    page = opened(render(DOCUMENTS[kind], Material(privacy="full")), color_scheme=scheme)
    assert barriers(page, scheme) == ""


@pytest.fixture
def page(opened):
    return opened(render(several(), Material(privacy="full")))


def test_the_list_of_contents_leads_to_every_section(page) -> None:
    titles = page.locator("main > section > h2").all_inner_texts()
    links = page.locator("nav a")
    assert links.all_inner_texts() == titles
    for at in range(links.count()):
        links.nth(at).click()
        assert page.evaluate("document.querySelector(':target').tagName") == "SECTION"


def test_a_filter_shows_what_is_of_it_says_how_much_and_is_taken_back(page) -> None:
    of_scan = page.locator('.filterable[data-category~="scan"]')
    others = page.locator('.filterable[data-category="encoding"]')
    assert of_scan.count()
    assert others.count()
    page.locator("#filter-category").select_option("scan")
    assert not page.locator('.filterable[data-category="encoding"]:not(.filtered)').count()
    assert not page.locator('.filterable[data-category~="scan"].filtered').count()
    kept, of = page.locator(".filterable:not(.filtered)").count(), page.locator(".filterable").count()
    assert page.locator("#filter .said").inner_text() == f"{kept} of {of} entries shown: category scan"
    page.get_by_role("button", name="Show all").click()
    expect(page.locator(".filtered")).to_have_count(0)
    assert page.locator("#filter .said").inner_text() == ""


def test_what_lacks_a_word_is_not_filtered_by_it_and_an_empty_section_says_so(opened) -> None:
    rows = (
        "<p class='filterable' data-category='a b'>1</p><p class='filterable' data-category='c' data-level='1 3'>2</p>"
    )
    text = render(run()).replace('<main id="report" tabindex="-1">', f"<main><section><h2>Own</h2>{rows}</section>")
    page = opened(text)
    own = page.locator("main > section").first
    page.locator("#filter-category").select_option("b")
    assert own.locator("p.filterable:visible").all_inner_texts() == ["1"]
    page.locator("#filter-level").select_option("3")
    assert own.locator("p.filterable:visible").all_inner_texts() == ["1"]
    page.locator("#filter-category").select_option("encoding")
    assert own.locator("p:visible").all_inner_texts() == ["Nothing here is of what the filter shows."]


def test_a_link_to_what_is_filtered_away_and_folded_shows_it(page) -> None:
    first = page.locator(".worst a").first
    problem = page.locator(first.get_attribute("href"))
    other = "scan" if "encoding" in problem.get_attribute("data-category") else "encoding"
    page.locator("#filter-category").select_option(other)
    assert not problem.is_visible()
    first.click()
    expect(page.locator(".filtered")).to_have_count(0)
    assert problem.is_visible()


def test_a_line_is_copied_and_where_that_is_forbidden_it_is_selected(page) -> None:
    block = page.locator(".command").first
    line = block.locator("code").inner_text()
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.taken = text; }")
    block.locator("button").click()
    expect(page.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("window.taken") == line
    page.evaluate("navigator.clipboard.writeText = () => Promise.reject(); document.execCommand = () => false")
    block.locator("button").click()
    expect(block.locator("button")).to_have_text("Selected: press Ctrl+C")
    assert page.evaluate("getSelection().toString()") == line


def test_everything_that_can_be_used_is_reached_by_keyboard_and_seen_there(page) -> None:
    usable = page.evaluate(
        "[...document.querySelectorAll('a[href], button, select, summary, [tabindex=\"0\"]')]"
        ".filter((each) => each.checkVisibility() && !each.closest('dialog')).length"
    )
    reached = page.evaluate_handle("new Set()")
    for _ in range(usable):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            "(reached) => { const own = document.activeElement; reached.add(own);"
            " const style = getComputedStyle(own); return style.outlineStyle !== 'none' ? '' : own.outerHTML; }",
            reached,
        )
        assert not seen
    assert page.evaluate("(reached) => reached.size", reached) == usable


def test_the_first_tab_leads_past_the_top(page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "report"


@pytest.mark.parametrize("kind", ["run", "session"])
def test_a_phone_shows_the_page_without_scrolling_sideways(opened, kind: str) -> None:
    page = opened(render(DOCUMENTS[kind], Material(privacy="full")), **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_long_words_do_not_widen_it(opened) -> None:
    long = "w" * 300
    document = run(contract=[limit(name=long, sentence=long)], skipped=[{"mutator": long, "reason": long, "count": 1}])
    document["run"] |= {"project": long, "system": long, "corpus": long}
    page = opened(render(document, Material(privacy="full")), **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_on_paper_everything_is_unfolded_and_nothing_is_to_be_pressed(page) -> None:
    folded = page.locator("details:not([open])").count()
    assert folded
    page.emulate_media(media="print")
    expect(page.locator("details:not([open])")).to_have_count(0)
    assert not page.locator("button:visible, nav:visible, select:visible").count()
    page.emulate_media(media="screen")
    expect(page.locator("details:not([open])")).to_have_count(folded)


def test_without_scripts_everything_is_there_and_nothing_that_would_not_work(opened) -> None:
    page = opened(render(several(), Material(privacy="full")), java_script_enabled=False)
    assert not page.locator("button:visible, select:visible").count()
    assert page.locator(".command code").first.is_visible()
    page.emulate_media(media="print")
    assert page.locator("details dd").first.is_visible()
