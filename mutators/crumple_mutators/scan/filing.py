"""What filing does to a sheet: punch holes and staples."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crumple import Degraded, Ladder, NotApplicable, Page, mutator
from crumple_mutators.scan.drawing.losses import altered, lost_ink
from crumple_mutators.scan.drawing.texture import (
    Box,
    Field,
    box,
    channels,
    empty,
    mixed,
    positions,
    sheet_mm,
    smoothstep,
)
from crumple_mutators.scan.edges import SOFT_MM, lid

_HOLE_MM = 6.0  # ISO 838: 6 mm holes, 80 mm apart, 12 mm from the edge
_APART_MM = 80.0
_INSET_MM = 12.0
_WIRE_MM = 0.5
_STAPLE_MM = 12.0


@mutator("scan.punch_holes", holes=Ladder(2, 4, 6, 8, 12, unit="holes", zero=0), truth=("same", "lost"))
def punch_holes(page: Page, holes: int, rng: Generator) -> Degraded[Page]:
    """Punch the page for filing, a pair of holes at a time; each later pair because the one before did not fit.

    Holes are 6 mm wide and 80 mm apart; the first pair is 12 mm from the edge (ISO 838), later ones up to 35 mm,
    shifted, or at another edge. Through them the scanner's lid is seen, and the shadow of their rims on it. Print
    that is punched out is lost. Edges, places and the lid's shade are drawn.

    Ladder: from a page that was filed once to one that was filed six times.
    """
    behind, lamp = lid(rng), float(rng.uniform(0, 2 * np.pi))
    places = _punched(sheet_mm(page), rng)
    rims = [tuple(rng.uniform(0.004, 0.03, 4)) + tuple(rng.uniform(0, 2 * np.pi, 4)) for _ in places]
    if not holes:
        return Degraded(page)
    pixels, gone = page.pixels.copy(), list[tuple[Box, NDArray[np.bool_]]]()
    for (x, y), rim in zip(places[:holes], rims, strict=False):
        at = box(page, x - 4.5, y - 4.5, x + 4.5, y + 4.5)
        if not empty(at):
            outside = _from_hole(page, at, (x, y), rim)
            gone.append((at, _opened(page, pixels, at, outside, behind, lamp)))
    if not gone:
        raise NotApplicable("the sheet is too small for a punch")
    return Degraded(altered(page, pixels, *(at for at, _ in gone)), lost=lost_ink(page, *gone))


@mutator("scan.staple", staples=Ladder(1, 2, 3, 4, 6, unit="staples", zero=0), truth=("same", "lost"))
def staple(page: Page, staples: int, rng: Generator) -> Degraded[Page]:
    """Staple the page near a corner, again and again; every second staple was pulled out and left two holes.

    A staple is a bright wire, 12 mm long and half a millimetre thick, and its shadow. Print under it is lost.
    Corner, places and slants are drawn.

    Ladder: from a set that was stapled once to one that was taken apart five times.
    """
    wide, high = sheet_mm(page)
    corner = rng.integers(2, size=2) if rng.random() < 0.4 else np.array([0, 0])
    drawn = []
    for _ in range(6):
        off, slant = rng.uniform(8, 19, 2), float(rng.normal(45 if corner[0] != corner[1] else -45, 22))
        centre = np.where(corner, np.array([wide, high]) - off, off)
        drawn.append(
            _Wire(float(centre[0]), float(centre[1]), float(np.deg2rad(slant)), float(rng.uniform(0, 2 * np.pi)))
        )
    if not staples:
        return Degraded(page)
    pixels, gone = page.pixels.copy(), list[tuple[Box, NDArray[np.bool_]]]()
    for number, wire in enumerate(drawn[:staples]):
        at = box(page, wire.x - 8, wire.y - 8, wire.x + 8, wire.y + 8)
        if not empty(at):
            gone.append((at, (_pulled if number % 2 else _driven)(page, pixels, at, wire)))
    if not gone:
        raise NotApplicable("the sheet is too small for a staple")
    return Degraded(altered(page, pixels, *(at for at, _ in gone)), lost=lost_ink(page, *gone))


@dataclass(frozen=True, slots=True)
class _Wire:
    """A staple: its middle in mm, its slant, and where the light comes from."""

    x: float
    y: float
    slant: float
    lamp: float

    def off(self, page: Page, at: Box, *, moved: float = 0.0) -> Field:
        """How far each pixel is from the wire's middle line, in mm; negative on one side of it, and past its ends."""
        x, y = positions(page, at)
        x, y = x - np.float32(self.x + moved * np.cos(self.lamp)), y - np.float32(self.y + moved * np.sin(self.lamp))
        along = x * np.float32(np.cos(self.slant)) + y * np.float32(np.sin(self.slant))
        across = y * np.float32(np.cos(self.slant)) - x * np.float32(np.sin(self.slant))
        past = np.maximum(0, np.abs(along) - np.float32(_STAPLE_MM / 2))
        return np.asarray(np.hypot(past, across), dtype=np.float32)


