"""What a lane is at, in memory that it shares with its parent: that tells of a lane which hangs in one step as well.

A message at every step would cost more than a fast system's call, and a lane that hangs sends none.
"""

from __future__ import annotations

import enum
import mmap
from dataclasses import dataclass
from pathlib import Path

from crumple.result import Work
from crumple.workers.limits import in_seconds

PROGRESS = "progress"  # the file's name in the lane's scratch folder
_CELLS = 3
_BYTES = 8 * _CELLS


class Step(enum.IntEnum):
    """What a lane does with one piece of work; 0, as the memory begins, is before it is ready."""

    STARTING = 0
    IDLE = 1
    DEGRADING = 2
    CALLING = 3
    JUDGING = 4


@dataclass(frozen=True, slots=True)
class At:
    """Where a lane stands.

    Attributes:
        count: how many steps it has begun.
        step: the last of them.
        work: the number of the work that it is about.
    """

    count: int
    step: Step
    work: int


class Progress:
    """The shared memory: the lane marks, the parent reads."""

    def __init__(self, path: Path) -> None:
        """Share the file's memory; it is made where it is missing, and not needed once both have opened it."""
        with open(path, "a+b") as file:
            file.truncate(_BYTES)
            self._memory = mmap.mmap(file.fileno(), _BYTES)
        self._cells = memoryview(self._memory).cast("q")

    def mark(self, step: int, work: int) -> None:
        """Say that a step begins."""
        cells = self._cells
        cells[1] = step
        cells[2] = work
        cells[0] += 1

    def read(self) -> At:
        """The step that the lane is at."""
        count, step, work = self._cells
        return At(count, Step(step), work)


class Watch:
    """How long a lane has been at one step, as its parent has seen.

    Time in which the parent did not look hardly counts: a machine that was suspended, or a parent that was stopped,
    says nothing about a lane.
    """

    def __init__(self, progress: Progress, own: float, call: float, now: float) -> None:
        """Watch a lane.

        Args:
            progress: what it marks.
            own: seconds that one of crumple's own steps may take.
            call: seconds that sending or receiving may take, or starting.
            now: the monotonic clock.
        """
        self._progress = progress
        self._limits = {Step.DEGRADING: own, Step.JUDGING: own, Step.CALLING: call, Step.STARTING: call}
        self._seen = progress.read()
        self._looked = now
        self._seconds = 0.0
        self.interval = min(1.0, own / 4)

    @property
    def at(self) -> At:
        """The step that the lane is at."""
        return self._progress.read()

    def overdue(self, now: float) -> float:
        """The limit that the lane's step has passed, in seconds; 0.0 where it has not."""
        seen = self._progress.read()
        self._seconds = self._seconds + min(now - self._looked, 2 * self.interval) if seen == self._seen else 0.0
        self._seen, self._looked = seen, now
        limit = self._limits.get(seen.step)
        return limit if limit is not None and self._seconds > limit else 0.0


def doing(step: Step, work: Work) -> str:
    """A step in words: "degrading with scan.skew"; "" where it is none with a piece of work."""
    if step is Step.DEGRADING:
        mutators = dict.fromkeys(each.mutator for each in work.recipe.steps)
        return f"degrading with {' and '.join(mutators)}" if mutators else "preparing the clean document"
    return {Step.CALLING: "calling the system", Step.JUDGING: "judging the answer"}.get(step, "")


def took_too_long(at: At, work: Work, limit: float) -> str:
    """The cause of a call whose lane was ended for it."""
    return f"{doing(at.step, work)} took over {in_seconds(limit)}"
