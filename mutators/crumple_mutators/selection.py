"""Which of many things are damaged: one drawn order and a prefix of it, so that more damage is a superset of less."""

from __future__ import annotations

import math

from numpy.random import Generator


def portion(share: float, count: int) -> int:
    """How many of `count` things a share of them is: rounded, at least one unless the share is 0."""
    if share <= 0 or not count:
        return 0
    return min(count, max(1, math.floor(share * count + 0.5)))


def chosen(rng: Generator, count: int, share: float) -> list[int]:
    """The indices of a share of `count` things, in the order drawn.

    The generator is used alike whatever the share, so at one seed a greater share holds every smaller one.
    """
    order: list[int] = rng.permutation(count)[: portion(share, count)].tolist()
    return order
