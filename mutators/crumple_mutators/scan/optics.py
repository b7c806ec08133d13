"""What a lens, a moving hand or a coarse grid of pixels loses: sharpness and resolution."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crumple import Ladder, NotApplicable, Page, mutator
from crumple_mutators.scan.drawing.surface import same

_LEAST_SIGMA_PX = 0.3  # below it, the neighbours' weight is less than a shade of grey
_SHORT_PATH_PX = 4.0


@mutator("scan.defocus", sigma=Ladder(0.10, 0.19, 0.32, 0.44, 0.64, unit="mm", zero=0), refusable_from=5)
def defocus(page: Page, sigma: float, rng: Generator) -> Page:
    """Blur the page by a Gaussian, as a lens out of focus or a book that does not lie flat.

    Ladder: measured with Tesseract 5.3 on a 10 pt page, which breaks at 0.22 of the x-height.
    """
    if not sigma:
        return page
    across, down = page.px(sigma)
    if max(across, down) < _LEAST_SIGMA_PX:
        raise NotApplicable(f"a blur of {sigma:g} mm is finer than this page's pixels")
    return page.with_pixels(
        np.asarray(cv2.GaussianBlur(page.pixels, _kernel(across, down), across, sigmaY=down), dtype=np.uint8)
    )


def _kernel(across: float, down: float) -> tuple[int, int]:
    """Three sigma to either side, and never only the pixel itself."""
    x, y = (2 * max(1, round(3 * sigma)) + 1 for sigma in (across, down))
    return x, y


@mutator("scan.resolution", dpi=Ladder(150, 100, 75, 55, 40, unit="dpi"), refusable_from=5)
def resolution(page: Page, dpi: float, rng: Generator) -> Page:
    """Keep only the detail of a coarser scan; the image has as many pixels as before.

    As software does that brings a fax, a thumbnail or a screen shot up to the usual size. A page that is
    coarser already is not made worse by it.

    Ladder: measured with Tesseract 5.3 on a 10 pt page, which breaks at 41 dpi; FADGI asks for 190 at least.
    """
    if dpi <= 0:
        raise ValueError(f"dpi must be above 0, got {dpi}")
    width, height = (
        max(1, round(pixels * min(1.0, dpi / own)))
        for pixels, own in zip((page.width, page.height), page.dpi, strict=True)
    )
    if (width, height) == (page.width, page.height):
        raise NotApplicable(f"the page has only {max(page.dpi):.0f} dpi")
    coarse = cv2.resize(page.pixels, (width, height), interpolation=cv2.INTER_AREA)
    fine = cv2.resize(coarse, (page.width, page.height), interpolation=cv2.INTER_LINEAR)
    return page.with_pixels(np.asarray(fine, dtype=np.uint8))


@mutator("scan.motion", length=Ladder(0.4, 0.6, 1.1, 1.7, 2.4, unit="mm", zero=0), refusable_from=4)
def motion(page: Page, length: float, rng: Generator) -> Page:
    """Smear the page along a slightly bent path, as a hand that shakes while it takes the picture does.

    `length` is the path's, on paper. Its direction, and at its middle a bend of up to 25 degrees, are drawn.

    Ladder: measured with Tesseract 5.3 on a 10 pt page, which breaks between 1.1 and 1.7 mm.
    """
    if not length:
        return page
    direction, bend = rng.uniform(0, 2 * np.pi), rng.uniform(-1, 1) * np.deg2rad(25)
    halves = []
    for angle, way in ((direction + bend / 2, 1), (direction - bend / 2, -1)):
        across, down = page.px(length / 2)
        halves.append(_smeared(page.pixels, way * across * np.cos(angle), way * down * np.sin(angle)))
    pixels = np.asarray(cv2.addWeighted(halves[0], 0.5, halves[1], 0.5, 0, halves[0]), dtype=np.uint8)
    if same(pixels, page.pixels):
        raise NotApplicable(f"a motion of {length:g} mm is finer than anything on this page")
    return page.with_pixels(pixels)


def _smeared(pixels: NDArray[np.uint8], x: float, y: float) -> NDArray[np.uint8]:
    """The mean of the page along a straight path from each pixel to (x, y).

    A long path is a short one, exact to fractions of a pixel, and copies of it that lie end to end: OpenCV's
    filter for a whole long path takes twenty times as long.
    """
    doublings = max(0, int(np.ceil(np.log2(max(abs(x), abs(y), 1e-9) / _SHORT_PATH_PX))))
    moves: list[tuple[int, int]] = []
    for _ in range(doublings):
        moves.append((round(x / 2), round(y / 2)))
        x, y = x - moves[-1][0], y - moves[-1][1]
    smeared = np.asarray(cv2.filter2D(pixels, -1, _path(x, y), borderType=cv2.BORDER_REPLICATE), dtype=np.uint8)
    for columns, rows in reversed(moves):
        smeared = _with_a_copy(smeared, columns, rows)
    return smeared


def _path(x: float, y: float) -> NDArray[np.float32]:
    """A kernel that averages along a path, drawn by many points that each share their weight among four pixels."""
    reach = int(np.ceil(max(abs(x), abs(y)))) + 1
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    shares = (np.arange(64)[:, None] + 0.5) / 64
    column, row = reach + x * shares, reach + y * shares
    left, top = column.astype(int), row.astype(int)
    down, right = np.array([(0, 0, 1, 1), (0, 1, 0, 1)])
    wide = np.hstack([1 - column + left, column - left])[:, right]
    high = np.hstack([1 - row + top, row - top])[:, down]
    np.add.at(kernel, (top + down, left + right), (high * wide).astype(np.float32) / 64)
    return kernel


def _with_a_copy(pixels: NDArray[np.uint8], columns: int, rows: int) -> NDArray[np.uint8]:
    """Make pixels, in place, the mean of them and themselves moved by whole pixels; their edge repeats."""
    high, wide = pixels.shape[:2]
    right, left, below, above = max(columns, 0), max(-columns, 0), max(rows, 0), max(-rows, 0)
    padded = cv2.copyMakeBorder(pixels, above, below, left, right, cv2.BORDER_REPLICATE)
    moved = padded[below : below + high, right : right + wide]
    return np.asarray(cv2.addWeighted(pixels, 0.5, moved, 0.5, 0, pixels), dtype=np.uint8)
