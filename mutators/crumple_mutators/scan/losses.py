"""What a page mutator says of its result: that it left a trace at all, and which ink can no longer be read."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from crumple import NotApplicable, Page, Region
from crumple_mutators.scan.surface import paper

_CONTRAST = 48
_SAMPLE_MM = 0.4  # as wide as a stroke of 10 pt type; of a letter, several points are looked at
_CELL_MM = (32.0, 4.0)  # a word or two of one line
_BLOCK_MM = 0.6  # a third of the x-height of 10 pt type
_FAINT = 6  # darker than paper by this, a block has print in it
_LEFT = 0.12  # of its contrast: less cannot be read


def altered(page: Page, pixels: NDArray[np.uint8]) -> Page:
    """The page with other pixels.

    Raises:
        NotApplicable: they are the same as before.
    """
    some = np.s_[::16, ::16]
    if np.array_equal(page.pixels[some], pixels[some]) and np.array_equal(page.pixels, pixels):
        raise NotApplicable("it leaves no trace on this page")
    return page.with_pixels(pixels)


def lost_ink(page: Page, hidden: NDArray[np.bool_], *, at: tuple[int, int] = (0, 0)) -> tuple[Region, ...]:
    """Where ink is hidden: at most one place in a cell of 32 x 4 mm, no larger than the ink that is lost there.

    More hidden ink is never fewer places.

    Args:
        page: the clean page.
        hidden: a value a pixel, of a part of the page.
        at: row and column of that part's first pixel.
    """
    # Samples sit on whole steps of the page: a larger part looks at the pixels of a smaller one, and more.
    steps = _steps(page)
    first = -at[0] % steps[0], -at[1] % steps[1]
    some = np.s_[first[0] :: steps[0], first[1] :: steps[1]]
    part = page.pixels[at[0] : at[0] + hidden.shape[0], at[1] : at[1] + hidden.shape[1]]
    y, x = (hidden[some] & _ink(page, part[some])).nonzero()
    return _places(page, y * steps[0] + first[0] + at[0], x * steps[1] + first[1] + at[1], steps)


def burnt_ink(page: Page, pixels: NDArray[np.uint8]) -> tuple[Region, ...]:
    """Where ink was and has hardly any contrast left against white, as places like those of `lost_ink`."""
    across, down = (max(1, round(each)) for each in page.px(_BLOCK_MM))
    size = page.width // across, page.height // down
    if not all(size):
        return ()
    whole = np.s_[: size[1] * down, : size[0] * across]
    before, after = (
        cv2.resize(each if page.grey else cv2.cvtColor(each, cv2.COLOR_RGB2GRAY), size, interpolation=cv2.INTER_AREA)
        for each in (page.pixels[whole], pixels[whole])
    )
    contrast = cv2.subtract(np.full_like(before, _brightness(page)), before)
    around = [cv2.blur(each, (3, 3)) for each in (contrast, cv2.bitwise_not(after))]
    gone = ((around[0] > _FAINT) & (around[1] < _LEFT * around[0])).astype(np.uint8)
    # A ruled line is lower than a letter: nobody reads it.
    text = cv2.morphologyEx(gone, cv2.MORPH_OPEN, np.ones((5, 3), np.uint8))
    y, x = ((text > 0) & (contrast > _FAINT)).nonzero()
    return _places(page, y * down, x * across, (down, across))


def _steps(page: Page) -> tuple[int, int]:
    """Rows and columns from one sample to the next."""
    across, down = page.px(_SAMPLE_MM)
    return max(1, round(down)), max(1, round(across))


def _ink(page: Page, part: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where a part of the page is clearly not paper."""
    if not part.size:
        return np.zeros(part.shape[:2], bool)
    apart = np.abs(np.arange(256)[:, None] - paper(page)) > _CONTRAST
    ink = apart[np.ascontiguousarray(part), 0] if page.grey else cv2.LUT(part, apart[None].astype(np.uint8)).any(axis=2)
    return np.asarray(ink, dtype=bool)


def _brightness(page: Page) -> int:
    """Of the paper."""
    colour = paper(page)
    return colour[0] if page.grey else round(float(np.dot(colour, (0.299, 0.587, 0.114))))


def _places(page: Page, y: NDArray[np.intp], x: NDArray[np.intp], steps: tuple[int, int]) -> tuple[Region, ...]:
    """The bounds in each cell of the samples that are lost there; each stands for as many pixels as to the next."""
    if not len(x):
        return ()
    wide, high = max(1.0, page.px(_CELL_MM[0])[0]), max(1.0, page.px(_CELL_MM[1])[1])
    cell = (y / high).astype(np.int64) * (int(page.width / wide) + 1) + (x / wide).astype(np.int64)
    found, cell = np.unique(cell, return_inverse=True)
    sides = []
    for each, step, size in ((x, steps[1], page.width), (y, steps[0], page.height)):
        least, most = np.full(len(found), size), np.zeros(len(found), np.int64)
        np.minimum.at(least, cell, each)
        np.maximum.at(most, cell, each)
        sides.append((least / size, np.minimum(1, (most + step) / size)))
    (left, right), (top, bottom) = sides
    corners = zip(left.tolist(), top.tolist(), right.tolist(), bottom.tolist(), strict=True)
    return tuple(Region(0, *each) for each in corners)
