"""Tables: cells edited beside a plain split and join, small files a second, and the memory that a large file takes.

`python -m benchmarks.tables`; with `--large` a file of a gigabyte is made in the temporary folder, degraded, removed.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.output import Output
from crumple import Cell, Document, Table, read, write
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import discover

ROWS, COLUMNS, ROUNDS, LEVEL = 10_000, 10, 9, 3
RATIO, SECOND, MEMORY = 2.0, 10_000, 1 << 30
EDITS = {"every 10th row": 10, "every row": 1}
SMALL = "table.ragged_row", "table.delimiter", "table.missing_marks", "table.row_dropped", "table.preamble"
WATCHED = """
import resource, time
from crumple.cli import main
try:
    main()
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, time.process_time())
"""
LARGE = ("table.preamble", 3), ("table.blank_lines", 1), ("table.ragged_row", 2)


def rows(count: int) -> str:
    """A table of numbers, words and dates, without quotes."""
    line = "{0},name {0},{1:.2f},north,open,2024-01-{2:02},{0},{3},x,end\n".format
    return "id,name,amount,region,status,day,key,times,mark,last\n" + "".join(
        line(at, at * 1.25, 1 + at % 28, at * 3) for at in range(count)
    )


def plain(data: bytes, edits: dict[tuple[int, int], str]) -> bytes:
    """What a script does: cells as an array, all edits at once, all rows joined again."""
    lines = data.decode().split("\n")[:-1]
    cells = np.array([line.split(",") for line in lines], dtype=object)
    at = np.array(list(edits), np.intp)
    cells[at[:, 0], at[:, 1]] = list(edits.values())
    return "".join([",".join(row) + "\n" for row in cells.tolist()]).encode()


def cpu(call: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median CPU milliseconds of a call; the first one warms up."""
    times = []
    for _ in range(rounds + 1):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return statistics.median(times[1:]) * 1000


def edited(output: Output) -> bool:
    """Cells of a table of 10,000 x 10 replaced, from bytes to bytes."""
    document = Document(rows(ROWS).encode(), "text/csv", "a.csv")
    kept = True
    found = []
    for name, step in EDITS.items():
        edits = {(row, 1): "changed" for row in range(1, ROWS, step)}
        cells = {Cell(*at): value for at, value in edits.items()}
        assert write(read(document, Table).with_cells(cells), document).data == plain(document.data, edits)
        one = cpu(lambda edits=edits: plain(document.data, edits))  # type: ignore[misc]  # bound now
        other = cpu(lambda cells=cells: write(read(document, Table).with_cells(cells), document))  # type: ignore[misc]
        kept = kept and other / one <= RATIO
        found.append([name, f"{one:.1f}", f"{other:.1f}", f"{other / one:.2f}"])
    output.table(["edited cells, 10,000 x 10", "plain ms", "crumple ms", "ratio"], found)
    return kept


def small(mutators: dict[str, Mutator], output: Output) -> bool:
    """Files of 11 rows a second, from bytes to bytes."""
    document = Document(rows(10).encode(), "text/csv", "a.csv")
    kept = True
    found = []
    for name in SMALL:
        mutator, seeds = mutators[name], range(200)

        def all_of_them(mutator: Mutator = mutator, seeds: range = seeds) -> None:
            for seed in seeds:
                table = read(document, Table)
                write(mutator.apply(table, mutator.step(LEVEL, seed)).view, document)

        speed = len(seeds) / cpu(all_of_them) * 1000
        kept = kept and speed >= SECOND
        found.append([name, f"{speed:,.0f}"])
    output.table(["files of 11 rows", "a second"], found)
    return kept


def large(size: int, output: Output) -> bool:
    """The most memory that `crumple mutate` takes on a large file, in a process of its own."""
    kept = True
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "large.csv"), Path(folder, "degraded.csv")
        block = rows(100_000)
        head, _, body = block.partition("\n")
        with source.open("w") as file:
            file.write(f"{head}\n")
            for _ in range(size // len(body)):
                file.write(body)
        found = []
        for name, level in LARGE:
            words = ["mutate", str(source), "--with", name, "--level", str(level), "-o", str(target)]
            done = subprocess.run([sys.executable, "-c", WATCHED, *words], capture_output=True, text=True, check=True)
            peak, seconds = map(float, done.stdout.split()[-2:])
            kept = kept and peak <= MEMORY
            found.append([f"{name}, level {level}", f"{peak / 1e6:,.0f}", f"{seconds:.1f}"])
            target.unlink()
        output.table([f"a file of {source.stat().st_size / 1e9:.2f} GB", "peak MB", "CPU s"], found)
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="measure the memory that a file of a gigabyte takes")
    parser.add_argument("--size", type=int, default=10**9, metavar="BYTES", help="of that file")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    options = parser.parse_args()
    mutators, output = dict(discover().mutators), Output()
    kept = [edited(output), small(mutators, output)]
    if options.large:
        kept.append(large(options.size, output))
    if options.write:
        output.write("tables")
    return int(not all(kept))


if __name__ == "__main__":
    sys.exit(main())
