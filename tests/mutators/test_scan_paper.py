"""The sheet: stains, stock, age, grain, what shows through, what is printed underneath."""

import itertools

import cv2
import numpy as np
import pytest

from crumple import Degraded, NotApplicable, Page
from crumple_mutators import scan
from page_samples import applied, sheet

ALL = [
    scan.stain,
    scan.cup_ring,
    scan.water_stain,
    scan.paper_tint,
    scan.yellowed,
    scan.paper_texture,
    scan.bleed_through,
    scan.security_background,
]
names = pytest.mark.parametrize("mutator", ALL, ids=lambda mutator: mutator.name)


def blank(dpi=100, *, colour=False, value=250) -> Page:
    shape = round(297 / 25.4 * dpi), round(210 / 25.4 * dpi)
    return Page(np.full((*shape, 3) if colour else shape, value, np.uint8), (float(dpi), float(dpi)))


def taken(page, degraded):
    """The share of light that is gone at each pixel."""
    return 1 - degraded.view.pixels / page.pixels.astype(float)


@names
def test_it_only_takes_light_and_says_that_all_can_still_be_read(mutator):
    page = sheet(120, colour=True)
    for level in (1, 3, 5):
        degraded = applied(mutator, page, level)
        assert (degraded.view.pixels <= page.pixels).all()
        assert not degraded.lost


@names
def test_a_higher_level_is_at_least_as_dark_everywhere(mutator):
    page = sheet(120)
    for seed in range(3):
        dark = [applied(mutator, page, level, seed).view.pixels.astype(int) for level in (1, 2, 3, 4, 5)]
        assert all((more <= less).all() for less, more in itertools.pairwise(dark))


@names
def test_the_pattern_is_the_sheets_whatever_it_was_scanned_at(mutator):
    for seed in (2, 3):
        small = []
        for dpi in (150, 300):
            page = sheet(dpi, size_mm=(148.4, 209.7))
            after = applied(mutator, page, 4, seed).view.pixels.astype(np.float32) - page.pixels
            small.append(cv2.resize(after, (437, 619), interpolation=cv2.INTER_AREA))
        if small[0].std() > 1:  # a tint has no pattern
            assert np.corrcoef(small[0].ravel(), small[1].ravel())[0, 1] > 0.9
        assert small[0].mean() == pytest.approx(small[1].mean(), rel=0.1)


@pytest.mark.parametrize("mutator", [scan.stain, scan.cup_ring], ids=lambda mutator: mutator.name)
def test_the_darkest_place_takes_the_opacity_asked_for_and_most_of_the_page_stays_dry(mutator):
    for seed in range(5):
        page = blank(value=255)
        gone = taken(page, Degraded(mutator(page, opacity=0.4, rng=np.random.default_rng(seed))))
        assert gone.max() < 0.42
        assert gone.max() > 0.3 or gone[[0, -1]].any() or gone[:, [0, -1]].any(), "unless the rim is off the page"
        assert (gone == 0).mean() > 0.7


def test_a_stain_is_darker_at_its_rim_than_within():
    darker = 0
    for seed in range(8):
        page = blank(200, value=255)
        gone = taken(page, applied(scan.stain, page, 5, seed)).astype(np.float32)
        wet = (gone > 0.05).astype(np.uint8)
        depth = cv2.distanceTransform(wet, cv2.DIST_L2, 5) / (200 / 25.4)
        rim, within = gone[(depth > 0.4) & (depth < 1.4)], gone[(depth > 5) & (depth < 9)]
        darker += rim.mean() > 1.15 * within.mean()
    assert darker >= 7


