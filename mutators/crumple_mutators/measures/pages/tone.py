"""How light and dark a page is: its paper, its ink, the light on it, and what is black about it."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from crumple import Page
from crumple.measuring import measure
from crumple_mutators.measures.pages.geometry import lines
from crumple_mutators.measures.pages.sharpness import sharpness
from crumple_mutators.measures.pages.survey import DPI, Field, once_a_page, survey

_WHITE = 252.0  # what a scanner makes of office paper
_GAMMA = 2.2
_BLACK_INK = 0.92  # of the light on the paper, what black print takes
_TOO_BLURRED_MM = 0.14
_SOLID = 0.9  # of the print, the part that is not the edge of a stroke
_ROUNDS = 8
_MOST_CELLS = 1500
_LIKE_PAPER, _MOSTLY_PAPER = 0.07, 0.6
_LIKE_LIGHT, _NEARLY_ALL = 0.04, 0.85
_LIGHT_PRINT, _MOST_LIGHT_PRINT = 50.0, 0.01
_BRIGHT = 0.95
_DARK = 70
_DEEPEST = 0.3
_LONG = 0.75
_MM = 25.4


@measure("scan.blank_page", stands_for=("scan.interleaved_blanks",))
def blank_page(page: Page) -> bool:
    """Whether nothing is printed on the page."""
    return survey(page).blank


@measure("scan.ink_fade", within=0.2, unit="share of the value")
def ink_fade(page: Page) -> float | None:
    """How much of the contrast of black print there is. None on blank pages, and where blur has taken of it."""
    blur = sharpness(page).blur
    if lines(page) is None or blur is None or blur > _TOO_BLURRED_MM or sharpness(page).grid is not None:
        return None
    dark = _darkest(page)
    return None if dark is None else round(min(1.0, dark / _BLACK_INK), 3)


def _darkest(page: Page) -> float | None:
    """The share of the paper's light that the middle of the strokes takes, noise apart."""
    seen = survey(page)
    y, x = np.nonzero(seen.ink)
    if len(y) < 200:
        return None
    size = (seen.small.shape[1], seen.small.shape[0])
    paper = cv2.resize(seen.paper, size, interpolation=cv2.INTER_LINEAR)
    down, across = seen.grey.shape[0] / size[1], seen.grey.shape[1] / size[0]
    # The darkest of the pixels that a small one stands for, softened where noise would decide.
    grey = cv2.GaussianBlur(seen.grey, (3, 3), 0.6) if seen.noise > 2.5 else seen.grey
    top, left = (y * down).astype(int), (x * across).astype(int)
    darkest = np.full(len(y), 255, dtype=np.uint8)
    for row in range(max(1, int(down))):
        for column in range(max(1, int(across))):
            darkest = np.minimum(
                darkest,
                grey[np.minimum(top + row, grey.shape[0] - 1), np.minimum(left + column, grey.shape[1] - 1)],
            )
    taken = 1 - darkest / np.maximum(paper[y, x], 1)
    return float(np.quantile(taken, _SOLID))


@measure("scan.light_gradient", within=0.1, unit="share of light", stands_for=("scan.vignette",))
def light_gradient(page: Page) -> float | None:
    """The light on the darkest corner of the paper, as a share of that on the brightest. None without bare paper."""
    light = _light(page)
    if light is None:
        return None
    off = np.abs(np.log(np.maximum(survey(page).paper, 4) / light))
    # What is darker in steps is a box or a picture, or a shadow with an edge: no light that falls off.
    if (off < _LIKE_LIGHT).mean() < _NEARLY_ALL:
        return None
    return round(float(light.min() / light.max()), 3)


