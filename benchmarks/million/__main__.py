"""A run of a million calls over a million documents: what it costs its client, and what it leaves.

    python -m benchmarks.million [--calls N] [--postgresql URL] [--write]

The documents are listed once and never held as a list; calls are answered at once, one degraded document in twenty
wrongly, so that what is measured is the client: it draws rounds, writes every result to the store before it counts,
adds up every mutator, limit and share of a mix. Each run has a process of its own. One is ended as kill -9 ends it and
gone on with, one of four tenths of the calls decides limits that stay open; then a report is made. Ends with 1 where a
client takes 450 MB, makes its first new call after more than 20 s, results take over two minutes to land in the store,
or the page is over 10 MB or takes over 20 s, the document that it is made from included.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.output import Output
from benchmarks.reports import MOST_BYTES, MOST_SECONDS, TOML, report
from crumple.store import open_store
from crumple.store.pruning import prune

MOST_MEMORY, MOST_LANDING, MOST_WAITING = 450e6, 120.0, 20.0
KILLED, DECIDING = 0.6, 0.4
HEADS = ("run", "calls/s", "CPU us a call", "memory, MB", "landing, s", "bytes a call", "its document, s")


def carried_out(location: str, folder: Path, calls: int, *words: str, stop: int = 0) -> dict[str, Any]:
    """A run in a process of its own, or what is done of it until it is ended."""
    command = [sys.executable, "-m", "benchmarks.million.run", location, str(folder), str(calls), str(stop), *words]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    if done.returncode != (9 if stop else 0):
        raise SystemExit(f"the run ended with {done.returncode}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def pruned(location: str, folder: Path) -> float:
    """Seconds that it takes to remove all runs."""
    store = open_store(location or None, folder)
    began = time.perf_counter()
    freed = prune(store, None, None, folder / ".crumple" / "documents")
    seconds = time.perf_counter() - began
    store.close()
    assert len(freed.runs) == 1
    return seconds


def row(name: str, found: dict[str, Any]) -> tuple[str, ...]:
    return (
        name,
        f"{found['calls'] / found['seconds']:,.0f}",
        f"{1e6 * found['cpu'] / found['calls']:.0f}",
        f"{found['memory'] / 1e6:.0f}",
        f"{found['landing']:.0f}",
        f"{found['bytes'] / found['calls']:.0f}",
        f"{found['document']:.1f}",
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--postgresql", default="", metavar="URL", help="an empty database, beside SQLite")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/benchmarks.md")
    options = parser.parse_args()
    output = Output()
    with tempfile.TemporaryDirectory(prefix="crumple-million-") as scratch:
        folder, other, third = (Path(scratch) / name for name in ("whole", "killed", "deciding"))
        for each in (folder, other, third):
            each.mkdir()
            (each / "crumple.toml").write_text(TOML)
        runs = {"SQLite": carried_out("", folder, options.calls)}
        if options.postgresql:
            runs["PostgreSQL"] = carried_out(options.postgresql, folder, options.calls)
        killed = carried_out("", other, options.calls, stop=int(KILLED * options.calls))
        runs["SQLite, gone on with"] = again = carried_out("", other, options.calls)
        runs["SQLite, --decide"] = carried_out("", third, int(DECIDING * options.calls), "decide")
        page = report(folder, "html")
        taken = {
            name: pruned(location, folder)
            for name, location in (("SQLite", ""), ("PostgreSQL", options.postgresql))
            if name in runs
        }
    output.say(
        f"Runs of {options.calls:,} calls over as many documents, --decide of fewer. Landing is what of the time the "
        "store took; bytes are those of its file or tables; its document is what reports are made from."
    )
    output.table(HEADS, [row(name, found) for name, found in runs.items()])
    output.say(
        f"One was ended after {killed['calls']:,} calls; the process that went on with it made its first call "
        f"after {again['first']:.1f} s. `crumple report` of the first run takes {page.seconds:.1f} s and "
        f"{page.memory / 1e6:.0f} MB of memory, and the page has {page.size / 1e6:.2f} MB. "
        f"`crumple prune` of it takes {' and '.join(f'{each:.1f} s in {name}' for name, each in taken.items())}."
    )
    if options.write:
        output.write("million")
    most = max(each["memory"] for each in runs.values())
    slowest = max(each["landing"] for each in runs.values())
    page_is_over = page.size > MOST_BYTES or page.seconds + runs["SQLite"]["document"] > MOST_SECONDS
    return int(most > MOST_MEMORY or slowest > MOST_LANDING or again["first"] > MOST_WAITING or page_is_over)


if __name__ == "__main__":
    sys.exit(main())
