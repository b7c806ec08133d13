"""From a measured value to a level, and from which on it is damage at all. Pure."""

from __future__ import annotations

import math
from typing import Final

from crumple.errors import CrumpleError
from crumple.mutation.ladder import Ladder
from crumple.mutation.mutator import Mutator
from crumple.recipe import Value

CLEAN_BELOW: Final = 0.5
"""Levels below this are clean: nearer to nothing than to what is everyday."""
UNKNOWN: Final = 0.0
"""The level of damage that shows, but not how bad it is."""
_RUNGS = 5


def level_of(mutator: Mutator | None, value: Value | None, of: str) -> float | None:
    """The level that a value stands for: above 0 and at most 5; None where it is clean or cannot be told.

    Args:
        mutator: whose trace was measured; None where no mutator makes it.
        value: what the measure returned.
        of: the measure's name, for errors.

    Raises:
        CrumpleError: a value that the mutator's parameter cannot have.
    """
    if value is None or value is False:
        return None
    ladder = mutator.ladder if mutator is not None else None
    if mutator is None or value is True or ladder is None:
        return mutator.level if mutator is not None and ladder is None else UNKNOWN
    if isinstance(ladder.rungs[0], str) != isinstance(value, str) or (
        isinstance(value, str) and value not in ladder.rungs
    ):
        raise CrumpleError(f"its value {value!r} is none of {ladder.rungs}", where=f"the measure of {of}")
    level = _below_one(ladder, value) if isinstance(value, (int, float)) else float(ladder.level_of(value))
    return level if level >= CLEAN_BELOW else None


def _below_one(ladder: Ladder, value: float) -> float:
    """As `Ladder.level_of`; but a ladder without a zero goes on below level 1 as it does from 1 to 2."""
    if not math.isfinite(value):
        return 0.0
    level = ladder.level_of(value)
    first, second = float(ladder.rungs[0]), float(ladder.rungs[1])
    sign = 1.0 if second > first else -1.0
    if ladder.zero is not None or sign * value >= sign * first:
        return level
    if first > 0 and second > 0 and value <= 0:
        return 0.0
    if first > 0 and second > 0:
        return 1 + math.log(value / first) / math.log(second / first)
    return 1 + (value - first) / (second - first)


def rung(level: float) -> int:
    """The whole level that a level counts for, 1 to 5."""
    return min(_RUNGS, max(1, math.floor(level + 0.5)))


def badness(ladder: Ladder | None, value: Value | None) -> float:
    """A number that rises as a value gets worse, past the ends of a ladder too; to find the strangest files by."""
    if ladder is None or isinstance(value, (bool, str)) or value is None:
        return float(ladder.rungs.index(value)) if ladder is not None and value in ladder.rungs else 0.0
    return float(value) if float(ladder.rungs[-1]) > float(ladder.rungs[0]) else -float(value)
