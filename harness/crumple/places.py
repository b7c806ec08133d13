"""Where in a view something is: what a mutator says it touched, and where a truth's values stand."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, overload

if TYPE_CHECKING:  # numpy is heavy, and places are read where nothing is degraded
    import numpy as np
    from numpy.typing import NDArray

    Indices: TypeAlias = NDArray[np.intp]


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


class Spans(Sequence[Span]):
    """Rising spans, worked out and made when they are asked for: a million characters have tens of thousands."""

    __slots__ = ("_at", "_bounds", "_ends")
    __hash__ = None  # type: ignore[assignment]  # as a list

    def __init__(self, at: Indices, before: int | Indices, after: int | Indices) -> None:
        """Take places, how many characters before each belong to its span, and how many from it on."""
        self._at, self._ends = at, (before, after)
        self._bounds: tuple[Indices, Indices] | None = None

    def bounds(self) -> tuple[Indices, Indices]:
        """Where they begin and end."""
        if self._bounds is None:
            before, after = self._ends
            self._bounds = (self._at - before).clip(0), self._at + after
        return self._bounds

    def distinct(self) -> bool:
        """Whether each begins behind the one before it, so that none stands there twice."""
        starts, _ = self.bounds()
        return bool((starts[1:] > starts[:-1]).all())

    def __len__(self) -> int:
        return len(self._at)

    def __iter__(self) -> Iterator[Span]:
        starts, ends = self.bounds()
        return map(Span, starts.tolist(), ends.tolist())

    @overload
    def __getitem__(self, index: int) -> Span: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Span]: ...
    def __getitem__(self, index: int | slice) -> Span | Sequence[Span]:
        starts, ends = self.bounds()
        if isinstance(index, slice):
            return [*map(Span, starts[index].tolist(), ends[index].tolist())]
        return Span(int(starts[index]), int(ends[index]))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Spans):
            pairs = zip(self.bounds(), other.bounds(), strict=True)
            return len(self) == len(other) and all(bool((one == another).all()) for one, another in pairs)
        return isinstance(other, Sequence) and list(self) == list(other)


def each_once(places: Sequence[Place]) -> Sequence[Place]:
    """Places in their order, none of them twice."""
    return places if isinstance(places, Spans) and places.distinct() else tuple(dict.fromkeys(places))


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
    if isinstance(places, Spans) and places.distinct():
        return _touching(*_merged(places))
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
    return _touching([start for start, _ in merged], [end for _, end in merged])


def _merged(spans: Spans) -> tuple[list[int], list[int]]:
    """Where spans begin and end once those that touch are one."""
    import numpy as np  # there already, where there are such spans

    starts, ends = spans.bounds()
    ends = np.maximum.accumulate(ends)
    apart = np.flatnonzero(starts[1:] > ends[:-1])
    return [*starts[:1].tolist(), *starts[apart + 1].tolist()], [*ends[apart].tolist(), *ends[-1:].tolist()]


def _touching(starts: Sequence[int], ends: Sequence[int]) -> Callable[[Place], bool]:
    def test(place: Place) -> bool:
        if not isinstance(place, (Span, Extent)):
            return False
        before = bisect.bisect_left(starts, place.end) - 1
        return before >= 0 and ends[before] > place.start

    return test
