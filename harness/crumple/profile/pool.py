"""Processes that measure: a file that kills, hangs or fills one costs that file, and no other.

They are few, are kept, and have one file each at a time, so that whatever becomes of a process is known to be its
file's doing. What they take is limited from outside (the time) and by the system (the memory).
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Final

from crumple.errors import CrumpleError, in_words
from crumple.execution.cores import one_thread_each
from crumple.profile.findings import Measured

SECONDS: Final = 60.0
"""How long one file may take."""
MEMORY: Final = 4 << 30
"""Bytes of address space that a process may take beside what it needs to begin with."""
STARTUP: Final = 120.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may take.

    Attributes:
        seconds: of wall time.
        memory: bytes of address space, where the system can limit it.
    """

    seconds: float = SECONDS
    memory: int = MEMORY


Measuring = Callable[[str], Measured]
Prepare = Callable[[Any], Measuring]


@dataclass(slots=True)
class _Process:
    process: BaseProcess
    pipe: Connection
    path: str | None = None
    since: float = field(default_factory=time.monotonic)
    ready: bool = False


def measure_all(
    paths: Sequence[str], prepare: Prepare, given: Any, *, workers: int, limits: Limits | None = None
) -> Iterator[Measured]:
    """Measure files, in any order; every file comes out once, whatever it does.

    Args:
        paths: of the files.
        prepare: called in each process with `given`; returns what measures one path. A function of a module.
        given: plain data.
        workers: how many processes.
        limits: what one file may take.

    Raises:
        CrumpleError: what `prepare` raised, or that no process can be begun.
    """
    limits = limits or Limits()
    waiting = list(reversed(paths))
    running: list[_Process] = []
    try:
        while waiting or any(each.path is not None for each in running):
            while len(running) < min(workers, len(waiting) + sum(each.path is not None for each in running)):
                running.append(_begun(prepare, given, limits))
            wait([each.pipe for each in running], timeout=_patience(running, limits))
            for each in list(running):
                outcome = _heard(each, limits)
                if isinstance(outcome, Measured):
                    yield outcome
                if each.pipe.closed:
                    running.remove(each)
                elif each.ready and each.path is None and waiting:
                    each.path, each.since = waiting.pop(), time.monotonic()
                    with contextlib.suppress(OSError):  # it has just died: heard of in the next turn
                        each.pipe.send(each.path)
    finally:
        for each in running:
            _ended(each)


def _begun(prepare: Prepare, given: Any, limits: Limits) -> _Process:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, prepare, given, limits.memory), daemon=True)
    with one_thread_each():
        process.start()
    theirs.close()
    return _Process(process, ours)


def _patience(running: Sequence[_Process], limits: Limits) -> float:
    """Seconds until the first of them has taken too long."""
    now = time.monotonic()
    ends = [each.since + (limits.seconds if each.ready else STARTUP) for each in running if each.path or not each.ready]
    return max(0.0, min(ends, default=now + 1.0) - now)


def _heard(each: _Process, limits: Limits) -> Measured | None:
    """What a process has to say: that it is ready, what it measured, or by its silence or death what a file did."""
    try:
        if each.pipe.poll():
            said = each.pipe.recv()
            if not each.ready:
                if said is not True:
                    raise said if isinstance(said, CrumpleError) else CrumpleError(str(said), where="measuring")
                each.ready = True
                return None
            each.path = None
            return said  # type: ignore[no-any-return]  # what `_serve` sends
    except (EOFError, OSError):
        pass
    else:
        late = time.monotonic() - each.since > (limits.seconds if each.ready else STARTUP)
        if each.process.is_alive() and not (late and (each.path is not None or not each.ready)):
            return None
        if each.process.is_alive():
            return _given_up(each, f"it took longer than {limits.seconds:g} s to measure")
    each.process.join(5.0)
    return _given_up(each, _death(each.process.exitcode))


def _given_up(each: _Process, why: str) -> Measured | None:
    path, each.path = each.path, None
    _ended(each)
    if path is None and not each.ready:
        raise CrumpleError(f"a process that measures cannot be begun: {why}", where="measuring")
    return Measured(path, closed=why) if path is not None else None


def _death(code: int | None) -> str:
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return f"it killed the process that measured it ({signal.Signals(-code).name})"
    return f"it ended the process that measured it (exit code {code})"


def _ended(each: _Process) -> None:
    if each.process.is_alive():
        each.process.kill()
    each.process.join(5.0)
    each.pipe.close()


def _serve(pipe: Connection, prepare: Prepare, given: Any, memory: int) -> None:
    """What a process does: measure whatever it is named, until nobody names anything."""
    with contextlib.suppress(ValueError, OSError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is its parent's to see to
    try:
        measuring = prepare(given)
    except BaseException as error:  # noqa: BLE001 - told to the parent, which raises it
        pipe.send(error if isinstance(error, CrumpleError) else in_words(error))
        return
    _limit_memory(memory)
    pipe.send(True)
    while True:
        try:
            path = pipe.recv()
        except EOFError:
            return
        try:
            result = measuring(path)
        except MemoryError:
            result = Measured(path, closed="it takes more memory than it may")
        except RecursionError:
            result = Measured(path, closed="it is nested too deeply")
        except Exception as error:  # noqa: BLE001 - a file must not end what measures the others
            result = Measured(path, closed=f"it could not be measured: {in_words(error)}")
        pipe.send(result)


def _limit_memory(memory: int) -> None:
    """Where the system can: a bomb then fails in its own process with a MemoryError."""
    if sys.platform == "win32":
        return
    import resource

    import psutil

    with contextlib.suppress(ValueError, OSError):
        used = psutil.Process().memory_info().vms
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = used + memory
        resource.setrlimit(resource.RLIMIT_AS, (most if hard < 0 else min(most, hard), hard))
