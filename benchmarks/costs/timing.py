"""Processor time: of this process, and of those below it."""

from __future__ import annotations

import resource
from collections.abc import Callable

import psutil


def below(but: Callable[[psutil.Process], bool] = lambda each: False) -> float:
    """User and system seconds of the processes below this one that run, and of those that these have waited for."""
    total = 0.0
    for each in psutil.Process().children(recursive=True):
        try:
            if not but(each):
                total += sum(each.cpu_times()[:4])
        except psutil.Error:
            continue
    return total


def own() -> float:
    """User and system seconds of this process, and of programs that it has called."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)
