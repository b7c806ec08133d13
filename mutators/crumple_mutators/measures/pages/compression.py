"""What saving as a JPEG cost a page: by the file's own tables, or by the steps that its pixels show."""

from __future__ import annotations

import io

import cv2
import numpy as np
from numpy.typing import NDArray

from crumple import Page
from crumple.measuring import measure
from crumple_mutators.measures.pages.geometry import lines
from crumple_mutators.measures.pages.survey import once_a_page

_SIZE = 8
_MOST_BLOCKS = 324
_FEWEST = 150
_FEWEST_SHADES = 24
_MILDEST = 58
_BESIDE = 4
_DIP = 0.8  # less than that and it is the chance of few pieces that a computer drew
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

    A JPEG file says it by its quantisation tables. The pixels of other files are hardly changed by being saved once
    more with the quality that they were saved with (after H. Farid, Exposing digital forgeries from JPEG ghosts, 2009),
    unless the page was scaled, turned or made noisy since. False where there is no such quality, None where there is
    too little on the page.
    """
    return _quality(page)


@once_a_page
def _quality(page: Page) -> float | bool | None:
    said = _of_file(page)
    if said is not None:
        return said if said < _MILDEST else False
    if lines(page) is None:
        return None
    blocks = _blocks(page)
    if len(blocks) < _FEWEST:
        return None
    # Pages of few shades, black and white or drawn by a computer, were no JPEG; chance may say otherwise.
    return _unchanged_by(blocks) if len(np.unique(blocks)) >= _FEWEST_SHADES else False


def _of_file(page: Page) -> float | None:
    """The quality that the tables of a JPEG file amount to; None of other files."""
    if page.source is None or page.source.document.media_type != "image/jpeg" or not page.unchanged:
        return None
    from PIL import Image  # heavy, only for JPEG files

    with Image.open(io.BytesIO(page.source.document.data)) as image:
        tables = getattr(image, "quantization", None)
    if not tables:
        return None
    # In whatever order a reader hands them out.
    table = np.sort(np.asarray(tables[0], dtype=np.float64).ravel())
    return float(min(range(1, 101), key=lambda quality: float(np.abs(np.sort(_steps(quality)) - table).sum())))


def _steps(quality: int) -> NDArray[np.float64]:
    """The table of a quality, as libjpeg scales it."""
    scale = 5000 / quality if quality < 50 else 200 - 2 * quality
    return np.asarray(np.clip(np.floor((_TABLE.ravel() * scale + 50) / 100), 1, 255))


def _blocks(page: Page) -> NDArray[np.uint8]:
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
    return np.ascontiguousarray(blocks[np.sort(chosen)])


def _unchanged_by(blocks: NDArray[np.uint8]) -> float | bool:
    """The quality that changes the blocks much less than those beside it do; False where there is none."""
    side = max(1, int(np.sqrt(len(blocks))))
    picture = blocks[: side * side].reshape(side, side, _SIZE, _SIZE).swapaxes(1, 2).reshape(side * _SIZE, side * _SIZE)
    changed = np.array([_change(picture, quality) for quality in range(1, _MILDEST + _BESIDE + 1)])
    dips = []
    for at in range(_MILDEST):
        beside = [changed[each] for each in (at - 4, at - 2, at + 2, at + 4) if 0 <= each < len(changed)]
        dips.append(changed[at] / max(1e-6, *beside) if not min(beside) else changed[at] / min(beside))
    best = int(np.argmin(dips))
    if dips[best] >= _DIP:
        return False
    # The tables of the two lowest qualities are the same but for their least steps.
    return float(max(2, best + 1))


def _change(picture: NDArray[np.uint8], quality: int) -> float:
    """How far apart a picture and the same saved as a JPEG are, on average, in shades."""
    _, encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    saved = np.asarray(cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)
    return float(cv2.norm(picture, saved, cv2.NORM_L1)) / picture.size
