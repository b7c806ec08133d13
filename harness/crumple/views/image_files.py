"""Reading and writing image files with Pillow: what every format has in common, and where they differ.

What a file says of its sheet is kept: resolution, colour profile and Exif survive a change of pixels.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from PIL import Image

from crumple.document import Document
from crumple.errors import Unreadable
from crumple.views.image_opening import allowed, opened, readable
from crumple.views.image_pixels import pixels_of
from crumple.views.limits import count_pixels
from crumple.views.pages import Page, Pages, Pixels, estimated_dpi, read_page

_PLACEHOLDERS = (72.0, 96.0)
_LARGEST_SHEET_INCHES = 24.0
_LEAST_DPI, _MOST_DPI = 20.0, 9600.0  # 9600 is what film scanners reach
_MOST_UNEVEN = 5.0  # a fax has 204 x 98 dpi; what differs more is a slip
_ORIENTATION, _SIDEWAYS = 0x0112, (5, 6, 7, 8)
_X_RESOLUTION, _Y_RESOLUTION, _RESOLUTION_UNIT = 0x011A, 0x011B, 0x0128


def read_one(document: Document) -> Page:
    """The page of a file that holds one.

    Raises:
        Unreadable: it is damaged, too large, or an animation.
    """
    with readable(), opened(document) as image:
        count_pixels(*image.size)
        frames: int = getattr(image, "n_frames", 1)
        if frames > 1 and image.format != "MPO":
            raise Unreadable(f"the image is an animation of {frames} frames")
        return _page(document, image, 0, 1)


def read_tiff(document: Document) -> Pages:
    """All pages of a TIFF.

    Raises:
        Unreadable: it is damaged or too large.
    """
    with readable(), opened(document) as image:
        count: int = getattr(image, "n_frames", 1)
        pages, total = [], 0
        for index in range(count):
            with readable(f"page {index + 1} of the image"):
                image.seek(index)
                total = count_pixels(*image.size, total, page=index + 1)
                pages.append(_page(document, image, index, count))
        return Pages(tuple(pages))


def write_one(page: Page, document: Document) -> bytes:
    """A file of the document's format with this page's pixels."""
    with opened(document) as clean:
        return _ENCODERS[document.media_type](page, clean, document, _kept(page, clean))


def write_tiff(pages: Pages, document: Document) -> bytes:
    """A TIFF of these pages, written one by one: Pillow's own way holds a copy of all of them."""
    from PIL.TiffImagePlugin import AppendingTiffWriter  # needed by TIFF alone

    out = io.BytesIO()
    with opened(document) as clean, AppendingTiffWriter(out) as file:
        for page in pages:
            clean.seek(page.source.index if page.source and page.source.document == document else 0)
            image = _image(page.pixels, bilevel=clean.mode == "1")
            image.save(file, "TIFF", **(_kept(page, clean) | {"compression": _compression(clean, image)}))
            file.newFrame()
    return out.getvalue()


def _page(document: Document, image: Image.Image, index: int, count: int) -> Page:
    dpi, _ = _resolution(image)
    with allowed(image):
        pixels = pixels_of(image)
    return read_page(document, index, count, pixels, dpi)


def _image(pixels: Pixels, *, bilevel: bool = False) -> Image.Image:
    """Pixels for Pillow; of one bit where that was asked for and loses nothing."""
    image = Image.fromarray(pixels)
    if bilevel and pixels.ndim == 2 and not set(np.unique(pixels)) - {0, 255}:
        return image.convert("1", dither=Image.Dither.NONE)
    return image


def _declared(image: Image.Image) -> tuple[float, float] | None:
    """What the file says of its resolution as the upright page has it, if it says anything."""
    dpi = image.info.get("dpi")
    exif = image.getexif()
    if dpi is None and image.format == "WEBP":
        dpi = exif.get(_X_RESOLUTION, 0), exif.get(_Y_RESOLUTION, 0)
    if not dpi or not all(0 < each < 1e6 for each in dpi):
        return None
    # Files count in pixels a metre: 200 dpi comes back as 199.9996.
    across, down = (float(round(each) if abs(each - round(each)) < 0.02 else round(each, 3)) for each in dpi)
    return (down, across) if exif.get(_ORIENTATION, 1) in _SIDEWAYS else (across, down)


def _resolution(image: Image.Image) -> tuple[tuple[float, float], bool]:
    """The declared resolution where it can be true, else an estimate from the shape; and which it is.

    72 and 96 dpi are also what software writes that does not know: they are believed only where the
    sheet would then be no larger than A2. Nothing below 20 or above 9600 dpi is believed.
    """
    declared = _declared(image)
    if declared and min(declared) >= _LEAST_DPI and max(declared) <= min(_MOST_DPI, _MOST_UNEVEN * min(declared)):
        inches = max(image.size) / max(declared)
        if declared[0] not in _PLACEHOLDERS or inches <= _LARGEST_SHEET_INCHES:
            return declared, True
    estimate = estimated_dpi(image.width, image.height)
    return (estimate, estimate), False


