"""What a feeder does to a stack: two sheets drawn in together, and sheets scanned at another resolution."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crumple import Degraded, Ladder, NotApplicable, Page, Pages, Projection, Region, mutator
from crumple_mutators.scan.drawing.adhered import shadow
from crumple_mutators.scan.drawing.layout import printed
from crumple_mutators.scan.drawing.overlay import Mask, bilevel, lay_on, thresholded
from crumple_mutators.scan.sheets import SEVERAL

_LEFT_MM = 8.0  # of the lower sheet at least so much is seen
_BACKDROPS = (70, 232)  # of the scanner: black rubber, white plate
_BANDS = 48


@mutator(
    "scan.stuck_sheets",
    overlap=Ladder(10, 30, 80, 160, 280, unit="mm"),
    only=SEVERAL,
    truth=("same", "lost"),
    refusable_from=1,
)
def stuck_sheets(pages: Pages, overlap: float, rng: Generator) -> Degraded[Pages]:
    """Draw in two sheets together, one lying over the other; what is covered is lost, and there is a page less.

    `overlap` is how far the second sheet has slipped under or over the first, along the feed. The scan is as
    long as both, as with a feeder that follows the paper. Which pair, which of them is on top, and how
    crooked the second lies is drawn.

    Ladder: double feeds from what feeders still let pass to nearly a whole A4 sheet.
    """
    if len(pages) < 2:
        raise NotApplicable("the document has only one page")
    at, second_on_top = int(rng.integers(len(pages) - 1)), bool(rng.random() < 0.5)
    slant, aside = float(np.clip(rng.normal(0, 0.5), -1.2, 1.2)), float(rng.normal(0, 2.5))
    backdrop = _BACKDROPS[int(rng.integers(len(_BACKDROPS)))]
    first, second = _alike(pages[at], pages[at + 1])
    covered = min(overlap, first.size_mm[1] - _LEFT_MM, second.size_mm[1] - _LEFT_MM)
    if covered <= 0:
        raise NotApplicable("the sheets are too small to lie over one another")
    (one, other), size = _places(first, second, covered, slant, aside)
    sheets = [(first, one, at), (second, other, at + 1)]
    (lower, under, below), (upper, over, _) = sheets if second_on_top else sheets[::-1]
    pixels = np.full((size[1], size[0], *first.pixels.shape[2:]), backdrop, np.uint8)
    _lay(pixels, lower, under, depth=0.25)
    _lay(pixels, upper, over, depth=0.4)
    if bilevel(first) and bilevel(second):
        thresholded(pixels)
    scan = Page(pixels, first.dpi, upper.source)
    scan.bend = upper.bend.then(Projection.of_pixels(over, (upper.width, upper.height), size))
    lost = tuple(_covered(lower, under, upper, over, below))
    return Degraded(
        Pages((*pages.pages[:at], scan, *pages.pages[at + 2 :])), lost=lost, touched=(Region(at), Region(at + 1))
    )


@mutator("scan.mixed_resolution", dpi=Ladder(150, 100, 75, 60, 45, unit="dpi"), only=SEVERAL, refusable_from=5)
def mixed_resolution(pages: Pages, dpi: float, rng: Generator) -> Pages:
    """Scan some of the pages, not all, at a lower resolution: those images have fewer pixels on the same sheet.

    As in files put together from several scanners, faxes and phone pictures. Which pages is drawn.

    Ladder: as of `scan.resolution`, measured with Tesseract 5.3 on a 10 pt page, which breaks at 41 dpi.
    """
    if dpi <= 0:
        raise ValueError(f"dpi must be above 0, got {dpi}")
    if len(pages) < 2:
        raise NotApplicable("the document has only one page")
    order = rng.permutation(len(pages))
    chosen = set(order[: int(rng.integers(1, len(pages)))].tolist())
    mixed = tuple(_coarser(page, dpi) if index in chosen else page for index, page in enumerate(pages))
    if all(one is other for one, other in zip(mixed, pages, strict=True)):
        raise NotApplicable(f"the pages have no more than {dpi:g} dpi as it is")
    return Pages(mixed)


def _coarser(page: Page, dpi: float) -> Page:
    """The page with fewer pixels; itself where it has no more than that."""
    across, down = (min(own, dpi) for own in page.dpi)
    size = max(1, round(page.width * across / page.dpi[0])), max(1, round(page.height * down / page.dpi[1]))
    if size == (page.width, page.height):
        return page
    pixels = np.asarray(cv2.resize(page.pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    if bilevel(page):
        thresholded(pixels)
    # The sheet's size is kept, so the rounding to whole pixels goes into the dpi.
    exact = page.dpi[0] * size[0] / page.width, page.dpi[1] * size[1] / page.height
    coarse = Page(pixels, exact, page.source)
    coarse.bend, coarse.text_layer = page.bend, page.text_layer
    return coarse


def _alike(first: Page, second: Page) -> tuple[Page, Page]:
    """Both grey or both in colour."""
    if first.grey == second.grey:
        return first, second
    one, other = (
        page.with_pixels(np.asarray(cv2.cvtColor(page.pixels, cv2.COLOR_GRAY2RGB), np.uint8)) if page.grey else page
        for page in (first, second)
    )
    return one, other


def _places(
    first: Page, second: Page, overlap: float, slant: float, aside: float
) -> tuple[tuple[NDArray[np.float64], NDArray[np.float64]], tuple[int, int]]:
    """Where both sheets lie on the scan, as 3 x 3 matrices from their pixels to its; and its width and height."""
    (across, down), turn = first.px(1), np.deg2rad(slant)
    to_mm = np.diag([1 / second.px(1)[0], 1 / second.px(1)[1], 1.0])
    wide, _ = second.size_mm
    middle = np.array([[1, 0, -wide / 2], [0, 1, 0], [0, 0, 1]])
    rotate = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
    moved = np.array([[1, 0, wide / 2 + aside], [0, 1, first.size_mm[1] - overlap], [0, 0, 1]])
    other = np.diag([across, down, 1.0]) @ moved @ rotate @ middle @ to_mm
    edges = np.array([(0, 0), (second.width, 0), (second.width, second.height), (0, second.height)], dtype=float)
    corners = cv2.perspectiveTransform(edges[None], other)[0]
    left = min(0.0, float(corners[:, 0].min()))
    right = max(float(first.width), float(corners[:, 0].max()))
    shift = np.array([[1, 0, -left], [0, 1, 0], [0, 0, 1.0]])
    size = int(np.ceil(right - left)), int(np.ceil(max(float(first.height), float(corners[:, 1].max()))))
    return (shift, shift @ other), size


def _lay(pixels: NDArray[np.uint8], sheet: Page, place: NDArray[np.float64], *, depth: float) -> None:
    """Put a sheet on the scan in place, with the shadow of its edge."""
    size = pixels.shape[1], pixels.shape[0]
    cover = _warped(np.full(sheet.pixels.shape[:2], 255, np.uint8), place, size)
    light = shadow(cover, sheet, mm=1.6, depth=depth)
    cv2.multiply(pixels, light if sheet.grey else cv2.merge([light] * 3), pixels, scale=1 / 255)
    lay_on(pixels, _warped(sheet.pixels, place, size), cover)


def _warped(pixels: NDArray[np.uint8], place: NDArray[np.float64], size: tuple[int, int]) -> Mask:
    return np.asarray(cv2.warpAffine(pixels, place[:2], size, flags=cv2.INTER_LINEAR), dtype=np.uint8)


def _covered(
    lower: Page, under: NDArray[np.float64], upper: Page, over: NDArray[np.float64], page: int
) -> list[Region]:
    """What is printed on the lower sheet where the upper one lies on it, in bands from top to bottom."""
    inked = printed(lower)
    high, wide = inked.shape
    cells = np.diag([wide / lower.width, high / lower.height, 1.0]) @ np.linalg.inv(under) @ over
    outline = np.array([(0, 0), (upper.width, 0), (upper.width, upper.height), (0, upper.height)], dtype=float)
    corners = cv2.perspectiveTransform(outline[None], cells)
    hidden = np.zeros_like(inked)
    cv2.fillPoly(hidden, [np.rint(corners[0]).astype(np.int32)], 1)
    gone = hidden & inked
    edges = np.linspace(0, high, _BANDS + 1).astype(int).tolist()
    found = []
    for top, bottom in itertools.pairwise(edges):
        columns = np.flatnonzero(gone[top:bottom].any(axis=0))
        if len(columns):
            left, right = int(columns[0]) / wide, (int(columns[-1]) + 1) / wide
            rows = np.flatnonzero(gone[top:bottom].any(axis=1)) + top
            found.append(Region(page, left, int(rows[0]) / high, right, (int(rows[-1]) + 1) / high))
    return found
