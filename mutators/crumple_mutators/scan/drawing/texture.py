"""Irregular surfaces: what clouds, stains, fibres and worn ink have in common.

Fields are drawn on a grid that is laid out in millimetres, so that one seed makes one pattern on a sheet,
whatever it was scanned at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crumple import Page

Field: TypeAlias = NDArray[np.float32]
Box: TypeAlias = tuple[slice, slice]
Drawn = TypeVar("Drawn", NDArray[np.uint8], NDArray[np.float32])

LUMA = (0.299, 0.587, 0.114)  # what red, green and blue count for in a grey scan
_DARKEST = 0.94  # of the light, what even the strongest layer takes


def clouds(page: Page, rng: Generator, mm: float, *, octaves: int = 3) -> Field:
    """Smooth noise over the sheet, from -1 to 1 nearly everywhere, on a grid of about mm / 4.

    Args:
        page: for the size of its sheet alone.
        rng: what is drawn from it depends on the sheet's size, not on its pixels.
        mm: the size of the largest blobs.
        octaves: how many times finer detail of half the size and strength is added.
    """
    return noise(sheet_mm(page), rng, mm, octaves=octaves)


def noise(size_mm: tuple[float, float], rng: Generator, mm: float, *, octaves: int = 3) -> Field:
    """The same over a piece of this width and height."""
    high, wide = _grid(size_mm, mm / 2 ** (octaves - 1) / 2)
    total = np.zeros((high, wide), np.float32)
    for octave in range(octaves):
        coarse = _grid(size_mm, mm / 2**octave)
        knots = rng.uniform(-1, 1, (coarse[0] + 2, coarse[1] + 2)).astype(np.float32)
        total += cv2.resize(knots, (wide, high), interpolation=cv2.INTER_CUBIC) * np.float32(0.5**octave)
    return total


def spread(page: Page, field: Field) -> Field:
    """A field over the sheet at the page's own pixels: (height, width)."""
    return at_shape(field, (page.height, page.width))


def part_of(page: Page, field: Drawn, at: Box) -> Drawn:
    """A field over the sheet at the page's own pixels, of a box alone."""
    across, down = field.shape[1] / page.width, field.shape[0] / page.height
    to_field = np.array([[across, 0, (at[1].start + 0.5) * across - 0.5], [0, down, (at[0].start + 0.5) * down - 0.5]])
    return _sampled(field, to_field, at)


def at_shape(field: Field, shape: tuple[int, ...]) -> Field:
    """A field on another grid over the same piece."""
    return np.asarray(cv2.resize(field, shape[1::-1], interpolation=cv2.INTER_LINEAR), dtype=np.float32)


def smoothstep(values: Field, low: float, high: float) -> Field:
    """0 below `low`, 1 above `high`, and a soft edge between them."""
    share = np.clip((values - np.float32(low)) / np.float32(high - low), 0, 1)
    return np.asarray(share * share * (3 - 2 * share), dtype=np.float32)


def light_left(dark: Field, takes: tuple[float, float, float], *, grey: bool) -> NDArray[np.uint8]:
    """What a coloured layer lets through, 255 for all of it: (rows, columns), or with three channels.

    Args:
        dark: how much of the light the layer takes, 0 to 1.
        takes: how much of red, green and blue that is.
        grey: whether the page has no colour.
    """
    weights = np.array([np.dot(takes, LUMA)] if grey else takes, dtype=np.float32)
    light = np.rint(255 * (1 - np.minimum(_DARKEST, dark[..., None] * weights))).astype(np.uint8)
    return np.asarray(light[..., 0] if grey else light)


def sheet_mm(page: Page) -> tuple[float, float]:
    """Width and height of the sheet in whole millimetres, the same at any resolution."""
    wide, high = page.size_mm
    # Sheets are cut to whole, half or nearly whole millimetres: nothing common lies near three quarters.
    return max(1.0, np.floor(wide + 0.25)), max(1.0, np.floor(high + 0.25))


