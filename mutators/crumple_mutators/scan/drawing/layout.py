"""Where words and lines stand on a page, in millimetres: what marks are made over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crumple import NotApplicable, Page, Region
from crumple_mutators.scan.drawing.surface import paper

_CELL_MM = 0.3  # as fine as the gaps between words have to be told from those between letters
_CONTRAST = 36
_WORD_GAP_MM = 0.75
_TALLEST_MM = 14.0  # pictures and frames are no words
_LEAST_MM = 0.9
_KNOTS_MM = 7.0
_LUMINANCE = (0.299, 0.587, 0.114)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the sheet in millimetres from its top left."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Across."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Down."""
        return self.bottom - self.top

    @property
    def area(self) -> float:
        """In square millimetres."""
        return self.width * self.height

    def grown(self, across: float, down: float) -> Box:
        """With this much more on each side."""
        return Box(self.left - across, self.top - down, self.right + across, self.bottom + down)

    def region(self, page: Page) -> Region:
        """As shares of the page, as far as it lies on it."""
        wide, high = page.size_mm
        shares = (self.left / wide, self.top / high, self.right / wide, self.bottom / high)
        return Region(0, *(min(max(each, 0.0), 1.0) for each in shares))


def luminance(colour: Sequence[int]) -> float:
    """The grey of a colour of one or three channels."""
    return float(colour[0]) if len(colour) == 1 else float(np.dot(colour, _LUMINANCE))


def words(page: Page, gap: float = _WORD_GAP_MM) -> tuple[Box, ...]:
    """What looks like words, from top to bottom; gaps narrower than `gap` mm do not part them.

    Raises:
        NotApplicable: there are none.
    """
    found = _boxes(printed(page), page, gap)
    if not found:
        raise NotApplicable("nothing that looks like words is printed on the page")
    return found


def text_area(page: Page) -> Box:
    """The box around everything printed.

    Raises:
        NotApplicable: nothing is.
    """
    return extent(page, printed(page))


def extent(page: Page, inked: NDArray[np.uint8]) -> Box:
    """The box around all cells that are not 0.

    Raises:
        NotApplicable: there are none.
    """
    left, top, width, height = cv2.boundingRect(inked)
    if not width:
        raise NotApplicable("nothing is printed on the page")
    across, down = cell(page)
    return Box(left * across, top * down, (left + width) * across, (top + height) * down)


def shuffled(page: Page, boxes: Sequence[Box], rng: Generator) -> list[Box]:
    """The boxes in an order that is drawn over the sheet, so that scans of any resolution have the same one."""
    wide, high = page.size_mm
    knots = rng.random((int(high / _KNOTS_MM) + 2, int(wide / _KNOTS_MM) + 2))

    middles = np.array([((box.top + box.bottom) / 2, (box.left + box.right) / 2) for box in boxes]) / _KNOTS_MM
    cells = np.minimum(middles.astype(int), np.array(knots.shape) - 2)
    (y, x), (row, column) = (middles - cells).T, cells.T
    above = (1 - x) * knots[row, column] + x * knots[row, column + 1]
    below = (1 - x) * knots[row + 1, column] + x * knots[row + 1, column + 1]
    return [boxes[index] for index in np.argsort((1 - y) * above + y * below, kind="stable").tolist()]


def covering(boxes: Sequence[Box], share: float) -> Sequence[Box]:
    """The first boxes that together have this share of the area of all, at least one."""
    areas = np.cumsum([box.area for box in boxes])
    return boxes[: max(1, int(np.searchsorted(areas, share * areas[-1] * (1 - 1e-9))) + 1)]


def printed(page: Page) -> NDArray[np.uint8]:
    """Which cells of about 0.3 mm are clearly not paper: 1 or 0."""
    x, y = _step(page)
    # Whole pixels, because OpenCV averages those many times faster; what is left at the edges is less than a cell.
    whole = page.pixels[: page.height // y * y, : page.width // x * x]
    small = cv2.resize(whole, (whole.shape[1] // x, whole.shape[0] // y), interpolation=cv2.INTER_AREA)
    grey = small if page.grey else cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    distance = cv2.absdiff(grey, np.full_like(grey, round(luminance(paper(page)))))
    return np.asarray(cv2.threshold(distance, _CONTRAST, 1, cv2.THRESH_BINARY)[1], dtype=np.uint8)


def _step(page: Page) -> tuple[int, int]:
    """Pixels of a cell, across and down."""
    across, down = page.px(_CELL_MM)
    return min(page.width, max(1, round(across))), min(page.height, max(1, round(down)))


def cell(page: Page) -> tuple[float, float]:
    """Width and height of a cell in mm."""
    (x, y), (across, down) = _step(page), page.px(1)
    return x / across, y / down


def _boxes(inked: NDArray[np.uint8], page: Page, gap: float) -> tuple[Box, ...]:
    across, down = cell(page)
    # Two cells down join the dot to its i, and no line to the next.
    joined = cv2.morphologyEx(inked, cv2.MORPH_CLOSE, np.ones((2, round(gap / across) + 1), np.uint8))
    outlines, tree = cv2.findContours(joined, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return ()
    # Outer outlines, those of what stands inside a frame too.
    found = np.array([cv2.boundingRect(outlines[each]) for each in np.flatnonzero(tree[0, :, 3] < 0).tolist()])
    starts, ends = found[:, :2] * (across, down), (found[:, :2] + found[:, 2:]) * (across, down)
    size = ends - starts
    kept = np.flatnonzero((size.min(axis=1) >= _LEAST_MM) & (size[:, 1] <= _TALLEST_MM))
    order = kept[np.lexsort((starts[kept, 0], starts[kept, 1]))]
    return tuple(Box(*each) for each in np.hstack([starts, ends])[order].tolist())
