"""PDFs with something wrong in them: pages as they were meant or a reason, never a silent blank."""

import contextvars
import io
import zlib

import numpy as np
import pypdf
import pytest
from pypdf.generic import ArrayObject, IndirectObject, NameObject, NumberObject, RectangleObject, StreamObject
from reportlab.pdfgen import canvas

from crumple import Document, Page, Pages, Unreadable, read, write
from crumple.views.limits import limit_pixels
from crumple.views.pdf import words

A5 = (420.0, 595.0)


def named(data: bytes) -> Document:
    return Document(data, "application/pdf", "a.pdf")


def texts(*, packed: bool = True) -> bytes:
    """Three pages of twenty lines."""
    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=A5, invariant=1, pageCompression=int(packed))
    for number in range(3):
        for line in range(20):
            sheet.drawString(50, 545 - 20 * line, f"page {number}, line {line}: total 1,234.50")
        sheet.showPage()
    sheet.save()
    return out.getvalue()


def edited(data: bytes, edit) -> Document:
    """The document with its second page changed."""
    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(data)))
    edit(writer.pages[1], writer)
    out = io.BytesIO()
    writer.write(out)
    return named(out.getvalue())


def content(page) -> StreamObject:
    found = page["/Contents"].get_object()
    return found[0].get_object() if isinstance(found, ArrayObject) else found


def with_content(change, *, packed: bool = True) -> Document:
    """The second page's content as it lies in the file, changed."""

    def edit(page, _writer):
        stream = content(page)
        stream._data = change(stream._data)

    return edited(texts(packed=packed), edit)


def with_deflated(change) -> Document:
    """The second page's content deflated and nothing else, and that changed."""

    def edit(page, writer):
        stream = StreamObject()
        stream._data = change(zlib.compress(content(page).get_data()))
        stream[NameObject("/Filter")] = NameObject("/FlateDecode")
        page[NameObject("/Contents")] = writer._add_object(stream)

    return edited(texts(), edit)


def scans(change, *, deflated: bool = False) -> Document:
    """Three scans, of which the second one's image is changed."""
    pixels = [np.random.default_rng(n).integers(0, 256, (600, 420), dtype=np.uint8) for n in range(3)]
    written = write(Pages(tuple(Page(each, (100.0, 100.0)) for each in pixels)), named(texts()))

    def edit(page, _writer):
        image = page["/Resources"]["/XObject"]["/Page"]
        if deflated:
            image._data = zlib.compress(pixels[1].tobytes())
            image[NameObject("/Filter")] = NameObject("/FlateDecode")
        image._data = change(image._data)

    return edited(written.data, edit)


def ink(pages: Pages) -> list[bool]:
    return [bool((page.pixels < 128).any()) for page in pages]


