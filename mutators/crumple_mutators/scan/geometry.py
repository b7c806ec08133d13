"""Sheets that lie wrong or are not flat: crooked, seen from the side, curled, crumpled, folded, pulled unevenly.

Moves are handed to the page, which draws all that follow one another in one resampling.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crumple import Degraded, Ladder, NotApplicable, Page, Projection, Warp, mutator
from crumple_mutators.scan.drawing.surface import cut_off, paper

_SMOOTH_MM = 3.0  # between the nodes of bends that are longer than that
_CREASE_MM = 1.0
_NODES = 1200  # at most, across or down: a roll of paper is metres long
_SMALLEST = 4  # pixels
_KNOT_MM = 12.0
_STOPS = 3
_LENS_MM = 90.0  # how far off a lens is that sees a fold so strongly: a hand's breadth


@mutator(
    "scan.skew",
    angle=Ladder(0.5, 1, 2, 5, 10, unit="deg", zero=0),
    truth=("same", "lost"),
    refusable_from=5,
)
def skew(page: Page, angle: float, rng: Generator) -> Page | Degraded[Page]:
    """Rotate the page about its centre, as a sheet that was fed in crooked.

    Left or right is drawn. The frame keeps its size, as a feeder's does: corners that leave it are cut off,
    and what stood there is lost. Paper shows where the sheet does not reach.

    Ladder: measured with Tesseract 5.3 on a 10 pt page, which breaks at 6.1 degrees, within 0.15 of a
    degree; RoDLA uses 5, 10 and 15.
    """
    if not angle:
        return page
    turn = np.deg2rad(angle) * (1 if rng.random() < 0.5 else -1)
    across, down = page.dpi
    # Rotated on the sheet, not in the grid of pixels, which is not square on a fax.
    matrix = np.array(
        [
            [np.cos(turn), -np.sin(turn) * across / down, 0.0],
            [np.sin(turn) * down / across, np.cos(turn), 0.0],
            [0.0, 0.0, 1.0],
        ]
    )
    centre = np.array([(page.width - 1) / 2, (page.height - 1) / 2])
    matrix[:2, 2] = centre - matrix[:2, :2] @ centre
    frame = page.width, page.height
    return _framed(page, Projection.of_pixels(matrix, frame, frame))


@mutator("scan.perspective", shift=Ladder(0.01, 0.02, 0.05, 0.1, 0.18, unit="share", zero=0), refusable_from=5)
def perspective(page: Page, shift: float, rng: Generator) -> Page:
    """Move the corners inwards, each its own way, as on a sheet that was photographed from the side.

    `shift` is how far the corner that moves most does, along each edge, as a share of the page's width.
    Nothing leaves the frame.

    Ladder: set by measurement: engines read on at 0.08. The catalogue breaks at 0.027, chained with another
    resampling.
    """
    if not shift:
        return page
    draw = rng.random((4, 2))
    draw = (draw - draw.min(axis=0)) / np.ptp(draw, axis=0)
    inwards = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])
    right, bottom = page.width - 1.0, page.height - 1.0
    corners = np.array([[0, 0], [right, 0], [right, bottom], [0, bottom]])
    mm = shift * page.size_mm[0]
    moved = corners + inwards * draw * np.array(page.px(mm))
    if min(page.width, page.height) < 2 or np.abs(moved - corners).max() < 0.25:
        raise NotApplicable(f"{mm:.2g} mm are less than a pixel of this page")
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), moved.astype(np.float32))
    frame = page.width, page.height
    return page.bent(Projection.of_pixels(np.asarray(matrix, dtype=np.float64), frame, frame), paper(page))


@mutator("scan.curl", height=Ladder(1, 2.5, 5, 10, 18, unit="mm", zero=0), truth=("same", "lost"), refusable_from=4)
def curl(page: Page, height: float, rng: Generator) -> Page | Degraded[Page]:
    """Let the page rise and fall in long waves, as a sheet that was rolled, or a book near its spine.

    Lines of text bend up and down by `height` at most, and are drawn together where the paper turns away
    and gets less light. Which way the waves run, how long they are and where they begin are drawn.

    Ladder: measured with Tesseract 5.3 on a 10 pt page, which breaks at 2.4 mm.
    """
    if not height:
        return page
    x, y = _sheet(page, _SMOOTH_MM)
    wide, high = page.size_mm
    waves, phase, lean = rng.uniform(0.5, 0.9), rng.uniform(0, 2 * np.pi), rng.uniform(-0.35, 0.35)
    overtone, shift = rng.uniform(0.1, 0.3), rng.uniform(0, 2 * np.pi)
    along = 2 * np.pi * waves * (x / wide + lean * y / high) + phase
    bow = (np.sin(along) + overtone * np.sin(2.3 * along + shift)) / (1 + overtone)
    slope = np.cos(along)
    # What is seen beside a point of a slope lies further away on the paper.
    bent = _bent(page, 0.25 * height * slope, height * bow)
    return _shaded(bent, slope * min(0.3, 0.03 * height))


@mutator("scan.crumple", sigma=Ladder(0.13, 0.25, 0.5, 0.9, 1.5, unit="mm", zero=0), truth=("same", "lost"))
def crumple(page: Page, sigma: float, rng: Generator) -> Page | Degraded[Page]:
    """Move the paper about at random, as a sheet that was crumpled and smoothed out again.

    `sigma` is the deviation of the shifts at knots 12 mm apart; between them paper follows smoothly. Small
    facets catch the light or lose it, with sharp creases between them.

    Ladder: measured with Tesseract 5.3 on a 10 pt page, of which level 5 leaves half unread.
    """
    if not sigma:
        return page
    wide, high = page.size_mm
    x, y = _sheet(page, _SMOOTH_MM)
    knots = rng.normal(size=(max(2, round(high / _KNOT_MM) + 1), max(2, round(wide / _KNOT_MM) + 1), 2))
    shift = sigma * np.asarray(cv2.resize(knots, x.shape[::-1], interpolation=cv2.INTER_CUBIC), dtype=np.float64)
    x, y = _sheet(page, _CREASE_MM)
    relief = np.zeros_like(x)
    for _ in range(max(6, min(60, round(wide * high / 1500)))):
        at = rng.uniform(0, 1, 2) * (wide, high)
        slant, reach, deep = rng.uniform(0, 2 * np.pi), rng.uniform(12, 60), rng.uniform(0.2, 1)
        near = np.s_[
            np.searchsorted(y[:, 0], at[1] - reach) : np.searchsorted(y[:, 0], at[1] + reach),
            np.searchsorted(x[0], at[0] - reach) : np.searchsorted(x[0], at[0] + reach),
        ]
        across = (x[near] - at[0]) * np.cos(slant) + (y[near] - at[1]) * np.sin(slant)
        along = (y[near] - at[1]) * np.cos(slant) - (x[near] - at[0]) * np.sin(slant)
        # A crease ends somewhere, and so does the facet on either side of it.
        fades = np.clip(1 - (along / reach) ** 2, 0, 1) * np.clip(1 - np.abs(across) / (0.8 * reach), 0, 1)
        relief[near] += deep * np.cos(slant - 0.6) * np.clip(across / _CREASE_MM, -1, 1) * fades
    return _shaded(_bent(page, shift[..., 0], shift[..., 1]), relief * 0.16 * min(1.0, sigma**0.5))


@mutator("scan.fold", depth=Ladder(0.5, 1.5, 4, 8, 14, unit="mm", zero=0), truth=("same", "lost"), refusable_from=5)
def fold(page: Page, depth: float, rng: Generator) -> Page | Degraded[Page]:
    """Fold the page in halves or thirds, as a letter in an envelope, and let it lie half open.

    At a crease the paper stands up by `depth`: it is nearer to the lens there, so lines have a kink; one
    side of it is in the light, the other in the shade. Where the creases are, and whether one runs along
    the page too, is drawn.

    Ladder: set by eye, from the catalogue's 0.5 to 8.
    """
    if not depth:
        return page
    x, y = _sheet(page, _CREASE_MM)
    wide, high = page.size_mm
    parts = 2 + int(rng.integers(2))
    creases = [(True, high * (part + rng.uniform(-0.03, 0.03)) / parts, high / parts) for part in range(1, parts)]
    lengthwise, at = rng.random() < 0.4, wide * (0.5 + rng.uniform(-0.03, 0.03))
    if lengthwise:
        creases.append((False, at, wide / 2))
    stands, relief = np.zeros_like(x), np.zeros_like(x)
    for across, place, reach in creases:
        slant, side = rng.uniform(-0.012, 0.012), 1 if rng.random() < 0.5 else -1
        distance = (y - place - slant * (x - wide / 2)) if across else (x - place - slant * (y - high / 2))
        slope = np.clip(1 - np.abs(distance) / reach, 0, 1)
        stands += slope
        relief += side * np.tanh(distance / _CREASE_MM) * np.sqrt(slope) - 0.5 * np.exp(-((distance / 0.8) ** 2))
    nearer = depth * stands / _LENS_MM
    bent = _bent(page, -(x - wide / 2) * nearer, -(y - high / 2) * nearer)
    return _shaded(bent, relief * min(0.17, 0.04 + 0.03 * depth))


@mutator("scan.uneven_feed", slip=Ladder(0.3, 0.8, 2, 4, 8, unit="mm", zero=0), truth=("same", "lost"))
def uneven_feed(page: Page, slip: float, rng: Generator) -> Page | Degraded[Page]:
    """Pull the sheet past the sensor unevenly, as worn rollers do: lines are stretched, squeezed and smeared.

    In three places the sheet stops for `slip` millimetres of scanning, and what the sensor sees there is
    repeated down the page; around it the paper moves too slowly, and catches up further down. What is pushed
    out of the frame is lost.

    Ladder: set by eye.
    """
    if not slip:
        return page
    wide, high = page.size_mm
    x, y = _sheet(page, _CREASE_MM)
    late = np.zeros_like(y)
    for part in range(_STOPS):
        at, slow, slant = high * (part + rng.uniform(0.1, 0.9)) / _STOPS, rng.uniform(1.5, 3), rng.uniform(-0.01, 0.01)
        down = y - at - slant * (x - wide / 2)
        # While it stands the map goes back a millimetre for each millimetre; after it, the page is late.
        late += np.clip(down, 0, slip) + 0.15 * slip * np.exp(-((down / (slow * slip + 8)) ** 2))
    return _bent(page, np.zeros_like(late), -late)


@mutator("scan.lens_distortion", bulge=Ladder(0.02, 0.05, 0.1, 0.18, 0.3, unit="share", zero=0), refusable_from=5)
def lens_distortion(page: Page, bulge: float, rng: Generator) -> Page:
    """Bend straight lines outwards, as the wide lens of a phone held close does; nothing leaves the frame.

    `bulge` is how far the corners are drawn in, as a share of half the diagonal.

    Ladder: set by eye.
    """
    if not bulge:
        return page
    x, y = _sheet(page, _SMOOTH_MM)
    wide, high = page.size_mm
    centre = rng.uniform(0.45, 0.55, 2) * (wide, high)
    across, down = x - centre[0], y - centre[1]
    reach = np.hypot(across, down)
    share = reach / reach.max()
    outwards = bulge * share**2 / (1 - bulge)
    moved = _warp(page, across * outwards, down * outwards)
    return page.bent(moved, paper(page))


def _sheet(page: Page, cell_mm: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Millimetres across and down at the nodes of a grid over the sheet, edge to edge."""
    wide, high = page.size_mm
    columns, rows = (min(_NODES, max(2, round(length / cell_mm) + 1)) for length in (wide, high))
    x, y = np.meshgrid(np.linspace(0, wide, columns), np.linspace(0, high, rows))
    return x, y


