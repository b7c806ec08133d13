"""Whether a hostile system harms anything but its own call, and how soon its end is noticed.

    python -m benchmarks.isolation [--calls N] [--write]

10,000 calls of a function that segfaults, exits with 0, hangs, ignores SIGTERM, leaves grandchildren, eats memory,
floods its output, closes its pipes or raises what cannot be pickled, a tenth each, and a tenth of innocents between
them; and a tenth as many calls of a command that does the same. Asked for: every outcome right, every innocent
unharmed, no process and no file left; a crash noticed within 10 ms of the moment that the system itself has written
down, a hang ended within 100 ms past its limit.
"""

from __future__ import annotations

import argparse
import collections
import importlib
import os
import random
import re
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.output import Output
from crumple.adapters import Adapter, Prepared, Request, System
from crumple.adapters.callable import CallableSystem
from crumple.adapters.command.system import CommandSystem
from crumple.case import Case, Entry
from crumple.document import Document
from crumple.execution.local import LocalLanes
from crumple.execution.spec import LaneSpec
from crumple.outcome import Ending, Reply
from crumple.result import Result, Work
from crumple.workers.limits import MIB, Limits

LANES = 2
# Memory is taken up at a gigabyte a second, so that this much is reached well before the time is over.
LIMITS = Limits(timeout=0.4, memory=64 * MIB, output=MIB, answer=MIB)
CRASH_MS, HANG_MS = 10.0, 100.0
_MARK = "CRUMPLE_BENCHMARK"
_CLOCK = re.compile(r"clock=([\d.]+)")

FUNCTION = """
import os, signal, sys, tempfile, time

class Poisoned(Exception):
    def __str__(self):
        raise RuntimeError("no")
    __repr__ = __reduce__ = __str__

def say_when():
    print("clock=%.6f" % time.monotonic(), flush=True)

def act(document):
    word = document.decode()
    if word == "segfault":
        say_when()
        os.kill(os.getpid(), signal.SIGSEGV)
        time.sleep(60)
    elif word == "exits with 0":
        say_when()
        os._exit(0)
    elif word == "hangs":
        say_when()
        time.sleep(60)
    elif word == "ignores SIGTERM":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        say_when()
        while True:
            time.sleep(60)
    elif word == "leaves grandchildren":
        tempfile.mkstemp()
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.setsid()
            time.sleep(60)
        os._exit(3)
    elif word == "eats memory":
        kept = []
        while True:
            kept.append(b"x" * 5_000_000)
    elif word == "floods its output":
        while True:
            print("x" * 1000)
    elif word == "closes its pipes":
        os.closerange(3, 4096)
    elif word == "raises the unpicklable":
        raise Poisoned
    return "fine"
"""

COMMAND = """#!/bin/sh
case $(cat) in
    segfault) exec PYTHON -S -E -c '
import os, time
os.write(2, b"clock=%.6f" % time.monotonic())
os.kill(os.getpid(), 11)' ;;
    "exits with 0") exit 0 ;;
    hangs) sleep 60 ;;
    "ignores SIGTERM") trap '' TERM; sleep 60 & wait ;;
    "leaves grandchildren") touch "$TMPDIR/left"; (setsid setsid sleep 60 &) ; exit 3 ;;
    "eats memory") head -c 900000000 /dev/zero | tail ;;
    "floods its output") yes >&2 ;;
    "closes its pipes") exec >&- 2>&- <&- ; sleep 60 ;;
    "raises the unpicklable") head -c 5000 /dev/urandom >&2; exit 1 ;;
esac
echo '"fine"'
"""

# What has to come out, of a function and of a command.
INNOCENT = "innocent"
EXPECTED: Mapping[str, tuple[str, str]] = {
    "segfault": ("crashed signal SIGSEGV", "crashed signal SIGSEGV"),
    "exits with 0": ("crashed exit code 0", "crashed answer is not JSON"),
    "hangs": ("hung time limit", "hung time limit"),
    "ignores SIGTERM": ("hung time limit", "hung time limit"),
    "leaves grandchildren": ("crashed exit code 3", "crashed exit code 3"),
    "eats memory": ("exhausted memory limit", "exhausted memory limit"),
    "floods its output": ("exhausted output limit", "exhausted output limit"),
    "closes its pipes": ("crashed closed its pipes", "hung time limit"),
    "raises the unpicklable": ("crashed Poisoned at hostile.py:act", "crashed exit code 1"),
    INNOCENT: ("right", "right"),
}


