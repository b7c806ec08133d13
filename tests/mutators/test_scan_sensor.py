"""Sensors: streaks, flickering light, colours that do not meet."""

import cv2
import numpy as np
import pytest

from crumple import NotApplicable, Page
from crumple_mutators import scan
from page_samples import applied, sheet
from page_text import text_page


def blank(*, colour: bool = False, dpi: float = 200.0) -> Page:
    return Page(np.full((800, 1600, 3) if colour else (800, 1600), 250, np.uint8), (dpi, dpi))


def test_streaks_run_from_top_to_bottom_as_many_as_asked_for():
    for seed in range(4):
        touched = (applied(scan.vertical_streaks, blank(), 3, seed).view.pixels != 250).any(axis=0)
        starts = (np.diff(touched.astype(int), prepend=0) == 1).sum()
        assert 5 <= starts <= 10, "light ones do not show on white paper"


def test_a_single_streak_shows_and_is_thin():
    for seed in range(8):
        touched = (applied(scan.vertical_streaks, blank(), 1, seed).view.pixels != 250).any(axis=0)
        assert 1 <= touched.sum() <= np.ceil((0.5 / 25.4) * 200) + 2


def test_more_streaks_keep_the_fewer():
    for seed in range(4):
        few, many = (applied(scan.vertical_streaks, blank(), level, seed).view.pixels for level in (3, 4))
        assert ((few != 250) & (many == 250)).sum() == 0


def test_the_tone_of_a_streak_wanders_and_no_two_rows_jump():
    after = applied(scan.vertical_streaks, Page(np.full((3000, 400), 250, np.uint8), (200.0, 200.0)), 1).view.pixels
    streak = after[:, (after != 250).any(axis=0)].min(axis=1).astype(int)
    assert np.ptp(streak) > 5
    assert np.abs(np.diff(streak)).max() < 25


def test_some_streaks_are_tinted_where_the_page_has_colours():
    after = applied(scan.vertical_streaks, blank(colour=True), 4).view.pixels
    assert np.ptp(after, axis=2).max() > 30
    assert (np.ptp(after[:, (after != 250).any(axis=(0, 2))], axis=2).max(axis=0) == 0).any(), "others are not"


def test_streaks_on_a_black_page_do_not_apply():
    with pytest.raises(NotApplicable, match="no difference"):
        applied(scan.vertical_streaks, Page(np.zeros((100, 100), np.uint8), (100.0, 100.0)), 1)


def test_bands_take_the_share_of_light_asked_for_evenly_along_themselves():
    for seed in range(6):
        after = scan.banding(blank(), depth=0.5, rng=np.random.default_rng(seed)).pixels.astype(int)
        assert after.min() == pytest.approx(125, abs=2)
        assert after.max() >= 249
        assert min(np.ptp(after, axis=0).max(), np.ptp(after, axis=1).max()) == 0
        assert max(np.abs(np.diff(after, axis=0)).max(), np.abs(np.diff(after, axis=1)).max()) < 20


def test_colours_come_apart_by_the_shift_on_paper():
    for dpi in (150.0, 300.0):
        pixels = np.full((400, 400, 3), 255, np.uint8)
        pixels[150:250, 150:250] = 0
        page = Page(pixels, (dpi, dpi))
        for seed in range(4):
            after = applied(scan.colour_misregistration, page, 4, seed).view.pixels.astype(float)
            ink = 255 - after
            rows, columns = np.mgrid[:400, :400]
            red, green, blue = (
                np.array([(rows * ink[..., each]).sum(), (columns * ink[..., each]).sum()]) / ink[..., each].sum()
                for each in range(3)
            )
            assert green.tolist() == pytest.approx([199.5, 199.5])
            assert np.hypot(*(red - green)) / dpi * 25.4 == pytest.approx(0.35, rel=0.03)
            assert 0.55 < np.hypot(*(blue - green)) / np.hypot(*(red - green)) < 1.02
            assert np.dot(red - green, blue - green) < 0


def test_a_page_without_colours_or_edges_has_nothing_that_could_come_apart():
    with pytest.raises(NotApplicable, match="no colours"):
        applied(scan.colour_misregistration, sheet(), 3)
    with pytest.raises(NotApplicable, match="edge whose colours"):
        applied(scan.colour_misregistration, blank(colour=True), 3)


def test_grey_text_gets_coloured_rims():
    page = text_page(150, colour=True)
    after = applied(scan.colour_misregistration, page, 3).view.pixels
    assert np.ptp(after, axis=2).max() > 60
    assert (after[:20] == 250).all()


def test_noise_has_the_deviation_asked_for_no_bias_and_no_pattern():
    page = Page(np.full((600, 600), 128, np.uint8), (200.0, 200.0))
    noise = scan.sensor_noise(page, sigma=20, rng=np.random.default_rng(0)).pixels.astype(float) - 128
    assert noise.std() == pytest.approx(20, rel=0.02)
    assert abs(noise.mean()) < 0.2
    assert abs(np.corrcoef(noise[:, :-1].ravel(), noise[:, 1:].ravel())[0, 1]) < 0.01


def test_noise_of_colour_channels_is_their_own():
    page = Page(np.full((200, 200, 3), 128, np.uint8), (200.0, 200.0))
    red, green, _ = np.moveaxis(applied(scan.sensor_noise, page, 2).view.pixels.astype(float), 2, 0)
    assert abs(np.corrcoef(red.ravel(), green.ravel())[0, 1]) < 0.02


def test_specks_take_their_share_black_and_white_alike_and_keep_those_of_a_lower_share():
    page = Page(np.full((600, 600), 128, np.uint8), (200.0, 200.0))
    less, more = (
        scan.salt_and_pepper(page, share=share, rng=np.random.default_rng(5)).pixels for share in (0.02, 0.10)
    )
    assert (less == 0).mean() == pytest.approx(0.01, rel=0.1)
    assert (less == 255).mean() == pytest.approx(0.01, rel=0.1)
    assert np.array_equal(more[less != 128], less[less != 128])


def test_specks_have_the_same_size_on_paper_at_600_dpi():
    page = Page(np.full((600, 600), 128, np.uint8), (600.0, 600.0))
    pixels = scan.salt_and_pepper(page, share=0.002, rng=np.random.default_rng(5)).pixels
    _, _, stats, _ = cv2.connectedComponentsWithStats((pixels != 128).astype(np.uint8))
    assert set(stats[1:, cv2.CC_STAT_AREA]) <= {9, 18, 27}
