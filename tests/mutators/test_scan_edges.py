"""Edges and wear: what is covered, cut off, punched out, torn off or folded over, and what is said of it."""

import itertools

import cv2
import numpy as np
import pytest

from crumple import NotApplicable, Page
from crumple_mutators import scan
from page_samples import PAPER, applied, sheet

ALL = [
    scan.cut_off,
    scan.black_border,
    scan.next_page_edge,
    scan.punch_holes,
    scan.staple,
    scan.torn_corner,
    scan.dog_ear,
]
COVERING = [each for each in ALL if each is not scan.staple]
names = pytest.mark.parametrize("mutator", ALL, ids=lambda mutator: mutator.name)
covering = pytest.mark.parametrize("mutator", COVERING, ids=lambda mutator: mutator.name)


def blank(dpi=100, *, value=250) -> Page:
    return Page(np.full((round(297 / 25.4 * dpi), round(210 / 25.4 * dpi)), value, np.uint8), (float(dpi), float(dpi)))


def said_lost(page, degraded):
    mask = np.zeros(page.pixels.shape[:2], bool)
    for each in degraded.lost:
        rows = slice(round(each.top * page.height), round(each.bottom * page.height))
        mask[rows, round(each.left * page.width) : round(each.right * page.width)] = True
    return mask


