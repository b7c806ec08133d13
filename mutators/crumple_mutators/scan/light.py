"""Light that does not fall evenly on the page, or is too much, too little or of the wrong colour."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crumple import Degraded, Ladder, NotApplicable, Page, mutator
from crumple_mutators.scan.drawing.losses import altered, burnt_ink
from crumple_mutators.scan.drawing.texture import Field, at_shape, clouds, sheet_mm

_COARSE = 24  # a shadow is smooth: it is drawn this many times smaller
_COARSE_MM = 3.0
_SOFTNESS_MM = 9.0
_GAMMA = 2.2
_FLARE = 0.03  # of the light on white that lens and paper's gloss add to black
_RED, _BLUE = 0.0037, -0.0063  # logarithm of the gain over green, a mired: black-body light in linear sRGB


@mutator(
    "scan.cast_shadow",
    transmittance=Ladder(0.92, 0.84, 0.74, 0.5, 0.25, unit="share of light", zero=1),
    refusable_from=5,
)
def cast_shadow(page: Page, transmittance: float, rng: Generator) -> Page:
    """Darken about half the page with a soft edge, as the shadow of a hand or of the phone that takes the picture.

    `transmittance` is the share of light that is left in the shadow. Side, slant and the bends of its
    edge are drawn.

    Ladder: set by measurement. Tesseract loses the shaded half from 0.73 on (0.68 on a 10 pt page), as one
    threshold for the whole page does; an engine that adapts to the light loses little.
    """
    if transmittance >= 1:
        return page
    return page.with_pixels(_lit(page, 1 - (1 - transmittance) * _shade(page, rng)))


@mutator(
    "scan.light_gradient",
    transmittance=Ladder(0.9, 0.75, 0.65, 0.5, 0.3, unit="share of light", zero=1),
    refusable_from=5,
)
def light_gradient(page: Page, transmittance: float, rng: Generator) -> Page:
    """Let the light fall off across the page, as from a desk lamp or a window at one side of it.

    `transmittance` is the share of light that is left in the darkest corner; the brightest one keeps all.
    Where the lamp stands and how near are drawn.

    Ladder: set by measurement; Tesseract loses half at 0.58, with one threshold for the whole page.
    """
    if transmittance >= 1:
        return page
    x, y, reach = _positions(page)
    side, distance = rng.uniform(0, 2 * np.pi), rng.uniform(0.75, 1.4) * reach
    across, along = x - distance * np.cos(side), y - distance * np.sin(side)
    # The inverse square of the distance to a lamp that hangs above the table.
    light = 1 / (across**2 + along**2 + (rng.uniform(0.3, 0.7) * reach) ** 2)
    light = (light - light.min()) / max(1e-12, float(np.ptp(light)))
    return altered(page, _lit(page, transmittance + (1 - transmittance) * light))


@mutator(
    "scan.vignette", transmittance=Ladder(0.85, 0.7, 0.5, 0.35, 0.2, unit="share of light", zero=1), refusable_from=5
)
def vignette(page: Page, transmittance: float, rng: Generator) -> Page:
    """Darken the page towards its corners, as a wide or cheap lens does.

    `transmittance` is the share of light that is left in the darkest corner. How far off the middle the
    lens looked is drawn.

    Ladder: a lens wide open loses 0.5 to 2.5 stops in the corners.
    """
    if transmittance >= 1:
        return page
    x, y, reach = _positions(page)
    off_x, off_y = rng.uniform(-0.07, 0.07, 2) * reach
    radius = (x - off_x) ** 2 + (y - off_y) ** 2
    # The cosine to the fourth of the angle off the axis, for a lens as far away as the page is long.
    dark = 1 - 1 / (1 + radius / reach**2) ** 2
    return altered(page, _lit(page, 1 - (1 - transmittance) * dark / max(1e-12, float(dark.max()))))


@mutator(
    "scan.glare",
    share=Ladder(0.02, 0.05, 0.1, 0.2, 0.35, unit="share of the page", zero=0),
    truth=("same", "lost"),
    refusable_from=4,
)
def glare(page: Page, share: float, rng: Generator) -> Degraded[Page]:
    """Burn out part of the page, as a flash or a lamp that glossy paper reflects into the lens.

    `share` is the part of the page that is plain white; around it the light fades and takes contrast with
    it, and further off the picture is darker. Ink that no longer stands out is lost. Place, shape and slant are drawn.

    Ladder: set by measurement; half of what is left is lost at a sixth of the page.
    """
    distance = _spot(page, rng)
    falloff = rng.uniform(9, 15)
    if not share:
        return Degraded(page)
    rim = np.clip(distance - np.quantile(distance, min(1.0, share)), 0, None)
    # A bright middle, and the wide faint halo of light scattered in lens and paper.
    added = 210 * np.exp(-((rim / falloff) ** 2)) + 70 * np.exp(-rim / (4 * falloff))
    veil = _spread(page, np.minimum(255, added))
    # The camera exposes for the brightest part: the rest comes out grey.
    pixels = np.asarray(cv2.addWeighted(page.pixels, 0.95 - 0.9 * share, veil, 1, 0, veil), dtype=np.uint8)
    return Degraded(altered(page, pixels), lost=burnt_ink(page, pixels))


@mutator(
    "scan.overexposed",
    stops=Ladder(0.5, 1.0, 2.0, 3.0, 4.0, unit="stops", zero=0),
    truth=("same", "lost"),
    refusable_from=5,
)
def overexposed(page: Page, stops: float, rng: Generator) -> Degraded[Page]:
    """Give the picture too much light: paper burns out, and grey and coloured print goes with it.

    `stops` are doublings of the light. Black becomes grey, for lens and paper scatter 3 % of it; print that
    was pale is lost.

    Ladder: half to four stops, what a camera's exposure compensation spans.
    """
    if not stops:
        return Degraded(page)
    gain = 2.0**stops
    pixels = _curved(page, _linear() * gain + _FLARE * (gain - 1))
    return Degraded(altered(page, pixels), lost=burnt_ink(page, pixels))


@mutator("scan.underexposed", stops=Ladder(0.5, 1.0, 2.0, 3.0, 4.5, unit="stops", zero=0), refusable_from=5)
def underexposed(page: Page, stops: float, rng: Generator) -> Page:
    """Give the picture too little light, as a phone does in a dim room or against a window.

    `stops` are halvings of the light; white paper at 3 stops is a dark grey of 99.

    Ladder: half to four and a half stops.
    """
    if not stops:
        return page
    return altered(page, _curved(page, _linear() * 2.0**-stops))


@mutator("scan.colour_cast", shift=Ladder(10.0, 25.0, 50.0, 90.0, 150.0, unit="mired", zero=0))
def colour_cast(page: Page, shift: float, rng: Generator) -> Page:
    """Tint the whole picture, as a camera whose white balance does not suit the lamp.

    `shift` is how far the two are apart in mired (a million over the colour temperature in kelvin): 200 is
    daylight film under a light bulb of 2,800 K, 50 daylight against a white tube. Yellow by a lamp or, less
    often, blue by daylight is drawn, and how much of the green or magenta of fluorescent tubes comes with it.

    Ladder: from what is just seen side by side to a halogen lamp taken for daylight.
    """
    warm, green = rng.random() < 0.65, rng.uniform(-0.0012, 0.0016)
    if page.grey:
        raise NotApplicable("the page has no colours")
    if not shift:
        return page
    logarithms = np.array([_RED, green, _BLUE]) * shift * (1 if warm else -1)
    gains = np.exp(logarithms - logarithms.max())
    return altered(page, _curved(page, _linear()[:, None] * gains))


def _linear() -> NDArray[np.float64]:
    """The light that each of the 256 values stands for."""
    return np.asarray((np.arange(256) / 255) ** _GAMMA)


def _curved(page: Page, light: NDArray[np.float64]) -> NDArray[np.uint8]:
    """The page with its values replaced by the ones that stand for this light; a row a value."""
    table = np.rint(255 * np.minimum(1, light) ** (1 / _GAMMA)).astype(np.uint8)
    return np.asarray(cv2.LUT(page.pixels, table if light.ndim == 1 else table[None]), dtype=np.uint8)


def _lit(page: Page, light: NDArray[np.floating]) -> NDArray[np.uint8]:
    """The page under a coarse field of light, where 1 is all of it."""
    mask = _spread(page, 255 * light)
    return np.asarray(cv2.multiply(page.pixels, mask, mask, scale=1 / 255), dtype=np.uint8)


def _spread(page: Page, values: NDArray[np.floating]) -> NDArray[np.uint8]:
    """A coarse field of grey values at the page's pixels and in its channels."""
    mask = cv2.resize(np.rint(values).astype(np.uint8), (page.width, page.height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(mask if page.grey else cv2.cvtColor(mask, cv2.COLOR_GRAY2RGB), dtype=np.uint8)


def _positions(page: Page) -> tuple[Field, Field, float]:
    """Positions from the page's middle on a coarse grid, in mm, and how far its corners are apart."""
    wide, high = page.size_mm
    x, y = (
        np.linspace(-each / 2, each / 2, max(2, round(each / _COARSE_MM)), dtype=np.float32) for each in (wide, high)
    )
    return x[None, :], y[:, None], float(np.hypot(wide, high))


def _spot(page: Page, rng: Generator) -> Field:
    """How far each point of a coarse grid is from the middle of a reflection that is not quite round, in mm."""
    x, y, reach = _positions(page)
    wide, high = sheet_mm(page)
    off_x, off_y = rng.uniform(-0.36, 0.36, 2) * (wide, high)
    slant, aspect = rng.uniform(0, np.pi), rng.uniform(1.0, 1.9)
    along = (x - off_x) * np.cos(slant) + (y - off_y) * np.sin(slant)
    across = (y - off_y) * np.cos(slant) - (x - off_x) * np.sin(slant)
    distance = np.hypot(along / np.sqrt(aspect), across * np.sqrt(aspect))
    # Paper is never flat: the reflection bends.
    bends = at_shape(clouds(page, rng, 70, octaves=2), distance.shape)
    return np.asarray(distance + 0.04 * reach * bends, dtype=np.float32)


def _shade(page: Page, rng: Generator) -> NDArray[np.float64]:
    """How deep in the shadow each point is, from 0 to 1, on a coarse grid over the page."""
    wide, high = page.size_mm
    x = np.linspace(0, wide, max(2, page.width // _COARSE))[None, :]
    y = np.linspace(0, high, max(2, page.height // _COARSE))[:, None]
    slant = rng.uniform(0, 2 * np.pi)
    normal, along = (np.cos(slant), np.sin(slant)), (-np.sin(slant), np.cos(slant))
    offset_x, offset_y = rng.uniform(0.38, 0.62, 2) * (wide, high)
    distance = (x - offset_x) * normal[0] + (y - offset_y) * normal[1]
    position = (x - offset_x) * along[0] + (y - offset_y) * along[1]
    reach = float(np.hypot(wide, high))
    for waves in (1.3, 2.9):
        bend = rng.uniform(0.02, 0.06) * reach / waves
        distance = distance + bend * np.sin(2 * np.pi * waves * position / reach + rng.uniform(0, 2 * np.pi))
    softness = _SOFTNESS_MM * rng.uniform(0.5, 1.6) * min(1.0, reach / 364)  # of an A4 page's diagonal
    return np.asarray(1 / (1 + np.exp(-np.clip(distance / softness * 2, -30, 30))))
