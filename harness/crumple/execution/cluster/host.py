"""A Dask worker's lanes: started with the first batch of a run, kept for the next ones, ended with the run.

Every thread of the Dask worker that has a batch has a lane to itself. What nobody asks for any more, because whoever
began the run was killed, ends after a while; and lanes end with the process that started them.
"""

from __future__ import annotations

import pickle
import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, cast

from crumple.case import Corpus
from crumple.errors import CrumpleError
from crumple.execution.ingredients import Ingredients, ingredients_of
from crumple.execution.local import LocalLanes
from crumple.execution.spec import LaneSpec
from crumple.execution.wire import Wire, result_to_wire, work_from_wire

IDLE_SECONDS: Final = 60.0
"""After how long a run is forgotten at the latest that no batch has come for, and its lanes end."""
_LOOK_SECONDS: Final = 0.2
"""How often a batch under way looks whether its run has ended."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a Dask worker is told of a run.

    Attributes:
        run: which names it.
        root: the configuration file's folder; what is configured is looked for there.
        spec: the pickled `LaneSpec`, without its corpus.
        corpus: which may be of the user's own making, pickled by itself: it is for the lanes alone, whose modules are
            as new as their processes, while those of Dask's are as old as the cluster.
        ingredients: what results are made with where the run began.
        seconds: after how long it is forgotten where no batch has come for it.
    """

    run: str
    root: Path
    spec: bytes
    corpus: bytes
    ingredients: Ingredients
    seconds: float = IDLE_SECONDS

    def differing(self) -> list[str]:
        """What results are made with here instead, in words; [] where it is the same.

        Raises:
            CrumpleError: a program that the system is started with is not here.
        """
        return self.ingredients.differing(ingredients_of(pickle.loads(self.spec)))  # noqa: S301 - as below


def told(run: str, spec: LaneSpec, patience: float = IDLE_SECONDS) -> Told:
    """What there is to know of a run, which goes on within so many seconds if it does."""
    bare = pickle.dumps(replace(spec, corpus=cast("Corpus", None)))
    corpus, seconds = pickle.dumps(spec.corpus), min(patience, IDLE_SECONDS)
    return Told(run, spec.root.absolute(), bare, corpus, ingredients_of(spec), seconds)


@dataclass(frozen=True, slots=True)
class Order:
    """How a batch is to be made.

    Attributes:
        share: of how many lanes over all workers its lane is one.
        seconds: after how long it takes no further call up.
    """

    share: int = 1
    seconds: float = 1.0


@dataclass(slots=True)
class Made:
    """What has become of a batch.

    Attributes:
        results: of the calls that were made; the others were not, for time was up.
        seconds: how long they took.
    """

    results: list[Wire] = field(default_factory=list)
    seconds: float = 0.0


class Unknown(Exception):  # noqa: N818 - a signal, not an error
    """Nobody has said what this run is, or it was forgotten."""


