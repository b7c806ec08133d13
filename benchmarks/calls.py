"""How many calls a second a no-op system takes through recipe, lane, worker and judge; and beside it, its peers.

    python -m benchmarks.calls [--quick]

At least 10,000 calls a second are asked for with 1 KB of text and 3,000 with 100 KB, on two cores, and at most 1 GB
resident in parent, lanes and workers together. The peers do less: they degrade nothing, judge nothing, and only
pebble isolates the call. It needs the `bench` and `dev` extras.
"""

from __future__ import annotations

import argparse
import collections
import itertools
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import TimeoutError as CallTimeout
from dataclasses import dataclass
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from benchmarks.letters import MUTATORS, Letters, noop, works
from crumple.adapters.callable import CallableSystem
from crumple.execution.local import LocalLanes
from crumple.execution.spec import LaneSpec

LANES = 2
WANTED = {1_000: 10_000, 100_000: 3_000}
MOST_RESIDENT = 1_000_000_000

SYSTEM = """
def answer(text):
    return "total 1"
"""

PYTEST = """
import pytest

@pytest.mark.parametrize("number", range({count}))
def test_call(number):
    assert ("x" * {size}) is not None
"""

HYPOTHESIS = """
import time
from hypothesis import given, settings, strategies, HealthCheck

@settings(max_examples={count}, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(strategies.integers(0, 10**9))
def call(number):
    str(number)

started = time.perf_counter()
call()
print(time.perf_counter() - started)
"""


@dataclass(frozen=True)
class Row:
    """One line of the table; sizes and memory in bytes."""

    name: str
    size: int
    calls: int
    seconds: float
    cpu: float
    resident: int = 0

    @property
    def rate(self) -> float:
        """Calls a second."""
        return self.calls / self.seconds


def cpu_seconds() -> float:
    """User and system time of this process and of those below it that have ended; a busy machine adds little to it."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


class Peak(threading.Thread):
    """The most memory that this process and all below it had resident at once."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.bytes = 0
        self._stopped = threading.Event()

    def run(self) -> None:
        """Look ten times a second."""
        while not self._stopped.wait(0.1):
            own = psutil.Process()
            total = 0
            for each in (own, *own.children(recursive=True)):
                try:
                    total += each.memory_info().rss
                except psutil.Error:
                    continue
            self.bytes = max(self.bytes, total)

    def stop(self) -> int:
        """The most so far, in bytes."""
        self._stopped.set()
        self.join()
        return self.bytes


def crumple(root: Path, size: int, count: int) -> Row:
    spec = LaneSpec(
        root=root,
        corpus=Letters(size),
        system=CallableSystem(root=root, call="noop:answer", input="text"),
        judge="exact",
        mutators=MUTATORS,
    )
    outcomes: collections.Counter[str] = collections.Counter()
    peak = Peak()
    peak.start()
    planned, cpu = works(count), cpu_seconds()
    with LocalLanes(spec, LANES) as lanes:
        started = time.perf_counter()
        left = count
        while left or lanes.pending:
            # A plan is drawn as it is needed; what is not yet drawn takes no memory.
            if left and lanes.pending < 5_000:
                some = list(itertools.islice(planned, 5_000))
                left -= len(some)
                lanes.put(some)
            for result in lanes.results():
                outcomes[str(result.verdict.outcome) if result.verdict else result.skipped] += 1
        seconds = time.perf_counter() - started
    if outcomes != {"right": count}:
        raise SystemExit(f"not every call was right: {outcomes}")
    return Row("crumple: recipe, lane, worker, judge", size, count, seconds, cpu_seconds() - cpu, peak.stop())


def pebble(size: int, count: int) -> Row:
    from pebble import ProcessPool  # an extra

    text, cpu = "x" * size, cpu_seconds()
    with ProcessPool(max_workers=LANES) as pool:
        pool.schedule(noop, args=[text], timeout=30).result()
        started = time.perf_counter()
        futures = collections.deque(pool.schedule(noop, args=[text], timeout=30) for _ in range(min(count, 500)))
        for number in range(count):
            try:
                futures.popleft().result()
            except CallTimeout:
                raise SystemExit("pebble timed out") from None
            if number + 500 < count:
                futures.append(pool.schedule(noop, args=[text], timeout=30))
        seconds = time.perf_counter() - started
    return Row("pebble, with a timeout", size, count, seconds, cpu_seconds() - cpu)


def hypothesis(size: int, count: int) -> Row:
    cpu = cpu_seconds()
    ran = subprocess.run(
        [sys.executable, "-c", HYPOTHESIS.format(count=count, size=size)], check=True, capture_output=True, text=True
    )
    return Row("Hypothesis, in process", size, count, float(ran.stdout), cpu_seconds() - cpu)


def pytest(folder: Path, size: int, count: int) -> Row:
    path = folder / "test_noop.py"
    path.write_text(PYTEST.format(count=count, size=size))
    started, cpu = time.perf_counter(), cpu_seconds()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(path)]
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    return Row("pytest, parametrised", size, count, time.perf_counter() - started, cpu_seconds() - cpu)


def show(rows: Sequence[Row]) -> bool:
    table = Table("", "document", "calls", "calls/s", "wanted", "CPU us a call", "peak resident")
    met = True
    for row in rows:
        wanted = WANTED.get(row.size) if row.name.startswith("crumple") else None
        good = (wanted is None or row.rate >= wanted) and row.resident <= MOST_RESIDENT
        met = met and good
        table.add_row(
            row.name,
            f"{row.size // 1000} KB",
            f"{row.calls:,}",
            f"{row.rate:,.0f}",
            f"{wanted:,} {'met' if good else 'MISSED'}" if wanted else "",
            f"{row.cpu / row.calls * 1e6:,.0f}",
            f"{row.resident / 1e6:,.0f} MB" if row.resident else "",
        )
    Console().print(table)
    return met


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the calls")
    parser.add_argument("--alone", action="store_true", help="without the peers")
    asked = parser.parse_args()
    share = 10 if asked.quick else 1
    here = str(Path(__file__).resolve().parents[1])
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH", "")]))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "noop.py").write_text(SYSTEM)
        rows = [crumple(root, 1_000, 100_000 // share), crumple(root, 100_000, 30_000 // share)]
        if not asked.alone:
            rows += [
                pebble(1_000, 20_000 // share),
                hypothesis(1_000, 10_000 // share),
                pytest(root, 1_000, 10_000 // share),
            ]
    return 0 if show(rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
