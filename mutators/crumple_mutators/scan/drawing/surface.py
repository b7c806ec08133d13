"""What the mutators need to know of a sheet: the colour of its paper, where its ink is, what lies beyond a frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from crumple import Move, Page, Region

_SAMPLE = 24
_BANDS = 48
_CONTRAST = 48


def paper(page: Page) -> tuple[int, ...]:
    """The colour of the bare paper, one number or three: the median of the brighter half of a sample."""
    sample = page.pixels[::_SAMPLE, ::_SAMPLE].reshape(-1, 1 if page.grey else 3)
    light = sample.sum(axis=1, dtype=np.int32) if not page.grey else sample[:, 0]
    bright = sample[light >= np.median(light)]
    return tuple(int(value) for value in np.median(bright, axis=0))


def ink(page: Page) -> NDArray[np.bool_]:
    """Where the page is clearly not paper, at 1/4 of its resolution."""
    small = page.pixels[::4, ::4]
    background = np.array(paper(page), dtype=np.int16)
    distance = np.abs(small.astype(np.int16) - background)
    return np.asarray(distance > _CONTRAST if page.grey else (distance > _CONTRAST).any(axis=2))


def cut_off(page: Page, move: Move) -> tuple[Region, ...]:
    """What of the page leaves its frame and had ink on it.

    Args:
        page: the page before the move.
        move: of its points.
    """
    edges = np.linspace(0, 1, _BANDS + 1)
    landed = move.forth(np.stack(np.meshgrid(edges, edges), axis=-1))
    # A pixel of slack: what is merely touched by the edge is still there.
    slack = np.array([1 / page.width, 1 / page.height])
    out = np.asarray((landed < -slack).any(axis=2) | (landed > 1 + slack).any(axis=2))
    cells = np.asarray(out[:-1, :-1] | out[1:, :-1] | out[:-1, 1:] | out[1:, 1:])
    if not cells.any():
        return ()
    columns, rows = edges * page.width, edges * page.height
    background = np.array(paper(page), dtype=np.int16)
    found = []
    for row in np.flatnonzero(cells.any(axis=1)).tolist():
        turns = np.flatnonzero(np.diff(cells[row].astype(np.int8), prepend=0, append=0))
        top, bottom = int(rows[row]), int(np.ceil(rows[row + 1]))
        for first, last in zip(turns[::2].tolist(), turns[1::2].tolist(), strict=True):
            part = page.pixels[top:bottom:2, int(columns[first]) : int(np.ceil(columns[last])) : 2]
            if part.size and (np.abs(part.astype(np.int16) - background) > _CONTRAST).any():
                found.append(Region(0, *(float(each) / _BANDS for each in (first, row, last, row + 1))))
    return tuple(found)
