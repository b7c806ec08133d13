"""The page of a comparison in a browser."""

from __future__ import annotations

import pytest

import comparisons
from browsers import barriers
from crumple import Material
from crumple_reports.html import render

PAGE = Material(privacy="full")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_the_way_of_a_screen_reader(opened, scheme: str) -> None:
    page = opened(render(comparisons.document(), PAGE), color_scheme=scheme)
    assert barriers(page, scheme) == ""


def test_a_phone_needs_no_scrolling_from_side_to_side(opened) -> None:
    page = opened(render(comparisons.document(), PAGE), viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_a_category_can_be_shown_alone(opened) -> None:
    page = opened(render(comparisons.document(), PAGE))
    page.locator("#filter-category").select_option("encoding")
    assert page.locator("#comparison tr.filterable:visible th").all_inner_texts() == ["encoding"]
