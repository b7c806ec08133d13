"""How many calls make a batch. Pure.

A task costs Dask some milliseconds whatever is in it, so that a batch is to take a second or so; but what waits in a
batch is made nowhere else, so that few calls are spread over all that could make them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SECONDS: Final = 1.0
"""How long a batch is to take."""
LARGEST: Final = 2000
AHEAD: Final = 2
"""How many batches are out for each lane: one under way, and one that waits beside it."""
_FORGETTING: Final = 0.7


@dataclass(slots=True)
class Sizes:
    """Learns how long calls take, and says how many go into a batch.

    Attributes:
        slots: how many batches can be under way at once.
        least: how many calls a lane has out at once, at the least.
    """

    slots: int
    least: int = 1
    _pace: float = 0.0

    def heard(self, seconds: float, calls: int) -> None:
        """Learn from a batch that is back: at once where calls are slow, by and by where they are fast."""
        self._pace = max(seconds / max(1, calls), _FORGETTING * self._pace)

    @property
    def target(self) -> int:
        """How many calls take as long as a batch is to take; before any is back, as few as can be."""
        if not self._pace:
            return self.least
        return max(self.least, min(LARGEST, int(SECONDS / self._pace)))

    @property
    def most(self) -> int:
        """How many calls may be out, so that nothing stands idle while results are on their way."""
        return AHEAD * self.slots * self.target

    def of(self, waiting: int) -> int:
        """How many of so many waiting calls the next batch takes."""
        return max(1, min(self.target, max(self.least, -(-waiting // self.slots))))
