"""Processes that may be lost: an item that kills, hangs or fills one costs that item, and no other.

They are few, are kept, and have one item each at a time, so that whatever becomes of a process is known to be its
item's doing. What they take is limited from outside (the time) and by the system (the memory).
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
from typing import Any, Final, Generic, TypeVar

from crumple.errors import CrumpleError, in_words
from crumple.execution.cores import one_thread_each

_Made = TypeVar("_Made")
STARTUP: Final = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one item may take.

    Attributes:
        seconds: of wall time.
        memory: bytes of address space that a process may take beside what it needs to begin with, where the system
            can limit it.
        until: when everything ends, by `time.monotonic`; what is not made by then is given up. None: never.
    """

    seconds: float
    memory: int
    until: float | None = None


@dataclass(frozen=True, slots=True)
class Job(Generic[_Made]):
    """What processes do.

    Attributes:
        prepare: called in each process with `given`; returns what makes something of one item. A function of a module.
        given: plain data.
        lost: what comes out of an item that nothing could be made of: of the item, and why.
        verb: how people call it: "measure".
        done: "measured".
    """

    prepare: Callable[[Any], Callable[[str], _Made]]
    given: Any
    lost: Callable[[str, str], _Made]
    verb: str
    done: str


@dataclass(slots=True)
class _Process:
    process: BaseProcess
    pipe: Connection
    item: str | None = None
    since: float = field(default_factory=time.monotonic)
    ready: bool = False


def made_of(items: Sequence[str], job: Job[_Made], *, workers: int, limits: Limits) -> Iterator[_Made]:
    """Do a job with each item, in any order; every item comes out once, whatever it does.

    Args:
        items: begun in this order.
        job: what is done.
        workers: how many processes.
        limits: what one item may take.

    Raises:
        CrumpleError: what `prepare` raised, or that no process can be begun.
    """
    waiting = list(reversed(items))
    running: list[_Process] = []
    try:
        while (waiting or any(each.item is not None for each in running)) and not _over(limits):
            while len(running) < min(workers, len(waiting) + sum(each.item is not None for each in running)):
                running.append(_begun(job, limits))
            wait([each.pipe for each in running], timeout=_patience(running, limits))
            for each in list(running):
                yield from _heard(each, job, limits)
                if each.pipe.closed:
                    running.remove(each)
                elif each.ready and each.item is None and waiting:
                    each.item, each.since = waiting.pop(), time.monotonic()
                    with contextlib.suppress(OSError):  # it has just died: heard of in the next turn
                        each.pipe.send(each.item)
        left = [each.item for each in running if each.item is not None] + waiting[::-1]
        for item in left:
            yield job.lost(item, f"there was no time left to {job.verb} it")
    finally:
        for each in running:
            _ended(each)


def _over(limits: Limits) -> bool:
    return limits.until is not None and time.monotonic() >= limits.until


def _begun(job: Job[Any], limits: Limits) -> _Process:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, job, limits.memory), daemon=True)
    with one_thread_each():
        process.start()
    theirs.close()
    return _Process(process, ours)


def _patience(running: Sequence[_Process], limits: Limits) -> float:
    """Seconds until the first of them has taken too long."""
    now = time.monotonic()
    ends = [each.since + (limits.seconds if each.ready else STARTUP) for each in running if each.item or not each.ready]
    ends += [limits.until] if limits.until is not None else []
    return max(0.0, min(ends, default=now + 1.0) - now)


def _heard(each: _Process, job: Job[_Made], limits: Limits) -> Iterator[_Made]:
    """What a process has to say: that it is ready, what it made, or by its silence or death what an item did."""
    try:
        if each.pipe.poll():
            said = each.pipe.recv()
            if not each.ready:
                if said is not True:
                    raise said if isinstance(said, CrumpleError) else CrumpleError(str(said), where=f"to {job.verb}")
                each.ready = True
                return
            item, each.item = each.item, None
            if isinstance(said, _Lost) and item is not None:
                yield job.lost(item, said.why)
            else:
                yield said
            return
    except (EOFError, OSError):
        pass
    else:
        late = time.monotonic() - each.since > (limits.seconds if each.ready else STARTUP)
        if each.process.is_alive() and not (late and (each.item is not None or not each.ready)):
            return
        if each.process.is_alive():
            yield from _given_up(each, job, f"it took longer than {limits.seconds:g} s to {job.verb}")
            return
    each.process.join(5.0)
    yield from _given_up(each, job, _death(each.process.exitcode, job.done))


def _given_up(each: _Process, job: Job[_Made], why: str) -> Iterator[_Made]:
    item, each.item = each.item, None
    _ended(each)
    if item is None and not each.ready:
        raise CrumpleError(f"a process that is to {job.verb} cannot be begun: {why}", where=f"to {job.verb}")
    if item is not None:
        yield job.lost(item, why)


def _death(code: int | None, done: str) -> str:
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return f"it killed the process that {done} it ({signal.Signals(-code).name})"
    return f"it ended the process that {done} it (exit code {code})"


def _ended(each: _Process) -> None:
    if each.process.is_alive():
        each.process.kill()
    each.process.join(5.0)
    each.pipe.close()


@dataclass(frozen=True, slots=True)
class _Lost:
    why: str


def _serve(pipe: Connection, job: Job[Any], memory: int) -> None:
    """What a process does: whatever item it is named, until nobody names any."""
    with contextlib.suppress(ValueError, OSError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is its parent's to see to
    try:
        make = job.prepare(job.given)
    except BaseException as error:  # noqa: BLE001 - told to the parent, which raises it
        pipe.send(error if isinstance(error, CrumpleError) else in_words(error))
        return
    _limit_memory(memory)
    pipe.send(True)
    while True:
        try:
            item = pipe.recv()
        except EOFError:
            return
        made: Any
        try:
            made = make(item)
        except MemoryError:
            made = _Lost("it takes more memory than it may")
        except RecursionError:
            made = _Lost("it is nested too deeply")
        except Exception as error:  # noqa: BLE001 - an item must not end what does the others
            made = _Lost(f"it could not be {job.done}: {in_words(error)}")
        pipe.send(made)


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
