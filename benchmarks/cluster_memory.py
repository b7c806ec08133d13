"""How much memory a run on a Dask cluster takes, and how little of that grows with its calls.

    python -m benchmarks.cluster_memory [--quick] [--write]

A scheduler and two workers by Dask's own commands, so that each is a process of its own; calls take no time. First
they go out in batches, then each as a task of its own, as those do that take longer: what a scheduler keeps of each
task would show there. Memory is what a process has for itself alone. Ends with 1 where the client or the scheduler
takes more than 100 bytes for each further call in batches, or 2 kB for each further task. What adds up results is in
no figure: `python -m benchmarks.million` has that.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil

from benchmarks.cluster import LANES, LETTER, SYSTEM, spec_of
from benchmarks.letters import MUTATORS, Letters
from benchmarks.output import Output
from crumple.engine import run
from crumple.events import RoundEnded
from crumple.execution.cluster import batches
from crumple.execution.cluster.lanes import ClusterLanes
from crumple.mutation.registry import Registry, discover
from crumple.plan import Plan

LOOKED = (0.125, 0.25, 0.5, 1.0)
"""After which parts of a run it is looked at."""
IN_BATCHES, ALONE = 200_000, 16_000
MOST_A_CALL, MOST_A_TASK = 100, 2_000
KEPT = {"DASK_DISTRIBUTED__ADMIN__LOW_LEVEL_LOG_LENGTH": "10"}
"""As docs/scale.md has it, or the messages that Dask keeps were all that there is to see."""
_STARTS = 60.0


@contextmanager
def a_cluster(folder: Path) -> Iterator[tuple[str, psutil.Process, Sequence[psutil.Process]]]:
    """Its address, the scheduler's process, and those of the workers."""
    said = folder / "scheduler.json"
    with ExitStack() as stack:

        def start(*words: str) -> psutil.Process:
            command = [sys.executable, "-m", "dask", *words]
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            process = subprocess.Popen(command, cwd=folder, env=os.environ | KEPT, **quiet)
            stack.callback(process.wait)
            stack.callback(process.terminate)
            return psutil.Process(process.pid)

        file = ("--scheduler-file", str(said))
        scheduler = start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", *file)
        until = time.monotonic() + _STARTS
        while not said.exists():
            if time.monotonic() > until:
                raise SystemExit("the scheduler did not start")
            time.sleep(0.1)
        workers = [
            start("worker", *file, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--memory-limit", "0")
            for _ in range(LANES)
        ]
        yield json.loads(said.read_text())["address"], scheduler, workers


def megabytes(process: psutil.Process) -> float:
    """What a process has for itself alone."""
    return float(process.memory_full_info().uss) / 1e6


def measured(
    root: Path, address: str, others: Sequence[psutil.Process], calls: int
) -> list[tuple[int, float, Sequence[float]]]:
    """Calls made, what this process has, and what each other one has, a few times in a run."""
    known = discover(["benchmarks.letters"], Path(__file__).parents[1])
    plan = Plan(Letters(LETTER), Registry({name: known.mutators[name] for name in MUTATORS}), calls=calls)
    looked, found, made = [round(each * calls) for each in LOOKED], [], 0
    with ClusterLanes(spec_of(root, 0), address, LANES) as lanes:
        for event in run(plan, lanes):
            if isinstance(event, RoundEnded):
                made += len(event.results)
                if looked and made >= 0.99 * looked[0]:
                    found.append((looked.pop(0), megabytes(psutil.Process()), [megabytes(each) for each in others]))
    return found


def shown(name: str, found: Sequence[tuple[int, float, Sequence[float]]], output: Output) -> float:
    """A table; how many bytes the client or the scheduler, whichever is more, takes for each further call."""
    output.say(f"{name}, MB:")
    output.table(
        ("calls", "client", "scheduler", "workers"),
        [
            (f"{calls:,}", f"{own:.1f}", f"{others[0]:.1f}", " ".join(f"{each:.1f}" for each in others[1:]))
            for calls, own, others in found
        ],
    )
    (few, own, before), (many, then, after) = found[1], found[-1]
    return max(then - own, after[0] - before[0]) * 1e6 / (many - few)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the calls")
    parser.add_argument("--write", action="store_true", help="write the tables into docs/benchmarks.md")
    asked = parser.parse_args()
    share = 10 if asked.quick else 1
    top = str(Path(__file__).resolve().parents[1])
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [top, os.environ.get("PYTHONPATH", "")]))
    output = Output()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "burning.py").write_text(SYSTEM)
        with a_cluster(root) as (address, scheduler, workers):
            others = (scheduler, *workers)
            a_call = shown("In batches", measured(root, address, others, IN_BATCHES // share), output)
            batches.SECONDS = 0.0  # type: ignore[misc]  # then a batch is one call
            a_task = shown("Each a task of its own", measured(root, address, others, ALONE // share), output)
    output.say(
        f"From a quarter of the calls on, each takes {max(0.0, a_call):.0f} bytes in batches (at most {MOST_A_CALL}), "
        f"and {max(0.0, a_task):.0f} as a task (at most {MOST_A_TASK:,})."
    )
    if asked.write:
        output.write("cluster_memory")
    return int(not asked.quick and (a_call > MOST_A_CALL or a_task > MOST_A_TASK))


if __name__ == "__main__":
    sys.exit(main())
