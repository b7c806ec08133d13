"""Weighed sums by group that do not depend on the order in which their parts came. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable


class GroupSums:
    """A sum for each group; of a million groups most have one part."""

    def __init__(self) -> None:
        """No group has any."""
        self._single: dict[str, float] = {}
        self._several: dict[str, list[float]] = {}

    def add(self, weight: float, parts: Iterable[tuple[str, float]]) -> None:
        """Add parts.

        Args:
            weight: of each.
            parts: (group, number).
        """
        single, several = self._single, self._several
        for group, number in parts:
            part = weight * number
            if group not in single:
                single[group] = part
            elif group in several:
                several[group].append(part)
            else:
                several[group] = [single[group], part]

    def sums(self) -> dict[str, float]:
        """Group -> its sum."""
        return self._single | {group: math.fsum(parts) for group, parts in self._several.items()}

    def beside(self, other: GroupSums) -> list[tuple[float, float]]:
        """Of each group, in the order of their names, its sum here and in another one; 0 where it has none there."""
        beside = other.sums().get
        return [(own, beside(group, 0.0)) for group, own in sorted(self.sums().items())]
