"""Pages as tiles of a contact sheet: the whole page small, and a cut-out of it pixel for pixel."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from crumple.cli.contact_sheet import TILE, tile_of
from crumple.exhibits.details import busiest
from crumple.places import Region
from crumple.views.pages import Page, Pages, Pixels

_THUMB_HEIGHT = 396  # of A4 at a tile's width
_CUT_HEIGHT = 128
_MOST_PAGES = 9
_FRAME = (214, 0, 150)  # which neither print, stamps nor pens are likely to have


@dataclass(frozen=True, slots=True)
class Seen:
    """A page and how it looks as a thumbnail.

    Attributes:
        page: the page.
        thumb: RGB, as the sheet is shaped.
        strength: the thumbnail in grey, as floats.
    """

    page: Page
    thumb: Pixels
    strength: NDArray[np.float32]


def seen(page: Page) -> Seen:
    """A page with its thumbnail."""
    across, down = page.size_mm
    scale = min(TILE / across, _THUMB_HEIGHT / down)
    size = max(1, min(TILE, round(across * scale))), max(1, round(down * scale))
    pixels = page.pixels
    # Shrinking by whole numbers is ten times as fast; what is left to do then is little.
    factor = min(page.width // size[0], page.height // size[1])
    if factor > 1:
        whole = page.width // factor, page.height // factor
        pixels = pixels[: whole[1] * factor, : whole[0] * factor]
        pixels = np.asarray(cv2.resize(pixels, whole, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    thumb = small if small.ndim == 3 else cv2.cvtColor(small, cv2.COLOR_GRAY2RGB)
    grey = cv2.cvtColor(thumb, cv2.COLOR_RGB2GRAY)
    return Seen(page, np.asarray(thumb, dtype=np.uint8), grey.astype(np.float32))


def page_tile(each: Seen, place: Region, shape: tuple[int, int]) -> Pixels:
    """The whole page, and a cut-out of it.

    Args:
        each: any page.
        place: what is cut out, in shares of the page.
        shape: of the clean page: a page of fewer pixels is cut out in the same size, each pixel made larger.
    """
    return tile_of((_framed(each.thumb, place), _cut_out(each.page, place, shape)))


def pages_tile(pages: Pages) -> Pixels:
    """All pages of a document side by side, or the first nine of them."""
    shown = pages.pages[:_MOST_PAGES]
    columns = math.ceil(math.sqrt(len(shown)))
    gap = 6
    across = (TILE - gap * (columns - 1)) // columns
    small = [_fitted(page.pixels, across, _THUMB_HEIGHT * across // TILE) for page in shown]
    rows = []
    for start in range(0, len(small), columns):
        part = small[start : start + columns]
        row = np.full((max(map(len, part)), TILE, 3), 232, np.uint8)
        for index, each in enumerate(part):
            left = index * (across + gap)
            row[: len(each), left : left + each.shape[1]] = each if each.ndim == 3 else each[..., None]
        rows.append(row)
    return tile_of(rows, gap)


def same_sheets(clean: Pages, degraded: Pages) -> bool:
    """Whether a document has the same sheets in the same order; of a single sheet that can be seen anyway."""
    if len(clean) != len(degraded):
        return False
    return len(clean) == 1 or all(_alike(one, other) for one, other in zip(clean, degraded, strict=True))


def _alike(one: Page, other: Page) -> bool:
    """Whether two pages have their ink in the same places."""
    still, moved = seen(one).strength, seen(other).strength
    moved = np.asarray(cv2.resize(moved, still.shape[::-1]), dtype=np.float32)
    if min(float(still.std()), float(moved.std())) < 1:
        return max(float(still.std()), float(moved.std())) < 1
    return float(np.corrcoef(still.ravel(), moved.ravel())[0, 1]) > 0.5


def place_to_look_at(clean: Seen, degraded: Sequence[Seen]) -> Region:
    """Where to cut out: where there is text and damage, or damage alone where it is all beside the text."""
    width, height = TILE / clean.page.width, _CUT_HEIGHT / clean.page.height
    if width >= 1 and height >= 1:
        return Region(0)
    return busiest(clean.strength, [each.strength for each in degraded], width, height)


def _fitted(pixels: Pixels, width: int, height: int) -> Pixels:
    """Pixels in at most this width and height, in their own proportions; a fax is shown as its file has it."""
    scale = min(width / pixels.shape[1], height / pixels.shape[0])
    size = max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_NEAREST
    return np.asarray(cv2.resize(pixels, size, interpolation=how), dtype=np.uint8)


def _framed(thumb: Pixels, place: Region) -> Pixels:
    """A thumbnail with a frame where the cut-out is from."""
    shown = thumb.copy()
    height, width = shown.shape[:2]
    start = round(place.left * width), round(place.top * height)
    end = round(place.right * width) - 1, round(place.bottom * height) - 1
    cv2.rectangle(shown, start, end, _FRAME, 1)
    return shown


def _cut_out(page: Page, place: Region, shape: tuple[int, int]) -> Pixels:
    height, width = min(_CUT_HEIGHT, shape[0]), min(TILE, shape[1])
    left, top = round(place.left * page.width), round(place.top * page.height)
    right = max(left + 1, round(place.right * page.width))
    bottom = max(top + 1, round(place.bottom * page.height))
    piece = np.ascontiguousarray(page.pixels[top:bottom, left:right])
    if piece.shape[:2] != (height, width):
        piece = np.asarray(cv2.resize(piece, (width, height), interpolation=cv2.INTER_NEAREST), dtype=np.uint8)
    return piece
