"""A born-digital PDF that was printed and scanned well: page images, and a choice of what becomes of its text."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import SFC64, Generator
from numpy.typing import NDArray

from crumple import CrumpleError, Document, NotApplicable, Page, Pages, mutator, read_pdf, words, write
from crumple_mutators.scan.invisible_text import with_words
from crumple_mutators.scan.misreadings import misread
from crumple_mutators.scan.pdf_sheets import MEDIA_TYPE

_DPI = 200.0
_SOFTNESS_MM = 0.07
_BLACK, _WHITE = 26, (246, 245, 240)  # toner and office paper under a scanner's lamp
_NOISE = np.array([-2, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2], dtype=np.int8)
_RATE = 0.08
_CHOICES = ("none", "kept", "wrong")


@mutator("scan.scanned", only=[MEDIA_TYPE], level=1)
def scanned(document: Document, rng: Generator, *, text_layer: str = "none") -> Document:
    """Make a PDF what it is after printing and scanning on good office machines: images of 200 dpi on real paper.

    A little soft, black and white no longer pure, a shade of noise. Form fields are drawn, and are no
    fields any more.

    Args:
        document: a PDF; pages that are scans already keep their resolution.
        rng: draws the noise, and errors of recognition.
        text_layer: what is under the images: "none"; "kept", the document's words at their places; "wrong",
            those with 8 % of the characters misread.

    Source: what office scanners are set to; the catalogue's PDF text layers: missing, wrong, damaged.
    """
    if text_layer not in _CHOICES:
        raise CrumpleError(
            f"text_layer cannot be {text_layer!r}", where="scan.scanned", got=text_layer, allowed=_CHOICES
        )
    found = words(document) if text_layer != "none" else []
    if text_layer != "none" and not found:
        raise NotApplicable("the PDF has no text")
    pages = read_pdf(document, dpi=_DPI)
    seeds = rng.integers(2**63, size=len(pages)).tolist()
    images = write(Pages(tuple(_scan(page, seed) for page, seed in zip(pages, seeds, strict=True))), document)
    if text_layer == "none":
        return images
    return with_words(images, found if text_layer == "kept" else misread(found, _RATE, rng))


def _scan(page: Page, seed: int) -> Page:
    """A page as a good scanner sees its print."""
    across, down = page.px(_SOFTNESS_MM)
    soft = cv2.GaussianBlur(page.pixels, (5, 5), max(0.3, across), sigmaY=max(0.3, down))
    steps = np.arange(256) / 255
    whites = (_WHITE[1],) if page.grey else _WHITE
    tables = [np.rint(_BLACK + (white - _BLACK) * steps).astype(np.uint8) for white in whites]
    toned = cv2.LUT(soft, tables[0] if page.grey else np.stack(tables, axis=-1)[None])
    noise = _NOISE.take(_nibbles(seed, page.pixels.shape))
    return page.with_pixels(np.asarray(cv2.add(toned, noise, dtype=cv2.CV_8U), dtype=np.uint8))


def _nibbles(seed: int, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Random numbers below 16."""
    size = int(np.prod(shape))
    raw = SFC64(seed).random_raw(-(-size // 8)).astype("<u8", copy=False)  # the same bytes on any machine
    return np.asarray(raw.view(np.uint8)[:size].reshape(shape) & 15)
