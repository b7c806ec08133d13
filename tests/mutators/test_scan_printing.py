"""Printers, copiers and print heads: where specks flip, where lines are missing, where pins strike."""

import itertools

import cv2
import numpy as np
import pytest

from crumple import NotApplicable, Page
from crumple_mutators import scan
from page_samples import PAPER, applied, damage, sheet
from page_text import text_page


def halves(dpi: float = 200.0) -> Page:
    pixels = np.full((900, 900), 240, np.uint8)
    pixels[:, :450] = 20
    return Page(pixels, (dpi, dpi))


def test_specks_flip_by_kanungos_probability_of_their_distance():
    page = halves()
    for alpha in (1.0, 0.5):
        flips = [
            scan.print_noise(page, alpha=alpha, rng=np.random.default_rng(seed)).pixels != page.pixels
            for seed in range(4)
        ]
        eta = {1.0: 0.01, 0.5: 0.06}[alpha]
        for distance in (1, 2, 3):
            chance = np.exp(-alpha * distance**2)
            for column in (450 - distance, 449 + distance):  # ink, paper
                share = np.mean([each[:, column].mean() for each in flips])
                assert share == pytest.approx(chance + eta - chance * eta, abs=0.03)
        assert np.mean([each[:, :400].mean() for each in flips]) == pytest.approx(eta, rel=0.1)


def test_print_noise_turns_ink_into_paper_and_paper_into_ink():
    page = sheet(200, colour=True)
    after = applied(scan.print_noise, page, 5).view.pixels
    assert np.ptp(after, axis=2).max() == 0
    assert set(np.unique(after)) == {25, PAPER}


def test_print_noise_keeps_a_bilevel_page_bilevel():
    pixels = np.where(text_page(150).pixels > 128, 255, 0).astype(np.uint8)
    assert set(np.unique(applied(scan.print_noise, Page(pixels, (150.0, 150.0)), 4).view.pixels)) == {0, 255}


def test_rougher_print_keeps_the_flips_of_a_less_rough_one():
    page = text_page(200)
    shades = [applied(scan.print_noise, page, level, 1).view.pixels != page.pixels for level in (2, 3, 4, 5)]
    for less, more in itertools.pairwise(shades):
        assert (less & ~more).sum() <= 0.02 * less.sum()


def test_a_speck_of_print_noise_has_the_same_size_on_paper_at_600_dpi():
    page = Page(np.where(np.arange(900)[:, None] < 450, 20, 240).repeat(900, axis=1).astype(np.uint8), (600.0, 600.0))
    flips = (applied(scan.print_noise, page, 2).view.pixels != page.pixels).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(flips[500:])
    assert set(stats[1:, cv2.CC_STAT_AREA].tolist()) <= {9, 18, 27}


def test_dropout_leaves_as_many_lines_in_10_cm_as_asked_for_as_wide_as_an_element():
    pixels = np.full((1000, 1000), 250, np.uint8)
    pixels[np.arange(1000) % 5 < 2] = 20
    page = Page(pixels, (254.0, 254.0))
    for seed in range(4):
        after = scan.dropout_lines(page, lines=20, rng=np.random.default_rng(seed)).pixels.astype(float)
        bare = (after - pixels).sum() / ((pixels == 20).sum() * 230)
        assert bare == pytest.approx(20 * 0.125 / 100, rel=0.35), "20 lines of 0.125 mm in 100 mm, some in pairs"


def test_dropout_never_adds_ink_and_more_lines_keep_the_fewer():
    page = text_page(150, colour=True)
    for seed in range(4):
        lifted = [applied(scan.dropout_lines, page, level, seed).view.pixels.astype(int) for level in (1, 3, 5)]
        assert (lifted[0] >= page.pixels).all()
        assert (lifted[1] >= lifted[0]).all()
        assert (lifted[2] >= lifted[1]).all()


def test_dropout_runs_along_the_sheet_or_across_it():
    ways = set()
    for seed in range(8):
        page = Page(
            np.where(np.arange(600)[:, None] % 5 < 2, 20, 250).repeat(600, axis=1).astype(np.uint8), (150.0, 150.0)
        )
        bare = applied(scan.dropout_lines, page, 5, seed).view.pixels - page.pixels > 0
        ways.add("along" if bare[::5].all(axis=0).any() else "across")
    assert ways == {"along", "across"}


def test_lines_that_meet_nothing_printed_do_not_apply():
    pixels = np.full((400, 400), 250, np.uint8)
    pixels[0, 0] = 10
    with pytest.raises(NotApplicable, match="no line"):
        scan.dropout_lines(Page(pixels, (100.0, 100.0)), lines=2, rng=np.random.default_rng(1))


def test_a_dot_matrix_strikes_as_many_dots_an_inch_as_asked_for():
    page = Page(np.full((600, 600), 250, np.uint8), (300.0, 300.0))
    pixels = page.pixels.copy()
    pixels[100:500, 100:500] = 10
    after = scan.dot_matrix(Page(pixels, (300.0, 300.0)), dpi=60, rng=np.random.default_rng(0)).pixels[150:450, 150:450]
    # Between four dots the paper shows: at their pitch, 5 pixels.
    spectrum = np.abs(np.fft.rfft(after.astype(float).mean(axis=0) - after.mean()))
    assert int(np.argmax(spectrum)) == 300 // 5


def test_a_dot_matrix_prints_ink_on_bare_paper():
    page = sheet(200, colour=True)
    after = applied(scan.dot_matrix, page, 3).view.pixels
    assert after.max() == PAPER
    assert after.min() >= 25
    assert damage(page, applied(scan.dot_matrix, page, 5).view) > damage(page, applied(scan.dot_matrix, page, 1).view)