@dataclass(frozen=True, slots=True)
class Patch:
    """A square piece of the sheet that something is drawn on, in cells of some tenths of a millimetre.

    Attributes:
        middle: of the piece, in mm from the sheet's top left corner.
        reach: how far it goes to either side, in mm.
        cell: the size of a cell, in mm.
    """

    middle: tuple[float, float]
    reach: float
    cell: float

    @property
    def side(self) -> int:
        """How many cells there are across, and down."""
        return max(2, round(2 * self.reach / self.cell))

    def axes(self) -> tuple[Field, Field]:
        """x, as one row, and y, as one column: mm from the middle."""
        steps = ((np.arange(self.side) + 0.5) * self.cell - self.reach).astype(np.float32)
        return steps[None, :], steps[:, None]

    def noise(self, rng: Generator, mm: float, *, octaves: int = 3) -> Field:
        """Noise over the piece, a value a cell."""
        return at_shape(noise((2 * self.reach, 2 * self.reach), rng, mm, octaves=octaves), (self.side, self.side))

    def box(self, page: Page) -> Box:
        """The page's pixels that it covers; empty where it lies beyond the page."""
        left, top = (each - self.reach for each in self.middle)
        return box(page, left, top, left + 2 * self.reach, top + 2 * self.reach)

    def laid(self, page: Page, drawn: NDArray[np.uint8], at: Box) -> NDArray[np.uint8]:
        """What was drawn on its cells, at the page's pixels in a box."""
        across, down = (1 / each / self.cell for each in page.px(1))
        left, top = (each - self.reach for each in self.middle)
        to_cells = np.array(
            [
                [across, 0, (at[1].start + 0.5) * across - left / self.cell - 0.5],
                [0, down, (at[0].start + 0.5) * down - top / self.cell - 0.5],
            ]
        )
        return _sampled(drawn, to_cells, at)


def box(page: Page, left: float, top: float, right: float, bottom: float) -> Box:
    """The pixels of a rectangle given in mm, as far as it lies on the page."""
    across, down = page.px(1)
    columns = np.clip(np.rint([left * across, right * across]), 0, page.width).astype(int).tolist()
    rows = np.clip(np.rint([top * down, bottom * down]), 0, page.height).astype(int).tolist()
    return slice(rows[0], rows[1]), slice(columns[0], columns[1])


def positions(page: Page, at: Box) -> tuple[Field, Field]:
    """Where the pixels of a box are on the sheet, in mm: x as one row, y as one column."""
    x, y = (
        ((np.arange(each.start, each.stop) + 0.5) / per_mm).astype(np.float32)
        for each, per_mm in zip(at[::-1], page.px(1), strict=True)
    )
    return x[None, :], y[:, None]


def mixed(below: NDArray[np.float32], above: NDArray[np.float32] | np.float32, share: Field) -> NDArray[np.float32]:
    """What is above over what is below, as far as it covers."""
    cover = share if below.ndim == 2 else cv2.merge([share] * 3)
    added = above - below
    added *= cover
    added += below
    return np.asarray(added, dtype=np.float32)


def channels(values: Field, page: Page) -> Field:
    """Grey values in as many channels as the page has."""
    values = np.asarray(values, dtype=np.float32)
    # Arrays of one shape: numpy takes three times as long to stretch a last axis of 1 to one of 3.
    return values if page.grey else np.asarray(cv2.merge([values] * 3))


def empty(at: Box) -> bool:
    """Whether a box holds no pixel."""
    return bool(at[0].start >= at[0].stop or at[1].start >= at[1].stop)


def _sampled(drawn: Drawn, warp: NDArray[np.float64], at: Box) -> Drawn:
    """What is drawn on a grid at the pixels of a box; `warp` leads from those to the grid."""
    size, how = (at[1].stop - at[1].start, at[0].stop - at[0].start), cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    found = cv2.warpAffine(drawn, warp, size, flags=how, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(found, dtype=drawn.dtype)


def _grid(size_mm: tuple[float, float], cell_mm: float) -> tuple[int, int]:
    """Rows and columns of cells of this size that cover a piece."""
    wide, high = size_mm
    return max(2, round(high / cell_mm)), max(2, round(wide / cell_mm))
