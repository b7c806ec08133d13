"""What recognition makes of print that it cannot quite see: letters taken for others, spaces lost and found."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from rapidfuzz.distance import Levenshtein

from crumple import Region
from crumple_mutators.confusions import ALIKE, JOINED, PARTED

_SPLIT, _PART, _JOIN, _DROP = 0.04, 0.25, 0.6, 0.4  # how often, where it is possible

Word = tuple[str, Region]


@dataclass(frozen=True, slots=True)
class _Edit:
    """Characters [start, end) of the text, and what is read instead."""

    start: int
    end: int
    read: str


def misread(words: Sequence[Word], rate: float, rng: Generator) -> list[Word]:
    """Words as recognition reads them, with their places; those that have run together have a common one.

    Args:
        words: in reading order.
        rate: wrong, missing and added characters as a share of all, spaces between words included; at least
            one is. A higher rate keeps the errors of a lower one.
        rng: draws one order of all possible errors.
    """
    text = " ".join(word for word, _ in words)
    starts = np.cumsum([0, *(len(word) + 1 for word, _ in words)])
    closed = {
        int(starts[index + 1]) - 1 for index in range(len(words) - 1) if not _beside(words[index], words[index + 1])
    }
    edits = _edits(text, closed, rate, rng)
    heard: list[Word] = []
    joins = False
    for index, (_, place) in enumerate(words):
        start, end = int(starts[index]), int(starts[index + 1]) - 1
        reading = _read(text, start, end, edits)
        if joins and heard:
            before, where = heard[-1]
            heard[-1] = before + reading, _around(where, place)
        else:
            heard.append((reading, place))
        joins = end in edits
    return [(word, place) for word, place in heard if word.strip()]


def _beside(one: Word, other: Word) -> bool:
    """Whether two words stand side by side on a line, so that the space between them can be missed."""
    before, after = one[1], other[1]
    shared = min(before.bottom, after.bottom) - max(before.top, after.top)
    return before.page == after.page and after.left >= before.right and shared > 0


def _around(one: Region, other: Region) -> Region:
    return Region(
        one.page,
        min(one.left, other.left),
        min(one.top, other.top),
        max(one.right, other.right),
        max(one.bottom, other.bottom),
    )


def _edits(text: str, closed: set[int], rate: float, rng: Generator) -> dict[int, _Edit]:
    """Errors in the order that is drawn, until there are enough; by where they begin."""
    order, draws = rng.permutation(len(text)).tolist(), rng.random((len(text), 3))
    letters = sorted({each for each in text if each.isalnum()}) or ["~"]
    wanted = max(1.0, rate * len(text))
    found: dict[int, _Edit] = {}
    taken = set(closed)
    spent = 0.0
    for at in order:
        if spent > wanted - 0.5:
            break
        edit = _edit(text, at, draws[at], letters)
        span = set(range(edit.start, edit.end))
        # Neighbours are left alone, so that two errors never make one.
        if span & taken or (" " in text[edit.start : edit.end] and edit.end - edit.start > 1):
            continue
        taken |= {edit.start - 1, *span, edit.end}
        found[edit.start] = edit
        spent += Levenshtein.distance(text[edit.start : edit.end], edit.read)
    return found


def _edit(text: str, at: int, draw: np.ndarray[tuple[int], np.dtype[np.float64]], letters: Sequence[str]) -> _Edit:
    """The error at one place, should there be one."""
    each, pair = text[at], text[at : at + 2]
    kind, which, other = draw.tolist()
    if each == " ":
        return _Edit(at, at + 1, "")
    if kind < _SPLIT and at and text[at - 1] != " ":
        return _Edit(at, at + 1, " " + each)
    if pair in JOINED and kind < _JOIN:
        return _Edit(at, at + 2, JOINED[pair])
    if each in PARTED and kind < _PART:
        return _Edit(at, at + 1, PARTED[each])
    if each in ALIKE:
        options = ALIKE[each]
        return _Edit(at, at + 1, options[int(which * len(options))])
    plain = unicodedata.normalize("NFD", each)[0]
    if plain != each:
        return _Edit(at, at + 1, plain)
    if which < _DROP:
        return _Edit(at, at + 1, "")
    replacement = letters[int(other * len(letters))]
    return _Edit(at, at + 1, replacement if replacement != each else "")


def _read(text: str, start: int, end: int, edits: dict[int, _Edit]) -> str:
    """What is read of the characters [start, end), which no error crosses."""
    pieces = []
    at = start
    while at < end:
        edit = edits.get(at)
        pieces.append(text[at] if edit is None else edit.read)
        at = at + 1 if edit is None else edit.end
    return "".join(pieces)
