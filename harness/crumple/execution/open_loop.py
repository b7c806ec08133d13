"""The loop of a lane whose system lives elsewhere: many calls are out at a time, and an outage is nobody's failure.

A call that ends as an outage would (a connection that was reset, a gateway's 502) may also be a document that kills
the service. The lane then sends nothing new until all that is out has come back, and sends the clean document of the
same case: where that is not answered either, it is an outage, and void. Where it is, the document did it; unless
others were out with it, for then it is sent once more, alone, to find out which one it was. That one of the others was
answered clears nobody: it may have been sent again, on a new connection, when the service was there again. All of this
the lane does alone with the service, without the other lanes' calls.
"""

from __future__ import annotations

import time
from dataclasses import replace

from crumple.adapters import OpenAdapter
from crumple.execution.calls import Attempt, Calls
from crumple.execution.gate import Gate
from crumple.execution.loop import Loop
from crumple.execution.progress import Progress, Step
from crumple.execution.wire import Channel
from crumple.outcome import ALONE, IN_COMPANY, Ending, Reply

_TURN = 0.02
_PATIENCE = 5
_CALLING = int(Step.CALLING)
_KILLS = "kills the service"
_SUCCEEDS = {Ending.ANSWERED, Ending.REFUSED}


class OpenLoop(Loop):
    """As many calls out as the service bears, and one prepared for when there is room."""

    def __init__(
        self,
        channel: Channel,
        calls: Calls,
        adapter: OpenAdapter,
        progress: Progress,
        gate: Gate | None = None,
        *,
        company: bool = False,
    ) -> None:
        """Call through `adapter`, which has been started, and through the lanes' gate; the others as for every loop.

        With `company` of lanes that no gate holds back, a call that must be made alone is handed back for that.
        """
        super().__init__(channel, calls, progress)
        self._adapter = adapter
        self._company = company
        self._gate = gate or Gate(None)
        self._out: dict[int, Attempt] = {}
        self._ready: Attempt | None = None
        self._suspects: list[tuple[Attempt, Reply, bool]] = []
        self._accompanied: set[int] = set()
        self._outage = False

    @property
    def _busy(self) -> bool:
        return bool(self._out or self._ready or self._suspects)

    def _step(self) -> None:
        if self._suspects:
            if self._out:
                self._take(_TURN)
            elif self._gate.alone():
                self._clear_up()
                self._gate.open()
            else:
                self._idle()
            return
        if self._ready is None:
            self._ready = self._prepared()
        if self._ready is not None and self._adapter.room > 0:
            if self._gate.enter():
                self._send(self._ready)
                self._ready = None
                self._take(0.0)
            elif self._out:
                self._take(_TURN)
            else:
                self._idle()
        elif self._out or self._ready is not None:
            self._take(_TURN)

    def _idle(self) -> None:
        """Wait for another lane."""
        self._mark(_CALLING, 0)
        time.sleep(_TURN)

    def _send(self, attempt: Attempt) -> None:
        self._mark(_CALLING, attempt.work.id)
        self._adapter.send(attempt.prepared)
        self._out[id(attempt.prepared)] = attempt
        if len(self._out) > 1:
            self._accompanied.update(self._out)

    def _take(self, timeout: float) -> None:
        """Judge the replies that have arrived, and put those in doubt aside."""
        self._mark(_CALLING, next(iter(self._out.values())).work.id if self._out else 0)
        for prepared, reply in self._adapter.arrived(timeout):
            attempt = self._out.pop(id(prepared))
            together = self._gate.shared or id(prepared) in self._accompanied
            self._accompanied.discard(id(prepared))
            self._outage = self._outage and reply.ending is Ending.VOID
            if reply.suspect:
                self._suspects.append((attempt, reply, together))
            else:
                self._conclude(attempt, reply)
        if not self._out:
            self._gate.leave()

    def _clear_up(self) -> None:
        """Find out of each call in doubt whether its document did it; nothing is out."""
        suspects, self._suspects = self._suspects, []
        for attempt, reply, together in suspects:
            self._conclude(attempt, self._cleared(attempt, reply, together=together))
            self._deliver()

    def _cleared(self, attempt: Attempt, reply: Reply, *, together: bool) -> Reply:
        """What became of a call in doubt, with all that finding out has cost."""
        if self._company:
            return replace(reply, ending=Ending.VOID, figures={**reply.figures, IN_COMPANY: 1.0})
        control = self._control(attempt)
        if control is None:
            return reply
        reply = self._calls.together(reply, control)
        if control.ending not in _SUCCEEDS:
            return replace(reply, cause=f"{reply.cause}; the clean document came to nothing as well: {control.cause}")
        if together:
            again = self._alone(attempt)
            if not again.suspect:
                return self._calls.together(replace(again, figures={**again.figures, ALONE: 1.0}), reply)
            return self._cleared(attempt, self._calls.together(again, reply), together=False)
        cause = f"{reply.cause}; the clean document is answered"
        return replace(reply, ending=Ending.CRASHED, cause=cause, kind=reply.blame or _KILLS)

    def _control(self, attempt: Attempt) -> Reply | None:
        """The reply to a clean document; None where there is none that could be sent.

        A service that was killed is started again by whoever looks after it, and the adapter waits longer each time.
        In an outage that has been seen before, one try is enough.
        """
        control = self._calls.control(attempt.work)
        if control is None:
            return None
        reply = self._alone(control)
        for _ in range(0 if self._outage else _PATIENCE):
            if reply.ending is not Ending.VOID:
                break
            reply = self._calls.together(self._alone(control), reply)
        self._outage = reply.ending is Ending.VOID
        return reply

    def _alone(self, attempt: Attempt) -> Reply:
        """Send a call while nothing else is out of this lane, and wait for its reply."""
        while self._adapter.room <= 0 and not self._channel.ended:
            self._mark(_CALLING, attempt.work.id)
            self._adapter.arrived(_TURN)
        self._adapter.send(attempt.prepared)
        while not self._channel.ended:
            self._mark(_CALLING, attempt.work.id)
            for _, reply in self._adapter.arrived(_TURN):
                return reply
        return Reply(Ending.VOID, cause="interrupted")
