"""Whole sheets that went wrong in the feeder: upside down, twice, missing, blank, wrong side.

A PDF keeps its structure, as in a document management system that adds, drops and turns pages: text
stays text. Images and TIFF files have their pixels moved.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.random import Generator

from crumple import ALL, SAME, AnyOf, Degraded, Document, Edit, NotApplicable, Page, Pages, Region, mutator, read, write
from crumple_mutators.scan.surface import paper

_PDF = "application/pdf"
_SEVERAL = (_PDF, "image/tiff")
_GRAIN = 1.2
# What pypdf raises on damage besides its own errors.
_STUMBLES = (ValueError, NotImplementedError, KeyError, IndexError, TypeError, AttributeError, RecursionError)


@mutator("scan.half_turn", only=[_PDF, "image/"], level=3)
def half_turn(document: Document, rng: Generator) -> Document:
    """Turn every page by 180 degrees, as a stack that was put in upside down; PDF pages by their /Rotate.

    Source: the catalogue's categorical orientation; any scanning software turns such pages back.
    """
    if document.media_type == _PDF:
        return _edited(document, _turn)
    pages = read(document, Pages)
    return write(
        Pages(tuple(page.with_pixels(np.ascontiguousarray(page.pixels[::-1, ::-1])) for page in pages)), document
    )


@mutator("scan.mirrored", truth="lost", refusable_from=1, level=5)
def mirrored(pages: Pages, rng: Generator) -> Degraded[Pages]:
    """Flip every page left to right, as a transparency or film that was scanned from its back.

    Source: the catalogue's categorical orientation. Nobody has to read it.
    """
    flipped = tuple(page.with_pixels(np.ascontiguousarray(page.pixels[:, ::-1])) for page in pages)
    return Degraded(Pages(flipped), lost=ALL)


@mutator("scan.blank_page", only=_SEVERAL, level=1)
def blank_page(document: Document, rng: Generator) -> Document:
    """Insert a blank page somewhere, first and last included: the back of a sheet, a separator.

    Source: what duplex scanners deliver; the catalogue's missing, blank and duplicate pages.
    """
    at = int(rng.integers(_count(document) + 1))
    if document.media_type == _PDF:
        return _edited(document, lambda writer: _insert_blank(writer, at))
    pages = read(document, Pages).pages
    beside = pages[max(0, at - 1)]
    return write(Pages((*pages[:at], _blank(beside, rng), *pages[at:])), document)


@mutator("scan.page_duplicated", only=_SEVERAL, truth=("same", "new"), refusable_from=1, level=3)
def page_duplicated(document: Document, rng: Generator) -> Degraded[Document]:
    """Have one page twice, one after the other, as when a feeder starts again after a jam.

    The answer may have what stands on it once or twice.

    Source: the catalogue's missing, blank and duplicate pages.
    """
    at = int(rng.integers(_count(document)))
    if document.media_type == _PDF:
        doubled = _edited(document, lambda writer: _double(writer, at))
    else:
        pages = read(document, Pages).pages
        doubled = write(Pages((*pages[: at + 1], *pages[at:])), document)
    truth = AnyOf(SAME, Edit(repeated=(Region(page=at),)))
    return Degraded(doubled, truth=truth, touched=(Region(page=at),))


@mutator("scan.page_missing", only=_SEVERAL, truth="lost", refusable_from=1, level=3)
def page_missing(document: Document, rng: Generator) -> Degraded[Document]:
    """Leave one page out, as when two sheets are drawn in at once; what stands only there is lost.

    Source: the catalogue's missing, blank and duplicate pages.
    """
    count = _count(document)
    if count < 2:
        raise NotApplicable("the document has only one page")
    at = int(rng.integers(count))
    if document.media_type == _PDF:
        short = _edited(document, lambda writer: writer.remove_page(at))
    else:
        pages = read(document, Pages).pages
        short = write(Pages((*pages[:at], *pages[at + 1 :])), document)
    return Degraded(short, lost=(Region(page=at),))


def _count(document: Document) -> int:
    """How many pages a document has.

    Raises:
        NotApplicable: it cannot be read.
    """
    # Reading it first also says in one sentence what is wrong with a damaged file.
    return len(read(document, Pages))


def _edited(document: Document, edit: Callable[[Any], object]) -> Document:
    """A PDF with its pages rearranged, all else as it was."""
    import pypdf  # heavy, only for PDF
    from pypdf.errors import DependencyError, PyPdfError  # see above

    try:
        reader = pypdf.PdfReader(io.BytesIO(document.data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise NotApplicable("the PDF is encrypted and asks for a password")
        writer = pypdf.PdfWriter(clone_from=reader)
        edit(writer)
        out = io.BytesIO()
        writer.write(out)
    except (PyPdfError, DependencyError, *_STUMBLES) as error:
        raise NotApplicable(f"the PDF's structure is damaged ({type(error).__name__})") from error
    return Document(out.getvalue(), document.media_type, document.name)


def _turn(writer: Any) -> None:
    for page in writer.pages:
        page.rotate(180)


def _insert_blank(writer: Any, at: int) -> None:
    beside = writer.pages[max(0, at - 1)]
    box = beside.cropbox
    writer.insert_blank_page(box.width, box.height, at).rotate(beside.rotation)


def _double(writer: Any, at: int) -> None:
    writer.insert_page(writer.pages[at], at + 1)


def _blank(beside: Page, rng: Generator) -> Page:
    """A sheet like its neighbour with nothing on it: its paper, and a scanner's faint grain unless it is bilevel."""
    background = np.array(paper(beside), dtype=np.float64)
    if beside.grey and not set(np.unique(beside.pixels)) - {0, 255}:
        return Page(np.full_like(beside.pixels, 255), beside.dpi)
    grain = rng.normal(0, _GRAIN, beside.pixels.shape)
    return Page(np.clip(np.rint(background + grain), 0, 255).astype(np.uint8), beside.dpi)
