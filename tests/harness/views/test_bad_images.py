"""Image files that are odd, absurd or broken: a page or a reason, never a crash or a silent blank."""

import contextvars
import io
import struct

import numpy as np
import pytest
from PIL import Image, ImageCms
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from crumple import Document, Page, Pages, Unreadable, read, write
from crumple.views.limits import limit_pixels

FORMATS = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/webp": "WEBP",
    "image/bmp": "BMP",
    "image/gif": "GIF",
    "image/tiff": "TIFF",
}
WIDTH, HEIGHT = 64, 90
SIXTEEN = np.tile(np.linspace(0, 65535, WIDTH).astype(np.uint16), (HEIGHT, 1))
EIGHT = (SIXTEEN // 257).astype(np.uint8)


def ramp(mode: str) -> Image.Image:
    """From black on the left to white on the right, in any mode of Pillow's."""
    grey = Image.fromarray(EIGHT)
    if mode == "I;16":
        return Image.fromarray(SIXTEEN)
    if mode == "I":
        return Image.fromarray(SIXTEEN.astype(np.int32))
    if mode == "F":
        return Image.fromarray((SIXTEEN / 65535).astype(np.float32))
    if mode == "LAB":
        profiles = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        lab = ImageCms.applyTransform(
            grey.convert("RGB"), ImageCms.buildTransform(profiles[0], profiles[1], "RGB", "LAB")
        )
        assert lab is not None
        return lab
    if mode in ("LA", "RGBA"):
        opaque = grey.convert(mode)
        opaque.putalpha(255)
        return opaque
    return grey.convert(mode)


def document(image: Image.Image, media_type: str = "image/tiff", **options) -> Document:
    out = io.BytesIO()
    image.save(out, FORMATS[media_type], **options)
    return named(out.getvalue(), media_type)


def named(data: bytes, media_type: str = "image/tiff") -> Document:
    return Document(data, media_type, "page")


def turned(pages: Pages) -> Pages:
    return Pages(tuple(page.with_pixels(page.pixels[:, ::-1].copy()) for page in pages))


def grey(pixels: np.ndarray) -> np.ndarray:
    return pixels.astype(float).reshape(*pixels.shape[:2], -1).mean(axis=2)


def limited(most: int, clean: Document) -> Pages:
    def reading() -> Pages:
        limit_pixels(most)
        return read(clean, Pages)

    return contextvars.copy_context().run(reading)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGB", "RGBA", "CMYK", "LAB", "YCbCr", "I;16", "I", "F"])
@pytest.mark.parametrize("media_type", FORMATS)
def test_a_ramp_from_black_to_white_is_one_in_whatever_mode_it_is_stored(media_type, mode):
    try:
        clean = document(ramp(mode), media_type)
        stored = Image.open(io.BytesIO(clean.data)).mode
    except (OSError, ValueError):
        pytest.skip("the format has no such mode")
    if media_type in ("image/gif", "image/webp") and mode not in ("L", "LA", "P", "RGB"):
        pytest.skip("Pillow itself converts such modes on the way into the file, some of them badly")
    pages = read(clean, Pages)
    assert grey(pages[0].pixels)[40] == pytest.approx(EIGHT[40].astype(float), abs=6), stored
    again = read(write(turned(pages), clean), Pages)
    assert grey(again[0].pixels)[40] == pytest.approx(EIGHT[40, ::-1].astype(float), abs=6), stored


@pytest.mark.parametrize("depth", [8, 10, 12, 14, 16])
@pytest.mark.parametrize("media_type", ["image/png", "image/tiff"])
def test_a_scan_of_fewer_bits_in_a_file_of_sixteen_is_not_black(media_type, depth):
    values = (SIXTEEN.astype(float) / 65535 * (2**depth - 1)).round().astype(np.uint16)
    pixels = read(document(Image.fromarray(values), media_type), Pages)[0].pixels
    assert pixels.dtype == np.uint8
    assert (pixels[0, 0], pixels[0, -1]) == (0, 255)
    assert np.abs(pixels[0].astype(int) - EIGHT[0]).max() <= 1


def test_where_a_tiff_says_how_bright_white_is_that_is_believed():
    tags = ImageFileDirectory_v2()
    tags[281] = 4095  # MaxSampleValue
    dark = document(Image.fromarray((SIXTEEN // 64).astype(np.uint16)), tiffinfo=tags)
    assert read(dark, Pages)[0].pixels.max() == round(1023 / 4095 * 255)


def test_a_sixteen_bit_tiff_whose_zero_is_white_is_turned_over():
    clean = document(Image.fromarray(SIXTEEN))
    # PhotometricInterpretation (262), SHORT, one value: 1, black is zero.
    said = struct.pack("<HHII", 262, 3, 1, 1)
    assert clean.data.count(said) == 1
    turned_over = named(clean.data.replace(said, struct.pack("<HHII", 262, 3, 1, 0)))
    assert read(turned_over, Pages)[0].pixels[0, [0, -1]].tolist() == [255, 0]


@pytest.mark.parametrize("white", [1.0, 255.0, 65535.0])
def test_floats_are_scaled_by_what_they_reach_and_what_is_no_number_is_black(white):
    values = (SIXTEEN / 65535 * white).astype(np.float32)
    values[0, 0], values[0, 1] = np.nan, np.inf
    pixels = read(document(Image.fromarray(values)), Pages)[0].pixels
    assert pixels[0, :2].tolist() == [0, 0]
    assert np.abs(pixels[5].astype(int) - EIGHT[5]).max() <= 1


def test_signed_greys_have_their_middle_at_zero():
    values = SIXTEEN.astype(np.int32) - 32768
    pixels = read(document(Image.fromarray(values)), Pages)[0].pixels
    assert np.abs(pixels[5].astype(int) - EIGHT[5]).max() <= 1


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (30_000, 2), (2, 30_000)])
@pytest.mark.parametrize("media_type", FORMATS)
def test_a_page_of_any_size_is_read_and_written(media_type, size):
    try:
        clean = document(Image.new("RGB", size, (200, 210, 220)), media_type)
    except ValueError:
        pytest.skip("the format holds none of this size")
    pages = read(clean, Pages)
    assert (pages[0].width, pages[0].height) == size
    assert read(write(turned(pages), clean), Pages)[0].pixels.shape[:2] == (size[1], size[0])


@pytest.mark.parametrize("dpi", [(0, 0), (0, 200), (0.001, 0.001), (1, 1), (60_000, 60_000), (200, 20_000), (1e9, 1e9)])
@pytest.mark.parametrize("media_type", ["image/png", "image/jpeg", "image/bmp", "image/tiff"])
def test_a_resolution_that_no_scanner_has_is_not_believed(media_type, dpi):
    try:
        clean = document(ramp("L"), media_type, dpi=dpi)
    except (struct.error, OSError, ValueError, OverflowError):
        pytest.skip("the format cannot say so")
    estimated = read(document(ramp("L"), "image/png"), Pages)[0].dpi
    assert read(clean, Pages)[0].dpi == estimated


@pytest.mark.parametrize("media_type", FORMATS)
@pytest.mark.parametrize("kept", [0.02, 0.3, 0.6])
def test_a_file_that_is_cut_short_is_refused_and_never_half_a_page(media_type, kept):
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (200, 300), dtype=np.uint8))
    whole = document(noise, media_type).data
    with pytest.raises(Unreadable, match=r"cut short|damaged"):
        read(named(whole[: int(kept * len(whole))], media_type), Pages)


