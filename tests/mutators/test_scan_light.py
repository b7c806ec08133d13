"""Light: how much of it is left where, what is burnt out, and of what colour it is."""

import numpy as np
import pytest

from crumple import NotApplicable, Page
from crumple_mutators import scan
from page_samples import applied, sheet

A4 = (1169, 827)  # at 100 dpi


def blank(value=250, *, colour=False) -> Page:
    return Page(np.full((*A4, 3) if colour else A4, value, np.uint8), (100.0, 100.0))


def said_lost(page, degraded):
    """Where a mutator says that ink is lost, as a mask."""
    mask = np.zeros(page.pixels.shape[:2], bool)
    for each in degraded.lost:
        rows = slice(round(each.top * page.height), round(each.bottom * page.height))
        mask[rows, round(each.left * page.width) : round(each.right * page.width)] = True
    return mask


@pytest.mark.parametrize("mutator", [scan.light_gradient, scan.vignette], ids=lambda mutator: mutator.name)
def test_the_brightest_place_keeps_its_light_and_the_darkest_keeps_the_share_asked_for(mutator):
    for seed in range(4):
        for level, left in enumerate(mutator.ladder.rungs, start=1):
            lit = applied(mutator, blank(), level, seed).view.pixels
            assert lit.min() == pytest.approx(250 * left, abs=3)
            assert lit.max() >= 247
            assert max(np.abs(np.diff(lit.astype(int), axis=axis)).max() for axis in (0, 1)) <= 4, "no hard edge"


def test_a_lens_darkens_corners_and_not_the_middle():
    lit = applied(scan.vignette, blank(), 4).view.pixels.astype(float)
    corners = [lit[:60, :60], lit[:60, -60:], lit[-60:, :60], lit[-60:, -60:]]
    assert max(each.mean() for each in corners) < 0.65 * lit[500:700, 350:500].mean()


def test_a_lamp_at_one_side_leaves_the_opposite_side_darkest():
    lit = applied(scan.light_gradient, blank(), 4).view.pixels
    bright, dark = (np.array(np.unravel_index(each, A4)) for each in (lit.argmax(), lit.argmin()))
    assert np.hypot(*(bright - dark)) > 0.6 * np.hypot(*A4)


def test_glare_burns_out_the_share_asked_for_in_one_piece_and_fades_out_softly():
    for seed in range(4):
        for level, share in enumerate(scan.glare.ladder.rungs, start=1):
            pixels = applied(scan.glare, blank(200), level, seed).view.pixels
            # Paper turns white a little outside the place where black does.
            assert share <= (pixels == 255).mean() < share + 0.3
            assert max(np.abs(np.diff(pixels.astype(int), axis=axis)).max() for axis in (0, 1)) <= 30


def test_ink_in_the_glare_is_lost_and_ink_outside_it_is_not():
    page = sheet(150)
    for seed in range(4):
        degraded = applied(scan.glare, page, 3, seed)
        said, after = said_lost(page, degraded), degraded.view.pixels
        was_ink = page.pixels < 60
        gone, clear = was_ink & (after > 250), was_ink & (after < 150)
        assert (gone & said).sum() > 0.9 * gone.sum()
        assert (clear & said).sum() < 0.1 * clear.sum()


def test_glare_on_an_empty_page_loses_nothing():
    assert not applied(scan.glare, blank(), 5).lost


def test_a_stop_doubles_the_light_and_two_stops_less_leave_a_quarter_of_it():
    grey = Page(np.full((50, 50), 120, np.uint8), (100.0, 100.0))
    light = (120 / 255) ** 2.2
    more = scan.overexposed(grey, stops=1.0, rng=np.random.default_rng(0)).view.pixels[0, 0]
    assert (more / 255) ** 2.2 == pytest.approx(2 * light + 0.03, rel=0.03)
    less = scan.underexposed(grey, stops=2.0, rng=np.random.default_rng(0)).pixels[0, 0]
    assert (less / 255) ** 2.2 == pytest.approx(light / 4, rel=0.05)


def test_too_much_light_loses_pale_print_first_and_black_print_not_at_all():
    page = sheet(150)
    pixels = page.pixels.copy()
    upper = np.s_[: page.height // 2]
    pixels[upper][pixels[upper] < 100] = 185
    mixed = Page(pixels, page.dpi)
    assert not applied(scan.overexposed, page, 4).lost
    lost = applied(scan.overexposed, mixed, 3).lost
    assert lost
    assert max(each.bottom for each in lost) < 0.52


def test_pale_rules_that_burn_out_are_no_loss():
    page = sheet(150)
    pixels = page.pixels.copy()
    pixels[40::36, 60:-60] = np.minimum(pixels[40::36, 60:-60], 200)
    assert not applied(scan.overexposed, Page(pixels, page.dpi), 3).lost


def test_too_little_light_keeps_the_order_of_all_shades():
    steps = Page(np.arange(0, 256, 16, dtype=np.uint8)[None].repeat(20, axis=0), (100.0, 100.0))
    dark = applied(scan.underexposed, steps, 5).view.pixels[0].astype(int)
    assert (np.diff(dark) >= 0).all()
    assert dark[-1] < 70


def test_a_white_page_cannot_be_overexposed():
    with pytest.raises(NotApplicable, match="no trace"):
        applied(scan.overexposed, blank(255), 3)


def test_a_colour_cast_is_yellow_or_blue_and_leaves_black_black():
    casts = set()
    for seed in range(12):
        page = blank(240, colour=True)
        red, _, blue = applied(scan.colour_cast, page, 4, seed).view.pixels[0, 0].astype(int)
        assert abs(red - blue) > 30
        casts.add(red > blue)
    assert casts == {True, False}
    assert not applied(scan.colour_cast, blank(0, colour=True).with_pixels(sheet(colour=True).pixels * 0 + 3), 4).lost


def test_a_cast_of_200_mired_is_that_of_a_light_bulb():
    # Black bodies of 6,500 and 2,825 K in linear sRGB: red over green 2.1, blue over green 0.26.
    for seed in range(20):
        tinted = scan.colour_cast(blank(255, colour=True), shift=200.0, rng=np.random.default_rng(seed)).pixels
        red, green, blue = (tinted[0, 0] / 255) ** 2.2
        if red > blue:
            assert red / green == pytest.approx(2.1, rel=0.35)
            assert blue / red == pytest.approx(0.13, rel=0.35)


def test_a_grey_page_takes_no_cast():
    with pytest.raises(NotApplicable, match="no colours"):
        applied(scan.colour_cast, blank(), 3)


def test_a_shadow_leaves_the_share_of_light_asked_for_on_about_half_the_page_with_a_soft_edge():
    page = Page(np.full((1169, 827), 250, np.uint8), (100.0, 100.0))
    for seed in range(6):
        shaded = scan.cast_shadow(page, transmittance=0.4, rng=np.random.default_rng(seed)).pixels
        assert shaded.min() == pytest.approx(0.4 * 250, abs=3)
        assert shaded.max() >= 249
        assert 0.15 < (shaded < 175).mean() < 0.85
        steps = np.abs(np.diff(shaded.astype(int), axis=0)).max(), np.abs(np.diff(shaded.astype(int), axis=1)).max()
        assert max(steps) <= 12, "no hard edge"
