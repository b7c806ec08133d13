"""What is stuck on a page, or stamped on it so that nothing shows through: how it is laid on the sheet."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crumple import NotApplicable, Page
from crumple_mutators.scan.drawing.layout import cell, extent, printed
from crumple_mutators.scan.drawing.overlay import Mask

_COARSE = 4  # a shadow is soft: it is drawn this many times smaller


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on something printed.

    Attributes:
        x: across, in pixels.
        y: down, in pixels.
        mm2: the area of the box around everything printed, in square millimetres.
    """

    x: float
    y: float
    mm2: float


def spot(page: Page, rng: Generator) -> Spot:
    """Where on something printed to put it.

    Raises:
        NotApplicable: nothing is printed.
    """
    cells = printed(page)
    area, points = extent(page, cells), cv2.findNonZero(cells)
    x, y = (points.reshape(-1, 2)[rng.integers(len(points))] + 0.5).tolist()
    (across, down), (x_px, y_px) = cell(page), page.px(1)
    return Spot(x * across * x_px, y * down * y_px, area.area)


@dataclass(frozen=True, slots=True)
class Laid:
    """Something at its place on the page.

    Attributes:
        place: rows and columns of the page that it lies within.
        faces: each picture of it, at the page's own pixels.
    """

    place: tuple[slice, slice]
    faces: tuple[NDArray[np.uint8], ...]

    @property
    def corner(self) -> tuple[int, int]:
        """The row and column of the page that its place begins with."""
        return self.place[0].start, self.place[1].start


def lay(
    page: Page,
    drawn: tuple[NDArray[np.uint8], ...],
    size: tuple[float, float],
    slant: float,
    at: Spot,
    *,
    margin: float = 0.0,
) -> Laid:
    """Turn pictures of one thing to its slant and bring them to the page's pixels; it is moved so that it fits.

    Args:
        page: what it lies on.
        drawn: pictures of it upright, of one shape, at any resolution.
        size: width and height in mm.
        slant: in degrees.
        at: its middle, where it fits the page there.
        margin: how much of the page around it, in mm, is in its place too; the pictures are 0 there.
    """
    high, wide = drawn[0].shape[:2]
    turn = np.deg2rad(slant)
    stretch = np.array([[size[0] / wide, 0], [0, size[1] / high]])
    rotate = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    linear = np.diag(page.px(1)) @ rotate @ stretch
    half = np.abs(linear) @ (wide / 2, high / 2)
    room = np.maximum(np.array([page.width, page.height]) - half, half)
    middle = np.clip((at.x, at.y), half, room)
    reach = half + np.array(page.px(margin)) + 1
    left, top = np.maximum(0, np.floor(middle - reach)).astype(int).tolist()
    right, bottom = np.minimum((page.width, page.height), np.ceil(middle + reach)).astype(int).tolist()
    if right <= left or bottom <= top:
        raise NotApplicable("the page is too small for it")
    warp = np.column_stack([linear, middle - (left, top) - linear @ ((wide - 1) / 2, (high - 1) / 2)])
    faces = tuple(
        np.asarray(cv2.warpAffine(each, warp, (right - left, bottom - top), flags=cv2.INTER_LINEAR), dtype=np.uint8)
        for each in drawn
    )
    return Laid(np.s_[top:bottom, left:right], faces)


def fitting(mm2: float, aspect: float, sheet: tuple[float, float]) -> tuple[float, float]:
    """Width and height in mm of something of this area and shape that fits the sheet."""
    width = min(float(np.sqrt(mm2 * aspect)), 0.92 * sheet[0])
    return width, min(mm2 / width, 0.92 * sheet[1])


def shadow(cover: Mask, page: Page, *, mm: float, depth: float) -> Mask:
    """The light that is left around something that stands off the paper a little: 255 is all of it."""
    across, down = (each / _COARSE for each in page.px(mm))
    high, wide = cover.shape
    small = (max(1, wide // _COARSE), max(1, high // _COARSE))
    soft = cv2.GaussianBlur(
        cv2.resize(cover, small, interpolation=cv2.INTER_AREA),
        (0, 0),
        max(0.4, across / 2),
        sigmaY=max(0.4, down / 2),
    )
    moved = cv2.warpAffine(soft, np.array([[1, 0, 0.45 * across], [0, 1, 0.6 * down]]), small)
    light = cv2.LUT(moved, np.rint(255 - depth * np.arange(256)).astype(np.uint8))
    return np.asarray(cv2.resize(light, (wide, high), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
