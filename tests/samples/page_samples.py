"""Pages for tests of page mutators, and how to apply one."""

from functools import cache

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from crumple import Degraded, Page

PAPER = 235


def sheet(dpi=100, *, colour=False, size_mm=(148, 210), paper=PAPER, margin_mm=15) -> Page:
    """A page of text-like bars: the same sheet at any resolution."""
    mm = dpi / 25.4
    pixels = np.full((round(size_mm[1] * mm), round(size_mm[0] * mm)), paper, np.uint8)
    for row in np.arange(margin_mm, size_mm[1] - margin_mm, 6):
        for column in np.arange(margin_mm, size_mm[0] - margin_mm - 3, 5):
            cv2.rectangle(
                pixels,
                (round(column * mm), round(row * mm)),
                (round((column + 3) * mm) - 1, round((row + 2.4) * mm) - 1),
                25,
                thickness=-1,
            )
    return Page(np.repeat(pixels[..., None], 3, axis=2).copy() if colour else pixels, (float(dpi), float(dpi)))


def slope() -> Page:
    """A page that gets evenly darker to one corner: the further its points are moved, the more it differs."""
    across, down = np.linspace(0, 90, 500), np.linspace(0, 110, 700)
    return Page((240 - across[None, :] - down[:, None]).astype(np.uint8), (100.0, 100.0))


def applied(mutator, view, level=3.0, seed=0) -> Degraded:
    """What a mutator makes of a view at a level."""
    return mutator.apply(view, mutator.step(level, seed))


def damage(one: Page, other: Page) -> float:
    """How far two pages are apart, in shades of grey."""
    if one.pixels.shape == other.pixels.shape:
        return cv2.norm(one.pixels, other.pixels, cv2.NORM_L1) / one.pixels.size
    return float(np.abs(one.pixels.astype(np.int16) - other.pixels).mean())


@cache
def letter(dpi=100, *, kind="grey") -> Page:
    """A small sheet (A6) of real text: the same at any resolution.

    Args:
        dpi: of the page.
        kind: "grey", "RGB", "bilevel", "tinted" (RGB, on yellowish paper) or "dim" (RGB, on grey paper).
    """
    wide, high = (round(mm * dpi / 25.4) for mm in (105, 148))
    image = Image.new("L", (wide, high), 250)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(11 * dpi / 72)
    for row in range(17):
        line = _LINES[row % len(_LINES)]
        draw.text((10 * dpi / 25.4, (12 + 7.4 * row) * dpi / 25.4), line, fill=25, font=font)
    pixels = np.array(image)
    if kind == "bilevel":
        pixels = np.where(pixels > 140, 255, 0).astype(np.uint8)
    elif kind == "RGB":
        pixels = np.repeat(pixels[..., None], 3, axis=2)
    elif kind == "dim":
        pixels = np.repeat((25 + (pixels[..., None].astype(int) - 25) * 7 // 10).astype(np.uint8), 3, axis=2)
    elif kind == "tinted":
        pixels = (pixels[..., None] * np.array([0.97, 0.93, 0.78])).astype(np.uint8)
    return Page(np.ascontiguousarray(pixels), (float(dpi), float(dpi)))


_LINES = (
    "Invoice INV-20417 of 5 March 2024",
    "Northfield Supplies, 12 Mill Lane",
    "4 boxes of envelopes 26.72 106.88",
    "1 desk lamp, white 31.52 31.52",
    "Please pay 416.46 by 10 June 2025",
)
