"""Draws one at a time, at the price of many."""

from __future__ import annotations

from collections.abc import MutableSequence
from typing import Any

import numpy as np

_AT_A_TIME = 64
SEEDS = 1_000_000


class Chances:
    """Numbers from a generator; numpy is quick with many, and slow with one."""

    def __init__(self, rng: np.random.Generator) -> None:
        """Draw from this one."""
        self._rng = rng
        self._left: list[float] = []

    def share(self) -> float:
        """At least 0 and below 1."""
        if not self._left:
            self._left = self._rng.random(_AT_A_TIME).tolist()
        return self._left.pop()

    def below(self, count: int) -> int:
        """A whole number from 0 on."""
        return int(self.share() * count)

    def between(self, low: float, high: float) -> float:
        """Above `low`, at most `high`."""
        return high - self.share() * (high - low)

    def seed(self) -> int:
        """Of a step."""
        return 1 + self.below(SEEDS - 1)

    def shuffle(self, items: MutableSequence[Any]) -> None:
        """Put them in random order."""
        for at in range(len(items) - 1, 0, -1):
            other = self.below(at + 1)
            items[at], items[other] = items[other], items[at]
