"""What people write and draw on a page with a pen: notes over the text, underlining, words crossed out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.random import SFC64, Generator
from numpy.typing import NDArray

from crumple import Degraded, Ladder, Page, mutator
from crumple_mutators.scan.drawing.handwriting import WORDS, Hand, Path
from crumple_mutators.scan.drawing.layout import Box, covering, luminance, shuffled, text_area, words
from crumple_mutators.scan.drawing.overlay import Canvas, bilevel, ink_in, lay_on, marked, thresholded, uneven

# Ballpoint blue, twice as often as black; gel blue-black; the red of whoever checks.
_INKS = ((36, 54, 148), (30, 44, 120), (34, 34, 40), (52, 46, 104), (178, 34, 40))
_BLACK = (24, 24, 27)  # print shows through any other
_GRAIN_MM, _LEAST_INK = 0.35, 0.62
_WANDER_MM = 0.16
_ALONG = np.linspace(0, 1, 40)  # a mark

Strokes = Sequence[tuple[Path, Path]]


@mutator(
    "scan.handwriting", share=Ladder(0.01, 0.03, 0.08, 0.15, 0.30, unit="share of text area", zero=0), refusable_from=5
)
def handwriting(page: Page, share: float, rng: Generator) -> Page:
    """Write notes across the print with a pen, as whoever opens the post and passes it on does.

    `share` is what the handwritten lines take of the text area, the box around everything printed. Places,
    words, hands, slants and inks are drawn; a higher share keeps the notes of a lower one. The strokes are
    thin and the print shows through them: a person still reads it.

    Ladder: of marks over text in the catalogue.
    """
    if not share:
        return page
    area = text_area(page)
    pixels, one_bit = page.pixels.copy(), bilevel(page)
    for strokes, ink in _notes(area, share * area.area, Generator(SFC64(int(rng.integers(2**63))))):
        _pen(page, pixels, strokes, ink, one_bit=one_bit)
    return marked(page, pixels)


@mutator("scan.underline", share=Ladder(0.02, 0.05, 0.12, 0.25, 0.50, unit="share of words", zero=0))
def underline(page: Page, share: float, rng: Generator) -> Page:
    """Underline, tick and circle words with a pen, as somebody who checks a page against another.

    `share` is of the words, by the area that they take. Which words, how each is marked, and one ink are
    drawn; a higher share keeps the marks of a lower one.

    Ladder: from a word or two to every other word of a page that was worked through.
    """
    if not share:
        return page
    chosen = covering(shuffled(page, words(page), rng), share)
    ink, pen = _INKS[int(rng.integers(len(_INKS)))], float(rng.uniform(0.35, 0.6))
    pixels, one_bit = page.pixels.copy(), bilevel(page)
    draw = Generator(SFC64(int(rng.integers(2**63))))
    for box in chosen:
        _pen(page, pixels, [_checked(box, pen, draw)], ink, one_bit=one_bit)
    return marked(page, pixels)


@mutator("scan.crossed_out", share=Ladder(0.01, 0.03, 0.08, 0.15, 0.30, unit="share of words", zero=0), truth="lost")
def crossed_out(page: Page, share: float, rng: Generator) -> Degraded[Page]:
    """Scribble over words until nobody can read them, as a pen does that corrects or censors; they are lost.

    `share` is of the words, by the area that they take. Which words is drawn; a higher share keeps those of
    a lower one.

    Ladder: of marks over text in the catalogue.
    """
    if not share:
        return Degraded(page)
    chosen = covering(shuffled(page, words(page), rng), share)
    pen = float(rng.uniform(0.5, 0.75))
    pixels, one_bit = page.pixels.copy(), bilevel(page)
    draw = Generator(SFC64(int(rng.integers(2**63))))
    for box in chosen:
        _pen(page, pixels, list(_scribble(box, pen, draw)), _BLACK, one_bit=one_bit, opaque=True)
    return Degraded(marked(page, pixels), lost=tuple(box.region(page) for box in chosen))


def _notes(area: Box, mm2: float, rng: Generator) -> Iterator[tuple[Strokes, tuple[int, int, int]]]:
    """Notes over the text area until their lines take so many square millimetres; the last one may break off."""
    # A page has a few writers, not one for each note.
    writers = [(Hand.drawn(rng), _INKS[int(rng.integers(len(_INKS)))]) for _ in range(3)]
    while mm2 > 0:
        hand, ink = writers[int(rng.integers(len(writers)))]
        x, y = area.left + rng.uniform(-0.02, 0.8) * area.width, area.top + rng.uniform(0.02, 0.97) * area.height
        start = np.array([x, y])
        turn, reach, most = rng.normal(0, 0.045), rng.uniform(25, 75), int(rng.integers(3, 12))
        across, down, strokes = 0.0, 0.0, []
        for _ in range(most):
            word = WORDS[int(rng.integers(len(WORDS)))]
            if across > reach:
                across, down = float(rng.normal(0, 2)), down + hand.pitch
            wander = down + rng.normal(0, 0.35)
            for path, widths in hand.write(word, across, wander, rng):
                strokes.append((start + _turned(path, turn), widths))
            across += hand.length(word)
            mm2 -= hand.length(word) * hand.pitch
            if mm2 <= 0:
                break
        yield strokes, ink


def _turned(path: Path, angle: float) -> Path:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.asarray(path @ np.array([[cos, -sin], [sin, cos]]))


def _checked(box: Box, pen: float, rng: Generator) -> tuple[Path, Path]:
    """One mark beside, under or around a word."""
    kind, shape, press = rng.random(), rng.normal(0, 1, 40), rng.uniform(0.85, 1.15)
    wobble = np.interp(_ALONG, np.linspace(0, 1, 6), shape[:6]) * _WANDER_MM
    if kind < 0.62:
        short = max(0.0, 5 - box.width) / 2
        x = np.linspace(box.left - short + 0.4 * shape[6], box.right + short + 0.6 * shape[7], 40)
        path = np.column_stack([x, box.bottom + 0.35 + 0.25 * shape[8] + wobble * min(1.0, box.width / 15)])
        path[:, 1] += np.linspace(0, 0.3 * shape[9], 40)
    elif kind < 0.8:
        size = 2.0 + 0.3 * shape[6]
        corner = np.array([box.left - 2.2 + 0.5 * shape[7], box.bottom + 0.2])
        path = corner + size * np.array([[-0.5, -0.6], [-0.25, -0.3], [0, 0], [0.45, -0.9], [1.2, -1.9]])
        path += 0.1 * shape[10:20].reshape(5, 2)
    else:
        angle = np.linspace(0, 2 * np.pi * 1.12, 40) + shape[6]
        reach = 1 + 0.05 * np.interp(_ALONG, np.linspace(0, 1, 7), shape[10:17])
        reach += np.linspace(0, 0.08, 40)  # it does not quite meet itself
        middle = ((box.left + box.right) / 2, (box.top + box.bottom) / 2)
        half = box.width / 2 + 1.8, box.height / 2 + 1.3
        path = np.column_stack([reach * half[0] * np.cos(angle), reach * half[1] * np.sin(angle)]) + middle
    widths = pen * press * np.linspace(1.1, 0.8, len(path))
    return path, widths


def _scribble(box: Box, pen: float, rng: Generator) -> Iterator[tuple[Path, Path]]:
    """A pen that goes up and down over a word, and once more: too dense to read anything under it."""
    for lean in (0.5, -0.4):
        steps = max(6, int(box.width / (0.8 * pen)) + 4)
        x = np.linspace(box.left - 0.6, box.right + 0.6, steps) + rng.normal(0, 0.16, steps)
        top, bottom = box.top - 0.3, box.bottom + 0.3
        y = np.where(np.arange(steps) % 2, top, bottom) + rng.normal(0, 0.3, steps)
        path = np.column_stack([x + lean * (y - (top + bottom) / 2), y])
        yield path, np.full(steps, pen) * rng.uniform(0.9, 1.1, steps)
    for height in np.array([0.7, 0.2, 0.5, 0.9]):
        x = np.linspace(box.left - 0.5, box.right + 0.5, 12)
        y = box.top + height * box.height + np.cumsum(rng.normal(0, 0.08, 12))
        yield np.column_stack([x, y]), np.full(12, 1.2 * pen)


def _pen(
    page: Page,
    pixels: NDArray[np.uint8],
    strokes: Strokes,
    ink: tuple[int, int, int],
    *,
    one_bit: bool,
    opaque: bool = False,
) -> None:
    """Draw strokes into a page's pixels, with ink that lies unevenly on the paper's fibres."""
    points = np.concatenate([path for path, _ in strokes])
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    box = Box(left, top, right, bottom).grown(1, 1)
    canvas = Canvas(page, box)
    if canvas.empty:
        return
    for path, widths in strokes:
        canvas.stroke(path, widths)
    coverage, part = canvas.coverage(), pixels[canvas.place]
    if opaque:
        shade = round(luminance(ink)) if page.grey else ink
        lay_on(part, np.full_like(part, shade), coverage)
    else:
        # The paper's, not the pen's: not drawn from the mutator's generator, whose draws must not depend on the page.
        fibres = uneven((box.width, box.height), canvas.shape, Generator(SFC64(0)), grain=_GRAIN_MM, least=_LEAST_INK)
        ink_in(part, np.asarray(cv2.multiply(coverage, fibres, scale=1 / 255), dtype=np.uint8), ink)
    if one_bit:
        thresholded(part)
