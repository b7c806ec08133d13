"""Ink that fades, spreads or is missing: what it removes, what it adds, and how far its edges move."""

import itertools

import numpy as np
import pytest

from crumple import NotApplicable, Page
from crumple_mutators import scan
from page_samples import PAPER, applied, damage, sheet
from page_text import text_page


def edge(dpi: float, *, across: float | None = None) -> Page:
    """Ink on the left third, paper right of it."""
    pixels = np.full((300, 300), 240, np.uint8)
    pixels[:, :100] = 20
    return Page(pixels, (across or dpi, dpi))


def moved_mm(page: Page, after: Page) -> float:
    """How far the edge has moved to the right, by how much ink there is in a row."""
    ink = [(240 - each.pixels[150].astype(float)).sum() / 220 for each in (page, after)]
    return (ink[1] - ink[0]) / page.dpi[0] * 25.4


@pytest.mark.parametrize("dpi", [100.0, 150.0, 200.0, 300.0, 600.0])
@pytest.mark.parametrize(("mutator", "sign"), [(scan.dot_gain, 1), (scan.ink_thinning, -1)])
def test_edges_move_by_the_radius_on_paper_at_any_resolution(mutator, sign, dpi):
    for radius in (0.04, 0.13, 0.21, 0.47):
        after = mutator(edge(dpi), radius=radius, rng=np.random.default_rng(0))
        assert moved_mm(edge(dpi), after) == pytest.approx(sign * radius, abs=0.004)


def test_on_a_fax_edges_move_by_the_radius_on_paper_not_by_its_oblong_pixels():
    fax = edge(98.0, across=204.0)
    assert moved_mm(fax, applied(scan.dot_gain, fax, 3).view) == pytest.approx(0.25, abs=0.01)
    lying = Page(np.ascontiguousarray(fax.pixels.T), fax.dpi)
    down = applied(scan.dot_gain, lying, 5).view.pixels[:, 150]
    assert (240 - down.astype(float)).sum() / 220 - 100 == pytest.approx(0.47 / 25.4 * 98, abs=0.7)


def test_thinning_never_adds_ink_and_dot_gain_never_removes_any():
    page = text_page(150)
    for level in (1, 2, 3, 4, 5):
        assert (applied(scan.ink_thinning, page, level).view.pixels >= page.pixels).all()
        assert (applied(scan.dot_gain, page, level).view.pixels <= page.pixels).all()


def test_a_stroke_of_twice_the_radius_is_gone():
    pixels = np.full((200, 200), 255, np.uint8)
    pixels[:, 90:94] = 0  # 0.34 mm at 300 dpi
    after = scan.ink_thinning(Page(pixels, (300.0, 300.0)), radius=0.17, rng=np.random.default_rng(0))
    assert after.pixels.min() > 240


@pytest.mark.parametrize("mutator", [scan.ink_thinning, scan.dot_gain, scan.ink_fade, scan.uneven_ink])
def test_nothing_is_done_to_a_page_without_anything_darker_than_its_paper(mutator):
    for shade in (255, 40):
        pixels = np.full((200, 150), shade, np.uint8)
        pixels[50:60, 20:100] = 255  # on the dark page, light letters
        with pytest.raises(NotApplicable, match="darker"):
            applied(mutator, Page(pixels, (100.0, 100.0)))


def test_fading_leaves_the_share_of_contrast_asked_for_and_the_paper_where_it_was():
    page = sheet(150)
    for contrast in (0.6, 0.2):
        faded = scan.ink_fade(page, contrast=contrast, rng=np.random.default_rng(3)).pixels.astype(float)
        ink, paper = faded[page.pixels == 25].mean(), faded[page.pixels == PAPER].mean()
        assert (paper - ink) / (PAPER - 25) == pytest.approx(contrast, rel=0.1)
        assert paper == pytest.approx(PAPER, abs=1)
        assert faded[page.pixels == PAPER].std() == pytest.approx(5 * 0.75, abs=0.5), "of a pixel at 150 dpi"


def test_fading_keeps_the_papers_colour():
    colours = np.full((300, 300, 3), (250, 235, 190), np.uint8)
    colours[100:150, 50:250] = (30, 30, 90)
    faded = applied(scan.ink_fade, Page(colours, (100.0, 100.0)), 5).view.pixels
    assert faded[:80].mean(axis=(0, 1)).tolist() == pytest.approx([250, 235, 190], abs=1)


@pytest.mark.parametrize("mutator", [scan.uneven_ink, scan.toner_patches])
def test_the_share_of_bare_ink_is_the_share_and_a_higher_level_keeps_what_is_bare(mutator):
    page = Page(np.where(np.arange(1199) % 23 < 8, 30, 250).astype(np.uint8)[None].repeat(1601, axis=0), (150.0,) * 2)
    for seed in range(3):
        lifted = [
            applied(mutator, page, level, seed).view.pixels.astype(int) - page.pixels for level in (1, 2, 3, 4, 5)
        ]
        for more, level in zip(lifted, (1, 2, 3, 4, 5), strict=True):
            share = more.sum() / (220 * (page.pixels == 30).sum())
            assert share == pytest.approx(mutator.ladder.at(level), rel=0.2, abs=0.01)
        assert all((high >= low).all() for low, high in itertools.pairwise(lifted))


def test_what_patches_bare_is_lost_and_only_that():
    page = sheet(150, margin_mm=0)
    for seed in range(3):
        degraded = applied(scan.toner_patches, page, 4, seed)
        left = []
        for region in degraded.lost:
            box = np.s_[
                round(region.top * page.height) : round(region.bottom * page.height),
                round(region.left * page.width) : round(region.right * page.width),
            ]
            before, after = ((PAPER - each.pixels[box].astype(float)).sum() for each in (page, degraded.view))
            left.append(after / before)
        assert max(left) < 0.9
        assert np.mean(left) < 0.15
    assert len(applied(scan.toner_patches, page, 5).lost) > len(applied(scan.toner_patches, page, 1).lost)


def test_one_seed_bares_the_same_places_at_150_and_300_dpi():
    bare = []
    for dpi in (150, 300):
        page = sheet(dpi, margin_mm=0)
        after = applied(scan.toner_patches, page, 4, seed=1).view.pixels.astype(int) - page.pixels
        rows, columns = (np.linspace(0, side - 1, 60).astype(int) for side in page.pixels.shape)
        bare.append(after[np.ix_(rows, columns)] > 100)
    assert (bare[0] == bare[1]).mean() > 0.95


def test_uneven_ink_is_drawn_anew_for_every_seed_zero_included():
    page = text_page(150)
    looks = [applied(scan.uneven_ink, page, 3, seed).view for seed in (0, 1)]
    assert looks[0] != looks[1]
    assert looks[0] == applied(scan.uneven_ink, page, 3, 0).view
    assert damage(page, looks[0]) > 0