@pytest.mark.parametrize(
    "broken",
    [
        with_content(lambda data: data[: len(data) // 2]),
        with_content(lambda data: b"U" * len(data)),
        with_deflated(lambda data: data[:60]),
        with_deflated(lambda data: b"\0" * 100),
        with_deflated(lambda data: data[:40] + b"\xff" * 40 + data[80:]),
        with_content(lambda data: b"\x81\x99 rubbish " * 30, packed=False),
        with_content(lambda data: data.replace(b"Tj", b"Zz"), packed=False),
        edited(
            texts(),
            lambda page, writer: page.__setitem__(NameObject("/Contents"), IndirectObject(999, 0, writer)),
        ),
        scans(lambda data: data[: len(data) // 2]),
        scans(lambda data: b"x" * 1000),
        scans(lambda data: data[: len(data) // 2], deflated=True),
        scans(lambda data: b"x" * 100, deflated=True),
    ],
    ids=[
        "armoured content cut short",
        "armoured content garbled",
        "content cut short",
        "content zeroed",
        "content garbled in the middle",
        "content that is rubbish",
        "content of unknown operators",
        "content missing",
        "JPEG cut short",
        "JPEG garbled",
        "image cut short",
        "image garbled",
    ],
)
def test_a_broken_page_among_good_ones_is_named_and_never_drawn_blank(broken):
    with pytest.raises(Unreadable, match=r"^page 2 of the PDF is damaged: [^\n]+$"):
        read(broken, Pages)


@pytest.mark.parametrize(
    "sound",
    [
        with_deflated(lambda data: data),
        with_deflated(lambda data: data[:-4]),
        with_deflated(lambda data: data[:-4] + b"nope"),
        with_deflated(lambda data: data + b"\r\n"),
        scans(lambda data: data[:-2]),
        scans(lambda data: data + b"\0" * 200),
        scans(lambda data: data, deflated=True),
    ],
    ids=[
        "whole",
        "no checksum",
        "wrong checksum",
        "line end behind",
        "JPEG without end mark",
        "JPEG with zeros behind",
        "deflated scan",
    ],
)
def test_what_every_reader_shows_is_shown(sound):
    assert ink(read(sound, Pages)) == [True, True, True]


@pytest.mark.parametrize(
    "blank",
    [
        edited(texts(), lambda page, _: page.pop("/Contents")),
        with_content(lambda _: b"", packed=False),
        with_content(lambda _: b"q /Span BMC EMC Q\n", packed=False),
        with_content(lambda _: b"BT /F1 12 Tf () Tj ET\n", packed=False),
        with_content(lambda data: b"1 g\n" + data.replace(b"0 0 0 rg", b"1 1 1 rg"), packed=False),
    ],
    ids=["no content", "empty content", "no marks", "empty text", "white text"],
)
def test_a_page_that_is_meant_to_be_blank_is_blank(blank):
    assert ink(read(blank, Pages)) == [True, False, True]


def test_a_damaged_image_that_a_page_lists_and_does_not_show_is_no_damage():
    def edit(page, writer):
        image = StreamObject()
        image._data = b"x" * 50
        image[NameObject("/Subtype")] = NameObject("/Image")
        image[NameObject("/Filter")] = NameObject("/FlateDecode")
        page["/Resources"][NameObject("/XObject")] = pypdf.generic.DictionaryObject(
            {NameObject("/Elsewhere"): writer._add_object(image)}
        )

    assert ink(read(edited(texts(), edit), Pages)) == [True, True, True]


def test_damage_is_not_printed(capfd):
    with pytest.raises(Unreadable):
        read(with_content(lambda data: data[:40]), Pages)
    read(named(texts().replace(b"startxref", b"startxfer")), Pages)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_a_pdf_that_is_cut_short_is_refused_or_whole(kept):
    whole = texts()
    with pytest.raises(Unreadable, match="damaged"):
        read(named(whole[: int(kept * len(whole))]), Pages)


def test_a_pdf_without_pages_is_not_called_damaged():
    out = io.BytesIO()
    pypdf.PdfWriter().write(out)
    with pytest.raises(Unreadable, match=r"^the PDF has no pages$"):
        read(named(out.getvalue()), Pages)


def test_user_units_make_the_sheet_larger_and_leave_places_where_they_are():
    def doubled(page, writer):
        for each in writer.pages:
            each[NameObject("/UserUnit")] = NumberObject(2)

    plain, large = named(texts()), edited(texts(), doubled)
    once, twice = read(plain, Pages)[0], read(large, Pages)[0]
    assert twice.size_mm == pytest.approx([2 * each for each in once.size_mm], rel=0.001)
    assert twice.dpi == pytest.approx((200, 200), rel=0.001)
    assert twice.width == pytest.approx(2 * once.width, abs=2)
    assert words(large) == words(plain)
    written = write(Pages(tuple(page.with_pixels(page.pixels) for page in read(large, Pages))), large)
    assert read(written, Pages)[0].size_mm == pytest.approx(twice.size_mm, rel=0.001)


def test_a_sheet_that_is_too_large_for_points_is_written_in_larger_units():
    long = Page(np.full((100, 30_000), 200, np.uint8), (50.0, 50.0))
    written = write(Pages((long,)), named(texts()))
    (sheet,) = pypdf.PdfReader(io.BytesIO(written.data)).pages
    assert float(sheet.mediabox.width) <= 14_400
    assert read(written, Pages)[0].size_mm == pytest.approx(long.size_mm, rel=0.001)


@pytest.mark.parametrize("unit", [0, -3, 10**9])
def test_a_user_unit_that_cannot_be_is_left_out(unit):
    def edit(page, _writer):
        page[NameObject("/UserUnit")] = NumberObject(unit)

    pages = read(edited(texts(), edit), Pages)
    assert pages[1].size_mm == pytest.approx(pages[0].size_mm)


@pytest.mark.parametrize("box", [(0, 0, 1, 1), (0, 0, 0.1, 0.1), (0, 0, 0, 0), (0, 0, 10_800, 72)])
def test_a_sheet_of_any_size_is_read_and_written(box):
    def edit(page, _writer):
        page.mediabox = RectangleObject(box)

    clean = edited(texts(), edit)
    pages = read(clean, Pages)
    assert len(pages) == 3
    assert len(read(write(Pages(tuple(page.with_pixels(page.pixels) for page in pages)), clean), Pages)) == 3


def test_the_limit_holds_for_one_page_and_for_all():
    def limited(most: int) -> Pages:
        def reading() -> Pages:
            limit_pixels(most)
            return read(clean, Pages)

        return contextvars.copy_context().run(reading)

    clean = named(texts())
    one = int(np.prod(read(clean, Pages)[0].pixels.shape))
    assert len(limited(4 * one)) == 3
    with pytest.raises(Unreadable, match=r"page 1 has .* a quarter of \[mutate\] pixels"):
        limited(4 * one - 1)
