"""Ink and paper laid over a page: drawn in millimetres, finer than the page's pixels, and put on what is there."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crumple import NotApplicable, Page, Region
from crumple_mutators.scan.drawing.layout import Box, luminance
from crumple_mutators.scan.drawing.surface import same

Mask = NDArray[np.uint8]
"""How much of each point is covered: 255 is all of it."""

_FINE = 11.0  # px per mm that pen strokes are drawn with at least
_LARGEST = 24_000_000  # drawn no finer than the page where that would be more pixels
_BANDS = 16
_SHIFT = 4  # bits behind the point in OpenCV's coordinates
# Bayer's ordered screen, as scanners use for one-bit images.
_SCREEN = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]])


class Canvas:
    """A part of a page, whole pixels of it, to draw on in millimetres; nothing of it may be on the page.

    Attributes:
        place: rows and columns of the page; an index into its pixels.
        drawn: coverage, at a resolution of its own.
        scale: pixels per mm of what is drawn.
    """

    def __init__(self, page: Page, box: Box) -> None:
        """A canvas of at least this part of the page."""
        across, down = page.px(1)
        left, right = (int(min(max(each, 0), page.width)) for each in (box.left * across, box.right * across + 1))
        top, bottom = (int(min(max(each, 0), page.height)) for each in (box.top * down, box.bottom * down + 1))
        self.place = np.s_[top:bottom, left:right]
        self.shape = (bottom - top, right - left)
        finest = max(across, down)
        times = max(1, int(np.ceil(_FINE / finest)))
        if times**2 * self.shape[0] * self.shape[1] > _LARGEST:
            times = 1
        self.scale = times * finest
        self._origin = np.array([left / across, top / down])
        width, height = self.shape[1] / across, self.shape[0] / down
        self.drawn = np.zeros((max(1, round(height * self.scale)), max(1, round(width * self.scale))), np.uint8)

    @property
    def empty(self) -> bool:
        """Whether it lies beside the page."""
        return 0 in self.shape

    def stroke(self, points: NDArray[np.float64], widths: NDArray[np.float64]) -> None:
        """A line through points (n, 2) with a width at each, all in mm."""
        at = self._fixed(points)
        thick = np.maximum(1, np.rint((widths[:-1] + widths[1:]) / 2 * self.scale)).astype(int)
        ends = [0, *(np.flatnonzero(thick[1:] != thick[:-1]) + 1).tolist(), len(thick)]
        for first, last in itertools.pairwise(ends):
            line = [at[first : last + 1]]
            cv2.polylines(self.drawn, line, False, 255, int(thick[first]), cv2.LINE_8, _SHIFT)

    def fill(self, outline: NDArray[np.float64], value: int = 255) -> None:
        """A polygon with corners (n, 2) in mm."""
        cv2.fillPoly(self.drawn, [self._fixed(outline)], value, cv2.LINE_8, _SHIFT)

    def coverage(self) -> Mask:
        """What was drawn, at the page's own pixels."""
        high, wide = self.shape
        how = cv2.INTER_AREA if self.drawn.shape[0] >= high else cv2.INTER_LINEAR
        return np.asarray(cv2.resize(self.drawn, (wide, high), interpolation=how), dtype=np.uint8)

    def _fixed(self, points: NDArray[np.float64]) -> NDArray[np.int32]:
        on = (points - self._origin) * self.scale - 0.5
        return np.asarray(np.rint(on * 2**_SHIFT), dtype=np.int32)


def ink_in(part: NDArray[np.uint8], coverage: Mask, colour: Sequence[int], strength: float = 1.0) -> None:
    """Put translucent ink on a part of a page's pixels, in place; what is dark stays dark.

    Args:
        part: (height, width) or (height, width, 3), a view that may be written to.
        coverage: where; (height, width).
        colour: what the ink makes of white paper.
        strength: of that, how much; 1 is all.
    """
    shades = (luminance(colour),) if part.ndim == 2 else tuple(colour)
    cv2.multiply(part, _light_left(coverage, shades, strength), part, scale=1 / 255)


