"""The executor on a Dask cluster: batches of calls go out as tasks, and results come back as they end."""

from __future__ import annotations

import queue
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from crumple.errors import CrumpleError, in_words
from crumple.execution.cluster.address import LOCAL
from crumple.execution.cluster.batches import Sizes
from crumple.execution.cluster.connection import PATIENCE, Connection, back_within
from crumple.execution.cluster.doubts import Doubts
from crumple.execution.cluster.host import Made, told
from crumple.execution.cluster.packing import packed, unpacked
from crumple.execution.cluster.shares import lanes_of, sizes_of
from crumple.execution.cluster.shipping import TASK
from crumple.execution.cluster.unfit import Unfit
from crumple.execution.cluster.workers import GOES_ON, LOOK_SECONDS, DaskWorkers
from crumple.execution.spec import LaneSpec
from crumple.execution.wire import result_from_wire, work_to_wire
from crumple.outcome import Outcome, Verdict
from crumple.result import Result, Work
from crumple.undisturbed import undisturbed

if TYPE_CHECKING:
    from distributed import Future

_OVERTIME: Final = 2.0
"""A batch that takes so many times what it should takes no further call up; what is left of it is made elsewhere."""


@dataclass(slots=True)
class _Batch:
    """A batch that is out.

    Attributes:
        works: the calls, none of which has a result yet.
        future: Dask's.
        only: the Dask workers that it may go to; None: all.
        alone: whether nothing else is out with it, where that matters.
    """

    works: Sequence[Work]
    future: Future
    only: Sequence[str] | None
    alone: bool


