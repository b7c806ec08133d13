"""The page mutators: what each does to a page, what it says of the right answer, and where it does not apply."""

import hashlib
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from crumple import Degraded, NotApplicable, Page
from crumple_mutators import scan
from page_samples import PAPER, applied, damage, sheet, slope

ON_PAGES = [
    scan.skew,
    scan.perspective,
    scan.defocus,
    scan.sensor_noise,
    scan.salt_and_pepper,
    scan.jpeg,
    scan.resolution,
    scan.cast_shadow,
    scan.stamp,
]
names = pytest.mark.parametrize("mutator", ON_PAGES, ids=lambda mutator: mutator.name)
# What all of them keep


@pytest.mark.parametrize("colour", [False, True], ids=["grey", "RGB"])
@names
def test_every_level_changes_something_and_leaves_size_resolution_and_input_alone(mutator, colour):
    page = sheet(colour=colour, dpi=160)
    before = page.pixels.tobytes()
    for level in (1, 2, 3, 4, 5):
        after = applied(mutator, page, level).view
        assert after.pixels.shape == page.pixels.shape, level
        assert after.dpi == page.dpi
        assert damage(page, after) > 0, level
    assert page.pixels.tobytes() == before


@names
def test_a_higher_level_never_does_less(mutator):
    page = slope() if mutator in (scan.skew, scan.perspective) else sheet(dpi=160)
    for seed in range(3):
        harm = [damage(page, applied(mutator, page, level, seed).view) for level in (1, 2, 3, 4, 5)]
        assert harm == sorted(harm), seed


@pytest.mark.parametrize(
    "mutator", [each for each in ON_PAGES if each.ladder.zero is not None], ids=lambda mutator: mutator.name
)
def test_level_zero_is_the_page_itself(mutator):
    page = sheet()
    result = mutator(page, **{mutator.parameter: mutator.ladder.zero}, rng=np.random.default_rng(0))
    assert (result.view if isinstance(result, Degraded) else result) is page


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (1, 500), (40, 33_000)], ids=str)
@pytest.mark.parametrize("colour", [False, True], ids=["grey", "RGB"])
@names
def test_a_page_of_an_odd_size_is_degraded_or_not_applicable(mutator, colour, shape):
    pixels = np.full((*shape, 3) if colour else shape, 230, np.uint8)
    pixels[: shape[0] // 2 + 1, : shape[1] // 2] = 20
    page = Page(pixels, (200.0, 200.0))
    for level in (1, 5):
        try:
            after = applied(mutator, page, level).view
        except NotApplicable:
            continue
        assert after.pixels.shape == page.pixels.shape


def test_the_same_seed_makes_the_same_pixels_in_another_process():
    program = """
import sys; sys.path[:0] = sys.argv[1:]
import test_scan
print(test_scan.fingerprint())
"""
    folder = str(Path(__file__).parent)
    run = subprocess.run(
        [sys.executable, "-c", program, folder, str(Path(__file__).parents[1] / "samples")],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "7"},
    )
    assert run.stdout.strip() == fingerprint()


def fingerprint() -> str:
    digest = hashlib.sha256()
    for mutator in ON_PAGES:
        digest.update(applied(mutator, sheet(colour=True), 3, seed=0).view.pixels.tobytes())
    return digest.hexdigest()


@pytest.mark.parametrize(
    "mutator",
    [each for each in ON_PAGES if each.name not in ("scan.defocus", "scan.jpeg", "scan.resolution", "scan.skew")],
    ids=lambda mutator: mutator.name,
)
def test_another_seed_looks_different_and_seed_zero_is_a_seed(mutator):
    page = sheet()
    looks = {applied(mutator, page, 3, seed).view.pixels.tobytes() for seed in range(4)}
    assert len(looks) == 4
    assert applied(mutator, page, 3, 0).view == applied(mutator, page, 3, 0).view


@pytest.mark.parametrize(
    "mutator",
    [scan.skew, scan.perspective, scan.defocus, scan.cast_shadow, scan.stamp, scan.resolution, scan.sensor_noise],
    ids=lambda mutator: mutator.name,
)
def test_the_same_level_hurts_a_page_of_150_dpi_and_one_of_300_dpi_alike(mutator):
    """Brought to the same 75 dpi, both have lost the same."""

    def harm(dpi: int) -> float:
        page = sheet(dpi)
        after = applied(mutator, page, 4, seed=2).view
        size = (round(page.width * 75 / dpi), round(page.height * 75 / dpi))
        small = [cv2.resize(each.pixels, size, interpolation=cv2.INTER_AREA).astype(int) for each in (page, after)]
        return float(np.abs(small[0] - small[1]).mean())

    assert harm(150) == pytest.approx(harm(300), rel=0.15)


# Optics, sensor, light


def test_defocus_spreads_an_edge_by_sigma():
    pixels = np.full((200, 200), 255, np.uint8)
    pixels[:, :100] = 0
    page = Page(pixels, (254.0, 254.0))
    blurred = scan.defocus(page, sigma=0.5, rng=np.random.default_rng(0)).pixels[100].astype(float) / 255
    assert np.interp(0.8413, blurred, np.arange(200)) - 99.5 == pytest.approx(5, abs=0.2), "84 % at one sigma: 5 pixels"


