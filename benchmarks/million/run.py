"""A run whose calls answer at once: what is measured is the client, from drawing rounds to results on disk.

    python -m benchmarks.million.run LOCATION FOLDER CALLS STOP [decide]

LOCATION is a store, "" for a file in FOLDER. STOP: after so many calls the process ends as kill -9 ends it; 0: it does
not. decide: the calls go to limits that the system neither keeps nor breaks, so that all stay open. Prints one line of
JSON: seconds, CPU seconds, the most memory that it had, how soon it made its first call, how long results took to land
in the store, and how long the run's document took to make.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crumple.case import Case, Entry, Wanted
from crumple.contract.limits import THESE, Contract, Limit, Metric
from crumple.deciding.course import Deciding
from crumple.engine import run
from crumple.mix import Mix
from crumple.mutation.registry import Registry, discover
from crumple.outcome import Outcome, Verdict
from crumple.plan import Plan, eligible
from crumple.result import Result, Work
from crumple.sampling import Sampler
from crumple.store import Recorded, Store, open_store
from crumple.summary import Tally

IDENTITY = {"configuration": "c"}
ROOM, CAUSES, FAILING = 256, 400, 20
TEXT = "text/plain"
_BEGAN = time.perf_counter()


@dataclass(frozen=True, slots=True)
class Made:
    """A corpus of texts, each of an origin of its own, that is gone through once and of which a sample is kept."""

    count: int
    name: str = "made up"

    @property
    def streams(self) -> bool:
        """It is never a list as a whole."""
        return True

    def entries(self) -> Sequence[Entry]:
        """Nobody asks for all of them."""
        raise NotImplementedError

    def sample(self, wanted: Wanted) -> Sequence[Entry]:
        """What is wanted of them."""
        sampler: Sampler[str] = Sampler(wanted)
        for at in range(self.count):
            name = f"2026/{at // 1000:04}/letter-{at:07}.txt"
            sampler.add(TEXT, name, name, name)
        return [Entry(each, TEXT, each, has_truth=True) for each in sampler.chosen()]

    def size(self, tags: tuple[str, ...] = ()) -> tuple[int, int]:
        """How many cases, and groups of them."""
        return self.count, self.count

    def find(self, ids: Collection[str]) -> Mapping[str, Entry]:
        """Those of some ids."""
        return {each: Entry(each, TEXT, each, has_truth=True) for each in ids}

    def load(self, case_id: str) -> Case:
        """Nobody asks for one."""
        raise NotImplementedError(case_id)


class Answered:
    """An executor whose calls are back at once."""

    def __init__(self) -> None:
        self._works: list[Work] = []
        self.first = 0.0

    @property
    def pending(self) -> int:
        """How many are out."""
        return len(self._works)

    @property
    def room(self) -> int:
        """As many as lanes of a fast system keep."""
        return max(0, ROOM - len(self._works))

    def put(self, works: Sequence[Work]) -> None:
        """Take works on."""
        self.first = self.first or time.perf_counter()
        self._works.extend(works)

    def results(self, timeout: float | None = None) -> list[Result]:
        """All of them."""
        works, self._works = self._works, []
        return [answered(each) for each in works]


def answered(work: Work) -> Result:
    """Right, but for one in some of the degraded ones."""
    digest = f"{hash(work.key) & (1 << 128) - 1:032x}"
    at = work.recipe.steps[0].seed if work.recipe.steps else 1
    if at % FAILING:
        return Result(work, Verdict(Outcome.RIGHT, False, 1.0), seconds=0.001, digest=digest, attempts=1)
    verdict = Verdict(Outcome.WRONG, True, 0.75, ("/total",), (), f"wrong /total ({at % CAUSES})")
    told = {"expected": '{"/total": "1,234.50"}', "answer": '{"/total": "1,284.50"}'}
    return Result(work, verdict, seconds=0.001, digest=digest, attempts=1, **told)


def registry() -> Registry:
    """Every built-in mutator of texts."""
    own = {each.name: each for each in discover() if not each.control and each.fits(TEXT)}
    return Registry({name: each for name, each in own.items() if each.category in {"text", "encoding", "truncation"}})


def on_the_edge(known: Registry, plan: Plan) -> tuple[Contract, Mix]:
    """Limits that the system neither keeps nor breaks, one on a mix of all that can be run."""
    run_ones = eligible(plan, Made(1).sample(Wanted(most=1)), set())
    names = [name for name, found in run_ones.items() if not isinstance(found, str)]
    mix = Mix(clean=0.5, damaged={(name, known.get(name).levels(plan.levels)[0]): 0.5 / len(names) for name in names})
    rate = 1 / FAILING
    limits = (
        Limit(of="all", metric=Metric.FAILURES, bound=rate),
        Limit(of="text", metric=Metric.FAILURES, bound=rate, up_to_level=3),
        Limit(of="encoding", metric=Metric.FAILURES, bound=rate, about=THESE),
        Limit(of="production", metric=Metric.FAILURES, bound=rate / 2),
    )
    return Contract(limits), mix


def contract() -> Contract:
    """Limits of each kind."""
    return Contract(
        (
            Limit(of="all", metric=Metric.FAILURES, bound=0.1),
            Limit(of="text", metric=Metric.SILENT, bound=0.1, up_to_level=3),
            Limit(of="clean", metric=Metric.FAILURES, bound=0.01),
            Limit(of="production", metric=Metric.FAILURES, bound=0.05),
            Limit(of="text", metric=Metric.LATENCY, bound=1.0),
        )
    )


class Clock:
    """How long something took, all times together."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self.seconds = 0.0

    def __call__(self, *arguments: Any) -> Any:
        """Call it, and look at the clock."""
        began = time.perf_counter()
        try:
            return self._function(*arguments)
        finally:
            self.seconds += time.perf_counter() - began


