"""Image files as pages and back."""

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from crumple import Document, Page, Pages, Unreadable, exact, identify, read, write

FORMATS = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/webp": "WEBP",
    "image/bmp": "BMP",
    "image/gif": "GIF",
    "image/tiff": "TIFF",
}


def sheet(mode="L", size=(165, 234)) -> Image.Image:
    """A small page: text-like bars, and in colour a red square."""
    image = Image.new("RGB", size, (250, 248, 244))
    for top in range(20, size[1] - 20, 12):
        image.paste((20, 20, 30), (15, top, 15 + (top * 7) % 120, top + 5))
    image.paste((190, 30, 30), (100, 150, 140, 190))
    return image.convert(mode)


def document(image: Image.Image, media_type: str, **options) -> Document:
    out = io.BytesIO()
    image.save(out, FORMATS[media_type], **options)
    return Document(out.getvalue(), media_type, "page")


def assert_one_sentence(text: str) -> None:
    assert text
    assert "\n" not in text


def changed(pages: Pages) -> Pages:
    return Pages(tuple(page.with_pixels(page.pixels) for page in pages))


def distance(one: Page, other: Page) -> float:
    return float(np.abs(one.pixels.astype(int) - other.pixels).mean())


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("media_type", FORMATS)
def test_every_format_is_told_by_its_content_and_unchanged_written_back_byte_for_byte(media_type, mode):
    clean = document(sheet(mode), media_type)
    assert identify(clean.data, "no-ending") == media_type
    assert write(read(clean, Pages), clean).data == clean.data


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("media_type", FORMATS)
def test_changed_pixels_come_back_as_they_were_written(media_type, mode):
    clean = document(sheet(mode), media_type)
    pages = read(clean, Pages)
    upside_down = Pages((pages[0].with_pixels(pages[0].pixels[::-1]),))
    written = write(upside_down, clean)
    assert identify(written.data) == media_type
    lost = distance(read(written, Pages)[0], upside_down[0])
    assert lost == 0 if exact(media_type, Pages) or (media_type, mode) == ("image/gif", "L") else lost < 4


@pytest.mark.parametrize("media_type", FORMATS)
def test_the_same_pixels_make_the_same_bytes(media_type):
    clean = document(sheet("RGB"), media_type)
    assert write(changed(read(clean, Pages)), clean).data == write(changed(read(clean, Pages)), clean).data


@pytest.mark.parametrize("media_type", [each for each in FORMATS if each not in ("image/gif", "image/webp")])
def test_the_resolution_is_kept(media_type):
    clean = document(sheet(), media_type, dpi=(150, 150))
    assert read(clean, Pages)[0].dpi == (150, 150)
    assert read(write(changed(read(clean, Pages)), clean), Pages)[0].dpi == (150, 150)


def test_the_resolution_of_a_webp_is_kept_in_its_exif():
    exif = Image.Exif()
    exif[0x011A], exif[0x011B], exif[0x0128] = 150.0, 150.0, 2
    clean = document(sheet(), "image/webp", exif=exif)
    assert read(clean, Pages)[0].dpi == (150, 150)
    assert read(write(changed(read(clean, Pages)), clean), Pages)[0].dpi == (150, 150)


@pytest.mark.parametrize("media_type", ["image/png", "image/tiff"])
def test_a_fax_keeps_its_two_resolutions(media_type):
    clean = document(sheet(), media_type, dpi=(204, 98))
    assert read(write(changed(read(clean, Pages)), clean), Pages)[0].dpi == (204, 98)


def test_a_file_that_says_nothing_of_its_resolution_goes_on_saying_nothing():
    clean = document(sheet(), "image/png")
    assert read(clean, Pages)[0].dpi == pytest.approx((20.1, 20.1), abs=0.2), "estimated from the shape of A4"
    written = write(changed(read(clean, Pages)), clean)
    assert "dpi" not in Image.open(io.BytesIO(written.data)).info


def test_72_dpi_is_not_believed_of_a_photographed_page_and_kept_in_its_file():
    clean = document(sheet(size=(2100, 2970)), "image/jpeg", dpi=(72, 72))
    assert read(clean, Pages)[0].dpi == pytest.approx((254, 254), rel=0.01)
    written = write(changed(read(clean, Pages)), clean)
    assert Image.open(io.BytesIO(written.data)).info["dpi"] == (72, 72)


def test_a_changed_resolution_is_written():
    clean = document(sheet(), "image/png", dpi=(200, 200))
    page = Page(read(clean, Pages)[0].pixels, (100.0, 100.0))
    assert read(write(Pages((page,)), clean), Pages)[0].dpi == (100, 100)


