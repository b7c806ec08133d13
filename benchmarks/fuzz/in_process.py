"""An executor that calls a function in this process: what a lane does, without the lane."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from crumple.adapters import Prepared, Request
from crumple.adapters.refusal import compiled
from crumple.adapters.replies import reply_to
from crumple.execution.calls import Calls
from crumple.execution.spec import LaneSpec
from crumple.outcome import Reply
from crumple.result import Result, Work
from crumple.workers import worker
from crumple.workers.frames import Frame
from crumple.workers.limits import Limits
from crumple.workers.process import Reason, Stop

_ROOM = 8
SECONDS = 5.0
"""Of processor time: no call of a system that does not hang takes as long."""


class TooLongError(BaseException):
    """The call has used up its processor time."""


class Direct:
    """An adapter that calls a function of bytes at once; it may take so much processor time, not wall time."""

    def __init__(self, function: Callable[[bytes], Any], spec: LaneSpec, seconds: float) -> None:
        """Call this function by the limits and refusals of a spec."""
        self._function, self._seconds = function, seconds
        named = f"{function.__module__}:{function.__name__}"
        self._settings = {"input": "bytes", "root": str(spec.root), "refuses": [], "call": named, "factory": ""}
        self._limits = Limits(timeout=seconds)
        self._refusals = compiled(getattr(spec.system, "refuses", ()), spec.root)
        self._out: deque[bytes] = deque()

    def start(self) -> None:
        """There is nothing to start."""

    def close(self) -> None:
        """There is nothing to end."""

    def prepare(self, request: Request) -> Prepared:
        """The function sees the document's bytes and nothing else."""
        return Prepared(request.document.data, request.document.data)

    def send(self, prepared: Prepared) -> None:
        """Put it behind those that are out."""
        self._out.append(prepared.message)

    def receive(self) -> Reply:
        """Call the function."""
        return self.reply(self._out.popleft())

    def reply(self, data: bytes) -> Reply:
        """What comes of one document."""
        late: list[bool] = []
        over: list[bool] = []

        def stop(*_: object) -> None:
            if not over:  # a system that catches everything is stopped again and again, and nothing else is
                late.append(True)
                raise TooLongError

        before = signal.signal(signal.SIGVTALRM, stop)
        signal.setitimer(signal.ITIMER_VIRTUAL, self._seconds, 0.05)
        try:
            words, content = worker.called(self._function, self._settings, {"id": 1}, data)
        except TooLongError:
            words, content = {}, b""
        finally:
            over.append(True)
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, before)
        heard = Stop(Reason.TIME) if late else Frame(words, content)
        return reply_to(self._limits, self._refusals, heard, "", self._seconds if late else 0.0)


class InProcess:
    """An `Executor` of one call at a time."""

    def __init__(self, function: Callable[[bytes], Any], spec: LaneSpec, seconds: float = SECONDS) -> None:
        """Call this function on the cases of a spec.

        Args:
            function: of a document's bytes.
            spec: the corpus, judge and mutators.
            seconds: of processor time that a call may take.
        """
        self.adapter = Direct(function, spec, seconds)
        self.calls = Calls(spec, self.adapter)
        self._waiting: deque[Work] = deque()

    @property
    def pending(self) -> int:
        """Works that wait."""
        return len(self._waiting)

    @property
    def room(self) -> int:
        """For a handful."""
        return max(0, _ROOM - len(self._waiting))

    def put(self, works: Sequence[Work]) -> None:
        """Behind the others."""
        self._waiting.extend(works)

    def results(self, timeout: float | None = None) -> list[Result]:
        """The next one."""
        return [self.one(self._waiting.popleft())] if self._waiting else []

    def one(self, work: Work) -> Result:
        """Make a call."""
        attempt = self.calls.prepare(work)
        if isinstance(attempt, Result):
            return attempt
        self.adapter.send(attempt.prepared)
        return self.calls.conclude(attempt, self.adapter.receive())
