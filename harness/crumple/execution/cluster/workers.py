"""The Dask workers that make a run's calls: each is told what the run is, and tried, before it is given any."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from crumple.errors import CrumpleError, in_words
from crumple.execution.cluster.address import UnreachableError
from crumple.execution.cluster.connection import Connection
from crumple.execution.cluster.packing import packed
from crumple.execution.cluster.shipping import TASK
from crumple.execution.cluster.unfit import Unfit

if TYPE_CHECKING:
    from distributed import Future

    from crumple.execution.cluster.host import Told

LOOK_SECONDS: Final = 2.0
"""How often Dask is asked which workers there are."""
_OTHERS_SECONDS: Final = 30.0
"""How long a run that could begin waits for workers that have something else to do."""
_SAID_SECONDS: Final = 10.0
_TURN_SECONDS: Final = 0.5
GOES_ON: Final = "What has come back is kept; the same command goes on with it."


class DaskWorkers:
    """Those that there are now, and which of them can make calls.

    Whoever cannot when the run begins is an error: it is there to be mended. Whoever joins later and cannot is left
    out, and that is said.
    """

    def __init__(
        self, connection: Connection, told: Told, share: int, patience: float, say: Callable[[str], None]
    ) -> None:
        """Know of none yet.

        Args:
            connection: to the cluster.
            told: what each is to know.
            share: of how many lanes the first that each starts is one.
            patience: how many seconds there may be none.
            say: is told, a line each, of what goes wrong on the way and is mended.
        """
        self._connection, self._told, self._share, self._say = connection, told, share, say
        self._patience = patience
        self._threads: Mapping[str, int] = {}
        self._fit: set[str] = set()
        self._unfit: set[str] = set()
        self._trying: dict[str, Future] = {}
        self._misfits: list[Unfit] = []
        self._news = threading.Event()
        self._look_at = 0.0
        self._there_at = time.monotonic()

    @property
    def fit(self) -> frozenset[str]:
        """The addresses of those that can make calls."""
        return frozenset(self._fit)

    @property
    def slots(self) -> int:
        """How many batches can be under way at once; at least 1."""
        return max(1, sum(self._threads[each] for each in self._fit))

    @property
    def only(self) -> list[str] | None:
        """Those that batches may go to; None: all that there are."""
        return None if self._fit == set(self._threads) else sorted(self._fit)

    def begin(self, *, again: bool = False) -> None:
        """Try those that there are, and wait for them; one is enough where the others are busy with something else.

        Args:
            again: in the midst of a run, where whoever cannot make calls is left out.

        Raises:
            UnreachableError: the scheduler is gone meanwhile.
            CrumpleError: one cannot make calls; the message says which, and what is missing.
        """
        began, said = time.monotonic(), False
        self._survey()
        while self._trying and not (self._fit and time.monotonic() - began > _OTHERS_SECONDS):
            self._judge(again=again)
            if not self._fit and not said and time.monotonic() - began > _SAID_SECONDS:
                said = True
                self._say("waiting until the Dask workers are free and have loaded the system")
            self._news.wait(_TURN_SECONDS)
            self._news.clear()
            self._survey()
        self._judge(again=again)
        if self._connection.lost:
            raise UnreachableError(
                "the Dask scheduler is gone", where=f"Dask at {self._connection.address}", hint=GOES_ON
            )
        if self._trying:
            self._say(f"Dask workers that are busy with something else come later: {len(self._trying)}")

    def look(self, *, now: bool = False) -> bool:
        """See who has come and gone, from time to time or `now`; whether that was done.

        Raises:
            CrumpleError: nobody is left who can make calls.
        """
        if not now and time.monotonic() < self._look_at:
            return False
        self._survey()
        for found in self._tried():
            self.leave_out(found)
        if self._threads or self._connection.lost:
            self._there_at = time.monotonic()
        elif time.monotonic() - self._there_at > self._patience:
            raise CrumpleError(
                f"the Dask scheduler has had no worker for {self._patience:.0f} s",
                where=f"Dask at {self._connection.address}",
                hint=GOES_ON,
            )
        return True

    def leave_out(self, unfit: Unfit) -> None:
        """Go on without one that cannot make calls, or tell it once more what the run is.

        Raises:
            CrumpleError: nobody else is left.
        """
        self._fit.discard(unfit.worker)
        if unfit.untold:
            if unfit.worker in self._threads and unfit.worker not in self._trying:
                self._try(unfit.worker)
            return
        if unfit.worker in self._unfit:
            return
        self._unfit.add(unfit.worker)
        if not self._fit and not self._trying:
            raise unfit.error
        self._say(f"left out: {unfit}")

    def _survey(self) -> None:
        """Ask who is there, and try those that are new."""
        self._look_at = time.monotonic() + LOOK_SECONDS
        before, self._threads = set(self._threads), self._connection.threads()
        there = set(self._threads)
        if before - there and not self._connection.lost:
            self._say_gone(len(before - there))
        self._fit &= there
        self._unfit &= there
        for gone in set(self._trying) - there:
            self._trying.pop(gone).release()
        new = there - self._fit - self._unfit - set(self._trying)
        misfits = self._connection.misfits(new) if new else {}  # before any gets a task, which might end it
        for address in sorted(new):
            if address in misfits:
                self._misfits.append(Unfit(address, misfits[address]))
            else:
                self._try(address)

    def _judge(self, *, again: bool) -> None:
        """Take note of those that cannot make calls; where nobody has made any yet that is an error."""
        for found in self._tried():
            if not again:
                raise found.error
            self.leave_out(found)

    def _say_gone(self, count: int) -> None:
        gone = "a Dask worker was lost" if count == 1 else f"{count} Dask workers were lost"
        self._say(f"{gone}: calls that were under way there are made again")
        if not self._threads:
            self._say(f"no Dask worker is left; waiting up to {self._patience:.0f} s for one")

    def _try(self, address: str) -> None:
        future = self._connection.client.submit(
            TASK,
            "ready",
            packed(self._told),
            self._share,
            workers=[address],
            allow_other_workers=False,
            pure=False,
            priority=1,
        )
        future.add_done_callback(lambda _: self._news.set())
        self._trying[address] = future

    def _tried(self) -> list[Unfit]:
        """Those that turn out to be unfit, of those that are new and those whose trial has ended."""
        unfit, self._misfits = self._misfits, []
        ended = {address: future for address, future in self._trying.items() if future.done()}
        found = self._connection.fetched(each.key for each in ended.values() if each.status == "finished")
        for address, future in ended.items():
            del self._trying[address]
            if future.status == "error":  # of a worker that has no crumple, say
                unfit.append(Unfit(address, in_words(future.exception())))
            elif future.key in found and found[future.key] is None:
                self._fit.add(address)
            elif future.key in found:
                unfit.append(found[future.key])
            # What was lost on the way, with the worker or the scheduler, is tried anew if the worker is there still.
        return unfit
