"""What was spilled or stood on the sheet: stains, rings of cups, tide lines of water."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crumple import Ladder, Page, mutator
from crumple_mutators.scan.drawing.losses import altered
from crumple_mutators.scan.drawing.texture import Field, Patch, at_shape, light_left, noise, sheet_mm, smoothstep

_CELL_MM = 0.36
_ANGLES = 720  # of a full turn: an eighth of a millimetre at a cup's edge, more than a cell needs
# How much of each colour's light a liquid takes where it takes 1 of grey: red, green, blue.
_COFFEE = (0.72, 1.05, 1.42)
_TEA = (0.55, 1.08, 1.75)
_COLA = (0.8, 1.05, 1.25)
_WATER = (0.8, 1.02, 1.3)


@mutator("scan.stain", opacity=Ladder(0.1, 0.2, 0.35, 0.55, 0.8, unit="share of light", zero=0), refusable_from=5)
def stain(page: Page, opacity: float, rng: Generator) -> Page:
    """Spill coffee, tea or cola on the page: blotches with darker rims where they dried, and drops beside them.

    `opacity` is the share of light that the darkest part of the rim takes; the middle of a blotch takes about
    half of it. Place, size (30 to 60 mm across), outline and liquid are drawn.

    Ladder: set by measurement, from the catalogue's 0.1 to 0.6; engines read through most of it.
    """
    colour = (_COFFEE, _TEA, _COLA)[int(rng.integers(3))]
    wide, high = sheet_mm(page)
    radius = float(rng.uniform(16, 32))
    patch = Patch((float(rng.uniform(0.1, 0.9) * wide), float(rng.uniform(0.1, 0.9) * high)), 1.9 * radius, _CELL_MM)
    inside = _spill(patch, radius, rng)
    pools, mottle = patch.noise(rng, 2.2 * radius, octaves=2), patch.noise(rng, 5, octaves=3)
    deep = _dried(inside, pools, mottle, radius)
    if not opacity:
        return page
    return _tinted(page, patch, opacity * deep, colour)


@mutator("scan.cup_ring", opacity=Ladder(0.1, 0.2, 0.3, 0.4, 0.6, unit="share of light", zero=0))
def cup_ring(page: Page, opacity: float, rng: Generator) -> Page:
    """Set a wet cup down on the page, once to three times: broken rings, darker at their edges.

    `opacity` is the share of light that the darkest part of a ring takes. Places, width (64 to 84 mm across)
    and liquid are drawn.

    Ladder: as `scan.stain`.
    """
    colour = (_COFFEE, _TEA)[int(rng.integers(2))]
    wide, high = sheet_mm(page)
    radius = float(rng.uniform(32, 42))
    patch = Patch((float(rng.uniform(0.1, 0.9) * wide), float(rng.uniform(0.1, 0.9) * high)), radius + 13, _CELL_MM)
    deep = np.zeros((patch.side, patch.side), np.float32)
    wobble, mottle = patch.noise(rng, 9, octaves=3), patch.noise(rng, 4, octaves=3)
    for turn in range(int(rng.integers(1, 4))):
        at = tuple(rng.uniform(-7, 7, 2).tolist()) if turn else (0.0, 0.0)
        deep = np.maximum(deep, _ring(patch, at, radius, wobble, rng) * np.float32(0.65**turn))
    deep = deep * (1 + np.float32(0.35) * mottle)
    if not opacity:
        return page
    return _tinted(page, patch, opacity * deep / max(1e-6, float(deep.max())), colour)


@mutator("scan.water_stain", opacity=Ladder(0.08, 0.15, 0.25, 0.4, 0.6, unit="share of light", zero=0))
def water_stain(page: Page, opacity: float, rng: Generator) -> Page:
    """Let water soak in from one edge: brown tide lines where it stopped, and paper discoloured behind them.

    `opacity` is the share of light that the darkest tide line takes. The edge, how far the water came (15 to
    60 mm) and its outline are drawn.

    Ladder: as `scan.stain`.
    """
    wide, high = sheet_mm(page)
    side = int(rng.integers(4))
    length, depth = ((high, wide), (wide, high))[side // 2]
    reach = float(rng.uniform(0.1, 0.28)) * depth
    # The water came from one spot of the edge, and less far to either side of it.
    spot, width = float(rng.uniform(0.1, 0.9)) * length, float(rng.uniform(0.5, 1.1)) * length
    # Drawn as if the left edge were the wet one, as far as the water can have come.
    strip = min(depth, 2 * reach + 6)
    fringe = noise((strip, length), rng, 10, octaves=4)
    bays = at_shape(noise((strip, length), rng, 80, octaves=2), fringe.shape)
    off, along = (
        np.linspace(0, each, count, dtype=np.float32)
        for each, count in zip((strip, length), fringe.shape[::-1], strict=True)
    )
    front = reach * (1.25 - ((along - spot) / width) ** 2)
    inside = front[:, None] - off + 0.35 * reach * bays + 2 * fringe
    deep = smoothstep(inside, -0.3, 1.6) * (0.16 + 0.05 * bays)
    uneven = np.clip(0.6 + 0.5 * fringe, 0.1, 1)
    for behind, strength, thick in ((1.2, 0.85, 0.9), (0.24 * reach, 0.28, 1.5), (0.55 * reach, 0.14, 2.0)):
        deep += strength * uneven * np.exp(-(((inside - behind - 1.5 * bays) / thick) ** 2))
    if not opacity:
        return page
    dark = (opacity * np.clip(deep, 0, 1)).astype(np.float32)
    return _soaked(page, (dark, dark[:, ::-1], dark.T, dark[:, ::-1].T)[side], side, strip / depth)


def _spill(patch: Patch, radius: float, rng: Generator) -> Field:
    """How far inside the outline each cell is, in mm; below 0 it stayed dry."""
    x, y = patch.axes()
    distance, angle = _polar(patch, 0, 0)
    reach = np.ones(_ANGLES, np.float32)
    for waves in range(1, 6):
        bulge = np.cos(waves * np.linspace(0, 2 * np.pi, _ANGLES) + rng.uniform(0, 2 * np.pi))
        reach += (rng.uniform(0.06, 0.24) / np.sqrt(waves) * bulge).astype(np.float32)
    inside = 0.8 * radius * reach[angle] - distance
    for _ in range(int(rng.integers(1, 4))):
        turn, far, size = rng.uniform(0, 2 * np.pi), rng.uniform(0.6, 1.0) * radius, rng.uniform(0.25, 0.5) * radius
        lobe = size - cv2.magnitude(*_from(patch, far * np.cos(turn), far * np.sin(turn)))
        # Where two blotches meet, liquid fills the corner between them.
        near = np.clip(0.5 + (lobe - inside) / (0.5 * radius), 0, 1)
        inside += near * (lobe - inside + 0.25 * radius * (1 - near))
    rough = patch.noise(rng, 7, octaves=4)
    inside += 0.12 * radius * patch.noise(rng, 0.9 * radius, octaves=2) + 0.9 * rough
    direction = rng.uniform(0, 2 * np.pi)
    for _ in range(int(rng.integers(4, 12))):
        # Drops fly one way, the smaller ones further.
        turn, size = direction + rng.normal(0, 0.7), min(4.5, 0.5 + rng.exponential(1.1))
        far = radius * (rng.uniform(1.1, 1.7) - 0.06 * size)
        at_x, at_y = far * np.cos(turn), far * np.sin(turn)
        near_x, near_y = (np.flatnonzero(abs(each.ravel() - at) < 1.5 * size) for each, at in ((x, at_x), (y, at_y)))
        if len(near_x) and len(near_y):
            part = np.s_[near_y[0] : near_y[-1] + 1, near_x[0] : near_x[-1] + 1]
            drop = size - np.hypot(x[:, part[1]] - np.float32(at_x), y[part[0]] - np.float32(at_y))
            inside[part] = np.maximum(inside[part], drop + 0.12 * size * rough[part])
    return np.asarray(inside, dtype=np.float32)


def _dried(inside: Field, pools: Field, mottle: Field, radius: float) -> Field:
    """How dark a blotch is, 1 at its darkest: a rim where it dried last, faint lines where it had stopped before."""
    rim = np.exp(-(((inside - np.float32(0.75)) / np.float32(0.55)) ** 2)) * np.clip(0.75 + 0.55 * pools, 0.2, 1)
    tide = np.exp(-(((inside - np.float32(0.2 * radius) - 3 * mottle) / np.float32(1.6)) ** 2))
    body = 0.42 + 0.13 * pools + 0.05 * mottle + 0.1 * np.exp(-np.maximum(inside, 0) / np.float32(4))
    deep = smoothstep(inside, -0.1, 0.7) * (body + 0.5 * rim + 0.08 * tide)
    return np.asarray(np.clip(deep / max(1e-6, float(deep.max())), 0, 1), dtype=np.float32)


def _ring(patch: Patch, at: tuple[float, float], radius: float, wobble: Field, rng: Generator) -> Field:
    """What a cup's foot leaves: the liquid creeps under its rim and stays at both edges of it."""
    distance, angle = _polar(patch, *at)
    wet = _around(rng)
    off = np.abs(distance - radius + 0.35 * wobble)
    band = (1.1 + 0.7 * np.clip(wet, -1, 1))[angle] - off
    edge = np.exp(-(((band - 0.25) / 0.35) ** 2))
    presence = smoothstep(wet[angle] + 0.25 * wobble, -0.75, 0.1)
    foot = 0.05 * smoothstep(radius - distance, 0, 1.5)
    return np.asarray((smoothstep(band, -0.2, 0.3) * (0.45 + 0.55 * edge) + foot) * presence, dtype=np.float32)


