"""Letters taken for one another by the file format itself: lossy JBIG2."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crumple import Degraded, Ladder, NotApplicable, Page, Region, mutator
from crumple_mutators.scan.strokes import Tones, grey, tones

_LEAST_MM, _MOST_MM = 0.9, 6.0  # of a letter's height
_FACE = 16  # a glyph is compared at this many points across and down
_SIZE_SLACK = 0.14  # glyphs whose sides differ by more, in shares, are never taken for one another
_SAME, _ALIKE = 0.06, 0.15  # mean difference of faces: below it one letter, above it letters that nobody confuses
_EDGE = 0.7  # pixels, by which the edges of one letter differ for where it stands between two pixels
_INK_SLACK = 0.2  # bold and regular are not taken for one another
_KEY_MM = 1.2, 2.5  # less than a letter across, less than a line down
_MOST_GLYPHS = 6000


@dataclass(frozen=True, slots=True)
class _Glyphs:
    """The letters of a page: their boxes (left, top, width, height), their labels, and how they look."""

    labels: NDArray[np.int32]
    boxes: NDArray[np.int32]
    names: NDArray[np.int32]
    faces: NDArray[np.float32]


@mutator(
    "scan.symbol_substitution",
    share=Ladder(0.003, 0.01, 0.03, 0.08, 0.2, unit="share", zero=0),
    truth="lost",
)
def symbol_substitution(page: Page, share: float, rng: Generator) -> Degraded[Page]:
    """Replace letters and digits by others of the page that look much like them, as lossy JBIG2 does.

    Scanners that compress this way store one image for all symbols that they take for the same, and print a
    sharp and wrong 8 for a 6. `share` is of the glyphs that have such a neighbour; which ones are replaced is
    drawn, and a higher share keeps those of a lower one. What they said is lost.

    Ladder: not calibrated. Source: D. Kriesel, "Xerox scanners/photocopiers randomly alter numbers", 2013.
    """
    if not share:
        return Degraded(page)
    shades = tones(page)
    glyphs = _glyphs(page, shades)
    donors = _donors(glyphs)
    replaceable = np.flatnonzero(donors >= 0)
    if not len(replaceable):
        raise NotApplicable("no two letters on the page are alike enough to be taken for one another")
    order = replaceable[np.argsort(_keys(page, glyphs.boxes[replaceable], rng), kind="stable")]
    chosen = order[: max(1, round(share * len(order)))]
    pixels = page.pixels.copy()
    lost = []
    for each in chosen.tolist():
        _replace(page, pixels, glyphs, each, int(donors[each]), shades)
        left, top, wide, high = (int(side) for side in glyphs.boxes[each])
        right, bottom = (left + wide) / page.width, (top + high) / page.height
        lost.append(Region(0, left / page.width, top / page.height, right, bottom))
    return Degraded(page.with_pixels(pixels), lost=tuple(lost))


def _glyphs(page: Page, shades: Tones) -> _Glyphs:
    """What is printed and as large as a letter.

    Raises:
        NotApplicable: there are no two such.
    """
    plain = grey(page)
    printed = cv2.threshold(plain, shades.middle, 255, cv2.THRESH_BINARY_INV)[1]
    _, labels, stats, _ = cv2.connectedComponentsWithStats(printed, connectivity=8)
    wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    least, most = page.px(_LEAST_MM)[1], page.px(_MOST_MM)[1]
    letters = (high >= max(least, 5)) & (high <= most) & (wide >= max(3, least / 4)) & (wide <= most * 1.2)
    letters[0] = False  # the paper
    names = np.flatnonzero(letters)[:_MOST_GLYPHS]
    if len(names) < 2:
        raise NotApplicable("there are no two letters on the page")
    boxes = stats[names, :4]
    faces = np.empty((len(names), _FACE, _FACE), np.float32)
    dark = (shades.paper - np.minimum(plain, shades.paper)).astype(np.uint8)
    for index, (left, top, across, down) in enumerate(boxes.tolist()):
        faces[index] = cv2.resize(
            dark[top : top + down, left : left + across], (_FACE, _FACE), interpolation=cv2.INTER_AREA
        )
    faces /= max(1, shades.paper - shades.ink)
    return _Glyphs(np.asarray(labels), np.asarray(boxes), names.astype(np.int32), np.minimum(faces, 1).reshape(-1, 256))


def _donors(glyphs: _Glyphs) -> NDArray[np.int64]:
    """For every glyph the one that it is most like without being the same letter; -1 where there is none."""
    sides = np.log(glyphs.boxes[:, 2:].astype(np.float32))
    order = np.argsort(sides[:, 1], kind="stable")
    heights = sides[order, 1]
    inks = glyphs.faces.mean(axis=1)
    donors = np.full(len(order), -1, np.int64)
    # A pixel is the least that two sizes can differ by.
    slack = np.maximum(_SIZE_SLACK, 1.2 / np.exp(sides))
    for height in np.unique(heights):
        here = order[heights == height]
        reach = float(slack[here[0], 1])
        near = order[(heights >= height - reach) & (heights <= height + reach)]
        apart = _differences(glyphs.faces[here], glyphs.faces[near])
        same = np.maximum(_SAME, _EDGE / np.exp(sides[here].min(axis=1)))[:, None]
        unlike = np.abs(sides[here, 0][:, None] - sides[near, 0][None, :]) > slack[here, 0][:, None]
        unlike |= np.abs(inks[here][:, None] - inks[near][None, :]) > _INK_SLACK * inks[here][:, None]
        apart[unlike | (apart < same) | (apart > _ALIKE)] = np.inf
        best = np.argmin(apart, axis=1)
        found = np.isfinite(apart[np.arange(len(here)), best])
        donors[here[found]] = near[best[found]]
    return donors


def _differences(some: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean squared difference of each of some faces and each of the others."""
    squares = (some**2).sum(axis=1)[:, None] + (others**2).sum(axis=1)[None, :]
    return np.asarray(np.maximum(squares - 2 * some @ others.T, 0) / some.shape[1], dtype=np.float32)


