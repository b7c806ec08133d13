"""A Dask worker's lanes: started with the first batch of a run, kept for the next ones, ended with the run.

Every thread of the Dask worker that has a batch has a lane to itself. What nobody asks for any more, because whoever
began the run was killed, ends after a while; and lanes end with the process that started them.
"""

from __future__ import annotations

import pickle
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from crumple.errors import CrumpleError
from crumple.execution.local import LocalLanes
from crumple.execution.spec import LaneSpec
from crumple.execution.wire import Wire, result_to_wire, work_from_wire

IDLE_SECONDS: Final = 300.0
"""After how long lanes end that no batch has come for."""


@dataclass(slots=True)
class _Run:
    """One run's lanes on this Dask worker.

    Attributes:
        root: the configuration file's folder; what the description names is looked for there too.
        description: the pickled `LaneSpec`.
        free: lanes that no batch is in.
        used: when a batch was last here, by the monotonic clock.
        busy: how many batches are under way.
    """

    root: Path
    description: bytes
    free: list[LocalLanes] = field(default_factory=list)
    used: float = field(default_factory=time.monotonic)
    busy: int = 0


class Host:
    """The lanes of all runs that this process has batches of."""

    def __init__(self, idle: float = IDLE_SECONDS) -> None:
        """Begin with none.

        Args:
            idle: after how many seconds without a batch a run's lanes end.
        """
        self._idle = idle
        self._runs: dict[str, _Run] = {}
        self._lock = threading.Lock()
        self._sweeper: threading.Timer | None = None

    def know(self, run: str, root: Path, description: bytes) -> None:
        """Learn what a run's lanes must know: the configuration file's folder, and the pickled `LaneSpec`."""
        with self._lock:
            self._runs.setdefault(run, _Run(root, description))
            self._sweep_later()

    def carry_out(self, run: str, works: Sequence[Wire]) -> tuple[list[Wire], float]:
        """Make calls, in a lane that nobody else has; the results, and the seconds that took.

        Raises:
            CrumpleError: the system cannot be made ready.
            KeyError: nobody has said what the run is.
        """
        with self._lock:
            own = self._runs[run]
            own.busy += 1
            lanes = own.free.pop() if own.free else None
        try:
            if lanes is None:
                lanes = LocalLanes(_spec(own), 1).__enter__()
            began = time.monotonic()
            results = _made(lanes, works)
            seconds = time.monotonic() - began
        except BaseException:
            if lanes is not None:
                lanes.close()
            raise
        else:
            self._give_back(run, own, lanes)
            return results, seconds
        finally:
            with self._lock:
                own.busy -= 1
                own.used = time.monotonic()

    def forget(self, run: str) -> None:
        """End a run's lanes; those of batches under way end with these."""
        with self._lock:
            own = self._runs.pop(run, None)
        for lanes in own.free if own is not None else ():
            lanes.close()

    def close(self) -> None:
        """End everything."""
        for run in tuple(self._runs):
            self.forget(run)
        if self._sweeper is not None:
            self._sweeper.cancel()

    def _give_back(self, run: str, own: _Run, lanes: LocalLanes) -> None:
        with self._lock:
            if self._runs.get(run) is own:
                own.free.append(lanes)
                return
        lanes.close()  # the run has ended meanwhile

    def _sweep_later(self) -> None:
        if self._sweeper is None or not self._sweeper.is_alive():
            self._sweeper = threading.Timer(self._idle, self._sweep)
            self._sweeper.daemon = True
            self._sweeper.start()

    def _sweep(self) -> None:
        now = time.monotonic()
        with self._lock:
            stale = [run for run, own in self._runs.items() if not own.busy and now - own.used >= self._idle]
            ended = [lanes for run in stale for lanes in self._runs[run].free]
            for run in stale:
                self._runs[run].free = []
            self._sweeper = None
            self._sweep_later()
        for lanes in ended:
            with suppress(OSError, CrumpleError):
                lanes.close()


def _spec(run: _Run) -> LaneSpec:
    sys.path.insert(0, str(run.root))
    try:
        spec: LaneSpec = pickle.loads(run.description)  # noqa: S301 - from whoever has started this run
    finally:
        sys.path.remove(str(run.root))
    return spec


def _made(lanes: LocalLanes, works: Sequence[Wire]) -> list[Wire]:
    lanes.put([work_from_wire(each) for each in works])
    results: list[Wire] = []
    while lanes.pending:
        results += [result_to_wire(each) for each in lanes.results()]
    return results
