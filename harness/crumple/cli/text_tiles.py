"""Texts as tiles of a contact sheet: the lines where a text differs from the clean one, with what differs marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from crumple.cli.contact_sheet import TILE, tile_of
from crumple.cli.lettering import width, write
from crumple.exhibits.marking import alike, steps
from crumple.exhibits.marking import shown as shown_text
from crumple.views.pages import Pixels

_SIZE, _LINE, _LINES = 14, 21, 14
_PAD = 10
_BEFORE = 2  # lines shown before the first that differs
_MOST_BEFORE, _RUN_UP = 250, 60  # characters: what is further from the start of its lines is shown from shortly before
_CHANGED: Final = (255, 226, 120)
_MISSING: Final = (214, 54, 54)
_MOST = 1200
_HEX = 8


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with marks.

    Attributes:
        text: what is shown.
        changed: for each character, whether it is not in the clean text.
        gaps: the positions at which something of the clean text is missing.
    """

    text: str
    changed: list[bool]
    gaps: frozenset[int]


def text_tile(text: str, clean: str) -> Pixels:
    """The lines of a text around the first place where it differs from the clean one; long lines are broken."""
    differs = next((at for at, (one, other) in enumerate(zip(text, clean, strict=False)) if one != other), None)
    if differs is None:
        differs = min(len(text), len(clean)) if len(text) != len(clean) else 0
    start = differs
    for _ in range(_BEFORE + 1):
        start = clean.rfind("\n", 0, max(start - 1, 0)) + 1 if start else 0
    if differs - start > _MOST_BEFORE:
        start = differs - _RUN_UP
    return _drawn(_compared(text[start : start + _MOST], clean[start : start + _MOST]))


def bytes_tile(data: bytes, clean: bytes) -> Pixels:
    """The bytes around the first that differs, in hexadecimal and as characters."""
    differs = next((at for at, pair in enumerate(zip(data, clean, strict=False)) if pair[0] != pair[1]), None)
    at = min(len(data), len(clean)) if differs is None else differs
    start = max(0, at - at % _HEX - 2 * _HEX)
    picture = np.full((_LINES * _LINE + 2 * _PAD, TILE, 3), 255, np.uint8)
    for row in range(_LINES):
        offset = start + row * _HEX
        for column, byte in enumerate(data[offset : offset + _HEX]):
            left, base = _PAD + 14 + column * 31, _PAD + (row + 1) * _LINE - 6
            place = offset + column
            if place >= len(clean) or clean[place] != byte:
                cv2.rectangle(picture, (left - 3, base - 15), (left + 22, base + 4), _CHANGED, -1)
            write(picture, f"{byte:02x}", (left, base), _SIZE)
    return tile_of([picture])


def _compared(text: str, clean: str) -> Marked:
    changed, gaps = [False] * len(text), set()
    found = steps(clean, text)
    if not alike(found, len(text)):
        return Marked(text, [True] * len(text), frozenset())
    for tag, _, _, start, end in found:
        if tag in ("replace", "insert"):
            changed[start:end] = [True] * (end - start)
        elif tag == "delete":
            gaps.add(start)
    return Marked(text, changed, frozenset(gaps))


def _drawn(marked: Marked) -> Pixels:
    picture = np.full((_LINES * _LINE + 2 * _PAD, TILE, 3), 255, np.uint8)
    left, line, at = _PAD, 1, 0
    while at < len(marked.text) and line <= _LINES:
        if at in marked.gaps:
            cv2.rectangle(picture, (left, _base(line) - 14), (left + 1, _base(line) + 4), _MISSING, -1)
            left += 3
        end = _run(marked, at)
        shown = shown_text(marked.text[at:end])
        if not marked.changed[at] and marked.text[end - 1 : end + 1] == "\r\n":
            shown = shown.removesuffix("\\r")  # in a document of such line ends they are nothing to look at
        if marked.text[at] == "\n":
            # A line break that is new is shown behind the line.
            _mark(picture, left, line, 8, changed=marked.changed[at])
            left, line, at = _PAD, line + 1, end
            continue
        if width(shown, _SIZE) > TILE - _PAD - left:
            end = at + _fitting(marked.text[at:end], TILE - _PAD - left)
            shown = shown_text(marked.text[at:end])
        _mark(picture, left, line, width(shown, _SIZE), changed=end > at and marked.changed[at])
        write(picture, shown, (left, _base(line)), _SIZE)
        left += width(shown, _SIZE)
        if end < len(marked.text) and width(shown_text(marked.text[end]), _SIZE) > TILE - _PAD - left:
            left, line = (_PAD, line + 1) if marked.text[end] != "\n" else (left, line)
        at = end
    if at in marked.gaps and line <= _LINES:
        cv2.rectangle(picture, (left, _base(line) - 14), (left + 1, _base(line) + 4), _MISSING, -1)
    return tile_of([picture])


def _base(line: int) -> int:
    return _PAD + line * _LINE - 6


def _mark(picture: Pixels, left: int, line: int, across: int, *, changed: bool) -> None:
    if changed:
        base = _base(line)
        cv2.rectangle(picture, (left, base - 14), (min(left + max(across, 2), TILE - 2), base + 4), _CHANGED, -1)


def _run(marked: Marked, start: int) -> int:
    """The end of the characters from here on that are drawn alike in one line."""
    end = start + 1
    while (
        end < len(marked.text)
        and marked.changed[end] == marked.changed[start]
        and end not in marked.gaps
        and "\n" not in (marked.text[start], marked.text[end])
    ):
        end += 1
    return end


def _fitting(text: str, most: int) -> int:
    """How many characters fit, each shown as it is made visible."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if width(shown_text(text[:middle]), _SIZE) <= most else (low, middle - 1)
    return low
