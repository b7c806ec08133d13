"""A lane as its parent sees it: the process, the socket to it, and what it has been given to do."""

from __future__ import annotations

import contextlib
import os
import pickle
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crumple.execution import leftovers
from crumple.execution.progress import PROGRESS, Progress, Watch
from crumple.execution.spec import LaneSpec
from crumple.execution.wire import Channel, work_to_wire
from crumple.result import Work
from crumple.workers.descendants import descendants, end_with_variable

# Results and work come and go about this often: rarely enough to cost nothing, often enough to keep lanes level.
_BATCH_SECONDS = 0.05
_LARGEST_BATCH = 1000
_FORGETTING = 0.7
_LOG_TAIL = 2000


class LaneProcess:
    """One lane.

    Attributes:
        work: what it has been given and not answered, by number, in order.
        ready: whether it has loaded the system.
        alone: whether it works on something that may have killed a lane before, and must be given nothing else.
        recalled: whether it has been asked to hand work back and has not answered.
        watch: how long it has been at one step.
    """

    def __init__(self, spec: LaneSpec, gate: int | None = None) -> None:
        """Start the process; it says that it is ready, or why it cannot be, through the channel.

        Args:
            spec: what it must know.
            gate: the open file that lanes of one service share; see `crumple.execution.gate`.
        """
        self.work: dict[int, Work] = {}
        self.ready = False
        self.alone = False
        self.recalled = False
        self._pace = 0.0
        self._least = max(1, spec.system.concurrency)
        self._scratch = Path(tempfile.mkdtemp(prefix=leftovers.PREFIX))
        own = spec.own_seconds
        self.watch = Watch(Progress(self._scratch / PROGRESS), own, own + spec.system.longest, time.monotonic())
        ours, theirs = socket.socketpair()
        inherited = [theirs.fileno(), *([] if gate is None else [gate])]
        try:
            with open(self._scratch / leftovers.LOG, "wb") as log:
                leftovers.claim(log)
                self._process = subprocess.Popen(  # noqa: S603 - crumple itself
                    [sys.executable, "-P", "-m", "crumple.execution.lane", *map(str, inherited)],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    pass_fds=inherited,
                    start_new_session=True,
                )
        except BaseException:
            ours.close()
            shutil.rmtree(self._scratch, ignore_errors=True)
            raise
        finally:
            theirs.close()
        self.channel = Channel(ours)
        description = pickle.dumps(spec)
        self.channel.put((os.getpid(), os.path.abspath(spec.root), str(self._scratch), description))

    @property
    def room(self) -> int:
        """How many calls it should be given now."""
        if not self.ready or self.alone or self.channel.ended:
            return 0
        batch = self._batch
        # It prepares one call while another is out, so it is never given fewer than two.
        held = len(self.work)
        return max(0, 2 * batch - held) if held <= batch else 0

    @property
    def _batch(self) -> int:
        if not self._pace:
            return self._least
        return max(self._least, min(_LARGEST_BATCH, int(_BATCH_SECONDS / self._pace)))

    @property
    def slow(self) -> bool:
        """Whether calls take long enough for it to matter which lane has the last one."""
        return self._least == 1 and self._pace > _BATCH_SECONDS

    def give(self, works: Sequence[Work]) -> None:
        """Send it calls to make."""
        self.work.update((work.id, work) for work in works)
        self.channel.put(("work", [work_to_wire(work) for work in works]))

    def recall(self, count: int) -> None:
        """Ask for up to so many calls back that it has not begun."""
        self.recalled = True
        self.channel.put(("recall", count))

    def heard(self, seconds: float, count: int) -> None:
        """Learn how long calls take here: at once where they are slow, by and by where they are fast."""
        pace = seconds / count
        self._pace = max(pace, _FORGETTING * self._pace)

    def messages(self) -> list[Any]:
        """What it has sent."""
        return self.channel.take()

    def died_of(self) -> tuple[str, str]:
        """How it ended, after its channel has: in one line, and the end of its log."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1.0)
        status = self._process.returncode
        log = ""
        with contextlib.suppress(OSError):
            log = (self._scratch / leftovers.LOG).read_bytes()[-_LOG_TAIL:].decode("utf-8", "replace")
        if status is None:
            return "it hung up", log
        return (f"exit code {status}" if status >= 0 else f"signal {_signal(-status)}"), log

    def hang_up(self) -> None:
        """Tell it to end."""
        self.channel.hang_up()

    def kill(self) -> None:
        """End it with all that it started, at once; what it has sent can still be taken."""
        doomed = descendants(self._process.pid)
        for pid in (self._process.pid, *doomed):
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()

    def end(self, patience: float = 3.0) -> None:
        """Wait until it has ended, after `hang_up`; kill it with all that it started where it does not."""
        until = time.monotonic() + patience
        try:
            self._process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            pass
        finally:
            if self._process.poll() is None:
                self.kill()
            if self._process.returncode != 0:
                end_with_variable(f"TMPDIR={self._scratch}")  # it was killed, and what it had started goes on
            shutil.rmtree(self._scratch, ignore_errors=True)


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
