"""The memory watch: ends a worker whose processes together pass the memory limit, while its lane is busy or not."""

from __future__ import annotations

import os
import signal
import threading
from typing import Protocol

from crumple.workers.descendants import descendants, resident_of_all

_SLOW, _FAST = 0.02, 0.005
_NEAR = 0.7


class Watched(Protocol):
    """A worker as the watch sees it.

    Attributes:
        pid: its process, the leader of a session; not yet waited for, so that the number is its own.
        over_memory: set to the bytes that were seen, before it is killed for them.
    """

    pid: int
    over_memory: int

    def strays(self) -> list[int]:
        """What it has started that is no longer below it, and still there."""


class MemoryWatch:
    """A thread that measures workers every 20 ms, and every 5 ms near the limit.

    It is apart from the lane's own thread because that one degrades documents while the system works.
    """

    def __init__(self, limit: int) -> None:
        """Watch for more than `limit` bytes; nothing runs before the first worker is added."""
        self._limit = limit
        self._watched: tuple[Watched, ...] = ()
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, worker: Watched) -> None:
        """Begin to watch a worker."""
        with self._lock:
            self._watched = (*self._watched, worker)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="crumple memory watch", daemon=True)
                self._thread.start()

    def remove(self, worker: Watched) -> None:
        """Stop watching it; once this returns the watch sends it no signal any more."""
        with self._lock:
            self._watched = tuple(each for each in self._watched if each is not worker)

    def stop(self) -> None:
        """End the thread."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        pause = _SLOW
        while not self._stopped.wait(pause):
            most = 0
            for worker in self._watched:
                used = resident_of_all(worker.pid, self._limit, worker.strays())
                most = max(most, used)
                if used > self._limit:
                    self._end(worker, used)
            pause = _FAST if most > _NEAR * self._limit else _SLOW

    def _end(self, worker: Watched, used: int) -> None:
        # Under the lock the worker has not been waited for yet, so nobody else has its number.
        with self._lock:
            if worker not in self._watched or worker.over_memory:
                return
            worker.over_memory = used
            doomed = [*descendants(worker.pid), *worker.strays()]
            for pid in (worker.pid, *doomed):
                try:
                    os.kill(pid, signal.SIGKILL)
                except OSError:
                    continue