def inked(page: Page, coverage: Mask, colour: Sequence[int], strength: float = 1.0) -> NDArray[np.uint8]:
    """All of a page's pixels with translucent ink on them; see `ink_in`."""
    light = _light_left(coverage, (luminance(colour),) if page.grey else tuple(colour), strength)
    return np.asarray(cv2.multiply(page.pixels, light, light, scale=1 / 255), dtype=np.uint8)


def _light_left(coverage: Mask, shades: tuple[float, ...], strength: float) -> Mask:
    """What ink lets through, in as many channels as it has shades."""
    steps = np.arange(256) / 255 * strength
    light = {shade: cv2.LUT(coverage, np.rint(255 - (255 - shade) * steps).astype(np.uint8)) for shade in set(shades)}
    return np.asarray(light[shades[0]] if len(shades) == 1 else cv2.merge([light[shade] for shade in shades]), np.uint8)


def lay_on(part: NDArray[np.uint8], face: NDArray[np.uint8], cover: Mask) -> None:
    """Put something opaque on a part of a page's pixels, in place; its edge is as soft as `cover` says."""
    if part.ndim == 3:
        cover = np.asarray(cv2.merge([cover] * 3), dtype=np.uint8)
    shown, hidden = cover, cv2.bitwise_not(cover)
    cv2.add(cv2.multiply(part, hidden, scale=1 / 255), cv2.multiply(face, shown, scale=1 / 255), part)


def uneven(
    shape_mm: tuple[float, float], shape: tuple[int, int], rng: Generator, *, grain: float, least: float
) -> Mask:
    """How ink lies: blotches of `grain` mm, from `least` to 1 of full strength, at (height, width) pixels.

    Args:
        shape_mm: width and height on the sheet, which say how much is drawn from `rng`.
        shape: height and width in pixels.
        rng: for the blotches.
        grain: their size in mm.
        least: the share of ink where there is least.
    """
    wide, high = (max(2, min(4000, round(mm / grain) + 1)) for mm in shape_mm)
    knots = np.asarray(rng.uniform(255 * least, 256, (high, wide)), dtype=np.uint8)
    return np.asarray(cv2.resize(knots, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def bilevel(page: Page) -> bool:
    """Whether the page is black and white alone."""
    if not page.grey or cv2.countNonZero(cv2.inRange(page.pixels[::16, ::16], 1, 254)):
        return False
    return not cv2.countNonZero(cv2.inRange(page.pixels, 1, 254))


def screened(part: NDArray[np.uint8]) -> None:
    """Make shades of grey black and white in place, by the screen of a one-bit scanner."""
    high, wide = part.shape
    screen = (_SCREEN * 16 + 8).astype(np.uint8)
    tiled = np.tile(screen, (high // 4 + 1, wide // 4 + 1))[:high, :wide]
    np.copyto(part, cv2.compare(part, tiled, cv2.CMP_GT))


def thresholded(part: NDArray[np.uint8]) -> None:
    """Make shades of grey black and white in place, at the middle."""
    cv2.threshold(part, 127, 255, cv2.THRESH_BINARY, part)


def bands(cover: NDArray[np.bool_], page: Page, at: tuple[int, int] = (0, 0)) -> tuple[Region, ...]:
    """What is covered, as bands from top to bottom: closer to something slanted than the box around it.

    Args:
        cover: where; a part of the page.
        page: all of it.
        at: the row and column of the page that the part begins with.
    """
    rows = np.flatnonzero(cover.any(axis=1))
    edges = np.linspace(rows[0], rows[-1] + 1, min(_BANDS, len(rows)) + 1).astype(int)
    found = []
    for top, bottom in itertools.pairwise(edges.tolist()):
        columns = np.flatnonzero(cover[top:bottom].any(axis=0))
        left, right = (int(columns[0]) + at[1]) / page.width, (int(columns[-1]) + 1 + at[1]) / page.width
        found.append(Region(0, left, (top + at[0]) / page.height, right, (bottom + at[0]) / page.height))
    return tuple(found)


def marked(page: Page, pixels: NDArray[np.uint8]) -> Page:
    """The page with these pixels.

    Raises:
        NotApplicable: they are what they were: the paper is as dark as the mark, or the mark is too small.
    """
    if same(page.pixels, pixels):
        raise NotApplicable("on this page the mark cannot be seen")
    return page.with_pixels(pixels)
