"""PDF files as pages and back, and where their words stand."""

import io

import numpy as np
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.pdfgen import canvas

from crumple import Document, Page, Pages, Region, Unreadable, exact, identify, read, read_pdf, write
from crumple.views.pdf import words

A5 = (420.0, 595.0)


def pdf(*pages: str, size=A5, colour=(0, 0, 0), rotation=0) -> Document:
    """A PDF with one line of text a page, 50 points from the left and from the top."""
    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=size, invariant=1)
    for text in pages:
        sheet.setFont("Helvetica", 20)
        sheet.setFillColorRGB(*colour)
        sheet.drawString(50, size[1] - 50, text)
        sheet.showPage()
    sheet.save()
    return edited(out.getvalue(), lambda page: page.rotate(rotation)) if rotation else named(out.getvalue())


def named(data: bytes) -> Document:
    return Document(data, "application/pdf", "a.pdf")


def edited(data: bytes, edit) -> Document:
    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(data)))
    for page in writer.pages:
        edit(page)
    out = io.BytesIO()
    writer.write(out)
    return named(out.getvalue())


def scan(pixels: np.ndarray, dpi: tuple[float, float]) -> Document:
    return write(Pages((Page(pixels, dpi),)), pdf("x"))


def changed(pages: Pages) -> Pages:
    return Pages(tuple(page.with_pixels(page.pixels) for page in pages))


def sizes(document: Document) -> list[tuple[float, float]]:
    boxes = [page.mediabox for page in pypdf.PdfReader(io.BytesIO(document.data)).pages]
    return [(float(box.width), float(box.height)) for box in boxes]