def _around(rng: Generator) -> Field:
    """Noise from -1 to 1 around a circle."""
    turns = np.linspace(0, 2 * np.pi, _ANGLES)
    total = np.zeros(_ANGLES)
    for waves in range(1, 8):
        total += rng.uniform(0.2, 0.75) / np.sqrt(waves) * np.cos(waves * turns + rng.uniform(0, 2 * np.pi))
    return total.astype(np.float32)


def _from(patch: Patch, x: float, y: float) -> tuple[Field, Field]:
    """How far each cell is from a point, across and down."""
    columns, rows = patch.axes()
    shape = patch.side, patch.side
    return (
        np.ascontiguousarray(np.broadcast_to(columns - np.float32(x), shape)),
        np.ascontiguousarray(np.broadcast_to(rows - np.float32(y), shape)),
    )


def _polar(patch: Patch, x: float, y: float) -> tuple[Field, NDArray[np.intp]]:
    """How far each cell is from a point, and in which of the angles of a table."""
    distance, angle = cv2.cartToPolar(*_from(patch, x, y))
    return np.asarray(distance), (np.asarray(angle) * ((_ANGLES - 1) / (2 * np.pi))).astype(np.intp)


def _tinted(page: Page, patch: Patch, dark: Field, colour: tuple[float, float, float]) -> Page:
    """The page with a piece of it seen through a liquid."""
    at = patch.box(page)
    mask = patch.laid(page, light_left(dark, colour, grey=page.grey), at)
    pixels = page.pixels.copy()
    pixels[at] = cv2.multiply(np.ascontiguousarray(pixels[at]), mask, scale=1 / 255)
    return altered(page, pixels, at)


def _soaked(page: Page, dark: Field, side: int, share: float) -> Page:
    """The page with a field laid on its strip at one side, which is this share of it: left, right, top, bottom."""
    across, down = (max(1, round(each * share)) for each in (page.width, page.height))
    rows, columns = slice(0, page.height), slice(0, page.width)
    at = (
        (rows, slice(0, across)),
        (rows, slice(page.width - across, page.width)),
        (slice(0, down), columns),
        (slice(page.height - down, page.height), columns),
    )[side]
    light = light_left(np.ascontiguousarray(dark), _WATER, grey=page.grey)
    size = at[1].stop - at[1].start, at[0].stop - at[0].start
    pixels = page.pixels.copy()
    mask = cv2.resize(light, size, interpolation=cv2.INTER_LINEAR)
    pixels[at] = cv2.multiply(np.ascontiguousarray(pixels[at]), mask, scale=1 / 255)
    return altered(page, pixels, at)
