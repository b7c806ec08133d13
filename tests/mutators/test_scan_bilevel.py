"""Black and white alone: thresholds, faxes, dithering."""

import numpy as np
import pytest

from crumple import NotApplicable, Page
from crumple_mutators import scan
from page_samples import PAPER, applied, sheet
from page_text import text_page

BILEVEL = [scan.binarise, scan.fax_resolution, scan.dither]


@pytest.mark.parametrize("colour", [False, True], ids=["grey", "RGB"])
@pytest.mark.parametrize("mutator", BILEVEL, ids=lambda mutator: mutator.name)
def test_nothing_is_left_but_black_and_white(mutator, colour):
    for level in (1, 3, 5):
        after = applied(mutator, text_page(150, colour=colour), level).view
        assert set(np.unique(after.pixels)) == {0, 255}
        assert after.grey is not colour


def test_what_is_darker_than_the_threshold_is_black_and_what_is_lighter_white():
    pixels = np.full((400, 400), 250, np.uint8)
    pixels[:200, :200], pixels[:200, 200:] = 100, 190
    after = scan.binarise(Page(pixels, (100.0, 100.0)), threshold=150, rng=np.random.default_rng(0)).view.pixels
    assert (after[:200, :200] == 0).all()
    assert (after[:200, 200:] == 255).all()
    assert (after[200:] == 255).all()


def test_a_high_threshold_turns_paper_black_more_and_more():
    page = text_page(150, paper=250)
    black = [(applied(scan.binarise, page, level).view.pixels == 0).mean() for level in (1, 2, 3, 4, 5)]
    assert black == sorted(black)
    assert black[4] > black[0] + 0.05


def test_where_all_is_black_what_stood_there_is_lost_and_elsewhere_nothing_is():
    assert not applied(scan.binarise, sheet(150), 2).lost
    degraded = applied(scan.binarise, sheet(150, paper=225), 5)
    assert (degraded.view.pixels == 0).mean() > 0.95
    printed = applied(scan.binarise, sheet(150), 5).lost
    assert len(degraded.lost) >= len(printed) > 100


def test_a_page_that_is_black_and_white_already_is_not_made_so():
    page = Page(np.where(text_page(150).pixels > 128, 255, 0).astype(np.uint8), (150.0, 150.0))
    for mutator in BILEVEL:
        with pytest.raises(NotApplicable, match="already"):
            applied(mutator, page, 1)


def test_a_fax_has_its_lines_and_dots_an_inch():
    page = Page(np.ascontiguousarray(text_page(300).pixels), (300.0, 300.0))
    after = applied(scan.fax_resolution, page, 2).view.pixels  # 204 x 98
    lines = 1 + (np.diff(after.astype(int), axis=0) != 0).any(axis=1).sum()
    assert lines <= page.height / 300 * 98 + 1
    columns = 1 + (np.diff(after.astype(int), axis=1) != 0).any(axis=0).sum()
    assert page.width / 300 * 100 < columns <= page.width / 300 * 204 + 1


def test_a_fax_tells_ink_from_tinted_paper():
    pixels = np.full((400, 300, 3), (205, 190, 150), np.uint8)
    pixels[100:200, 50:250] = (90, 60, 60)
    after = applied(scan.fax_resolution, Page(pixels, (100.0, 100.0)), 1).view.pixels
    assert (after[:90] == 255).all()
    assert (after[110:190, 60:240] == 0).all()


@pytest.mark.parametrize("dpi", ["204", "x98", "0x98", "204x-1", "axb"])
def test_a_fax_refuses_a_resolution_that_there_is_not(dpi):
    with pytest.raises(ValueError, match="two whole numbers"):
        scan.fax_resolution(sheet(), dpi=dpi, rng=np.random.default_rng(0))


def test_dithering_keeps_shades_as_shares_of_black_and_paper_white():
    pixels = np.full((600, 600), 240, np.uint8)
    pixels[:, 200:400] = 120
    after = applied(scan.dither, Page(pixels, (200.0, 200.0)), 1).view.pixels
    assert (after[:, :180] == 255).all()
    assert (after[:, 210:390] == 0).mean() == pytest.approx(0.5, abs=0.02)


def test_dithered_dots_are_as_large_as_asked_for():
    pixels = np.full((600, 600), PAPER, np.uint8)
    pixels[:, 200:400] = 120
    after = scan.dither(Page(pixels, (200.0, 200.0)), dpi=50, rng=np.random.default_rng(0)).pixels
    assert np.array_equal(after[::4, ::4].repeat(4, axis=0).repeat(4, axis=1), after)
