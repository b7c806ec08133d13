"""Characters written in another form, a share of them, quickly in long texts and short ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crumple import NotApplicable, Span, Text
from crumple_mutators.content import content
from crumple_mutators.positions import Indices, Points, beyond_ascii, code_points, drawn, joined, some, spans_of

UNDECODABLE = "it holds bytes that its encoding cannot explain"
_LONG = 20_000
_MOST_TOUCHED = 2000


def check_decodable(text: Text) -> None:
    """Raise `NotApplicable` where the text holds bytes that its encoding cannot explain."""
    try:
        text.value.encode()
    except UnicodeEncodeError:
        raise NotApplicable(UNDECODABLE) from None


def distinct(value: str, points: Points) -> list[str]:
    """The characters of a text, each once, rising; lone surrogates left out."""
    if len(points) < _LONG:  # where an array of all characters would cost more than it saves
        found = sorted(set(value))
    else:
        there = np.zeros(int(points.max()) + 1, np.bool_)
        there[points] = True
        found = [chr(each) for each in np.flatnonzero(there).tolist()]
    return [each for each in found if not "\ud800" <= each <= "\udfff"]


def rewritten(
    text: Text,
    share: float,
    rng: Generator,
    rewrite: Callable[[str], str],
    reason: str,
) -> tuple[str, Indices]:
    """The text with a share of the characters that can be rewritten so, and where they stood.

    Raises:
        NotApplicable: with the reason, where there are none.
    """
    points = code_points(text.value)
    forms = {ord(each): new for each in distinct(text.value, points) if (new := rewrite(each)) != each}
    if not forms:
        raise NotApplicable(reason)
    known = np.zeros(max(int(points.max()), *forms) + 1, np.bool_)
    known[list(forms)] = True
    at = np.flatnonzero(content(text.value) & known[points])
    some(at, reason)
    hit = at[drawn(rng, len(at), share)]
    return substituted(points, hit, points[hit], forms), hit


def substituted(points: Points, at: Indices, kinds: NDArray[np.uint32], forms: Mapping[int, str]) -> str:
    """The characters with others in some places.

    Args:
        points: the characters; they may be changed.
        at: rising positions.
        kinds: for each of them which form is written there.
        forms: what each kind is written as.
    """
    names = np.array(sorted(forms), np.uint32)
    written = [forms[each] for each in names.tolist()]
    lengths = np.array([len(each) for each in written], np.intp)
    which = np.searchsorted(names, kinds)
    longest = int(lengths.max(initial=0))
    table = np.zeros((len(written), max(1, longest)), np.uint32)
    for row, form in enumerate(written):
        table[row, : len(form)] = [ord(each) for each in form]
    if (lengths == 1).all():
        points[at] = table[which, 0]
        return joined(points)
    counts = np.ones(len(points), np.intp)
    counts[at] = lengths[which]
    ends = np.cumsum(counts)
    kept = np.ones(len(points), np.bool_)
    kept[at] = False
    new = np.empty(int(ends[-1]) if len(ends) else 0, np.uint32)
    new[(ends - 1)[kept]] = points[kept]
    first = ends[at] - counts[at]
    for column in range(longest):
        has = lengths[which] > column
        new[first[has] + column] = table[which[has], column]
    return joined(new)


def touched(positions: Indices) -> list[Span]:
    """Rising positions as spans for a report: of very many, those nearest to each other as one."""
    if len(positions) <= _MOST_TOUCHED:
        return spans_of(positions)
    gaps = np.diff(positions)
    widest = int(np.partition(gaps, -_MOST_TOUCHED)[-_MOST_TOUCHED])
    ends = np.flatnonzero(gaps > max(1, widest))
    starts = [positions[0], *positions[ends + 1]]
    return [
        Span(int(start), int(end) + 1) for start, end in zip(starts, [*positions[ends], positions[-1]], strict=True)
    ]


def lines_beyond(value: str, points: Points) -> list[Span]:
    """The lines, without their ends, that hold a character beyond ASCII; undecodable bytes do not count."""
    at = np.flatnonzero(beyond_ascii(points))
    ends = np.flatnonzero((points == 0x0A) | (points == 0x0D))
    rows = np.unique(np.searchsorted(ends, at))
    bounds = [-1, *ends.tolist(), len(value)]
    return [Span(bounds[row] + 1, bounds[row + 1]) for row in rows.tolist()]
