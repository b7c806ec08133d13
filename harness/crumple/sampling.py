"""A sample of cases that is drawn in one pass, in memory of its own size; and how kinds take turns. Pure."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Final, Generic, TypeVar

from crumple.case import Wanted

T = TypeVar("T")

_SLACK: Final = 8
"""One in so many more is held than wanted."""


class Sampler(Generic[T]):
    """Keeps what is wanted of the cases that it is told of.

    Groups stand in the order of a hash of the seed and their names, so that it does not matter in which order cases
    are told, or what other cases there are: a case that is added to a corpus takes the place of one other at most.
    """

    def __init__(self, wanted: Wanted) -> None:
        """Begin with none."""
        self._wanted = wanted
        self._kinds: dict[str, _First[T]] = {}

    def add(self, kind: str, group: str, case: str, item: T) -> None:
        """Tell of a case: its kind of document, its group, its id, and what is kept of it."""
        first = self._kinds.get(kind)
        if first is None:
            first = self._kinds[kind] = _First(max(1, self._wanted.most))
        first.add(self._order(kind, group), group, case, item)

    def chosen(self) -> list[T]:
        """What was wanted, in order; with that it is handed over."""
        queues = [first.cut() for _, first in sorted(self._kinds.items())]
        self._kinds = {}
        most = max(self._wanted.most, len(queues))
        return [item for _, item in itertools.islice(in_turn(queues), most)]

    def _order(self, kind: str, group: str) -> bytes:
        salt = kind if self._wanted.by_group else ""
        text = f"{self._wanted.seed}\0{salt}\0{group}"
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()


class _First(Generic[T]):
    """Those that come first in the order; a few more are held than wanted, for many are sorted faster than one each."""

    __slots__ = ("_beyond", "_held", "_most")

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: list[tuple[tuple[bytes, str, str], T]] = []
        self._beyond: tuple[bytes, str, str] | None = None

    def add(self, order: bytes, group: str, case: str, item: T) -> None:
        beyond, place = self._beyond, (order, group, case)
        if beyond is not None and place >= beyond:
            return
        self._held.append((place, item))
        if len(self._held) > self._most + self._most // _SLACK + _SLACK:
            self._beyond = self.cut()[-1][0]

    def cut(self) -> list[tuple[tuple[bytes, str, str], T]]:
        """The first ones, in order."""
        self._held.sort(key=itemgetter(0))
        del self._held[self._most :]
        return self._held


def in_turn(queues: Sequence[Iterable[T]]) -> Iterator[T]:
    """One of each queue after the other, until all are empty."""
    nothing = object()
    for turn in itertools.zip_longest(*queues, fillvalue=nothing):
        yield from (each for each in turn if each is not nothing)  # type: ignore[misc]  # what is left are items
