"""The processes that a worker started, wherever they went: found, measured, ended. Reads /proc, sends signals."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Collection

LINUX = sys.platform.startswith("linux")
_PR_SET_CHILD_SUBREAPER, _PR_GET_CHILD_SUBREAPER = 36, 37
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_PATIENCE = 2.0


def adopt_strays(adopt: bool = True) -> None:
    """Have orphans of this process' descendants come to it instead of to init, so that they can be ended (Linux)."""
    if LINUX:
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, int(adopt), 0, 0, 0)


def adopts_strays() -> bool:
    """Whether `adopt_strays` was called."""
    if not LINUX:
        return False
    answer = ctypes.c_int(0)
    ctypes.CDLL(None).prctl(_PR_GET_CHILD_SUBREAPER, ctypes.byref(answer), 0, 0, 0)
    return answer.value == 1


def descendants(pid: int) -> list[int]:
    """Every process below this one, parents before children."""
    if not LINUX:
        return _psutil_descendants(pid)
    found: list[int] = []
    queue = [pid]
    while queue:
        children = _children(queue.pop())
        found += children
        queue += children
    return found


def _children(pid: int) -> list[int]:
    children: list[int] = []
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(OSError), open(f"/proc/{pid}/task/{task}/children", "rb") as listed:
                children += map(int, listed.read().split())
    return children


def _psutil_descendants(pid: int) -> list[int]:
    import psutil  # only where there is no /proc

    try:
        return [child.pid for child in psutil.Process(pid).children(recursive=True)]
    except psutil.Error:
        return []


def resident(pid: int) -> int:
    """Bytes of resident memory of one process; 0 where it is gone."""
    if not LINUX:
        import psutil  # only where there is no /proc

        try:
            return int(psutil.Process(pid).memory_info().rss)
        except psutil.Error:
            return 0
    try:
        with open(f"/proc/{pid}/statm", "rb") as statm:
            return int(statm.read().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def resident_of_all(pid: int, limit: int, strays: Collection[int] = ()) -> int:
    """Bytes of resident memory of a process and its descendants, pages that they share counted once.

    Counting exactly is slow, so it is done only where the quick sum is over `limit`.

    Args:
        pid: the process.
        limit: in bytes.
        strays: what it started and what is no longer below it.
    """
    everyone = [pid, *descendants(pid)]
    for stray in strays:
        everyone += [stray, *descendants(stray)]
    total = sum(map(resident, everyone))
    if total <= limit or len(everyone) == 1 or not LINUX:
        return total
    return sum(map(_proportional, everyone))


def _proportional(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/smaps_rollup", "rb") as smaps:
            for line in smaps:
                if line.startswith(b"Pss:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return resident(pid)


def end(pid: int, keep: Collection[int] = ()) -> None:
    """Kill the leader of a session with everything that it started, strays that left the session too.

    Args:
        pid: the leader, a child of this process; it is killed, but waiting for it is left to its owner.
        keep: children of this process that are none of its strays.
    """
    doomed = descendants(pid)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    for each in [pid, *doomed]:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(each, signal.SIGKILL)
    sweep({*keep, pid})


def sweep(keep: Collection[int] = ()) -> None:
    """Kill and reap what workers left to this process, until nothing is left.

    A stray is a child of another session than ours: what crumple itself or a mutator starts stays in ours.
    """
    if not adopts_strays():
        return
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        left = strays(keep)
        if not left:
            return
        for stray in left:
            for each in (*descendants(stray), stray):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(each, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                if os.waitpid(stray, os.WNOHANG)[0] == 0:
                    time.sleep(0.001)


def end_with_variable(variable: str) -> None:
    """Kill every process whose environment has a variable that begins so (Linux).

    It is how what a lane had started is found where the lane itself was killed, and could end nothing any more.

    Args:
        variable: as "NAME=VALUE", with a value that nobody else has.
    """
    if not LINUX:
        return
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        found = [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if _has(pid, variable)]
        if not found:
            return
        for pid in found:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.001)


def _has(pid: int, variable: str) -> bool:
    if pid == os.getpid():
        return False
    try:
        with open(f"/proc/{pid}/environ", "rb") as environ:
            return b"\0" + os.fsencode(variable) in b"\0" + environ.read()
    except OSError:
        return False


def strays(keep: Collection[int] = ()) -> list[int]:
    """What came to this process when those who had started it were gone; [] where nothing does.

    Args:
        keep: its children of other sessions that are none.
    """
    own = os.getsid(0)
    return [pid for pid in _children(os.getpid()) if pid not in keep and _session(pid) != own]


def _session(pid: int) -> int:
    try:
        return os.getsid(pid)
    except OSError:
        return -1
