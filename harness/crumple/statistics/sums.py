"""Weighed sums by group that do not depend on the order in which their parts came. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Numbers = NDArray[np.int64]


class GroupSums:
    """For each group the weights of its calls, and of what was observed in them; there may be a million groups."""

    def __init__(self) -> None:
        """No group has any."""
        self._numbers: defaultdict[str, int] = defaultdict(count().__next__)
        self._calls = _Parts()
        self._seen = _Parts()

    def add(self, weight: float, groups: Sequence[str], numbers: ArrayLike) -> None:
        """Add calls.

        Args:
            weight: of each.
            groups: whose they are; a group may be named several times.
            numbers: how many each time.
        """
        self._calls.add(weight, self._at(groups), numbers)

    def see(self, weight: float, groups: Sequence[str], numbers: ArrayLike) -> None:
        """Add what was observed in calls: the same, of as many as there is something to say of."""
        self._seen.add(weight, self._at(groups), numbers)

    def pairs(self) -> Floats:
        """Of each group both sums, a row a group: (groups, 2).

        Rows are in the order of what is in them, so that sums over them come to the same to the last bit.
        """
        import numpy as np

        size = len(self._numbers)
        calls, seen = self._calls.sums(size), self._seen.sums(size)
        order = np.lexsort((seen, calls))
        return np.column_stack([calls[order], seen[order]])

    def _at(self, groups: Sequence[str]) -> Numbers:
        import numpy as np

        return np.fromiter(map(self._numbers.__getitem__, groups), np.int64, len(groups))


class _Parts:
    """What sums are made of, in the order of their weights."""

    def __init__(self) -> None:
        self._at: list[Numbers] = []
        self._parts: list[Floats] = []

    def add(self, weight: float, at: Numbers, numbers: ArrayLike) -> None:
        import numpy as np

        own, places = np.unique(at, return_inverse=True)
        self._at.append(own)
        # Numbers are added before they are weighed: that is exact, in whatever order they are.
        whole = np.bincount(places, np.asarray(numbers, float), len(own))
        self._parts.append(weight * whole.astype(np.float64, copy=False))

    def sums(self, size: int) -> Floats:
        import numpy as np

        if not self._at:
            return np.zeros(size)
        found = np.bincount(np.concatenate(self._at), np.concatenate(self._parts), size)
        return found.astype(np.float64, copy=False)


def total(numbers: Iterable[float] | Floats) -> float:
    """Their sum, the same to the last bit in whatever order they come."""
    import numpy as np

    return float(np.sort(np.fromiter(numbers, float)).sum())
