"""What saving and "improving" a page costs it: JPEG, once or again and again; sharpening; the round trip itself."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crumple import Document, Ladder, NotApplicable, Page, Pages, exact, mutator, read, read_pdf, write
from crumple_mutators.scan.drawing.grain import noisy
from crumple_mutators.scan.drawing.surface import same

_USUAL_DPI = 200.0
_MASK_MM = 0.3
_FAINT_NOISE = 1.5
_MOST_NOISE = 40.0  # of 255; a sensor whose noise is deeper has other faults


@mutator("scan.jpeg", quality=Ladder(40, 20, 10, 5, 2, unit="quality"), refusable_from=5)
def jpeg(page: Page, quality: int, rng: Generator) -> Page:
    """Compress the page as a JPEG of this quality, on the scale of libjpeg, with colour at half resolution.

    Ladder: measured with Tesseract 5.3 on a 10 pt page, which never breaks by this alone; production has
    it together with low resolution.
    """
    if not 1 <= quality <= 100:
        raise ValueError(f"quality must be between 1 and 100, got {quality}")
    return page.with_pixels(_saved(page.pixels, quality))


@mutator("scan.jpeg_generations", count=Ladder(2, 4, 7, 12, 20, unit="times saved", zero=0), refusable_from=5)
def jpeg_generations(page: Page, count: int, rng: Generator) -> Page:
    """Save the page as a JPEG again and again, as a file does that is cropped, edited and forwarded.

    The quality (30 to 60) and where each time the blocks of 8 x 8 pixels begin are drawn: without that
    shift, saving again would change next to nothing. More times begin with the fewer.

    Ladder: set by eye.
    """
    pixels = page.pixels
    quality = int(rng.integers(30, 61))
    for left, top in rng.integers(0, 8, (max(0, count), 2)).tolist():
        shifted = cv2.copyMakeBorder(pixels, top, 0, left, 0, cv2.BORDER_REPLICATE)
        pixels = _saved(np.asarray(shifted, dtype=np.uint8), quality)[top:, left:]
    if not count:
        return page
    if same(pixels, page.pixels):
        raise NotApplicable("the page has nothing that JPEG would lose")
    return page.with_pixels(np.ascontiguousarray(pixels))


def _saved(pixels: NDArray[np.uint8], quality: int) -> NDArray[np.uint8]:
    """Pixels as they come back from a JPEG file."""
    options = [cv2.IMWRITE_JPEG_QUALITY, quality]
    if pixels.ndim == 2:
        _, encoded = cv2.imencode(".jpg", pixels, options)
        return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)
    _, encoded = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), options)
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR_RGB), dtype=np.uint8)


@mutator("scan.oversharpened", amount=Ladder(1, 2, 4, 8, 16, unit="of the difference from a blur", zero=0))
def oversharpened(page: Page, amount: float, rng: Generator) -> Page:
    """Sharpen the page by an unsharp mask of 0.3 mm, as scanner software set to "enhance text" does.

    `amount` is how much of the difference between the page and its blur is added to it. Letters get halos and
    jagged edges, and the sensor's faint noise (1.5 of 255, drawn) becomes grain.

    Ladder: set by eye; editors offer up to 5.
    """
    if not amount:
        return page
    across, down = page.px(_MASK_MM)
    blurred = cv2.GaussianBlur(page.pixels, (0, 0), max(across, 0.3), sigmaY=max(down, 0.3))
    sharp = np.asarray(cv2.addWeighted(page.pixels, 1 + amount, blurred, -amount, 0), dtype=np.uint8)
    pixels = noisy(page, sharp, min(amount * _FAINT_NOISE, _MOST_NOISE), rng)
    if same(pixels, page.pixels):
        raise NotApplicable("nothing on the page is there to be sharpened")
    return page.with_pixels(pixels)


@mutator("scan.rasterise", only=["application/pdf", "image/"], control=True, level=1)
def rasterise(document: Document, rng: Generator, *, dpi: float = _USUAL_DPI) -> Document:
    """Only make pages of the document and write them back: a PDF of images, a JPEG encoded again.

    Run once a case: what fails here fails in every other mutator of pages as well, and they are not to
    blame for it. Formats that lose nothing need no control.

    Args:
        document: a PDF, or an image in a lossy format.
        rng: not used.
        dpi: what a PDF's pages are rasterised at; scans keep their own.
    """
    if exact(document.media_type, Pages):
        raise NotApplicable(f"{document.media_type} loses nothing on the way to pixels and back")
    pages = read_pdf(document, dpi=dpi) if document.media_type == "application/pdf" else read(document, Pages)
    written = write(Pages(tuple(page.with_pixels(page.pixels) for page in pages)), document)
    if written.data == document.data:
        raise NotApplicable("written again, the file is the same byte for byte")
    return written
