"""Pages side by side: small pictures of those that differ, sized so that a report can hold many. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import cv2
import numpy as np

from crumple.document import Document
from crumple.errors import NotApplicable
from crumple.exhibit import PagePair, Picture
from crumple.exhibits.details import details_of
from crumple.exhibits.marking import aligned
from crumple.places import Place, Region
from crumple.views.format import read
from crumple.views.pages import Page, Pages, Pixels

_HEIGHT: Final = 900
_WIDTH: Final = 900
_SHRINK: Final = 0.8
_LARGEST: Final = 30_000
"""Bytes of a picture."""
_QUALITIES: Final = (55, 40, 28, 18)
_TYPE: Final = "image/webp"
_FLAT: Final = 6
"""Levels of grey by which colours may differ on a page that is grey."""


@lru_cache(maxsize=8)
def pages_in(document: Document) -> Pages:
    """A document's pages; of the last few they are kept, for a clean document has many degraded ones.

    Raises:
        NotApplicable: it cannot be seen as pages.
    """
    return read(document, Pages)


def page_pairs(clean: Pages, degraded: Pages, touched: Sequence[Place], most: int) -> tuple[tuple[PagePair, ...], int]:
    """Pictures of the pages that differ, first the one that was touched, and how many more of them do.

    Args:
        clean: all pages as they were.
        degraded: all pages as they are.
        touched: where the clean document was changed, as far as that is known.
        most: how many are drawn.
    """
    found = _differing([_digest(each) for each in clean], [_digest(each) for each in degraded])
    first = next((each.page for each in touched if isinstance(each, Region)), None)
    found.sort(key=lambda pair: (pair[0] != first) if first is not None else False)
    made = tuple(_pair(clean, degraded, left, right) for left, right in found[:most])
    return made, max(0, len(found) - most)


def _pair(clean: Pages, degraded: Pages, left: int | None, right: int | None) -> PagePair:
    one, other = None if left is None else clean[left], None if right is None else degraded[right]
    details = details_of(one, other) if one is not None and other is not None else None
    return PagePair(
        number=(right if right is not None else left or 0) + 1,
        clean=None if one is None else picture(one),
        degraded=None if other is None else picture(other),
        clean_detail=None if details is None else _encoded(details[0]),
        degraded_detail=None if details is None else _encoded(details[1]),
    )


def _differing(clean: Sequence[str], degraded: Sequence[str]) -> list[tuple[int | None, int | None]]:
    return [
        (one + at if one + at < one_end else None, other + at if other + at < other_end else None)
        for tag, one, one_end, other, other_end in aligned(clean, degraded)
        for at in range(0 if tag == "equal" else max(one_end - one, other_end - other))
    ]


def _digest(page: Page) -> str:
    shape = f"{page.pixels.shape}{page.dpi}".encode()
    return hashlib.blake2b(np.ascontiguousarray(page.pixels).tobytes() + shape, digest_size=16).hexdigest()


def picture(page: Page) -> Picture:
    """A page as a WebP of at most about 30 KB, shaped as the sheet is.

    Raises:
        NotApplicable: it cannot be made so small.
    """
    return _encoded(_fitted(page))


def _encoded(pixels: Pixels) -> Picture:
    small = _grey_if_grey(pixels)
    for _ in range(6):
        for quality in _QUALITIES:
            done, data = cv2.imencode(".webp", _bgr(small), [cv2.IMWRITE_WEBP_QUALITY, quality])
            if done and data.size <= _LARGEST:
                return Picture(data.tobytes(), _TYPE, int(small.shape[1]), int(small.shape[0]))
        size = max(1, int(small.shape[1] * _SHRINK)), max(1, int(small.shape[0] * _SHRINK))
        small = _resized(small, size)
    raise NotApplicable("no small picture can be made of the page")


def _fitted(page: Page) -> Pixels:
    across, down = page.size_mm
    scale = min(_WIDTH / across, _HEIGHT / down)
    size = max(1, round(across * scale)), max(1, round(down * scale))
    if size[0] > page.width and size[1] > page.height:  # nothing is gained by more pixels than there are
        size = page.width, page.height
    return _resized(page.pixels, size)


def _resized(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    smaller = size[0] < pixels.shape[1]
    how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, size, interpolation=how), dtype=np.uint8)


def _grey_if_grey(pixels: Pixels) -> Pixels:
    if pixels.ndim == 2:
        return pixels
    spread = pixels.max(axis=2).astype(np.int16) - pixels.min(axis=2)
    if int(spread.max()) > _FLAT:
        return pixels
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def _bgr(pixels: Pixels) -> Any:
    return cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR if pixels.ndim == 2 else cv2.COLOR_RGB2BGR)
