"""Screens: pages printed in dots, and the patterns that appear where one grid of dots is seen through another."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crumple import Ladder, NotApplicable, Page, mutator
from crumple_mutators.scan.drawing.surface import paper, same
from crumple_mutators.scan.drawing.texture import clouds

# Degrees at which the inks of a four-colour press are screened: cyan, magenta, yellow; and black.
_COLOUR_ANGLES = (15.0, 75.0, 0.0)
_BLACK_ANGLE = 45.0
_TILE_SIZES = np.arange(96, 161)
_RANKS = 1024
_LEAST_RESOLVED = 0.02
_CELL_MM = 0.6  # of the grid that moire is drawn on
_FRINGE = 0.35  # how far, in turns, the fringes of the colours are apart


@mutator("scan.halftone", lpi=Ladder(150, 100, 85, 65, 45, unit="lines an inch"), refusable_from=5)
def halftone(page: Page, lpi: float, rng: Generator) -> Page:
    """Print every shade by dots of different sizes, as newspapers, copiers and laser printers do.

    `lpi` is how many lines of dots there are an inch. Black is screened at 45 degrees; on a page with colours
    the others at the angles of a four-colour press. The paper stays bare. A screen that is finer than the
    pixels is seen only as far as they resolve it. How the screens lie on the page is drawn.

    Ladder: from art paper down to coarse newsprint, of the catalogue.
    """
    if lpi <= 0:
        raise ValueError(f"lpi must be above 0, got {lpi}")
    phases = rng.uniform(0, 1, (4, 2))
    black_screen = _Screen(page, lpi, _BLACK_ANGLE, phases[3])
    if black_screen.resolved < _LEAST_RESOLVED:
        raise NotApplicable(f"a screen of {lpi:g} lines an inch is finer than this page's pixels")
    white = np.array(paper(page))
    # Shades are of the paper's: what is as light as it is has no dots.
    table = np.minimum(np.rint(np.arange(256)[:, None] * 255 / np.maximum(white, 1)), 255).astype(np.uint8)
    if page.grey:
        printed = black_screen.print(np.asarray(cv2.LUT(page.pixels, table[:, 0]), dtype=np.uint8))
        pixels = cv2.LUT(printed, _on_paper(white)[:, 0])
    else:
        planes = cv2.split(np.asarray(cv2.LUT(page.pixels, table[:, None, :]), dtype=np.uint8))
        lightest = np.asarray(cv2.max(cv2.max(planes[0], planes[1]), planes[2]), dtype=np.uint8)
        black = black_screen.print(lightest)
        # Black ink carries what the three have in common, as on any press; each colour only what is missing.
        inks = [np.asarray(cv2.divide(plane, lightest, scale=255), dtype=np.uint8) for plane in planes]
        covers = [
            _Screen(page, lpi, angle, phase).print(ink) if ink.min() < 255 else ink
            for angle, phase, ink in zip(_COLOUR_ANGLES, phases[:3], inks, strict=True)
        ]
        pixels = cv2.LUT(cv2.merge([cv2.min(black, each) for each in covers]), _on_paper(white)[:, None, :])
    if same(pixels, page.pixels):
        raise NotApplicable("the page has no shade that a screen would change")
    return page.with_pixels(np.asarray(pixels, dtype=np.uint8))


def _on_paper(white: NDArray[np.int64]) -> NDArray[np.uint8]:
    return np.asarray(np.rint(np.arange(256)[:, None] * white / 255), dtype=np.uint8)


class _Screen:
    """One ink's screen at a page's resolution: thresholds, and how much of their pattern the pixels resolve."""

    def __init__(self, page: Page, lpi: float, angle: float, phase: NDArray[np.float64]) -> None:
        turn = np.deg2rad(angle)
        across, down = (lpi / dpi for dpi in page.dpi)  # lines a pixel
        self.shape = (page.height, page.width)
        tile_x, x = _whole(across * np.cos(turn), across * np.sin(turn))
        tile_y, y = _whole(down * np.sin(turn), down * np.cos(turn))
        columns, rows = np.arange(tile_x)[None, :] / tile_x, np.arange(tile_y)[:, None] / tile_y
        one = np.cos(2 * np.pi * (columns * x[0] + rows * y[0] + phase[0]))
        other = np.cos(2 * np.pi * (-columns * x[1] + rows * y[1] + phase[1]))
        spot = one + other
        # By rank, so that a shade is printed by that share of ink.
        steps = ((spot + 2) * ((_RANKS - 1) / 4)).astype(np.intp)
        ranks = np.cumsum(np.bincount(steps.ravel(), minlength=_RANKS)) * (254.0 / spot.size)
        self.thresholds = ranks.astype(np.uint8)[steps]
        self.period = 1 / max(across, down)
        # An even pixel's response to the screen's frequency; what is finer than itself it does not see.
        turns_a_pixel = np.abs([across * np.cos(turn), down * np.sin(turn), across * np.sin(turn), down * np.cos(turn)])
        self.resolved = float(np.prod(np.sinc(turns_a_pixel)[:2])) if turns_a_pixel.max() < 1 else 0.0

    def print(self, shades: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Shades as dots whose edges are as soft as the pixels make them."""
        high, wide = self.shape
        repeats = -(-high // self.thresholds.shape[0]), -(-wide // self.thresholds.shape[1])
        thresholds = np.ascontiguousarray(np.tile(self.thresholds, repeats)[:high, :wide])
        steepness = max(1.0, self.period / 2)
        # By as much further apart as the edges are soft, so that black is all ink and white is none.
        scale = 0.5 + 0.5 / steepness
        levels = np.arange(256)
        reach = np.clip(levels[:, None] * scale - levels / 2 + 127.5 * (1.5 - scale), 0, 255)
        printed_as = (255 * np.clip((reach - 127.5) / 127.5 * steepness + 0.5, 0, 1)).mean(axis=1)
        asked = np.rint(np.interp(levels, printed_as, levels)).astype(np.uint8)
        distance = cv2.addWeighted(cv2.LUT(shades, asked), scale, thresholds, -0.5, 127.5 * (1.5 - scale))
        dots = np.rint(255 * np.clip((levels - 127.5) / 127.5 * steepness + 0.5, 0, 1)).astype(np.uint8)
        printed = cv2.LUT(distance, dots)
        return np.asarray(cv2.addWeighted(printed, self.resolved, shades, 1 - self.resolved, 0), dtype=np.uint8)


def _whole(*frequencies: float) -> tuple[int, list[int]]:
    """The size of a tile, in pixels, in which these have whole numbers of turns or nearly so, and the numbers."""
    turns = np.array(frequencies)[:, None] * _TILE_SIZES
    best = int(np.argmin(np.abs(turns - np.rint(turns)).max(axis=0) / _TILE_SIZES))
    return int(_TILE_SIZES[best]), np.rint(turns[:, best]).astype(int).tolist()


@mutator("scan.moire", amplitude=Ladder(0.05, 0.1, 0.2, 0.35, 0.5, unit="share of light", zero=0), refusable_from=5)
def moire(page: Page, amplitude: float, rng: Generator) -> Page:
    """Lay curved fringes over the page, as in a photograph of a screen or a scan of something screened.

    `amplitude` is the share of light that is missing in the darkest of them. Two sets of fringes, 2.5 to 9 mm
    apart, their bends and where they are strong are drawn; on a page with colours so are their rainbow edges.

    Ladder: of textures in the catalogue.
    """
    if not amplitude:
        return page
    wide, high = page.size_mm
    size = max(2, round(high / _CELL_MM)), max(2, round(wide / _CELL_MM))
    x, y = np.linspace(0, wide, size[1])[None, :], np.linspace(0, high, size[0])[:, None]
    strength = _at(size, clouds(page, rng, 120, octaves=2)) * 0.6 + 0.65
    waves = []
    for _ in range(2):
        angle, period, bend = rng.uniform(0, np.pi), rng.uniform(2.5, 9), rng.uniform(2, 5)
        turns = (x * np.cos(angle) + y * np.sin(angle)) / period + bend * _at(size, clouds(page, rng, 100, octaves=1))
        waves.append((turns, float(rng.uniform(0.3, 1))))
    fringe = rng.uniform(-_FRINGE, _FRINGE)
    total = sum(weight for _, weight in waves)
    # A wave that is ahead by part of a turn is made of its cosine and sine: no channel needs its own.
    cosine = sum(weight * np.cos(2 * np.pi * turns) for turns, weight in waves) / total
    sine = 0 if page.grey else sum(weight * np.sin(2 * np.pi * turns) for turns, weight in waves) / total
    shown = np.clip(strength, 0, 1)
    planes = []
    for channel in (0,) if page.grey else (-1, 0, 1):
        ahead = 2 * np.pi * channel * fringe
        wave = cosine * np.cos(ahead) - sine * np.sin(ahead) if channel else cosine
        planes.append(np.rint(255 * (1 - amplitude * (1 - shown * wave) / 2)).astype(np.uint8))
    light = planes[0] if page.grey else cv2.merge(planes)
    mask = cv2.resize(light, (page.width, page.height), interpolation=cv2.INTER_LINEAR)
    pixels = np.asarray(cv2.multiply(page.pixels, mask, mask, scale=1 / 255), dtype=np.uint8)
    if same(pixels, page.pixels):
        raise NotApplicable("there is no light on this page to take away")
    return page.with_pixels(pixels)


def _at(size: tuple[int, int], field: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(cv2.resize(field, size[::-1], interpolation=cv2.INTER_CUBIC), dtype=np.float32)
