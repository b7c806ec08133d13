"""An executor around another one, that makes no call twice and hands no result on before it is on disk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from crumple.execution.executor import Executor
from crumple.result import Result, Work
from crumple.store.record import Record

_MOST = 1000
"""How many works whose results are stored it takes at once."""
_LEAST: Final = 8


class Recorded:
    """Carries out what the store does not have yet."""

    def __init__(self, executor: Executor, record: Record) -> None:
        """Put it around the executor that makes the calls."""
        self._executor, self._record = executor, record
        self._ready: list[Result] = []
        self._held = 0
        self._hits = _LEAST

    @property
    def pending(self) -> int:
        """How many works have been put and not come back."""
        return self._executor.pending + len(self._ready) + self._held

    @property
    def room(self) -> int:
        """How many more works it could take now: more than the lanes have room for, while the store answers."""
        if self._record.trouble is not None:
            return 0
        room = self._executor.room
        if self._hits and self._record.left and not self._ready:
            # What comes next is mostly what came next before; where it is not, the lanes get a few too many, once.
            return max(room, min(self._record.left, 2 * self._hits, _MOST))
        return room

    def put(self, works: Sequence[Work]) -> None:
        """Take works on: those whose results are stored come back from there.

        Raises:
            CrumpleError: the system cannot be made ready, or the store cannot be read.
        """
        if not works:
            return
        if self._record.trouble is not None:
            self._held += len(works)  # what cannot be stored must not be paid for
            return
        if not self._record.left:
            self._executor.put(works)
            return
        found = self._record.take(works)
        self._hits = len(found)
        self._ready.extend(found.values())
        new = [work for work in works if work.key not in found]
        if new:
            self._executor.put(new)

    def results(self, timeout: float | None = None) -> list[Result]:
        """The results that have arrived, all of them on disk; waits for at least one, at most `timeout` seconds.

        Raises:
            CrumpleError: the system cannot be made ready; or nothing can be stored any more, and what was on its way
                has come back.
        """
        ready, self._ready = self._ready, []
        arrived = self._executor.results(0.0 if ready else timeout)
        self._record.save(arrived)
        trouble = self._record.trouble
        if trouble is not None and not self._executor.pending and not arrived and not ready:
            raise trouble
        return [*ready, *arrived]
