"""Which way up a page is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from crumple import Page
from crumple.measuring import measure
from crumple_mutators.measures.pages.geometry import lines
from crumple_mutators.measures.pages.survey import Survey, once_a_page, survey

_GLYPHS_DPI = 200.0
_SURELY_LINES = 9.0  # deviations
_OTHER_WAY = 2.0
_FEWEST = 24
_CLEAR = 4.0
_RATIO = 1.7
_SURE_RATIO = 3.2
_AGAINST = 2.0
_FEWEST_POINTS = 2
_OFFSETS = 22

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Upright:
    """Signs that the lines of a page are the right way up, and that they are upside down.

    Attributes:
        risers: letters beside lower ones that stand on the same line: "h" beside "a".
        droppers: letters that reach below their neighbours: "p" beside "a".
        feet: points and commas, which stand at the foot of a line.
        heads: the like at its head.
    """

    risers: int
    droppers: int
    feet: int
    heads: int


@once_a_page
def signs(page: Page) -> Upright | None:
    """What neighbouring letters say of where up is; None where no lines of text were found."""
    seen, found = survey(page), lines(page)
    if found is None or found.down or found.clear < _SURELY_LINES:
        return None
    glyphs = _Glyphs.of(seen, found.angle)
    return None if glyphs is None else glyphs.signs()


@measure("scan.quarter_turn")
def quarter_turn(page: Page) -> bool | None:
    """Whether the lines of text run along the page. None where there are no lines, or both ways alike."""
    found = lines(page)
    if found is None or found.clear < _SURELY_LINES or found.clear < _OTHER_WAY * found.other:
        return None
    return found.down and _has_letters_along(survey(page), found.angle)


def _has_letters_along(seen: Survey, angle: float) -> bool:
    """Whether letters follow one another along the page, and not across it: a drawing's edges run there too."""
    turned = replace(seen, grey=np.ascontiguousarray(seen.grey.T), dpi=seen.dpi[::-1], paper=seen.paper.T)
    along, across = (
        0 if glyphs is None else glyphs.neighbours() for glyphs in (_Glyphs.of(turned, -angle), _Glyphs.of(seen, angle))
    )
    return along >= _FEWEST and along > across


@measure("scan.half_turn")
def half_turn(page: Page) -> bool | None:
    """Whether the lines are upside down.

    More letters rise above their neighbours than drop below them (as D. Bloomberg's detection of orientation has it:
    Measuring document image skew and orientation, 1995), and points and commas stand at the foot of a line. None where
    there is too little of either, where they disagree, and in scripts that have neither.
    """
    found = signs(page)
    if found is None:
        return None
    up, down = found.risers + found.feet, found.droppers + found.heads
    more, fewer = max(up, down), min(up, down)
    if more + fewer < _FEWEST or (more - fewer) < _CLEAR * np.sqrt(more + fewer) or more < _RATIO * fewer:
        return None
    upside_down = down > up
    points = (found.heads - found.feet) if upside_down else (found.feet - found.heads)
    letters = (found.droppers - found.risers) if upside_down else (found.risers - found.droppers)
    if points < -_AGAINST * np.sqrt(found.heads + found.feet) or letters < 0:
        return None
    # In Greek and in scripts that nobody tried, letters alone may say the wrong thing.
    if points < _FEWEST_POINTS and max(found.droppers, found.risers) < _SURE_RATIO * min(found.droppers, found.risers):
        return None
    return upside_down


