"""One run of a program: started, listened to, watched for its end, killed with all that it started."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import itertools
import math
import os
import select
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from crumple.errors import CrumpleError
from crumple.workers import descendants
from crumple.workers.limits import Limits
from crumple.workers.memory import MemoryWatch
from crumple.workers.process import Reason, Stop, live

_PIPE = 1 << 20
_CHUNK = 1 << 18
_KEPT_OUTPUT = 64 * 1024
_TICK = 0.01
_LOOK_AT_FILES = 0.05
_MOST_FILES = 1000
_F_SETPIPE_SZ = 1031


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What is run.

    Attributes:
        argv: the program as it goes by in its own messages, and its arguments.
        folder: the working folder.
        env: all of its environment.
        executable: its file, an absolute path; "" where that is how it goes by.
        reads: the file that is its standard input; "" for none.
        answers: whether what it prints on standard output is its answer; otherwise it is output like any other.
        writes: the folder whose files are its answer; "" for none.
    """

    argv: tuple[str, ...]
    folder: str
    env: Mapping[str, str]
    executable: str = ""
    reads: str = ""
    answers: bool = True
    writes: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run of a program ended.

    Attributes:
        stop: its exit status, or the limit that it was killed for.
        answer: what it printed on standard output, where that is its answer.
        output: the end of what it printed otherwise.
        seconds: how long it ran.
    """

    stop: Stop
    answer: bytes
    output: str
    seconds: float

    @property
    def by_itself(self) -> bool:
        """Whether it was not killed for a limit."""
        return self.stop.reason is Reason.DIED


class ProgramProcess:
    """A running program; `wait` is called once, from the thread that has started it.

    Attributes:
        pid: its process id; it leads a session of its own.
        over_memory: the bytes that the memory watch killed it for, or 0.
    """

    def __init__(self, program: Program, limits: Limits, watch: MemoryWatch, seconds: float) -> None:
        """Start it.

        Args:
            program: what is run.
            limits: what it may print and answer.
            watch: looks after its memory.
            seconds: how long it may run.

        Raises:
            CrumpleError: it cannot be started.
        """
        self._limits = limits
        self._watch = watch
        self._writes = program.writes
        self._answer: list[bytes] = []
        self._answered = self._printed = self._kept = 0
        self._output: deque[bytes] = deque()
        self._stop: Stop | None = None
        self._reaping = threading.Lock()
        self._reaped = False
        self._adopts = descendants.adopts_strays()
        self.over_memory = 0
        self._began = time.monotonic()
        self._deadline = self._began + seconds
        self._process, self._answers, self._prints = _spawn(program)
        self.pid = self._process.pid
        live.add(self.pid)
        _be_the_first_to_go(self.pid)
        watch.add(self)
        self._poll = select.poll()
        for descriptor in (self._answers, self._prints):
            if descriptor >= 0:
                self._poll.register(descriptor, select.POLLIN)
        self._pidfd = -1
        if hasattr(os, "pidfd_open"):
            with contextlib.suppress(OSError):
                self._pidfd = os.pidfd_open(self.pid)
                self._poll.register(self._pidfd, select.POLLIN)

    def strays(self) -> list[int]:
        """What it has started that has come to this process; a lane runs one program at a time."""
        return descendants.strays(live) if self._adopts else []

    def wait(self) -> Ended:
        """Listen until it ends or passes a limit; then nothing that it started is left."""
        look_at_files = self._began
        while self._stop is None:
            now = time.monotonic()
            if self._writes and now >= look_at_files:
                self._weigh_files()
                look_at_files = now + _LOOK_AT_FILES
            self._turn(now, look_at_files)
        seconds = time.monotonic() - self._began
        self._finish()
        output = b"".join(self._output)[-_KEPT_OUTPUT:].decode("utf-8", "replace")
        return Ended(self._stop, b"".join(self._answer), output, seconds)

    def _turn(self, now: float, look_at_files: float) -> None:
        """Wait for something to happen, and take it in; what has ended just at its limit has ended by itself."""
        late = now >= self._deadline
        wait = max(0.0, self._deadline - now)
        if self._writes:
            wait = min(wait, max(0.0, look_at_files - now))
        if self._pidfd < 0:
            wait = min(wait, _TICK)
        ended = False
        for descriptor, _ in self._poll.poll(math.ceil(wait * 1000)):
            if descriptor == self._pidfd:
                ended = True
            else:
                self._take(descriptor)
        if ended or (self._pidfd < 0 and self._has_ended()):
            self._stop = self._stop or Stop(Reason.DIED)  # its status is taken when nobody needs its number any more
        elif late and self._stop is None:
            self._stop = Stop(Reason.TIME)

    def _has_ended(self) -> bool:
        """Whether it has, while it stays unreaped and its number its own."""
        found = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return found is not None and found.si_pid == self.pid

    def _take(self, descriptor: int) -> bool:
        """Take in what was printed; False where there is nothing more at the moment."""
        try:
            data = os.read(descriptor, _CHUNK)
        except BlockingIOError:
            return False
        if not data:
            with contextlib.suppress(KeyError):
                self._poll.unregister(descriptor)
            return False
        if descriptor == self._answers:
            self._take_answer(data)
        else:
            self._take_output(data)
        return True

    def _take_answer(self, data: bytes) -> None:
        self._answered += len(data)
        if self._answered > self._limits.answer:
            self._stop = self._stop or Stop(Reason.ANSWER, amount=self._answered)
            self._answer.clear()
        elif self._stop is None or self._stop.reason is Reason.DIED:
            self._answer.append(data)

    def _take_output(self, data: bytes) -> None:
        self._printed += len(data)
        self._output.append(data)
        self._kept += len(data)
        while self._kept - len(self._output[0]) >= _KEPT_OUTPUT:
            self._kept -= len(self._output.popleft())
        if self._printed > self._limits.output:
            self._stop = self._stop or Stop(Reason.OUTPUT, amount=self._printed)

    def _weigh_files(self) -> None:
        """Stop it where what it writes is more than an answer may have."""
        size = 0
        with contextlib.suppress(OSError), os.scandir(self._writes) as found:
            for each in itertools.islice(found, _MOST_FILES):
                with contextlib.suppress(OSError):
                    size += each.stat(follow_symlinks=False).st_size
        if size > self._limits.answer:
            self._stop = Stop(Reason.ANSWER, amount=size)

    def _finish(self) -> None:
        """Kill what is left of it, and take in what it had printed before it ended."""
        ended = self._stop is not None and self._stop.reason is Reason.DIED
        # Whatever it was that a killed one had begun to say, its output is read to tell why.
        self.end()
        self._watch.remove(self)
        for descriptor in (self._answers, self._prints):
            while descriptor >= 0 and self._within_limits() and self._take(descriptor):
                pass
        with self._reaping:
            status, self._reaped = self._process.wait(), True
        live.discard(self.pid)
        if self.over_memory:
            self._stop = Stop(Reason.MEMORY, amount=self.over_memory)
        elif ended and self._within_limits():
            self._stop = Stop(Reason.DIED, status)
        elif ended:
            over = self._answered > self._limits.answer
            self._stop = Stop(Reason.ANSWER, 0, self._answered) if over else Stop(Reason.OUTPUT, 0, self._printed)
        for descriptor in (self._answers, self._prints, self._pidfd):
            if descriptor >= 0:
                os.close(descriptor)

    def _within_limits(self) -> bool:
        return self._answered <= self._limits.answer and self._printed <= self._limits.output

    def end(self) -> None:
        """Kill it and everything that it started, at once; from any thread."""
        with self._reaping:
            if not self._reaped:
                descendants.end(self.pid, live)


def run(program: Program, limits: Limits, watch: MemoryWatch, seconds: float) -> Ended:
    """Run a program to its end, whichever that is.

    Raises:
        CrumpleError: it cannot be started.
    """
    return ProgramProcess(program, limits, watch, seconds).wait()


def leave_no_core() -> None:
    """Have programs that crash write no core files."""
    import resource  # there is none on Windows

    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _be_the_first_to_go(pid: int) -> None:
    """Where memory ends all the same, the kernel is to end this one."""
    if descendants.LINUX:
        with contextlib.suppress(OSError), open(f"/proc/{pid}/oom_score_adj", "w", encoding="ascii") as adjustment:
            adjustment.write("1000")


def _spawn(program: Program) -> tuple[subprocess.Popen[bytes], int, int]:
    """Start the process; it, and this side's ends of the pipes for its answer (-1: none) and for other output."""
    if sys.platform == "win32":
        raise CrumpleError("commands need Linux or macOS", hint="On Windows, run crumple inside WSL.")
    prints, their_prints = os.pipe()
    answers, their_answers = os.pipe() if program.answers else (-1, -1)
    ours, theirs = [prints, answers], [their_prints, their_answers]
    standard_input = -1
    try:
        standard_input = os.open(program.reads or os.devnull, os.O_RDONLY)
        for descriptor in ours:
            if descriptor >= 0:
                os.set_blocking(descriptor, False)
        if descendants.LINUX and program.answers:
            with contextlib.suppress(OSError):  # past the user's share of such buffers the usual size has to do
                fcntl.fcntl(answers, _F_SETPIPE_SZ, _PIPE)
        process = subprocess.Popen(  # noqa: S603 - what the user has named
            program.argv,
            executable=program.executable or None,
            stdin=standard_input,
            stdout=their_answers if program.answers else their_prints,
            stderr=their_prints,
            start_new_session=True,
            cwd=program.folder,
            env=program.env,  # and no preexec_fn, so that starting it from a large process costs no copy of that
        )
    except OSError as error:
        for descriptor in ours:
            if descriptor >= 0:
                os.close(descriptor)
        raise CrumpleError(
            f"{os.path.basename(program.argv[0])!r} cannot be run: {error.strerror or error}",
            where="[system] command",
            hint="A script begins with a line such as #!/bin/sh." if error.errno == errno.ENOEXEC else "",
        ) from None
    finally:
        for descriptor in (*theirs, standard_input):
            if descriptor >= 0:
                os.close(descriptor)
    return process, answers, prints
