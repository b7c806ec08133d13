"""Cursive handwriting, drawn procedurally: letters as pen paths that run into each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Path = NDArray[np.float64]
"""Points (n, 2) of one pen stroke."""

# Each letter is what the pen does from where it comes in, at the left, to where it leaves for the next one; in
# x-heights, upwards from the line.
_LETTERS = {
    "a": "0 .1 .75 .95 .3 .95 .05 .4 .35 0 .75 .6 .8 .95 .8 .3 1 0 1.2 .15",
    "b": "0 .1 .45 1.3 .4 2 .2 1.9 .2 .6 .35 0 .75 .2 .7 .75 .45 .85 1.1 .75",
    "c": "0 .1 .7 .85 .45 1 .1 .5 .35 0 .85 .15",
    "d": "0 .1 .7 .95 .3 .95 .05 .4 .35 0 .75 .6 .95 2 .8 .5 .95 0 1.2 .15",
    "e": "0 .1 .5 .45 .65 .85 .4 1 .15 .5 .4 0 .9 .2",
    "f": "0 .1 .45 1.4 .5 2 .3 1.8 .25 0 .2 -.9 .4 -.8 .35 0 .8 .15",
    "g": "0 .1 .7 .95 .3 .95 .05 .4 .35 0 .75 .7 .75 0 .6 -.9 .25 -.8 .6 -.2 1.1 .15",
    "h": "0 .1 .45 1.4 .4 2 .2 1.7 .15 0 .35 .7 .65 .95 .75 .5 .8 0 1.1 .15",
    "i": "0 .1 .35 1 .3 .2 .45 0 .7 .15",
    "k": "0 .1 .45 1.4 .4 2 .2 1.7 .15 0 .4 .7 .75 .95 .4 .55 .8 0 1.05 .15",
    "l": "0 .1 .45 1.4 .4 2 .2 1.5 .25 .2 .45 0 .75 .15",
    "m": "0 .1 .2 .95 .2 0 .45 .9 .6 .8 .6 0 .85 .9 1 .8 1.05 .2 1.2 0 1.4 .15",
    "n": "0 .1 .2 .95 .2 0 .5 .9 .7 .8 .7 .2 .85 0 1.1 .15",
    "o": "0 .1 .6 .95 .2 .8 .1 .3 .4 0 .75 .4 .6 .95 .65 .8 1.05 .8",
    "p": "0 .1 .25 1 .2 -1 .25 .5 .5 .95 .75 .6 .55 .05 .35 .2 1 .15",
    "r": "0 .1 .25 1.05 .4 .9 .6 .9 .6 .2 .75 0 .95 .15",
    "s": "0 .1 .4 1 .6 .5 .5 .05 .15 .1 .9 .15",
    "t": "0 .1 .4 1.6 .3 .3 .45 0 .75 .15",
    "u": "0 .1 .2 .95 .2 .2 .45 0 .7 .8 .7 .95 .75 .2 .9 0 1.1 .15",
    "v": "0 .1 .2 .9 .4 0 .65 .9 .95 .8",
    "w": "0 .1 .2 .9 .35 0 .6 .8 .8 0 1.05 .9 1.3 .8",
    "y": "0 .1 .2 .95 .25 .2 .45 0 .7 .9 .7 0 .5 -.9 .2 -.8 .6 -.1 1.05 .15",
}
_SHAPES = {letter: np.array(path.split(), dtype=float).reshape(-1, 2) for letter, path in _LETTERS.items()}
_AFTER = {
    "t": np.array([[0, 1.2], [0.35, 1.25], [0.85, 1.3]]),
    "i": np.array([[0.4, 1.45], [0.45, 1.5], [0.5, 1.45]]),
}
_VOCABULARY = """
    call again ok paid checked see note below urgent sent on monday ask for copy returned wrong address please hold
    until agreed with by phone send the rest later done not yet our file to follow up in april new price missing
"""
WORDS = tuple(_VOCABULARY.split())
_STEPS = 3
_WEIGHTS = np.linspace(0, 1, _STEPS, endpoint=False)[:, None]


@dataclass(frozen=True, slots=True)
class Hand:
    """How one person writes.

    Attributes:
        x_height: of a small letter, in mm.
        lean: to the right, per height.
        breadth: of letters, against the usual.
        haste: how far letters stray from their shape, in x-heights.
        pen: width of a stroke in mm.
    """

    x_height: float
    lean: float
    breadth: float
    haste: float
    pen: float

    @classmethod
    def drawn(cls, rng: Generator) -> Hand:
        """Somebody's."""
        return cls(
            x_height=float(rng.uniform(1.7, 2.6)),
            lean=float(rng.uniform(0.0, 0.45)),
            breadth=float(rng.uniform(0.85, 1.3)),
            haste=float(rng.uniform(0.05, 0.11)),
            pen=float(rng.uniform(0.28, 0.48)),
        )

    @property
    def pitch(self) -> float:
        """From line to line, in mm."""
        return 3.6 * self.x_height

    def length(self, word: str) -> float:
        """How long a word gets with the space behind it, in mm."""
        return self.x_height * self.breadth * (1.0 + sum(float(_SHAPES[each][-1, 0]) for each in word))

    def write(self, word: str, x: float, y: float, rng: Generator) -> Iterator[tuple[Path, Path]]:
        """The strokes of a word whose line begins at (x, y) mm, each with its widths in mm."""
        at, letters, after = 0.0, [], []
        for each in word:
            letters.append(_SHAPES[each] + (at, 0))
            after += [_AFTER[each] + (at, 0)] if each in _AFTER else []
            at += _SHAPES[each][-1, 0]
        size, press = rng.uniform((0.92, 0.9), (1.1, 1.1))
        run = np.concatenate(letters)
        start = np.array([x, y])
        line = start + self._placed(_smooth(run + rng.normal(0, self.haste, run.shape)), size)
        yield line, self._widths(line, press)
        for mark in after:
            dash = start + self._placed(mark + rng.normal(0, 0.08, 2), size)
            yield dash, np.full(len(dash), self.pen * press)

    def _placed(self, path: Path, size: float) -> Path:
        lean = np.array([[self.breadth, 0], [self.lean, -1]])
        return np.asarray(path @ lean * (size * self.x_height))

    def _widths(self, path: Path, press: float) -> Path:
        """Thicker where the pen is pulled down, thinner where it flies up, and off the paper at the end."""
        step = np.diff(path, axis=0, append=path[-1:])
        fall = step[:, 1] / (np.abs(step[:, 0]) + np.abs(step[:, 1]) + 1e-6)
        widths = self.pen * press * np.where(np.abs(fall) < 0.35, 1.0, 1 + 0.22 * np.sign(fall))
        widths[-3:] *= (0.85, 0.7, 0.5)
        return np.asarray(widths)


def _smooth(points: Path) -> Path:
    """A Catmull-Rom curve through points."""
    padded = np.concatenate([points[:1], points, points[-1:]])
    a, b, c, d = (padded[i : len(padded) - 3 + i, None] for i in range(4))
    t = _WEIGHTS
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    return np.concatenate([curve.reshape(-1, 2), points[-1:]])
