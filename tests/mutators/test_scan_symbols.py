"""Letters taken for one another, as lossy JBIG2 does."""

import itertools

import cv2
import numpy as np
import pytest

from crumple import NotApplicable, Page
from crumple_mutators import scan
from page_samples import applied, sheet
from page_text import text_page


def inside(page: Page, regions) -> np.ndarray:
    """Which pixels lie in any of the regions, one pixel around them included."""
    said = np.zeros((page.height, page.width), bool)
    for region in regions:
        top, bottom = round(region.top * page.height) - 1, round(region.bottom * page.height) + 1
        left, right = round(region.left * page.width) - 1, round(region.right * page.width) + 1
        said[max(0, top) : bottom, max(0, left) : right] = True
    return said


@pytest.mark.parametrize("colour", [False, True], ids=["grey", "RGB"])
def test_what_is_replaced_is_lost_and_nothing_else_has_changed(colour):
    page = text_page(200, colour=colour)
    degraded = applied(scan.symbol_substitution, page, 5)
    changed = degraded.view.pixels != page.pixels
    changed = changed.any(axis=2) if colour else changed
    said = inside(page, degraded.lost)
    # A donor may be a pixel or two wider than the letter that it replaces.
    assert (changed & ~said).sum() < 0.05 * changed.sum()
    for region in degraded.lost:
        assert changed[inside(page, [region])].any(), "a letter that is said to be lost is another one now"


def test_a_replaced_letter_is_as_sharp_and_as_dark_as_the_others():
    page = text_page(200)
    degraded = applied(scan.symbol_substitution, page, 5)
    assert degraded.view.pixels.min() >= page.pixels.min()
    ink = [(250 - each.pixels.astype(float)).sum() for each in (page, degraded.view)]
    assert ink[1] == pytest.approx(ink[0], rel=0.02)


def test_the_share_is_of_the_glyphs_that_have_a_neighbour_and_more_keep_the_fewer():
    page = text_page(200)
    lost = [set(applied(scan.symbol_substitution, page, level).lost) for level in (1, 2, 3, 4, 5)]
    assert all(one <= other for one, other in itertools.pairwise(lost))
    assert len(lost[4]) == pytest.approx(len(lost[3]) * 0.2 / 0.08, rel=0.15)


def test_most_letters_replaced_at_200_dpi_stand_where_those_at_400_dpi_do():
    fine = text_page(400)
    half = cv2.resize(fine.pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    pages = fine, Page(half, (200.0, 200.0))
    for one, other in (pages, pages[::-1]):
        here, there = (inside(page, applied(scan.symbol_substitution, page, 5, seed=4).lost) for page in (one, other))
        there = cv2.resize(there.astype(np.uint8), here.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
        assert (here & there).sum() > 0.5 * here.sum()


def test_a_page_whose_marks_are_all_the_same_has_nothing_to_confuse():
    with pytest.raises(NotApplicable, match="alike"):
        applied(scan.symbol_substitution, sheet(150))
    pixels = np.full((300, 300), 250, np.uint8)
    pixels[100:130, 100:120] = 0
    with pytest.raises(NotApplicable, match="no two letters"):
        applied(scan.symbol_substitution, Page(pixels, (200.0, 200.0)))


def test_bold_is_not_taken_for_regular():
    page = text_page(200)
    bold = np.minimum(page.pixels, np.roll(page.pixels, 1, axis=1))
    both = Page(np.vstack([page.pixels, np.minimum(bold, np.roll(bold, 1, axis=1))]), page.dpi)
    ink = [
        (250 - each.pixels.astype(float))[: page.height].sum()
        for each in (both, applied(scan.symbol_substitution, both, 5).view)
    ]
    assert ink[1] == pytest.approx(ink[0], rel=0.02)
