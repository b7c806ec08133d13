"""Rasterising PDF files with pdfium, reading their text's places, and writing PDFs of page images."""

from __future__ import annotations

import ctypes
import io
import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

import cv2
import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from crumple.document import Document
from crumple.errors import Unreadable
from crumple.places import Region
from crumple.views.limits import count_pixels
from crumple.views.pages import Page, Pages, Pixels, read_page
from crumple.views.pdf_soundness import Inspection
from crumple.views.pdf_text_layer import TextLayer

Box: TypeAlias = tuple[float, float, float, float]
"""Left, bottom, right and top in a page's own coordinates, in points from the bottom left."""

POINTS_PER_INCH = 72.0
_QUALITY = 85
_LARGEST_SHEET = 14_400  # points: beyond it, readers want larger ones
_SCANNED_DPI = (50.0, 1300.0)  # an image of another resolution is a picture on a page, not a scan of one
_SQUARES = 1 << 20  # device units a page is divided into to find places


def read(document: Document, dpi: float) -> Pages:
    """See `crumple.views.pdf.read_pdf`."""
    pages, total = [], 0
    with _opened(document) as pdf:
        inspection = Inspection(document, len(pdf))
        for index in range(len(pdf)):
            with _page(pdf, index) as page:
                unit = inspection.unit(index)
                across, down = (points * unit for points in page.get_size())
                scan = _scan_size(page, unit)
                width, height = scan or (_pixels(across, dpi), _pixels(down, dpi))
                total = count_pixels(width, height, total, page=index + 1)
                _check(index, inspection.flaw(index))
                pixels = _rasterised(pdf, page, width, height, smooth=scan is None)
                if pixels.min() == pixels.max():
                    _check(index, inspection.blank_flaw(index, page))
            # The sheet's size is kept, so the rounding to whole pixels goes into the dpi.
            exact = round(width / across * POINTS_PER_INCH, 4), round(height / down * POINTS_PER_INCH, 4)
            pages.append(read_page(document, index, len(pdf), pixels, exact))
    return Pages(tuple(pages))


def _check(index: int, flaw: str) -> None:
    """Refuse a document for one page: degrading the others would blame the system for what is lost on this one."""
    if flaw:
        raise Unreadable(f"page {index + 1} of the PDF is damaged: {flaw}")


@contextmanager
def _opened(document: Document) -> Iterator[Any]:
    try:
        pdf = pdfium.PdfDocument(document.data)
    except pdfium.PdfiumError as error:
        # pdfium may report the error of an earlier document, so the file itself has to agree.
        if error.err_code == pdfium_c.FPDF_ERR_PASSWORD and b"/Encrypt" in document.data:
            raise Unreadable("the PDF is encrypted and asks for a password") from error
        what = "the PDF has no pages" if _counted(document) == 0 else "the PDF is damaged: no page of it can be found"
        raise Unreadable(what) from error
    try:
        if not len(pdf):
            raise Unreadable("the PDF has no pages")
        if pdf.get_formtype():
            pdf.init_forms()  # else filled-in fields are not drawn
        yield pdf
    finally:
        pdf.close()


def _counted(document: Document) -> int | None:
    """How many pages pypdf finds; None where it finds no document."""
    import pypdf  # not needed where pdfium opens the file

    try:
        return len(pypdf.PdfReader(io.BytesIO(document.data)).pages)
    except Exception:  # noqa: BLE001 - pypdf trips over damage in many ways
        return None


@contextmanager
def _page(pdf: Any, index: int) -> Iterator[Any]:
    try:
        page = pdf[index]
    except pdfium.PdfiumError as error:
        raise Unreadable(f"page {index + 1} of the PDF is damaged") from error
    try:
        if min(page.get_size()) <= 0:
            raise Unreadable(f"page {index + 1} of the PDF has no size")
        yield page
    except pdfium.PdfiumError as error:
        raise Unreadable(f"page {index + 1} of the PDF is damaged") from error
    finally:
        page.close()


def _pixels(points: float, dpi: float) -> int:
    return max(1, round(points / POINTS_PER_INCH * dpi))


def _scan_size(page: Any, unit: float) -> tuple[int, int] | None:
    """The pixels of the image that a page consists of, as the page shows it; None where it is more than one."""
    image = None
    for shown in page.get_objects(max_depth=1):
        if shown.type == pdfium_c.FPDF_PAGEOBJ_IMAGE and image is None:
            image = shown
        elif not (
            shown.type == pdfium_c.FPDF_PAGEOBJ_TEXT
            and pdfium_c.FPDFTextObj_GetTextRenderMode(shown) == pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE
        ):
            return None
    if image is None:
        return None
    bounds, box = image.get_bounds(), page.get_cropbox()
    slack = 0.01 * max(box[2] - box[0], box[3] - box[1])
    if any(abs(one - other) > slack for one, other in zip(bounds, box, strict=True)):
        return None
    width, height = image.get_px_size()
    matrix = image.get_matrix()
    if abs(matrix.b) + abs(matrix.c) > abs(matrix.a) + abs(matrix.d):
        width, height = height, width
    if page.get_rotation() in (90, 270):
        width, height = height, width
    inches = [each * unit / POINTS_PER_INCH for each in page.get_size()]
    low, high = _SCANNED_DPI
    sound = all(low <= pixels / size <= high for pixels, size in zip((width, height), inches, strict=True))
    return (width, height) if sound else None


