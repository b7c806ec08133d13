"""Saving again and again, and sharpening too much."""

import numpy as np
import pytest

from crumple import NotApplicable, Page
from crumple_mutators import scan
from page_samples import applied, damage, sheet
from page_text import text_page


@pytest.mark.parametrize("colour", [False, True], ids=["grey", "RGB"])
def test_every_generation_loses_more_and_moves_nothing(colour):
    page = text_page(150, colour=colour)
    for seed in range(3):
        harm = [damage(page, applied(scan.jpeg_generations, page, level, seed).view) for level in (1, 3, 5)]
        assert harm == sorted(harm)
    after = applied(scan.jpeg_generations, page, 5).view.pixels
    dark = np.argwhere(page.pixels < 120).mean(axis=0)
    assert np.argwhere(after < 120).mean(axis=0) == pytest.approx(dark, abs=1)


def test_saving_twenty_times_does_more_than_saving_once_because_the_blocks_move():
    page = text_page(150)
    once, often = (scan.jpeg_generations(page, count=count, rng=np.random.default_rng(4)) for count in (1, 20))
    assert damage(page, often) > 1.3 * damage(page, once)


def test_a_blank_page_has_nothing_to_lose():
    with pytest.raises(NotApplicable, match="nothing"):
        applied(scan.jpeg_generations, Page(np.full((200, 200), 255, np.uint8), (100.0, 100.0)), 1)


def test_sharpening_overshoots_on_both_sides_of_an_edge_within_the_mask():
    pixels = np.full((300, 300), 200, np.uint8)
    pixels[:, :150] = 80
    for dpi in (150.0, 300.0):
        after = scan.oversharpened(Page(pixels, (dpi, dpi)), amount=1, rng=np.random.default_rng(0)).pixels.mean(axis=0)
        assert after[150] > 230
        assert after[149] < 50
        reach = round(3.2 * 0.3 / 25.4 * dpi)
        assert after[150 + reach :].tolist() == pytest.approx([200] * (150 - reach), abs=1)


def test_sharpening_makes_grain_of_faint_noise():
    page = Page(np.full((300, 300), 128, np.uint8), (200.0, 200.0))
    for amount in (2, 8):
        after = scan.oversharpened(page, amount=amount, rng=np.random.default_rng(0)).pixels
        assert after.std() == pytest.approx(1.5 * amount, rel=0.1)


def test_sharpening_twice_as_much_changes_more_and_not_the_input():
    page = sheet(150)
    before = page.pixels.tobytes()
    harm = [damage(page, applied(scan.oversharpened, page, level).view) for level in (1, 2, 3, 4, 5)]
    assert harm == sorted(harm)
    assert page.pixels.tobytes() == before


def test_jpeg_refuses_a_quality_that_there_is_not():
    with pytest.raises(ValueError, match="between 1 and 100"):
        scan.jpeg(sheet(), quality=0, rng=np.random.default_rng(0))


def test_jpeg_keeps_red_red():
    red = Page(np.full((64, 64, 3), (200, 30, 30), np.uint8), (200.0, 200.0))
    assert applied(scan.jpeg, red, 2).view.pixels[32, 32].tolist() == pytest.approx([200, 30, 30], abs=12)
