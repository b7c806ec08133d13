"""How sharp a page is: what a lens blurred, and what a coarser grid of pixels lost."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crumple import Page
from crumple.measuring import measure
from crumple_mutators.measures.pages.compression import jpeg
from crumple_mutators.measures.pages.geometry import lines
from crumple_mutators.measures.pages.survey import Grey, once_a_page, survey

_MM = 25.4
_ROWS = 260
_EDGE = 0.05
_BUSY_ROWS = 40
_LOWEST, _HIGHEST = 0.22, 4.0  # cycles a mm
_BINS = 26
_FEWEST_BINS = 7
_FLOOR = 0.12  # of power: what rounding to whole shades makes, and a little more
_SLOPE, _SLOPE_SPREAD, _BIN_SPREAD = 0.45, 0.3, 0.45
_UNSHARP_PX = 0.46  # of a page that is as sharp as its pixels allow, or was turned once
_ALONG_LINES_MM, _ACROSS_LINES_MM = 0.068, 0.03  # that lettering seems to have
_GRID_BLUR = 0.75 * _MM / 2  # of what was made larger, times its dpi
_ITS_OWN = 1.45  # of that blur, what is surely the grid's and nobody's else
_FITS, _FITS_CLEAR = 1.7, 3.2
_SHORT = 0.13
_CLEAR = 7.0
_BESIDE, _ALONE = 0.06, 2.0
_DEEP, _MIRRORED_DEEP = 0.25, 0.08
_JPEG_DEEP = 0.35
_SURE = 0.45
_BLOCK = 8
_MIRRORED_FROM = 0.2  # cycles a pixel
_LEAST_FREQUENCY = 0.12
_LEAST_DPI = 34.0
_ENOUGH_DPI = 184.0  # half way to level 1, from where 200 dpi are

Signal = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Grid:
    """A grid of pixels that shows on a page: its dpi, and how deeply changes come and go with it."""

    dpi: float
    deep: float


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


@once_a_page
def sharpness(page: Page) -> Sharpness:
    """The blur of a page and, apart from it, the coarser grid that it comes from."""
    seen, found = survey(page), lines(page)
    if seen.blank:
        return Sharpness(None, None)
    # What is at the edges is rather the scanner's than the page's.
    top, left = (round(_EDGE * size) for size in seen.grey.shape)
    grey = seen.grey[top : seen.grey.shape[0] - top, left : seen.grey.shape[1] - left]
    axes = [(grey, seen.dpi[0]), (np.ascontiguousarray(grey.T), seen.dpi[1])]
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
    saved = jpeg(page) is not False
    grid = _nearest([_grid(grey, dpi, saved=saved) for grey, dpi in axes], blur)
    if grid is None:
        return Sharpness(blur, None)
    return Sharpness(math.sqrt(max(0.0, blur**2 - (_ITS_OWN * _GRID_BLUR / grid) ** 2)), grid)


def _nearest(grids: list[tuple[_Grid, ...]], blur: float) -> float | None:
    """Of the grids that were found the one that would blur a page as much as this one is.

    Lines at even distances may look like a grid, but leave the page sharp; of a clear grid less blur is asked for.
    """
    seen = [each for axis in grids for each in axis]
    off = {each: abs(math.log(max(blur, 1e-3) * each.dpi / _GRID_BLUR)) for each in seen}
    fitting = [each for each in seen if off[each] < math.log(_FITS if each.deep < _SURE else _FITS_CLEAR)]
    best = min(fitting, key=lambda each: (each.deep < _SURE, off[each]), default=None)
    return None if best is None else best.dpi


@measure("scan.defocus", within=0.35, unit="share of the value", stands_for=("scan.motion",))
def defocus(page: Page) -> float | bool | None:
    """The deviation of the blur in mm, from how the spectrum of the page falls off. None without enough print."""
    found = sharpness(page)
    if found.blur is None:
        return None
    # Strong blur leaves so few frequencies that the slope takes some of it.
    short = _SHORT * min(1.0, max(0.0, found.blur - 0.17) / 0.1)
    return round(found.blur * (1 + short), 3)


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
    for first, last in itertools.pairwise(places.tolist()):
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
    return np.asarray(np.fft.rfftfreq(rows.shape[1]), dtype=np.float64), np.asarray(power, dtype=np.float64)


def _grid(grey: Grey, dpi: float, *, saved: bool) -> tuple[_Grid, ...]:
    """The coarser grid that shows along the rows, if one does.

    Between the points of a coarser grid, what was drawn in has next to no curvature: it comes in periods (A. Gallagher,
    Detection of linear and cubic interpolation in JPEG compressed images, 2005). A grid of more than half the pixels
    shows as its mirror image; how blurred the page is tells the two apart.
    """
    if grey.shape[1] < 64:
        return ()
    rows = grey[:: max(1, grey.shape[0] // (2 * _ROWS))].astype(np.int16)
    slope = rows[:, 1:] - rows[:, :-1]
    # Made exactly twice as large, a page has the same curvature everywhere, but not the same slope.
    curvature = np.abs(slope[:, 1:] - slope[:, :-1]).astype(np.float32)
    steepness = np.square(slope, dtype=np.float32)
    deep, frequency = max(_peak(np.sqrt(curvature).mean(axis=0)), _peak(steepness.mean(axis=0)))
    if saved and deep < _JPEG_DEEP and abs(_BLOCK * frequency - round(_BLOCK * frequency)) < 0.02:
        return ()  # the blocks of a JPEG
    found = []
    if deep >= _DEEP and frequency * dpi >= _LEAST_DPI:
        found.append(_Grid(frequency * dpi, deep))
    if _MIRRORED_DEEP <= deep < _DEEP and frequency >= _MIRRORED_FROM:
        found.append(_Grid((1 - frequency) * dpi, deep))
    return tuple(found)


def _peak(change: NDArray[np.float32]) -> tuple[float, float]:
    """How deeply changes along a page come and go, and at which frequency; (0, 0) where that does not stand out."""
    curve = np.log(change + 0.02)
    even = np.convolve(np.pad(curve, 8, mode="edge"), np.ones(17) / 17, mode="valid")
    window = np.hanning(len(curve))
    waves = np.abs(np.fft.rfft((curve - even) * window)) / (0.5 * window.sum())
    frequencies = np.fft.rfftfreq(len(curve))
    waves[frequencies < _LEAST_FREQUENCY] = 0
    best = int(waves.argmax())
    usual = float(np.median(waves[waves > 0])) if waves[best] > 0 else 1.0
    # Lines set at even distances come and go at many frequencies side by side; a grid at one.
    beside = np.abs(frequencies - frequencies[best])
    rival = float(waves[(beside < _BESIDE) & (beside > 2.5 / len(curve))].max(initial=0.0))
    if waves[best] < _CLEAR * usual or waves[best] < _ALONE * rival:
        return 0.0, 0.0
    return float(waves[best]), float(frequencies[best])
