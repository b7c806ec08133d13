"""What a sensor adds: noise and dead or dusty pixels."""

from __future__ import annotations

from statistics import NormalDist

import cv2
import numpy as np
from numpy.random import SFC64, Generator
from numpy.typing import NDArray

from crumple import Ladder, NotApplicable, Page, mutator

_USUAL_DPI = 200.0
_STEPS = 256
_DEVIATES = np.array([NormalDist().inv_cdf((step + 0.5) / _STEPS) for step in range(_STEPS)])


@mutator("scan.sensor_noise", sigma=Ladder(10, 20, 40, 60, 90, unit="of 255", zero=0), refusable_from=4)
def sensor_noise(page: Page, sigma: float, rng: Generator) -> Page:
    """Add Gaussian noise to every pixel and channel, as an under-exposed sensor does.

    `sigma` is what a page of 200 dpi gets a pixel. A grain is as large on paper at any resolution: finer
    pixels share one, and in coarser ones several average out.

    Ladder: measured with Tesseract 5.3 on a 10 pt page, which breaks at 56.
    """
    if not sigma:
        return page
    deviation = sigma * float(np.sqrt(np.prod([min(1.0, dpi / _USUAL_DPI) for dpi in page.dpi])))
    table = np.rint(_DEVIATES / _DEVIATES.std() * deviation).astype(np.int16)
    if not table.any():
        raise NotApplicable(f"noise of {sigma:g} is less than a shade of grey on this page")
    # One random byte a value through the inverse distribution: several times faster than normal deviates.
    across, down = _grid(page)
    noise = cv2.LUT(_random_bytes(rng, (down, across, *page.pixels.shape[2:])), table)
    if (across, down) != (page.width, page.height):
        noise = cv2.resize(noise, (page.width, page.height), interpolation=cv2.INTER_NEAREST)
    return page.with_pixels(np.asarray(cv2.add(page.pixels, noise, dtype=cv2.CV_8U), dtype=np.uint8))


@mutator("scan.salt_and_pepper", share=Ladder(0.001, 0.005, 0.02, 0.05, 0.10, unit="share", zero=0), refusable_from=5)
def salt_and_pepper(page: Page, share: float, rng: Generator) -> Page:
    """Turn single specks black or white, as dust, dropouts and bad thresholds do.

    A speck is a pixel of a 200 dpi page (0.127 mm), on finer pages as many pixels as it takes. A higher
    share keeps the specks of a lower one.

    Ladder: measured with Tesseract 5.3 on a 10 pt page.
    """
    if not share:
        return page
    across, down = _grid(page)
    count = round(share * across * down)
    if not count:
        raise NotApplicable(f"{share:.2g} of this page's specks are none")
    drawn = Generator(SFC64(int(rng.integers(2**63)))).integers(0, 2 * across * down, count)
    specks = np.full(across * down, 128, dtype=np.uint8)
    specks[(drawn >> 1)[::-1]] = np.where(drawn & 1, 255, 0)[::-1].astype(np.uint8)  # the first drawn stays
    grid = specks.reshape(down, across)
    if grid.shape != (page.height, page.width):
        grid = np.asarray(cv2.resize(grid, (page.width, page.height), interpolation=cv2.INTER_NEAREST), dtype=np.uint8)
    pixels = page.pixels.copy()
    pixels[grid == 0] = 0
    pixels[grid == 255] = 255
    return page.with_pixels(pixels)


def _grid(page: Page) -> tuple[int, int]:
    """How many grains of 0.127 mm (a pixel at 200 dpi) a page has across and down, at most its pixels."""
    across, down = (
        # A hair more than 200 dpi is the rounding of the sheet to whole pixels.
        pixels if dpi < 1.02 * _USUAL_DPI else max(1, round(pixels * _USUAL_DPI / dpi))
        for pixels, dpi in zip((page.width, page.height), page.dpi, strict=True)
    )
    return across, down


def _random_bytes(rng: Generator, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    size = int(np.prod(shape))
    words = SFC64(int(rng.integers(2**63))).random_raw(-(-size // 8))
    # "<": the same bytes on machines of either order.
    return np.asarray(words.astype("<u8", copy=False).view(np.uint8)[:size].reshape(shape))
