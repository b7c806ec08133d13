"""Grain: random fields of a fixed size on paper, so that one seed gives a sheet one pattern at any resolution.

Full-size normal deviates cost more than everything else that a mutator does; here one random byte a grain
goes through a table instead.
"""

from __future__ import annotations

from statistics import NormalDist

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.random import SFC64, Generator
from numpy.typing import NDArray

from crumple import Page

USUAL_DPI = 200.0
GRAIN_MM = 25.4 / USUAL_DPI
_STEPS = 256
_DEVIATES = np.array([NormalDist().inv_cdf((step + 0.5) / _STEPS) for step in range(_STEPS)])


def cells(page: Page) -> tuple[int, int]:
    """How many grains of 0.127 mm (a pixel at 200 dpi) a page has across and down, at most its pixels."""
    across, down = (
        # A hair more than 200 dpi is the rounding of the sheet to whole pixels.
        pixels if dpi < 1.02 * USUAL_DPI else max(1, round(pixels * USUAL_DPI / dpi))
        for pixels, dpi in zip((page.width, page.height), page.dpi, strict=True)
    )
    return across, down


def random_bytes(rng: Generator, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Even bytes, as fast as memory takes them."""
    size = int(np.prod(shape))
    words = SFC64(int(rng.integers(2**63))).random_raw(-(-size // 8))
    # "<": the same bytes on machines of either order.
    return np.asarray(words.astype("<u8", copy=False).view(np.uint8)[:size].reshape(shape))


def deviates(page: Page, sigma: float) -> NDArray[np.float64]:
    """Normal deviates, one for each random byte, of noise that is `sigma` deep on a page of 200 dpi.

    Finer pixels share a grain, and in coarser ones several average out.
    """
    deviation = sigma * float(np.sqrt(np.prod([min(1.0, dpi / USUAL_DPI) for dpi in page.dpi])))
    return np.asarray(np.rint(_DEVIATES / _DEVIATES.std() * deviation))


def noisy(page: Page, pixels: NDArray[np.uint8], sigma: float, rng: Generator) -> NDArray[np.uint8]:
    """Pixels of this page with noise of its paper, which has no colour; `sigma` is below 40."""
    across, down = cells(page)
    table = (128 + deviates(page, sigma)).astype(np.uint8)
    noise = at_size(page, cv2.LUT(random_bytes(rng, (down, across)), table), cv2.INTER_NEAREST)
    if pixels.ndim == 3:
        noise = np.asarray(cv2.cvtColor(noise, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
    # Bytes about 128 and one saturating pass: twice as fast as adding 16-bit noise.
    return np.asarray(cv2.addWeighted(pixels, 1, noise, 1, -128), dtype=np.uint8)


def mottle(page: Page, rng: Generator, *blobs: tuple[float, float]) -> NDArray[np.uint8]:
    """An irregular field at the page's pixels, about 128.

    Args:
        page: for its size.
        rng: what is drawn from it depends on the sheet's size alone.
        blobs: the size of the blobs in mm and their share in the field; the shares sum to 1.
    """
    wide, high = page.size_mm
    finest = min(mm for mm, _ in blobs)
    down, across = max(2, round(high / finest)), max(2, round(wide / finest))
    field = np.zeros((down, across), np.float32)
    for mm, share in blobs:
        knots = random_bytes(rng, (max(2, round(high / mm)), max(2, round(wide / mm)))).astype(np.float32)
        # Cubic, so that the grid of the larger ones does not show.
        field += cv2.resize(knots, (across, down), interpolation=cv2.INTER_CUBIC) * np.float32(share)
    np.clip(np.rint(field, field), 0, 255, field)
    return at_size(page, field.astype(np.uint8), cv2.INTER_LINEAR)


def at_size(page: Page, field: MatLike, how: int) -> NDArray[np.uint8]:
    """A field brought to the page's pixels."""
    if field.shape[:2] == (page.height, page.width):
        return np.asarray(field, dtype=np.uint8)
    return np.asarray(cv2.resize(field, (page.width, page.height), interpolation=how), dtype=np.uint8)
