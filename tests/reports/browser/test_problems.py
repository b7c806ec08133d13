"""Problems in a browser: unfolded, enlarged, followed to, read aloud, on paper and on a phone."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from browsers import barriers
from crumple import Exhibit, LinePair, Material, Page, PagePair, Piece, RowPair
from crumple.exhibits.pages import picture
from crumple_reports.html import render
from documents_of_runs import mutator, run

NAMES = [f"encoding.m{at}" for at in range(5)]
MUTATORS = {name: mutator(10, 4, replay=f"a.csv > {name}(seed=1)") for name in NAMES}


@cache
def page_text() -> str:
    clean = picture(Page(np.full((300, 212), 255, np.uint8), (72.0, 72.0)))
    degraded = picture(Page(np.full((300, 212), 90, np.uint8), (72.0, 72.0)))
    changed = (Piece("a,"), Piece("b", changed=True))
    kinds = [
        {"kind": "pages", "pages": (PagePair(1, clean, degraded, clean, degraded),)},
        {"kind": "pages", "pages": (PagePair(1, clean, None),), "note": "it cannot be opened"},
        {"kind": "rows", "rows": (RowPair(1, 1, (Piece("id"),), (Piece("id"),)), RowPair(2, 2, changed, changed))},
        {"kind": "lines", "lines": (LinePair(1, 1, changed, changed), LinePair(4, None, changed, ()))},
        {"kind": "bytes", "lines": (LinePair(1, 1, (Piece("00 " * 30),), changed),), "left_out": 3},
    ]
    exhibits = {
        f"a.csv > {name}(seed=1)": Exhibit(replay=f"a.csv > {name}(seed=1)", **kind)
        for name, kind in zip(NAMES, kinds, strict=True)
    }
    return render(run(mutators=MUTATORS), Material(privacy="full", exhibits=lambda lines: exhibits))


def test_the_first_three_are_open_and_a_link_opens_the_one_that_it_leads_to(opened) -> None:
    page = opened(page_text())
    open_ = "[...document.querySelectorAll('.problem details')].map((each) => each.open)"
    assert page.evaluate(open_) == [True, True, True, False, False]
    page.evaluate("location.hash = '#problem-5'")
    page.locator("#problem-5 details[open]").wait_for()  # a function to wait for would be evaluated, against the policy


def test_a_page_is_enlarged_by_keyboard_and_the_focus_comes_back(opened) -> None:
    page = opened(page_text())
    button = page.get_by_role("button", name="Enlarge: Page 1 of the degraded document").first
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    assert dialog.locator(".sheet").count() == 2
    drawn = dialog.locator(".sheet").first.bounding_box()
    assert drawn is not None
    assert drawn["height"] > 250
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    assert button.evaluate("(each) => each === document.activeElement")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_the_way_of_a_screen_reader(opened, scheme: str) -> None:
    page = opened(page_text(), color_scheme=scheme)
    assert barriers(page, scheme) == ""


def test_a_phone_shows_it_all_without_moving_the_page_sideways(opened) -> None:
    page = opened(page_text(), viewport={"width": 360, "height": 700})
    page.evaluate("for (const each of document.querySelectorAll('#problems details')) each.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    one, other = (each.bounding_box() for each in page.locator("#problem-1 figure.page").all())
    assert other["y"] >= one["y"] + one["height"]


def test_on_paper_pages_are_there_and_buttons_are_not(opened) -> None:
    page = opened(page_text())
    page.emulate_media(media="print")
    page.locator("body:not(:has(.problem details:not([open])))").wait_for()
    assert page.locator("#problem-1 .sheet").first.is_visible()
    assert not page.locator("#problem-1 button.copy").is_visible()
    assert page.locator("p.on-paper").is_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_on_paper_documents_are_drawn_of_what_was_unfolded_and_the_rest_of_all(opened, scripts: bool) -> None:
    page = opened(page_text(), java_script_enabled=scripts)
    page.emulate_media(media="print")
    assert page.locator("#problem-3 .exhibit").is_visible()
    assert not page.locator("#problem-4 .exhibit").is_visible()
    assert page.locator("#problem-4 .command code").is_visible()
    page.emulate_media(media="screen")
    page.locator("#problem-4 summary").click()
    assert page.locator("#problem-4 .exhibit").is_visible()
    page.emulate_media(media="print")
    assert page.locator("#problem-4 .exhibit").is_visible()


def test_without_script_documents_are_there_all_the_same(opened) -> None:
    page = opened(page_text(), java_script_enabled=False)
    assert page.locator("#problem-1 .sheet").first.is_visible()
    assert page.locator("#problem-3 ins").first.is_visible()
    assert not page.get_by_role("button", name="Copy").first.is_visible()
