"""What a sensor adds to a page: noise and specks."""

from __future__ import annotations

import cv2
import numpy as np

from crumple import Page
from crumple.measuring import measure
from crumple_mutators.measures.pages.survey import survey

_GRAIN_DPI = 200.0
_BLOCK = 16
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
    paper = cv2.resize(seen.paper, (seen.grey.shape[1], seen.grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    deep = max(_DEEP, 6 * seen.noise)
    dark = cv2.compare(seen.grey, np.clip(paper - deep, 0, 255).astype(np.uint8), cv2.CMP_LT)
    cell = max(1.0, max(seen.dpi) / _GRAIN_DPI)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=4)
    longest = np.maximum(stats[:, 2], stats[:, 3])
    print_ = longest > _CELLS * cell
    print_[0] = False
    rows, columns = (size // _BLOCK for size in dark.shape)
    if rows < 3 or columns < 3 or count < 2:
        return 0.0
    whole = np.s_[: rows * _BLOCK, : columns * _BLOCK]
    inked = print_[labels[whole]].reshape(rows, _BLOCK, columns, _BLOCK).any(axis=(1, 3)).astype(np.uint8)
    bare = cv2.dilate(inked, np.ones((3, 3), np.uint8)) == 0
    darks = (dark[whole] > 0).reshape(rows, _BLOCK, columns, _BLOCK).sum(axis=(1, 3))
    if bare.mean() < _LEAST_BARE:
        return None
    specks = darks[bare]
    if specks.sum() < _LEAST_SPECKS * cell**2:
        return 0.0
    # Specks lie anywhere; dotted lines and stray marks are in few places.
    if (specks > 0).mean() < 0.25 * (1 - np.exp(-specks.mean() / cell**2)):
        return 0.0
    return round(2 * float(specks.mean()) / _BLOCK**2, 5)
