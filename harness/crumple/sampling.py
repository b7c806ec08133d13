"""A sample of cases that is drawn in one pass, in memory of its own size; and how kinds take turns. Pure."""

from __future__ import annotations

import hashlib
import heapq
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from crumple.case import Wanted

T = TypeVar("T")


class Sampler(Generic[T]):
    """Keeps what is wanted of the cases that it is told of.

    Groups stand in the order of a hash of the seed and their names, so that it does not matter in which order cases
    are told, or what other cases there are: a case that is added to a corpus takes the place of one other at most.
    """

    def __init__(self, wanted: Wanted) -> None:
        """Begin with none."""
        self._wanted = wanted
        self._kinds: dict[str, list[tuple[_Last, T]]] = {}

    def add(self, kind: str, group: str, case: str, item: T) -> None:
        """Tell of a case: its kind of document, its group, its id, and what is kept of it."""
        held = self._kinds.setdefault(kind, [])
        place = (self._order(kind, group), group, case)
        if len(held) < max(1, self._wanted.most):
            heapq.heappush(held, (_Last(place), item))
        elif place < held[0][0].place:
            heapq.heapreplace(held, (_Last(place), item))

    def chosen(self) -> list[T]:
        """What was wanted, in order; with that it is handed over."""
        queues = [sorted(held, key=lambda each: each[0].place) for _, held in sorted(self._kinds.items())]
        self._kinds = {}
        most = max(self._wanted.most, len(queues))
        return [item for _, item in itertools.islice(in_turn(queues), most)]

    def _order(self, kind: str, group: str) -> bytes:
        salt = kind if self._wanted.by_group else ""
        text = f"{self._wanted.seed}\0{salt}\0{group}"
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()


class _Last:
    """A place in the order; of several the last one is the least, which a heap has at hand."""

    __slots__ = ("place",)

    def __init__(self, place: tuple[bytes, str, str]) -> None:
        self.place = place

    def __lt__(self, other: _Last) -> bool:
        return self.place > other.place


def in_turn(queues: Sequence[Iterable[T]]) -> Iterator[T]:
    """One of each queue after the other, until all are empty."""
    nothing = object()
    for turn in itertools.zip_longest(*queues, fillvalue=nothing):
        yield from (each for each in turn if each is not nothing)  # type: ignore[misc]  # what is left are items
