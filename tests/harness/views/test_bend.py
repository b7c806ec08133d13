"""Pages that are moved and bent: where their points come from, and that they are resampled once."""

import cv2
import numpy as np
import pytest

from crumple import NotApplicable, Page, Projection, Region, Warp
from crumple.views.bend import STILL, Bend
from page_samples import sheet


def turned(degrees: float) -> Projection:
    """A turn about the middle of a square page."""
    angle = np.deg2rad(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    middle = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    return Projection(middle @ turn @ np.linalg.inv(middle))


def wavy(rows=30, columns=20, height=0.01) -> Warp:
    shift = np.zeros((rows, columns, 2))
    shift[..., 1] = height * np.sin(np.linspace(0, 6, columns))[None, :]
    return Warp(shift)


def points() -> np.ndarray:
    return np.stack(np.meshgrid(np.linspace(0.1, 0.9, 7), np.linspace(0.1, 0.9, 5)), axis=-1)


@pytest.mark.parametrize("move", [turned(7), wavy(), wavy(height=0.03)], ids=["projection", "warp", "strong warp"])
def test_going_forth_and_back_ends_where_it_began(move):
    assert np.allclose(move.back(move.forth(points())), points(), atol=1e-4)


def test_two_projections_are_one():
    assert len(Bend().then(turned(3)).then(turned(4)).moves) == 1
    assert np.allclose(Bend().then(turned(3)).then(turned(4)).back(points()), turned(7).back(points()))


def test_a_warp_that_shifts_all_by_whole_pixels_moves_the_pixels_unchanged():
    page = sheet(100)
    shift = np.zeros((5, 4, 2))
    shift[..., 0], shift[..., 1] = 12 / page.width, -7 / page.height
    moved = page.bent(Warp(shift), (0,)).pixels
    assert np.array_equal(moved[7:, :-12], page.pixels[:-7, 12:])
    assert not moved[:7].any()
    assert not moved[:, -12:].any()


@pytest.mark.parametrize("colour", [False, True], ids=["grey", "RGB"])
def test_a_projection_drawn_through_the_nodes_of_a_warp_looks_like_the_projection_itself(colour):
    page = sheet(100, colour=colour, size_mm=(150, 150))
    still = Warp(np.zeros((2, 2, 2)))
    straight, through = (
        each.pixels.astype(int)
        for each in (page.bent(turned(4), (235,) * 3), page.bent(still, (235,) * 3).bent(turned(4), (235,) * 3))
    )
    assert np.abs(straight - through).mean() < 0.7


def sharpness(pixels) -> float:
    return float(cv2.Laplacian(pixels[60:-60, 60:-60], cv2.CV_64F).var())


def test_three_moves_are_resampled_once_and_stay_sharper_than_three_passes():
    """The hidden blur of chained resampling."""
    page = Page(np.random.default_rng(3).integers(0, 255, (500, 500), dtype=np.uint8), (100.0, 100.0))
    moves = (turned(2), wavy(), turned(-1.3))
    at_once, in_turn = page, page
    for move in moves:
        at_once = at_once.bent(move, (255,))
        in_turn = in_turn.bent(move, (255,))
        in_turn = in_turn.with_pixels(in_turn.pixels)
    assert sharpness(at_once.pixels) > 2 * sharpness(in_turn.pixels)
    assert np.allclose(at_once.bend.back(points()), in_turn.bend.back(points()))


def test_a_bent_page_knows_where_its_places_were():
    page = sheet().bent(Projection(np.array([[1, 0, 0.1], [0, 1, -0.2], [0, 0, 1]])), (235,))
    origin = page.bend.origin(Region(2, 0.5, 0.5, 0.6, 0.6))
    assert origin is not None
    assert (origin.page, origin.left, origin.top) == (2, pytest.approx(0.4), pytest.approx(0.7))
    assert page.bend.origin(Region(0, 0, 0.85, 0.05, 0.95)) is None, "what was pushed in from outside"


def test_light_on_a_bent_page_moves_with_it_and_is_laid_on_once():
    page = Page(np.full((400, 300), 200, np.uint8), (100.0, 100.0))
    light = np.ones((41, 31), np.float32)
    light[:20] = 0.5
    half = page.lit(light)
    assert half.pixels[40, 150] == pytest.approx(100, abs=1)
    assert half.pixels[380, 150] == pytest.approx(200, abs=1)
    down = half.bent(Projection(np.array([[1, 0, 0], [0, 1, 0.25], [0, 0, 1]])), (200,))
    assert down.pixels[250, 150] == pytest.approx(100, abs=1)
    assert half.lit(light).pixels[40, 150] == pytest.approx(50, abs=1)


def test_a_text_layer_goes_with_the_page():
    page = sheet().with_text_layer([("stays", Region(0, 0.4, 0.4, 0.5, 0.45)), ("goes", Region(0, 0, 0.9, 0.2, 0.95))])
    moved = page.bent(Projection(np.array([[1, 0, 0], [0, 1, 0.3], [0, 0, 1]])), (235,)).text_layer
    assert [word for word, _ in moved] == ["stays"]
    assert moved[0][1].top == pytest.approx(0.7)
    assert page.with_pixels(255 - page.pixels).text_layer == page.text_layer


@pytest.mark.parametrize("quarters", [0, 1, 2, 3, 4, -1])
def test_quarter_turns_are_exact_and_keep_track(quarters):
    page = Page(np.arange(6, dtype=np.uint8).reshape(2, 3), (300.0, 100.0))
    turned_page = page.turned(quarters)
    assert np.array_equal(turned_page.pixels, np.rot90(page.pixels, -quarters))
    assert turned_page.dpi == ((100, 300) if quarters % 2 else (300, 100))
    clean = Region(0, 0, 0, 1 / 3, 0.5)
    now = turned_page.bend.destination(clean)
    assert now is not None
    row, column = round(now.top * turned_page.height), round(now.left * turned_page.width)
    assert turned_page.pixels[row, column] == 0
    assert turned_page.bend.origin(now) == Region(
        0, pytest.approx(0), pytest.approx(0), pytest.approx(1 / 3), pytest.approx(0.5)
    )


def test_a_mirrored_page_keeps_track():
    assert sheet().mirrored().bend.origin(Region(0, 0.1, 0.2, 0.3, 0.4)) == Region(
        0, pytest.approx(0.7), pytest.approx(0.2), pytest.approx(0.9), pytest.approx(0.4)
    )


def test_a_page_wider_than_can_be_resampled_is_not_applicable():
    with pytest.raises(NotApplicable, match="32,766"):
        Page(np.zeros((2, 40_000), np.uint8), (200.0, 200.0)).bent(turned(1), (0,))


def test_a_page_that_was_not_bent_comes_from_its_own_places():
    assert sheet().bend is STILL
    assert STILL.origin(Region(3, 0.1, 0.2, 0.3, 0.4)) == Region(3, 0.1, 0.2, 0.3, 0.4)
