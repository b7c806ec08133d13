"""What measures say of pages: what was done to them, and nothing that was not."""

from functools import cache

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from crumple import Document, Page, Pages, read
from crumple.measuring import Measure
from crumple.mutation.registry import discover
from crumple.profile.severity import level_of
from crumple_mutators.measures import pages
from crumple_mutators.measures.pages import (
    black_border,
    blank_page,
    defocus,
    half_turn,
    ink_fade,
    jpeg,
    light_gradient,
    paper_tint,
    quarter_turn,
    resolution,
    salt_and_pepper,
    sensor_noise,
    skew,
    underexposed,
)
from page_samples import applied, letter

MEASURES = [each for each in vars(pages).values() if isinstance(each, Measure)]
PROSE = (
    "The quick report on robust systems, by people of every trade, explains how a page that was folded, faxed and",
    "copied again keeps enough of its letters to be read. Help yourself to the tables: they begin on page five,",
    "and the totals, 4,312.50 and 18.75, stand below. Nobody expected the old typewriter to print dates like that.",
)


@cache
def mutators():
    return {each.name: each for each in discover()}


@cache
def prose(kind="grey") -> Page:
    """An A5 page of running text at 200 dpi."""
    image = Image.new("L", (1165, 1654), 252)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(21)
    for row in range(44):
        draw.text((90, 100 + 33 * row), PROSE[row % 3][: 92 - 7 * (row % 4)], font=font, fill=20)
    pixels = np.array(image)
    if kind == "RGB":
        pixels = np.repeat(pixels[..., None], 3, axis=2)
    return Page(pixels, (200.0, 200.0))


def damaged(name, level, *, kind="grey", seed=3) -> tuple[float, Page]:
    """The parameter at a level, and a page that was degraded so."""
    mutator = mutators()[name]
    view = applied(mutator, prose(kind), level, seed).view
    return mutator.ladder.at(level), Page(view.pixels, view.dpi)


def blank(shade=250) -> Page:
    return Page(np.full((1654, 1165), shade, np.uint8), (200.0, 200.0))


def test_every_measure_is_of_a_mutator_that_there_is_and_stands_for_others_that_there_are():
    for each in MEASURES:
        assert {each.of, *each.stands_for} <= set(mutators())
        assert each.view is Page
        assert each.doc


@pytest.mark.parametrize("each", MEASURES, ids=lambda each: each.of)
def test_a_clean_page_is_measured_as_clean(each):
    assert level_of(mutators()[each.of], each(prose()), each.of) is None


def test_a_dark_letterhead_with_print_in_it_is_no_black_border():
    pixels = np.full((1654, 1165), 255, np.uint8)
    pixels[:200] = 60
    assert black_border(Page(pixels.copy(), (200.0, 200.0))) == pytest.approx(25.4, abs=1.5)
    pixels[70:130, 200:600] = 255
    assert black_border(Page(pixels, (200.0, 200.0))) == 0.0


def test_a_few_letters_are_level_as_far_as_can_be_told():
    page = blank(255)
    page.pixels.setflags(write=True)
    for row in range(200, 230, 10):  # three strokes of 14 mm, each a pixel lower at its end
        page.pixels[row : row + 4, 200:255] = 0
        page.pixels[row + 1 : row + 5, 255:310] = 0
    assert skew(page) in (None, 0.0)


@pytest.mark.parametrize("each", MEASURES, ids=lambda each: each.of)
def test_a_blank_page_shows_nothing_but_that_it_is_blank(each):
    said = each(blank())
    assert (said is True) if each is blank_page else level_of(mutators()[each.of], said, each.of) is None


@pytest.mark.parametrize(
    ("each", "levels"),
    [
        (skew, (1, 3, 5)),
        (sensor_noise, (1, 5)),
        (salt_and_pepper, (1, 5)),
        (defocus, (2, 4)),
        (resolution, (2, 3, 5)),
        (light_gradient, (2, 5)),
        (ink_fade, (1,)),
        (underexposed, (1, 4)),
        (black_border, (2, 4)),
    ],
    ids=lambda each: each.of if isinstance(each, Measure) else "",
)
def test_what_was_done_to_a_page_is_measured_within_what_is_promised(each, levels):
    for level in levels:
        truth, page = damaged(each.of, level)
        within = each.within * (truth if each.unit == "share of the value" else 1)
        said = each(page)
        assert said is not None
        assert said is not False
        assert abs(said - truth) <= within, f"level {level}: {said}, was {truth}"