def test_a_jpeg_is_encoded_again_with_its_own_tables_so_that_it_costs_next_to_nothing():
    for quality in (30, 75, 95):
        for subsampling in (0, 2):
            clean = document(sheet("RGB"), "image/jpeg", quality=quality, subsampling=subsampling)
            pages = read(clean, Pages)
            written = write(changed(pages), clean)
            assert distance(read(written, Pages)[0], pages[0]) < 0.5
            assert len(written.data) == pytest.approx(len(clean.data), rel=0.05)


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_exif_orientation_is_applied_once(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    clean = document(sheet("RGB"), "image/jpeg", exif=exif, dpi=(150, 150), quality=95)
    upright = read(clean, Pages)[0]
    assert (upright.width > upright.height) == (orientation != 3)
    assert distance(read(write(changed(read(clean, Pages)), clean), Pages)[0], upright) < 1


def test_a_colour_profile_survives():
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for media_type in ("image/png", "image/jpeg", "image/tiff", "image/webp"):
        clean = document(sheet("RGB"), media_type, icc_profile=profile)
        written = write(changed(read(clean, Pages)), clean)
        assert Image.open(io.BytesIO(written.data)).info["icc_profile"] == profile, media_type


def test_what_is_transparent_is_paper():
    image = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    image.paste((255, 0, 0, 255), (10, 10, 20, 20))
    pixels = read(document(image, "image/png"), Pages)[0].pixels
    assert pixels[0, 0].tolist() == [255, 255, 255]
    assert pixels[15, 15].tolist() == [255, 0, 0]


def test_a_grey_palette_is_grey_and_a_coloured_one_is_rgb():
    assert read(document(sheet("L").convert("P"), "image/png"), Pages)[0].grey
    assert not read(document(sheet("P"), "image/png"), Pages)[0].grey


def test_sixteen_bits_are_scaled_to_eight():
    deep = Image.fromarray(np.array([[0, 0x8000, 0xFFFF]], np.uint16))
    for media_type in ("image/png", "image/tiff"):
        assert read(document(deep, media_type), Pages)[0].pixels.tolist() == [[0, 128, 255]]


def test_cmyk_becomes_rgb():
    clean = document(Image.new("CMYK", (20, 20), (0, 255, 255, 0)), "image/jpeg", quality=95)
    page = read(clean, Pages)[0]
    assert page.pixels[10, 10].tolist() == pytest.approx([255, 0, 0], abs=6)
    assert distance(read(write(changed(read(clean, Pages)), clean), Pages)[0], page) < 6


@pytest.mark.parametrize("media_type", ["image/png", "image/tiff", "image/bmp"])
def test_a_bilevel_file_stays_bilevel_while_its_pixels_are_black_and_white(media_type):
    clean = document(sheet("1"), media_type)
    page = read(clean, Pages)[0]
    assert set(np.unique(page.pixels)) == {0, 255}
    flipped = Pages((page.with_pixels(page.pixels[:, ::-1]),))
    written = write(flipped, clean)
    assert Image.open(io.BytesIO(written.data)).mode == "1"
    assert read(written, Pages)[0] == flipped[0]
    softened = write(Pages((page.with_pixels(page.pixels // 2 + 60),)), clean)
    assert Image.open(io.BytesIO(softened.data)).mode == "L"


def many(*images: Image.Image, **options) -> Document:
    return document(images[0], "image/tiff", save_all=True, append_images=images[1:], **options)


def test_a_tiff_of_many_pages_is_read_page_by_page_and_written_back_byte_for_byte():
    clean = many(sheet("L"), sheet("RGB"), sheet("1"))
    pages = read(clean, Pages)
    assert [page.grey for page in pages] == [True, False, True]
    assert write(pages, clean).data == clean.data


def test_in_a_tiff_of_many_pages_a_change_of_one_leaves_the_others_as_they_were():
    clean = many(sheet("L"), sheet("RGB"), sheet("1"))
    pages = read(clean, Pages)
    written = read(write(Pages((pages[0], pages[1].with_pixels(pages[1].pixels[::-1]), pages[2])), clean), Pages)
    assert (written[0], written[2]) == (pages[0], pages[2])
    assert np.array_equal(written[1].pixels, pages[1].pixels[::-1])


def test_pages_of_a_tiff_keep_resolutions_of_their_own():
    clean = many(sheet("L"), sheet("L"), dpi=(300, 300))
    first, second = read(clean, Pages)
    second = Page(second.pixels, (150.0, 150.0))
    assert [page.dpi for page in read(write(Pages((first, second)), clean), Pages)] == [(300, 300), (150, 150)]


def test_a_lossless_compression_is_kept_and_a_fax_compression_while_it_can_hold_the_page():
    clean = many(sheet("1"), sheet("1"), compression="group4")
    written = write(changed(read(clean, Pages)), clean)
    assert Image.open(io.BytesIO(written.data)).info["compression"] == "group4"
    page = read(clean, Pages)[0]
    softened = write(Pages((page.with_pixels(page.pixels // 2 + 60),)), clean)
    assert read(softened, Pages)[0] == page.with_pixels(page.pixels // 2 + 60)


def test_a_format_of_one_page_refuses_a_second():
    clean = document(sheet(), "image/png")
    page = read(clean, Pages)[0]
    with pytest.raises(Unreadable, match="one page, not 2"):
        write(Pages((page, page)), clean)


def test_an_animation_is_not_a_page():
    frames = [Image.new("L", (20, 20), shade) for shade in (0, 120, 255)]
    clean = document(frames[0], "image/gif", save_all=True, append_images=frames[1:])
    with pytest.raises(Unreadable, match="animation of 3 frames"):
        read(clean, Pages)


@pytest.mark.parametrize("side", [11_000, 60_000])
def test_a_decompression_bomb_is_refused_before_it_is_unpacked(side):
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
    data = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    bomb = Document(data, "image/png", "bomb.png")
    with pytest.raises(Unreadable, match="million pixels"):
        read(bomb, Pages)


@settings(max_examples=150)
@given(
    media_type=st.sampled_from(sorted(FORMATS)),
    cut=st.floats(0.01, 1),
    flips=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=12),
)
def test_a_damaged_image_is_read_or_unreadable_in_one_sentence_and_nothing_else(media_type, cut, flips):
    data = bytearray(document(sheet("RGB"), media_type).data)
    data = data[: max(1, int(cut * len(data)))]
    for at, value in flips:
        data[int(at * len(data))] = value
    damaged = Document(bytes(data), media_type, "damaged")
    try:
        pages = read(damaged, Pages)
    except Unreadable as reason:
        assert_one_sentence(str(reason))
    else:
        assert write(pages, damaged).data == damaged.data


def test_a_text_that_begins_with_bm_is_not_a_bmp():
    assert identify(b"BM is short for bookmark, and this is a text.", "a.txt") != "image/bmp"