@pytest.mark.parametrize(
    "compression", ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg", "group3", "group4"]
)
@pytest.mark.parametrize("kept", [0.3, 0.5, 0.9])
def test_a_tiff_of_many_pages_that_is_cut_short_is_refused_and_never_a_few_pages(compression, kept):
    page = ramp("1" if compression.startswith("group") else "L").resize((400, 600))
    whole = document(page, compression=compression, save_all=True, append_images=[page, page]).data
    with pytest.raises(Unreadable):
        read(named(whole[: int(kept * len(whole))]), Pages)


def test_of_many_pages_the_broken_one_is_named():
    pages = [Image.fromarray(np.full((50, 40), shade, np.uint8)) for shade in (10, 20, 30)]
    data = bytearray(document(pages[0], save_all=True, append_images=pages[1:], compression="tiff_lzw").data)
    with Image.open(io.BytesIO(data)) as image:
        image.seek(1)
        at, length = image.tag_v2[273][0], image.tag_v2[279][0]
    data[at : at + length] = b"\xff" * length
    with pytest.raises(Unreadable, match="page 2 of the image"):
        read(named(bytes(data)), Pages)


@pytest.mark.parametrize("media_type", ["image/png", "image/gif", "image/webp"])
def test_an_animation_is_refused_with_its_number_of_frames(media_type):
    frames = [Image.new("RGB", (20, 20), (shade, 0, 0)) for shade in (0, 120, 255)]
    with pytest.raises(Unreadable, match="animation of 3 frames"):
        read(document(frames[0], media_type, save_all=True, append_images=frames[1:]), Pages)


@pytest.mark.parametrize("media_type", FORMATS)
def test_rubbish_under_a_signature_is_refused_in_the_same_words_every_time(media_type):
    head = document(ramp("L"), media_type).data[:16]
    reasons = set()
    for _ in range(2):
        with pytest.raises(Unreadable) as refused:
            read(named(head + b"\xa5" * 300, media_type), Pages)
        reasons.add(str(refused.value))
    assert len(reasons) == 1
    assert " at 0x" not in reasons.pop()


def test_one_page_may_have_a_quarter_of_the_limit():
    clean = document(ramp("L"), "image/png")
    assert limited(4 * WIDTH * HEIGHT, clean)[0].width == WIDTH
    with pytest.raises(Unreadable, match=r"page 1 has 0\.00576 million pixels.*\[mutate\] pixels"):
        limited(4 * WIDTH * HEIGHT - 1, clean)


def test_all_pages_together_may_have_the_limit():
    clean = document(ramp("L"), save_all=True, append_images=[ramp("L")] * 4)
    assert len(limited(5 * WIDTH * HEIGHT, clean)) == 5
    with pytest.raises(Unreadable, match="the document has more than"):
        limited(5 * WIDTH * HEIGHT - 1, clean)


def test_pillows_own_limit_belongs_to_the_program_around_us(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    for media_type in ("image/png", "image/jpeg", "image/bmp", "image/gif", "image/tiff"):
        assert read(document(ramp("L"), media_type), Pages)[0].width == WIDTH
    assert len(read(document(ramp("L"), save_all=True, append_images=[ramp("L")]), Pages)) == 2
    with pytest.raises(Unreadable, match="more pixels than Pillow unpacks"):
        read(document(ramp("L"), "image/webp"), Pages)
    assert Image.MAX_IMAGE_PIXELS == 100


def test_a_page_that_has_outgrown_its_format_says_so():
    clean = document(ramp("L"), "image/webp")
    grown = Pages((Page(np.zeros((2, 20_000), np.uint8), (200.0, 200.0)),))
    with pytest.raises(Unreadable, match="WEBP cannot hold a page of 20000 x 2 pixels"):
        write(grown, clean)
