"""Two runs of a million calls each in a store, and what it takes to compare them."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

from benchmarks.million.run import registry
from benchmarks.output import Output
from crumple.case import Entry
from crumple.events import CallEnded, CleanEnded, Ended, RoundEnded
from crumple.mutation.registry import Registry
from crumple.outcome import Outcome, Verdict
from crumple.recipe import Recipe, Step
from crumple.result import Result, Work
from crumple.store import Store, open_store
from crumple.summary import Tally

CALLS = 1_000_000
MOST_SECONDS, MOST_MEMORY = 60.0, 500e6
ROUND, CLEAN, OTHER, FAILING = 1_000, 4, 50, (20, 25)
"""Calls of a round; of so many calls one is clean; of so many degraded ones one is not the other run's; and of so many
one fails in the first, and in the second."""
TOML = '[system]\ncall = "reader:read"\n[corpus]\ngenerate = "invoices"\ncount = 1\nseed = 1\n'
# What getrusage says of a process begins with what the one that started it had.
MAIN = """
from crumple.cli import main
try:
    main()
finally:
    print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM:")))
"""
RUNS = ("20260101-000000-made", "20260102-000000-made")


@dataclass(frozen=True)
class Took:
    """What a command took; `cpu` depends less than seconds on what else the machine is at."""

    seconds: float
    cpu: float
    memory: int


def large(output: Output, calls: int, postgresql: str = "") -> Iterator[str]:
    """Compare two runs; what took too much.

    Args:
        output: where the table goes.
        calls: of each.
        postgresql: an empty database; "": only SQLite.
    """
    took: dict[str, Took] = {}
    with tempfile.TemporaryDirectory(prefix="crumple-compare-") as scratch:
        for name, location in (("SQLite", ""), ("PostgreSQL", postgresql)):
            if location or name == "SQLite":
                fill(location, Path(scratch), calls)
                took |= {f"{name}, {form}": compared(location, Path(scratch), form) for form in ("json", "csv")}
    output.say(
        f"`crumple compare` of two runs of {calls:,} calls each, in a process of its own: all figures as JSON, and "
        f"a row for each pair as CSV. {100 - 100 / OTHER:.0f} % of the degraded calls are pairs."
    )
    output.table(
        ("store, form", "seconds", "CPU seconds", "memory, MB"),
        [(name, f"{each.seconds:.0f}", f"{each.cpu:.0f}", f"{each.memory / 1e6:.0f}") for name, each in took.items()],
    )
    for name, each in took.items():
        if each.memory > MOST_MEMORY or (each.cpu > MOST_SECONDS and name.endswith("json")):
            yield f"{name}: {each.cpu:.0f} CPU s and {each.memory / 1e6:.0f} MB"


def compared(location: str, folder: Path, form: str) -> Took:
    """What the command takes, with a report of this form."""
    place = ["--store", location] if location else []
    command = [sys.executable, "-c", MAIN, "compare", *RUNS, *place, "--report", f"comparison.{form}"]
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True)
    seconds, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Took(seconds, cpu, 1024 * int(done.stdout.splitlines()[-1]))


def fill(location: str, folder: Path, calls: int) -> None:
    """Put both runs into a store."""
    (folder / "crumple.toml").write_text(TOML)
    store = open_store(location or None, folder)
    try:
        for at in range(len(RUNS)):
            put(store, at, calls)
    finally:
        store.close()


def put(store: Store, at: int, calls: int) -> None:
    """Put one of the runs into a store; its document, which is not what takes long, knows the first of its results."""
    known = registry()
    info = {"id": RUNS[at], "corpus": "made up", "corpus_cases": calls // CLEAN, "system": str(at), "seed": at}
    info |= {"started": f"2026-01-0{at + 1}T00:00:00Z", "versions": {"crumple": "0"}}
    tally = Tally(known, info)
    with store.resume_or_begin({"run": RUNS[at]}, info) as record:
        cases = calls // CLEAN
        first = [*clean(range(ROUND))]
        for begin in range(0, cases, ROUND):
            record.save([*clean(range(begin, min(begin + ROUND, cases)))])
        entries = [Entry(each.work.case, "text/plain", each.work.case, has_truth=True) for each in first]
        record.add(told := CleanEnded(entries, frozenset(each.id for each in entries), first, frozenset(), {}))
        for each in first:
            tally.add(CallEnded(each))
        tally.add(told)
        for number in range((calls - cases) // ROUND):
            results = [*degraded(known, at, number, cases)]
            record.save(results)
            record.add(ended := RoundEnded(number, results, len(results)))
            if not number:
                for each in results:
                    tally.add(CallEnded(each))
                tally.add(ended)
        tally.add(Ended("calls"))
        record.end(tally.document(1.0))


def clean(numbers: range) -> Iterator[Result]:
    """A clean call of each case, which all pass."""
    for number in numbers:
        case = named(number)
        yield answered(Work(number, case, key=f"clean/{case}/0"), fails=False)


def degraded(known: Registry, at: int, number: int, cases: int) -> Iterator[Result]:
    """A round of degraded calls, every mutator and level in turn."""
    steps = _steps(known)
    for place in range(ROUND):
        every = number * ROUND + place
        level, step = steps[every % len(steps)]
        seed = every + (at * CALLS if every % OTHER == 0 else 0)
        recipe = Recipe((replace(step, seed=seed),))
        key = f"{number}/{step.mutator}/{place}/0"
        work = Work(every, named(every * 7919 % cases), recipe, level, step.mutator, key, number)
        yield answered(work, fails=every % FAILING[at] == 0)


def _steps(known: Registry) -> Sequence[tuple[float, Step]]:
    levels = (1.0, 2.0, 3.0, 4.0, 5.0)
    return [(level, each.step(level, 0)) for each in known.mutators.values() for level in levels]


def named(number: int) -> str:
    return f"2026/{number // 1000:04}/letter-{number:07}.txt"


def answered(work: Work, *, fails: bool) -> Result:
    """Right, or wrong by one of 400 causes."""
    digest = blake2b(work.replay.encode(), digest_size=16).hexdigest()
    took: dict[str, Any] = {"seconds": 0.001 + zlib.crc32(work.key.encode()) % 1000 / 1e6, "digest": digest}
    if not fails:
        return Result(work, Verdict(Outcome.RIGHT, False, 1.0), attempts=1, **took)
    verdict = Verdict(Outcome.WRONG, True, 0.75, ("/total",), (), f"wrong /total ({work.id % 400})")
    told = {"expected": '{"/total": "1,234.50"}', "answer": '{"/total": "1,284.50"}'}
    return Result(work, verdict, attempts=1, **took, **told)