@covering
def test_ink_that_can_no_longer_be_seen_is_said_to_be_lost_and_no_place_without_ink(mutator):
    """What is hidden is found by degrading the page with two shades of ink: hidden ink looks the same."""
    page = sheet(150, margin_mm=4)
    other = Page(np.where(page.pixels == 25, 90, page.pixels).astype(np.uint8), page.dpi)
    for seed in range(4):
        one, two = (applied(mutator, each, 4, seed) for each in (page, other))
        said = said_lost(page, one)
        same = cv2.erode((one.view.pixels == two.view.pixels).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        ink = page.pixels == 25
        if mutator is not scan.next_page_edge:  # where ink lies over ink, it is the same or not by chance
            assert (same & ink & ~said).sum() <= 0.02 * (same & ink).sum()
        for each in one.lost:
            rows = slice(int(each.top * page.height), int(np.ceil(each.bottom * page.height)))
            assert ink[rows, int(each.left * page.width) : int(np.ceil(each.right * page.width))].any()


@names
def test_ink_far_from_what_was_done_is_not_lost(mutator):
    page = sheet(150, margin_mm=4)
    for seed in range(4):
        degraded = applied(mutator, page, 3, seed)
        changed = cv2.dilate((degraded.view.pixels != page.pixels).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        lost_but_unchanged = said_lost(page, degraded) & (page.pixels == 25) & ~changed
        assert lost_but_unchanged.sum() <= 0.05 * (page.pixels == 25).sum()


@names
def test_a_page_with_nothing_there_loses_nothing(mutator):
    assert not applied(mutator, blank(), 4).lost


@names
def test_a_higher_level_loses_what_a_lower_one_did(mutator):
    page = sheet(150, margin_mm=4)
    for seed in range(4):
        lost = [said_lost(page, applied(mutator, page, level, seed)) for level in (1, 2, 3, 4, 5)]
        for less, more in itertools.pairwise(lost):
            assert (less & ~more & (page.pixels == 25)).sum() <= 0.01 * page.pixels.size / 100


@names
def test_the_pattern_is_the_sheets_whatever_it_was_scanned_at(mutator):
    for seed in (2, 3):
        small = []
        for dpi in (150, 300):
            page = sheet(dpi)
            after = applied(mutator, page, 4, seed).view.pixels.astype(np.float32) - page.pixels
            small.append(cv2.resize(after, (437, 620), interpolation=cv2.INTER_AREA))
        assert np.corrcoef(small[0].ravel(), small[1].ravel())[0, 1] > 0.9
        assert np.abs(small[0]).mean() == pytest.approx(np.abs(small[1]).mean(), rel=0.1)


def test_a_cut_takes_its_millimetres_off_one_edge_and_moves_nothing():
    for seed in range(6):
        page = sheet(100)
        after = applied(scan.cut_off, page, 3, seed).view.pixels
        changed = after != page.pixels
        rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
        depth = min(np.ptp(rows), np.ptp(columns)) + 1
        assert depth == round(25 / 25.4 * 100)
        assert np.unique(after[changed]).size == 1


def test_a_cut_is_seen_even_where_the_margin_was_as_white_as_the_padding():
    for seed in range(6):
        assert (applied(scan.cut_off, blank(value=255), 1, seed).view.pixels < 230).any()


def test_a_border_is_black_as_wide_as_asked_at_its_widest_and_not_quite_parallel():
    for seed in range(4):
        page = blank(200)
        black = applied(scan.black_border, page, 3, seed).view.pixels < 100
        widths = []
        for turned in (black, black[:, ::-1], black.T, black.T[:, ::-1]):
            inner = turned[turned.shape[0] // 6 : -turned.shape[0] // 6, :400]
            widths.append(inner.argmin(axis=1) / 200 * 25.4)
        widest = max(widths, key=np.median)
        assert 6.5 < widest.max() <= 10.2
        assert np.ptp(widest) > 0.15


def test_the_next_page_is_at_the_left_or_right_with_a_dark_gutter_between():
    sides = set()
    for seed in range(8):
        after = applied(scan.next_page_edge, blank(), 3, seed).view.pixels.astype(float)
        darkest = after.mean(axis=0).argmin() / 100 * 25.4
        sides.add(darkest < 105)
        assert min(darkest, 210 - darkest) == pytest.approx(16, abs=2.5)
        assert after.min() < 120
    assert sides == {True, False}


def test_the_next_page_shows_its_own_print_next_to_the_gutter():
    page = sheet(150, margin_mm=6)
    after = applied(scan.next_page_edge, page, 5, 0).view.pixels
    strip = round(30 / 25.4 * 150)
    edge = min((after[:, :strip], after[:, -strip:]), key=lambda part: part.mean())
    assert (edge < 40).mean() > 0.03


@pytest.mark.parametrize("dpi", [100, 200])
def test_holes_are_6_mm_wide_and_the_first_two_80_mm_apart_12_mm_from_an_edge(dpi):
    for seed in range(5):
        page = blank(dpi)
        after = applied(scan.punch_holes, page, 1, seed).view.pixels
        per_mm = dpi / 25.4
        count, _, stats, centres = cv2.connectedComponentsWithStats((after < 232).astype(np.uint8))
        holes = [k for k in range(1, count) if stats[k, cv2.CC_STAT_AREA] > 10 * per_mm**2]
        assert len(holes) == 2
        assert np.hypot(*(centres[holes[0]] - centres[holes[1]])) / per_mm == pytest.approx(80, abs=0.5)
        for hole in holes:
            x, y = centres[hole] / per_mm
            assert min(x, y, 210 - x, 297 - y) == pytest.approx(12, abs=2.5)
            assert stats[hole, cv2.CC_STAT_WIDTH] / per_mm == pytest.approx(6, abs=0.9)


def test_a_staple_is_12_mm_long_has_a_bright_wire_and_a_shadow_and_lies_near_a_corner():
    page = blank(300)
    after = applied(scan.staple, page, 1, 0).view.pixels
    changed = np.argwhere(after < 240).astype(np.float32)
    (_, (one, two), _) = cv2.minAreaRect(changed)
    assert max(one, two) / 300 * 25.4 == pytest.approx(12.7, abs=1)
    near = np.minimum(changed, np.array(after.shape) - changed).max() / 300 * 25.4
    assert near < 30


def test_a_torn_off_corner_shows_what_is_behind_and_its_edge_is_ragged():
    for seed in range(4):
        page = blank(200, value=215)
        after = applied(scan.torn_corner, page, 3, seed).view.pixels
        corners = [after[:20, :20], after[:20, -20:], after[-20:, :20], after[-20:, -20:]]
        beyond = max(corners, key=lambda part: abs(part.mean() - 215.0))
        gone = (np.abs(after.astype(int) - int(np.median(beyond))) < 8).sum() / (200 / 25.4) ** 2
        assert 0.3 * 28**2 / 2 < gone < 1.9 * 28**2 / 2
        assert (after > 220).any(), "white fibres"


def test_a_folded_corner_hides_as_much_of_the_page_as_it_leaves_open():
    page = sheet(150, margin_mm=1)
    for seed in range(4):
        after = applied(scan.dog_ear, page, 4, seed).view.pixels
        small = sheet(150, margin_mm=1).pixels
        hidden = (small == 25) & (after != 25)
        area = hidden.sum() / (small == 25).sum() * 148 * 210
        assert area == pytest.approx(40 * 40, rel=0.25), "twice the triangle of 40 by 40 mm"


def test_the_print_of_a_folded_corner_shows_through_faintly():
    page = sheet(150, margin_mm=1)
    plain = Page(np.full_like(page.pixels, PAPER), page.dpi)
    one, two = (applied(scan.dog_ear, each, 4, 3).view.pixels.astype(int) for each in (page, plain))
    faint = (two - one > 5) & (two - one < 30)
    assert faint.mean() > 0.003


@names
def test_a_page_of_a_pixel_is_degraded_or_not_applicable(mutator):
    page = Page(np.full((1, 1), 200, np.uint8), (200.0, 200.0))
    for level in (1, 5):
        try:
            assert applied(mutator, page, level).view.pixels.shape == (1, 1)
        except NotApplicable:
            continue
