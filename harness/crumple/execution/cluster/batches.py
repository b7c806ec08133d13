"""How many calls make a batch. Pure.

A task costs Dask some milliseconds whatever is in it, so that a batch is to take half a second; but what waits in a
batch is made nowhere else, so that few calls are spread over all that could make them, and no call that hangs has more
waiting behind it than that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SECONDS: Final = 0.5
"""How long a batch is to take."""
TASKS_A_SECOND: Final = 200
"""How many batches a scheduler is to see in a second; with more slots than suit that, each takes longer."""
LARGEST: Final = 2000
MOST: Final = 30_000
"""How many calls may be out or wait here; each takes a kilobyte or two."""
_FORGETTING: Final = 0.7
_AT_A_TIME: Final = 8
"""A batch of many calls at a time has so many times as many, for at its end fewer and fewer are out."""


@dataclass(slots=True)
class Sizes:
    """Learns how long calls take, and says how many go into a batch.

    Attributes:
        slots: how many batches can be under way at once.
        at_a_time: how many calls of a batch are out at once.
        ahead: how many batches are out for each slot: one under way, and one that waits beside it.
    """

    slots: int
    at_a_time: int = 1
    ahead: int = 2
    _pace: float = 0.0

    def heard(self, seconds: float, calls: int) -> None:
        """Learn from a batch that is back: at once where calls are slow, by and by where they are fast."""
        self._pace = max(seconds / max(1, calls), _FORGETTING * self._pace)

    @property
    def seconds(self) -> float:
        """How long a batch is to take."""
        return max(SECONDS, self.slots / TASKS_A_SECOND)

    @property
    def target(self) -> int:
        """How many calls take as long as a batch is to take; before any is back, as few as can be."""
        least = self.at_a_time * (1 if self.at_a_time == 1 else _AT_A_TIME)
        if not self._pace:
            return least
        return max(least, int(min(LARGEST, self.seconds / self._pace)))

    @property
    def out(self) -> int:
        """How many batches may be out."""
        return self.ahead * self.slots

    @property
    def most(self) -> int:
        """How many calls may be out or wait here: enough for what is out, and for the batch that follows in each slot.

        Without the latter the next batch would be cut from the few calls that have just come in.
        """
        return max(self.slots, min(MOST, (self.ahead + 1) * self.slots * self.target))

    def of(self, waiting: int) -> int:
        """How many of so many waiting calls the next batch takes."""
        return min(waiting, self.target, max(self.at_a_time, -(-waiting // self.slots)))