def test_a_blur_finer_than_the_pixels_does_not_apply():
    with pytest.raises(NotApplicable, match="finer"):
        scan.defocus(sheet(75), sigma=0.02, rng=np.random.default_rng(0))


def test_noise_has_the_deviation_asked_for_no_bias_and_no_pattern():
    page = Page(np.full((600, 600), 128, np.uint8), (200.0, 200.0))
    noise = applied(scan.sensor_noise, page, 2).view.pixels.astype(float) - 128
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


def test_resolution_does_not_apply_to_a_page_that_is_as_coarse_already():
    with pytest.raises(NotApplicable, match="only 75 dpi"):
        applied(scan.resolution, sheet(75), 3)
    assert applied(scan.resolution, Page(sheet(200).pixels[::4], (200.0, 50.0)), 3).view.dpi == (200.0, 50.0)


def test_jpeg_refuses_a_quality_that_there_is_not():
    with pytest.raises(ValueError, match="between 1 and 100"):
        scan.jpeg(sheet(), quality=0, rng=np.random.default_rng(0))


def test_jpeg_keeps_red_red():
    red = Page(np.full((64, 64, 3), (200, 30, 30), np.uint8), (200.0, 200.0))
    assert applied(scan.jpeg, red, 2).view.pixels[32, 32].tolist() == pytest.approx([200, 30, 30], abs=12)


def test_a_shadow_leaves_the_share_of_light_asked_for_on_about_half_the_page_with_a_soft_edge():
    page = Page(np.full((1169, 827), 250, np.uint8), (100.0, 100.0))
    for seed in range(6):
        shaded = applied(scan.cast_shadow, page, 4, seed).view.pixels
        assert shaded.min() == pytest.approx(0.4 * 250, abs=3)
        assert shaded.max() >= 249
        assert 0.15 < (shaded < 175).mean() < 0.85
        steps = np.abs(np.diff(shaded.astype(int), axis=0)).max(), np.abs(np.diff(shaded.astype(int), axis=1)).max()
        assert max(steps) <= 12, "no hard edge"


# Stamps


def test_a_stamp_has_its_share_of_the_text_area_and_hides_all_under_it():
    plain, ruled = sheet(200), sheet(200, paper=PAPER)
    other = Page(np.where(plain.pixels == 25, 60, plain.pixels).astype(np.uint8), plain.dpi)
    for seed in range(3):
        one, two = (applied(scan.stamp, page, 3, seed) for page in (ruled, other))
        changed = one.view.pixels != ruled.pixels
        text_area = (148 - 33) * (210 - 33) * (200 / 25.4) ** 2
        covered = sum((each.right - each.left) * (each.bottom - each.top) for each in one.lost) * plain.pixels.size
        assert covered == pytest.approx(0.08 * text_area, rel=0.2)
        rows, columns = np.nonzero(changed)
        box = np.s_[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        middle = np.s_[box[0].start + 30 : box[0].stop - 30, (box[1].start + box[1].stop) // 2 - 20 :][0]
        centre = np.s_[middle, (box[1].start + box[1].stop) // 2 - 20 : (box[1].start + box[1].stop) // 2 + 20]
        assert np.array_equal(one.view.pixels[centre], two.view.pixels[centre]), "nothing shows through"


def test_what_a_stamp_changed_is_what_it_says_is_lost():
    page = sheet(150)
    for seed in range(4):
        degraded = applied(scan.stamp, page, 3, seed)
        said = np.zeros(page.pixels.shape, bool)
        for region in degraded.lost:
            said[
                round(region.top * page.height) : round(region.bottom * page.height),
                round(region.left * page.width) : round(region.right * page.width),
            ] = True
        changed = degraded.view.pixels != page.pixels
        assert not (changed & ~said).any()
        assert (page.pixels[said] < 100).any(), "it is over something printed"


def test_a_larger_stamp_covers_what_a_smaller_one_did():
    page = sheet(150)
    for seed in range(4):
        small, large = (
            np.abs(applied(scan.stamp, page, level, seed).view.pixels.astype(int) - page.pixels) > 0 for level in (2, 4)
        )
        filled = cv2.morphologyEx(large.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((41, 41), np.uint8)) > 0
        assert (small & ~filled).sum() < 0.02 * small.sum()


def test_a_stamp_on_a_grey_page_is_grey_and_on_a_coloured_one_has_colour():
    assert applied(scan.stamp, sheet(), 3).view.grey
    spread = [np.ptp(applied(scan.stamp, sheet(colour=True), 3, seed).view.pixels, axis=2).max() for seed in range(6)]
    assert max(spread) > 50


def test_a_blank_page_takes_no_stamp():
    with pytest.raises(NotApplicable, match="nothing is printed"):
        applied(scan.stamp, Page(np.full((200, 200), 250, np.uint8), (100.0, 100.0)), 3)
