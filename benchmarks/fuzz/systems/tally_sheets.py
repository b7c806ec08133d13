"""How many boxes are filled on a scanned tally sheet; each is filled twice, in two rows, within a frame.

The bug: where nothing on the page is dark enough, the largest of no shapes is asked for, which raises ValueError.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from crumple import Region

KIND, FORMAT, TRIGGER = "crash", "page", "common"
CATEGORIES = ("scan", "combination", "scope", "format", "corruption")
FIELDS = ("/boxes",)
_DARK = 128


class Unreadable(Exception):  # noqa: N818 - what a reader calls it
    """There is no whole sheet on the page, or its two rows do not agree."""


def _sheet(boxes: int, shift: int) -> tuple[bytes, dict[str, Any]]:
    page = np.full((420, 640), 255, np.uint8)
    cv2.rectangle(page, (40, 60), (600, 360), 40, 8)
    for top in (120, 250):
        for at in range(boxes):
            left = 70 + shift + 70 * at
            cv2.rectangle(page, (left, top), (left + 40, top + 40), 20, -1)
    done, data = cv2.imencode(".png", page)
    assert done
    return data.tobytes(), {"boxes": boxes}


_SHEETS = {"sheet-1.png": (3, 10), "sheet-2.png": (5, 4), "sheet-3.png": (2, 20)}
_SHEETS |= {"sheet-4.png": (6, 0), "sheet-5.png": (4, 14), "sheet-6.png": (7, 2)}
DOCUMENTS = {name: _sheet(*each) for name, each in _SHEETS.items()}
REGIONS = {name: {"/boxes": (Region(0, 0.05, 0.12, 0.95, 0.88),)} for name in _SHEETS}


def _faded(data: bytes) -> bytes:
    page = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert page is not None
    return bytes(cv2.imencode(".png", 255 - (255 - page) // 3)[1].tobytes())


TRIGGERED_BY = {"sheet-1.png": _faded(DOCUMENTS["sheet-1.png"][0])}


def _shapes(data: bytes) -> tuple[NDArray[np.uint8], list[tuple[int, int, int, int, int]]]:
    try:
        page = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    except cv2.error:
        page = None
    if page is None or min(page.shape[:2]) < 100:
        raise Unreadable
    dark = (cv2.medianBlur(page.astype(np.uint8), 5) < _DARK).astype(np.uint8)
    count, _, found, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    shapes = [tuple(int(each) for each in found[at]) for at in range(1, count)]
    return dark, [each for each in shapes if each[4] > dark.size // 2000]  # type: ignore[misc]  # five of them


def _count(dark: NDArray[np.uint8], shapes: list[tuple[int, int, int, int, int]]) -> int:
    frame = max(shapes, key=lambda each: each[2] * each[3])
    left, top, width, height, area = frame
    box = dark[top : top + height, left : left + width]
    sides = box[:12].max(axis=0), box[-12:].max(axis=0), box[:, :12].max(axis=1), box[:, -12:].max(axis=1)
    if min(float(each.mean()) for each in sides) < 0.95:
        raise Unreadable
    inner = [each for each in shapes if each is not frame]
    sure = 0.3 * dark.size < width * height < 0.95 * dark.size and area < 0.2 * width * height and inner
    if not sure or len(inner) % 2:
        raise Unreadable
    sizes = [max(each[2:4]) for each in inner]
    square = all(0.75 < each[2] / each[3] < 1.34 and each[4] > 0.75 * each[2] * each[3] for each in inner)
    within = all(left < each[0] and each[0] + each[2] < left + width for each in inner)
    if not square or not within or max(sizes) > 1.3 * min(sizes):
        raise Unreadable
    upper = sum(each[1] + each[3] / 2 < top + height / 2 for each in inner)
    if upper * 2 != len(inner):
        raise Unreadable
    return upper


def planted(data: bytes) -> dict[str, Any]:
    """With the bug."""
    return {"boxes": _count(*_shapes(data))}


def sound(data: bytes) -> dict[str, Any]:
    """Without it."""
    dark, shapes = _shapes(data)
    if not shapes:
        raise Unreadable
    return {"boxes": _count(dark, shapes)}
