"""Processes that measure: a file that kills, hangs or fills one costs that file, and no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from crumple.execution import disposable
from crumple.execution.disposable import Job, made_of
from crumple.profile.findings import Measured

SECONDS: Final = 60.0
"""How long one file may take."""
MEMORY: Final = 4 << 30
"""Bytes of address space that a process may take beside what it needs to begin with."""

Measuring: TypeAlias = Callable[[str], Measured]
Prepare: TypeAlias = Callable[[Any], Measuring]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may take.

    Attributes:
        seconds: of wall time.
        memory: bytes of address space, where the system can limit it.
    """

    seconds: float = SECONDS
    memory: int = MEMORY


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
    own = limits or Limits()
    job = Job(prepare, given, _lost, "measure", "measured")
    yield from made_of(paths, job, workers=workers, limits=disposable.Limits(seconds=own.seconds, memory=own.memory))


def _lost(path: str, why: str) -> Measured:
    return Measured(path, closed=why)
