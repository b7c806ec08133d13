"""What every mutator of one page keeps, whatever it does: found through the registry, none is named here."""

from functools import cache

import cv2
import numpy as np
import pytest

from crumple import ALL, Degraded, NotApplicable, Page, Region
from crumple.mutation.registry import discover
from page_samples import applied, damage, letter

ON_PAGES = [
    each for each in discover() if each.view is Page and not each.control and each.category in ("scan", "combination")
]
names = pytest.mark.parametrize("mutator", ON_PAGES, ids=lambda mutator: mutator.name)
laddered = pytest.mark.parametrize(
    "mutator", [each for each in ON_PAGES if each.ladder is not None], ids=lambda mutator: mutator.name
)

BY_PIXELS = {"scan.jpeg", "scan.jpeg_generations"}
"""What acts on blocks of 8 x 8 pixels, whatever those are on paper: a finer page comes off better, in life too."""


ON_DETAIL = {"scan.halftone", "scan.print_noise", "scan.resolution"}
"""What leaves a page of 100 dpi as it is, at low levels at least: it is that coarse already."""


def ordinary(mutator, kind="RGB") -> Page:
    """A page as coarse as every level of the mutator can act on: it is drawn on often."""
    return letter(160 if mutator.name in ON_DETAIL else 100, kind=kind)


def levels(mutator) -> tuple[float, ...]:
    return (1, 2, 3, 4, 5) if mutator.ladder else (mutator.level,)


def looks(mutator, page: Page, seed: int) -> Degraded | None:
    try:
        return applied(mutator, page, levels(mutator)[-1], seed)
    except NotApplicable:
        return None


@names
def test_every_level_changes_something_and_leaves_size_resolution_and_input_alone(mutator):
    for kind in ("RGB", "grey", "bilevel", "tinted"):
        page = ordinary(mutator, kind)
        before = page.pixels.tobytes()
        for level in levels(mutator) if kind == "RGB" else {levels(mutator)[0], levels(mutator)[-1]}:
            try:
                after = applied(mutator, page, level).view
            except NotApplicable:
                assert kind != "RGB", f"level {level} does nothing to an ordinary page"
                continue
            assert after.pixels.shape[:2] == page.pixels.shape[:2], (kind, level)
            assert after.dpi == page.dpi
            assert after.grey != page.grey or damage(page, after) > 0, (kind, level)
        assert page.pixels.tobytes() == before


@pytest.mark.parametrize(
    "mutator",
    [each for each in ON_PAGES if each.ladder is not None and each.ladder.zero is not None],
    ids=lambda mutator: mutator.name,
)
def test_level_zero_is_the_page_itself(mutator):
    page = letter(100, kind="RGB")
    result = mutator(page, **{mutator.parameter: mutator.ladder.zero}, rng=np.random.default_rng(0))
    assert (result.view if isinstance(result, Degraded) else result) is page


