"""What printers, copiers and print heads do to a page."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import SFC64, Generator
from numpy.typing import NDArray

from crumple import Ladder, NotApplicable, Page, mutator
from crumple_mutators.scan.drawing.grain import GRAIN_MM, at_size, cells, random_bytes
from crumple_mutators.scan.drawing.strokes import Tones, grey, printed_paper, tones
from crumple_mutators.scan.drawing.surface import ink

# Kanungo's alpha and the share of random flips that goes with it, as the catalogue pairs them.
_ALPHAS = (0.5, 0.7, 1.0, 1.5, 3.0)
_FLIPS = (0.06, 0.03, 0.01, 0.001, 0.0)
_DOT_REACH = 0.62  # of the pitch: the dots of neighbouring pins overlap a little
_ELEMENT_MM = 0.125  # of a thermal head: 203 dpi
_PAIRS = 0.15  # of the dead elements, those whose neighbour is dead as well
_CROSS = np.asarray(cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3)), dtype=np.uint8)
_BOX = np.ones((3, 3), np.uint8)


@mutator("scan.print_noise", alpha=Ladder(3.0, 1.5, 1.0, 0.7, 0.5, unit="a squared 0.127 mm"), refusable_from=4)
def print_noise(page: Page, alpha: float, rng: Generator) -> Page:
    """Flip specks between ink and paper, most of them along edges, as printing and copying again do.

    Kanungo's model: a speck of 0.127 mm at a distance d from an edge flips with the probability
    exp(-alpha d squared), ink and paper alike; the lower `alpha`, the rougher the edges. A share of all
    specks flips anywhere: none at 3, .1 % at 1.5, 1 % at 1, 3 % at .7, 6 % at .5.

    Ladder: measured with Tesseract 5.3 on a 10 pt page, which breaks between 1 and .7: the best-behaved of
    the catalogue's ladders. Model: Kanungo, Haralick and Phillips 1993.
    """
    if alpha <= 0:
        raise ValueError(f"alpha must be above 0, got {alpha}")
    shades = tones(page)
    across, down = cells(page)
    plain = grey(page)
    if (across, down) != (page.width, page.height):
        plain = np.asarray(cv2.resize(plain, (across, down), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    printed = np.asarray(cv2.threshold(plain, shades.middle, 1, cv2.THRESH_BINARY_INV)[1], dtype=np.uint8)
    flips = np.asarray(
        cv2.compare(random_bytes(rng, (down, across)), _near_edges(page, printed, alpha), cv2.CMP_LT), dtype=np.uint8
    )
    anywhere = Generator(SFC64(int(rng.integers(2**63))))
    count = round(float(np.interp(alpha, _ALPHAS, _FLIPS)) * across * down)
    flips.reshape(-1)[anywhere.integers(0, across * down, count)] = 255
    if not flips.any():
        raise NotApplicable("no edge on this page is near enough to any speck that could flip")
    return page.with_pixels(_flipped(page, shades, flips, printed))


def _near_edges(page: Page, printed: NDArray[np.uint8], alpha: float) -> NDArray[np.uint8]:
    """The probability of each speck to flip for its distance from the nearest edge, 255 for certain."""
    edge = cv2.morphologyEx(printed, cv2.MORPH_GRADIENT, _CROSS)  # both sides of an edge, at a distance of 1
    wider = cv2.dilate(edge, _CROSS)
    rings = [edge, wider, cv2.dilate(edge, _BOX), cv2.dilate(wider, _CROSS)]
    pixel = max(1.0, *(25.4 / dpi / GRAIN_MM for dpi in page.dpi))
    distances = np.array([0.0, 3.0, 1 + np.sqrt(2), 2.0, 1.0]) * pixel
    chances = np.rint(255 * np.exp(-alpha * distances**2))
    chances[0] = 0
    near = cv2.add(cv2.add(rings[0], rings[1]), cv2.add(rings[2], rings[3]))
    table = np.zeros(256, np.uint8)
    table[: len(chances)] = chances.astype(np.uint8)
    return np.asarray(cv2.LUT(near, table), dtype=np.uint8)


def _flipped(page: Page, shades: Tones, flips: NDArray[np.uint8], printed: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The page with ink where paper flipped, and paper where ink did."""
    turned = cv2.bitwise_and(flips, printed + np.uint8(1))  # 1 where it was paper, 2 where it was ink
    turned = at_size(page, np.asarray(turned, dtype=np.uint8), cv2.INTER_NEAREST)
    pixels = page.pixels.copy()
    flat = pixels.reshape(-1) if page.grey else pixels.reshape(-1, 3)
    for value, colour in ((1, shades.ink_colour), (2, shades.paper_colour)):
        flat[np.flatnonzero(turned == value)] = colour[0] if page.grey else colour
    return pixels


