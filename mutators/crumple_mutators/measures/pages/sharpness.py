"""How sharp a page is: what a lens blurred, and what a coarser grid of pixels lost."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from crumple import Page
from crumple.measuring import measure
from crumple_mutators.measures.pages.survey import Grey, Survey, survey

_MM = 25.4
_ROWS = 500

Signal = NDArray[np.float64]


def spectrum(grey: Grey, dpi: float, noise: float) -> tuple[Signal, Signal]:
    """Power of the rows of a page, at frequencies in cycles a mm, without that of its noise."""
    step = max(1, grey.shape[0] // _ROWS)
    rows = grey[step // 2 :: step].astype(np.float32)
    rows = rows - rows.mean(axis=1, keepdims=True)
    window = np.hanning(rows.shape[1]).astype(np.float32)
    busy = rows.std(axis=1) > 2 + 2 * noise
    if busy.sum() < 20:
        return np.zeros(0), np.zeros(0)
    power = (np.abs(np.fft.rfft(rows[busy] * window, axis=1)) ** 2).mean(axis=0) / (window**2).sum()
    frequencies = np.fft.rfftfreq(rows.shape[1]) * dpi / _MM
    return frequencies, power
