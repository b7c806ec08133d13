"""One worker process: started, spoken to, watched for its end, killed with all that it started."""

from __future__ import annotations

import contextlib
import enum
import errno
import fcntl
import math
import os
import secrets
import select
import signal
import subprocess
import sys
import termios
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crumple.errors import CrumpleError
from crumple.workers import descendants
from crumple.workers.frames import NONCE_BYTES, Frame, FrameReader, FrameTooLarge, pack
from crumple.workers.limits import Limits

WORKER = Path(__file__).with_name("worker.py")
_PIPE = 1 << 20
_CHUNK = 1 << 18
_KEPT_OUTPUT = 64 * 1024
_MOST_JUNK = 16 << 20
_MOST_VIEWS = 512
_SMALL = 16 * 1024
_GRACE_FOR_STATUS = 0.05
_GRACE_FOR_TRACE = 0.5
_GRACE_WITHIN_TRACE = 0.05
_TICK = 0.05
_F_SETPIPE_SZ = 1031
# A signal that no system uses: its handler in the worker writes where every thread stands.
DUMP_SIGNAL = int(getattr(signal, "SIGRTMAX", 1)) - 1

# The workers and programs of this process: what else turns up among its children was left behind by one of them.
live: set[int] = set()


def end_all() -> None:
    """Kill every worker and program of this process with all that it started; from any thread, as a last act."""
    for pid in tuple(live):
        descendants.end(pid, live)


class Reason(enum.Enum):
    """Why no answer came."""

    DIED = "died"
    CLOSED = "closed"
    TIME = "time"
    MEMORY = "memory"
    OUTPUT = "output"
    ANSWER = "answer"
    JUNK = "junk"


@dataclass(frozen=True, slots=True)
class Stop:
    """A worker that has ended, or was ended, instead of answering.

    Attributes:
        reason: why.
        status: its exit code, or minus the signal that it died of; for DIED and CLOSED.
        amount: the bytes that were over a limit.
        untaken: the worker had died before it read the call, which therefore has nothing to do with it.
    """

    reason: Reason
    status: int = 0
    amount: int = 0
    untaken: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """How a worker is started.

    Attributes:
        python: the interpreter, an absolute path whose links are not resolved (virtual environments hang on them).
        folder: the working folder.
        settings: what the worker is told in its first frame.
        env: variables that it has besides those of this process.
    """

    python: str
    folder: str
    settings: Mapping[str, Any]
    env: Mapping[str, str] = field(default_factory=dict)


