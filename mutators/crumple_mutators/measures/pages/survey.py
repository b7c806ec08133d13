"""What several measures of a page need: its light, its paper, its ink and its noise, worked out once a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from crumple import Page

Grey = NDArray[np.uint8]
Field = NDArray[np.float32]
T = TypeVar("T")

DPI = 100.0  # of the small picture
CELL = 12  # of its pixels: 3 mm
_NOISE_BLOCK = 16
_MOST_BLOCKS = 2500
_LOWER = 0.1587  # of a normal distribution, what is more than its deviation below the mean
_WHOLE_SHEET_MM = 450.0  # longer than that, and the file's resolution is rather a default than the truth
_A4_MM = 297.0
_BLACK = 80


def once_a_page(function: Callable[[Page], T]) -> Callable[[Page], T]:
    """Keep what a function says of the last page, which measures that follow one another ask for again.

    `functools.lru_cache` would compare all pixels of two pages of one size.
    """
    last: list[tuple[Page, T]] = []

    @wraps(function)
    def kept(page: Page) -> T:
        if not last or last[0][0] is not page:
            last[:] = [(page, function(page))]
        return last[0][1]

    return kept


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """A page as measures see it.

    Attributes:
        grey: all its pixels: the green channel of a page with colours.
        dpi: pixels an inch, across and down; the file's, where that makes a sheet of a size that there is.
        small: at 100 dpi.
        paper: how bright the paper is, a value for every 3 mm.
        below: how far each small pixel is below its paper.
        noise: deviation of the pixels of bare paper, of 255.
        bare: share of the page that is bare paper, as far as noise can be measured on it.
        ink: where the small picture is printed.
        contrast: of what is printed darkest, from its paper, of 255; 0 on a blank page.
    """

    grey: Grey
    dpi: tuple[float, float]
    small: Grey
    paper: Field
    below: Field
    noise: float
    bare: float
    ink: NDArray[np.bool_]
    contrast: float

    @property
    def blank(self) -> bool:
        """Whether there is nothing on the page that could be print."""
        return float(self.ink.mean()) < 2e-4


@once_a_page
def survey(page: Page) -> Survey:
    """The survey of a page; the last one is kept, for the next measure."""
    pixels = page.pixels
    grey = np.ascontiguousarray(pixels if pixels.ndim == 2 else pixels[..., 1])
    dpi = _dpi(page)
    size = max(1, round(page.width * DPI / dpi[0])), max(1, round(page.height * DPI / dpi[1]))
    small = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    paper = _paper(small)
    spread = cv2.resize(paper, size, interpolation=cv2.INTER_LINEAR)
    below = np.asarray(np.maximum(spread - small, 0), dtype=np.float32)
    noise, bare = _noise(grey)
    grain = noise * DPI / max(DPI, min(200.0, *dpi))
    contrast = _contrast(below, grain)
    ink = np.asarray(below > max(8.0, 4 * grain, 0.4 * contrast)) & ~_border(small)
    return Survey(grey, dpi, small, paper, below, noise, bare, ink, contrast)


def _dpi(page: Page) -> tuple[float, float]:
    """As the page has it; where that makes a sheet larger than A3, as if its long side were that of A4."""
    longest = max(page.size_mm)
    if longest <= _WHOLE_SHEET_MM or page.dpi[0] > 100:
        return page.dpi
    larger = longest / _A4_MM
    return page.dpi[0] * larger, page.dpi[1] * larger


def _border(small: Grey) -> NDArray[np.bool_]:
    """Where a black border is: what is dark, long, and touches an edge of the page; its rim included."""
    dark = np.asarray(small < _BLACK, dtype=np.uint8)
    if not (dark[0].any() or dark[-1].any() or dark[:, 0].any() or dark[:, -1].any()):
        return np.zeros(small.shape, dtype=bool)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=4)
    high, wide = small.shape
    left, top, across, down = stats[:, 0], stats[:, 1], stats[:, 2], stats[:, 3]
    touching = (left == 0) | (top == 0) | (left + across == wide) | (top + down == high)
    border = touching & ((across > 0.4 * wide) | (down > 0.4 * high))
    border[0] = False
    return np.asarray(cv2.dilate(border[labels].astype(np.uint8), np.ones((9, 9), np.uint8)) > 0)


def _paper(small: Grey) -> Field:
    """The shade of the paper in each cell: of its brighter half the median, and of the cells about it the middle."""
    rows, columns = (max(1, -(-size // CELL)) for size in small.shape)
    padded = cv2.copyMakeBorder(
        small, 0, rows * CELL - small.shape[0], 0, columns * CELL - small.shape[1], cv2.BORDER_REPLICATE
    )
    cells = padded.reshape(rows, CELL, columns, CELL).swapaxes(1, 2).reshape(rows, columns, CELL * CELL)
    at = round(0.8 * CELL * CELL)
    bright = np.partition(cells, at, axis=2)[..., at]
    return np.asarray(cv2.medianBlur(np.ascontiguousarray(bright), 5), dtype=np.float32)


def _noise(grey: Grey) -> tuple[float, float]:
    """The deviation of pixels on blocks that have no print, and the share of blocks that these are.

    From the median down to the lower quantile, which paper that is burnt out to white, and specks, leave as they are.
    """
    rows, columns = (size // _NOISE_BLOCK for size in grey.shape)
    if rows < 2 or columns < 2:
        return 0.0, 0.0
    whole = grey[: rows * _NOISE_BLOCK, : columns * _NOISE_BLOCK]
    step = max(1, int(np.sqrt(rows * columns / _MOST_BLOCKS)))
    blocks = whole.reshape(rows, _NOISE_BLOCK, columns, _NOISE_BLOCK)[::step, :, ::step].swapaxes(1, 2)
    values = np.sort(blocks.reshape(-1, _NOISE_BLOCK**2), axis=1).astype(np.float32)
    # Grey values are whole numbers: between them, as many as there are of each say where a quantile lies.
    spread = _quantile(values, 0.5) - _quantile(values, _LOWER)
    plain = np.median(spread[spread <= np.quantile(spread, 0.5)]) if len(spread) else 0.0
    quiet = spread <= max(3.0, 1.6 * float(plain))
    if quiet.mean() < 0.02:
        return 0.0, 0.0
    return float(np.median(spread[quiet])), float(quiet.mean())


def _quantile(values: Field, share: float) -> Field:
    """Of each row of sorted whole numbers, as if each were spread evenly over the unit about it."""
    count = values.shape[1]
    at = share * count
    value = values[:, min(count - 1, int(at))]
    fewer = (values < value[:, None]).sum(axis=1)
    as_many = (values == value[:, None]).sum(axis=1)
    return np.asarray(value - 0.5 + (at - fewer) / as_many, dtype=np.float32)


def _contrast(below: Field, grain: float) -> float:
    """How far the darkest print is below its paper: of what is clearly no paper, the darker part."""
    floor = max(8.0, 4 * grain)
    printed = below[below > floor]
    if printed.size < 2e-4 * below.size:
        return 0.0
    return float(np.quantile(printed, 0.9))