@dataclass(frozen=True, slots=True, eq=False)
class _Glyphs:
    """What is printed, piece by piece.

    Attributes:
        labels: which piece each pixel belongs to; 0 is paper.
        boxes: of each piece, left, top, width, height.
        slope: how far lines go down, a pixel across.
    """

    labels: NDArray[np.int32]
    boxes: Ints
    slope: float

    @classmethod
    def of(cls, seen: Survey, angle: float) -> _Glyphs | None:
        """Those of a page at 200 dpi."""
        scale = [min(1.0, _GLYPHS_DPI / dpi) for dpi in seen.dpi]
        size = round(seen.grey.shape[1] * scale[0]), round(seen.grey.shape[0] * scale[1])
        grey = seen.grey if min(scale) == 1 else cv2.resize(seen.grey, size, interpolation=cv2.INTER_AREA)
        threshold = cv2.resize(seen.paper - max(10.0, 4 * seen.noise, 0.45 * seen.contrast), size)
        mask = cv2.compare(grey, np.clip(threshold, 0, 255).astype(np.uint8), cv2.CMP_LT)
        count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
        if count < _FEWEST:
            return None
        return cls(np.asarray(labels), np.asarray(stats[:, :4], dtype=np.int64), float(np.tan(np.deg2rad(angle))))

    def signs(self) -> Upright | None:
        """Count them, over pairs of neighbours of a line."""
        left, top, wide, high = self.boxes.T
        usual = (high >= 5) & (high <= 70) & (wide <= 3 * high) & (wide >= 2)
        usual[0] = False
        if usual.sum() < _FEWEST:
            return None
        letters = np.flatnonzero(usual)
        tall = np.median(high[letters])
        letters = letters[(high[letters] >= 0.5 * tall) & (high[letters] <= 2.5 * tall)]
        one, other = self._pairs(letters)
        shift = self.slope * ((left + wide / 2)[other] - (left + wide / 2)[one])
        tops = top[other] - shift - top[one]
        feet_off = (top + high)[other] - shift - (top + high)[one]
        taller = np.maximum(high[one], high[other])
        small = high[other] < 0.45 * high[one]
        both = ~small & (high[other] >= 0.5 * tall) & (high[other] <= 2.5 * tall)
        near = 0.12 * taller + 0.5
        differ = 0.17 * taller + 1
        most = 0.6 * taller
        risers = int((both & (np.abs(feet_off) <= near) & (np.abs(tops) >= differ) & (np.abs(tops) < most)).sum())
        droppers = int((both & (np.abs(tops) <= near) & (np.abs(feet_off) >= differ) & (np.abs(feet_off) < most)).sum())
        alone = small & (wide[other] < 0.6 * high[one]) & (wide[other] >= 2) & ~self._stacked(other, high[one])
        low = top[other] - shift - top[one] > 0.55 * high[one]
        up = (top + high)[other] - shift - top[one] < 0.45 * high[one]
        feet, heads = int((alone & low).sum()), int((alone & up).sum())
        return Upright(risers, droppers, feet, heads)

    def neighbours(self) -> int:
        """How many letters have another one beside them, on a line across the page."""
        _, _, wide, high = self.boxes.T
        usual = (high >= 5) & (high <= 70) & (wide <= 3 * high) & (wide >= 2)
        usual[0] = False
        letters = np.flatnonzero(usual)
        if not len(letters):
            return 0
        one, other = self._pairs(letters)
        return len(np.unique(one[usual[other]]))

    def _pairs(self, letters: Ints) -> tuple[Ints, Ints]:
        """Letters, and what stands right of each on its line: at its head, middle or foot."""
        left, top, wide, high = self.boxes.T
        start = left[letters] + wide[letters]
        found: list[Ints] = []
        for share in (0.12, 0.5, 0.9):
            hit = np.zeros(len(letters), dtype=np.int64)
            for step in range(_OFFSETS):
                off = np.rint(step / _OFFSETS * 0.8 * high[letters]).astype(np.int64)
                x = start + off
                y = np.rint(top[letters] + share * (high[letters] - 1) + self.slope * (off + wide[letters] / 2))
                inside = (x < self.labels.shape[1]) & (y >= 0) & (y < self.labels.shape[0]) & (hit == 0)
                there = self.labels[y.astype(np.int64)[inside], x[inside]]
                hit[inside] = np.where(there == letters[inside], 0, there)
            found.append(hit)
        one = np.concatenate([letters] * 3)
        other = np.concatenate(found)
        pairs = np.unique(np.stack([one, other])[:, other > 0], axis=1)
        return pairs[0], pairs[1]

    def _stacked(self, pieces: Ints, reach: Ints) -> NDArray[np.bool_]:
        """Whether something stands right above or below a piece, as under the dot of an "i"."""
        left, top, wide, high = self.boxes.T
        x = left[pieces] + wide[pieces] // 2
        found = np.zeros(len(pieces), dtype=bool)
        for share in np.linspace(0.1, 0.6, 8):
            off = np.maximum(1, np.rint(share * reach)).astype(np.int64)
            for y in (top[pieces] - off, top[pieces] + high[pieces] - 1 + off):
                inside = (y >= 0) & (y < self.labels.shape[0])
                there = self.labels[y[inside], x[inside]]
                found[inside] |= (there != 0) & (there != pieces[inside])
        return found
