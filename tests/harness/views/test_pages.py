"""Pages as data: what a page promises, whatever file it came from."""

import numpy as np
import pytest

from crumple import Document, Page, Pages
from crumple.views.pages import estimated_dpi, read_page

DOCUMENT = Document(b"some bytes", "image/png", "a.png")


def grey(height: int = 30, width: int = 20) -> np.ndarray:
    return np.full((height, width), 200, np.uint8)


def test_the_pixels_of_a_page_cannot_be_written_to():
    page = Page(grey(), (200, 200))
    with pytest.raises(ValueError, match="read-only"):
        page.pixels[0, 0] = 1


@pytest.mark.parametrize(
    "pixels",
    [np.zeros((4, 4), np.uint16), np.zeros((4, 4, 4), np.uint8), np.zeros(4, np.uint8), np.zeros((0, 4), np.uint8)],
    ids=["16 bit", "four channels", "one axis", "no rows"],
)
def test_what_is_not_grey_or_rgb_of_eight_bits_is_no_page(pixels):
    with pytest.raises(ValueError, match="a page"):
        Page(pixels, (200, 200))


def test_a_page_without_a_resolution_is_refused():
    with pytest.raises(ValueError, match="dpi"):
        Page(grey(), (200, 0))


def test_millimetres_become_pixels_by_the_resolution_across_and_down():
    fax = Page(grey(), (204, 98))
    assert fax.px(25.4) == pytest.approx((204, 98))
    assert Page(grey(200, 100), (100, 200)).size_mm == pytest.approx((25.4, 25.4))


def test_pages_are_equal_by_their_pixels_and_resolution():
    assert Page(grey(), (200, 200)) == Page(grey(), (200, 200))
    assert Page(grey(), (200, 200)) != Page(grey(), (200, 100))
    assert Page(grey(), (200, 200)) != Page(grey() + 1, (200, 200))


def test_a_page_is_unchanged_until_it_is_given_pixels_even_equal_ones():
    page = read_page(DOCUMENT, 0, 1, grey(), (200.0, 200.0))
    assert page.unchanged
    assert not page.with_pixels(page.pixels).unchanged
    assert not page.with_pixels(page.pixels.copy()).unchanged
    assert not Page(grey(), (200, 200)).unchanged


def test_pages_are_unchanged_only_all_of_them_in_order_and_of_that_document():
    one, two = (read_page(DOCUMENT, index, 2, grey(), (200.0, 200.0)) for index in range(2))
    assert Pages((one, two)).unchanged(DOCUMENT)
    assert not Pages((two, one)).unchanged(DOCUMENT)
    assert not Pages((one,)).unchanged(DOCUMENT)
    assert not Pages((one, two, two)).unchanged(DOCUMENT)
    assert not Pages((one, two)).unchanged(Document(b"other bytes", "image/png", "a.png"))


@pytest.mark.parametrize(
    ("width", "height", "dpi"), [(1654, 2339, 200), (2339, 1654, 200), (2550, 3300, 300), (900, 900, 200)]
)
def test_an_unknown_resolution_is_estimated_from_the_shape_of_a4_or_letter_else_200(width, height, dpi):
    assert estimated_dpi(width, height) == pytest.approx(dpi, rel=0.002)