def _keys(page: Page, boxes: NDArray[np.int32], rng: Generator) -> NDArray[np.float64]:
    """A random number for every glyph, by its place on the sheet: the same letter's at any resolution."""
    wide, high = page.size_mm
    field = rng.uniform(size=(int(high / _KEY_MM[1]) + 2, int(wide / _KEY_MM[0]) + 2))
    # By the base line: a line of text is in one row of the field, or in two.
    columns = (boxes[:, 0] + boxes[:, 2] / 2) / page.px(_KEY_MM[0])[0]
    rows = (boxes[:, 1] + boxes[:, 3]) / page.px(_KEY_MM[1])[1]
    return np.asarray(field[rows.astype(int), columns.astype(int)])


def _replace(page: Page, pixels: NDArray[np.uint8], glyphs: _Glyphs, old: int, new: int, shades: Tones) -> None:
    """Take one glyph off the page and put another one in its place, on the same line."""
    left, top, wide, high = (int(side) for side in glyphs.boxes[old])
    from_left, from_top, from_wide, from_high = (int(side) for side in glyphs.boxes[new])
    rim = 1  # pixels beside a glyph that belong to its soft edge
    box = _around(page, left, top, wide, high, rim)
    others = (glyphs.labels[box] != glyphs.names[old]) & (glyphs.labels[box] != 0)
    own = cv2.dilate((glyphs.labels[box] == glyphs.names[old]).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    pixels[box][own & ~others] = shades.paper_colour
    source = _around(page, from_left, from_top, from_wide, from_high, rim)
    drawn = page.pixels[source].copy()
    foreign = (glyphs.labels[source] != glyphs.names[new]) & (glyphs.labels[source] != 0)
    drawn[foreign] = shades.paper_colour
    # On the same base line, and in the middle of its room.
    column = left + (wide - from_wide) // 2 - (from_left - source[1].start)
    row = top + high - from_high - (from_top - source[0].start)
    row, column = max(0, row), max(0, column)
    target = pixels[row : row + drawn.shape[0], column : column + drawn.shape[1]]
    np.minimum(target, drawn[: target.shape[0], : target.shape[1]], out=target)


def _around(page: Page, left: int, top: int, wide: int, high: int, rim: int) -> tuple[slice, slice]:
    return (
        slice(max(0, top - rim), min(page.height, top + high + rim)),
        slice(max(0, left - rim), min(page.width, left + wide + rim)),
    )