@dataclass(frozen=True)
class Words:
    """A case for any word: its document is the word, its truth "fine"."""

    name: str = "words"

    def entries(self) -> Sequence[Entry]:
        """One line a word."""
        return [Entry(word, "text/plain", word, has_truth=True) for word in EXPECTED]

    def load(self, case_id: str) -> Case:
        """The word."""
        return Case(case_id, Document(case_id.encode(), "text/plain", "word.txt"), truth="fine")


@dataclass(frozen=True)
class Clocked:
    """A system of which it is written down when its lane knew how each call had ended."""

    system: System
    log: Path

    @property
    def longest(self) -> float:
        """The system's."""
        return self.system.longest

    @property
    def concurrency(self) -> int:
        """The system's."""
        return self.system.concurrency

    def sees(self, view: type) -> bool:
        """As the system."""
        return self.system.sees(view)

    def version(self) -> str:
        """The system's."""
        return self.system.version()

    def divided(self, lanes: int) -> Clocked:
        """The same."""
        return self

    def adapter(self, scratch: Path) -> ClockedAdapter:
        """The system's, with a clock."""
        adapter = self.system.adapter(scratch)
        assert isinstance(adapter, Adapter)
        return ClockedAdapter(adapter, self.log)


class ClockedAdapter:
    """Writes down the milliseconds between what a system says of its end and its lane's knowing it."""

    def __init__(self, adapter: Adapter, log: Path) -> None:
        self._adapter = adapter
        self._log = log
        self._sent: collections.deque[float] = collections.deque()

    def start(self) -> None:
        """As the adapter."""
        self._adapter.start()

    def prepare(self, request: Request) -> Prepared:
        """As the adapter."""
        return self._adapter.prepare(request)

    def close(self) -> None:
        """As the adapter."""
        self._adapter.close()

    def send(self, prepared: Prepared) -> None:
        """As the adapter."""
        self._sent.append(time.monotonic())
        self._adapter.send(prepared)

    def receive(self) -> Reply:
        """As the adapter, and a line in the log."""
        reply = self._adapter.receive()
        now, sent = time.monotonic(), self._sent.popleft()
        said = _CLOCK.search(reply.detail)
        began = float(said[1]) if said else sent
        late = now - began - (LIMITS.timeout if reply.ending is Ending.HUNG else 0.0)
        if said or reply.ending is Ending.HUNG:
            with self._log.open("a") as log:
                log.write(f"{reply.ending} {late * 1000:.3f}\n")
        return reply


@dataclass(frozen=True)
class Measured:
    """What came of one system's calls; milliseconds."""

    name: str
    outcomes: Mapping[str, collections.Counter[str]]
    seconds: float
    crashes: Sequence[float]
    hangs: Sequence[float]
    processes: int
    files: int
    column: int

    @property
    def wrong(self) -> int:
        """How many calls have not the outcome that they should have."""
        return sum(
            count
            for word, found in self.outcomes.items()
            for outcome, count in found.items()
            if not outcome.startswith(EXPECTED[word][self.column])
        )