def test_a_stain_is_no_ellipse():
    likeness = []
    for seed in range(8):
        page = blank(value=255)
        wet = (taken(page, applied(scan.stain, page, 5, seed)) > 0.08).astype(np.uint8)
        outlines, _ = cv2.findContours(wet, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        outline = max(outlines, key=cv2.contourArea)
        blotch = cv2.drawContours(np.zeros_like(wet), [outline], -1, 1, -1)
        ellipse = cv2.ellipse(np.zeros_like(wet), cv2.fitEllipse(outline), 1, -1)
        likeness.append((blotch & ellipse).sum() / (blotch | ellipse).sum())
    assert np.median(likeness) < 0.87
    assert max(likeness) < 0.94


def test_a_cup_is_64_to_84_mm_across():
    for seed in range(6):
        page = blank(value=255)
        marked = np.argwhere(taken(page, applied(scan.cup_ring, page, 5, seed)) > 0.05)
        across = np.ptp(marked, axis=0) / 100 * 25.4
        assert across.max() < 84 + 2 * 7 + 8
    page = sheet(100, size_mm=(300, 300))
    assert np.ptp(np.argwhere(applied(scan.cup_ring, page, 5, 1).view.pixels < page.pixels), axis=0).max() > 200


def test_water_comes_from_an_edge():
    for seed in range(6):
        gone = taken(blank(), applied(scan.water_stain, blank(), 5, seed)) > 0.02
        assert max(gone[0].mean(), gone[-1].mean(), gone[:, 0].mean(), gone[:, -1].mean()) > 0.3
        assert gone.mean() < 0.5


def test_stock_takes_its_share_of_the_colour_it_takes_most():
    for seed in range(6):
        page = blank(colour=True, value=255)
        after = applied(scan.paper_tint, page, 3, seed).view.pixels
        assert after.min() == pytest.approx(255 * 0.8, abs=1)
        assert (after == after[0, 0]).all()


def test_old_paper_is_darker_at_its_edges_and_yellow():
    page = blank(colour=True, value=255)
    after = applied(scan.yellowed, page, 4).view.pixels.astype(float)
    edge = np.concatenate([after[:20].reshape(-1, 3), after[-20:].reshape(-1, 3)]).mean(axis=0)
    middle = after[400:800, 250:600].reshape(-1, 3).mean(axis=0)
    assert edge.mean() < 0.93 * middle.mean()
    assert middle[0] > middle[1] > middle[2]


def test_grain_does_not_repeat():
    page = blank(value=255)
    grain = applied(scan.paper_texture, page, 5).view.pixels.astype(np.float32)
    grain -= grain.mean()
    piece = grain[300:400, 300:400]
    likeness = cv2.matchTemplate(grain, piece, cv2.TM_CCOEFF_NORMED)
    likeness[290:311, 290:311] = 0
    assert likeness.max() < 0.6


def test_the_back_is_the_page_mirrored_and_softer():
    pixels = np.full((1169, 827), 255, np.uint8)
    pixels[300:360, 100:300] = 0
    page = Page(pixels, (100.0, 100.0))
    after = applied(scan.bleed_through, page, 4, 1).view.pixels
    through = (after < 200) & (pixels == 255)
    rows, columns = np.nonzero(through)
    mm = 100 / 25.4
    assert abs(np.median(columns) - (827 - 200)) < 10 * mm
    assert abs(np.median(rows) - 330) < 12 * mm
    assert after[through].min() == pytest.approx(255 * (1 - 0.6 * 0.86), abs=0.6 * 0.2 * 255)


def test_of_an_empty_page_nothing_shows_through():
    with pytest.raises(NotApplicable, match="nothing is printed"):
        applied(scan.bleed_through, blank(), 3)


def test_a_background_has_fine_lines_all_over_the_page():
    page = blank(200, value=255)
    gone = taken(page, applied(scan.security_background, page, 5))
    cells = gone[: 2300 // 100 * 100, :1600].reshape(23, 100, 16, 100)
    assert cells.std(axis=(1, 3)).min() > 0.02
    assert (cells.max(axis=(1, 3)) > 0.05).all()


def test_on_a_grey_page_it_stays_grey_and_on_a_coloured_one_it_has_colour():
    for mutator in (scan.stain, scan.yellowed, scan.security_background):
        assert applied(mutator, sheet(), 4).view.grey
        assert np.ptp(applied(mutator, sheet(colour=True), 4).view.pixels, axis=2).max() > 20