@mutator("scan.dropout_lines", lines=Ladder(1, 4, 12, 30, 60, unit="a 10 cm", zero=0), refusable_from=5)
def dropout_lines(page: Page, lines: float, rng: Generator) -> Page:
    """Leave thin lines white, as dead elements of a thermal or ink-jet head and lost lines of a fax do.

    A line is 0.125 mm wide, an element of a 203 dpi head, now and then two. Whether they run along the sheet,
    as behind a thermal head, or across, as on a fax, is drawn, and where they are; more lines keep the fewer.

    Ladder: set by measurement, from the catalogue's 2 to 40.
    """
    if not lines:
        return page
    along = bool(rng.random() < 0.5)
    size, length = (page.width, page.size_mm[0]) if along else (page.height, page.size_mm[1])
    count = round(lines * length / 100)
    if not count:
        raise NotApplicable(f"{lines:g} lines in 10 cm are none on a page of {length:.0f} mm")
    background = np.array(printed_paper(page), dtype=np.float32)
    drawn = rng.uniform(size=(count, 3))
    # One at least runs through something: on a short page two could both miss it.
    printed = np.flatnonzero(ink(page).any(axis=0 if along else 1))
    if len(printed):
        drawn[0, 0] = (printed[int(drawn[0, 0] * len(printed))] + 0.5) * 4 / size
    bare = _bare_lines(drawn, length, size)
    hit = np.flatnonzero(bare > 0)
    before = page.pixels[:, hit] if along else page.pixels[hit]
    part = before.astype(np.float32)
    share = bare[hit].astype(np.float32)
    share = share[None, :] if along else share[:, None]
    if not page.grey:
        share = share[..., None]
    # An element that prints nothing makes nothing darker.
    bared = np.rint(part + np.maximum(background - part, 0) * share).astype(np.uint8)
    if np.array_equal(bared, before):
        raise NotApplicable("no line runs through anything printed")
    pixels = page.pixels.copy()
    if along:
        pixels[:, hit] = bared
    else:
        pixels[hit] = bared
    return page.with_pixels(pixels)


def _bare_lines(drawn: NDArray[np.float64], length: float, size: int) -> NDArray[np.float64]:
    """How much of each row or column of pixels is bare, 1 for all of it, for each line's place, width and strength."""
    dead: dict[int, float] = {}
    for place, wide, strength in drawn.tolist():
        element = int(place * length / _ELEMENT_MM)
        for each in (element, element + 1) if wide < _PAIRS else (element,):
            dead.setdefault(each, 0.85 + 0.15 * strength)
    bare = np.zeros(size)
    pixel = length / size
    for element, strength in dead.items():
        start, end = element * _ELEMENT_MM, (element + 1) * _ELEMENT_MM
        for each in range(int(start / pixel), min(size, int(end / pixel) + 1)):
            bare[each] += strength * max(0.0, min(end, (each + 1) * pixel) - max(start, each * pixel)) / pixel
    return np.minimum(bare, 1)


@mutator("scan.dot_matrix", dpi=Ladder(120, 100, 85, 66, 50, unit="dots an inch"), refusable_from=4)
def dot_matrix(page: Page, dpi: float, rng: Generator) -> Page:
    """Print the page again by the round dots of a needle printer, as on delivery notes and carbon copies.

    `dpi` is how many dots it sets an inch, across and down. Its ribbon is worn: a dot is darker or lighter by
    where it falls on the ribbon, which is drawn. A page that is coarser already keeps its own pixels as dots.

    Ladder: from a 9-pin printer's better quality (120) past its draft (72) to what a worn one is like.
    """
    if dpi <= 0:
        raise ValueError(f"dpi must be above 0, got {dpi}")
    shades = tones(page)
    wide, high = page.size_mm
    columns = min(page.width, max(1, round(wide / 25.4 * dpi)))
    rows = min(page.height, max(1, round(high / 25.4 * dpi)))
    coarse = cv2.resize(grey(page), (columns, rows), interpolation=cv2.INTER_AREA)
    struck = cv2.threshold(coarse, (shades.middle + shades.paper) / 2, 255, cv2.THRESH_BINARY_INV)[1]
    ribbon = (200 + random_bytes(rng, (rows, columns)) // 5).astype(np.uint8)
    dots = np.asarray(cv2.bitwise_and(struck, ribbon), dtype=np.uint8)
    fine = max(columns / page.width, rows / page.height)  # dots a pixel
    enlarged = at_size(page, dots, cv2.INTER_NEAREST if fine <= 0.5 else cv2.INTER_LINEAR)
    cover = cv2.multiply(enlarged, _dots(page, columns, rows, fine), scale=1 / 255)
    return page.with_pixels(_inked(shades, np.asarray(cover, dtype=np.uint8)))


def _dots(page: Page, columns: int, rows: int, fine: float) -> NDArray[np.uint8]:
    """How much of each pixel a dot of every pin covers: round ones, side by side."""
    along = [
        np.abs((np.arange(pixels) + 0.5) * count / pixels % 1 - 0.5).astype(np.float32)
        for pixels, count in ((page.width, columns), (page.height, rows))
    ]
    squares = [np.rint(255 * 2 * each**2).astype(np.uint8) for each in along]
    distance = np.add.outer(squares[1], squares[0])
    reach = np.sqrt(np.arange(256) / 255 / 2)
    cover = np.clip((_DOT_REACH - reach) / fine + 0.5, 0, 1)
    # Pixels as large as the dots do not see what is between them.
    table = np.rint(255 * (1 - (1 - cover) * np.sinc(min(1.0, fine)))).astype(np.uint8)
    return np.asarray(cv2.LUT(distance, table), dtype=np.uint8)


def _inked(shades: Tones, cover: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Ink by how much of a pixel it covers, on bare paper."""
    share = np.arange(256)[:, None] / 255
    table = np.rint(np.array(shades.paper_colour) * (1 - share) + np.array(shades.ink_colour) * share).astype(np.uint8)
    if len(shades.paper_colour) == 1:
        return np.asarray(cv2.LUT(cover, table[:, 0]), dtype=np.uint8)
    return np.asarray(cv2.LUT(cv2.cvtColor(cover, cv2.COLOR_GRAY2RGB), table[:, None, :]), dtype=np.uint8)
