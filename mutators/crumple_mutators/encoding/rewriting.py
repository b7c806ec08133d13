"""Characters written in another form, a share of them, quickly in long texts and short ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

import numpy as np
from numpy.random import Generator

from crumple import NotApplicable, Span, Text
from crumple_mutators.content import content
from crumple_mutators.positions import Indices, Mask, Points, beyond_ascii, code_points, drawn, some, spans_of
from crumple_mutators.substitution import substituted

UNDECODABLE = "it holds bytes that its encoding cannot explain"
_LONG = 20_000
_COMMON = 0x3000  # below are the letters of most scripts but the East Asian ones
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
    if points.max(initial=0) < _COMMON:
        forms, known = _common_forms(rewrite)
        found = known[points]
    else:
        forms = _forms(distinct(text.value, points), rewrite)
        found = among(points, forms)
    at = np.flatnonzero(content(text.value) & found)
    some(at, reason)
    hit = at[drawn(rng, len(at), share)]
    return substituted(points, hit, points[hit], forms), hit


def _forms(characters: Iterable[str], rewrite: Callable[[str], str]) -> dict[int, str]:
    return {ord(each): new for each in characters if (new := rewrite(each)) != each}


@cache
def _common_forms(rewrite: Callable[[str], str]) -> tuple[dict[int, str], Mask]:
    """What common characters are rewritten as, and which are."""
    forms = _forms(map(chr, range(_COMMON)), rewrite)
    known = np.zeros(_COMMON, np.bool_)
    known[list(forms)] = True
    return forms, known


def among(points: Points, wanted: Iterable[int]) -> Mask:
    """Which characters are among these."""
    known = np.zeros(int(points.max(initial=0)) + 1, np.bool_)
    known[[each for each in wanted if each < len(known)]] = True
    return known[points]


def of_kind(value: str, points: Points, kind: Callable[[str], bool]) -> Mask:
    """Which characters are of a kind, asked of each distinct one once."""
    if points.max(initial=0) < _COMMON:
        return _common_kind(kind)[points]
    return among(points, [ord(each) for each in distinct(value, points) if kind(each)])


@cache
def _common_kind(kind: Callable[[str], bool]) -> Mask:
    return np.array([kind(chr(each)) for each in range(_COMMON)], np.bool_)


def words(value: str, points: Points) -> tuple[Indices, Indices]:
    """Where the words (runs of letters, digits and underscores) begin and end."""
    return runs(of_kind(value, points, _of_word))


def runs(mask: Mask) -> tuple[Indices, Indices]:
    """Where the runs of a mask begin and end."""
    at = np.flatnonzero(np.diff(mask, prepend=False, append=False))
    return at[::2], at[1::2]


def _of_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def spaces(value: str, points: Points) -> Indices:
    """Where single spaces stand between other characters that are content."""
    blank = of_kind(value, points, str.isspace)
    alone = (points == 0x20) & content(value)
    alone[1:] &= ~blank[:-1]
    alone[:-1] &= ~blank[1:]
    alone[:1] = alone[-1:] = False
    return np.flatnonzero(alone)


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
