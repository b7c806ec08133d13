"""A photograph where a page was expected."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crumple import Degraded, Document, NotApplicable, Page, Pages, Truth, Unreadable, mutator, read, write
from crumple_mutators.scope.strangers import PICTURES, instead

# Above the horizon and below it: a beach, a meadow, a street at dusk, a desk before a wall.
_SCENES: Final = (
    ((150, 190, 230), (200, 180, 140)),
    ((160, 200, 240), (90, 130, 60)),
    ((90, 80, 110), (50, 48, 52)),
    ((214, 205, 190), (120, 85, 60)),
)
_COARSE, _FINE, _THINGS = 0.22, 0.06, 7


@mutator("scope.photograph", truth="lost", refusable_from=1, only=PICTURES, level=3)
def photograph(document: Document, rng: Generator, truth: Truth = None) -> Degraded[Document]:
    """Put a photograph in place of the page, as phones send the last picture instead of the one of the receipt.

    A view without a written word, as large as the first page: all is lost, and right is a refusal, or an answer
    without values. It is drawn, and no picture of anything.
    """
    try:
        page = read(document, Pages)[0]
    except Unreadable as error:
        raise NotApplicable(str(error)) from error
    shown = _scene(page.width, page.height, rng)
    pixels = cv2.cvtColor(shown, cv2.COLOR_RGB2GRAY) if page.grey else shown
    new = write(Pages((Page(np.asarray(pixels, np.uint8), page.dpi),)), document)
    return instead(document, new, truth)


def _scene(width: int, height: int, rng: Generator) -> NDArray[np.uint8]:
    """A view with a horizon, soft light, some round things out of focus, and the grain of a sensor."""
    wide, high = 320, max(2, round(320 * height / width))
    above, below = (np.array(each, np.float32) for each in _SCENES[int(rng.integers(len(_SCENES)))])
    rows = np.linspace(0, 1, high, dtype=np.float32)[:, None]
    mixed = 1 / (1 + np.exp(-(rows - rng.uniform(0.35, 0.65)) * 40))
    light = np.ones((high, wide), np.float32)
    for cells, strength in ((5, _COARSE), (24, _FINE)):
        light += strength * cv2.resize(rng.normal(size=(cells, cells)).astype(np.float32), (wide, high))
    scene = (above * (1 - mixed[..., None]) + below * mixed[..., None]) * light[..., None]
    for _ in range(_THINGS):
        centre = rng.uniform(0, (wide, high))
        colour = rng.uniform(20, 235, 3)
        axes = rng.uniform(10, 60, 2)
        cv2.ellipse(scene, (*map(int, centre),), (*map(int, axes),), 0, 0, 360, (*map(float, colour),), -1)
    soft = cv2.GaussianBlur(scene, (0, 0), 2.5)
    large = cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR)
    grain = rng.normal(0, 5, (min(height, 256), min(width, 256), 1)).astype(np.float32)
    tiles = -(-height // grain.shape[0]), -(-width // grain.shape[1]), 1
    large += np.tile(grain, tiles)[:height, :width]
    return np.asarray(np.clip(large, 0, 255), np.uint8)