class _Sealed:
    """A pickled object that is unpickled where it is sent to next."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __reduce__(self) -> tuple[Any, ...]:
        return pickle.loads, (self._data,)


@dataclass(slots=True)
class _Run:
    """One run's lanes on this Dask worker.

    Attributes:
        told: what it is.
        share: of how many lanes those that are free are one each.
        free: lanes that no batch is in.
        used: when a batch was last here, by the monotonic clock.
        busy: how many batches are under way.
        over: whether it has ended; what is under way ends, too.
    """

    told: Told
    share: int = 1
    free: list[LocalLanes] = field(default_factory=list)
    used: float = field(default_factory=time.monotonic)
    busy: int = 0
    over: bool = False


class Host:
    """The lanes of all runs that this process has batches of."""

    def __init__(self) -> None:
        """Begin with none."""
        self._runs: dict[str, _Run] = {}
        self._lock = threading.Lock()
        self._sweeper: threading.Timer | None = None
        self._sweep_at = 0.0

    def know(self, told: Told) -> None:
        """Learn what a run's lanes must know."""
        with self._lock:
            self._runs.setdefault(told.run, _Run(told)).used = time.monotonic()
            self._sweep_later()

    def carry_out(self, run: str, order: Order, works: Sequence[Wire]) -> Made:
        """Make calls, in a lane that nobody else has.

        Raises:
            CrumpleError: the system cannot be made ready.
            Unknown: nobody has said what the run is.
        """
        own, lanes, others = self._taken(run, order.share)
        try:
            _close(others)
            if lanes is None:
                lanes = LocalLanes(_spec(own.told, order.share), 1).__enter__()
            made = _made(lanes, works, order.seconds, own)
        except BaseException:
            _close([lanes] if lanes is not None else [])
            raise
        else:
            self._give_back(own, lanes, order.share)
            return made
        finally:
            with self._lock:
                own.busy -= 1
                own.used = time.monotonic()

    def forget(self, run: str) -> None:
        """End a run's lanes; those of batches under way end with these, soon."""
        with self._lock:
            own = self._runs.pop(run, None)
            if own is None:
                return
            own.over = True
            ended, own.free = own.free, []
        _close(ended)

    def close(self) -> None:
        """End everything."""
        for run in tuple(self._runs):
            self.forget(run)
        if self._sweeper is not None:
            self._sweeper.cancel()

    def _taken(self, run: str, share: int) -> tuple[_Run, LocalLanes | None, list[LocalLanes]]:
        """A run, a lane of it that is free, and those that are of another share than is asked for now."""
        with self._lock:
            own = self._runs.get(run)
            if own is None:
                raise Unknown(run)
            own.busy += 1
            others: list[LocalLanes] = []
            if own.share != share:
                others, own.free, own.share = own.free, [], share
            return own, own.free.pop() if own.free else None, others

    def _give_back(self, own: _Run, lanes: LocalLanes, share: int) -> None:
        with self._lock:
            if not own.over and own.share == share:
                own.free.append(lanes)
                return
        lanes.close()  # the run has ended meanwhile, or its lanes are others now

    def _sweep_later(self) -> None:
        pause = min((each.told.seconds for each in self._runs.values()), default=IDLE_SECONDS) / 2
        at = time.monotonic() + pause
        if self._sweeper is not None:
            if self._sweep_at <= at:
                return
            self._sweeper.cancel()  # it was for runs that are waited for longer
        self._sweeper, self._sweep_at = threading.Timer(pause, self._sweep), at
        self._sweeper.daemon = True
        self._sweeper.start()

    def _sweep(self) -> None:
        now = time.monotonic()
        with self._lock:
            stale = [run for run, own in self._runs.items() if not own.busy and now - own.used >= own.told.seconds]
            self._sweeper = None
            if len(stale) < len(self._runs):
                self._sweep_later()
        for run in stale:
            self.forget(run)


def _close(ended: Sequence[LocalLanes]) -> None:
    for lanes in ended:
        with suppress(OSError, CrumpleError):
            lanes.close()


def _spec(told: Told, share: int) -> LaneSpec:
    spec: LaneSpec = pickle.loads(told.spec)  # noqa: S301 - from whoever has started this run
    corpus = cast("Corpus", _Sealed(told.corpus))
    return replace(spec, corpus=corpus, system=spec.system.divided(share), company=share > 1)


def _made(lanes: LocalLanes, works: Sequence[Wire], seconds: float, run: _Run) -> Made:
    """Make calls, and take no further one up once time is up or the run has ended."""
    began = time.monotonic()
    made, waiting = Made(), deque(works)
    while lanes.pending or waiting:
        if run.over:
            lanes.close()
            break
        late = bool(made.results) and time.monotonic() - began > seconds
        if late and not lanes.pending:
            break
        if not late and (room := min(lanes.room, len(waiting))):
            lanes.put([work_from_wire(waiting.popleft()) for _ in range(room)])
        made.results += [result_to_wire(each) for each in lanes.results(_LOOK_SECONDS)]
    made.seconds = time.monotonic() - began
    return made
