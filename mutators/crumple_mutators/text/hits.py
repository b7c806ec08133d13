"""Which characters are hit: as many as a rate asks for, no two side by side, more of them a superset of fewer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crumple import NotApplicable
from crumple_mutators.positions import Indices, Mask

Costs: TypeAlias = NDArray[np.float64]
Dice: TypeAlias = NDArray[np.uint32]

_WORD: Final = np.dtype("<u8")
_PRIORITY: Final = np.dtype("<u2")
_NEVER: Final = 0xFFFF
_MANY: Final = 8192  # from here on counting is faster than sorting
_ROUNDS: Final = 6


_WEYL, _MIX = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
_HALF, _UPPER, _LOWER = np.uint64(32), np.uint32(16), np.uint32(0xFFFF)


class Dice32:
    """Random numbers for places: what is thrown for one does not depend on how many others are hit."""

    def __init__(self, key: int) -> None:
        """Take a key of 64 bits that was drawn."""
        self._key = np.uint64(key)

    def at(self, places: Indices) -> Dice:
        """32 random bits for each place: half a round of SplitMix64 over its number."""
        found = places.view(np.uint64) * _WEYL
        found += self._key
        found ^= found >> _HALF
        found *= _MIX
        found >>= _HALF
        return found.astype(np.uint32)


def pick(dice: Dice, number: int | NDArray[np.uint32]) -> Indices:
    """Each throw as a whole number below another, from its upper 16 bits; its lower 16 stay for something else."""
    found = dice >> _UPPER
    found *= np.uint32(number) if isinstance(number, int) else number
    found >>= _UPPER
    return found.astype(np.intp)


def chance(dice: Dice, share: float) -> Mask:
    """Which throws come true with this probability, by their lower 16 bits."""
    mask: Mask = (dice & _LOWER) < np.uint32(share * 0x10000)
    return mask


def hits(
    rng: Generator, unable: Mask, wanted: float, reason: str, cost: Callable[[Indices, Dice32], Costs] | None = None
) -> tuple[Indices, Dice32]:
    """Places that are hit, rising, and the dice that say how.

    Every place has a priority, drawn; those that come before both their neighbours are a queue, and its head is hit.
    Two neighbours never are, for two errors side by side can look like one. Where the queue is too short, what lies
    apart from it queues up behind.

    Args:
        rng: how much is drawn of it depends on the length alone.
        unable: the places that cannot be hit.
        wanted: the number of errors; a fraction is one more with that probability. At least one place is hit.
        reason: of `NotApplicable`, where there is none.
        cost: how many errors a hit makes at each of some places; by default one.

    Raises:
        NotApplicable: no place can be hit.
    """
    raw = np.asarray(rng.bit_generator.random_raw(len(unable) // 4 + 3), _WORD)
    dice, luck = Dice32(int(raw[0])), int(raw[1]) / 2.0**64
    waiting = raw[2:].view(_PRIORITY)[: len(unable)]
    np.putmask(waiting, unable, _NEVER)
    chosen: list[Indices] = []
    for _ in range(_ROUNDS):
        queue = _first_of_their_neighbours(waiting)
        if not len(queue):
            break
        near = queue
        if cost is not None and len(queue) > wanted + 1:  # a hit is one error or more, so that those behind never are
            near = queue[_head(waiting[queue], None, float(int(wanted) + 1), 0.0)]
        costs = None if cost is None else cost(near, dice)
        all_of_it = float(len(near) if costs is None else costs.sum())
        head = _head(waiting[near], costs, wanted, luck) if all_of_it > wanted else np.arange(len(near))
        if not len(head) and not chosen:
            head = np.array([waiting[near].argmin()])
        chosen.append(near[head])
        wanted -= all_of_it
        if wanted <= 0:
            break
        for beside in (queue, queue[queue > 0] - 1, queue[queue < len(unable) - 1] + 1):
            waiting[beside] = _NEVER
    if not chosen:
        raise NotApplicable(reason)
    return (chosen[0] if len(chosen) == 1 else np.sort(np.concatenate(chosen))), dice


def _first_of_their_neighbours(waiting: NDArray[np.uint16]) -> Indices:
    first = np.empty(len(waiting), np.bool_)
    before, after = waiting[:-1], waiting[1:]
    first[0] = waiting[0] != _NEVER
    np.less(after, before, out=first[1:])
    first[:-1] &= before <= after
    return first.nonzero()[0]


def _head(priorities: NDArray[np.uint16], costs: Costs | None, wanted: float, luck: float) -> Indices:
    """Those that come first by (priority, place) and together make the wanted number of errors; rising."""
    if len(priorities) < _MANY:
        order = np.argsort(priorities, kind="stable")
        first: Indices = order[: _number(None if costs is None else costs[order], wanted, luck)]
        first.sort()
        return first
    made = np.cumsum(np.bincount(priorities, costs, minlength=_NEVER + 1))
    last = int(np.searchsorted(made, wanted, "right"))
    if last > _NEVER:
        return np.arange(len(priorities))
    at_last = np.flatnonzero(priorities == last)
    before = float(made[last - 1]) if last else 0.0
    some = at_last[: _number(None if costs is None else costs[at_last], wanted - before, luck)]
    head = priorities < last
    head[some] = True
    return np.flatnonzero(head)


def _number(costs: Costs | None, wanted: float, luck: float) -> int:
    """How many of the first make this many errors; what is left of it is one more by luck."""
    if costs is None:
        whole = int(wanted)
        return whole + (luck < wanted - whole)
    made = np.cumsum(costs)
    number = int(np.searchsorted(made, wanted, "right"))
    left = wanted - (float(made[number - 1]) if number else 0.0)
    return number + (number < len(costs) and luck * float(costs[number]) < left)
