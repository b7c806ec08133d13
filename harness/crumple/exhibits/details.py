"""Where on a page there is text and damage, and what that looks like pixel for pixel. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from crumple.places import Region
from crumple.views.pages import Page, Pixels

Strength: TypeAlias = NDArray[np.float32]
"""A small picture of a page in grey, as floats."""
SIZE: Final = (480, 130)
"""Pixels across and down of a detail."""
_LOOKED_AT: Final = 240


def busiest(still: Strength, others: Sequence[Strength], width: float, height: float) -> Region:
    """Where to cut out: where there is text and damage, or damage alone where it is all beside the text.

    Args:
        still: the clean page.
        others: the degraded ones.
        width: of the cut-out, as a share of the page.
        height: likewise.
    """
    # Strokes stand out from what is around them; shadows and folds do not.
    text = np.abs(still - cv2.blur(still, (7, 7)))
    changed = np.zeros_like(text)
    for each in others:
        changed += np.abs(cv2.resize(each, still.shape[::-1]) - still)
    window = max(1, round(width * still.shape[1])), max(1, round(height * still.shape[0]))
    much = _share(cv2.blur(changed, window)) if changed.max() >= 1 else np.ones_like(text)
    score = much * (0.15 + _share(cv2.blur(text, window)))
    # What is half outside the page is not looked at.
    inside = np.zeros_like(score)
    rows, columns = (min(each // 2, (size - 1) // 2) for each, size in zip(window[::-1], score.shape, strict=True))
    inside[rows : len(score) - rows, columns : score.shape[1] - columns] = 1
    row, column = np.unravel_index(int(np.argmax(score * inside)), score.shape)
    left = min(max((column + 0.5) / still.shape[1] - width / 2, 0.0), max(1 - width, 0.0))
    top = min(max((row + 0.5) / still.shape[0] - height / 2, 0.0), max(1 - height, 0.0))
    return Region(0, float(left), float(top), min(1.0, float(left + width)), min(1.0, float(top + height)))


def _share(values: Any) -> Any:
    return values / max(float(values.max()), 1e-6)


def details_of(clean: Page, degraded: Page) -> tuple[Pixels, Pixels] | None:
    """The same place of both pages, pixel for pixel of the clean one; None of a page that is no larger than that."""
    width, height = SIZE[0] / clean.width, SIZE[1] / clean.height
    if width >= 1 or height >= 1:
        return None
    place = busiest(_strength(clean), [_strength(degraded)], width, height)
    return _cut_out(clean, place), _cut_out(degraded, place)


def _strength(page: Page) -> Strength:
    size = _LOOKED_AT, max(1, round(_LOOKED_AT * page.size_mm[1] / page.size_mm[0]))
    small = cv2.resize(page.pixels, size, interpolation=cv2.INTER_AREA)
    grey = small if small.ndim == 2 else cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    return np.asarray(grey, dtype=np.float32)


def _cut_out(page: Page, place: Region) -> Pixels:
    left, top = round(place.left * page.width), round(place.top * page.height)
    right = max(left + 1, round(place.right * page.width))
    bottom = max(top + 1, round(place.bottom * page.height))
    piece = np.ascontiguousarray(page.pixels[top:bottom, left:right])
    if piece.shape[1::-1] != SIZE:  # a page of fewer pixels: each is made larger
        piece = np.asarray(cv2.resize(piece, SIZE, interpolation=cv2.INTER_NEAREST), dtype=np.uint8)
    return piece
