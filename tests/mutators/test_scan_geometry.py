"""Sheets that lie wrong or are not flat."""

import cv2
import numpy as np
import pytest

from crumple import NotApplicable, Page, Region
from crumple_mutators import scan
from page_samples import PAPER, applied, damage, letter, sheet, slope

BENDS = [scan.skew, scan.perspective, scan.curl, scan.crumple, scan.fold, scan.uneven_feed, scan.lens_distortion]
bends = pytest.mark.parametrize("mutator", BENDS, ids=lambda mutator: mutator.name)


@bends
def test_a_higher_level_moves_points_further(mutator):
    """On a slope of grey, so that no line of print can come to lie on another."""
    for seed in range(3):
        harm = [damage(slope(), applied(mutator, slope(), level, seed).view) for level in (1, 2, 3, 4, 5)]
        assert harm == sorted(harm), seed


@bends
def test_a_chain_of_two_is_resampled_once(mutator):
    """The second move does not blur what the first has drawn: turned back, little sharpness is lost."""
    noise = np.random.default_rng(1).integers(0, 255, (600, 500), dtype=np.uint8)
    page = Page(cv2.GaussianBlur(noise, (3, 3), 0.7), (100.0, 100.0))
    bent = applied(mutator, page, 2, 1).view
    at_once = applied(scan.skew, bent, 2, 1).view.pixels
    in_turn = applied(scan.skew, bent.with_pixels(bent.pixels), 2, 1).view.pixels

    def detail(pixels) -> float:
        return float(cv2.Laplacian(pixels[80:-80, 80:-80], cv2.CV_64F).var())

    assert detail(at_once) > 1.15 * detail(in_turn)


@bends
def test_print_that_leaves_the_frame_is_said_to_be_lost_and_no_other(mutator):
    """A dot that is not on the bent page any more stands in a lost region; one well inside it does not."""
    dots = [(x, y) for y in range(12, 700, 45) for x in range(12, 500, 40)]
    for number, seed in enumerate(range(4)):
        pixels = np.full((700, 500), 255, np.uint8)
        for x, y in dots:
            pixels[y - 4 : y + 5, x - 4 : x + 5] = 0
        page = Page(pixels, (100.0, 100.0))
        said = applied(mutator, page, 5, seed)
        where = said.view.bend.moves[0].forth(np.array([[x / 500, y / 700] for x, y in dots]))
        for (x, y), (across, down) in zip(dots, where, strict=True):
            hit = any(r.left <= x / 500 <= r.right and r.top <= y / 700 <= r.bottom for r in said.lost)
            if not (-0.01 < across < 1.01 and -0.01 < down < 1.01):
                assert hit, (number, x, y)
            if 0.05 < across < 0.95 and 0.05 < down < 0.95:
                assert not hit, (number, x, y)


@bends
def test_what_lies_beyond_the_sheet_has_the_papers_colour(mutator):
    tinted = Page(np.full((300, 200, 3), (250, 240, 200), np.uint8), (50.0, 50.0))
    pixels = applied(mutator, tinted, 4).view.pixels.reshape(-1, 3).astype(float)
    pixels = pixels[pixels.max(axis=1) < 253]  # brighter than white there is nothing
    shade = pixels / pixels.max(axis=1, keepdims=True) * 250
    assert np.abs(shade - (250, 240, 200)).max() < 4, "darker or lighter, never of another colour"


@bends
def test_a_page_that_is_too_small_to_be_bent_does_not_apply(mutator):
    with pytest.raises(NotApplicable):
        applied(mutator, Page(np.full((1, 1), 200, np.uint8), (200.0, 200.0)), 1)


def test_skew_turns_by_the_angle_and_shows_paper_at_the_corners():
    page = sheet(size_mm=(200, 200), margin_mm=60)
    after = applied(scan.skew, page, 5).view.pixels
    assert {int(after[y, x]) for y in (0, -1) for x in (0, -1)} == {PAPER}
    _, _, angle = cv2.minAreaRect(np.argwhere(after < 120).astype(np.float32))
    assert min(angle % 90, 90 - angle % 90) == pytest.approx(10, abs=0.3)


