"""The number of a patch code on a page: six by six cells in a frame, most of which only check the others."""

from __future__ import annotations

import hashlib
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from crumple import Region

KIND, FORMAT = "robust", "page"
FIELDS = ("/number",)
_CELL, _SIDE = 40, 8
_CORNERS = (True, False, True, True)


class Unreadable(Exception):  # noqa: N818 - what a reader calls it
    """There is no code on the page, or it does not hold."""


def _bits(number: int) -> NDArray[np.bool_]:
    """The cells of a number: corners that say which way is up, twelve bits, and twenty that check them."""
    digest = int.from_bytes(hashlib.blake2b(f"{number}".encode(), digest_size=4).digest()) & 0xFFFFF
    inner = [bool((number << 20 | digest) >> at & 1) for at in range(31, -1, -1)]
    cells = [*_CORNERS[:1], *inner[:4], *_CORNERS[1:2], *inner[4:28], *_CORNERS[2:3], *inner[28:], *_CORNERS[3:]]
    return np.array(cells).reshape(6, 6)


def _page(number: int, left: int, top: int) -> bytes:
    page = np.full((560, 480), 255, np.uint8)
    side = _SIDE * _CELL
    cv2.rectangle(page, (left, top), (left + side, top + side), 0, _CELL // 2)
    for (row, column), dark in np.ndenumerate(_bits(number)):
        at = left + (column + 1) * _CELL, top + (row + 1) * _CELL
        if dark:
            cv2.rectangle(page, at, (at[0] + _CELL, at[1] + _CELL), 0, -1)
    done, data = cv2.imencode(".png", page)
    assert done
    return data.tobytes()


_NUMBERS = {"patch-1.png": 1043, "patch-2.png": 77, "patch-3.png": 2310, "patch-4.png": 3999, "patch-5.png": 512}
_NUMBERS |= {"patch-6.png": 1808}
DOCUMENTS = {
    name: (_page(number, 40 + 20 * at, 60 + 25 * at), {"number": number})
    for at, (name, number) in enumerate(_NUMBERS.items())
}
REGIONS = {name: {"/number": (Region(0, 0.02, 0.05, 0.98, 0.98),)} for name in _NUMBERS}


def _squares(dark: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
    """The corners of what may be a frame, in the order in which they go round it."""
    contours, _ = cv2.findContours(dark, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for each in contours:
        if cv2.contourArea(each) > dark.size / 20:
            corners = cv2.approxPolyDP(each, 0.03 * cv2.arcLength(each, True), True)
            if len(corners) == 4 and cv2.isContourConvex(corners):
                found.append(corners.reshape(4, 2).astype(np.float32))
    return found


def _read(page: NDArray[np.uint8], corners: NDArray[np.float32]) -> set[int]:
    """The numbers that hold, whichever way the page is turned."""
    numbers = set()
    side = float(9 * _CELL)
    for turn in range(4):
        to = np.roll(np.array([[0, 0], [0, side], [side, side], [side, 0]], np.float32), turn, axis=0)
        flat = cv2.warpPerspective(page, cv2.getPerspectiveTransform(corners, to), (int(side), int(side)))
        at = [round(side * (1.5 + each + 0.5) / 9) for each in range(6)]
        means = np.array([[flat[y - 8 : y + 8, x - 8 : x + 8].mean() for x in at] for y in at])
        cells = means < (means.min() + means.max()) / 2
        inner = [*cells[0, 1:5], *cells[1:5].ravel(), *cells[5, 1:5]]
        number = int("".join(str(int(each)) for each in inner), 2) >> 20
        if np.ptp(means) > 40 and (cells == _bits(number)).all():
            numbers.add(number)
    return numbers


def sound(data: bytes) -> dict[str, Any]:
    """The number, where exactly one holds."""
    try:
        page = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    except cv2.error:
        page = None
    if page is None or min(page.shape[:2]) < 100:
        raise Unreadable
    grey = cv2.GaussianBlur(page.astype(np.uint8), (5, 5), 0)
    _, dark = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    numbers = set().union(*(_read(grey.astype(np.uint8), each) for each in _squares(dark.astype(np.uint8))))
    if len(numbers) != 1:
        raise Unreadable
    return {"number": numbers.pop()}
