"""What saving as a JPEG cost a page: by the file's own tables, or by the steps that its pixels show."""

from __future__ import annotations

import io
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from crumple import Page
from crumple.measuring import measure
from crumple_mutators.measures.pages.survey import survey

_SIZE = 8
_MOST_BLOCKS = 2500
_FEWEST = 150
_OFF = 0.115  # of a step, from the nearest; at random it is a quarter
_LOW = 6  # how many waves a coefficient has, across and down, at most
_MILDEST = 70
# The luminance table of the JPEG standard's annex K, row by row.
_TABLE = np.array(
    [
        [16, 11, 10, 16, 24, 40, 51, 61],
        [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77],
        [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101],
        [72, 92, 95, 98, 112, 100, 103, 99],
    ]
)


@measure("scan.jpeg", within=0.1, unit="share of the value")
def jpeg(page: Page) -> float | bool | None:
    """The quality that the page was saved with, on libjpeg's scale.

    A JPEG file says it by its quantisation tables. In the pixels of other files the coefficients of each block of 8 x 8
    still lie on the steps they were rounded to (Z. Fan and R. de Queiroz, Identification of bitmap compression history,
    2003), unless the page was scaled, turned or made noisy since. False where no steps show.
    """
    said = _of_file(page)
    if said is not None:
        return said if said < _MILDEST else False
    blocks = _blocks(page)
    if len(blocks) < _SIZE:
        return None if survey(page).blank else False
    base = _waves()
    coefficients = np.abs(np.einsum("ij,njk,lk->nil", base, blocks, base, optimize=True))
    return _by_steps(coefficients)


def _of_file(page: Page) -> float | None:
    """The quality that the tables of a JPEG file amount to; None of other files."""
    if page.source is None or page.source.document.media_type != "image/jpeg" or not page.unchanged:
        return None
    from PIL import Image  # heavy, only for JPEG files

    with Image.open(io.BytesIO(page.source.document.data)) as image:
        tables = getattr(image, "quantization", None)
    if not tables:
        return None
    # Of the table's 64 numbers only the sum: libjpeg scales all of them alike.
    scale = 100 * sum(tables[0]) / float(_TABLE.sum())
    return round(5000 / scale if scale > 100 else (200 - scale) / 2, 1)


def _blocks(page: Page) -> NDArray[np.float32]:
    """Blocks of the page's brightness that have something in them, and are neither black nor burnt out all over."""
    pixels = page.pixels
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    rows, columns = (size // _SIZE for size in grey.shape)
    cut = np.asarray(grey)[: rows * _SIZE, : columns * _SIZE]
    blocks = cut.reshape(rows, _SIZE, columns, _SIZE).swapaxes(1, 2).reshape(-1, _SIZE, _SIZE)
    low, high = blocks.min(axis=(1, 2)), blocks.max(axis=(1, 2))
    busy = np.flatnonzero(high.astype(np.int16) - low > 12)
    clipped = (blocks[busy] == 255).sum(axis=(1, 2)) + (blocks[busy] == 0).sum(axis=(1, 2))
    chosen = busy[np.argsort(clipped, kind="stable")[:_MOST_BLOCKS]]
    return blocks[np.sort(chosen)].astype(np.float32) - 128


@cache
def _waves() -> NDArray[np.float32]:
    order, at = np.arange(_SIZE)[:, None], np.arange(_SIZE)[None, :]
    waves = np.cos((2 * at + 1) * order * np.pi / (2 * _SIZE)) * np.sqrt(2 / _SIZE)
    waves[0] /= np.sqrt(2)
    return np.asarray(waves, dtype=np.float32)


def _by_steps(coefficients: NDArray[np.float32]) -> float | bool:
    """The lowest quality on whose steps the coefficients lie; False where there is none."""
    for quality in range(1, _MILDEST):
        steps = _steps(quality)
        off = total = 0.0
        for row in range(_LOW):
            for column in range(_LOW):
                if not 0 < row + column < _LOW:
                    continue
                step = steps[row, column]
                if step < 4:
                    continue
                values = coefficients[:, row, column] / step
                told = values[values > max(0.25, 3 / step)]
                off += float(np.abs(told - np.rint(told)).sum())
                total += len(told)
        if total >= _FEWEST and off / total < _OFF:
            return float(quality)
    return False


def _steps(quality: int) -> NDArray[np.float64]:
    """The steps at a quality, as libjpeg has them."""
    scale = 5000 / quality if quality < 50 else 200 - 2 * quality
    return np.asarray(np.clip(np.floor((_TABLE * scale + 50) / 100), 1, 255))
