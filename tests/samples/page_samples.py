"""Pages for tests of page mutators, and how to apply one."""

import cv2
import numpy as np

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
    return float(np.abs(one.pixels.astype(int) - other.pixels).mean())