@names
def test_a_page_of_an_odd_size_is_degraded_or_not_applicable(mutator):
    shapes = [(1, 1), (2, 3), (1, 500), (1, 1, 3), (2, 3, 3), (500, 1, 3), (20, 33_000), (30_000, 24, 3)]
    for shape in shapes:
        pixels = np.full(shape, 230, np.uint8)
        pixels[: shape[0] // 2 + 1, : shape[1] // 2] = 20
        page = Page(pixels, (200.0, 200.0))
        for level in {levels(mutator)[0], levels(mutator)[-1]}:
            try:
                after = applied(mutator, page, level).view
            except NotApplicable:
                continue
            assert after.pixels.shape[:2] == page.pixels.shape[:2], shape


@names
def test_a_page_with_nothing_on_it_is_degraded_or_not_applicable(mutator):
    for shade in (0, 128, 255):
        page = Page(np.full((240, 180), shade, np.uint8), (60.0, 60.0))
        said = looks(mutator, page, 1)
        assert said is None or said.view.pixels.shape[:2] == page.pixels.shape[:2], shade


@names
def test_a_fax_of_oblong_pixels_is_degraded_on_its_sheet(mutator):
    square = letter(200)
    fax = Page(np.ascontiguousarray(square.pixels[::2]), (200.0, 100.0))
    said = looks(mutator, fax, 1)
    assert said is None or said.view.dpi == fax.dpi


@names
def test_the_same_seed_looks_the_same_another_different_and_seed_zero_is_a_seed(mutator):
    page = letter(100, kind="RGB")
    one, again = looks(mutator, page, 0), looks(mutator, page, 0)
    assert one is not None
    assert one == again
    if draws(mutator, page):
        assert any(looks(mutator, page, seed).view != one.view for seed in range(1, 6))


def draws(mutator, page: Page) -> bool:
    """Whether a mutator asks its generator for anything."""
    value = {mutator.parameter: mutator.ladder.rungs[-1]} if mutator.ladder else {}
    rng = np.random.default_rng(1)
    before = str(rng.bit_generator.state)
    mutator(page, **value, rng=rng)
    return str(rng.bit_generator.state) != before


def at_40_dpi(page: Page) -> np.ndarray:
    """The shades of a small sheet."""
    size = (round(105 * 40 / 25.4), round(148 * 40 / 25.4))
    small = cv2.resize(page.pixels, size, interpolation=cv2.INTER_AREA)
    return small.mean(axis=2) if small.ndim == 3 else small.astype(float)


@cache
def clean_at_40_dpi(dpi: int) -> np.ndarray:
    return at_40_dpi(letter(dpi, kind="dim"))


@pytest.mark.parametrize(
    "mutator", [each for each in ON_PAGES if each.name not in BY_PIXELS], ids=lambda mutator: mutator.name
)
def test_the_same_level_hurts_a_page_of_120_dpi_and_one_of_240_dpi_alike(mutator):
    """Brought to the same 40 dpi, both have lost the same, within a quarter."""

    def harm(dpi: int, seed: int) -> float:
        page = letter(dpi, kind="dim")
        after = applied(mutator, page, 4 if mutator.ladder else mutator.level, seed).view
        return float(np.abs(clean_at_40_dpi(dpi) - at_40_dpi(after)).mean())

    coarse, fine = (np.mean([harm(dpi, seed) for seed in range(2)]) for dpi in (120, 240))
    assert coarse == pytest.approx(fine, rel=0.25, abs=0.6)


@names
def test_regions_are_on_the_page_and_what_is_lost_was_printed_there(mutator):
    page = letter(150, kind="RGB")
    said = applied(mutator, page, levels(mutator)[-1], 3)
    if said.lost is ALL:
        return
    for region in said.lost:
        assert isinstance(region, Region)
        assert region.page == 0
        assert 0 <= region.left < region.right <= 1
        assert 0 <= region.top < region.bottom <= 1


@laddered
def test_what_a_lower_level_loses_a_higher_one_loses_too(mutator):
    """As areas of the page; a hair is left for rounding to bands."""
    page = letter(100, kind="RGB")
    if mutator.truth == ("same",) or not isinstance(mutator.ladder.rungs[0], (int, float)):
        return
    areas = []
    for level in (1, 3, 5):
        try:
            said = applied(mutator, page, level, 5)
        except NotApplicable:
            areas.append(0.0)
            continue
        covered = np.zeros((200, 200), bool)
        for region in (Region(0),) if said.lost is ALL else said.lost:
            covered[
                round(region.top * 200) : round(region.bottom * 200),
                round(region.left * 200) : round(region.right * 200),
            ] = True
        areas.append(float(covered.mean()))
    assert areas[0] <= areas[1] + 0.01
    assert areas[1] <= areas[2] + 0.01


def test_none_of_them_writes_a_file_or_reads_one_back(tmp_path, monkeypatch):
    """Pages written to a cache in the working folder came back in other outputs elsewhere."""
    monkeypatch.chdir(tmp_path)
    page = letter(60, kind="RGB")
    for mutator in ON_PAGES:
        looks(mutator, page, 1)
    assert list(tmp_path.iterdir()) == []
