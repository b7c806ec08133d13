"""What a good office printer and scanner make of a page."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator

from crumple import Page
from crumple_mutators.scan.drawing.grain import random_bytes

_SOFTNESS_MM = 0.07
_BLACK, _WHITE = 26, (246, 245, 240)  # toner and office paper under a scanner's lamp
_NOISE = np.array([-2, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2], dtype=np.int8)


def scan(page: Page, rng: Generator) -> Page:
    """A page as a good scanner sees its print."""
    across, down = page.px(_SOFTNESS_MM)
    soft = cv2.GaussianBlur(page.pixels, (5, 5), max(0.3, across), sigmaY=max(0.3, down))
    steps = np.arange(256) / 255
    whites = (_WHITE[1],) if page.grey else _WHITE
    tables = [np.rint(_BLACK + (white - _BLACK) * steps).astype(np.uint8) for white in whites]
    toned = cv2.LUT(soft, tables[0] if page.grey else np.stack(tables, axis=-1)[None])
    noise = _NOISE.take(random_bytes(rng, page.pixels.shape) & 15)
    return page.with_pixels(np.asarray(cv2.add(toned, noise, dtype=cv2.CV_8U), dtype=np.uint8))
