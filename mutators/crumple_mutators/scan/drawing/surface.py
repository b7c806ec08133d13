"""What the mutators need to know of a sheet: the colour of its paper, where its ink is, what lies beyond a frame."""

from __future__ import annotations

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from crumple import Move, Page, Region

_SAMPLE = 24
_BANDS = 48
_CONTRAST = 48


def paper(page: Page) -> tuple[int, ...]:
    """The colour of the bare paper, one number or three: the median of the brighter half of a sample."""
    sample = page.pixels[::_SAMPLE, ::_SAMPLE]
    planes = [sample.ravel()] if page.grey else [sample[..., channel].ravel() for channel in range(3)]
    light = np.sum(planes, axis=0, dtype=np.int32)
    bright = light >= np.median(light)
    return tuple(int(np.median(plane[bright])) for plane in planes)


def ink(page: Page) -> NDArray[np.bool_]:
    """Where the page is clearly not paper, at 1/4 of its resolution."""
    bare = [(max(0, shade - _CONTRAST), min(255, shade + _CONTRAST)) for shade in paper(page)]
    like_paper = cv2.inRange(thinned(page.pixels, 4), *(np.array(each, np.uint8) for each in zip(*bare, strict=True)))
    return np.asarray(like_paper == 0)


def thinned(pixels: NDArray[np.uint8], step: int) -> NDArray[np.uint8]:
    """Every so many-th pixel across and down."""
    if pixels.ndim == 2:
        return np.ascontiguousarray(pixels[::step, ::step])
    # A channel at a time, which numpy gathers three times as fast.
    return np.asarray(cv2.merge([pixels[::step, ::step, channel] for channel in range(3)]), dtype=np.uint8)


def same(before: MatLike, after: MatLike) -> bool:
    """Whether pixels are what they were; a few of them nearly always tell."""
    return np.array_equal(before[::16, ::16], after[::16, ::16]) and np.array_equal(before, after)


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