def test_paper_is_as_tinted_as_it_was_printed_on_and_a_grey_page_cannot_tell():
    truth, page = damaged("scan.paper_tint", 3, kind="RGB")
    assert paper_tint(page) == pytest.approx(truth, rel=paper_tint.within)
    assert paper_tint(prose("RGB")) == 0
    assert paper_tint(prose()) is None


def test_pages_that_were_turned_are_told_from_those_that_were_not():
    for quarters, on_its_side in ((0, False), (1, True), (2, False), (3, True)):
        assert quarter_turn(prose().turned(quarters)) is on_its_side
    assert half_turn(prose()) is False
    assert half_turn(prose().turned(2)) is True
    assert half_turn(prose().turned(1)) is None


def test_a_page_turned_on_its_side_has_the_same_skew():
    truth, page = damaged("scan.skew", 3)
    assert skew(page.turned(1)) == pytest.approx(truth, abs=skew.within)


def test_numbers_alone_say_where_up_is_by_their_points():
    image = Image.new("L", (1165, 1654), 252)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(22)
    for row in range(40):
        draw.text(
            (90, 100 + 36 * row),
            "   ".join(f"{(row + 3) * n * 37 % 9000 + 1000:,}.50" for n in (3, 7, 9, 11)),
            font=font,
        )
    page = Page(np.array(image), (200.0, 200.0))
    assert half_turn(page) is False
    assert half_turn(page.turned(2)) is True


def test_a_page_is_as_coarse_as_its_own_pixels_at_least():
    """Text that was scanned at 100 dpi is a page of 100 dpi, though nobody made it larger."""
    assert resolution(letter(100)) == pytest.approx(100, abs=1)


def test_the_quality_of_a_jpeg_shows_in_pixels_that_were_saved_otherwise():
    for level in (1, 3, 5):
        truth, page = damaged("scan.jpeg", level)
        assert jpeg(page) == pytest.approx(truth, rel=jpeg.within)


def test_a_jpeg_file_says_its_quality_itself_and_a_good_one_is_clean():
    for quality, said in ((30, 30), (12, 12), (90, False)):
        _, encoded = cv2.imencode(".jpg", prose().pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
        page = read(Document(encoded.tobytes(), "image/jpeg", "page.jpg"), Pages)[0]
        assert jpeg(page) == (pytest.approx(said, abs=1) if said else False)


def test_shade_and_light_print_on_dark_are_not_taken_for_poor_light():
    boxed = prose().pixels.copy()
    boxed[300:800, 100:1000] = np.minimum(boxed[300:800, 100:1000], 190)
    assert light_gradient(Page(boxed, (200.0, 200.0))) is None
    inverted = Page(255 - prose().pixels, (200.0, 200.0))
    assert light_gradient(inverted) is None
    assert underexposed(inverted) is None


def test_noise_is_measured_where_paper_is_burnt_out_to_white():
    rng = np.random.default_rng(0)
    noisy = np.clip(255 + rng.normal(0, 20, (1654, 1165)), 0, 255).astype(np.uint8)
    assert sensor_noise(Page(noisy, (200.0, 200.0))) == pytest.approx(20, rel=sensor_noise.within)


def test_skew_is_measured_on_a_noisy_page_and_blur_on_a_skewed_one():
    truth, page = damaged("scan.skew", 4)
    noisy = Page(applied(mutators()["scan.sensor_noise"], page, 3).view.pixels, page.dpi)
    assert skew(noisy) == pytest.approx(truth, abs=skew.within)
    blurred = Page(applied(mutators()["scan.defocus"], page, 3).view.pixels, page.dpi)
    assert defocus(blurred) == pytest.approx(mutators()["scan.defocus"].ladder.at(3), rel=defocus.within)
