"""What broad pens do to a page: highlighting, and words blacked out, by a marker or by software."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import SFC64, Generator
from numpy.typing import NDArray

from crumple import Degraded, Ladder, Page, mutator
from crumple_mutators.scan.drawing.layout import Box, covering, luminance, shuffled, words
from crumple_mutators.scan.drawing.overlay import Canvas, Mask, bilevel, ink_in, lay_on, marked, screened, thresholded

# How much of red, green and blue each fluorescent ink takes, against the most: yellow (which most people use),
# pink, green, orange, blue.
_YELLOW = (0.04, 0.12, 1.0)
_DYES = (_YELLOW, _YELLOW, _YELLOW, _YELLOW, (0.05, 1.0, 0.45), (1.0, 0.08, 0.75), (0.03, 0.55, 1.0), (1.0, 0.35, 0.05))
_PHRASE_GAP_MM = 2.5
_BODY = 205  # ink gathers where the felt's edge ran, and at both ends


@mutator(
    "scan.highlighter", darkness=Ladder(0.05, 0.1, 0.2, 0.35, 0.5, unit="share of light", zero=0), refusable_from=5
)
def highlighter(page: Page, darkness: float, rng: Generator) -> Page:
    """Draw a highlighter over some of the lines, whose colour a grey scan shows as a shade and a one-bit scan as dots.

    `darkness` is the light that the mark takes from bare paper; on a coloured page mostly of the colours
    that the dye takes. Which lines, how far, the dye and the hand are drawn; they are the same at any darkness.

    Ladder: yellow on a colour scan takes a tenth, blue or pink under a scanner's green lamp up to half.
    """
    if not darkness:
        return page
    phrases = shuffled(page, words(page, _PHRASE_GAP_MM), rng)
    dye = np.array(_DYES[int(rng.integers(len(_DYES)))])
    chosen, broad = covering(phrases, rng.uniform(0.12, 0.4)), float(rng.uniform(3.4, 5.0))
    lean = float(rng.normal(0, 0.3))  # of the chisel tip
    pixels, one_bit = page.pixels.copy(), bilevel(page)
    ink = _dyed(dye, darkness)
    draw = Generator(SFC64(int(rng.integers(2**63))))
    for box in chosen:
        stroke = _stroke(box, broad, lean, draw)
        around = _around(stroke)
        canvas = Canvas(page, around)
        if canvas.empty:
            continue
        canvas.fill(stroke, _BODY)
        canvas.stroke(stroke, np.full(len(stroke), 0.3))
        part = pixels[canvas.place]
        ink_in(part, _streaked(canvas, around, draw), ink)
        if one_bit:
            screened(part)
    return marked(page, pixels)


@mutator("scan.redaction", share=Ladder(0.01, 0.03, 0.08, 0.15, 0.30, unit="share of words", zero=0), truth="lost")
def redaction(page: Page, share: float, rng: Generator) -> Degraded[Page]:
    """Black out words, by a marker or by the exact bars of software; what is under them is lost.

    `share` is of the words, by the area that they take. Which words and with what is drawn; a higher share
    keeps the bars of a lower one.

    Ladder: of marks over text in the catalogue.
    """
    order = shuffled(page, words(page), rng)
    by_hand, broad = bool(rng.random() < 0.5), float(rng.uniform(0.5, 1.1))
    if not share:
        return Degraded(page)
    chosen = covering(order, share)
    pixels, one_bit = page.pixels.copy(), bilevel(page)
    draw = Generator(SFC64(int(rng.integers(2**63))))
    for box in chosen:
        outline = _felt(box, broad, draw) if by_hand else _bar(box)
        canvas = Canvas(page, _around(outline))
        if canvas.empty:
            continue
        canvas.fill(outline)
        if by_hand:
            canvas.stroke(np.concatenate([outline, outline[:1]]), np.full(len(outline) + 1, 0.6))
        part, cover = pixels[canvas.place], canvas.coverage()
        lay_on(part, _blacked(part, _around(outline), draw, by_hand=by_hand), cover)
        if one_bit:
            thresholded(part)
    return Degraded(marked(page, pixels), lost=tuple(box.region(page) for box in chosen))


def _dyed(dye: NDArray[np.float64], darkness: float) -> tuple[int, ...]:
    """What a dye makes of white paper, so thick that its grey is as dark as asked for."""
    thin, thick = 0.0, 12.0
    for _ in range(30):
        middle = (thin + thick) / 2
        light = np.dot(np.exp(-middle * dye), (0.299, 0.587, 0.114))
        thin, thick = (middle, thick) if light > 1 - darkness else (thin, middle)
    colour = tuple(round(255 * each) for each in np.exp(-thin * dye))
    # A thick layer of a pure dye is deeper than any ink; what is missing is taken from all colours alike.
    lighter = 255 * (1 - darkness) / max(1.0, luminance(colour))
    return tuple(min(255, round(each * min(1.0, lighter))) for each in colour)


def _stroke(box: Box, broad: float, lean: float, rng: Generator) -> NDArray[np.float64]:
    """The outline of one pull of a chisel tip along a line of text: it begins and ends somewhere near its ends."""
    steps = max(6, int(box.width / 4))
    start, end = box.left + rng.normal(-0.6, 1.2), box.right + rng.normal(0.6, 1.5)
    if rng.random() < 0.25 and box.width > 20:  # a part of the line was of interest
        start, end = sorted(start + rng.uniform(0, 1, 2) * (end - start))
    end = max(end, start + 3)
    x = np.linspace(start, end, steps)
    middle = (box.top + box.bottom) / 2 + rng.normal(0, 0.35) + np.linspace(-0.5, 0.5, steps) * rng.normal(0, 0.5)
    drift = np.cumsum(rng.normal(0, 0.07, steps))
    half = broad / 2 + rng.normal(0, 0.04, (2, steps))
    above = np.column_stack([x + lean, middle + drift - half[0]])
    below = np.column_stack([x - lean, middle + drift + half[1]])
    return np.concatenate([above, below[::-1], above[:1]])


def _streaked(canvas: Canvas, box: Box, rng: Generator) -> Mask:
    """The coverage of a stroke with the streaks of a felt tip along it."""
    lanes = rng.uniform(0.84, 1.0, (9, 1)) * rng.uniform(0.93, 1.0, (1, max(2, int(box.width / 6))))
    high, wide = canvas.shape
    field = cv2.resize(np.asarray(255 * lanes, dtype=np.uint8), (wide, high), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.multiply(canvas.coverage(), field, scale=1 / 255), dtype=np.uint8)


def _bar(box: Box) -> NDArray[np.float64]:
    wide = box.grown(0.5, 0.4)
    return np.array(
        [(wide.left, wide.top), (wide.right, wide.top), (wide.right, wide.bottom), (wide.left, wide.bottom)]
    )


def _felt(box: Box, more: float, rng: Generator) -> NDArray[np.float64]:
    """The outline of a few pulls of a felt tip over a word, wavy above and below, round at its ends."""
    steps = max(5, int(box.width / 1.5))
    # It hides the word with something to spare, wherever it wavers.
    above, below = (0.35 + more * rng.uniform(0.15, 1.0, steps) for _ in range(2))
    slope = np.linspace(-0.5, 0.5, steps) * rng.normal(0, 0.5)
    x = np.linspace(box.left - rng.uniform(0.4, 1.8), box.right + rng.uniform(0.4, 1.8), steps)
    tall = box.height
    left = [(x[0] - 0.7 * more, box.top + tall * share) for share in (0.75, 0.3)]
    right = [(x[-1] + 0.7 * more, box.top + tall * share) for share in (0.3, 0.75)]
    upper = np.column_stack([x, box.top - above + np.minimum(slope, 0)])
    lower = np.column_stack([x, box.bottom + below + np.maximum(slope, 0)])
    return np.concatenate([upper, right, lower[::-1], left])


def _around(outline: NDArray[np.float64]) -> Box:
    (left, top), (right, bottom) = outline.min(axis=0), outline.max(axis=0)
    return Box(left, top, right, bottom).grown(0.6, 0.6)


def _blacked(part: NDArray[np.uint8], box: Box, rng: Generator, *, by_hand: bool) -> NDArray[np.uint8]:
    """The face of a bar: black, or a felt tip's near-black in lanes."""
    if not by_hand:
        return np.zeros_like(part)
    lanes = np.asarray(rng.uniform(14, 34, (7, 3)), dtype=np.uint8)
    face = cv2.resize(lanes, (part.shape[1], part.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(face if part.ndim == 2 else cv2.merge([face] * 3), dtype=np.uint8)
