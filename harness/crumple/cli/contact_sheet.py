"""The contact sheet: rows of labelled tiles on light ground, as PNG files. It is given pictures and draws them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from crumple.cli.lettering import BOLD, FAINT, INK, Colour, cut, lines, write
from crumple.views.pages import Pixels

TILE: Final = 280
"""How many pixels a tile is wide."""
TALLEST: Final = 20_000
"""How high a picture gets before the next one is begun: what viewers still open."""

_ACROSS = 5
_MARGIN, _GAP = 28, 16
_WIDTH = 2 * _MARGIN + _ACROSS * TILE + (_ACROSS - 1) * _GAP
_GROUND, _RULE = (250, 250, 248), (222, 222, 218)
_TITLE, _CAPTION, _SMALL = 19, 15, 13
_ROW_HEAD, _CAPTION_HEIGHT, _ROW_FOOT = 56, 26, 22
_LINE = 20
_NOTE_HEIGHT = 120


@dataclass(frozen=True, slots=True)
class Tile:
    """One picture with what stands under it.

    Attributes:
        caption: one short line.
        picture: RGB, `TILE` pixels wide; None where there is only a note.
        note: why there is no picture.
    """

    caption: str
    picture: Pixels | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of up to five tiles under a title.

    Attributes:
        title: what it shows.
        about: one sentence.
        tiles: from left to right.
        beside: lines that stand right of the tiles, where there is room.
    """

    title: str
    about: str
    tiles: tuple[Tile, ...]
    beside: tuple[str, ...] = ()


def contact_sheets(head: Row, rows: Sequence[Row]) -> list[bytes]:
    """PNG files, each with the head and as many rows as fit."""
    first = _drawn(head)
    sheets: list[list[Pixels]] = [[first]]
    for row in rows:
        drawn = _drawn(row)
        if len(sheets[-1]) > 1 and sum(map(len, sheets[-1])) + len(drawn) > TALLEST:
            sheets.append([first])
        sheets[-1].append(drawn)
    return [_encoded(np.vstack(parts)) for parts in sheets]


def _encoded(picture: Pixels) -> bytes:
    _, data = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_PNG_COMPRESSION, 1])
    return data.tobytes()


def _drawn(row: Row) -> Pixels:
    """One row as wide as the sheet."""
    tallest = max((_NOTE_HEIGHT if tile.picture is None else len(tile.picture) for tile in row.tiles), default=0)
    height = _ROW_HEAD + tallest + (_CAPTION_HEIGHT + _ROW_FOOT if row.tiles else 0)
    picture = np.full((height, _WIDTH, 3), _GROUND, np.uint8)
    picture[0, _MARGIN:-_MARGIN] = _RULE
    write(picture, cut(row.title, _TITLE, _WIDTH - 2 * _MARGIN, BOLD), (_MARGIN, 25), _TITLE, weight=BOLD)
    write(picture, cut(row.about, _CAPTION, _WIDTH - 2 * _MARGIN), (_MARGIN, 46), _CAPTION, colour=FAINT)
    for index, tile in enumerate(row.tiles):
        left = _MARGIN + index * (TILE + _GAP)
        if tile.picture is None:
            _note(picture, left, tile.note)
        else:
            picture[_ROW_HEAD : _ROW_HEAD + len(tile.picture), left : left + TILE] = tile.picture
        foot = (left, _ROW_HEAD + tallest + 19)
        write(picture, cut(tile.caption, _CAPTION, TILE), foot, _CAPTION, colour=INK)
    beside = _MARGIN + len(row.tiles) * (TILE + _GAP) + _GAP
    for number, line in enumerate(row.beside):
        at = beside, _ROW_HEAD + _CAPTION + number * (_LINE + 4)
        write(picture, cut(line, _CAPTION, _WIDTH - _MARGIN - beside), at, _CAPTION, colour=INK)
    return picture


def _note(picture: Pixels, left: int, note: str) -> None:
    area = picture[_ROW_HEAD : _ROW_HEAD + _NOTE_HEIGHT, left : left + TILE]
    area[:] = (240, 240, 236)
    _frame(area, _RULE)
    for number, line in enumerate(lines(note, _SMALL, TILE - 24, 5)):
        write(picture, line, (left + 12, _ROW_HEAD + 26 + number * _LINE), _SMALL, colour=FAINT)


def _frame(area: Pixels, colour: Colour) -> None:
    area[0], area[-1], area[:, 0], area[:, -1] = (colour,) * 4


def tile_of(parts: Iterable[Pixels], gap: int = 8) -> Pixels:
    """Pictures below each other in the middle of a tile, each framed; none is wider than the tile."""
    placed = []
    for part in parts:
        colour = part if part.ndim == 3 else cv2.cvtColor(part, cv2.COLOR_GRAY2RGB)
        framed = np.full((colour.shape[0] + gap, TILE, 3), _GROUND, np.uint8)
        left = (TILE - colour.shape[1]) // 2
        framed[: colour.shape[0], left : left + colour.shape[1]] = colour
        _frame(framed[: colour.shape[0], left : left + colour.shape[1]], (200, 200, 196))
        placed.append(framed)
    return np.vstack(placed)[:-gap]
