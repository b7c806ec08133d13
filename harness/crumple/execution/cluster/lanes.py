"""The executor on a Dask cluster: batches of calls go out as tasks, and results come back as they end."""

from __future__ import annotations

import pickle
import queue
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Self

from crumple.errors import CrumpleError, VoidRunError, in_words
from crumple.execution.cluster.batches import AHEAD, Sizes
from crumple.execution.cluster.connection import LOCAL, Connection, back_within
from crumple.execution.spec import LaneSpec
from crumple.execution.wire import result_from_wire, work_to_wire
from crumple.outcome import Outcome, Verdict
from crumple.result import Result, Work

if TYPE_CHECKING:
    from distributed import Future

PATIENCE: Final = 60.0
"""How long a scheduler that is gone is waited for."""
_LOOK_SECONDS: Final = 2.0
"""How often it is asked which workers there are."""


@dataclass(slots=True)
class _Batch:
    """A batch that is out."""

    works: Sequence[Work]
    future: Future


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
            patience: for how many seconds a scheduler that is gone is waited for.
            say: is told, a line each, of what goes wrong on the way and is mended.
        """
        self._spec, self._address, self._lanes = spec, address, lanes
        self._patience, self._say = patience, say
        self._run = secrets.token_hex(8)
        self._sizes = Sizes(1)
        self._queue: deque[Work] = deque()
        self._alone: deque[Work] = deque()
        self._tried: set[int] = set()
        self._out: dict[str, _Batch] = {}
        self._arrived: queue.SimpleQueue[Future] = queue.SimpleQueue()
        self._done: list[Result] = []
        self._unfit: dict[str, str] = {}
        self._numbers = 0
        self._look_at = 0.0
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        """Connect, and wait until every Dask worker has loaded the system.

        Raises:
            CrumpleError: that cannot be; the message says on which worker, and what is missing.
        """
        try:
            self._connection = self._connected()
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
        connection, self._connection = self._connection, None
        if connection is None:
            return
        if not connection.lost:
            for batch in self._out.values():
                batch.future.release()
            connection.forget(f"crumple-{self._run}")
        connection.close()
        self._out.clear()
        self._queue.clear()
        self._alone.clear()

    @property
    def _there(self) -> Connection:
        assert self._connection is not None
        return self._connection

    def _connected(self) -> Connection:
        """A connection on which every worker knows the run and has a lane that has loaded the system."""
        from crumple.execution.cluster.tasks import Knowing

        connection = Connection(self._address, workers=self._lanes)
        try:
            threads = connection.threads()
            slots = sum(threads.values())
            self._sizes = Sizes(slots, max(1, self._spec.system.concurrency // slots))
            divided = replace(self._spec, system=self._spec.system.divided(slots))
            connection.client.register_plugin(Knowing(self._run, self._spec.root.absolute(), pickle.dumps(divided)))
            self._check_ready(connection, threads)
        except BaseException:
            connection.close()
            raise
        return connection

    def _check_ready(self, connection: Connection, workers: Iterable[str]) -> None:
        from crumple.execution.cluster.tasks import Unfit, ready

        asked = [
            connection.client.submit(ready, self._run, workers=[each], allow_other_workers=False, pure=False)
            for each in workers
        ]
        for found in connection.client.gather(asked):
            if isinstance(found, Unfit):
                raise _error(found)

    def _submit(self) -> None:
        """Send batches, as many as keep everything busy."""
        from crumple.execution.cluster.tasks import carry_out

        now = time.monotonic()
        if now >= self._look_at:
            self._sizes.slots = max(1, sum(self._there.threads().values()))
            self._look_at = now + _LOOK_SECONDS
        most = AHEAD * self._sizes.slots
        while (self._alone or self._queue) and len(self._out) < most:
            if self._alone:
                works = [self._alone.popleft()]
            else:
                works = [self._queue.popleft() for _ in range(self._sizes.of(len(self._queue)))]
            key = f"crumple-{self._run}-{self._numbers}"
            self._numbers += 1
            future = self._there.client.submit(
                carry_out,
                self._run,
                [work_to_wire(each) for each in works],
                key=key,
                pure=False,
                workers=self._fit(),
            )
            self._out[key] = _Batch(works, future)
            future.add_done_callback(self._arrived.put)

    def _fit(self) -> list[str] | None:
        """The workers that can make calls; None: all."""
        if not self._unfit:
            return None
        return [each for each in self._there.threads() if each not in self._unfit]

    def _turn(self, timeout: float | None) -> None:
        """Wait for batches to end, take them in, and send others."""
        for future in self._ended(timeout):
            batch = self._out.pop(future.key, None)
            if batch is not None and batch.future is future:
                self._take(batch)
        if self._there.lost:
            self._reconnect()
        self._submit()

    def _ended(self, timeout: float | None) -> list[Future]:
        wait = _LOOK_SECONDS if timeout is None else min(timeout, _LOOK_SECONDS)
        try:
            found = [self._arrived.get(timeout=wait) if wait else self._arrived.get_nowait()]
        except queue.Empty:
            return []
        while not self._arrived.empty():
            found.append(self._arrived.get_nowait())
        return found

    def _take(self, batch: _Batch) -> None:
        from crumple.execution.cluster.tasks import Unfit

        if batch.future.status == "error":
            self._given_up(batch, batch.future.exception())
            return
        try:
            found: Any = batch.future.result() if batch.future.status == "finished" else None
        except Exception:  # noqa: BLE001 - its worker went with the result; whatever Dask says of that, it is made again
            found = None
        if found is None:
            self._queue.extendleft(reversed(batch.works))
        elif isinstance(found, Unfit):
            self._without(found, batch)
        else:
            results, seconds = found
            by_number = {work.id: work for work in batch.works}
            self._done += [result_from_wire(each, by_number) for each in results]
            self._sizes.heard(seconds, len(results))

    def _given_up(self, batch: _Batch, error: BaseException | None) -> None:
        """Dask has lost worker after worker with it, or cannot carry it out at all."""
        for work in batch.works:
            if work.id in self._tried or len(batch.works) == 1:
                said = in_words(error) if error is not None else "no reason given"
                result = Result(work, Verdict(Outcome.VOID, failure=False), cause=f"Dask gave the call up: {said}")
                self._done.append(self._spec.discretion.discreet(result))
            else:
                self._tried.add(work.id)
                self._alone.append(work)

    def _without(self, unfit: Any, batch: _Batch) -> None:
        """Go on without a worker that joined later and cannot load the system."""
        self._unfit[unfit.worker] = unfit.message
        self._queue.extendleft(reversed(batch.works))
        if not self._fit():
            raise _error(unfit)

    def _reconnect(self) -> None:
        """The scheduler is gone: what is out is lost, and is sent anew when it is back."""
        for batch in self._out.values():
            self._queue.extendleft(reversed(batch.works))
        self._out.clear()
        self._there.close()
        self._say(f"the Dask scheduler is gone; waiting up to {self._patience:.0f} s for it")
        found = None if self._address == LOCAL else back_within(self._patience, self._connected)
        if found is None:
            self._connection = None
            raise CrumpleError(
                "the Dask scheduler is gone",
                where=f"--dask {self._address}",
                hint="What has come back is kept; the same command goes on with it.",
            )
        self._connection = found


def _error(unfit: Any) -> CrumpleError:
    error = (VoidRunError if unfit.void else CrumpleError)("")
    error.args = (f"Dask worker {unfit.worker} ({unfit.host}): {unfit.message}",)
    return error
