"""Screens of dots and the fringes between two of them."""

import cv2
import numpy as np
import pytest

from crumple import NotApplicable, Page
from crumple_mutators import scan
from page_samples import PAPER, applied, sheet


def shade(value: int, dpi: float = 300.0, *, colour: tuple[int, int, int] | None = None) -> Page:
    """A large patch of one shade on white paper."""
    pixels = np.full((800, 800, 3) if colour else (800, 800), 255, np.uint8)
    pixels[:300] = colour or value
    return Page(pixels, (dpi, dpi))


@pytest.mark.parametrize("value", [40, 90, 128, 200])
def test_a_screen_prints_a_shade_by_that_share_of_ink(value):
    for lpi in (45, 85):
        after = scan.halftone(shade(value), lpi=lpi, rng=np.random.default_rng(0)).pixels
        assert after[:300].mean() == pytest.approx(value, abs=6)
        assert after[:300].std() > 25


def test_black_stays_black_and_paper_bare():
    pixels = shade(0).pixels.copy()
    pixels[400:500] = 128
    after = applied(scan.halftone, Page(pixels, (300.0, 300.0)), 5).view.pixels
    assert after[:290].max() == 0
    assert after[310:390].min() == after[510:].min() == 255


def test_a_page_without_shades_has_nothing_to_screen():
    with pytest.raises(NotApplicable, match="no shade"):
        applied(scan.halftone, Page(np.full((300, 300), 240, np.uint8), (300.0, 300.0)), 5)


def test_a_screen_has_its_lines_an_inch_at_45_degrees():
    lpi, dpi = 50, 300
    after = scan.halftone(shade(128, dpi), lpi=lpi, rng=np.random.default_rng(0)).pixels[:256, :256].astype(float)
    spectrum = np.abs(np.fft.fft2(after - after.mean()))[:128, :128]
    row, column = np.unravel_index(np.argmax(spectrum), spectrum.shape)
    expected = lpi / dpi * 256 / np.sqrt(2)
    assert (row, column) == pytest.approx((expected, expected), abs=1)


def test_a_screen_finer_than_the_pixels_does_not_apply():
    with pytest.raises(NotApplicable, match="finer"):
        scan.halftone(shade(128, 72.0), lpi=150, rng=np.random.default_rng(0))


def test_grey_on_a_page_with_colours_is_screened_in_black_alone_and_a_colour_in_its_own():
    grey = applied(scan.halftone, shade(0, colour=(120, 120, 120)), 4).view.pixels
    assert (np.ptp(grey, axis=2) <= 1).all()
    red = applied(scan.halftone, shade(0, colour=(230, 60, 60)), 4).view.pixels[:300]
    assert red[..., 0].mean() == pytest.approx(230, abs=6)
    assert red[..., 1].mean() == pytest.approx(60, abs=8)


def test_tinted_paper_keeps_its_colour_under_a_screen():
    pixels = np.full((300, 300, 3), (250, 240, 200), np.uint8)
    pixels[100:200, 100:200] = (125, 120, 100)
    after = applied(scan.halftone, Page(pixels, (200.0, 200.0)), 4).view.pixels
    assert np.abs(after[:90].astype(int) - (250, 240, 200)).max() <= 2


def test_moire_takes_the_share_of_light_asked_for_at_most():
    page = Page(np.full((900, 700), 250, np.uint8), (150.0, 150.0))
    for seed in range(4):
        for level in (1, 5):
            amplitude = scan.moire.ladder.at(level)
            after = applied(scan.moire, page, level, seed).view.pixels
            assert 250 * (1 - amplitude) - 1 <= after.min() < 250 * (1 - 0.7 * amplitude)


def test_moire_is_one_pattern_at_150_and_at_300_dpi_without_hard_edges():
    small, large = (
        applied(scan.moire, sheet(dpi, margin_mm=80), 5, seed=3).view.pixels[: dpi * 2, : dpi * 2] for dpi in (150, 300)
    )
    assert np.abs(small.astype(int) - cv2.resize(large, small.shape[::-1], interpolation=cv2.INTER_AREA)).mean() < 3
    assert np.abs(np.diff(large.astype(int), axis=0)).max() < 25


def test_moire_has_rainbow_edges_on_a_page_with_colours_and_none_on_a_grey_one():
    spread = np.ptp(applied(scan.moire, sheet(colour=True), 5, seed=1).view.pixels, axis=2).max()
    assert spread > 20
    assert applied(scan.moire, sheet(), 5).view.pixels.max() <= PAPER
