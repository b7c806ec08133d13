"""What one call may take before it is ended."""

from __future__ import annotations

import math
from dataclasses import dataclass

from crumple.errors import CrumpleError

MIB = 1024 * 1024
GIB = 1024 * MIB


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits that a lane enforces from outside, and how many workers it keeps ready.

    Attributes:
        timeout: seconds that one call may take.
        startup: seconds that loading the system may take; not counted as a call's time.
        memory: bytes of resident memory that the worker and everything it started may take together.
        output: bytes that the system may print during one call.
        answer: bytes that an answer may have.
        spare: how many loaded workers wait for the death of the one that is called (0 or 1).
        address_space: bytes of address space (RLIMIT_AS), or None for no limit: many runtimes reserve far more
            than they use.
    """

    timeout: float = 30.0
    startup: float = 300.0
    memory: int = 2 * GIB
    output: int = MIB
    answer: int = 64 * MIB
    spare: int = 1
    address_space: int | None = None

    def __post_init__(self) -> None:
        for name in ("timeout", "startup", "memory", "output", "answer"):
            value = getattr(self, name)
            if not value > 0 or not math.isfinite(value):
                raise CrumpleError(f"{name} must be above 0, got {value}", where="[system]")
        if self.spare not in (0, 1):
            raise CrumpleError(f"spare must be 0 or 1, got {self.spare}", where="[system]")
        if self.address_space is not None and self.address_space <= 0:
            raise CrumpleError(f"address_space must be above 0, got {self.address_space}", where="[system]")


def in_bytes(count: int) -> str:
    """A number of bytes as people say it: "2 GiB", "1.5 MiB", "12 bytes"."""
    for unit, size in (("GiB", GIB), ("MiB", MIB), ("KiB", 1024)):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count} bytes"


def in_seconds(seconds: float) -> str:
    """A time limit as people say it: "30 s", "0.3 s"."""
    return f"{seconds:g} s"
