"""Sheets that lie the wrong way round: turned, upside down, mirrored."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.random import Generator

from crumple import ALL, Degraded, Document, Origin, Page, Pages, Region, mutator, read, write
from crumple_mutators.scan import pdf_sheets
from crumple_mutators.scan.sheets import SEVERAL, count, several

_TURNED = [pdf_sheets.MEDIA_TYPE, "image/"]


@mutator("scan.half_turn", only=_TURNED, level=3)
def half_turn(document: Document, rng: Generator) -> Degraded[Document]:
    """Turn every page by 180 degrees, as a stack that was put in upside down; PDF pages by their /Rotate.

    Source: the catalogue's categorical orientation; any scanning software turns such pages back.
    """
    return _turned(document, range(count(document)), 2)


@mutator("scan.quarter_turn", only=_TURNED, level=3)
def quarter_turn(document: Document, rng: Generator) -> Degraded[Document]:
    """Turn every page by 90 degrees, as a stack that was put in sideways; PDF pages by their /Rotate.

    Left or right is drawn, for all pages alike.

    Source: the catalogue's categorical orientation; any scanning software turns such pages back.
    """
    return _turned(document, range(count(document)), 1 if rng.random() < 0.5 else 3)


@mutator("scan.upside_down_page", only=SEVERAL, level=3)
def upside_down_page(document: Document, rng: Generator) -> Degraded[Document]:
    """Turn one page of several by 180 degrees, as a sheet that was put back the wrong way round.

    Which one is drawn.

    Source: the catalogue's categorical orientation.
    """
    at = int(rng.integers(several(document)))
    return _turned(document, (at,), 2)


@mutator("scan.mirrored", truth="lost", refusable_from=1, level=5)
def mirrored(pages: Pages, rng: Generator) -> Degraded[Pages]:
    """Flip every page left to right, as a transparency or film that was scanned from its back.

    Source: the catalogue's categorical orientation. Nobody has to read it.
    """
    return Degraded(Pages(tuple(page.mirrored() for page in pages)), lost=ALL)


def _turned(document: Document, which: Iterable[int], quarters: int) -> Degraded[Document]:
    """The document with some of its pages turned clockwise."""
    turned = frozenset(which)
    # How points move on any page: that of one pixel is turned at once.
    bend = Page(np.zeros((1, 1), np.uint8), (1.0, 1.0)).turned(quarters).bend
    origins = tuple(Origin(index, bend) if index in turned else Origin(index) for index in range(count(document)))
    if document.media_type == pdf_sheets.MEDIA_TYPE:
        result = pdf_sheets.edited(document, lambda writer: pdf_sheets.turn(writer, turned, 90 * quarters))
    else:
        pages = read(document, Pages)
        moved = (page.turned(quarters) if index in turned else page for index, page in enumerate(pages))
        result = write(Pages(tuple(moved)), document)
    return Degraded(result, touched=tuple(Region(index) for index in sorted(turned)), origins=origins)
