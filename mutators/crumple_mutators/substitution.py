"""Characters of a text replaced by longer or shorter pieces, many at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from crumple_mutators.positions import Indices, Points, joined

_FEW = 300  # places, up to which one after the other is quicker than all at once
_BLOCK = 1 << 18  # characters


def substituted(points: Points, at: Indices, kinds: NDArray[np.uint32], forms: Mapping[int, str]) -> str:
    """The characters with others in some places.

    Args:
        points: the characters.
        at: rising positions.
        kinds: for each of them which form is written there.
        forms: what each kind is written as.
    """
    if len(at) < _FEW:
        return _spliced(points, at, kinds, forms, 1)
    return _laid_out(points, at, kinds, forms, 1)


def inserted(points: Points, at: Indices, kinds: NDArray[np.uint32], forms: Mapping[int, str]) -> str:
    """The characters with others before some of them, or after the last; arguments as for `substituted`."""
    if len(at) < _FEW:
        return _spliced(points, at, kinds, forms, 0)
    ended = np.append(points, np.uint32(0))  # so that there is a place after the last
    return _laid_out(ended, at, kinds, forms, 0)[:-1]


def _spliced(points: Points, at: Indices, kinds: NDArray[np.uint32], forms: Mapping[int, str], taken: int) -> str:
    """The characters with others in the place of so many from each position on."""
    value, pieces, done = joined(points), list[str](), 0
    for start, kind in zip(at.tolist(), kinds.tolist(), strict=True):
        pieces += (value[done:start], forms[kind])
        done = start + taken
    pieces.append(value[done:])
    return "".join(pieces)


def _laid_out(points: Points, at: Indices, kinds: NDArray[np.uint32], forms: Mapping[int, str], taken: int) -> str:
    """The characters with others in the place of so many from each position on; a long text piece by piece."""
    names, lengths, table = _tabled(forms)
    pieces: list[str] = []
    for start in range(0, len(points), _BLOCK):
        first, last = np.searchsorted(at, (start, start + _BLOCK))
        which = np.searchsorted(names, kinds[first:last])
        block = points[start : start + _BLOCK]
        pieces.append(_block(block, at[first:last] - start, lengths[which], table[which], taken))
    return "".join(pieces)


def _tabled(forms: Mapping[int, str]) -> tuple[Points, Indices, Points]:
    """The kinds, rising, and their forms' lengths and characters, a row for each."""
    names = sorted(forms)
    written = [forms[each] for each in names]
    lengths = np.array([len(each) for each in written], np.intp)
    table = np.zeros((len(written), max(1, *map(len, written), 1)), np.uint32)
    for row, form in enumerate(written):
        table[row, : len(form)] = [ord(each) for each in form]
    return np.array(names, np.uint32), lengths, table


def _block(points: Points, at: Indices, lengths: Indices, rows: Points, taken: int) -> str:
    """A part of the characters with rows of others, each so long, in the place of so many from each position on."""
    if taken and (lengths == 1).all():
        changed = points.copy()
        changed[at] = rows[:, 0]
        return joined(changed)
    grown = lengths - taken
    counts = np.ones(len(points), np.intp)
    counts[at] += grown
    new = np.repeat(points, counts)
    first = at + np.cumsum(grown) - grown
    for column in range(rows.shape[1]):
        has = lengths > column
        new[first[has] + column] = rows[has, column]
    return joined(new)
