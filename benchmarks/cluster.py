"""What a Dask cluster costs beside lanes of this machine, and what a second Dask worker brings.

    python -m benchmarks.cluster [--quick] [--write]

Whole runs of the engine on systems that take so much processor time a call, by turns here and on `--dask local`, with
as many lanes; starting up is measured apart. At most 5 % more are asked for with calls of 50 ms, 15 % with 5 ms, and
two Dask workers are to be at least 1.6 times as fast as one with calls of 200 ms. Bytes are those that pass between the
client and the scheduler, counted on their way; between the scheduler and the workers as many pass once more. Runs take
turns, and medians are compared, so that what else the machine does falls on both sides.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

import psutil

from benchmarks.letters import CASES, MUTATORS, Letters
from benchmarks.output import Output
from crumple.adapters.callable import CallableSystem
from crumple.engine import run
from crumple.events import Ended, RoundEnded
from crumple.execution.cluster.lanes import ClusterLanes
from crumple.execution.executor import Executor
from crumple.execution.local import LocalLanes
from crumple.execution.spec import LaneSpec
from crumple.mutation.registry import Registry, discover
from crumple.plan import Plan

LANES = 2
LETTER = 1_000
AIMS = {50: 1.05, 5: 1.15}
"""Milliseconds a call, and how many times as long as here a run on Dask may take."""
CALLS = {200: 100, 50: 400, 5: 4_000, 0: 60_000}
TWICE = 1.6
SYSTEM = """
import time

def working(seconds):
    def answer(text):
        until = time.thread_time() + seconds
        while time.thread_time() < until:
            pass
        return "total 1"
    return answer

