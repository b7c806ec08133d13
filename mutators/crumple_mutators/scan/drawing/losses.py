"""What a page mutator says of its result: that it left a trace at all, and which ink can no longer be read."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from crumple import NotApplicable, Page, Region
from crumple_mutators.scan.drawing.surface import paper, same
from crumple_mutators.scan.drawing.texture import Box

_CONTRAST = 48
_SAMPLE_MM = 0.4  # as wide as a stroke of 10 pt type; of a letter, several points are looked at
_CELL_MM = (32.0, 4.0)  # a word or two of one line
_BLOCK_MM = 0.6  # a third of the x-height of 10 pt type
_FAINT = 6  # darker than paper by this, a block has print in it
_LEFT = 0.12  # of its contrast: less cannot be read
_BESIDE = 6  # blocks


def altered(page: Page, pixels: NDArray[np.uint8], *where: Box) -> Page:
    """The page with other pixels.

    Args:
        page: as it was.
        pixels: as they are now.
        where: the only parts that can differ; without any, all of it.

    Raises:
        NotApplicable: they are the same as before.
    """
    for part in where or (np.s_[:, :],):
        if not same(page.pixels[part], pixels[part]):
            return page.with_pixels(pixels)
    raise NotApplicable("it leaves no trace on this page")


def lost_ink(page: Page, *hidden: tuple[Box, NDArray[np.bool_]]) -> tuple[Region, ...]:
    """Where ink is hidden: at most one place in a cell of 32 x 4 mm, and no larger than what is lost there.

    More hidden ink is never fewer places.

    Args:
        page: the clean page.
        hidden: parts of it, and for each of their pixels whether it is hidden.
    """
    background = paper(page)
    # Samples sit on whole steps of the page: a larger part looks at the pixels of a smaller one, and more.
    steps = _steps(page)
    found_y, found_x = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for (rows, columns), mask in hidden:
        first = -rows.start % steps[0], -columns.start % steps[1]
        some = np.s_[first[0] :: steps[0], first[1] :: steps[1]]
        y, x = (mask[some] & _ink(page.pixels[rows, columns][some], background)).nonzero()
        found_y.append(y * steps[0] + first[0] + rows.start)
        found_x.append(x * steps[1] + first[1] + columns.start)
    return _places(page, np.concatenate(found_y), np.concatenate(found_x), steps, sampled=True)


def burnt_ink(page: Page, pixels: NDArray[np.uint8]) -> tuple[Region, ...]:
    """Where ink was and has hardly any contrast left against white, as places like those of `lost_ink`."""
    across, down = (max(1, round(each)) for each in page.px(_BLOCK_MM))
    size = page.width // across, page.height // down
    if not all(size):
        return ()
    whole = np.s_[: size[1] * down, : size[0] * across]
    before = _shrunk(page.pixels[whole], size)
    contrast = cv2.subtract(np.full_like(before, _brightness(page)), before)
    left, top, wide, high = cv2.boundingRect(np.asarray(contrast > _FAINT, np.uint8))
    if not wide:
        return ()
    # Nothing is looked for where nothing is printed, but for a few blocks that blurs and shapes take in.
    left, right = max(0, left - _BESIDE), min(size[0], left + wide + _BESIDE)
    top, bottom = max(0, top - _BESIDE), min(size[1], top + high + _BESIDE)
    contrast = contrast[top:bottom, left:right]
    after = _shrunk(pixels[top * down : bottom * down, left * across : right * across], (right - left, bottom - top))
    around = [cv2.blur(each, (3, 3)) for each in (contrast, cv2.bitwise_not(after))]
    gone = ((around[0] > _FAINT) & (around[1] < _LEFT * around[0])).astype(np.uint8)
    # A ruled line is lower than a letter: nobody reads it.
    text = cv2.morphologyEx(gone, cv2.MORPH_OPEN, np.ones((5, 3), np.uint8))
    y, x = ((text > 0) & (contrast > _FAINT)).nonzero()
    return _places(page, (y + top) * down, (x + left) * across, (down, across), sampled=False)


def _shrunk(pixels: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Pixels as fewer grey ones, each the mean of a block."""
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return np.asarray(small if pixels.ndim == 2 else cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def _steps(page: Page) -> tuple[int, int]:
    """Rows and columns from one sample to the next."""
    across, down = page.px(_SAMPLE_MM)
    return max(1, round(down)), max(1, round(across))


def _ink(part: NDArray[np.uint8], background: tuple[int, ...]) -> NDArray[np.bool_]:
    """Where a part of a page is clearly not paper."""
    if not part.size:
        return np.zeros(part.shape[:2], bool)
    apart = np.abs(np.arange(256)[:, None] - background) > _CONTRAST
    ink = apart[part, 0] if part.ndim == 2 else cv2.LUT(part, apart[None].astype(np.uint8)).any(axis=2)
    return np.asarray(ink, dtype=bool)


def _brightness(page: Page) -> int:
    """Of the paper."""
    colour = paper(page)
    return colour[0] if page.grey else round(float(np.dot(colour, (0.299, 0.587, 0.114))))


def _places(
    page: Page, y: NDArray[np.intp], x: NDArray[np.intp], steps: tuple[int, int], *, sampled: bool
) -> tuple[Region, ...]:
    """The bounds in each cell of what is lost there.

    Args:
        page: the clean page.
        y: rows that are lost, one in so many of `steps`.
        x: columns that are lost with them.
        steps: rows and columns from one to the next.
        sampled: whether those between were not looked at, so that what is lost may begin before a sample.
    """
    if not len(x):
        return ()
    wide, high = max(1.0, page.px(_CELL_MM[0])[0]), max(1.0, page.px(_CELL_MM[1])[1])
    across = int(page.width / wide) + 1
    cell = (y / high).astype(np.int64) * across + (x / wide).astype(np.int64)
    found = np.bincount(cell).nonzero()[0]
    sides = []
    for each, step, size in ((x, steps[1], page.width), (y, steps[0], page.height)):
        least, most = np.full(found[-1] + 1, size), np.zeros(found[-1] + 1, np.int64)
        np.minimum.at(least, cell, each)
        np.maximum.at(most, cell, each)
        before = step - 1 if sampled else 0
        sides.append((np.maximum(0, least[found] - before) / size, np.minimum(1, (most[found] + step) / size)))
    (left, right), (top, bottom) = sides
    corners = zip(left.tolist(), top.tolist(), right.tolist(), bottom.tolist(), strict=True)
    return tuple(Region(0, *each) for each in corners)
