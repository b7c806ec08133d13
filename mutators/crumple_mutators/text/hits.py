"""Which characters are hit: as many as a rate asks for, no two side by side, more of them a superset of fewer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias, overload

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crumple import NotApplicable, Span
from crumple_mutators.positions import Indices, Mask

Costs: TypeAlias = NDArray[np.float64]
Dice: TypeAlias = NDArray[np.uint32]

_NEVER: Final = 0xFFFF
_MANY: Final = 8192  # from here on counting is faster than sorting
_ROUNDS: Final = 6


class Dice32:
    """Random numbers for places: what is thrown for one does not depend on how many others are hit."""

    def __init__(self, key: int) -> None:
        """Take a key that was drawn."""
        self._key = key & 0xFFFFFFFF

    def at(self, places: Indices) -> Dice:
        """32 random bits for each place (the finaliser of MurmurHash3 over its number)."""
        found = places.astype(np.uint32)
        found *= np.uint32(0x9E3779B1)
        found += np.uint32(self._key)
        found ^= found >> np.uint32(16)
        found *= np.uint32(0x85EBCA6B)
        found ^= found >> np.uint32(13)
        found *= np.uint32(0xC2B2AE35)
        found ^= found >> np.uint32(16)
        return found


def pick(dice: Dice, number: int | NDArray[np.uint32]) -> Indices:
    """Each throw as a whole number below another, from its upper 16 bits; its lower 16 stay for something else."""
    return ((dice >> np.uint32(16)) * np.asarray(number, np.uint32) >> np.uint32(16)).astype(np.intp)


def chance(dice: Dice, share: float) -> Mask:
    """Which throws come true with this probability, by their lower 16 bits."""
    mask: Mask = (dice & np.uint32(0xFFFF)) < share * 0x10000
    return mask


class Spans(Sequence[Span]):
    """Rising spans, each made when it is asked for: a million characters have tens of thousands."""

    __slots__ = ("_ends", "_starts")
    __hash__ = None  # type: ignore[assignment]  # as a list

    def __init__(self, starts: Indices, ends: Indices) -> None:
        """Take where they begin and end."""
        self._starts, self._ends = starts, ends

    def __len__(self) -> int:
        return len(self._starts)

    def __iter__(self) -> Iterator[Span]:
        return map(Span, self._starts.tolist(), self._ends.tolist())

    @overload
    def __getitem__(self, index: int) -> Span: ...
    @overload
    def __getitem__(self, index: slice) -> Spans: ...
    def __getitem__(self, index: int | slice) -> Span | Spans:
        if isinstance(index, slice):
            return Spans(self._starts[index], self._ends[index])
        return Span(int(self._starts[index]), int(self._ends[index]))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Spans):
            return np.array_equal(self._starts, other._starts) and np.array_equal(self._ends, other._ends)
        return isinstance(other, Sequence) and list(self) == list(other)


def hits(
    rng: Generator, able: Mask, wanted: float, reason: str, cost: Callable[[Indices, Dice32], Costs] | None = None
) -> tuple[Indices, Dice32]:
    """Places that are hit, rising, and the dice that say how.

    Every place has a priority, drawn; those that come before both their neighbours are a queue, and its head is hit.
    Two neighbours never are, for two errors side by side can look like one. Where the queue is too short, what lies
    apart from it queues up behind.

    Args:
        rng: how much is drawn of it depends on the length alone.
        able: the places that can be hit.
        wanted: the number of errors; a fraction is one more with that probability. At least one place is hit.
        reason: of `NotApplicable`, where there is none.
        cost: how many errors a hit makes at each of some places; by default one.

    Raises:
        NotApplicable: no place can be hit.
    """
    raw = np.asarray(rng.bit_generator.random_raw(len(able) // 4 + 3), "<u8")
    dice, luck = Dice32(int(raw[0])), float(raw[1] >> 11) / (1 << 53)
    waiting = raw[2:].view("<u2")[: len(able)] | (able.view(np.uint8).astype(np.uint16) - np.uint16(1))
    chosen: list[Indices] = []
    for _ in range(_ROUNDS):
        queue = _first_of_their_neighbours(waiting)
        if not len(queue):
            break
        costs = None if cost is None else cost(queue, dice)
        all_of_it = float(len(queue) if costs is None else costs.sum())
        if all_of_it >= wanted or not chosen:
            head = _head(waiting[queue], costs, wanted, luck) if all_of_it > wanted else np.arange(len(queue))
            if not len(head) and not chosen:
                head = np.array([waiting[queue].argmin()])
            chosen.append(queue[head])
        else:
            chosen.append(queue)
        wanted -= all_of_it
        if wanted <= 0:
            break
        for near in (queue, queue[queue > 0] - 1, queue[queue < len(able) - 1] + 1):
            waiting[near] = _NEVER
    if not chosen:
        raise NotApplicable(reason)
    return (chosen[0] if len(chosen) == 1 else np.sort(np.concatenate(chosen))), dice


def _first_of_their_neighbours(waiting: NDArray[np.uint16]) -> Indices:
    first = waiting != _NEVER
    first[1:] &= waiting[1:] < waiting[:-1]
    first[:-1] &= waiting[:-1] <= waiting[1:]
    return np.flatnonzero(first)


def _head(priorities: NDArray[np.uint16], costs: Costs | None, wanted: float, luck: float) -> Indices:
    """Those that come first by (priority, place) and together make the wanted number of errors; rising."""
    if len(priorities) < _MANY:
        order = np.argsort(priorities, kind="stable")
        return np.sort(order[: _number(None if costs is None else costs[order], wanted, luck)])
    made = np.cumsum(np.bincount(priorities, costs, minlength=_NEVER + 1))
    last = int(np.searchsorted(made, wanted, "right"))
    at_last = np.flatnonzero(priorities == last)
    before = float(made[last - 1]) if last else 0.0
    some = at_last[: _number(None if costs is None else costs[at_last], wanted - before, luck, len(at_last))]
    head = priorities < last
    head[some] = True
    return np.flatnonzero(head)


def _number(costs: Costs | None, wanted: float, luck: float, most: int | None = None) -> int:
    """How many of the first make this many errors; what is left of it is one more by luck."""
    if costs is None:
        whole = int(wanted)
        number = whole + (luck < wanted - whole)
        return number if most is None else min(number, most)
    made = np.cumsum(costs)
    number = int(np.searchsorted(made, wanted, "right"))
    left = wanted - (float(made[number - 1]) if number else 0.0)
    return number + (number < len(costs) and luck * float(costs[number]) < left)