answer_0 = working(0)
answer_5 = working(0.005)
answer_50 = working(0.05)
answer_200 = working(0.2)
"""

Opened: TypeAlias = Callable[[LaneSpec, int], AbstractContextManager[Executor]]


@dataclass(frozen=True)
class Side:
    """One run: seconds and processor seconds of all processes, without starting up, and what that took."""

    seconds: float
    cpu: float
    start: float


def here(spec: LaneSpec, lanes: int) -> AbstractContextManager[Executor]:
    return LocalLanes(spec, lanes)


def on_dask(spec: LaneSpec, lanes: int) -> AbstractContextManager[Executor]:
    return ClusterLanes(spec, "local", lanes)


def spec_of(root: Path, milliseconds: int) -> LaneSpec:
    system = CallableSystem(root=root, call=f"burning:answer_{milliseconds}", input="text")
    return LaneSpec(root=root, corpus=Letters(LETTER), system=system, judge="exact", mutators=MUTATORS)


def measured(opened: Opened, spec: LaneSpec, lanes: int, calls: int) -> Side:
    """A whole run of so many calls."""
    known = discover(["benchmarks.letters"], Path(__file__).parents[1])
    plan = Plan(Letters(LETTER), Registry({name: known.mutators[name] for name in MUTATORS}), calls=calls)
    began = time.perf_counter()
    with opened(spec, lanes) as executor:
        start = time.perf_counter() - began
        cpu, began = processors(), time.perf_counter()
        right, reason = 0, ""
        for event in run(plan, executor):
            match event:
                case RoundEnded(results=results):
                    right += sum(each.verdict is not None and each.verdict.outcome == "right" for each in results)
                case Ended(reason=reason):
                    pass
        side = Side(time.perf_counter() - began, processors() - cpu, start)
    if reason != "calls" or right < 0.9 * (calls - CASES):
        raise SystemExit(f"not every call was right: {right} of {calls}, ended by {reason}")
    return side


def processors() -> float:
    """Processor seconds of this process and all below it, those that have ended included."""
    total = 0.0
    for each in (own := psutil.Process(), *own.children(recursive=True)):
        try:
            total += sum(each.cpu_times()[:4])
        except psutil.Error:
            continue
    return total


def turns(sides: Sequence[Callable[[], Side]], times: int) -> list[Side]:
    """Of each side the median of its runs, which take turns."""
    found: list[list[Side]] = [[] for _ in sides]
    for turn in range(times):
        order = list(enumerate(sides))
        for at, side in order if turn % 2 == 0 else reversed(order):
            found[at].append(side())
    return [_median(each) for each in found]


def _median(runs: Sequence[Side]) -> Side:
    return Side(
        statistics.median(each.seconds for each in runs),
        statistics.median(each.cpu for each in runs),
        statistics.median(each.start for each in runs),
    )


def overheads(root: Path, share: int, times: int, output: Output) -> bool:
    """Here against Dask, by how long calls take."""
    output.say(f"Whole runs with {LANES} lanes, here and on Dask; medians of {times}:")
    output.heads(
        ("a call", "calls", "here, s", "Dask, s", "ratio", "aim", "CPU here", "CPU Dask", "ratio"),
        (-7, -8, -9, -9, -7, -12, -10, -10, -7),
    )
    met = True
    for milliseconds in (50, 5, 0):
        spec, calls = spec_of(root, milliseconds), CALLS[milliseconds] // share
        one, other = turns([partial(measured, each, spec, LANES, calls) for each in (here, on_dask)], times)
        ratio, aim = other.seconds / one.seconds, AIMS.get(milliseconds)
        met = met and (aim is None or ratio <= aim)
        output.row(
            (
                f"{milliseconds} ms",
                f"{calls:,}",
                f"{one.seconds:.2f}",
                f"{other.seconds:.2f}",
                f"{ratio:.3f}",
                f"{aim:.2f}{'' if ratio <= aim else ' (missed)'}" if aim else "",
                f"{one.cpu:.2f}",
                f"{other.cpu:.2f}",
                f"{other.cpu / one.cpu:.3f}",
            )
        )
        if not milliseconds:
            rates = f"{calls / one.seconds:,.0f} a second here, {calls / other.seconds:,.0f} on Dask"
            output.say(f"Calls that take no time: {rates}. Starting up: {one.start:.1f} s here, {other.start:.1f} s.")
    return met


def doubling(root: Path, share: int, times: int, output: Output) -> bool:
    """Two workers against one."""
    spec, calls = spec_of(root, 200), CALLS[200] // share
    sides = [partial(measured, each, spec, lanes, calls) for each in (here, on_dask) for lanes in (1, 2)]
    one, two, dask_one, dask_two = (each.seconds for each in turns(sides, times))
    times_as_fast = dask_one / dask_two
    output.say(f"{calls} calls of 200 ms, one lane against two; medians of {times}:")
    output.table(
        ("", "one, s", "two, s", "times as fast", "aim"),
        [
            ("lanes of this machine", f"{one:.1f}", f"{two:.1f}", f"{one / two:.2f}", ""),
            (
                "Dask workers",
                f"{dask_one:.1f}",
                f"{dask_two:.1f}",
                f"{times_as_fast:.2f}",
                f"{TWICE}{'' if times_as_fast >= TWICE else ' (missed)'}",
            ),
        ],
    )
    return times_as_fast >= TWICE


class Counted:
    """A door to an address, which counts the bytes that pass through it, both ways."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.out = self.back = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        """Where it is."""
        return f"tcp://127.0.0.1:{self._listening.getsockname()[1]}"

    def _accept(self) -> None:
        while True:
            near, _ = self._listening.accept()
            far = socket.create_connection(self._to)
            for pair in ((near, far, "out"), (far, near, "back")):
                threading.Thread(target=self._pass_on, args=pair, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, way: str) -> None:
        try:
            while data := source.recv(1 << 16):
                setattr(self, way, getattr(self, way) + len(data))
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            return


@contextmanager
def a_cluster() -> Iterator[Counted]:
    """A cluster of this machine with a counted door."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=LANES, threads_per_worker=1, scheduler_kwargs={"dashboard_address": "127.0.0.1:0"}, silence_logs=50
    ) as cluster:
        host, _, port = cluster.scheduler_address.removeprefix("tcp://").partition(":")
        yield Counted(host, int(port))


def _at(address: str, spec: LaneSpec, lanes: int) -> AbstractContextManager[Executor]:
    return ClusterLanes(spec, address, lanes)


def wire(root: Path, share: int, output: Output) -> None:
    """Bytes a call."""
    output.say("Bytes between the client and the scheduler, starting up and all that Dask says included:")
    output.heads(("a call", "calls", "out a call", "back a call"), (-7, -8, -11, -11))
    with a_cluster() as door:
        through: Opened = partial(_at, door.address)
        for milliseconds in (50, 5, 0):
            calls, out, back = CALLS[milliseconds] // share, door.out, door.back
            measured(through, spec_of(root, milliseconds), LANES, calls)
            sent, got = (door.out - out) / calls, (door.back - back) / calls
            output.row((f"{milliseconds} ms", f"{calls:,}", f"{sent:,.0f}", f"{got:,.0f}"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a quarter of the calls, once each")
    parser.add_argument("--write", action="store_true", help="write the tables into docs/benchmarks.md")
    asked = parser.parse_args()
    share, times = (4, 1) if asked.quick else (1, 3)
    top = str(Path(__file__).resolve().parents[1])
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [top, os.environ.get("PYTHONPATH", "")]))
    output = Output()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "burning.py").write_text(SYSTEM)
        met = overheads(root, share, times, output)
        met = doubling(root, share, times, output) and met
        wire(root, share, output)
    if asked.write:
        output.write("cluster")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