@once_a_page
def _light(page: Page) -> Field | None:
    """The light on the paper: a smooth surface through its shades, where boxes, pictures and lids are left out.

    None on very small pages, on pictures, and on pages with light print on dark.
    """
    seen = survey(page)
    paper = seen.paper
    lighter = cv2.resize(paper, (seen.small.shape[1], seen.small.shape[0])) + _LIGHT_PRINT < seen.small
    if min(paper.shape) < 6 or lighter.mean() > _MOST_LIGHT_PRINT:
        return None
    y, x = np.meshgrid(*(np.linspace(-1, 1, size) for size in paper.shape), indexing="ij")
    every = np.stack([x**i * y**j for i in range(4) for j in range(4 - i)], axis=-1).reshape(-1, 10)
    shades = np.log(np.maximum(paper, 4)).ravel()
    thin = max(1, shades.size // _MOST_CELLS)
    terms, shade = every[::thin], shades[::thin]
    weights = (shade > shade.max() - 2.1).astype(np.float64)
    found = np.zeros(10)
    for _ in range(_ROUNDS):
        weighted = terms * weights[:, None]
        found = np.linalg.solve(weighted.T @ terms + 1e-9 * np.eye(10), weighted.T @ shade)
        off = shade - terms @ found
        spread = max(0.01, 1.48 * float(np.median(np.abs(off))))
        weights = 1 / (1 + (off / (2 * spread)) ** 2) ** 2
    inside = np.clip(every @ found, shades.min(), shades.max())
    if (np.abs(shades - inside) < _LIKE_PAPER).mean() < _MOSTLY_PAPER:
        return None
    return np.asarray(np.exp(inside).reshape(paper.shape), dtype=np.float32)


@measure("scan.underexposed", within=0.25, unit="stops")
def underexposed(page: Page) -> float | None:
    """How many stops the brightest paper, in its brightest colour, is below white. None without bare paper."""
    if _light(page) is None:
        return None
    seen = survey(page)
    pixels = page.pixels
    white = float(np.quantile(seen.paper, _BRIGHT)) if pixels.ndim == 2 else max(_paper_shade(pixels, _BRIGHT))
    return round(max(0.0, -_GAMMA * math.log2(max(white, 2) / _WHITE)), 2)


@measure("scan.paper_tint", within=0.3, unit="share of the value", stands_for=("scan.colour_cast", "scan.yellowed"))
def paper_tint(page: Page) -> float | bool | None:
    """The share of light that the paper takes of one colour more than of another. None without colours or paper."""
    if page.grey or _light(page) is None:
        return None
    shades = _paper_shade(page.pixels, 0.5)
    return round(1.12 * (1 - min(shades) / max(1.0, *shades)), 3)


def _paper_shade(pixels: NDArray[np.uint8], above: float) -> tuple[float, ...]:
    """Red, green and blue of bare paper: the median of what is brighter than that share of the page."""
    sample = pixels[::13, ::13].reshape(-1, 3).astype(np.int32)
    light = sample.sum(axis=1)
    bright = sample[light >= np.quantile(light, above)]
    return tuple(float(each) for each in np.median(bright, axis=0))


_SAMPLE = 13
_PRINTED = 0.05


@measure("scan.black_border", within=1.5, unit="mm")
def black_border(page: Page) -> float | None:
    """How wide the black along an edge is, where it is widest; 0 where no edge has any along most of it."""
    seen = survey(page)
    dark = cv2.blur(seen.small, (3, 3)) < _DARK
    if float(dark.mean()) > 0.5:
        return None
    widest = 0.0
    for side in (dark, dark[:, ::-1], dark.T, dark.T[:, ::-1]):
        # How many pixels inwards from the edge are dark, for each along it.
        deep = np.where(side.all(axis=1), side.shape[1], (~side).argmax(axis=1))
        if (deep > 0).mean() < _LONG or np.median(deep) > _DEEPEST * side.shape[1]:
            continue
        usual = deep[deep <= _DEEPEST * side.shape[1]]
        if len(usual) and not _is_letterhead(side, deep, reach := float(np.quantile(usual, 0.95))):
            widest = max(widest, reach)
    return round(widest * _MM / DPI, 1)


def _is_letterhead(dark: NDArray[np.bool_], deep: NDArray[np.int64], reach: float) -> bool:
    """Whether a dark band has bright print in it: behind what is bright it is dark again."""
    band = dark[:, : max(1, int(reach))]
    behind = band & (np.arange(band.shape[1]) > deep[:, None])
    return int(behind.sum()) > _PRINTED * int(band.sum())
