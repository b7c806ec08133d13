"""What handling does to a sheet's corners: torn off, folded over."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crumple import Degraded, Ladder, NotApplicable, Page, mutator
from crumple_mutators.scan.drawing.losses import altered, lost_ink
from crumple_mutators.scan.drawing.surface import paper
from crumple_mutators.scan.drawing.texture import (
    Box,
    Field,
    box,
    channels,
    empty,
    mixed,
    noise,
    part_of,
    positions,
    sheet_mm,
    smoothstep,
)
from crumple_mutators.scan.edges import SOFT_MM, lid

_SHADOW_MM = 4.0  # how far the shadow of a folded corner reaches


@mutator(
    "scan.torn_corner",
    mm=Ladder(8.0, 15.0, 28.0, 45.0, 70.0, unit="mm", zero=0),
    truth=("same", "lost"),
    refusable_from=5,
)
def torn_corner(page: Page, mm: float, rng: Generator) -> Degraded[Page]:
    """Tear a corner off: a ragged edge, white fibres along it, and beyond it the scanner's lid.

    `mm` is about how long the torn-off piece is along either edge. What was printed on it is lost. Corner, slope,
    the run of the tear and the lid's shade are drawn.

    Ladder: no measurement; office sheets have margins of 15 to 25 mm.
    """
    corner = _Corner(page, rng)
    slope, behind = float(rng.uniform(-0.3, 0.3)), lid(rng)
    fibres, lamp = float(rng.uniform(0.5, 1.6)), float(rng.uniform(-1, 1))
    coarse = noise(sheet_mm(page), rng, 28, octaves=2)
    fine = noise((2 * sum(sheet_mm(page)), 1), rng, 5, octaves=4)[0]
    if not mm:
        return Degraded(page)
    at = corner.box(page, (mm + 6) / (1 + slope), (mm + 6) / (1 - slope))
    if empty(at):
        raise NotApplicable(f"{mm:g} mm of the corner are less than a pixel of this page")
    x, y = corner.inwards(page, at)
    # Across the tear the fine ragging hardly varies: it is drawn along it alone.
    ragging = fine.take(
        ((x - y + np.float32(sum(page.size_mm))) * np.float32(len(fine) / 2.1 / sum(page.size_mm))).astype(np.intp)
    )
    length = x * np.float32(0.5 + slope / 2) + y * np.float32(0.5 - slope / 2)
    ragged = 3.2 * part_of(page, coarse, at) * np.clip(length / 20, 0.2, 1) + 0.9 * ragging
    kept = (length * 2 + ragged - mm).astype(np.float32) * np.float32(0.7)
    pixels = page.pixels.copy()
    part = pixels[at].astype(np.float32)
    # Where the sheet split, its upper layer with the print is gone and the white inside is seen.
    peeled = 1 - smoothstep(kept - np.float32(fibres) * (0.75 + 0.6 * ragging), -0.12, 0.12)
    shade = np.array(paper(page), dtype=np.float32)
    white = channels(1 - 0.07 * np.abs(ragging), page) * (shade + 0.45 * (255 - shade))
    part = mixed(part, white, peeled * 0.92)
    beyond = behind * (1 - (0.45 + 0.2 * lamp) * np.exp(np.minimum(kept, 0) / np.float32(0.9)))
    pixels[at] = np.rint(mixed(part, channels(beyond, page), 1 - smoothstep(kept, -SOFT_MM, SOFT_MM)))
    return Degraded(altered(page, pixels, at), lost=lost_ink(page, (at, kept < fibres / 2)))


@mutator(
    "scan.dog_ear",
    mm=Ladder(8.0, 15.0, 25.0, 40.0, 60.0, unit="mm", zero=0),
    truth=("same", "lost"),
    refusable_from=5,
)
def dog_ear(page: Page, mm: float, rng: Generator) -> Degraded[Page]:
    """Fold a corner over the page: its back covers what is under it, its own print faces down.

    `mm` is how far along the edges the fold starts, on average. Print on the corner and under it is lost. The
    corner's print shows through faintly, mirrored; beyond the fold there is the scanner's lid. Corner, slope and
    the lid's shade are drawn.

    Ladder: no measurement; office sheets have margins of 15 to 25 mm.
    """
    corner = _Corner(page, rng)
    ratio, glass = float(np.exp(rng.uniform(-0.18, 0.18))), lid(rng)
    dimmed, shadow = float(rng.uniform(0.02, 0.07)), float(rng.uniform(0.25, 0.5))
    if not mm:
        return Degraded(page)
    # The fold runs from (a, 0) to (0, b); the corner comes to lie on its mirror image.
    a, b = mm * ratio, mm / ratio
    tip = 2 * a * b / (a * a + b * b)
    at = corner.box(page, max(a, b * tip) + _SHADOW_MM, max(b, a * tip) + _SHADOW_MM)
    if empty(at):
        raise NotApplicable(f"{mm:g} mm of the corner are less than a pixel of this page")
    x, y = corner.inwards(page, at)
    normal = np.array([b, a]) / np.hypot(a, b)
    beyond = (x * np.float32(normal[0]) + y * np.float32(normal[1]) - np.float32(a * normal[0])).astype(np.float32)
    # A point of the flap, seen where it was before it was folded: inside the sheet it is part of the flap.
    back_x, back_y = x - 2 * beyond * np.float32(normal[0]), y - 2 * beyond * np.float32(normal[1])
    flap = np.minimum(np.minimum(back_x, back_y), beyond)
    pixels = page.pixels.copy()
    part = pixels[at].astype(np.float32)
    # The flap stands a little off the page: its shadow is wider at its tip than at the fold.
    lift = np.clip(beyond / np.float32(max(1.0, mm / 3)), 0.15, 1)
    dark = np.exp(np.minimum(0, flap) / (0.5 + 1.6 * lift)) * np.clip(1 + flap / _SHADOW_MM, 0, 1)
    shade = np.asarray(1 - shadow * dark * (beyond > 0), dtype=np.float32)
    part *= channels(shade, page)
    behind = _flap(page, corner, at, (back_x, back_y), dimmed, beyond)
    part = mixed(part, behind, smoothstep(flap, -SOFT_MM, SOFT_MM))
    seen = (glass * (1 - 0.4 * np.exp(np.minimum(beyond, 0) / 0.8))).astype(np.float32)
    pixels[at] = np.rint(mixed(part, channels(seen, page), 1 - smoothstep(beyond, -SOFT_MM, SOFT_MM)))
    hidden = (beyond < 0) | (flap > 0)
    return Degraded(altered(page, pixels, at), lost=lost_ink(page, (at, hidden)))


class _Corner:
    """One corner of the page, and the way inwards from it."""

    def __init__(self, page: Page, rng: Generator) -> None:
        self.right, self.bottom = (bool(each) for each in rng.integers(2, size=2))

    def box(self, page: Page, across: float, down: float) -> Box:
        """The pixels up to so many mm from it."""
        wide, high = page.size_mm
        left, top = wide - across if self.right else 0.0, high - down if self.bottom else 0.0
        return box(page, left, top, left + across, top + down)

    def inwards(self, page: Page, at: Box) -> tuple[Field, Field]:
        """How far the pixels of a box are from the corner's two edges, in mm: a row and a column."""
        (x, y), (wide, high) = positions(page, at), page.size_mm
        return np.float32(wide) - x if self.right else x, np.float32(high) - y if self.bottom else y


def _flap(
    page: Page, corner: _Corner, at: Box, back: tuple[Field, Field], dimmed: float, beyond: Field
) -> NDArray[np.float32]:
    """The back of a folded corner: paper, its own print faintly from behind, lighter along the fold."""
    across, down = page.px(1)
    x, y = (
        np.float32(wide) - each if far else each
        for each, wide, far in zip(back, page.size_mm, (corner.right, corner.bottom), strict=True)
    )
    columns, rows = (
        (x * np.float32(across) - np.float32(at[1].start + 0.5)),
        (y * np.float32(down) - np.float32(at[0].start + 0.5)),
    )
    shade = np.array(paper(page), dtype=np.float32)
    front = np.ascontiguousarray(page.pixels[at])
    seen = cv2.remap(front, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=shade.tolist())
    soft = cv2.blur(seen, tuple(max(1, round(each) | 1) for each in page.px(0.35)))
    light = 1 - np.float32(dimmed) + np.float32(0.05) * np.exp(-((beyond / np.float32(1.2)) ** 2))
    own = shade if not page.grey else shade[0]
    return np.asarray(
        np.minimum(255, (own - np.float32(0.09) * (own - soft)) * channels(light, page)), dtype=np.float32
    )
