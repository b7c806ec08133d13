"""How sharp a page is: what a lens blurred, and what a coarser grid of pixels lost."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from crumple import Page
from crumple.measuring import measure
from crumple_mutators.measures.pages.geometry import lines
from crumple_mutators.measures.pages.survey import Grey, survey

_MM = 25.4
_ROWS = 400
_BUSY_ROWS = 24
_LOWEST, _HIGHEST = 0.22, 4.0  # cycles a mm
_BINS = 26
_FEWEST_BINS = 7
_FLOOR = 0.12  # of power: what rounding to whole shades makes, and a little more
_SLOPE, _SLOPE_SPREAD, _BIN_SPREAD = 0.45, 0.3, 0.45
_UNSHARP_PX = 0.3  # of a page that is as sharp as its pixels allow
_ALONG_LINES_MM, _ACROSS_LINES_MM = 0.068, 0.03  # that lettering seems to have
_GRID_BLUR = _MM / 2  # of what was made larger, times its dpi
_FITS = 1.6
_CLEAR = 7.0
_LEAST_DPI = 34.0
_ENOUGH_DPI = 184.0  # half way to level 1, from where 200 dpi are

Signal = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sharpness:
    """How sharp a page is.

    Attributes:
        blur: its deviation in mm, as if it were a Gaussian, beyond what its pixels alone would have; None where that
            cannot be told.
        grid: dpi of the coarser grid that the page comes from, where it was made larger since; None where none shows.
    """

    blur: float | None
    grid: float | None


@lru_cache(maxsize=1)
def sharpness(page: Page) -> Sharpness:
    """The blur of a page and, apart from it, the coarser grid that it comes from."""
    seen, found = survey(page), lines(page)
    if seen.blank:
        return Sharpness(None, None)
    axes = [(seen.grey, seen.dpi[0]), (np.ascontiguousarray(seen.grey.T), seen.dpi[1])]
    if found is not None and found.down:
        axes.reverse()
    blurs = [
        _blur(grey, dpi, seen.noise, own)
        for (grey, dpi), own in zip(axes, (_ALONG_LINES_MM, _ACROSS_LINES_MM), strict=True)
    ]
    told = [each for each in blurs if each is not None]
    if not told:
        return Sharpness(None, None)
    blur = math.sqrt(sum(each**2 for each in told) / len(told))
    grids = [each for grey, dpi in axes for each in _grids(grey, dpi)]
    fits = [(clear, dpi) for dpi, clear in grids if 1 / _FITS < blur / (_GRID_BLUR / dpi) < _FITS]
    if not fits:
        return Sharpness(blur, None)
    grid = max(fits)[1]
    return Sharpness(math.sqrt(max(0.0, blur**2 - (1.3 * _GRID_BLUR / grid) ** 2)), grid)


@measure("scan.defocus", within=0.2, unit="share of the value", stands_for=("scan.motion",))
def defocus(page: Page) -> float | bool | None:
    """The deviation of the blur in mm, from how the spectrum of the page falls off. None without enough print."""
    found = sharpness(page)
    if found.blur is None:
        return None
    return round(found.blur, 3)


@measure("scan.resolution", within=0.15, unit="share of the value")
def resolution(page: Page) -> float | bool | None:
    """The dpi that the page really has: its own, or those of the coarser grid that it was made larger from.

    False where neither is below what the ladder begins with. None on a page without enough print to tell.
    """
    own = min(survey(page).dpi)
    grid = sharpness(page).grid
    if own < _ENOUGH_DPI or grid is not None:
        least = min(own, grid or own)
        return round(least, 1) if least < _ENOUGH_DPI else False
    return None if sharpness(page).blur is None else False


def _blur(grey: Grey, dpi: float, noise: float, own: float) -> float | None:
    """Deviation of the blur along the rows, in mm; `own` is what print that is sharp seems to have.

    Edges have a spectrum that falls as the square of the frequency; a Gaussian's falls off beside it as fast as its
    square in the exponent. A line through the logarithm has both, and a little freedom for how the print is laid out.
    """
    frequencies, power = _spectrum(grey, noise)
    if not len(power):
        return None
    frequencies = frequencies * dpi / _MM
    floor = _FLOOR + 1.1 * noise**2
    edges = np.geomspace(_LOWEST, min(_HIGHEST, 0.45 * dpi / _MM), _BINS + 1)
    places = np.searchsorted(frequencies, edges)
    middles, heights = [], []
    for first, last in zip(places[:-1], places[1:], strict=True):
        if last <= first:
            continue
        strength = float(np.median(power[first:last])) - floor
        if strength < 3 * floor:
            break
        middles.append(float(frequencies[first:last].mean()))
        heights.append(math.log(strength))
    if len(middles) < _FEWEST_BINS:
        return None
    f = np.array(middles)
    y = np.array(heights) + 2 * np.log(f)
    design = np.stack([np.ones_like(f), np.log(f), -4 * np.pi**2 * f**2], axis=1) / _BIN_SPREAD
    prior = np.array([[0, 1 / _SLOPE_SPREAD, 0]])
    fitted = np.linalg.lstsq(
        np.vstack([design, prior]), np.append(y / _BIN_SPREAD, _SLOPE / _SLOPE_SPREAD), rcond=None
    )[0]
    return math.sqrt(max(0.0, float(fitted[2]) - own**2 - (_UNSHARP_PX * _MM / dpi) ** 2))


def _spectrum(grey: Grey, noise: float) -> tuple[Signal, Signal]:
    """Power of the rows that are printed on, at frequencies in cycles a pixel; empty where there are too few."""
    step = max(1, grey.shape[0] // _ROWS)
    rows = grey[step // 2 :: step].astype(np.float32)
    rows -= rows.mean(axis=1, keepdims=True)
    busy = rows.std(axis=1) > 2 + 2 * noise
    if busy.sum() < _BUSY_ROWS:
        return np.zeros(0), np.zeros(0)
    window = np.hanning(rows.shape[1]).astype(np.float32)
    power = (np.abs(np.fft.rfft(rows[busy] * window, axis=1)) ** 2).mean(axis=0) / float((window**2).sum())
    return np.fft.rfftfreq(rows.shape[1]), np.asarray(power, dtype=np.float64)


def _grids(grey: Grey, dpi: float) -> list[tuple[float, float]]:
    """Dpi of coarser grids along the rows, and how clearly each shows, in deviations.

    Between the points of a coarser grid, what was drawn in has next to no curvature: it comes in periods (A. Gallagher,
    Detection of linear and cubic interpolation in JPEG compressed images, 2005). A grid of more than half the pixels
    shows as its mirror image; how blurred the page is tells the two apart.
    """
    if grey.shape[1] < 64:
        return []
    rows = grey[:: max(1, grey.shape[0] // (2 * _ROWS))].astype(np.int16)
    bend = np.abs(2 * rows[:, 1:-1] - rows[:, :-2] - rows[:, 2:]).astype(np.float32)
    curve = np.log(np.sqrt(np.minimum(bend, 200)).mean(axis=0) + 0.05)
    even = np.convolve(np.pad(curve, 8, mode="edge"), np.ones(17) / 17, mode="valid")
    waves = np.abs(np.fft.rfft((curve - even) * np.hanning(len(curve))))
    frequencies = np.fft.rfftfreq(len(curve))
    clear = waves / max(1e-9, float(np.median(waves[frequencies > 0.1])))
    found = []
    for at in np.argsort(clear)[::-1][:4].tolist():
        if clear[at] >= _CLEAR and frequencies[at] > 0.1:
            found += [(each * dpi, float(clear[at])) for each in (frequencies[at], 1 - frequencies[at])]
    return [(dots, clearly) for dots, clearly in found if _LEAST_DPI <= dots < 0.98 * dpi]
