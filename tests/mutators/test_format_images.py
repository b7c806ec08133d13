"""Images as other programs save them: every reader that knows the format sees the page as it was."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from crumple import ALL, SAME, Document, NotApplicable, Page, Pages, Region, Unreadable, read
from crumple_mutators.format import image_shapes, images
from damaged_files import applied, degraded, image, shades

PNG, JPEG, TIFF = "image/png", "image/jpeg", "image/tiff"
LEVELS = (1, 2, 3, 4, 5)
LOSSLESS = 0
PACKED = 14  # shades that packing a JPEG again may cost at the edge of a letter
CASES = [
    (images.exif_rotation, PNG, LOSSLESS),
    (images.exif_rotation, TIFF, LOSSLESS),
    (images.exif_rotation, JPEG, PACKED),
    (images.cmyk, TIFF, 2),
    (images.cmyk, JPEG, PACKED),
    (images.sixteen_bits, PNG, LOSSLESS),
    (images.sixteen_bits, TIFF, LOSSLESS),
    (images.progressive, JPEG, PACKED),
    (images.png_interlaced, PNG, LOSSLESS),
    (images.tiff_layout, TIFF, LOSSLESS),
    (images.resolution, PNG, LOSSLESS),
    (images.resolution, JPEG, LOSSLESS),
    (images.motion_photo, JPEG, LOSSLESS),
    (images.colour_profile, PNG, LOSSLESS),
    (images.colour_profile, JPEG, LOSSLESS),
]


def by_opencv(data: bytes) -> np.ndarray | None:
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)


def by_crumple(document: Document) -> np.ndarray:
    pixels = read(document, Pages)[0].pixels
    return np.asarray(Image.fromarray(pixels).convert("L"), np.int16)


@pytest.mark.parametrize(("mutator", "media_type", "slack"), CASES, ids=lambda each: getattr(each, "name", each))
@pytest.mark.parametrize("kind", ["grey", "tinted"])
def test_three_readers_see_the_page_as_it_was(mutator, media_type: str, slack: int, kind: str) -> None:
    clean = image(media_type, kind=kind)
    before = by_crumple(clean)
    for level in LEVELS if mutator.ladder else (mutator.level,):
        try:
            said = applied(mutator, clean, level)
        except NotApplicable as reason:
            assert "grey" in str(reason)  # noqa: PT017 - colour has no negatives
            continue
        assert (said.truth, said.lost) == (SAME, ())
        assert said.view != clean.data
        document = Document(said.view, media_type, clean.name)
        assert np.abs(by_crumple(document) - before).max() <= slack
        if mutator is not images.sixteen_bits:
            assert np.abs(shades(said.view) - before).max() <= slack
        seen = by_opencv(said.view)
        assert seen is not None
        assert np.abs(seen.astype(int) - by_opencv(clean.data).astype(int)).max() <= max(slack, 3)


def test_pixels_are_stored_turned_and_the_tag_says_so() -> None:
    clean = image(PNG)
    stored = {}
    for level in LEVELS:
        with Image.open(io.BytesIO(degraded(images.exif_rotation, clean, level).data)) as shown:
            stored[shown.getexif()[0x0112]] = shown.size
    wide, high = read(clean, Pages)[0].width, read(clean, Pages)[0].height
    assert stored == {3: (wide, high), 6: (high, wide), 8: (high, wide), 2: (wide, high), 5: (high, wide)}


def test_put_on_white_a_transparent_page_is_the_page_and_without_transparency_it_is_not() -> None:
    clean = image(PNG)
    before = by_crumple(clean)
    inked = before < 128
    for level, behind in zip(LEVELS, ("opaque", 255, 128, "noise", 0), strict=True):
        data = degraded(images.alpha, clean, level).data
        over = by_crumple(Document(data, PNG, "a.png"))
        assert (over[inked] < 140).all()
        assert (over[before > 240] > 240).all()
        dropped = np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))[..., 0]
        if behind not in ("opaque", "noise"):
            assert set(np.unique(dropped[before > 240])) == {behind}
    assert not dropped.any(), "only the transparency says what is written"


def test_few_colours_are_left_and_ink_stays_ink() -> None:
    clean = image(PNG, kind="tinted")
    before = by_crumple(clean)
    for level, most in zip(LEVELS, (256, 64, 16, 4, 2), strict=True):
        data = degraded(images.palette, clean, level).data
        with Image.open(io.BytesIO(data)) as shown:
            assert shown.mode == "P"
            assert len(shown.convert("RGB").getcolors(1 << 16)) <= most
        after = shades(data)
        assert after[before < 60].mean() + 90 < after[before > 200].mean()


def test_other_formats_stand_under_the_name_that_the_page_had() -> None:
    starts = (b"BM", b"GIF8", b"RIFF", b"\x00\x00\x00\x0cjP  ", b"\x00\x00\x00")
    for media_type in (PNG, JPEG):
        clean = image(media_type)
        for level, start in zip(LEVELS, starts, strict=True):
            document = degraded(images.other_image, clean, level)
            assert (document.media_type, document.name) == (clean.media_type, clean.name)
            assert document.data.startswith(start)
            assert np.abs(shades(document.data) - by_crumple(clean)).max() <= 40
    with pytest.raises(NotApplicable, match="several pages"):
        applied(images.other_image, image(TIFF, pages=2), 3)


def test_all_pages_of_a_tiff_are_kept() -> None:
    clean = image(TIFF, pages=3)
    for mutator in (images.exif_rotation, images.cmyk, images.tiff_layout, images.sixteen_bits):
        for level in LEVELS if mutator.ladder else (3,):
            pages = read(degraded(mutator, clean, level), Pages)
            assert [page.pixels.shape[:2] for page in pages] == [page.pixels.shape[:2] for page in read(clean, Pages)]
            assert all(round(each) in (100, 101, 102) or mutator is images.tiff_layout for each in pages[0].dpi)


def test_the_resolution_is_another_and_no_pixel_is_touched() -> None:
    for media_type in (PNG, JPEG):
        clean = image(media_type)
        said = []
        for level in LEVELS:
            with Image.open(io.BytesIO(degraded(images.resolution, clean, level).data)) as shown:
                said.append(tuple(round(each) for each in shown.info.get("dpi", (0, 0))))
        assert said[1:] == [(72, 72), (254, 254), (100, 50), (1, 1)]
        assert said[0] in ((0, 0), (1, 1)) or media_type == JPEG


@pytest.mark.parametrize("mutator", [each for each in vars(images).values() if type(each).__name__ == "Mutator"])
def test_what_is_no_image_is_skipped(mutator) -> None:
    for media_type in (PNG, JPEG, TIFF):
        if mutator.fits(media_type):
            with pytest.raises(NotApplicable):
                applied(mutator, Document(b"\x89PNG\r\n\x1a\nno image", media_type, "a"), 3)


@pytest.mark.parametrize("media_type", [PNG, JPEG, TIFF])
def test_on_a_wide_canvas_the_page_stands_at_the_left_as_it_was(media_type: str) -> None:
    clean = image(media_type)
    before = by_crumple(clean)
    pages = read(clean, Pages)
    for level, width in zip(LEVELS, (5_000, 10_000, 15_000, 20_000, 30_000), strict=True):
        page = image_shapes.wide_canvas.apply(pages[0], image_shapes.wide_canvas.step(level, 1)).view
        after = np.asarray(Image.fromarray(page.pixels).convert("L"), np.int16)
        assert after.shape[1] == width
        assert np.array_equal(after[:, : before.shape[1]], before)
        assert (after[:, before.shape[1] :] == 255).all()
        word = page.bend.destination(Region(0, 0.5, 0.5, 1, 0.6))
        assert word is not None
        assert round(word.right * width) == before.shape[1]


def test_a_place_on_a_canvas_that_is_too_large_is_no_place() -> None:
    page = Page(np.full((5_000, 100), 255, np.uint8), (300.0, 300.0))
    with pytest.raises(NotApplicable, match="too high"):
        image_shapes.wide_canvas.apply(page, image_shapes.wide_canvas.step(5, 1))


def test_every_frame_of_a_film_shows_the_page_and_the_first_is_it() -> None:
    clean = image(PNG)
    before = by_crumple(clean)
    for level, frames in zip(LEVELS, (1, 2, 5, 10, 20), strict=True):
        document = degraded(image_shapes.animated, clean, level)
        with Image.open(io.BytesIO(document.data)) as film:
            assert film.n_frames == frames + 1
            for at in range(film.n_frames):
                film.seek(at)
                other = np.abs(np.asarray(film.convert("L"), np.int16) - before) > 0
                assert other.mean() < 0.001
        assert np.array_equal(by_opencv(document.data), before)
        with pytest.raises(Unreadable, match="animation"):
            read(document, Pages)


@pytest.mark.parametrize("media_type", [PNG, JPEG, TIFF])
def test_of_one_pixel_nothing_is_told(media_type: str) -> None:
    said = applied(image_shapes.one_pixel, image(media_type), 5)
    assert said.lost is ALL
    assert shades(said.view).shape == (1, 1)
    with pytest.raises(NotApplicable, match="already"):
        applied(image_shapes.one_pixel, Document(said.view, media_type, "a"), 5)


def test_jpeg_within_tiff_is_read_as_the_page_was() -> None:
    for kind in ("grey", "tinted"):
        clean = image(TIFF, kind=kind, pages=2)
        document = degraded(image_shapes.tiff_jpeg, clean, 3)
        with Image.open(io.BytesIO(document.data)) as packed:
            assert packed.info["compression"] == "jpeg"
        assert len(read(document, Pages)) == 2
        assert np.abs(by_crumple(document) - by_crumple(clean)).max() <= PACKED
        assert np.abs(by_opencv(document.data).astype(int) - by_opencv(clean.data).astype(int)).max() <= PACKED + 3
