"""A million results in the store: what storing them costs, and how soon a resumed run knows what is left.

    python -m benchmarks.large_store [--results N] [--postgresql URL] [--write]

Results of 50 mutators are stored as a run stores them, in batches of several sizes, each on disk before it is handed
on. Then a process of its own opens the store, takes the run, asks what is whole and what is not, and has the first
works answered; and in the end tells all that is past to a tally, as a run does beside its calls. Ends with 1 where
deciding took 5 s or more, or 500 MB.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.output import Output

MUTATORS = 50
IN_FLIGHT = 100
BATCHES = (10, 50, 250)
LIMIT_SECONDS, LIMIT_BYTES = 5.0, 500e6
IDENTITY = {"configuration": "c"}
INFO = {"id": "20261122-000000-0000"}
MEASURED = """
import json, resource, sys, time
from pathlib import Path
began = time.perf_counter()
from crumple.store import open_store
imported = time.perf_counter()
from benchmarks.large_store import IDENTITY, INFO, IN_FLIGHT, work
store = open_store(sys.argv[1] or None, Path(sys.argv[2]))
record = store.resume_or_begin(IDENTITY, INFO)
past = record.past
left = record.left
asked = [work(past.rounds, at) for at in range(IN_FLIGHT)]
found = record.take(asked)
decided = time.perf_counter()
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
from crumple.mutation.registry import Registry
from crumple.summary import Tally

from benchmarks.large_store import registry
tally = Tally(registry(), {"id": "x"})
told = 0
begin = time.perf_counter()
for ended in past.ended():
    tally.add(ended)
    told += len(ended.results)
print(json.dumps({
    "rounds": past.rounds, "calls": past.calls, "left": left, "found": len(found), "told": told,
    "import": imported - began, "decide": decided - imported, "memory": memory, "tell": time.perf_counter() - begin,
    "memory_told": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
}))
record.close()
"""


def work(number: int, at: int):
    from crumple import Recipe
    from crumple.recipe import Step
    from crumple.result import Work

    name = f"scan.m{at % MUTATORS:02}"
    recipe = Recipe((Step(name, (("angle", 2.25),), 1 + (number * 7919 + at) % 999_983),))
    key = f"{number}/{name}/{at // MUTATORS}/0"
    return Work(number * 1000 + at, f"invoice-{(number + at) % 500:04}.pdf", recipe, 3.0, name, key, number)


def result(number: int, at: int):
    from crumple.outcome import Outcome, Verdict
    from crumple.result import Result

    digest = f"{number * MUTATORS + at:032x}"
    if (number + at) % 5:
        verdict = Verdict(Outcome.RIGHT, failure=False, score=1.0)
        return Result(work(number, at), verdict, seconds=0.01, digest=digest, cost=0.001, attempts=1)
    verdict = Verdict(Outcome.WRONG, True, 0.75, ("/total",), (), f"wrong /total scan.m{at:02}")
    told = {"expected": '{"/total": "1,234.50"}', "answer": '{"/total": "1,284.50"}'}
    return Result(work(number, at), verdict, seconds=0.01, digest=digest, cost=0.001, attempts=1, **told)


def registry():
    from crumple import Ladder, Page, mutator
    from crumple.mutation.registry import Registry

    def nothing(page, angle: float, rng):
        """Do nothing."""
        return page

    nothing.__annotations__["page"] = Page
    names = [f"scan.m{at:02}" for at in range(MUTATORS)]
    return Registry({name: mutator(name, angle=Ladder(1, 2, 3, 4, 5, unit="deg"))(nothing) for name in names})


def rounds(begin: int, end: int) -> Iterator[tuple[int, list]]:
    return ((number, [result(number, at) for at in range(MUTATORS)]) for number in range(begin, end))


def write(location: str, root: Path, results: int, output: Output) -> None:
    """Store them, and say what that takes."""
    from crumple.events import RoundEnded
    from crumple.store import open_store

    whole = results // MUTATORS
    small = min(whole, 400)
    parts = [(batch, small) for batch in BATCHES[:-1]] + [(BATCHES[-1], whole - small * (len(BATCHES) - 1))]
    output.heads(("results a transaction", "results", "results/s", "CPU us a result"), (23, -9, -11, -17))
    store = open_store(location or None, root)
    record = store.resume_or_begin(IDENTITY, INFO)
    begin = 0
    for batch, count in parts:
        wall = cpu = 0.0
        for first in range(begin, begin + count, batch):
            made = list(rounds(first, min(first + batch, begin + count)))
            every = [each for _, own in made for each in own]
            wall_before, cpu_before = time.perf_counter(), time.process_time()
            for at in range(0, len(every), batch):
                record.save(every[at : at + batch])
            for number, own in made:
                record.add(RoundEnded(number, own, calls=MUTATORS))
            wall, cpu = wall + time.perf_counter() - wall_before, cpu + time.process_time() - cpu_before
        made_so = count * MUTATORS
        output.row((f"{batch}", f"{made_so:,}", f"{made_so / wall:,.0f}", f"{1e6 * cpu / made_so:.1f}"))
        begin += count
    record.save([result(whole, at) for at in range(IN_FLIGHT)])
    record.close()
    store.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=int, default=1_000_000)
    parser.add_argument("--postgresql", default="", metavar="URL", help="An empty database instead of SQLite.")
    parser.add_argument("--write", action="store_true", help="Put the figures into docs/benchmarks.md.")
    options = parser.parse_args()
    output = Output()
    with tempfile.TemporaryDirectory(prefix="crumple-large-") as folder:
        root = Path(folder)
        kind = "PostgreSQL" if options.postgresql else "SQLite"
        output.say(f"Storing results as a run does, in {kind}; each transaction is on disk when it ends.")
        write(options.postgresql, root, options.results, output)
        files = sum(path.stat().st_size for path in (root / ".crumple").rglob("*") if path.is_file())
        if not options.postgresql:
            output.say(f"The file has {files / 1e6:,.0f} MB, {files / options.results:.0f} bytes a result.")
        command = [sys.executable, "-c", MEASURED, options.postgresql, folder]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        found = json.loads(done.stdout)
    assert (found["rounds"], found["told"]) == (options.results // MUTATORS, options.results)
    assert (found["left"], found["found"]) == (IN_FLIGHT, IN_FLIGHT)
    output.say(
        f"A process that goes on with the run, {options.results:,} results in {found['rounds']:,} whole rounds and "
        f"{IN_FLIGHT} outside of them:"
    )
    output.table(
        ("", "seconds", "memory, MB"),
        (
            (
                "it knows what is left, and has the first works answered",
                f"{found['decide']:.2f}",
                f"{found['memory'] / 1e6:.0f}",
            ),
            (
                "all that is past is in the tally, beside the calls",
                f"{found['tell']:.1f}",
                f"{found['memory_told'] / 1e6:.0f}",
            ),
        ),
    )
    if options.write:
        output.write("large_store")
    return int(found["decide"] >= LIMIT_SECONDS or found["memory_told"] >= LIMIT_BYTES)


if __name__ == "__main__":
    sys.exit(main())
