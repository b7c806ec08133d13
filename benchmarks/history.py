"""Thousands of nights in the store: how soon the last 30 are read call by call, and how soon a history is shown.

    python -m benchmarks.history [--runs N] [--calls N] [--write]

A store gets nights as `crumple nightly` stores them, each with a document of about 170 kB; the last 30 have their
results, a fifth of them failures with 2 kB of detail. Measured are CPU seconds of this process, the best of three. Ends
with 1 where one of them takes 2 s or more.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.output import Output

NIGHTS, CASES, ROUND = 30, 50, 50
DOCUMENT_BYTES = 170_000
FAILING = 5
LIMIT_SECONDS = 2.0


def baseline(calls: int):
    from crumple.nightly.baseline import Baseline, Call
    from crumple.recipe import Recipe, Step

    made = []
    for at in range(calls):
        step = Step("encoding.bad_bytes", (("share", 0.001 + at / 7e6),), at)
        made.append(Call(case=f"c{at % CASES}.csv", recipe=Recipe((step,)), mutator=step.mutator, digest=f"{at:032x}"))
    texts = dict.fromkeys(("started", "set_on", "by", "reason", "config", "system", "corpus"), "")
    clean = [Call(case=f"c{at}.csv", recipe=Recipe()) for at in range(CASES)]
    return Baseline(run="first", seed=0, versions={}, mutators={}, cases={}, clean=clean, calls=made, **texts)


def results(calls: Sequence) -> list:
    from crumple.outcome import Outcome, Verdict
    from crumple.result import Result, Work

    made = []
    for at, call in enumerate(calls):
        key = f"{at // ROUND}/{call.mutator}~{at}/0/0" if call.mutator else f"clean/{call.case}/0"
        work = Work(at, call.case, call.recipe, 1.0, call.mutator, key, at // ROUND if call.mutator else -1)
        failed = bool(call.mutator) and at % FAILING == 0
        verdict = Verdict(Outcome.CRASHED if failed else Outcome.RIGHT, failed, fingerprint="crashed" if failed else "")
        made.append(Result(work, verdict, detail="x" * 2000 if failed else "", digest=call.digest))
    return made


def night(categories: Sequence[str]) -> str:
    """A night's document as text."""
    rate = {"runs": 90, "failures": 9, "rate": 0.1, "low": 0.05, "high": 0.2}
    rows = [{"category": name, "state": "same", "pairs": 80, "before": 8, "now": 8} for name in categories]
    document = {
        "schema": 1,
        "run": {"ended": "calls", "rounds": 20, "calls": 1000},
        "clean": {"cases": CASES, "right": CASES},
        "void": {"calls": 0, "causes": {}},
        "categories": dict.fromkeys(categories, rate),
        "contract": [{"state": "met"}],
        "night": {"state": "same", "baseline": {"run": "first"}, "categories": rows, "drift": []},
    }
    rest = {"mutator": "a.b", "reason": "no document of the corpus is json", "count": 3, "low": 0.1, "high": 0.9}
    document["skipped"] = [rest] * (DOCUMENT_BYTES // len(json.dumps(rest)))
    return json.dumps(document)


def fill(store, runs: int, compared) -> None:
    from sqlalchemy import insert

    from crumple.store.rows import COLUMNS, to_row
    from crumple.store.schema import RESULTS, ROUNDS, RUNS

    document = night([f"category{at}" for at in range(12)])
    made = [to_row(each) for each in results([*compared.clean, *compared.calls])]
    zero = dict.fromkeys(("seconds", "calls", "failures", "void", "cost"), 0)
    texts = dict.fromkeys(("identity", "project", "holder"), "") | {"identities": '{"configuration": "c"}'}
    with store.database.writing() as connection:
        for number in range(1, runs + 1):
            told = {"id": f"n{number}", "kind": "night", "known": {"baseline": compared.id}, "system": "1"}
            row = {"number": number, "id": told["id"], "state": "ended", "info": json.dumps(told), "started": number}
            connection.execute(insert(RUNS), {**row, **zero, **texts, "document": document})
        for number in range(runs - NIGHTS + 1, runs + 1):
            rows = [dict(zip(("run", *COLUMNS), (number, *each), strict=True)) for each in made]
            connection.execute(insert(RESULTS), rows)
            last = max(row["round"] for row in rows) + 1
            whole = [{"run": number, "number": at, "calls": ROUND, "cost": 0.0, "aside": "[]"} for at in range(last)]
            connection.execute(insert(ROUNDS), whole)


def seconds(do: Callable[[], object]) -> float:
    """CPU seconds, the best of three."""
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        do()
        best = min(best, time.process_time() - began)
    return best


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5_000)
    parser.add_argument("--calls", type=int, default=1_000)
    parser.add_argument("--write", action="store_true", help="Put the figures into docs/benchmarks.md.")
    options = parser.parse_args()
    from crumple.nightly.history import past_nights, read_timeline
    from crumple.reporting import rendering
    from crumple.store import open_store

    output = Output()
    compared = baseline(options.calls)
    with tempfile.TemporaryDirectory(prefix="crumple-history-") as folder:
        store = open_store(None, Path(folder))
        fill(store, options.runs, compared)
        past = past_nights(store, compared)
        assert len(past) == NIGHTS + 1
        assert {len(each.outcomes) for each in past} == {options.calls + CASES}
        read = seconds(lambda: past_nights(store, compared))
        told = seconds(lambda: read_timeline(store, last=NIGHTS))
        shown = read_timeline(store, last=NIGHTS)
        drawn = seconds(lambda: rendering("history")(shown))
        store.close()
    output.say(f"{options.runs:,} nights in SQLite, each with a document of {DOCUMENT_BYTES // 1000} kB:")
    output.table(
        ("", "CPU seconds"),
        (
            (f"the last {NIGHTS}, {options.calls:,} calls each, to be held against tonight", f"{read:.2f}"),
            (f"`crumple history`: the last {NIGHTS} read", f"{told:.2f}"),
            ("and drawn", f"{drawn:.3f}"),
        ),
    )
    if options.write:
        output.write("history")
    return int(max(read, told + drawn) >= LIMIT_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
