"""Measuring that goes wrong in every way, for processes of the pool: each path says what happens to it."""

import os
import signal
import threading

from crumple import CrumpleError
from crumple.profile.findings import Measured


def prepare(given):
    """What measures a path, or an error where `given` says so."""
    if given == "broken":
        raise CrumpleError("two measures are one")
    return act


def act(path):
    """Do to the process what the path says."""
    if path == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if path == "exits":
        os._exit(3)
    if path == "hangs":
        threading.Event().wait()
    if path == "large":
        bytearray(1 << 40)
    if path == "deep":
        return act_deeply(path)
    if path == "raises":
        raise ValueError("no")
    if path == "threads":
        return Measured(path, int(os.environ.get("OPENBLAS_NUM_THREADS", "0")))
    return Measured(path, 1)


def act_deeply(path):
    """Call itself for ever."""
    return act_deeply(path)