def _warp(page: Page, across: NDArray[np.float64], down: NDArray[np.float64]) -> Warp:
    """A bend by these millimetres at the nodes of a grid."""
    wide, high = page.size_mm
    furthest = max(float(np.abs(across).max()) * page.px(1)[0], float(np.abs(down).max()) * page.px(1)[1])
    if furthest < 0.25:
        raise NotApplicable(f"no point would move by a quarter of a pixel on this page of {wide:.3g} x {high:.3g} mm")
    return Warp(np.stack([across / wide, down / high], axis=-1))


def _bent(page: Page, across: NDArray[np.float64], down: NDArray[np.float64]) -> Degraded[Page]:
    return _framed(page, _warp(page, across, down))


def _framed(page: Page, move: Projection | Warp) -> Degraded[Page]:
    """The moved page, with what left the frame as lost."""
    if min(page.width, page.height) < _SMALLEST:
        raise NotApplicable(f"a page of {page.width} x {page.height} pixels is too small to be bent")
    return Degraded(page.bent(move, paper(page)), lost=cut_off(page, move))


def _shaded(bent: Degraded[Page], relief: NDArray[np.float64]) -> Degraded[Page]:
    """A bent page whose slopes catch the light (above 0) or lose it (below)."""
    # Paper that faces the light is hardly brighter than white; what faces away is clearly darker.
    light = 1 + np.where(relief > 0, 0.25 * relief, relief)
    return Degraded(bent.view.lit(np.clip(light, 0.2, 1.2).astype(np.float32)), lost=bent.lost)