class WorkerProcess:
    """A worker and its pipes; spoken to from one thread.

    Attributes:
        pid: its process id; it leads a session of its own, and what it starts and loses comes back to it.
        over_memory: the bytes that the memory watch killed it for, or 0.
        output: the end of what was printed before the last frame or stop that was received.
    """

    def __init__(self, command: Command, limits: Limits) -> None:
        """Start the process and send it its settings.

        Raises:
            CrumpleError: the interpreter cannot be run.
        """
        self._limits = limits
        self._nonce = secrets.token_bytes(NONCE_BYTES)
        self._reader = FrameReader(self._nonce, limits.answer)
        self._printed = 0
        self._output: deque[bytes] = deque()
        self._kept = 0
        self._stop: Stop | None = None
        self._sent: deque[int] = deque()
        self.output = ""
        self.over_memory = 0
        self._process, self._requests, self._answers, self._prints = _spawn(command)
        self.pid = self._process.pid
        live.add(self.pid)
        self._watch_ends()
        settings = dict(command.settings) | {
            "parent": os.getpid(),
            "dump_signal": DUMP_SIGNAL if hasattr(signal, "SIGRTMAX") else 0,
            "watch_parent": not descendants.LINUX,
            "address_space": limits.address_space,
        }
        self.send(settings, (), time.monotonic() + limits.startup)

    def _watch_ends(self) -> None:
        self._poll = select.poll()
        self._poll.register(self._answers, select.POLLIN)
        self._poll.register(self._prints, select.POLLIN)
        self._pidfd = -1
        if hasattr(os, "pidfd_open"):
            with contextlib.suppress(OSError):
                self._pidfd = os.pidfd_open(self.pid)
                self._poll.register(self._pidfd, select.POLLIN)

    @property
    def alive(self) -> bool:
        """Whether nothing is known of its end; where the kernel tells of it at once, that is not asked again."""
        return self._stop is None and (self._pidfd >= 0 or self._process.poll() is None)

    def strays(self) -> list[int]:
        """None: it adopts what those that it started leave behind."""
        return []

    def send(self, header: Mapping[str, Any], body: Sequence[bytes], deadline: float) -> bool:
        """Write one frame; False where the worker was gone before it had all of it.

        Frames are answered in order, so that one may be written while another is worked on. A worker that stops
        reading leaves the rest unwritten at the deadline; `receive` says what came of it.
        """
        size = sum(map(len, body))
        start = pack(self._nonce, header, size)
        self._sent.append(len(start) + size)
        if size <= _SMALL:
            views = [memoryview(b"".join((start, *body)))]
        else:
            views = [memoryview(start), *(memoryview(each) for each in body if each)]
        while views:
            try:
                done = os.writev(self._requests, views[:_MOST_VIEWS])
            except BlockingIOError:
                self._wait_to_write(deadline)
                if self._stop or time.monotonic() >= deadline:
                    return not self._gone()
                continue
            except OSError as error:
                if error.errno != errno.EPIPE:
                    raise
                self._sent[-1] -= sum(map(len, views))  # what has not gone in is not looked for in the pipe
                return False
            while views and done >= len(views[0]):
                done -= len(views.pop(0))
            if done:
                views[0] = views[0][done:]
        return True

    def _gone(self) -> bool:
        return self._stop is not None and self._stop.reason is Reason.DIED

    def _wait_to_write(self, deadline: float) -> None:
        self._poll.register(self._requests, select.POLLOUT)
        try:
            self._turn(deadline)
        finally:
            self._poll.unregister(self._requests)

    def receive(self, call: int, deadline: float) -> Frame | Stop:
        """Wait for the frame that answers a call, or for what came instead.

        After a `Stop` the process has been killed with all its descendants; `close` is still to be called.
        """
        looked_again = False
        try:
            while (frame := self._answer_to(call)) is None and self._stop is None:
                late = time.monotonic() >= deadline
                if late and looked_again:
                    self._trace()
                    self._stop = Stop(Reason.TIME)
                    break
                looked_again = late
                self._turn(deadline)
                if self._reader.junk > _MOST_JUNK:
                    self._stop = Stop(Reason.JUNK, amount=self._reader.junk)
        except FrameTooLarge as error:
            frame, self._stop = None, Stop(Reason.ANSWER, amount=error.size)
        self._take_note()
        if frame is not None:
            self._sent.popleft()
            return frame
        self.kill()
        assert self._stop is not None
        return self._stop

    def _answer_to(self, call: int) -> Frame | None:
        while frame := self._reader.next():
            if frame.header.get("id", call) == call:
                return frame
        return None

    def _take_note(self) -> None:
        """What was printed so far belongs to the call that has just ended."""
        if self._printed or self.output:
            self.output = b"".join(self._output)[-_KEPT_OUTPUT:].decode("utf-8", "replace")
            self._printed = self._kept = 0
            self._output.clear()

    def _turn(self, deadline: float) -> bool:
        """Wait for something to happen and take it in; whether anything did."""
        wait = max(0.0, deadline - time.monotonic())
        if self._pidfd < 0:
            wait = min(wait, _TICK)
        ended = False
        events = self._poll.poll(math.ceil(wait * 1000))
        for descriptor, _ in events:
            if descriptor == self._answers:
                ended = not self._take_answer()
            elif descriptor == self._prints:
                self._take_output()
            elif descriptor == self._pidfd:
                ended = True
        if ended or (self._pidfd < 0 and not events and self._process.poll() is not None):
            self._ended()
        return bool(events)

    def _take_answer(self) -> bool:
        """Feed the reader; False at the end of the pipe."""
        try:
            data = os.read(self._answers, max(_CHUNK, min(self._reader.missing, _PIPE)))
        except BlockingIOError:
            return True
        if data:
            self._reader.feed(data)
        return bool(data)

    def _take_output(self) -> bool:
        """Keep the end of what was printed, and count; False where there was nothing."""
        try:
            data = os.read(self._prints, _CHUNK)
        except BlockingIOError:
            return False
        if not data:
            with contextlib.suppress(KeyError):
                self._poll.unregister(self._prints)
            return False
        self._printed += len(data)
        self._output.append(data)
        self._kept += len(data)
        while self._kept - len(self._output[0]) >= _KEPT_OUTPUT:
            self._kept -= len(self._output.popleft())
        if self._printed > self._limits.output and self._stop is None:
            self._stop = Stop(Reason.OUTPUT, amount=self._printed)
        return True

    def _ended(self) -> None:
        """Take in what the process left in its pipes, and wait briefly for its exit status: it tells the cause."""
        until = time.monotonic() + _GRACE_FOR_STATUS
        while self._process.poll() is None and time.monotonic() < until:
            time.sleep(0.0005)
        status = self._process.returncode
        with contextlib.suppress(BlockingIOError, OSError):
            while data := os.read(self._answers, _PIPE):
                self._reader.feed(data)
        while self._stop is None and self._take_output():
            pass
        if self.over_memory:
            self._stop = Stop(Reason.MEMORY, amount=self.over_memory)
        elif self._stop is None:
            closed = status is None
            self._stop = Stop(Reason.CLOSED) if closed else Stop(Reason.DIED, status or 0, untaken=self._untaken())

    def _untaken(self) -> bool:
        """Whether all that was sent and not answered is still in the pipe."""
        try:
            waiting = fcntl.ioctl(self._requests, termios.FIONREAD, b"\0" * 4)
        except OSError:
            return False
        return 0 < sum(self._sent) <= int.from_bytes(waiting, sys.byteorder)

    def _trace(self) -> None:
        """Ask a worker that is past its time where it stands; what it says is in the output."""
        if not hasattr(signal, "SIGRTMAX"):
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, DUMP_SIGNAL)
        with contextlib.suppress(KeyError):
            self._poll.unregister(self._answers)
        until = time.monotonic() + _GRACE_FOR_TRACE  # where processes wait for a core that takes a while
        wait = _GRACE_FOR_TRACE
        while wait > 0 and self._poll.poll(math.ceil(wait * 1000)) and self._take_output():
            wait = min(_GRACE_WITHIN_TRACE, until - time.monotonic())  # it comes in several small writes

    def kill(self) -> None:
        """End it and everything that it started, at once."""
        if self._stop is None:
            self._stop = Stop(Reason.DIED)
        if self._process.returncode is None:
            descendants.end(self.pid, live)
            self._process.wait()
        live.discard(self.pid)
        descendants.sweep(live)

    def close(self) -> None:
        """Give back the pipes; it must have been killed."""
        for descriptor in (self._requests, self._answers, self._prints, self._pidfd):
            if descriptor >= 0:
                os.close(descriptor)
        self._requests = self._answers = self._prints = self._pidfd = -1


