"""What a lens or a coarse grid of pixels loses: sharpness and resolution."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator

from crumple import Ladder, NotApplicable, Page, mutator

_LEAST_SIGMA_PX = 0.3  # below it, the neighbours' weight is less than a shade of grey


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


@mutator("scan.resolution", dpi=Ladder(150, 100, 75, 60, 45, unit="dpi"), refusable_from=5)
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