def _kept(page: Page, image: Image.Image) -> dict[str, Any]:
    """What goes over from the clean file into the degraded one, as arguments of Pillow's `save`."""
    kept: dict[str, Any] = {}
    was, known = _resolution(image)
    # An estimate is ours: a file that says nothing, or what cannot be, goes on saying so.
    dpi = page.dpi if known or page.dpi != was else _declared(image)
    if dpi:
        kept["dpi"] = dpi
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("L", "1", "RGB") and (image.mode != "RGB") == page.grey:
        kept["icc_profile"] = profile
    exif = image.getexif()
    exif.pop(_ORIENTATION, None)  # the pixels stand upright by now
    if image.format == "WEBP" and dpi:
        exif[_X_RESOLUTION], exif[_Y_RESOLUTION], exif[_RESOLUTION_UNIT] = *dpi, 2
    if len(exif) and image.format in ("JPEG", "MPO", "WEBP", "PNG"):
        kept["exif"] = exif.tobytes()
    return kept


def _compression(clean: Image.Image, image: Image.Image) -> str | None:
    """The clean page's compression, where it loses nothing of the new pixels; None is uncompressed."""
    used: str | None = clean.info.get("compression")
    if used in ("group3", "group4", "tiff_ccitt"):
        return used if image.mode == "1" else None
    return used if used in ("tiff_lzw", "tiff_adobe_deflate", "packbits") else None


def _png(page: Page, clean: Image.Image, _document: Document, kept: dict[str, Any]) -> bytes:
    """PNG without filters and with run lengths only: on noisy pages less than half Pillow's time at level 1."""
    image = _image(page.pixels, bilevel=clean.mode == "1")
    if image.mode == "1":
        return _saved(image, "PNG", kept)
    import cv2  # slow to import, and here only for PNG

    pixels = page.pixels if page.grey else cv2.cvtColor(page.pixels, cv2.COLOR_RGB2BGR)
    options = {
        cv2.IMWRITE_PNG_COMPRESSION: 1,
        cv2.IMWRITE_PNG_FILTER: cv2.IMWRITE_PNG_FILTER_NONE,
        cv2.IMWRITE_PNG_STRATEGY: cv2.IMWRITE_PNG_STRATEGY_RLE,
    }
    _, encoded = cv2.imencode(".png", pixels, [number for pair in options.items() for number in pair])
    data = encoded.tobytes()
    header = 8 + 4 + 4 + 13 + 4  # signature and IHDR; what is kept has to stand right behind
    return data[:header] + b"".join(_png_chunks(kept)) + data[header:]


def _png_chunks(kept: dict[str, Any]) -> Iterator[bytes]:
    """The PNG chunks that hold profile, resolution and Exif."""
    if "icc_profile" in kept:
        yield _chunk(b"iCCP", b"ICC profile\0\0" + zlib.compress(kept["icc_profile"]))
    if "dpi" in kept:
        across, down = (round(each / 0.0254) for each in kept["dpi"])
        yield _chunk(b"pHYs", struct.pack(">IIB", across, down, 1))
    if "exif" in kept:
        yield _chunk(b"eXIf", kept["exif"].removeprefix(b"Exif\0\0"))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _jpeg(page: Page, clean: Image.Image, _document: Document, kept: dict[str, Any]) -> bytes:
    """JPEG with the clean file's own quantisation and subsampling, so that encoding again costs next to nothing."""
    from PIL.JpegImagePlugin import get_sampling  # needed by JPEG alone

    tables: dict[int, list[int]] = getattr(clean, "quantization", {})
    kept["qtables"] = [tables[key] for key in sorted(tables)][:2]
    sampling = get_sampling(clean)
    if not page.grey and sampling >= 0:
        kept["subsampling"] = sampling
    return _saved(_image(page.pixels), "JPEG", kept | {"progressive": "progressive" in clean.info})


def _webp(page: Page, _clean: Image.Image, document: Document, kept: dict[str, Any]) -> bytes:
    """WebP, lossless where the clean file is, else at quality 90."""
    lossless = b"VP8L" in document.data[:4096]
    return _saved(_image(page.pixels), "WEBP", kept | {"lossless": lossless, "quality": 90, "method": 0})


def _bmp(page: Page, clean: Image.Image, _document: Document, kept: dict[str, Any]) -> bytes:
    kept.pop("icc_profile", None)
    return _saved(_image(page.pixels, bilevel=clean.mode == "1"), "BMP", kept)


def _gif(page: Page, _clean: Image.Image, _document: Document, _kept: dict[str, Any]) -> bytes:
    return _saved(_image(page.pixels), "GIF", {})


def _saved(image: Image.Image, name: str, kept: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    try:
        image.save(out, name, **kept)
    except (OSError, ValueError, struct.error) as error:  # 16,383 pixels is the most for WebP, 65,535 for JPEG and GIF
        raise Unreadable(f"{name} cannot hold a page of {image.width} x {image.height} pixels") from error
    return out.getvalue()


_ENCODERS: dict[str, Callable[[Page, Image.Image, Document, dict[str, Any]], bytes]] = {
    "image/png": _png,
    "image/jpeg": _jpeg,
    "image/webp": _webp,
    "image/bmp": _bmp,
    "image/gif": _gif,
}