class ClusterLanes:
    """Runs calls on a Dask cluster.

        with ClusterLanes(spec, "tcp://scheduler:8786", lanes=2) as lanes:
            lanes.put(works)
            while lanes.pending:
                for result in lanes.results():
                    ...

    Dask gives a batch to whichever worker is free, and gives it to another one where a worker is lost. What comes back
    of a batch counts once, whatever became of it before. A batch that Dask gives up, because worker after worker was
    lost with it, is sent once more call by call, so that only the call that does it is void.
    """

    def __init__(
        self,
        spec: LaneSpec,
        address: str,
        lanes: int,
        *,
        patience: float = PATIENCE,
        say: Callable[[str], None] = lambda line: None,
    ) -> None:
        """Describe the lanes; `with` connects.

        Args:
            spec: what a lane must know; its system is not divided yet.
            address: of the Dask scheduler; "local" starts a cluster here.
            lanes: how many Dask workers that has then.
            patience: for how many seconds a scheduler that is gone is waited for, or a worker where there is none; so
                long, but for no more than a minute, lanes stay on the workers when nobody is heard of any more.
            say: is told, a line each, of what goes wrong on the way and is mended.
        """
        self._spec, self._address, self._lanes = spec, address, lanes
        self._patience, self._say = patience, say
        self._concurrency = spec.system.concurrency
        self._run = secrets.token_hex(8)
        self._sizes = Sizes(1)
        self._queue: deque[Work] = deque()
        self._alone: deque[Work] = deque()
        self._tried: set[int] = set()
        self._doubts = Doubts()
        self._out: dict[str, _Batch] = {}
        self._arrived: queue.SimpleQueue[Future] = queue.SimpleQueue()
        self._done: list[Result] = []
        self._numbers = 0
        self._connection: Connection | None = None
        self._workers: DaskWorkers | None = None

    def __enter__(self) -> Self:
        """Connect, and wait until the Dask workers have loaded the system.

        Raises:
            CrumpleError: that cannot be; the message says on which worker, and what is missing.
        """
        try:
            self._connect()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        """End them."""
        self.close()

    @property
    def pending(self) -> int:
        """How many calls were put in whose results have not been handed out."""
        held = sum(len(each.works) for each in self._out.values())
        return len(self._queue) + len(self._alone) + held + len(self._done)

    @property
    def room(self) -> int:
        """How many more calls the cluster could take now."""
        return max(0, self._sizes.most - self.pending)

    def put(self, works: Iterable[Work]) -> None:
        """Add calls to make."""
        self._queue.extend(works)
        self._submit()

    def results(self, timeout: float | None = None) -> list[Result]:
        """What has arrived: waits for the first result, but at most `timeout` seconds.

        Raises:
            CrumpleError: the scheduler is gone and does not come back, or no worker can load the system.
        """
        until = None if timeout is None else time.monotonic() + timeout
        while not self._done and self.pending:
            self._turn(None if until is None else max(0.0, until - time.monotonic()))
            if until is not None and time.monotonic() >= until:
                break
        done, self._done = self._done, []
        return done

    def close(self) -> None:
        """Take back what is out, end the lanes on every worker, and let go of the cluster."""
        with undisturbed():  # what is closed by half is waited for in vain when the process ends
            self._close()

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        if not connection.lost:
            for batch in self._out.values():
                batch.future.release()
            connection.forget(self._run)
        connection.close()
        self._out.clear()
        self._queue.clear()
        self._alone.clear()

    @property
    def _there(self) -> Connection:
        assert self._connection is not None
        return self._connection

    @property
    def _crew(self) -> DaskWorkers:
        assert self._workers is not None
        return self._workers

    def _connect(self) -> None:
        """Have a connection on which the workers know the run and have a lane each that has loaded the system."""
        connection = Connection(self._address, workers=self._lanes, patience=self._patience)
        try:
            share = lanes_of(self._concurrency, sum(connection.threads().values()))
            workers = DaskWorkers(
                connection, told(self._run, self._spec, self._patience), share, self._patience, self._say
            )
            workers.begin(again=self._workers is not None)
        except BaseException:
            connection.close()
            raise
        self._connection, self._workers = connection, workers
        self._sizes = sizes_of(self._concurrency, workers.slots, self._sizes)
        count, lanes = len(workers.fit), self._sizes.slots
        self._say(f"{count} Dask worker{'s' * (count != 1)} with {lanes} lane{'s' * (lanes != 1)} in all")

    def _submit(self) -> None:
        """Send batches, as many as keep everything busy."""
        if not self._there.lost and self._crew.look():
            self._call_back()
        if self._there.lost:
            return
        # Of a service, what is out has its share of the calls that may be out, so that it comes back before others do.
        if not (self._concurrency and self._out):
            self._sizes = sizes_of(self._concurrency, self._crew.slots, self._sizes)
        while works := self._next():
            self._send(works)

    def _next(self) -> list[Work]:
        """The calls of the next batch; none, where no more is to be out now."""
        if self._alone:
            room = not self._out if self._concurrency else len(self._out) < self._sizes.out
            return [self._alone.popleft()] if room else []
        changes = lanes_of(self._concurrency, self._crew.slots) != self._sizes.slots
        waits = self._concurrency and (changes or any(each.alone for each in self._out.values()))
        if (waits and self._out) or len(self._out) >= self._sizes.out or not self._queue:
            return []
        return [self._queue.popleft() for _ in range(self._sizes.of(len(self._queue)))]

    def _send(self, works: Sequence[Work]) -> None:
        alone = works[0].id in self._tried or works[0].id in self._doubts
        share = self._sizes.slots if self._concurrency and not alone else 1
        seconds = _OVERTIME * self._sizes.seconds
        only = self._crew.only
        key = f"crumple-{self._run}-{self._numbers}"
        self._numbers += 1
        content = packed([work_to_wire(each) for each in works])
        future = self._there.client.submit(
            TASK, "carry_out", self._run, share, seconds, content, key=key, pure=False, workers=only
        )
        self._out[key] = _Batch(works, future, only, alone)
        future.add_done_callback(self._arrived.put)

    def _call_back(self) -> None:
        """Take back what was sent to workers of which none is there any more, for it would wait for them."""
        for key, batch in list(self._out.items()):
            there = self._crew.only
            if batch.only is not None and there is not None and not set(batch.only) & set(there):
                del self._out[key]
                batch.future.release()
                self._queue.extendleft(reversed(batch.works))

    def _turn(self, timeout: float | None) -> None:
        """Wait for batches to end, take them in, and send others."""
        ended = [self._out.pop(each.key) for each in self._ended(timeout) if self._is_out(each)]
        for batch, found in zip(ended, self._gathered(ended), strict=True):
            self._take(batch, found)
        if self._there.lost:
            self._reconnect()
        self._submit()

    def _is_out(self, future: Future) -> bool:
        return future.key in self._out and self._out[future.key].future is future

    def _ended(self, timeout: float | None) -> list[Future]:
        wait = LOOK_SECONDS if timeout is None else min(timeout, LOOK_SECONDS)
        try:
            found = [self._arrived.get(timeout=wait) if wait else self._arrived.get_nowait()]
        except queue.Empty:
            return []
        while not self._arrived.empty():
            found.append(self._arrived.get_nowait())
        return found

    def _gathered(self, ended: Sequence[_Batch]) -> list[Any]:
        """What batches have come to: packed results, `Unfit`, an exception; None: it is not there any more."""
        futures = [each.future for each in ended]
        values = self._there.fetched(each.key for each in futures if each.status == "finished")
        return [each.exception() if each.status == "error" else values.get(each.key) for each in futures]

    def _take(self, batch: _Batch, found: Any) -> None:
        if found is None:
            self._queue.extendleft(reversed(batch.works))
        elif isinstance(found, BaseException):
            self._crew.look(now=True)
            self._given_up(batch, found)
        elif isinstance(found, Unfit):
            self._queue.extendleft(reversed(batch.works))
            self._crew.leave_out(found)
        else:
            self._take_results(batch, unpacked(found))

    def _take_results(self, batch: _Batch, made: Made) -> None:
        left = {work.id: work for work in batch.works}
        for wire in made.results:
            result = result_from_wire(wire, left)
            work = left.pop(result.work.id)
            if batch.alone or not self._doubts.has(result):
                self._done.append(self._doubts.settled(result))
            else:
                self._doubts.add(result)
                self._alone.append(work)
        self._queue.extendleft(reversed(left.values()))
        if made.results:
            self._sizes.heard(made.seconds, len(made.results))

    def _given_up(self, batch: _Batch, error: BaseException) -> None:
        """Dask has lost worker after worker with it, or cannot carry it out at all."""
        for work in batch.works:
            if work.id in self._tried:
                cause = f"Dask gave the call up: {in_words(error)}"
                result = Result(work, Verdict(Outcome.VOID, failure=False), cause=cause)
                self._done.append(self._spec.discretion.discreet(self._doubts.settled(result)))
            else:
                self._tried.add(work.id)
                self._alone.append(work)

    def _reconnect(self) -> None:
        """The scheduler is gone: what is out is lost, and is sent anew when it is back."""
        for batch in self._out.values():
            self._queue.extendleft(reversed(batch.works))
        self._out.clear()
        self._say(f"the Dask scheduler is gone; waiting up to {self._patience:.0f} s for it")
        self._there.close()
        self._connection = None
        if self._address == LOCAL or not back_within(self._patience, self._connect):
            raise CrumpleError(
                f"the Dask scheduler is gone, and was not back within {self._patience:.0f} s",
                where=f"Dask at {self._address}",
                hint=GOES_ON,
            )
        self._say("the Dask scheduler is back")
