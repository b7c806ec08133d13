"""The characters of a text as numbers, as narrow as they can be, and which of them are of a kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from crumple_mutators.positions import Mask

Codes: TypeAlias = NDArray[Any]
"""Code points, one, two or four bytes each."""

PLANE: Final = 0x10000
"""Code points that tables tell apart; those beyond are of no kind."""


@dataclass(frozen=True, slots=True)
class Characters:
    """The characters of a text.

    Attributes:
        codes: their code points; not to be modified.
        codec: what they are decoded with again.
    """

    codes: Codes
    codec: str

    @classmethod
    def of(cls, value: str, *, most: int = 0) -> Characters:
        """The characters of a text, with room for code points up to `most`.

        A byte for each is four times as fast as a number that all of Unicode fits into.
        """
        if most < 0x100:
            try:
                return cls(np.frombuffer(value.encode("latin-1"), np.uint8), "latin-1")
            except UnicodeEncodeError:
                pass
        if most < PLANE:
            try:
                narrow = value.encode("utf-16-le")
            except UnicodeEncodeError:  # undecodable bytes, which stand as lone surrogates
                narrow = b""
            if len(narrow) == 2 * len(value):
                return cls(np.frombuffer(narrow, "<u2"), "utf-16-le")
        return cls(np.frombuffer(value.encode("utf-32-le", "surrogatepass"), "<u4"), "utf-32-le")

    def written(self, codes: Codes) -> str:
        """Other code points, of the same width, as text."""
        data = codes.astype(self.codes.dtype, copy=False).tobytes()
        return data.decode(self.codec, "surrogatepass" if self.codec != "latin-1" else "strict")

    def among(self, table: Mask, *, without: bool = False) -> Mask:
        """Which characters a table of `PLANE` entries says yes to; or no to."""
        if self.codes.dtype == np.uint8:
            found = self.codes.tobytes().translate(_bytes(table[:256].tobytes(), without))
            return np.frombuffer(found, np.bool_)
        mask: Mask = table.take(self.codes, mode="clip")  # the last entry is no character
        return ~mask if without else mask


@cache
def _bytes(table: bytes, without: bool) -> bytes:
    return bytes(1 - each for each in table) if without else table


@cache
def _table(test: Callable[[str], bool]) -> Mask:
    table = np.fromiter(map(test, map(chr, range(PLANE))), np.bool_, PLANE)
    table[PLANE - 1] = False
    table.flags.writeable = False
    return table


def letters() -> Mask:
    """The letters of all scripts, as a table for `Characters.among`."""
    return _table(str.isalpha)


def letters_and_digits() -> Mask:
    """Likewise with the digits of all scripts."""
    return _table(str.isalnum)


def spaces() -> Mask:
    """White space, line ends included."""
    return _table(str.isspace)
