"""Pages of black and white alone: thresholds, faxes, dithering."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crumple import Degraded, Ladder, NotApplicable, Page, mutator
from crumple_mutators.scan.drawing.grain import noisy
from crumple_mutators.scan.drawing.strokes import cell_means, gone, grey, tones
from crumple_mutators.scan.drawing.surface import paper, same

_PAPER_NOISE = 4.0
_DARKEST_EDGE = 0.06  # of the light, what is missing at the edge that is farthest from the lamp
_BLACK = 0.12


@mutator(
    "scan.binarise",
    threshold=Ladder(170, 200, 220, 235, 246, unit="of 255"),
    truth=("same", "lost"),
    refusable_from=4,
)
def binarise(page: Page, threshold: float, rng: Generator) -> Degraded[Page]:
    """Make every pixel black or white by one threshold, as a scanner does that is set to line art.

    What is darker than `threshold` becomes black. The sensor sees the paper's grain (4 of 255), and up to 6 %
    less light towards one side; both are drawn, and high thresholds turn them black. Where (nearly) all has
    become black, what stood there is lost; what is so light that it turns white is hardly ever text.

    Ladder: of the catalogue from its middle on, where specks begin; a low threshold, which thins letters,
    is another defect. Tesseract 5.3 reads a page without noise through all of it.
    """
    lit = _lit(page, grey(page), rng)
    black = cv2.threshold(noisy(page, lit, _PAPER_NOISE, rng), threshold - 1, 255, cv2.THRESH_BINARY)[1]
    bilevel = np.asarray(black, dtype=np.uint8)
    return Degraded(
        _as_page(page, bilevel, "the page is black and white already"),
        lost=gone(page, cell_means(page, bilevel[::4, ::4]) < _BLACK * 255),
    )


def _lit(page: Page, pixels: NDArray[np.uint8], rng: Generator) -> NDArray[np.uint8]:
    """The page with a little less light towards one side."""
    side = rng.uniform(0, 2 * np.pi)
    x, y = np.linspace(-0.5, 0.5, 24), np.linspace(-0.5, 0.5, 32)
    slope = x[None, :] * np.cos(side) + y[:, None] * np.sin(side)
    away = np.clip((slope - slope.min()) / float(np.ptp(slope)), 0, 1) ** 3
    light = np.rint(255 * (1 - _DARKEST_EDGE * away)).astype(np.uint8)
    mask = cv2.resize(light, (page.width, page.height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.multiply(pixels, mask, scale=1 / 255), dtype=np.uint8)


@mutator("scan.fax_resolution", dpi=Ladder("204x196", "204x98", "150x98", "100x98", "102x66"), refusable_from=5)
def fax_resolution(page: Page, dpi: str, rng: Generator) -> Page:
    """Keep only the detail of a fax, in black and white; the image has as many pixels as before.

    `dpi` is across and down, as fax servers' settings name it. Half way between ink and paper, a dot
    becomes black or white, and then as many pixels as it covers. A page that is coarser already keeps its own.

    Ladder: the first two are fine and standard resolution of ITU T.4; the rest what gateways and thumbnails
    make of them. Measured with Tesseract 5.3 on a 10 pt page, which misreads less than 3 % at the last.
    """
    asked = _resolution(dpi)
    middle = tones(page).middle
    width, height = (
        max(1, round(pixels * min(1.0, coarse / own)))
        for pixels, coarse, own in zip((page.width, page.height), asked, page.dpi, strict=True)
    )
    dots = cv2.resize(grey(page), (width, height), interpolation=cv2.INTER_AREA)
    black = cv2.threshold(dots, middle, 255, cv2.THRESH_BINARY)[1]
    sent = cv2.resize(black, (page.width, page.height), interpolation=cv2.INTER_NEAREST)
    return _as_page(page, np.asarray(sent, dtype=np.uint8), f"the page is a fax of {dpi} dpi already")


def _resolution(dpi: str) -> tuple[float, float]:
    across, x, down = dpi.partition("x")
    if not (x and across.isdecimal() and down.isdecimal() and int(across) and int(down)):
        raise ValueError(f'dpi is two whole numbers above 0, such as "204x98", got {dpi!r}')
    return float(across), float(down)


@mutator("scan.dither", dpi=Ladder(200, 130, 100, 80, 60, unit="dpi"), refusable_from=5)
def dither(page: Page, dpi: float, rng: Generator) -> Page:
    """Render every shade by black and white dots, as scanners set to "photo, black and white" do.

    `dpi` is the density of the dots. Their error is diffused (Floyd and Steinberg). A page that is coarser
    already keeps its own pixels.

    Ladder: set by measurement, from the usual scan down to a screen's resolution; half is lost at 94 dpi.
    """
    from PIL import Image  # heavy, only for dithering

    if dpi <= 0:
        raise ValueError(f"dpi must be above 0, got {dpi}")
    width, height = (
        max(1, round(pixels * min(1.0, dpi / own)))
        for pixels, own in zip((page.width, page.height), page.dpi, strict=True)
    )
    # As scanners do, shades are of the paper's: a sheet without ink stays white.
    white = max(1.0, float(np.dot(paper(page), (1,) if page.grey else (0.299, 0.587, 0.114))))
    table = np.minimum(np.rint(np.arange(256) * 255 / white), 255).astype(np.uint8)
    shades = cv2.resize(cv2.LUT(grey(page), table), (width, height), interpolation=cv2.INTER_AREA)
    dots = np.array(Image.fromarray(shades).convert("1").convert("L"))
    sent = cv2.resize(dots, (page.width, page.height), interpolation=cv2.INTER_NEAREST)
    return _as_page(page, np.asarray(sent, dtype=np.uint8), "the page is black and white already")


def _as_page(page: Page, bilevel: NDArray[np.uint8], otherwise: str) -> Page:
    """The page in black and white, in as many channels as it has."""
    pixels = bilevel if page.grey else np.asarray(cv2.cvtColor(bilevel, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
    if same(pixels, page.pixels):
        raise NotApplicable(otherwise)
    return page.with_pixels(pixels)
