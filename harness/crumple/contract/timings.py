"""Latencies in bounded memory: a histogram fine enough for a percentile that one can defend. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_STEP = math.log(1.005)
_SHORTEST = 1e-6


@dataclass(slots=True)
class Timings:
    """How long calls took, in bins half a per cent wide; a million calls take a few hundred of them.

    Attributes:
        bound: the limit in seconds; no bin lies on both sides of it.
        calls: how many; of a call that was made several times each is a part.
        bins: number -> (calls, the shortest and the longest in seconds); what was killed for taking too long is
            infinite.
    """

    bound: float = math.inf
    calls: float = 0.0
    bins: dict[float, tuple[float, float, float]] = field(default_factory=dict)

    def add(self, seconds: float, weight: float = 1.0) -> None:
        """Note one call; infinite seconds for one that did not come back in time."""
        number = math.inf
        if math.isfinite(seconds):
            number = 2 * math.floor(math.log(max(seconds, _SHORTEST)) / _STEP) + (seconds > self.bound)
        before, shortest, longest = self.bins.get(number, (0.0, math.inf, 0.0))
        self.bins[number] = before + weight, min(shortest, seconds), max(longest, seconds)
        self.calls += weight


def tail(parts: Iterable[tuple[float, Timings]]) -> Iterator[tuple[float, float, float]]:
    """From the shortest on: (the shortest and the longest of some calls, in seconds, the share that took longer).

    Args:
        parts: (weight, timings); weights are relative.
    """
    known = [(weight, timings) for weight, timings in parts if timings.calls]
    whole = math.fsum(weight for weight, _ in known)
    together: dict[float, tuple[list[float], float, float]] = {}
    for weight, timings in known:
        for number, (calls, shortest, longest) in timings.bins.items():
            shares, low, high = together.get(number, ([], math.inf, 0.0))
            share = weight / whole * calls / timings.calls
            together[number] = [*shares, share], min(low, shortest), max(high, longest)
    longer = 1.0
    for number in sorted(together):
        shares, shortest, longest = together[number]
        longer -= math.fsum(shares)
        yield shortest, longest, longer if longer > 1e-12 else 0.0
