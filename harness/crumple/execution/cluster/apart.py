"""Ctrl-C is for whoever has started a cluster for a run, and not for its Dask workers.

They are started `shielded`, and lead a session of their own as soon as they can, like lanes do; they end with the
process that has started them, however that one ends. Dask loads this module into each before it takes tasks.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from typing import Any


@contextmanager
def shielded() -> Iterator[None]:
    """Threads and processes that are started meanwhile do not hear of Ctrl-C."""
    resource_tracker.ensure_running()  # which takes signals up again in the thread that it is started by
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def dask_setup(worker: Any) -> None:
    """Called by Dask in the worker's process, before it takes tasks: systems are to hear of signals as ever."""
    with suppress(PermissionError):  # it leads a session already
        os.setsid()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # one that came meanwhile is forgotten
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    signal.signal(signal.SIGINT, before)
