"""Ink that fades, spreads, or does not reach the paper everywhere."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crumple import Degraded, Ladder, NotApplicable, Page, mutator
from crumple_mutators.scan.drawing.grain import at_size, mottle, noisy
from crumple_mutators.scan.drawing.strokes import below_paper, cell_means, gone, moved_edges, printed_paper
from crumple_mutators.scan.drawing.surface import same
from crumple_mutators.scan.drawing.texture import clouds

_NOISE = 5.0
_SAMPLE = 8
_BARE = 0.75 * 255


@mutator(
    "scan.ink_fade", contrast=Ladder(0.6, 0.35, 0.2, 0.14, 0.07, unit="share of contrast", zero=1), refusable_from=5
)
def ink_fade(page: Page, contrast: float, rng: Generator) -> Page:
    """Bring everything printed closer to the paper, as on an old thermal receipt or a sheet that lay in the sun.

    `contrast` is what is left of it on average; some parts of the sheet, a few centimetres wide, have faded
    more than others. The sensor's noise (5 of 255) is as deep as ever. Both are drawn.

    Ladder: set by measurement; Tesseract breaks at 0.15.
    """
    if contrast >= 1:
        return page
    paper = printed_paper(page)
    uneven = 1 + 0.25 * clouds(page, rng, 60, octaves=2)
    faded = np.rint(255 * (1 - contrast * np.clip(uneven, 0.5, min(1.5, 1 / max(contrast, 0.01))))).astype(np.uint8)
    return page.with_pixels(noisy(page, _bared(page, paper, at_size(page, faded, cv2.INTER_LINEAR)), _NOISE, rng))


@mutator("scan.ink_thinning", radius=Ladder(0.04, 0.08, 0.13, 0.18, 0.25, unit="mm", zero=0), refusable_from=4)
def ink_thinning(page: Page, radius: float, rng: Generator) -> Page:
    """Take away the edges of everything printed, as a cartridge that runs dry or a copier set too light does.

    `radius` is how far the edges move back on each side of a stroke; strokes of twice that are gone.

    Ladder: measured with Tesseract 5.3 on a 10 pt page, which breaks between .13 and .17 mm.
    """
    if not radius:
        return page
    printed_paper(page)  # on a dark page with light letters this would spread them
    return _moved(page, moved_edges(page, radius, cv2.dilate), f"edges that move by {radius:g} mm")


@mutator("scan.dot_gain", radius=Ladder(0.08, 0.17, 0.25, 0.34, 0.47, unit="mm", zero=0), refusable_from=5)
def dot_gain(page: Page, radius: float, rng: Generator) -> Page:
    """Let everything printed spread, as ink on absorbent paper and copies of copies that are set too dark do.

    `radius` is how far the edges move outwards; small counters and gaps close.

    Ladder: from the catalogue; Tesseract 5.3 reads a 10 pt page through all of it.
    """
    if not radius:
        return page
    printed_paper(page)  # on a dark page with light letters this would thin them
    return _moved(page, moved_edges(page, radius, cv2.erode), f"edges that move by {radius:g} mm")


@mutator("scan.uneven_ink", share=Ladder(0.02, 0.08, 0.2, 0.35, 0.55, unit="share", zero=0), refusable_from=5)
def uneven_ink(page: Page, share: float, rng: Generator) -> Page:
    """Leave spots smaller than a letter bare, as a dry typewriter ribbon, a stamp or rough paper does.

    `share` is how much of what is printed has no ink. Where is drawn; a higher share leaves what a lower
    one left bare.

    Ladder: set by eye.
    """
    if not share:
        return page
    paper = printed_paper(page)
    missing = _beyond(mottle(page, rng, (1.1, 0.45), (0.3, 0.55)), share, 45)
    return _moved(page, _bared(page, paper, missing), f"{share:.2g} of the ink")


@mutator(
    "scan.toner_patches",
    share=Ladder(0.01, 0.04, 0.1, 0.2, 0.4, unit="share", zero=0),
    truth=("same", "lost"),
    refusable_from=5,
)
def toner_patches(page: Page, share: float, rng: Generator) -> Degraded[Page]:
    """Leave patches of some centimetres without toner, as a worn drum, damp paper or an empty cartridge does.

    `share` is how much of the sheet is bare; what stood there is lost. The patches have grainy edges. Where
    they are is drawn; a higher share leaves what a lower one left bare.

    Ladder: set by eye.
    """
    if not share:
        return Degraded(page)
    paper = printed_paper(page)
    missing = _beyond(mottle(page, rng, (26.0, 0.62), (7.0, 0.2), (0.35, 0.18)), share, 22)
    worn = _moved(page, _bared(page, paper, missing), f"patches on {share:.2g} of the sheet")
    return Degraded(worn, lost=gone(page, cell_means(page, missing[::4, ::4]) >= _BARE))


def _beyond(field: NDArray[np.uint8], share: float, soft: float) -> NDArray[np.uint8]:
    """255 where a field is among its highest values, with an edge that is `soft` (of 255) wide."""
    counts = np.bincount(field[::_SAMPLE, ::_SAMPLE].ravel(), minlength=256)
    # Of all places for the edge the one that leaves this share, its softness included.
    limits = np.arange(-soft, 256 + soft, 0.5)
    shares = (np.arange(256) - limits[:, None]) / soft + 0.5
    np.clip(shares, 0, 1, shares)
    best = shares[np.argmin(np.abs(shares @ counts / counts.sum() - share))]
    return np.asarray(cv2.LUT(field, np.rint(255 * best).astype(np.uint8)), dtype=np.uint8)


def _bared(page: Page, paper: tuple[int, ...], missing: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The page with a share of its ink taken away; what is lighter than its paper stays."""
    if not page.grey:
        missing = np.asarray(cv2.cvtColor(missing, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
    lighter = below_paper(page, paper)
    cv2.multiply(lighter, missing, lighter, scale=1 / 255)
    return np.asarray(cv2.add(page.pixels, lighter, lighter), dtype=np.uint8)


def _moved(page: Page, pixels: NDArray[np.uint8], what: str) -> Page:
    if same(pixels, page.pixels):
        raise NotApplicable(f"{what} make no difference on this page")
    return page.with_pixels(pixels)
