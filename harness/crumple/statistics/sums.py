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
        for group, number in parts:
            part = weight * number
            if group in self._several:
                self._several[group].append(part)
            elif group in self._single:
                self._several[group] = [self._single[group], part]
            else:
                self._single[group] = part

    def of(self, group: str) -> float:
        """The sum of a group; 0 without parts."""
        several = self._several.get(group)
        return self._single.get(group, 0.0) if several is None else math.fsum(several)

    def beside(self, other: GroupSums) -> list[tuple[float, float]]:
        """Of each group, in the order of their names, its sum here and in another one."""
        return [(self.of(group), other.of(group)) for group in sorted(self._single)]
