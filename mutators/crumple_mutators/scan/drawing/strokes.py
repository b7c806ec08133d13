"""What is printed: how dark it is, where it stands, and how its edges move."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from crumple import NotApplicable, Page, Region
from crumple_mutators.scan.drawing.surface import ink, paper, thinned
from crumple_mutators.scan.drawing.texture import LUMA

Grey: TypeAlias = NDArray[np.uint8]
Morphology: TypeAlias = Callable[[Grey, Grey], MatLike]

_CONTRAST = 32
_CELL_MM = 4.0
_FEW = 250_000  # pixels; a page of fewer is looked at in full
_FAR = 24  # pixels from one point to the next
_SQUARE = np.sqrt(2) - 1  # of an octagon's radius, what a square gives; the rest gives a diamond


@dataclass(frozen=True, slots=True)
class Tones:
    """The shades that a page is printed in, in grey and in its own channels.

    Attributes:
        paper: of the bare paper, in grey.
        ink: of what is printed, in grey: dark, but not the darkest.
        paper_colour: one number or three.
        ink_colour: likewise.
    """

    paper: int
    ink: int
    paper_colour: tuple[int, ...]
    ink_colour: tuple[int, ...]

    @property
    def middle(self) -> float:
        """The shade at which an edge is: half way between ink and paper."""
        return (self.paper + self.ink) / 2


def grey(page: Page) -> Grey:
    """The page without its colours."""
    return page.pixels if page.grey else np.asarray(cv2.cvtColor(page.pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def tones(page: Page) -> Tones:
    """The shades of paper and ink.

    Raises:
        NotApplicable: nothing is darker than the paper.
    """
    background = paper(page)
    shade = background[0] if page.grey else float(np.dot(background, LUMA))
    colours, inked = _dark(page, shade, 1 if page.width * page.height < _FEW else 4)
    if not len(inked):
        raise NotApplicable("nothing on the page is darker than its paper")
    dark_half = inked <= np.median(inked)
    middle = int(np.median(inked[dark_half]))
    colour = (middle,) if page.grey else tuple(int(np.median(each[dark_half])) for each in colours.T)
    return Tones(round(shade), middle, background, colour)


def printed_paper(page: Page) -> tuple[int, ...]:
    """The colour of the bare paper alone, as `tones` has it.

    Raises:
        NotApplicable: nothing is darker than the paper.
    """
    background = paper(page)
    shade = background[0] if page.grey else float(np.dot(background, LUMA))
    # A few of the points that all of its tones are taken from nearly always tell.
    return background if len(_dark(page, shade, _FAR)[1]) else tones(page).paper_colour


def _dark(page: Page, shade: float, step: int) -> tuple[NDArray[np.uint8], NDArray[np.floating] | NDArray[np.uint8]]:
    """The colours, (n,) or (n, 3), and the greys of points so far apart that are clearly darker than a shade."""
    sample, limit = thinned(page.pixels, step), shade - _CONTRAST
    if page.grey:
        greys = sample[sample < limit]
        return greys, greys
    # Rounded greys are off by half a shade; exact ones, which take longer, are made of what they leave.
    maybe = cv2.cvtColor(sample, cv2.COLOR_RGB2GRAY).reshape(-1) < limit + 1
    colours = sample.reshape(-1, 3).compress(maybe, axis=0)
    # With one more, for BLAS rounds a single colour otherwise than it does several.
    exact = np.dot(np.vstack([colours, sample[0, :1]]), LUMA)[:-1]
    return colours.compress(exact < limit, axis=0), exact[exact < limit]


def below_paper(page: Page, background: tuple[int, ...]) -> NDArray[np.uint8]:
    """How much darker than the paper each pixel is, in every channel."""
    if page.grey:
        blank = np.full_like(page.pixels, background[0])
        return np.asarray(cv2.subtract(blank, page.pixels, blank), dtype=np.uint8)
    return np.asarray(cv2.subtract(np.array((*background, 0.0)), page.pixels), dtype=np.uint8)


def moved_edges(page: Page, mm: float, move: Morphology) -> NDArray[np.uint8]:
    """The page with every edge moved by a length on paper, fractions of a pixel included.

    Args:
        page: any.
        mm: how far.
        move: `cv2.erode`, by which what is dark grows, or `cv2.dilate`, by which it shrinks.
    """
    fine = max(page.px(mm))
    whole = int(fine)
    moved = page.pixels
    for count, step in enumerate(_steps(page, whole + 1)):
        if count == whole:
            if fine == whole:
                break
            further = move(moved, step)
            return np.asarray(cv2.addWeighted(moved, 1 - fine + whole, further, fine - whole, 0), dtype=np.uint8)
        moved = np.asarray(move(moved, step), dtype=np.uint8)
    return moved


def _steps(page: Page, count: int) -> Iterator[Grey]:
    """Kernels that one after the other move an edge by a pixel each, and make an octagon of a point.

    Where pixels are not square, by a pixel of the finer axis; along the other it is now and then.
    """
    across, down = (dpi / max(page.dpi) for dpi in page.dpi)
    for step in range(1, count + 1):
        x, y = (round(step * each) - round((step - 1) * each) for each in (across, down))
        kernel = np.ones((2 * y + 1, 2 * x + 1), np.uint8)
        if x and y and round(step * _SQUARE) == round((step - 1) * _SQUARE):
            kernel[::2, ::2] = 0
        yield kernel


def cell_means(page: Page, field: MatLike) -> NDArray[np.float32]:
    """The mean of a field, whatever its resolution, over the cells of 4 mm that a sheet is looked at by."""
    columns, rows = (max(1, round(each / _CELL_MM)) for each in page.size_mm)
    return np.asarray(cv2.resize(field, (columns, rows), interpolation=cv2.INTER_AREA), dtype=np.float32)


def gone(page: Page, bare: NDArray[np.bool_]) -> tuple[Region, ...]:
    """The cells where nothing can be read any more and something could be before, one region each.

    Args:
        page: the clean page.
        bare: the cells, as `cell_means` lays them out.
    """
    inked = cell_means(page, ink(page).astype(np.float32)) > 0
    rows, columns = bare.shape
    return tuple(
        Region(0, column / columns, row / rows, (column + 1) / columns, (row + 1) / rows)
        for row, column in np.argwhere(bare & inked).tolist()
    )
