"""What saving a page costs it: JPEG, and the round trip that every lossy format takes."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator

from crumple import Document, Ladder, NotApplicable, Page, Pages, exact, mutator, read, read_pdf, write

_USUAL_DPI = 200.0


@mutator("scan.jpeg", quality=Ladder(40, 20, 10, 5, 2, unit="quality"), refusable_from=5)
def jpeg(page: Page, quality: int, rng: Generator) -> Page:
    """Compress the page as a JPEG of this quality, on the scale of libjpeg, with colour at half resolution.

    Ladder: measured with Tesseract 5.3 on a 10 pt page, which never breaks by this alone; production has
    it together with low resolution.
    """
    if not 1 <= quality <= 100:
        raise ValueError(f"quality must be between 1 and 100, got {quality}")
    options = [cv2.IMWRITE_JPEG_QUALITY, quality]
    if page.grey:
        _, encoded = cv2.imencode(".jpg", page.pixels, options)
        return page.with_pixels(np.asarray(cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE), dtype=np.uint8))
    _, encoded = cv2.imencode(".jpg", cv2.cvtColor(page.pixels, cv2.COLOR_RGB2BGR), options)
    return page.with_pixels(np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR_RGB), dtype=np.uint8))


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
