"""Keyboards: which keys lie beside which, by where they are on the board."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crumple import CrumpleError
from crumple_mutators.positions import Mask
from crumple_mutators.text.characters import PLANE

_STAGGER: Final = (0.0, 0.5, 0.75, 1.25)
"""How far each row is to the right of the one above, in widths of a key."""
_REACH: Final = 1.3
"""A finger slips to keys that are no farther away than this, from middle to middle."""
_BOARDS: Final[Mapping[str, tuple[str, ...]]] = {
    "qwerty": ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"),
    "qwertz": ("1234567890ß", "qwertzuiopü", "asdfghjklöä", "yxcvbnm"),
    "azerty": (" é  è  çà", "azertyuiop", "qsdfghjklmù", "wxcvbn"),
    "jcuken": ("1234567890", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"),
    "greek": ("1234567890", " ςερτυθιοπ", "ασδφγηξκλ", "ζχψωβνμ"),
}
_DIGITS: Final = ("1234567890",)  # with the shift key, where the row above the letters has others
_HEAD: Final = 4096
LAYOUTS: Final = ("auto", *_BOARDS)

Neighbours = tuple[NDArray[np.uint32], NDArray[np.uint16]]


def layout_of(value: str, asked: str, where: str) -> str:
    """The keyboard that a text was typed on: the one asked for, or by letters that only it has, near the beginning.

    Raises:
        CrumpleError: there is no such keyboard.
    """
    if asked not in LAYOUTS:
        raise CrumpleError(f"layout cannot be {asked!r}", where=where, got=asked, allowed=LAYOUTS)
    if asked != "auto":
        return asked
    head = value[:_HEAD]
    if head.isascii():
        return "qwerty"
    found = {
        "qwerty": sum(map(head.count, "abcdefghijklmnopqrstuvwxyz")) / 50,  # some accents do not make it French
        "qwertz": sum(map(head.count, "äöüßÄÖÜ")),
        "azerty": sum(map(head.count, "éèàçùêÉÀ")),
        "jcuken": sum(map(head.count, "абвгдежзийклмнопрстуфхцчшщъыьэюя")),
        "greek": sum(map(head.count, "αβγδεζηθικλμνξοπρςστυφχψω")),
    }
    return max(found, key=lambda each: found[each])


@cache
def neighbours(layout: str) -> Neighbours:
    """For every character how many keys lie beside its own, and which: two tables of `PLANE` entries.

    A slip keeps the shift key as it is: capitals become capitals. Letters that are not on this board lie on their own.
    What comes of Latin letters is Latin-1.
    """
    beside: dict[str, str] = {}
    for rows in (_BOARDS[layout], _DIGITS, *_BOARDS.values()):
        for key, near in _beside(rows):
            if key not in beside:
                beside[key] = near
    for key, near in list(beside.items()):
        if key.isalpha() and len(key.upper()) == 1:
            beside[key.upper()] = "".join(each.upper() for each in near if each.isalpha() and len(each.upper()) == 1)
    count, found = np.zeros(PLANE, np.uint32), np.zeros((PLANE, 8), np.uint16)
    for key, near in beside.items():
        count[ord(key)] = len(near)
        found[ord(key), : len(near)] = [ord(each) for each in near]
    return count, found


def _beside(rows: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    keys = [
        (key, column + _STAGGER[row], float(row))
        for row, line in enumerate(rows)
        for column, key in enumerate(line)
        if key != " "
    ]
    near: dict[str, str] = {key: "" for key, _, _ in keys}
    for (one, x, y), (other, u, v) in itertools.permutations(keys, 2):
        if (x - u) ** 2 + (y - v) ** 2 <= _REACH**2:
            near[one] += other
    yield from near.items()


@cache
def typed(layout: str, *, digits: bool) -> Mask:
    """Which characters have a key with others beside it, as a table of `PLANE` entries."""
    mask: Mask = neighbours(layout)[0] > 0
    if not digits:
        mask[ord("0") : ord("9") + 1] = False
    return mask