def test_skew_goes_either_way():
    page = sheet()
    assert len({applied(scan.skew, page, 3, seed).view.pixels.tobytes() for seed in range(8)}) == 2


def test_skew_on_a_fax_is_a_rotation_of_the_sheet_not_of_its_oblong_pixels():
    square = sheet(200, size_mm=(150, 150), margin_mm=50)
    fax = Page(np.ascontiguousarray(square.pixels[::2]), (200.0, 100.0))
    turned = applied(scan.skew, fax, 5).view.pixels
    expected = applied(scan.skew, square, 5).view.pixels[::2]
    assert np.abs(turned.astype(int) - expected).mean() < 6


def test_text_that_skew_cuts_off_is_lost_and_text_within_the_margins_is_not():
    wide_margins, no_margins = sheet(margin_mm=35), sheet(margin_mm=0)
    assert not applied(scan.skew, wide_margins, 5).lost
    lost = applied(scan.skew, no_margins, 5).lost
    assert lost
    middle = Region(0, 0.3, 0.3, 0.7, 0.7)
    assert all(
        region.page == 0
        and (
            region.right <= middle.left
            or region.left >= middle.right
            or region.bottom <= middle.top
            or region.top >= middle.bottom
        )
        for region in lost
    ), "corners, not the middle"


def test_perspective_keeps_all_of_the_page_in_the_frame():
    page = sheet(margin_mm=0)
    after = scan.perspective(page, shift=0.02, rng=np.random.default_rng(0))
    dark = [int((each.pixels < 120).sum()) for each in (page, after)]
    assert dark[1] > 0.9 * dark[0]


def test_perspective_is_measured_on_the_page():
    page = slope()
    for level, share in zip((1, 3, 5), (0.01, 0.05, 0.18), strict=True):
        moved = applied(scan.perspective, page, level, 2).view.bend.moves[0]
        corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=float)
        shift = np.abs(moved.forth(corners) - corners) * (1, page.size_mm[1] / page.size_mm[0])
        assert shift.max() == pytest.approx(share, rel=0.02)


@pytest.mark.parametrize("level", [1, 3, 5])
def test_a_curl_lifts_lines_by_no_more_than_its_height(level):
    page = letter(100)
    height = scan.curl.ladder.at(level)
    for seed in range(4):
        move = applied(scan.curl, page, level, seed).view.bend.moves[0]
        down = np.abs(move.shift[..., 1]).max() * page.size_mm[1]
        assert 0.5 * height < down <= 1.001 * height


def test_a_crumpled_sheet_shifts_by_its_sigma():
    page = Page(np.full((1169, 827), 250, np.uint8), (100.0, 100.0))
    move = applied(scan.crumple, page, 4, 3).view.bend.moves[0]
    assert (move.shift[..., 0] * page.size_mm[0]).std() == pytest.approx(0.9, rel=0.25)
    assert (move.shift[..., 1] * page.size_mm[1]).std() == pytest.approx(0.9, rel=0.25)


def test_slopes_lie_in_the_shade_but_never_in_the_dark():
    blank = Page(np.full((1169, 827), 240, np.uint8), (100.0, 100.0))
    for mutator in (scan.curl, scan.crumple, scan.fold):
        shaded = applied(mutator, blank, 5, 1).view.pixels
        assert 40 < shaded.min() < 225
        assert np.median(shaded) > 180


def test_uneven_feed_repeats_rows_and_pushes_the_rest_down():
    """Three stops of 8 mm: the page's end is lost, its beginning is where it was."""
    page = sheet(100)
    said = applied(scan.uneven_feed, page, 5, 1)
    assert np.array_equal(said.view.pixels[:12], page.pixels[:12])
    assert min(region.top for region in said.lost) > 0.8
    assert said.view.bend.origin(Region(0, 0.4, 0.99, 0.6, 1)).bottom < 0.92
