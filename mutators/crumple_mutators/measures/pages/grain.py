"""What a sensor adds to a page: noise and specks."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from crumple import Page
from crumple.measuring import measure
from crumple_mutators.measures.pages.survey import Survey, survey

_GRAIN_DPI = 200.0
_BLOCK = 16
_BAND = 8 * _BLOCK
_DEEP = 60.0
_CELLS = 5  # what is longer is print
_LEAST_BARE = 0.02
_TOO_NOISY = 30.0
_LEAST_SPECKS = 12


@measure("scan.sensor_noise", within=0.1, unit="share of the value")
def sensor_noise(page: Page) -> float | None:
    """The deviation of bare paper, as a page of 200 dpi would have it. None where there is no bare paper."""
    seen = survey(page)
    if seen.bare < _LEAST_BARE:
        return None
    coarse = [min(1.0, dpi / _GRAIN_DPI) for dpi in seen.dpi]
    return round(seen.noise / float(np.sqrt(np.prod(coarse))), 1)


@measure("scan.salt_and_pepper", within=0.15, unit="share of the value")
def salt_and_pepper(page: Page) -> float | None:
    """The share of specks: twice that of the dark ones on bare paper, where white ones do not show.

    None where there is no bare paper, or as much noise as would pass for specks.
    """
    seen = survey(page)
    if seen.bare < _LEAST_BARE or seen.noise > _TOO_NOISY:
        return None
    found = _dark_on_bare(seen)
    if found is None:
        return None
    specks, cell = found
    if specks.sum() < _LEAST_SPECKS * cell**2:
        return 0.0
    # Specks lie anywhere; dotted lines and stray marks are in few places.
    if (specks > 0).mean() < 0.25 * (1 - np.exp(-specks.mean() / cell**2)):
        return 0.0
    return round(2 * float(specks.mean()) / _BLOCK**2, 5)


def _dark_on_bare(seen: Survey) -> tuple[NDArray[np.int64], float] | None:
    """How many dark pixels there are in each block of bare paper, and how wide a speck is; None without such blocks."""
    cell = max(1.0, max(seen.dpi) / _GRAIN_DPI)
    rows, columns = (size // _BLOCK for size in seen.grey.shape)
    if rows < 3 or columns < 3:
        return None
    whole = seen.grey[: rows * _BLOCK, : columns * _BLOCK]
    paper = cv2.resize(seen.paper, (whole.shape[1], whole.shape[0]), interpolation=cv2.INTER_LINEAR)
    deep = max(_DEEP, 6 * seen.noise)
    dark = cv2.compare(whole, np.clip(paper - deep, 0, 255).astype(np.uint8), cv2.CMP_LT)
    # Every other band of rows will do.
    bands = [dark[top : top + _BAND] for top in range(0, len(dark), 2 * _BAND if len(dark) > 4 * _BAND else _BAND)]
    counts, bare = [], []
    for band in bands:
        _, labels, stats, _ = cv2.connectedComponentsWithStats(band, connectivity=4)
        long = np.maximum(stats[:, 2], stats[:, 3]) > _CELLS * cell
        long[0] = False
        blocks = (len(band) // _BLOCK, _BLOCK, columns, _BLOCK)
        inked = long[labels].reshape(blocks).any(axis=(1, 3)).astype(np.uint8)
        bare.append(cv2.dilate(inked, np.ones((3, 3), np.uint8)).ravel() == 0)
        counts.append((band.reshape(blocks) > 0).sum(axis=(1, 3)).ravel())
    empty = np.concatenate(bare)
    return (np.concatenate(counts)[empty], cell) if empty.mean() >= _LEAST_BARE else None
