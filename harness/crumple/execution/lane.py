"""A lane: crumple's own process, which degrades, has the system called, and judges.

Started as `python -m crumple.execution.lane SOCKET`. The first message holds what a lane must know, the ones after
it hold work. A lane leads a session of its own, so that Ctrl-C reaches its parent alone, and it ends with its parent,
however that one ends.
"""

from __future__ import annotations

import gc
import os
import pickle
import select
import shutil
import socket
import sys
import threading
import time
import traceback
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crumple.adapters import Adapter
from crumple.errors import CrumpleError
from crumple.execution.progress import PROGRESS, Progress, Step
from crumple.execution.wire import Channel, result_to_wire, work_from_wire
from crumple.outcome import Reply
from crumple.result import Result, Work
from crumple.views.limits import limit_pixels
from crumple.workers import descendants, process

if TYPE_CHECKING:
    from crumple.execution.calls import Attempt, Calls

_FLUSH_AFTER = 0.02
_PARENT_CHECK_MS = 500
_TRIES = 20
_QUICK = 0.0005
_HANDFUL, _HANDFUL_BYTES = 16, 1 << 20
_DEGRADING, _CALLING, _JUDGING = map(int, (Step.DEGRADING, Step.CALLING, Step.JUDGING))  # plain numbers are quicker


class HangUp(threading.Thread):
    """Ends this process with all its workers and files once the parent is gone, whatever the lane is doing."""

    def __init__(self, descriptor: int, parent: int, scratch: Path) -> None:
        super().__init__(name="crumple hang-up", daemon=True)
        self._descriptor = descriptor
        self._parent = parent
        self._scratch = scratch

    def run(self) -> None:
        """Wait for the end."""
        poll = select.poll()
        poll.register(self._descriptor, 0)  # hang-ups and errors alone
        while not poll.poll(_PARENT_CHECK_MS):
            if os.getppid() != self._parent:
                break
        end(self._scratch)


def end(scratch: Path) -> None:
    """Kill every worker, remove this lane's files, and leave at once."""
    try:
        for _ in range(_TRIES):
            # The other thread may be starting a worker or writing a file at this moment.
            process.end_all()
            descendants.sweep()
            shutil.rmtree(scratch, ignore_errors=True)
            if not scratch.exists():
                break
            time.sleep(0.005)
    finally:
        os._exit(0)


class Lane:
    """The loop: while the system works on a call, or a handful of quick ones, the next are prepared.

    A handful is one with a system that takes its time. With one that answers at once, handing the processor to and
    fro costs more than the call, so that several go together.
    """

    def __init__(self, channel: Channel, calls: Calls, adapter: Adapter, progress: Progress) -> None:
        """Work off what comes through the channel.

        Args:
            channel: to the parent.
            calls: prepares and judges.
            adapter: started.
            progress: where the parent reads what this lane is at.
        """
        self._channel = channel
        self._calls = calls
        self._adapter = adapter
        self._mark = progress.mark
        self._works: deque[Work] = deque()
        self._results: list[Result] = []
        self._since = time.monotonic()
        self._out: list[Attempt] = []
        self._handful = 1

    def run(self) -> None:
        """Until the parent hangs up."""
        while not self._channel.ended:
            if not self._works and not self._out:
                self._deliver()
                self._wait()
            self._listen()
            self._step()
            if time.monotonic() - self._since > _FLUSH_AFTER:
                self._deliver()

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
                self._conclude(ended)
                self._deliver()
        self._handful = _HANDFUL if quick else 1
        if following:
            self._mark(_CALLING, following[0].work.id)
        for attempt in following:
            self._adapter.send(attempt.prepared)
        self._out = following
        self._conclude(ended)

    def _conclude(self, ended: list[tuple[Attempt, Reply]]) -> None:
        for attempt, reply in ended:
            self._mark(_JUDGING, attempt.work.id)
            self._results.append(self._calls.conclude(attempt, reply))
        ended.clear()

    def _prepared_handful(self) -> list[Attempt]:
        attempts: list[Attempt] = []
        size = 0
        while len(attempts) < self._handful and size < _HANDFUL_BYTES and (attempt := self._prepared()):
            attempts.append(attempt)
            size += len(attempt.degradation.document.data)
        return attempts

    def _prepared(self) -> Attempt | None:
        """The next call that can be made; what is skipped on the way is a result."""
        while self._works:
            work = self._works.popleft()
            self._mark(_DEGRADING, work.id)
            attempt = self._calls.prepare(work)
            if not isinstance(attempt, Result):
                return attempt
            self._results.append(attempt)
            if time.monotonic() - self._since > _FLUSH_AFTER:
                self._deliver()
                self._listen()
        return None

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


def main() -> None:
    """Load what the parent describes, and work until it hangs up."""
    channel = Channel(socket.socket(fileno=int(sys.argv[1])))
    poll = select.poll()
    poll.register(channel, select.POLLIN)
    messages: list[Any] = []
    while not messages:
        poll.poll()
        messages = channel.take()
        if channel.ended and not messages:
            return
    parent, root, scratch, description = messages[0]
    HangUp(channel.fileno(), parent, Path(scratch)).start()
    descendants.adopt_strays()
    try:
        lane = _made(channel, root, Path(scratch), description)
    except CrumpleError as error:
        channel.put(("failed", (type(error).__name__, str(error))))
    except Exception as error:  # noqa: BLE001 - a plugin may raise anything; the parent is told
        channel.put(("failed", ("", f"{type(error).__name__}: {error}\n{traceback.format_exc(limit=-8)}")))
    else:
        channel.put(("ready", None))
        lane.run()
    while channel.unsent and not channel.ended:
        channel.flush()
    end(Path(scratch))


def _made(channel: Channel, root: str, scratch: Path, description: bytes) -> Lane:
    if root not in sys.path:
        sys.path.insert(0, root)
    # What is described may live in a module beside the configuration file, so the path comes first.
    spec = pickle.loads(description)  # noqa: S301 - from the process that has started this one
    from crumple.execution.calls import Calls  # heavy, and not before the parent is listened for

    limit_pixels(spec.pixels)
    adapter = spec.system.adapter(scratch)
    calls = Calls(spec, adapter)
    if opencv := sys.modules.get("cv2"):
        opencv.setNumThreads(1)  # there are as many lanes as cores
    adapter.start()
    # What is loaded stays, and what a call makes is gone after it: collecting often finds nothing and costs a tenth.
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    return Lane(channel, calls, adapter, Progress(scratch / PROGRESS))


if __name__ == "__main__":
    main()
