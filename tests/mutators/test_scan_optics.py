"""Motion: how long a smear is, and where it goes."""

import numpy as np
import pytest

from crumple import NotApplicable, Page
from crumple_mutators import scan
from page_samples import PAPER, applied, damage, sheet


def speck(dpi: float, *, across: float | None = None) -> Page:
    """A black speck of 0.25 mm on white paper."""
    wide, down = across or dpi, dpi
    pixels = np.full((round(20 * down / 25.4), round(20 * wide / 25.4)), 255, np.uint8)
    middle = [each // 2 for each in pixels.shape]
    half = [max(1, round(0.125 * each / 25.4)) for each in (down, wide)]
    pixels[middle[0] - half[0] : middle[0] + half[0], middle[1] - half[1] : middle[1] + half[1]] = 0
    return Page(pixels, (wide, down))


def smear_mm(page: Page) -> float:
    """How long the smear of a speck is, by the deviation of its ink: an even line's is its length / sqrt(12)."""
    ink = 255 - page.pixels.astype(float)
    rows, columns = np.mgrid[: page.height, : page.width]
    points = np.stack([columns / page.dpi[0], rows / page.dpi[1]]) * 25.4
    centre = (points * ink).sum(axis=(1, 2)) / ink.sum()
    spread = np.tensordot((points - centre[:, None, None]) * ink, points - centre[:, None, None], ([1, 2], [1, 2]))
    return float(np.sqrt(np.linalg.eigvalsh(spread / ink.sum())[-1] * 12))


@pytest.mark.parametrize(("dpi", "across"), [(150.0, None), (200.0, None), (300.0, None), (98.0, 204.0)])
def test_a_smear_is_as_long_on_paper_as_asked_for_at_any_resolution(dpi, across):
    for seed in range(4):
        for length in (1.1, 2.4):
            moved = scan.motion(speck(dpi, across=across), length=length, rng=np.random.default_rng(seed))
            assert smear_mm(moved) == pytest.approx(np.hypot(length, 0.25), rel=0.12)


def test_motion_keeps_the_amount_of_ink_and_blank_edges_blank():
    page = sheet(150)
    after = applied(scan.motion, page, 5).view.pixels
    ink = [(PAPER - each.astype(float)).sum() for each in (page.pixels, after)]
    assert ink[1] == pytest.approx(ink[0], rel=0.02)
    assert (after[:20] == PAPER).all()


def test_a_smear_has_no_gaps():
    moved = scan.motion(speck(300), length=2.4, rng=np.random.default_rng(2)).pixels
    ink = 255 - moved.astype(float)
    along = ink.sum(axis=0) if ink.sum(axis=0).max() < ink.sum(axis=1).max() else ink.sum(axis=1)
    inside = along[along > 0.2 * along.max()]
    assert inside.min() > 0.2 * along.max()
    assert len(inside) == np.ptp(np.flatnonzero(along > 0.2 * along.max())) + 1


def test_the_lowest_level_is_seen_and_each_higher_one_more():
    page = sheet(150)
    harm = [damage(page, applied(scan.motion, page, level, 1).view) for level in (1, 2, 3, 4, 5)]
    assert harm[0] > 0.5
    assert harm == sorted(harm)


def test_directions_are_drawn():
    looks = {applied(scan.motion, speck(200), 3, seed).view.pixels.tobytes() for seed in range(4)}
    assert len(looks) == 4


def test_defocus_spreads_an_edge_by_sigma():
    pixels = np.full((200, 200), 255, np.uint8)
    pixels[:, :100] = 0
    page = Page(pixels, (254.0, 254.0))
    blurred = scan.defocus(page, sigma=0.5, rng=np.random.default_rng(0)).pixels[100].astype(float) / 255
    assert np.interp(0.8413, blurred, np.arange(200)) - 99.5 == pytest.approx(5, abs=0.2), "84 % at one sigma: 5 pixels"


def test_a_blur_finer_than_the_pixels_does_not_apply():
    with pytest.raises(NotApplicable, match="finer"):
        scan.defocus(sheet(75), sigma=0.02, rng=np.random.default_rng(0))


def test_resolution_does_not_apply_to_a_page_that_is_as_coarse_already():
    with pytest.raises(NotApplicable, match="only 75 dpi"):
        applied(scan.resolution, sheet(75), 3)
    assert applied(scan.resolution, Page(sheet(200).pixels[::4], (200.0, 50.0)), 3).view.dpi == (200.0, 50.0)
