"""What lies around a sheet that was photographed: the table that it lies on."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crumple import Ladder, NotApplicable, Page, Projection, mutator
from crumple_mutators.scan.drawing.surface import paper
from crumple_mutators.scan.drawing.texture import LUMA, clouds, noise, sheet_mm

# Oak, walnut, a grey desk, a dark one, green cloth.
_TABLES = ((176, 138, 98), (92, 62, 44), (148, 150, 152), (58, 60, 66), (72, 96, 80))
_FRACTION_BITS = 4  # of a pixel, to which the sheet's outline is drawn


@mutator("scan.surroundings", margin=Ladder(0.03, 0.08, 0.15, 0.25, 0.4, unit="share", zero=0), refusable_from=5)
def surroundings(page: Page, margin: float, rng: Generator) -> Page:
    """Show the table around the page, as a photograph that nobody has cropped: the sheet itself gets smaller.

    `margin` is the share of the picture's width, and of its height, that the table takes. Table, light and
    where the sheet lies on it are drawn. Print keeps its place on the sheet and has fewer pixels.

    Ladder: set by eye.
    """
    if not margin:
        return page
    if min(page.width, page.height) * margin < 2:
        raise NotApplicable("the table would be less than two pixels wide")
    at = rng.uniform(0.3, 0.7, 2) * margin
    turn = np.deg2rad(rng.uniform(-2, 2)) * min(1.0, margin / 0.08)
    across, down = page.size_mm
    shrunk = np.array(
        [
            [np.cos(turn), -np.sin(turn) * down / across, 0.5 * (1 - np.cos(turn) + np.sin(turn) * down / across)],
            [np.sin(turn) * across / down, np.cos(turn), 0.5 * (1 - np.cos(turn) - np.sin(turn) * across / down)],
            [0, 0, 1],
        ]
    )
    smaller = np.array([[1 - margin, 0, at[0]], [0, 1 - margin, at[1]], [0, 0, 1]])
    moved = page.bent(Projection(smaller @ shrunk), paper(page))
    table = _table(page, rng)
    sheet = _outline(moved)
    covered = np.zeros((page.height, page.width), np.uint8)
    cv2.fillPoly(covered, [sheet], 255, lineType=cv2.LINE_AA, shift=_FRACTION_BITS)
    return moved.with_pixels(_laid(moved, table, covered))


def _outline(page: Page) -> NDArray[np.int32]:
    """Where the edge of the sheet is on a page that was bent, in fractions of a pixel."""
    steps = np.linspace(0, 1, 60)
    sides = [
        np.stack(side, axis=-1)
        for side in (
            (steps, np.zeros(60)),
            (np.ones(60), steps),
            (steps[::-1], np.ones(60)),
            (np.zeros(60), steps[::-1]),
        )
    ]
    points = page.bend.forth(np.concatenate(sides)) * (page.width, page.height) - 0.5
    return np.asarray(np.rint(points * 2**_FRACTION_BITS), dtype=np.int32)


def _table(page: Page, rng: Generator) -> NDArray[np.uint8]:
    """A table's surface: its colour, grain along one side, and light that does not fall evenly on it."""
    colour = np.array(_TABLES[int(rng.integers(len(_TABLES)))], dtype=np.float32)
    wide, high = sheet_mm(page)
    # Grain is noise on a strip that is stretched along the board.
    grain = cv2.resize(noise((wide / 14, high), rng, 5, octaves=4), (max(2, round(wide)), max(2, round(2 * high))))
    light = cv2.resize(clouds(page, rng, 120, octaves=1), grain.shape[::-1])
    strength = 1 + 0.10 * grain + 0.16 * light
    surface = strength[..., None] * (np.array([np.dot(colour, LUMA)], dtype=np.float32) if page.grey else colour)
    small = np.clip(surface, 0, 255).astype(np.uint8)
    return np.asarray(
        cv2.resize(small[..., 0] if page.grey else small, (page.width, page.height), interpolation=cv2.INTER_LINEAR),
        dtype=np.uint8,
    )


def _laid(page: Page, table: NDArray[np.uint8], covered: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The sheet on the table, with the shadow that its edge throws."""
    mm = max(page.px(1))
    shift = round(0.8 * mm), round(1.1 * mm)
    small = cv2.resize(covered, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), max(0.5, 0.25 * mm))
    moved = cv2.warpAffine(
        soft,
        np.array([[0.25, 0, -shift[0] / 4], [0, 0.25, -shift[1] / 4]]),
        (page.width, page.height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
    )
    masks = cv2.LUT(moved, np.rint(255 - 0.45 * np.arange(256)).astype(np.uint8)), covered
    shade, sheet = masks if page.grey else (cv2.cvtColor(each, cv2.COLOR_GRAY2RGB) for each in masks)
    darkened = cv2.multiply(table, shade, scale=1 / 255)
    on = cv2.multiply(page.pixels, sheet, scale=1 / 255)
    off = cv2.multiply(darkened, cv2.bitwise_not(sheet), scale=1 / 255)
    return np.asarray(cv2.add(on, off), dtype=np.uint8)
