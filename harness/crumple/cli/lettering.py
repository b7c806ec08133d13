"""Words in pictures, in the fonts that OpenCV brings along: they have Latin, Greek, Cyrillic, Arabic and CJK."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any, Final, TypeAlias

import cv2

from crumple.views.pages import Pixels

Colour: TypeAlias = tuple[int, int, int]

INK: Final[Colour] = (34, 38, 46)
FAINT: Final[Colour] = (112, 118, 128)
PLAIN: Final = 400
BOLD: Final = 650
_CUT: Final = "…"


@functools.cache
def _face() -> Any:
    return cv2.FontFace("sans")


def width(text: str, size: int, weight: int = PLAIN) -> int:
    """How many pixels a text takes across."""
    return int(cv2.getTextSize((0, 0), text, (0, 0), _face(), size, weight)[2]) if text else 0


def write(
    picture: Pixels, text: str, at: tuple[int, int], size: int, *, colour: Colour = INK, weight: int = PLAIN
) -> None:
    """Write a line of text into an RGB picture.

    Args:
        picture: it is written into.
        text: one line.
        at: the left end of its base line.
        size: of the letters, in pixels.
        colour: RGB.
        weight: from 300, light, to 900.
    """
    if text:
        cv2.putText(picture, text, at, colour, _face(), size, weight)


def cut(text: str, size: int, most: int, weight: int = PLAIN) -> str:
    """As much of a text as fits into this many pixels, with a sign where something is left out."""
    if width(text, size, weight) <= most:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if width(text[:middle] + _CUT, size, weight) <= most else (low, middle - 1)
    return text[:low].rstrip() + _CUT


def lines(text: str, size: int, most: int, count: int) -> Iterator[str]:
    """A text in at most this many lines of at most this many pixels, broken at spaces."""
    words = text.split()
    for number in range(count):
        if not words:
            return
        taken = 1
        while taken < len(words) and width(" ".join(words[: taken + 1]), size) <= most:
            taken += 1
        last = number == count - 1
        yield cut(" ".join(words if last else words[:taken]), size, most)
        words = words[taken:]