def main() -> None:
    location, root, calls, stop = sys.argv[1] or None, Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    known, decides = registry(), sys.argv[5:] == ["decide"]
    plan = Plan(Made(calls), known, calls=calls, by_group=decides)
    mix = Mix(clean=0.5, damaged={(name, 1): 0.4 / len(known.mutators) for name in known.mutators})
    limits, course = contract(), None
    if decides:
        limits, mix = on_the_edge(known, plan)
        course = Deciding(plan, limits, mix)
    store = open_store(location, root)
    info = {"id": f"20260101-000000-{os.urandom(2).hex()}", "corpus_cases": calls, "started": "2026-01-01T00:00:00Z"}
    info |= {"seed": 0, "corpus": plan.corpus.name, "system": "none", "versions": {"crumple": "0"}}
    with store.resume_or_begin(IDENTITY, info) as record:
        tally = Tally(known, record.info, contract=limits, mix=mix)
        landing, document, executor = Clock(record.save), Clock(tally.document), Answered()
        setattr(record, "save", landing)  # noqa: B010 - watched from outside
        for event in run(plan, Recorded(executor, record), record.past if record.resumed else None, course):
            record.add(event)
            tally.add(event)
            record.show(lambda: tally.document(record.seconds))
            if stop and tally.calls >= stop:
                print(json.dumps(figures(tally, executor, landing)), flush=True)
                os._exit(9)
        made = document(record.seconds)
        record.end(made)
    print(json.dumps(figures(tally, executor, landing) | {"document": document.seconds, "bytes": size(store)}))
    store.close()


def figures(tally: Tally, executor: Answered, landing: Clock) -> dict[str, float]:
    """What the process has taken."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "calls": tally.calls,
        "seconds": time.perf_counter() - _BEGAN,
        "cpu": used.ru_utime + used.ru_stime,
        "memory": used.ru_maxrss * 1024,
        "first": executor.first - _BEGAN,
        "landing": landing.seconds,
    }


def size(store: Store) -> int:
    """How many bytes the store has, of a server the tables of crumple's."""
    if store.database.path is not None:
        return store.database.path.stat().st_size
    tables = "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relname LIKE 'crumple_%'"
    with store.database.reading() as connection:
        return int(connection.exec_driver_sql(tables.replace("%", "%%")).scalar_one())


if __name__ == "__main__":
    main()