def works(count: int) -> Iterator[Work]:
    """Every word as often, in an order that is always the same."""
    words = [word for word in EXPECTED for _ in range(count // len(EXPECTED))]
    random.Random(0).shuffle(words)
    for number, word in enumerate(words):
        yield Work(number, word)


def measure(name: str, system: System, column: int, count: int, mark: str, folder: Path) -> Measured:
    """Make the calls, and look for what is left of them."""
    portable = importlib.import_module("benchmarks.isolation")  # this very file, as a module that lanes can import

    log = folder / f"{column}.log"
    spec = LaneSpec(root=folder, corpus=portable.Words(), system=portable.Clocked(system, log), judge="exact")
    outcomes: dict[str, collections.Counter[str]] = {word: collections.Counter() for word in EXPECTED}
    temporary = Path(tempfile.gettempdir())
    before = set(temporary.iterdir())
    began = time.monotonic()
    with LocalLanes(spec, LANES) as lanes:
        lanes.put(works(count))
        while lanes.pending:
            for result in lanes.results():
                outcomes[result.work.case][_told(result)] += 1
    seconds = time.monotonic() - began
    late = [line.split() for line in log.read_text().splitlines()]
    return Measured(
        name,
        outcomes,
        seconds,
        sorted(float(ms) for ending, ms in late if ending == Ending.CRASHED),
        sorted(float(ms) for ending, ms in late if ending == Ending.HUNG),
        _left(mark),
        len(set(temporary.iterdir()) - before),
        column,
    )


def _told(result: Result) -> str:
    if result.verdict is None:
        return f"skipped {result.skipped}"
    return result.verdict.fingerprint or f"{result.verdict.outcome} {result.cause}".strip()


def _left(mark: str) -> int:
    """How many processes there are that the systems have started."""
    found = 0
    for process in psutil.process_iter():
        try:
            found += process.pid != os.getpid() and process.environ().get(_MARK) == mark
        except psutil.Error:
            continue
    return found


def _percentile(sorted_values: Sequence[float], share: float) -> float:
    if not sorted_values:
        return float("nan")
    return sorted_values[min(len(sorted_values) - 1, int(share * len(sorted_values)))]


def show(measured: Sequence[Measured], out: Output) -> bool:
    """The table, and whether all that is asked for is met."""
    met = True
    rows = []
    for each in measured:
        calls = sum(sum(found.values()) for found in each.outcomes.values())
        harmed = sum(count for outcome, count in each.outcomes[INNOCENT].items() if outcome != "right")
        met = met and not (each.wrong or harmed or each.processes or each.files)
        met = met and _percentile(each.crashes, 0.99) <= CRASH_MS and _percentile(each.hangs, 0.99) <= HANG_MS
        rows.append(
            [
                each.name,
                f"{calls:,}",
                str(each.wrong),
                str(harmed),
                str(each.processes),
                str(each.files),
                _late(each.crashes),
                _late(each.hangs),
                f"{each.seconds:.0f} s",
            ]
        )
    heads = ["", "calls", "wrong outcomes", "innocents harmed", "processes left", "files left"]
    out.table([*heads, "crash noticed after, ms", "hang past its limit, ms", "took"], rows)
    out.say(f"Milliseconds: median, 99 %, most. Asked for: {CRASH_MS:g} and {HANG_MS:g}, and nothing wrong or left.")
    for each in measured:
        for word, found in each.outcomes.items():
            for outcome, count in found.items():
                if not outcome.startswith(EXPECTED[word][each.column]):
                    print(f"{each.name}: {word!r} was {outcome!r} {count} times")
    return met


def _late(values: Sequence[float]) -> str:
    if not values:
        return ""
    return f"{_percentile(values, 0.5):.1f}, {_percentile(values, 0.99):.1f}, {values[-1]:.1f}"


def run(calls: int, folder: Path) -> list[Measured]:
    """Measure both kinds of system, with files in a folder."""
    mark = secrets.token_hex(8)
    env = {_MARK: mark}
    (folder / "hostile.py").write_text(FUNCTION)
    (folder / "hostile.sh").write_text(COMMAND.replace("PYTHON", sys.executable))
    function = CallableSystem(root=folder, call="hostile:act", limits=LIMITS, env=env)
    command = CommandSystem(root=folder, command=("sh", "hostile.sh"), reads="json", limits=LIMITS, env=env)
    return [
        measure("a function", function, 0, calls, mark, folder),
        measure("a command", command, 1, max(calls // 10, len(EXPECTED)), mark, folder),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=10_000, help="of the function; the command has a tenth")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    asked = parser.parse_args()
    root = str(Path(__file__).parents[1])
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as temporary:
        # What lanes and systems keep goes into a folder that nobody else writes into.
        tempfile.tempdir = os.environ["TMPDIR"] = temporary
        measured = run(asked.calls, Path(folder))
        tempfile.tempdir = None
    out = Output()
    met = show(measured, out)
    if asked.write:
        out.write("isolation")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