def ink_box(page: Page) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of what is dark, in shares of the page."""
    rows, columns = np.nonzero(page.pixels.reshape(page.height, page.width, -1).min(axis=2) < 128)
    return (
        columns.min() / page.width,
        rows.min() / page.height,
        (columns.max() + 1) / page.width,
        (rows.max() + 1) / page.height,
    )


def test_a_pdf_is_told_by_its_header_even_behind_junk():
    assert identify(pdf("x").data, "x") == "application/pdf"
    assert identify(b"\r\n\r\n" + pdf("x").data, "x") == "application/pdf"


def test_unchanged_pages_are_the_file_byte_for_byte_but_rasterising_is_not_exact():
    clean = pdf("one", "two")
    assert write(read(clean, Pages), clean).data == clean.data
    assert not exact("application/pdf", Pages)


def test_pages_are_rasterised_at_200_dpi_or_what_is_asked_for():
    page = read(pdf("x"), Pages)[0]
    assert (page.width, page.height) == (round(420 / 72 * 200), round(595 / 72 * 200))
    assert page.dpi == pytest.approx((200, 200), rel=0.001)
    assert read_pdf(pdf("x"), dpi=100)[0].dpi == pytest.approx((100, 100), rel=0.002)


def test_a_page_without_colour_is_grey_and_one_with_colour_is_rgb():
    assert read(pdf("x"), Pages)[0].grey
    coloured = read(pdf("x", colour=(1, 0, 0)), Pages)[0]
    assert not coloured.grey
    reddest = coloured.pixels[coloured.pixels[..., 1] < 60].mean(axis=0)
    assert reddest[0] > 200 > reddest[2], "red stays red, not blue"


def test_changed_pages_make_a_pdf_of_images_on_sheets_of_the_same_size():
    clean = pdf("one", "two", size=(421.3, 595.28))
    written = write(changed(read(clean, Pages)), clean)
    assert sizes(written) == [pytest.approx((421.3, 595.28), abs=0.01)] * 2
    assert words(written) == []
    again = read(written, Pages)
    assert [page.pixels.shape for page in again] == [page.pixels.shape for page in read(clean, Pages)]
    assert np.abs(again[0].pixels.astype(int) - read(clean, Pages)[0].pixels).mean() < 1


def test_a_page_that_was_not_changed_stays_a_page_of_text():
    clean = pdf("one", "two", "three")
    pages = read(clean, Pages)
    written = write(Pages((pages[0], pages[1].with_pixels(pages[1].pixels[::-1]), pages[2])), clean)
    assert [word for word, _ in words(written)] == ["one", "three"]
    assert {region.page for _, region in words(written)} == {0, 2}


def test_the_same_pages_make_the_same_bytes():
    clean = pdf("one", "two", colour=(0, 0.4, 0))
    assert write(changed(read(clean, Pages)), clean).data == write(changed(read(clean, Pages)), clean).data


@pytest.mark.parametrize("dpi", [(300.0, 300.0), (100.0, 100.0), (204.0, 98.0)], ids=["300", "100", "fax"])
def test_a_scan_is_read_at_its_own_resolution_pixel_for_pixel(dpi):
    pixels = np.random.default_rng(0).integers(0, 256, (300, 250), dtype=np.uint8)
    scanned = scan(pixels, dpi)
    page = read(scanned, Pages)[0]
    assert page.pixels.shape == (300, 250)
    assert page.dpi == pytest.approx(dpi, rel=0.001)
    stored = pypdf.PdfReader(io.BytesIO(scanned.data)).pages[0]["/Resources"]["/XObject"]["/Page"]
    assert np.array_equal(page.pixels, np.asarray(Image.open(io.BytesIO(stored._data))))


def test_a_scan_that_lies_on_its_side_is_read_upright_at_its_own_resolution():
    pixels = np.random.default_rng(0).integers(0, 256, (300, 250), dtype=np.uint8)
    upright = scan(pixels, (204.0, 98.0))
    page = read(edited(upright.data, lambda page: page.rotate(90)), Pages)[0]
    assert page.dpi == pytest.approx((98, 204), rel=0.001)
    assert np.array_equal(page.pixels, np.rot90(read(upright, Pages)[0].pixels, -1))


def test_a_scan_with_an_invisible_text_layer_is_still_a_scan():
    pixels = np.full((595, 420), 230, np.uint8)
    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=A5, invariant=1)
    sheet.drawInlineImage(Image.fromarray(pixels), 0, 0, *A5)
    text = sheet.beginText(50, 500)
    text.setTextRenderMode(3)
    text.textLine("hidden")
    sheet.drawText(text)
    sheet.save()
    scanned = named(out.getvalue())
    assert read(scanned, Pages)[0].pixels.shape == pixels.shape
    assert [word for word, _ in words(scanned)] == ["hidden"], "invisible text counts"


def test_an_image_with_visible_text_over_it_is_rasterised_like_any_page():
    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=A5, invariant=1)
    sheet.drawInlineImage(Image.new("L", (595, 420), 230), 0, 0, *A5)
    sheet.drawString(50, 500, "seen")
    sheet.save()
    assert read(named(out.getvalue()), Pages)[0].dpi == pytest.approx((200, 200), rel=0.001)


def test_a_form_is_rasterised_with_what_was_filled_in():
    def form(value: str) -> Document:
        out = io.BytesIO()
        sheet = canvas.Canvas(out, pagesize=A5, invariant=1)
        sheet.acroForm.textfield(name="total", value=value, x=50, y=300, width=200, height=30, borderWidth=0)
        sheet.showPage()
        sheet.save()
        return named(out.getvalue())

    dark = [int((read(form(value), Pages)[0].pixels < 100).sum()) for value in ("", "1,234.50")]
    assert dark[1] > dark[0] + 100


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_words_are_where_the_page_shows_them_however_it_is_turned(rotation):
    document = pdf("Total", rotation=rotation)
    ((word, region),) = words(document)
    assert word == "Total"
    seen = ink_box(read(document, Pages)[0])
    assert (region.left, region.top, region.right, region.bottom) == pytest.approx(seen, abs=0.006)


def test_words_are_where_the_page_shows_them_when_it_is_cropped():
    def crop(page) -> None:
        page.cropbox.lower_left, page.cropbox.upper_right = (30, 200), (300, 580)

    document = edited(pdf("Total").data, crop)
    ((_, region),) = words(document)
    seen = ink_box(read(document, Pages)[0])
    assert (region.left, region.top, region.right, region.bottom) == pytest.approx(seen, abs=0.006)


def test_words_come_in_reading_order_with_their_pages():
    found = words(pdf("first line", "second"))
    assert [(word, region.page) for word, region in found] == [("first", 0), ("line", 0), ("second", 1)]
    assert found[0][1].right < found[1][1].left
    assert all(isinstance(region, Region) for _, region in found)


def test_an_encrypted_pdf_says_that_it_asks_for_a_password_and_one_with_an_owners_password_only_is_read():
    def encrypted(user: str) -> Document:
        writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(pdf("x").data)))
        writer.encrypt(user, "owner", algorithm="RC4-128")
        out = io.BytesIO()
        writer.write(out)
        return named(out.getvalue())

    with pytest.raises(Unreadable, match="password"):
        read(encrypted("secret"), Pages)
    locked = encrypted("")
    pages = read(locked, Pages)
    assert len(pages) == 1
    assert len(read(write(changed(pages), locked), Pages)) == 1


def test_a_pdf_without_pages_says_so():
    out = io.BytesIO()
    pypdf.PdfWriter().write(out)
    with pytest.raises(Unreadable, match="no page"):
        read(named(out.getvalue()), Pages)


def test_a_page_as_large_as_a_house_is_refused_before_it_is_drawn():
    with pytest.raises(Unreadable, match="million pixels"):
        read(pdf("x", size=(14_000, 14_000)), Pages)


def test_a_view_without_pages_is_refused():
    with pytest.raises(Unreadable, match="at least one page"):
        write(Pages(()), pdf("x"))


@settings(max_examples=80)
@given(
    cut=st.floats(0.01, 1),
    flips=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=20),
)
def test_a_damaged_pdf_is_read_or_unreadable_in_one_sentence_and_nothing_else(cut, flips):
    data = bytearray(pdf("one", "two", size=(100, 140)).data)
    data = data[: max(1, int(cut * len(data)))]
    for at, value in flips:
        data[int(at * len(data))] = value
    damaged = named(bytes(data))
    try:
        pages = read_pdf(damaged, dpi=30)
        write(changed(pages), damaged)
        write(Pages((*pages, pages[0].with_pixels(pages[0].pixels))), damaged)
        words(damaged)
    except Unreadable as reason:
        sentence = str(reason)
    else:
        sentence = "readable"
    assert sentence
    assert "\n" not in sentence
