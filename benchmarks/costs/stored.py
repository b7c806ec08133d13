"""What a call takes of the process that began the run, and of the store: two runs, one longer than the other."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass

APART = ("sh", "-c", '"$@"; exit $?', "sh")
"""A process is said to have had as much memory as the one that started it had then: this one has little."""
SHORT = 4
"""The shorter run has one call in so many of the longer one's."""


@dataclass(frozen=True)
class Client:
    """What each further call takes.

    Attributes:
        cpu: milliseconds: it is drawn, stored, counted.
        memory: bytes that stay.
        least: bytes that the process has whatever the number of calls.
        sqlite: bytes in the file.
        postgresql: bytes in the database; None: not measured.
    """

    cpu: float
    memory: float
    least: float
    sqlite: float
    postgresql: float | None


def measured(calls: int, postgresql: str = "") -> Client:
    """A long and a short run whose calls answer at once, of one in twenty wrong ones.

    Args:
        calls: of the longer one.
        postgresql: the URL of an empty database, which is not empty afterwards; "": none.
    """
    short, long = (_took("", each) for each in (calls // SHORT, calls))
    there = _took(postgresql, calls) if postgresql else None
    more = long["calls"] - short["calls"]
    memory = max(0.0, (long["memory"] - short["memory"]) / more)
    return Client(
        cpu=1e3 * (long["cpu"] - short["cpu"]) / more,
        memory=memory,
        least=short["memory"] - memory * short["calls"],
        sqlite=(long["bytes"] - short["bytes"]) / more,
        postgresql=there["bytes"] / there["calls"] if there else None,
    )


def _took(location: str, calls: int) -> Mapping[str, float]:
    with tempfile.TemporaryDirectory(prefix="crumple-costs-") as folder:
        command = [*APART, sys.executable, "-m", "benchmarks.million.run", location, folder, str(calls), "0"]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        found: Mapping[str, float] = json.loads(done.stdout.splitlines()[-1])
        return found
