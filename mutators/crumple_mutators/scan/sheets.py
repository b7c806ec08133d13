"""Which sheets there are, and in what order: missing, twice, shuffled, blank ones and strangers in between.

A PDF keeps its structure, as in a document management system that adds and drops pages: text stays text.
Images and TIFF files have their pixels moved.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.random import Generator

from crumple import (
    SAME,
    AnyOf,
    Degraded,
    Document,
    Edit,
    NotApplicable,
    Origin,
    Page,
    Pages,
    Region,
    Truth,
    is_transcription,
    mutator,
    read,
    write,
)
from crumple_mutators.scan import pdf_sheets
from crumple_mutators.scan.drawing.overlay import bilevel
from crumple_mutators.scan.drawing.surface import paper
from crumple_mutators.scan.strangers import drawn, letter

SEVERAL = (pdf_sheets.MEDIA_TYPE, "image/tiff")
_GRAIN = 1.2

Order = Sequence[int | None]
"""For each page of the result, which clean page it is; None for one that was made up."""


@mutator("scan.blank_page", only=SEVERAL, level=1)
def blank_page(document: Document, rng: Generator) -> Degraded[Document]:
    """Insert a blank page somewhere, first and last included: the back of a sheet, a separator.

    Source: what duplex scanners deliver; the catalogue's missing, blank and duplicate pages.
    """
    pages = count(document)
    at = int(rng.integers(pages + 1))
    order: Order = (*range(at), None, *range(at, pages))
    blank = _arranged(document, order, lambda writer: pdf_sheets.insert_blank(writer, at), rng)
    return Degraded(blank, origins=_origins(order))


@mutator("scan.interleaved_blanks", only=SEVERAL, level=1)
def interleaved_blanks(document: Document, rng: Generator) -> Degraded[Document]:
    """Put a blank page behind every page, as a duplex scan of sheets that are printed on one side.

    Source: what duplex scanners deliver that are not told to drop blank pages.
    """
    order: Order = [each for index in range(count(document)) for each in (index, None)]

    def edit(writer: Any) -> None:
        for at in range(1, len(order), 2):
            pdf_sheets.insert_blank(writer, at)

    return Degraded(_arranged(document, order, edit, rng), origins=_origins(order))


@mutator("scan.page_duplicated", only=SEVERAL, truth=("same", "new"), refusable_from=1, level=3)
def page_duplicated(document: Document, rng: Generator) -> Degraded[Document]:
    """Have one page twice, one after the other, as when a feeder starts again after a jam.

    The answer may have what stands on it once or twice.

    Source: the catalogue's missing, blank and duplicate pages.
    """
    pages = count(document)
    at = int(rng.integers(pages))
    order: Order = (*range(at + 1), *range(at, pages))
    doubled = _arranged(document, order, lambda writer: pdf_sheets.double(writer, at), rng)
    truth = AnyOf(SAME, Edit(repeated=(Region(page=at),)))
    return Degraded(doubled, truth=truth, touched=(Region(page=at),), origins=_origins(order))


@mutator("scan.page_missing", only=SEVERAL, truth="lost", refusable_from=1, level=3)
def page_missing(document: Document, rng: Generator) -> Degraded[Document]:
    """Leave one page out, as when two sheets are drawn in at once; what stands only there is lost.

    Source: the catalogue's missing, blank and duplicate pages.
    """
    pages = several(document)
    at = int(rng.integers(pages))
    order: Order = (*range(at), *range(at + 1, pages))
    short = _arranged(document, order, lambda writer: writer.remove_page(at), rng)
    return Degraded(short, lost=(Region(page=at),), origins=_origins(order))


@mutator("scan.pages_reordered", only=SEVERAL, level=3)
def pages_reordered(document: Document, rng: Generator, truth: Truth) -> Degraded[Document]:
    """Put the pages into another order: a stack that was dropped, put in face up, or with two sheets swapped.

    Which of these is drawn. A person puts them back into order; a transcription has another order then, so
    cases whose truth is one are left alone.

    Source: the catalogue's blank, duplicate, missing and reordered pages.
    """
    if is_transcription(truth):
        raise NotApplicable("the truth is a transcription, whose order would be another")
    pages = several(document)
    kind, order = int(rng.integers(3)), rng.permutation(pages).tolist()
    first = int(rng.integers(pages - 1))
    if kind == 0 or order == sorted(order):
        order = list(range(pages))
        order[first], order[first + 1] = first + 1, first
    elif kind == 1:
        order = list(range(pages))[::-1]
    moved = tuple(Region(page) for place, page in enumerate(order) if place != page)
    shuffled = _arranged(document, order, lambda writer: pdf_sheets.reorder(writer, order), rng)
    return Degraded(shuffled, touched=moved, origins=_origins(order))


@mutator("scan.foreign_page", only=SEVERAL, refusable_from=1, level=3)
def foreign_page(document: Document, rng: Generator, truth: Truth) -> Degraded[Document]:
    """Have a page of somebody else's letter among the pages, as when two documents were scanned as one.

    The answer is about the document; a system that notices may refuse. Where the page is and what it says is
    drawn. Transcriptions would have it in them, so cases whose truth is one are left alone.

    Source: what separation in scanning software gets wrong; not in the catalogue.
    """
    if is_transcription(truth):
        raise NotApplicable("the truth is a transcription, which would have the other page in it")
    pages = count(document)
    at = int(rng.integers(1, pages + 1))
    lines = letter(rng)
    order: Order = (*range(at), None, *range(at, pages))
    mixed = _arranged(document, order, lambda writer: pdf_sheets.insert_text(writer, at, lines), rng, lines)
    return Degraded(mixed, origins=_origins(order))


def several(document: Document) -> int:
    """How many pages a document of more than one has.

    Raises:
        NotApplicable: it has only one, or cannot be read.
    """
    pages = count(document)
    if pages < 2:
        raise NotApplicable("the document has only one page")
    return pages


def count(document: Document) -> int:
    """How many pages a document has.

    Raises:
        NotApplicable: it cannot be read.
    """
    return pdf_sheets.count(document) if document.media_type == pdf_sheets.MEDIA_TYPE else len(read(document, Pages))


def _arranged(
    document: Document, order: Order, edit: Callable[[Any], object], rng: Generator, lines: Sequence[str] = ()
) -> Document:
    """The pages in this order.

    Args:
        document: the clean one.
        order: of its pages.
        edit: what brings a PDF's writer into this order.
        rng: for the grain of pages that are made up.
        lines: what stands on those; () is nothing.
    """
    if document.media_type == pdf_sheets.MEDIA_TYPE:
        return pdf_sheets.edited(document, edit)
    pages = read(document, Pages).pages
    arranged: list[Page] = []
    for place, index in enumerate(order):
        beside = pages[order[max(0, place - 1)] or 0]
        arranged.append(pages[index] if index is not None else drawn(_blank(beside, rng), lines))
    return write(Pages(tuple(arranged)), document)


def _origins(order: Order) -> tuple[Origin | None, ...]:
    return tuple(None if page is None else Origin(page) for page in order)


def _blank(beside: Page, rng: Generator) -> Page:
    """A sheet like its neighbour with nothing on it: its paper, and a scanner's faint grain unless it is bilevel."""
    background = np.array(paper(beside), dtype=np.float64)
    if bilevel(beside):
        return Page(np.full_like(beside.pixels, 255), beside.dpi)
    grain = rng.normal(0, _GRAIN, beside.pixels.shape)
    return Page(np.clip(np.rint(background + grain), 0, 255).astype(np.uint8), beside.dpi)