def _spawn(command: Command) -> tuple[subprocess.Popen[bytes], int, int, int]:
    """Start the process; it, and this side's ends of the pipes for requests, answers and prints."""
    if sys.platform == "win32":
        raise CrumpleError("workers need Linux or macOS", hint="On Windows, run crumple inside WSL.")
    their_requests, requests = os.pipe()
    answers, their_answers = os.pipe()
    prints, their_prints = os.pipe()
    for descriptor in (requests, answers, prints):
        os.set_blocking(descriptor, False)
    if descendants.LINUX:
        for descriptor in (requests, answers):
            with contextlib.suppress(OSError):  # past the user's share of such buffers the usual size has to do
                fcntl.fcntl(descriptor, _F_SETPIPE_SZ, _PIPE)
    try:
        process = subprocess.Popen(  # noqa: S603 - the interpreter that the user has named
            [command.python, "-u", str(WORKER), str(their_requests), str(their_answers)],
            stdin=subprocess.DEVNULL,
            stdout=their_prints,
            stderr=their_prints,
            pass_fds=(their_requests, their_answers),
            start_new_session=True,
            cwd=command.folder,
            env={**os.environ, **command.env},
        )
    except OSError as error:
        for descriptor in (requests, answers, prints):
            os.close(descriptor)
        raise CrumpleError(
            f"the interpreter {command.python!r} cannot be run: {error.strerror or error}",
            where="[system] python",
            hint="Name the python of the environment that the system lives in.",
        ) from None
    finally:
        for descriptor in (their_requests, their_answers, their_prints):
            os.close(descriptor)
    return process, requests, answers, prints
