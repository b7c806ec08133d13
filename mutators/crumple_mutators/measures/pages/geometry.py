"""How a page lies: the angle of its lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crumple import Page
from crumple.measuring import measure
from crumple_mutators.measures.pages.survey import once_a_page, survey

_WIDEST = 16.0  # degrees
_MOST_POINTS = 20_000
_ROUGH_POINTS = 6_000
_FEWEST_POINTS = 250
_COARSE, _FINE = 0.4, 0.05  # degrees
_CLEAR = 8.5  # deviations

Points = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a page.

    Attributes:
        angle: of the lines, in degrees, from -15 to 15, off the horizontal or, where they run down, the vertical.
        clear: how far they stand out from other angles.
        other: the same of the best angle the other way.
        down: whether they run along the page.
        reach: how far what is printed reaches in their direction, in pixels of the small picture.
    """

    angle: float
    clear: float
    other: float
    down: bool
    reach: float


@once_a_page
def lines(page: Page) -> Lines | None:
    """The direction in which the edges of what is printed line up; None where none stands out.

    Postl's method (W. Postl, Detection of linear oblique structures and skew scan in digitized documents, 1986), on the
    upper and lower edges of the print instead of all its pixels.
    """
    seen = survey(page)
    if seen.blank:
        return None
    across, along = _Edges.of(seen.ink), _Edges.of(np.ascontiguousarray(seen.ink.T))
    if across is None or along is None:
        return None
    flat, steep = across.direction(), along.direction()
    if flat.clear >= steep.clear:
        return Lines(across.refined(flat.angle), flat.clear, steep.clear, False, across.reach)
    return Lines(-along.refined(steep.angle), steep.clear, flat.clear, True, along.reach)


@measure("scan.skew", within=0.2, unit="deg")
def skew(page: Page) -> float | None:
    """The angle of the lines of text and rules, left or right, up to 15 degrees. None where no lines stand out."""
    found = lines(page)
    if found is None or found.clear < _CLEAR or abs(found.angle) > _WIDEST - 0.5:
        return None
    # Lines as short as two words are level as far as can be told where their ends are less than a pixel off.
    off = np.tan(np.deg2rad(abs(found.angle))) * found.reach
    return round(abs(found.angle), 2) if off > 1 else 0.0


@dataclass(frozen=True, slots=True)
class _Direction:
    angle: float
    clear: float


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """Where print begins, and where it ends, going down the page: points (x, y) off the middle."""

    points: tuple[Points, Points]

    @classmethod
    def of(cls, ink: NDArray[np.bool_]) -> _Edges | None:
        """Those of a small picture; None where there are too few to tell."""
        step = np.diff(ink.astype(np.int8), axis=0)
        points = _points(step == 1), _points(step == -1)
        return cls(points) if min(each.shape[1] for each in points) >= _FEWEST_POINTS else None

    @property
    def reach(self) -> float:
        """How far they reach across, the outermost aside."""
        low, high = np.quantile(self.points[0][0], [0.02, 0.98])
        return float(high - low)

    def direction(self) -> _Direction:
        """The angle at which they fall on the fewest lines, roughly, and by how many deviations it stands out."""
        few = tuple(each[:, :: -(-each.shape[1] // _ROUGH_POINTS)] for each in self.points)
        angles = np.arange(-_WIDEST, _WIDEST + _COARSE / 2, _COARSE)
        scores = np.array([_score(few, angle) for angle in angles])
        middle = float(np.median(scores))
        spread = 1.48 * float(np.median(np.abs(scores - middle))) + 1e-3 * middle
        top = int(scores.argmax())
        return _Direction(float(angles[top]), float((scores[top] - middle) / spread))

    def refined(self, rough: float) -> float:
        """The angle, exactly: the middle of the peak, which is flat where a line is as thick as a pixel."""
        angles = np.arange(rough - 1.5 * _COARSE, rough + 1.5 * _COARSE + _FINE / 2, _FINE)
        scores = np.array([_score(self.points, angle) for angle in angles])
        high = scores > (scores.max() + scores.min()) / 2
        first = last = int(scores.argmax())
        while first > 0 and high[first - 1]:
            first -= 1
        while last < len(angles) - 1 and high[last + 1]:
            last += 1
        weights = scores[first : last + 1] - scores.min() + 1e-9
        return float((angles[first : last + 1] * weights).sum() / weights.sum())


def _points(where: NDArray[np.bool_]) -> Points:
    y, x = np.nonzero(where)
    middle = where.shape[1] / 2
    points = np.stack([x - middle + 0.5, y]).astype(np.float32)
    return points[:, :: max(1, -(-len(x) // _MOST_POINTS))]


def _score(edges: tuple[Points, ...], angle: float) -> float:
    """How unevenly points fall on lines at an angle."""
    turn = np.deg2rad(angle)
    total = 0.0
    for x, y in edges:
        rows = np.rint(y * np.float32(np.cos(turn)) - x * np.float32(np.sin(turn))).astype(np.int32)
        counts = np.bincount(rows - rows.min())
        total += float(counts @ counts) / len(rows)
    return total