def _rasterised(pdf: Any, page: Any, width: int, height: int, *, smooth: bool) -> Pixels:
    """A page drawn into exactly this many pixels, which may have another shape than the sheet (a fax)."""
    bitmap = pdfium.PdfBitmap.new_native(width, height, pdfium_c.FPDFBitmap_BGR)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
    # Shown pixel for pixel, an image comes out the same without smoothing, in a third of the time.
    flags = pdfium_c.FPDF_ANNOT | (0 if smooth else pdfium_c.FPDF_RENDER_NO_SMOOTHIMAGE)
    drawing = (bitmap, page, 0, 0, width, height, 0, flags)
    pdfium_c.FPDF_RenderPageBitmap(*drawing)
    if pdf.formenv:
        pdfium_c.FPDF_FFLDraw(pdf.formenv, *drawing)
    drawn = bitmap.to_numpy()
    green = drawn[..., 1]
    if np.array_equal(green, drawn[..., 0]) and np.array_equal(green, drawn[..., 2]):
        pixels = np.ascontiguousarray(green)
    else:
        pixels = np.ascontiguousarray(drawn[..., ::-1])
    bitmap.close()
    return pixels


def words(document: Document) -> list[tuple[str, Region]]:
    """See `crumple.views.pdf.words`."""
    found: list[tuple[str, Region]] = []
    with _opened(document) as pdf:
        for index in range(len(pdf)):
            with _page(pdf, index) as page:
                found += [(word, _region(page, index, box)) for word, box in _words(page)]
    return found


def _words(page: Any) -> Iterator[tuple[str, Box]]:
    """The words of a page with their boxes in its own coordinates."""
    text = page.get_textpage()
    try:
        word = ""
        boxes: list[Box] = []
        for index in range(text.count_chars()):
            character = _character(text, index)
            if character.isspace() or character == "\0":
                if word.strip() and boxes:
                    yield word, _around(boxes)
                word, boxes = "", []
                continue
            word += character
            left, bottom, right, top = text.get_charbox(index)
            if right > left or top > bottom:
                boxes.append((left, bottom, right, top))
        if word and boxes:
            yield word, _around(boxes)
    finally:
        text.close()


def _character(text: Any, index: int) -> str:
    code = pdfium_c.FPDFText_GetUnicode(text, index)
    if code in (0x02, 0xFFFE):  # how pdfium says that a word goes on in the next line
        return "-"
    # Characters outside the basic plane may come as two surrogates, of which the second is joined to the first.
    if 0xD800 <= code < 0xDC00:
        low = pdfium_c.FPDFText_GetUnicode(text, index + 1)
        return chr(0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)) if 0xDC00 <= low < 0xE000 else "\ufffd"
    return "" if 0xDC00 <= code < 0xE000 else chr(code)


def _around(boxes: list[Box]) -> Box:
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def _region(page: Any, index: int, box: Box) -> Region:
    """A box in the page's own coordinates as the page shows it: turned, cropped, from the top left."""
    x, y = ctypes.c_int(), ctypes.c_int()
    across, down = [], []
    for left, top in ((box[0], box[1]), (box[2], box[3])):
        pdfium_c.FPDF_PageToDevice(page, 0, 0, _SQUARES, _SQUARES, 0, left, top, x, y)
        across.append(min(max(x.value / _SQUARES, 0.0), 1.0))
        down.append(min(max(y.value / _SQUARES, 0.0), 1.0))
    return Region(index, min(across), min(down), max(across), max(down))


def write(pages: Pages, document: Document) -> bytes:
    """A PDF of these pages: images, but for those that were not changed."""
    import pypdf  # not needed to read

    if not pages:
        raise Unreadable("application/pdf holds at least one page")
    clean = None
    writer = pypdf.PdfWriter()
    layered = [word for page in pages for word in page.text_layer]
    layer = TextLayer(writer, layered) if layered else None
    for page in pages:
        if page.unchanged and page.source is not None and page.source.document == document:
            try:
                clean = clean or pypdf.PdfReader(io.BytesIO(document.data))
                writer.add_page(clean.pages[page.source.index])
                continue
            except Exception:  # noqa: BLE001, S110 - pypdf trips over damage in many ways; pdfium has seen the page
                pass
        sheet = _add_image(writer, page)
        if layer and page.text_layer:
            layer.put_under(sheet, page.text_layer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _add_image(writer: Any, page: Page) -> Any:
    """Append a page that shows one JPEG, as scanners make them, and return it."""
    from pypdf.generic import DictionaryObject, NameObject, NumberObject, StreamObject  # see write

    points = [pixels / dpi * POINTS_PER_INCH for pixels, dpi in zip((page.width, page.height), page.dpi, strict=True)]
    unit = max(1, math.ceil(max(points) / _LARGEST_SHEET))
    across, down = (round(each / unit, 3) for each in points)
    image = StreamObject()
    image.set_data(_jpeg(page))
    image.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): NumberObject(page.width),
            NameObject("/Height"): NumberObject(page.height),
            NameObject("/ColorSpace"): NameObject("/DeviceGray" if page.grey else "/DeviceRGB"),
            NameObject("/BitsPerComponent"): NumberObject(8),
            NameObject("/Filter"): NameObject("/DCTDecode"),
        }
    )
    drawing = StreamObject()
    drawing.set_data(f"q {across} 0 0 {down} 0 0 cm /Page Do Q".encode())
    sheet = writer.add_blank_page(across, down)
    if unit > 1:
        sheet[NameObject("/UserUnit")] = NumberObject(unit)
    images = DictionaryObject({NameObject("/Page"): writer._add_object(image)})
    sheet[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): images})
    sheet[NameObject("/Contents")] = writer._add_object(drawing)
    return sheet


def _jpeg(page: Page) -> bytes:
    pixels = page.pixels if page.grey else cv2.cvtColor(page.pixels, cv2.COLOR_RGB2BGR)
    _, encoded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return encoded.tobytes()
