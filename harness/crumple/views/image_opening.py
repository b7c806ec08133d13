"""Opening image files with Pillow: nothing is unpacked before its size is known, and what is wrong is a sentence."""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, UnidentifiedImageError

from crumple.document import Document
from crumple.errors import Unreadable

_NAMES = {
    "image/png": ("PNG",),
    "image/jpeg": ("JPEG", "MPO"),  # an MPO is a phone's JPEG with a second picture behind it
    "image/webp": ("WEBP",),
    "image/bmp": ("BMP", "DIB"),
    "image/gif": ("GIF",),
    "image/tiff": ("TIFF",),
}
_LONGEST = 120
_LIFTING = threading.RLock()


@contextmanager
def opened(document: Document) -> Iterator[Image.Image]:
    """The image in a document, of which nothing is unpacked yet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of damage that Pillow can live with, and of sizes, which are counted here
        with _header(document) as image:
            yield image


def _header(document: Document) -> Image.Image:
    """The image, of which nothing is unpacked yet.

    `Image.open` would hold it to a limit that is one for the whole process and belongs to the program around us.
    """
    Image.init()
    for name in _NAMES[document.media_type]:
        factory, accepts = Image.OPEN.get(name, (None, None))
        if factory is None or (accepts is not None and accepts(document.data[:16]) is not True):
            continue
        return factory(io.BytesIO(document.data), "")
    raise UnidentifiedImageError


@contextmanager
def readable(what: str = "the image") -> Iterator[None]:
    """Turn whatever Pillow's parsers stumble over into one sentence."""
    try:
        yield
    except Unreadable:
        raise
    except Image.DecompressionBombError as error:
        # Its reader of WebP looks at a limit of its own before anybody knows the size.
        raise Unreadable(f"{what} has more pixels than Pillow unpacks of this format") from error
    except MemoryError as error:
        raise Unreadable(f"{what} is larger than the memory") from error
    except Exception as error:
        raise Unreadable(f"{what} is {_flaw(error)}") from error


def _flaw(error: Exception) -> str:
    if isinstance(error, UnidentifiedImageError | SyntaxError):
        return "damaged: its header cannot be read"
    said = " ".join(str(error).split())
    if "truncated" in said.lower():
        return "cut short"
    # What Pillow says may hold an address in memory, and no two runs would say the same.
    return f"damaged ({type(error).__name__}{f': {said}' if said and ' at 0x' not in said else ''})"[:_LONGEST]


@contextmanager
def allowed(image: Image.Image) -> Iterator[None]:
    """Let Pillow unpack a page that our limit allows.

    Its reader of TIFF looks at its own limit again. That is one for the whole process and belongs to the program around
    us, so that it is lifted for the few pages that need it, and only while they are unpacked.
    """
    with _LIFTING:
        limit = Image.MAX_IMAGE_PIXELS
        if limit is None or image.width * image.height <= 2 * limit:
            yield
            return
        Image.MAX_IMAGE_PIXELS = None
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS = limit
