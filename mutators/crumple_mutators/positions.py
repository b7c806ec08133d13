"""Positions of characters that a mutator damages: drawn, as numbers, as spans, and written anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crumple import NotApplicable, Span
from crumple_mutators.selection import portion

Indices: TypeAlias = NDArray[np.intp]
Mask: TypeAlias = NDArray[np.bool_]
Points: TypeAlias = NDArray[np.uint32]

_END: Final = "."  # numpy would take NULs off the end of a string


def number_of(share: float, total: int, *, least: int = 1) -> int:
    """How many items a share of them is: at least `least`, at most all; none where the share is 0."""
    return 0 if share <= 0 else min(total, max(least, portion(share, total)))


def drawn(rng: Generator, total: int, share: float) -> Indices:
    """Which of `total` items are damaged, rising; a larger share takes the same ones and more.

    How much is drawn from the generator does not depend on the share.
    """
    return prefix(rng, total, portion(share, total))


def prefix(rng: Generator, total: int, number: int) -> Indices:
    """The first `number` of `total` items in an order that is drawn, rising."""
    return np.sort(rng.permutation(total)[:number])


def code_points(value: str) -> Points:
    """The characters as numbers, undecodable bytes (lone surrogates) included; a copy that may be changed."""
    try:
        return np.frombuffer(value.encode("utf-32-le"), "<u4").copy()
    except UnicodeEncodeError:
        # The codec asks for every lone surrogate what to do with it, a microsecond each; numpy takes them as they are.
        return np.array([value + _END]).view("<u4")[:-1]


def joined(points: Points) -> str:
    """The inverse of `code_points`."""
    numbers = points.astype("<u4", copy=False)
    try:
        return str(np.ascontiguousarray(numbers).data, "utf-32-le")
    except UnicodeDecodeError:
        ended = np.append(numbers, np.uint32(ord(_END)))
        return str(ended.view(f"<U{len(ended)}")[0])[:-1]


def beyond_ascii(points: Points) -> Mask:
    """Which characters are neither ASCII nor undecodable bytes."""
    mask: Mask = (points > 0x7F) & ~((points >= 0xD800) & (points <= 0xDFFF))
    return mask


def spans_of(positions: Sequence[int] | Indices) -> list[Span]:
    """Rising character positions as spans, neighbours in one."""
    at = np.asarray(positions, np.intp)
    gaps = np.flatnonzero(at[1:] - at[:-1] > 1)
    ends = (at[gaps] + 1).tolist()
    starts = at[gaps + 1].tolist()
    return list(map(Span, [*at[:1].tolist(), *starts], [*ends, *(at[-1:] + 1).tolist()]))


def spliced(value: str, spans: Sequence[Span], written: Iterable[str]) -> str:
    """A text with other characters in some of its spans, which rise and do not overlap."""
    pieces, at = list[str](), 0
    for span, new in zip(spans, written, strict=True):
        pieces += (value[at : span.start], new)
        at = span.end
    pieces.append(value[at:])
    return "".join(pieces)


def some(found: Sequence[object] | Indices, reason: str) -> None:
    """Raise `NotApplicable` with the reason where nothing was found to damage."""
    if not len(found):
        raise NotApplicable(reason)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Rising spans with those that touch or overlap made one, and empty ones left out."""
    found: list[Span] = []
    for span in spans:
        if span.start >= span.end:
            continue
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found
