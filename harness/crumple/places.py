"""Where in a view something is: what a mutator says it touched, and where a truth's values stand."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters [start, end) of a `Text`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One cell of a `Table`: `row` counts from 0 over all rows, the header included; `column` from 0."""

    row: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class Pointer:
    """One value of a `Record` and all below it, as a JSON pointer (RFC 6901); "" is the whole record."""

    path: str


@dataclass(frozen=True, slots=True, order=True)
class Extent:
    """Bytes [start, end) of a document."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, order=True)
class Region:
    """A rectangle of one page, in shares of its width and height from the top left; by default all of it."""

    page: int
    left: float = 0.0
    top: float = 0.0
    right: float = 1.0
    bottom: float = 1.0


@dataclass(frozen=True, slots=True, order=True)
class Member:
    """One of the `Parts` that a document carries inside, and all below it, by its path."""

    path: str


Place: TypeAlias = Span | Cell | Pointer | Extent | Region | Member


def overlap(one: Place, other: Place) -> bool:
    """Whether two places share anything; places of different kinds never do."""
    match one, other:
        case (Span(start, end), Span()):
            return start < other.end and other.start < end
        case (Extent(start, end), Extent()):
            return start < other.end and other.start < end
        case (Cell(), Cell()):
            return one == other
        case (Pointer(path), Pointer(beside)) | (Member(path), Member(beside)):
            return path == beside or path.startswith(beside + "/") or beside.startswith(path + "/")
        case (Region(), Region()):
            return (
                one.page == other.page
                and one.left < other.right
                and other.left < one.right
                and one.top < other.bottom
                and other.top < one.bottom
            )
    return False


def touching(places: Sequence[Place]) -> Callable[[Place], bool]:
    """A test of whether a place overlaps any of these, all of one kind; quick where there are thousands."""
    if not all(isinstance(each, (Span, Extent)) for each in places):
        if all(isinstance(each, Cell) for each in places):
            return frozenset(places).__contains__
        return lambda place: any(overlap(place, other) for other in places)
    merged: list[list[int]] = []
    for start, end in sorted((each.start, each.end) for each in places if isinstance(each, (Span, Extent))):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    starts = [start for start, _ in merged]

    def test(place: Place) -> bool:
        if not isinstance(place, (Span, Extent)):
            return False
        before = bisect.bisect_left(starts, place.end) - 1
        return before >= 0 and merged[before][1] > place.start

    return test