def _punched(sheet: tuple[float, float], rng: Generator) -> list[tuple[float, float]]:
    """Where twelve holes go, in mm, in the order in which they are made."""
    wide, high = sheet
    places: list[tuple[float, float]] = []
    main = int(rng.choice(4, p=(0.7, 0.12, 0.12, 0.06)))
    for pair in range(6):
        side = main if rng.random() < 0.7 or not pair else int(rng.integers(4))
        length = high if side < 2 else wide
        inset = _INSET_MM + (float(rng.uniform(-4, 23)) if pair else float(rng.normal(0, 0.6)))
        shift = float(rng.uniform(-0.3, 0.3)) * length if pair else float(rng.normal(0, 1.5))
        slant = float(rng.normal(0, 0.01))
        apart = min(_APART_MM, length / 2)
        for end in (-0.5, 0.5):
            along, deep = length / 2 + shift + end * apart, inset + end * apart * slant
            places.append(((deep, along), (wide - deep, along), (along, deep), (along, high - deep))[side])
    return places


def _from_hole(page: Page, at: Box, centre: tuple[float, float], rim: tuple[float, ...]) -> Field:
    """How far outside a hole each pixel is, in mm; a worn punch does not cut quite round."""
    x, y = (each - np.float32(middle) for each, middle in zip(positions(page, at), centre, strict=True))
    turn = np.arctan2(y, x)
    radius = np.float32(_HOLE_MM / 2)
    for waves, (size, phase) in enumerate(zip(rim[:4], rim[4:], strict=True), start=2):
        radius = radius + np.float32(size * 1.5) / waves * np.cos(waves * turn + np.float32(phase))
    return np.asarray(np.hypot(x, y) - radius, dtype=np.float32)


def _opened(
    page: Page, pixels: NDArray[np.uint8], at: Box, outside: Field, behind: float, lamp: float
) -> NDArray[np.bool_]:
    """Show the lid through a hole, with the shadow of the rim on the lamp's side; says what is gone."""
    high, wide = outside.shape
    across, down = page.px(0.7)
    moved = np.array([[1, 0, across * np.cos(lamp)], [0, 1, down * np.sin(lamp)]])
    shaded = cv2.warpAffine(outside, moved, (wide, high), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    depth = smoothstep(np.asarray(shaded, dtype=np.float32), -1.0, 0.3)
    through = channels(np.float32(behind) * (1 - np.float32(0.55) * depth), page)
    part = pixels[at].astype(np.float32)
    # The punch presses the rim down: it catches a little less light.
    part *= channels(1 - np.float32(0.12) * np.exp(-np.abs(outside) / np.float32(0.3)), page)
    pixels[at] = np.rint(mixed(part, through, 1 - smoothstep(outside, -SOFT_MM, SOFT_MM)))
    return np.asarray(outside < 0)


def _driven(page: Page, pixels: NDArray[np.uint8], at: Box, wire: _Wire) -> NDArray[np.bool_]:
    """Put a staple into the sheet; says what is under it."""
    off, shadow = wire.off(page, at), wire.off(page, at, moved=0.55)
    part = pixels[at].astype(np.float32)
    part *= channels(1 - np.float32(0.5) * (1 - smoothstep(shadow, 0.1, 0.75)), page)
    # A round wire: bright where it faces the lamp, dark along its sides.
    gleam = wire.off(page, at, moved=-0.1)
    metal = np.float32(70) + np.float32(165) * np.exp(-((gleam / np.float32(0.13)) ** 2))
    pixels[at] = np.rint(
        mixed(part, channels(metal, page), 1 - smoothstep(off, _WIRE_MM / 2 - 0.06, _WIRE_MM / 2 + 0.08))
    )
    return np.asarray(off < _WIRE_MM / 2)


def _pulled(page: Page, pixels: NDArray[np.uint8], at: Box, wire: _Wire) -> NDArray[np.bool_]:
    """Leave the two holes and the dent of a staple that was pulled out; says what is gone."""
    x, y = positions(page, at)
    part = pixels[at].astype(np.float32)
    dent = wire.off(page, at, moved=0.25)
    part *= channels(1 - np.float32(0.13) * np.exp(-((dent / np.float32(0.3)) ** 2)), page)
    hidden = np.zeros(part.shape[:2], bool)
    for end in (-_STAPLE_MM / 2, _STAPLE_MM / 2):
        off_x, off_y = (
            x - np.float32(wire.x + end * np.cos(wire.slant)),
            y - np.float32(wire.y + end * np.sin(wire.slant)),
        )
        # The prong tore the paper a little the way it was pulled.
        along = off_x * np.float32(np.cos(wire.lamp)) + off_y * np.float32(np.sin(wire.lamp))
        hole = np.hypot(off_x, off_y) - np.float32(0.32) - np.float32(0.25) * np.clip(along, 0, 1)
        part *= channels(1 - np.float32(0.35) * np.exp(-np.maximum(0, hole) / np.float32(0.25)), page)
        part = mixed(part, np.float32(45), 1 - smoothstep(hole.astype(np.float32), -0.12, 0.12))
        hidden |= hole < 0
    pixels[at] = np.rint(part)
    return hidden
