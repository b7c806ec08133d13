"""A run that somebody sits beside: paused, gone on with, ended by hand."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from crumple.errors import Enough

if TYPE_CHECKING:
    from crumple.execution.executor import Executor
    from crumple.result import Result, Work


class Hand:
    """What the person beside the run wants of it; set in one thread, obeyed in another."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Nothing is wanted yet.

        Args:
            clock: seconds that only go forward.
        """
        self._clock = clock
        self._paused_since: float | None = None
        self._paused = 0.0
        self._ending = 0
        self._changed = threading.Event()
        self._lock = threading.Lock()

    @property
    def paused(self) -> bool:
        """Whether nothing new is to be called for now."""
        return self._paused_since is not None

    @property
    def ending(self) -> bool:
        """Whether the run is to end once the calls that are out are back."""
        return self._ending > 0

    @property
    def at_once(self) -> bool:
        """Whether those are not to be waited for either."""
        return self._ending > 1

    def pause(self) -> None:
        """Pause, or go on."""
        with self._lock:
            now = self._clock()
            if self._paused_since is None:
                self._paused_since = now
            else:
                self._paused += now - self._paused_since
                self._paused_since = None
            self._changed.set()

    def end(self) -> None:
        """End the run; the second time without waiting for calls that are out."""
        self._ending += 1
        self._changed.set()

    def clock(self) -> float:
        """Seconds that only go forward, and stand still while the run is paused."""
        with self._lock:
            now = self._clock() if self._paused_since is None else self._paused_since
            return now - self._paused

    def wait(self, timeout: float | None) -> None:
        """Until something else is wanted, at most `timeout` seconds."""
        self._changed.clear()
        self._changed.wait(timeout)


class Attended:
    """An executor that takes nothing new while a run is paused or ends; what is out comes back all the same."""

    def __init__(self, executor: Executor, hand: Hand) -> None:
        """Stand before `executor`, and obey `hand`."""
        self._executor, self._hand = executor, hand

    @property
    def pending(self) -> int:
        """How many works have been put and not come back."""
        return self._executor.pending

    @property
    def room(self) -> int:
        """How many more works it could take now."""
        return 0 if self._hand.paused or self._hand.ending else self._executor.room

    def put(self, works: Sequence[Work]) -> None:
        """Take works on.

        Raises:
            CrumpleError: the system cannot be made ready.
        """
        self._executor.put(works)

    def results(self, timeout: float | None = None) -> list[Result]:
        """The results that have arrived; waits for at least one, at most `timeout` seconds.

        Raises:
            CrumpleError: the system cannot be made ready.
            Enough: the run is to end, and nothing is out any more, or is not to be waited for.
        """
        out = self._executor.pending
        if self._hand.at_once or (self._hand.ending and not out):
            raise Enough
        if self._hand.paused and not out:
            self._hand.wait(timeout)
            return []
        return self._executor.results(timeout)
