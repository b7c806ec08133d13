"""A lane's loop: work comes in, is degraded, sent to the system and judged, and results go out."""

from __future__ import annotations

import select
import time
from abc import ABC, abstractmethod
from collections import deque

from crumple.adapters import Adapter
from crumple.errors import DeniedError, VoidRunError
from crumple.execution.calls import Attempt, Calls
from crumple.execution.progress import Progress, Step
from crumple.execution.wire import Channel, result_to_wire, work_from_wire
from crumple.outcome import Reply
from crumple.result import Result, Work

_FLUSH_AFTER = 0.02
_QUICK = 0.0005
_HANDFUL, _HANDFUL_BYTES = 16, 1 << 20
_DEGRADING, _CALLING, _JUDGING = map(int, (Step.DEGRADING, Step.CALLING, Step.JUDGING))  # plain numbers are quicker


class Loop(ABC):
    """What every lane's loop does; how calls are made is its heirs' affair."""

    def __init__(self, channel: Channel, calls: Calls, progress: Progress) -> None:
        """Work off what comes through the channel.

        Args:
            channel: to the parent.
            calls: prepares and judges.
            progress: where the parent reads what this lane is at.
        """
        self._channel = channel
        self._calls = calls
        self._mark = progress.mark
        self._works: deque[Work] = deque()
        self._results: list[Result] = []
        self._denied: DeniedError | None = None
        self._since = time.monotonic()

    def run(self) -> None:
        """Until the parent hangs up, or the corpus can be read no more and what was begun is concluded."""
        while not self._channel.ended:
            if self._denied is not None and not self._busy:
                self._deliver()
                self._channel.put(("failed", (VoidRunError.__name__, str(self._denied))))
                return
            if not self._works and not self._busy:
                self._deliver()
                self._wait()
            self._listen()
            self._step()
            if time.monotonic() - self._since > _FLUSH_AFTER:
                self._deliver()

    @property
    @abstractmethod
    def _busy(self) -> bool:
        """Whether calls have been begun and not concluded."""

    @abstractmethod
    def _step(self) -> None:
        """Get on with it."""

    def _prepared(self) -> Attempt | None:
        """The next call that can be made; what is skipped on the way is a result."""
        while self._works:
            work = self._works.popleft()
            self._mark(_DEGRADING, work.id)
            try:
                attempt = self._calls.prepare(work)
            except DeniedError as error:
                self._denied = error
                self._works.clear()
                return None
            if not isinstance(attempt, Result):
                return attempt
            self._results.append(attempt)
            if time.monotonic() - self._since > _FLUSH_AFTER:
                self._deliver()
                self._listen()
        return None

    def _conclude(self, attempt: Attempt, reply: Reply) -> None:
        self._mark(_JUDGING, attempt.work.id)
        try:
            self._results.append(self._calls.conclude(attempt, reply))
        except DeniedError as error:
            self._denied = error
            self._works.clear()

    def _listen(self) -> None:
        """Take in work, and hand back what is asked for again."""
        for kind, content in self._channel.take():
            if kind == "work":
                self._works.extend(map(work_from_wire, content))
            elif kind == "recall":
                back = [self._works.pop() for _ in range(min(content, len(self._works)))]
                self._channel.put(("returned", [work.id for work in back]))

    def _wait(self) -> None:
        """Until there is something to do; the clock that work is paced by stands still meanwhile."""
        self._mark(Step.IDLE, 0)
        poll = select.poll()
        poll.register(self._channel, select.POLLIN | (select.POLLOUT if self._channel.unsent else 0))
        poll.poll()
        self._channel.flush()
        self._since = time.monotonic()

    def _deliver(self) -> None:
        now = time.monotonic()
        if self._results:
            self._channel.put(("results", (now - self._since, list(map(result_to_wire, self._results)))))
            self._results.clear()
        else:
            self._channel.flush()
        self._since = now


class ClosedLoop(Loop):
    """One call at a time: while the system works on it, or on a handful of quick ones, the next are prepared.

    A handful is one with a system that takes its time. With one that answers at once, handing the processor to and
    fro costs more than the call, so that several go together.
    """

    def __init__(self, channel: Channel, calls: Calls, adapter: Adapter, progress: Progress) -> None:
        """Call through `adapter`, which has been started; the others are as for every loop."""
        super().__init__(channel, calls, progress)
        self._adapter = adapter
        self._out: list[Attempt] = []
        self._handful = 1

    @property
    def _busy(self) -> bool:
        return bool(self._out)

    def _step(self) -> None:
        """Prepare calls while others are out, and judge those while the new ones are."""
        following = self._prepared_handful()
        ended: list[tuple[Attempt, Reply]] = []
        quick = bool(self._out)
        for attempt in self._out:
            self._mark(_CALLING, attempt.work.id)
            reply = self._adapter.receive()
            ended.append((attempt, reply))
            quick = quick and reply.seconds < _QUICK
            if reply.seconds > _FLUSH_AFTER:
                self._conclude_all(ended)
                self._deliver()
        self._handful = _HANDFUL if quick else 1
        if following:
            self._mark(_CALLING, following[0].work.id)
        for attempt in following:
            self._adapter.send(attempt.prepared)
        self._out = following
        self._conclude_all(ended)

    def _conclude_all(self, ended: list[tuple[Attempt, Reply]]) -> None:
        for attempt, reply in ended:
            self._conclude(attempt, reply)
        ended.clear()

    def _prepared_handful(self) -> list[Attempt]:
        attempts: list[Attempt] = []
        size = 0
        while len(attempts) < self._handful and size < _HANDFUL_BYTES and (attempt := self._prepared()):
            attempts.append(attempt)
            size += len(attempt.degradation.document.data)
        return attempts
