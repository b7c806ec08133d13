"""A lane's workers: the one that is called, and where loading is small a spare that takes its place at once."""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crumple.errors import CrumpleError
from crumple.workers.descendants import resident_of_all
from crumple.workers.frames import Frame
from crumple.workers.limits import MIB, Limits
from crumple.workers.memory import MemoryWatch
from crumple.workers.process import Command, Stop, WorkerProcess

_SMALL = 512 * MIB
TRIES = 3
_AHEAD = 256 * 1024


@dataclass(frozen=True, slots=True)
class _Call:
    number: int
    header: Mapping[str, Any]
    body: Sequence[bytes]
    size: int


class Workers:
    """Makes calls one after the other, and always has a worker for the next.

    What is sent while a call is out waits in the pipe, so that a quick worker need not be woken for every call. One
    that prints is sent one call at a time: it could not be told what belongs to which.

    Attributes:
        ready: what the last loaded worker said of its system: `takes` and `python`.
    """

    def __init__(self, command: Command, limits: Limits, why_not: Callable[[Frame | Stop, str], CrumpleError]) -> None:
        """Prepare to start workers.

        Args:
            command: how to start one.
            limits: what each may take.
            why_not: says why a system cannot be loaded, from what its worker sent or how it ended, and its output.
        """
        self._command = command
        self._limits = limits
        self._why_not = why_not
        self._watch = MemoryWatch(limits.memory)
        self._current: WorkerProcess | None = None
        self._spare: WorkerProcess | None = None
        self._loading = False
        self._lost = 0
        self._deadline = 0.0
        self._calls: deque[_Call] = deque()
        self._written = self._ahead = 0
        self._prints = False
        self.ready: Mapping[str, Any] = {}

    def start(self) -> None:
        """Load the system.

        Raises:
            CrumpleError: it cannot be.
        """
        self._current, self._loading = self._launched(), True
        self._load()

    def settle(self) -> None:
        """Have the worker that takes the next call loaded before that call, where none is out.

        Raises:
            CrumpleError: there is no worker to be had any more.
        """
        if self._calls:
            return
        if self._current is None or not self._current.alive:
            self._replace()
        if self._loading:
            self._load()

    def _launched(self) -> WorkerProcess:
        worker = WorkerProcess(self._command, self._limits)
        self._watch.add(worker)
        return worker

    def _load(self) -> WorkerProcess:
        """The worker that takes the next call, waited for until it is ready; and a spare once one was lost."""
        assert self._current is not None
        worker = self._current
        if self._loading:
            heard = worker.receive(0, time.monotonic() + self._limits.startup)
            if not isinstance(heard, Frame) or heard.header["kind"] != "ready":
                error = self._why_not(heard, worker.output)
                self._retire(worker)
                self._current = None
                raise error
            self.ready, self._loading = heard.header, False
        if self._lost and self._limits.spare and self._spare is None and worker.alive:
            # A well-behaved system never pays for a second copy of itself, a large one neither.
            if resident_of_all(worker.pid, self._limits.memory) <= _SMALL:
                with contextlib.suppress(CrumpleError):  # the calls that are out go on without one
                    self._spare = self._launched()
            if self._spare is None:
                self._lost = 0
        return worker

    def _replace(self) -> None:
        """Put the spare, or a worker that begins to load, in the place of one that has ended."""
        if self._current is not None:
            self._retire(self._current)
            self._lost += 1
        self._written = self._ahead = 0
        spare, self._spare, self._current = self._spare, None, None
        if spare is not None and not spare.alive:
            self._retire(spare)
            spare = None
        self._current, self._loading = spare or self._launched(), True

    def _retire(self, worker: WorkerProcess) -> None:
        self._watch.remove(worker)
        worker.kill()
        worker.close()

    def send(self, call: int, header: Mapping[str, Any], body: Sequence[bytes]) -> None:
        """Begin a call, or put it behind those that are out.

        Raises:
            CrumpleError: there is no worker to be had any more.
        """
        self._calls.append(_Call(call, header, body, sum(map(len, body))))
        try:
            self._write()
        except CrumpleError:
            self._calls.pop()
            raise

    def _write(self) -> None:
        """Give the worker the calls that it should have; one that is found dead is replaced, and nothing counted.

        One that has died with calls of this process out is left to `receive`, which says what became of them.

        Raises:
            CrumpleError: there is no worker to be had any more; no call is out then.
        """
        for _ in range(TRIES):
            if not self._written and (self._current is None or not self._current.alive):
                self._replace()
            worker = self._load() if self._loading or self._lost else self._current
            assert worker is not None
            if not self._written:
                self._deadline = time.monotonic() + self._limits.timeout
            while self._written < len(self._calls) and self._fits():
                call = self._calls[self._written]
                if not worker.send(call.header, call.body, self._deadline):
                    break
                self._written += 1
                self._ahead += call.size
            else:
                return
            if self._written:
                return
            self._replace()
        raise CrumpleError(
            f"the worker died {TRIES} times before it could be called",
            where="[system]",
            hint="Something that the system starts when it is loaded ends its process.",
        )

    def _fits(self) -> bool:
        """Whether the next call may be written while others are out."""
        if not self._written:
            return True
        return not self._prints and self._ahead + self._calls[self._written].size <= _AHEAD

    def receive(self, call: int) -> tuple[Frame | Stop, str]:
        """How the oldest call that is out ended, and the end of what the system printed meanwhile.

        Args:
            call: its number; another one's answer is never given for it.

        Raises:
            CrumpleError: there is no worker to be had any more. The call is over all the same: the next answer is
                that of the call after it.
        """
        if not self._calls or self._calls[0].number != call:
            out = self._calls[0].number if self._calls else "none"
            raise CrumpleError(f"call {call} is asked for, and the oldest that is out is {out}", where="crumple")
        try:
            return self._received()
        except CrumpleError:
            if self._calls and self._calls[0].number == call:
                self._calls.popleft()
            raise

    def _received(self) -> tuple[Frame | Stop, str]:
        for _ in range(TRIES):
            if not self._written:
                self._write()
            assert self._current is not None
            worker = self._current
            heard = worker.receive(self._calls[0].number, self._deadline)
            if isinstance(heard, Frame):
                output = worker.output
                self._take_off(bool(output))
                return heard, output
            if not heard.untaken:
                self._calls.popleft()
            # The next one loads while this outcome is judged; where it cannot be started, the next call says so.
            with contextlib.suppress(CrumpleError):
                self._replace()
            if not heard.untaken:
                return heard, worker.output
        raise CrumpleError("workers keep dying before they read the call", where="[system]")

    def _take_off(self, printed: bool) -> None:
        """Have done with the oldest call, which was answered, and write what waits behind it."""
        self._ahead -= self._calls.popleft().size
        self._written -= 1
        self._deadline = time.monotonic() + self._limits.timeout
        self._prints = self._prints or printed
        if self._written < len(self._calls):
            # Where no worker is to be had, the next call says so: this one has its answer.
            with contextlib.suppress(CrumpleError):
                self._write()

    def close(self) -> None:
        """End every worker."""
        workers = [each for each in (self._current, self._spare) if each is not None]
        self._current = self._spare = None
        for worker in workers:
            self._retire(worker)
        self._watch.stop()
