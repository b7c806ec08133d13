"""Reports of a run of a million results: seconds, bytes and memory of each form, and how soon a browser shows the page.

    python -m benchmarks.reports [--results N] [--write]

A store is filled with results that no system was called for: every built-in mutator at every level on 200 documents of
the generated invoices, and 29 runs before that. What fails are two thirds of the calls with damaged pages, which take
longest to draw; each document has two causes of its own, so that no page is drawn twice. `crumple report` then makes
each form in a process of its own, pictures included; the page is opened in chromium. Ends with 1 where the page of the
large run is over 10 MB or takes over 20 s, or that of a thousand results is over 2 MB.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.output import Output

if TYPE_CHECKING:
    from crumple.case import Entry
    from crumple.outcome import Verdict
    from crumple.result import Result
    from crumple.store import Store
    from crumple.summary import Tally

FORMS = ("html", "md", "xml", "json", "csv", "jsonl", "parquet")
INVOICES, FAILING, SMALL, LEVELS, EARLIER = 50, 2 / 3, 1_000, 5, 29
RUN = EARLIER + 1
MOST_BYTES, MOST_SECONDS, SMALL_BYTES = 10_000_000, 20.0, 2_000_000
TOML = f'[system]\ncall = "reader:read"\n[corpus]\ngenerate = "invoices"\ncount = {INVOICES}\nseed = 1\n'
MAIN = [sys.executable, "-c", "from crumple.cli import main; main()"]
# The page's policy forbids what playwright's own waiting does.
PAINTED = """() => new Promise((done) => {
  const look = () => {
    const painted = performance.getEntriesByName('first-contentful-paint')[0];
    painted ? done(painted.startTime) : setTimeout(look, 10);
  };
  look();
})"""
LATE = "there was no time left to draw it"
READY = "() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"


@dataclass(frozen=True)
class Made:
    """What it took to make a file; `cpu` counts all processes, and depends less on what else the machine is at."""

    seconds: float
    cpu: float
    size: int
    memory: int


def results(rounds: int, seed: int = 0) -> Iterator[list[Result]]:
    """Rounds of results: every mutator once in each, on a document that it can be applied to."""
    from crumple.mutation.registry import discover
    from crumple.recipe import Recipe
    from crumple.result import Result, Work
    from crumple.views.pages import Page, Pages

    drawn = random.Random(seed)
    entries = corpus_entries()
    fitting = {
        each: [entry.id for entry in entries if each.fits(entry.media_type)] for each in discover() if not each.control
    }
    visited = [(each, cases) for each, cases in fitting.items() if cases and each.category != "dependency"]
    clean = [Work(0, entry.id, key=f"clean/{entry.id}/0") for entry in entries]
    places = {each.case: number for number, each in enumerate(clean)}
    yield [Result(work, passed(), seconds=0.2, attempts=1) for work in clean]
    for number in range(rounds):
        made = []
        for each, cases in visited:
            level = float(drawn.randint(1, LEVELS))
            step = each.step(level, drawn.randrange(1_000_000))
            key = f"{number}/{each.name}/0/0"
            work = Work(0, drawn.choice(cases), Recipe((step,)), level, each.name, key, number)
            fails = each.view in {Page, Pages} and drawn.random() < FAILING
            said, texts = failed(2 * places[work.case] + drawn.randrange(2)) if fails else (passed(), {})
            made.append(Result(work, said, seconds=drawn.random(), attempts=1, cost=0.004, **texts))
        yield made


def passed() -> Verdict:
    from crumple.outcome import Outcome, Verdict

    return Verdict(Outcome.RIGHT, False, 1.0)


def failed(cause: int) -> tuple[Verdict, dict[str, Any]]:
    """A failure by one of the causes, silent by every other one, and what it leaves behind."""
    from crumple.outcome import Outcome, Verdict

    if cause % 2:
        texts = {"expected": f'{{"/total": {cause}.5}}', "answer": f'{{"/total": {cause}}}'}
        return Verdict(Outcome.WRONG, True, 0.8, ("/total",), (), f"wrong /total ({cause})"), texts
    kind = f"crashed ValueError at reader.py:field{cause}: float(text)"
    detail = "Traceback (most recent call last)\n" + '  File "reader.py", line 7, in total\n' * 8
    return Verdict(Outcome.CRASHED, True, fingerprint=kind), {"cause": "ValueError: no number", "detail": detail}


def fill(folder: Path, wanted: int) -> int:
    """Put a run into a store, and runs before it; how many results it has."""
    from crumple.events import Ended
    from crumple.mutation.registry import discover
    from crumple.store import open_store
    from crumple.summary import Tally

    (folder / "crumple.toml").write_text(TOML)
    tally, many = Tally(discover(), about(RUN)), 0
    store = open_store(None, folder)
    try:
        begin(store)
        for number, made in enumerate(results(sys.maxsize), -1):
            keep(store, number, made)
            count(tally, number, made)
            many += len(made)
            if many >= wanted:
                break
        tally.add(Ended("calls"))
        end(store, tally.document(3600.0), many)
    finally:
        store.close()
    return many


def about(day: int) -> dict[str, Any]:
    """What is known of a run beforehand; one was made each day."""
    info = {"seed": 0, "corpus": "invoices, seed 1", "corpus_cases": 4 * INVOICES, "system": "made up"}
    began = {"id": f"202601{day:02}-000000-made", "started": f"2026-01-{day:02}T00:00:00Z"}
    return {**info, **began, "versions": {"crumple": "0"}}


def begin(store: Store) -> None:
    from sqlalchemy import insert

    from crumple.store.schema import RUNS

    texts = dict.fromkeys(("identity", "project", "holder"), "") | {"identities": "{}", "state": "ended"}
    zero = dict.fromkeys(("seconds", "calls", "failures", "void", "cost"), 0)
    with store.database.writing() as connection:
        for day in range(1, RUN + 1):
            info = about(day)
            row = {"number": day, "id": info["id"], "info": json.dumps(info), "started": day}
            connection.execute(insert(RUNS), {**zero, **texts, **row})


def end(store: Store, document: Mapping[str, Any], calls: int) -> None:
    """Give each run the same figures."""
    from crumple.store.schema import RUNS

    with store.database.writing() as connection:
        for day in range(1, RUN + 1):
            own = json.dumps({**document, "run": {**document["run"], **about(day)}})
            connection.execute(RUNS.update().where(RUNS.c.number == day).values(calls=calls, document=own))


def keep(store: Store, number: int, made: Sequence[Result]) -> None:
    """Write a round of the run; -1: the clean calls."""
    from sqlalchemy import insert

    from crumple.store.rows import COLUMNS, to_row
    from crumple.store.schema import RESULTS, ROUNDS

    rows = [dict(zip(("run", *COLUMNS), (RUN, *to_row(each)), strict=True)) for each in made]
    with store.database.writing() as connection:
        connection.execute(insert(RESULTS), rows)
        if number >= 0:
            mark = {"run": RUN, "number": number, "calls": len(made), "cost": 0.0, "aside": "[]"}
            connection.execute(insert(ROUNDS), mark)


def count(tally: Tally, number: int, made: list[Result]) -> None:
    from crumple.events import CallEnded, CleanEnded, RoundEnded

    for each in made:
        tally.add(CallEnded(each))
    if number >= 0:
        tally.add(RoundEnded(number, made, len(made)))
    else:
        entries = corpus_entries()
        tally.add(CleanEnded(entries, frozenset(each.id for each in entries), made, frozenset(), {}))


def corpus_entries() -> Sequence[Entry]:
    from crumple.corpora import generated

    return generated("invoices", {"count": INVOICES, "seed": 1}).entries()


def report(folder: Path, form: str) -> Made:
    """Make a form in a process of its own."""
    path = folder / f"report.{form}"
    began = time.monotonic()
    process = subprocess.Popen([*MAIN, "report", "latest", "-o", path.name], cwd=folder, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"no report.{form}: exit code {process.returncode}")
    cpu = usage.ru_utime + usage.ru_stime
    return Made(time.monotonic() - began, cpu, path.stat().st_size, usage.ru_maxrss * 1024)


def shown(path: Path) -> tuple[float, float]:
    """Seconds until chromium has read a page, and until something is to be seen."""
    from playwright.sync_api import sync_playwright

    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        return float("nan"), float("nan")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.goto(path.as_uri())
        painted = page.evaluate(PAINTED) / 1000
        seconds = page.evaluate(READY) / 1000, painted
        browser.close()
    return seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=int, default=1_000_000)
    parser.add_argument("--write", action="store_true", help="Put the figures into docs/benchmarks.md.")
    options = parser.parse_args()
    output = Output()
    with tempfile.TemporaryDirectory(prefix="crumple-reports-") as scratch:
        large, small = Path(scratch) / "large", Path(scratch) / "small"
        large.mkdir()
        small.mkdir()
        many, few = fill(large, options.results), fill(small, SMALL)
        made = {form: report(large, form) for form in FORMS}
        page = report(small, "html")
        ready, painted = shown(large / "report.html")
        late = (large / "report.html").read_text().count(LATE)
    output.say(
        f"`crumple report` of a run of {many:,} results, each form in a process of its own; memory is the most of "
        "one of them:"
    )
    output.table(
        ("form", "seconds", "CPU seconds", "MB", "memory, MB"),
        [
            (f".{form}", f"{a.seconds:.1f}", f"{a.cpu:.1f}", f"{a.size / 1e6:.2f}", f"{a.memory / 1e6:.0f}")
            for form, a in made.items()
        ],
    )
    output.say(
        f"Of the documents of the page's worst problems {late:,} were not drawn for want of time. "
        f"Chromium has read the page after {ready:.2f} s, and shows its beginning after {painted:.2f} s. The page of "
        f"{few:,} results is {page.size / 1e6:.2f} MB, made in {page.seconds:.1f} s."
    )
    if options.write:
        output.write("reports")
    html = made["html"]
    return int(html.size > MOST_BYTES or html.seconds > MOST_SECONDS or page.size > SMALL_BYTES)


if __name__ == "__main__":
    sys.exit(main())
