"""What plain implementations have in common: a page at 200 dpi as an array, and a way to darken it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

DPI = 200.0
MM = DPI / 25.4

Pixels: TypeAlias = NDArray[np.uint8]
Plain: TypeAlias = Callable[[Pixels, Any], Pixels]
"""An operation as one would write it without crumple: pixels and the main parameter's value in, pixels out."""


def paper(pixels: Pixels) -> Any:
    """The paper's colour, a number or three, by the corner of the page."""
    corner = pixels[20:60, 20:60]
    return int(np.median(corner)) if pixels.ndim == 2 else tuple(int(each) for each in np.median(corner, axis=(0, 1)))


def like(mask: Pixels, pixels: Pixels) -> Pixels:
    """A mask with as many channels as a page."""
    return mask if pixels.ndim == mask.ndim else cv2.cvtColor(mask, cv2.COLOR_GRAY2RGB)


def multiplied(pixels: Pixels, mask: Pixels) -> Pixels:
    """A page under a mask of light; 255 leaves it as it is."""
    return cv2.multiply(pixels, like(mask, pixels), scale=1 / 255)


def spread(coarse: NDArray[Any], pixels: Pixels) -> Pixels:
    """A coarse field from 0 to 1 as a mask of the page's size."""
    mask = np.clip(coarse * 255, 0, 255).astype(np.uint8)
    return cv2.resize(mask, (pixels.shape[1], pixels.shape[0]), interpolation=cv2.INTER_LINEAR)


def coarse(pixels: Pixels, by: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """X and y from 0 to 1 on a grid that is so many times coarser than the page."""
    high, wide = pixels.shape[0] // by, pixels.shape[1] // by
    x, y = np.meshgrid(np.linspace(0, 1, wide, dtype=np.float32), np.linspace(0, 1, high, dtype=np.float32))
    return x, y


def clouds(rng: np.random.Generator, pixels: Pixels, mm: float, by: int = 8) -> NDArray[np.float32]:
    """Smooth noise of about -1 to 1, three octaves, on a grid so many times coarser than the page."""
    size = pixels.shape[1] // by, pixels.shape[0] // by
    total = np.zeros(size[::-1], np.float32)
    for octave in range(3):
        knots = [max(2, int(each / (mm * MM) * 2**octave)) + 2 for each in pixels.shape[:2]]
        drawn = rng.uniform(-1, 1, knots).astype(np.float32)
        total += cv2.resize(drawn, size, interpolation=cv2.INTER_CUBIC) / 2**octave
    return total


def words(pixels: Pixels) -> list[tuple[int, int, int, int]]:
    """Boxes of what looks like words: x, y, width, height."""
    ink = np.asarray(_small(pixels) < 160, np.uint8)
    joined = cv2.dilate(ink, np.ones((1, 5), np.uint8))
    _, _, boxes, _ = cv2.connectedComponentsWithStats(joined)
    return [tuple(4 * each for each in box[:4].tolist()) for box in boxes[1:]]


def lost_ink(clean: Pixels, degraded: Pixels) -> NDArray[np.intp]:
    """Cells of a page, of 48 each way, where print was covered or removed: what a mutator that says so looks for."""
    before, after = (_small(each) for each in (clean, degraded))
    ink = cv2.absdiff(before, np.full_like(before, np.median(before)))
    gone = cv2.min(ink, cv2.absdiff(before, after))
    there = cv2.threshold(gone, 48, 255, cv2.THRESH_BINARY)[1]
    return np.argwhere(cv2.resize(there, (48, 48), interpolation=cv2.INTER_AREA))


def _small(pixels: Pixels) -> Pixels:
    size = pixels.shape[1] // 4, pixels.shape[0] // 4
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_NEAREST)
    return small if small.ndim == 2 else cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
