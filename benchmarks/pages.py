"""The page mutators beside plain OpenCV and numpy, and beside other libraries: an A4 page at 200 dpi.

    python -m benchmarks.pages [--rounds 9] [--only PATTERN] [--no-peers] [--write]

Prints CPU milliseconds at level 3, medians of interleaved rounds on one thread, and ends with 1 where a mutator takes
more than 1.2 times the plain operation. A mutator that says what is lost is compared with the plain operation and a
plain search for the ink that is gone. Decoding and encoding of files is not part of it and comes after, and then what
20 pages at 300 dpi take of memory. Peers are measured where they are installed, best in an environment of their own:

    python -m venv .venv-peers && .venv-peers/bin/pip install -e '.[peers]'
    .venv-peers/bin/python -m benchmarks.pages --write

With --write the tables replace those in docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path

import cv2
import numpy as np

from benchmarks.compared import files, peers
from benchmarks.compared.plain_chains import PLAIN
from benchmarks.compared.timing import Row, beside_peers, beside_plain, medians, page
from benchmarks.output import Output
from crumple import Page
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import discover

LIMIT = 1.2
MOST_RESIDENT = 1_000_000_000
LONG_RECIPES = (("scan.sensor_noise",), ("scan.skew", "scan.cast_shadow", "scan.defocus"))


def mutators_table(chosen: Sequence[Mutator], rounds: int, there: Sequence[str], output: Output) -> list[Row]:
    """Every mutator: grey, then RGB, then the peers on RGB."""
    numbers = (-12, -8, -7)
    heads = ["", "grey: plain", "crumple", "ratio", "RGB: plain", "crumple", "ratio", *there]
    output.heads(heads, (36, *numbers, *numbers, *(36 for _ in there)))
    rows = []
    for mutator in chosen:
        row = beside_plain(mutator, rounds)
        beside_peers(row, there)
        output.row(_cells(row, there))
        rows.append(row)
    return rows


def _cells(row: Row, there: Sequence[str]) -> list[str]:
    said = [row.name]
    for colour in ("grey", "RGB"):
        plain, ours = (row.times.get((colour, who)) for who in ("plain", "crumple"))
        ratio = row.ratio(colour)
        said += ["" if each is None else f"{each:.1f}" for each in (plain, ours)]
        said.append("" if ratio is None else f"{ratio:.2f}{'!' if ratio > LIMIT else ''}")
    ours = row.times.get(("RGB", "crumple"))
    for library in there:
        name, taken = row.peers.get(library, ("", ""))
        shown = f"{taken:,.0f} ({taken / ours:,.1f}x)" if isinstance(taken, float) and ours else str(taken)
        said.append(f"{name} {shown}".strip())
    return said


def files_table(rounds: int, output: Output) -> None:
    """What writing a noisy page costs."""
    drawn = page(grey=False).pixels + np.random.default_rng(1).normal(0, 8, page(grey=False).pixels.shape)
    noisy = np.clip(drawn, 0, 255).astype(np.uint8)
    output.say("Writing a noisy page, apart from degrading it, CPU ms:")
    output.heads(["", "grey", "RGB"], (36, -8, -8))
    by_colour = [dict(files.writers(pixels)) for pixels in (np.ascontiguousarray(noisy[..., 0]), noisy)]
    for name in by_colour[0]:
        taken = [medians([writers[name]], min(5, rounds))[0] for writers in by_colour]
        output.row([name, *(f"{each:.1f}" for each in taken)])


def memory_table(output: Output) -> bool:
    """What degrading a long TIFF takes; whether all of it is within the limit."""
    within = True
    output.say(
        f"Resident peak while a TIFF of {files.LONG} A4 pages at {files.LONG_DPI} dpi is degraded, MB "
        f"(limit {MOST_RESIDENT / 1e6:,.0f}):"
    )
    output.heads(["", "grey", "RGB"], (50, -8, -8))
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{mode}.tiff" for mode in ("L", "RGB")]
        for path in paths:
            files.long_tiff(path, path.stem)
        for names in LONG_RECIPES:
            peaks = []
            for path in paths:
                command = [sys.executable, "-m", "benchmarks.compared.files", str(path), *names]
                done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
                peaks.append(int(done.stdout))
            shown = (f"{each / 1e6:,.0f}{'!' if each > MOST_RESIDENT else ''}" for each in peaks)
            output.row([", ".join(names), *shown])
            within = within and max(peaks) <= MOST_RESIDENT
    return within


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", default="*", metavar="PATTERN", help="mutators whose name matches: 'scan.s*'")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    output = Output()
    absent = {} if given.no_peers else peers.missing()
    there = [] if given.no_peers else [library for library in peers.LIBRARIES if library not in absent]
    versions = f"OpenCV {cv2.__version__}, numpy {np.__version__}{''.join(map(peers.version, there))}"
    output.say(
        f"{versions}; level 3, CPU ms, medians of {given.rounds} interleaved rounds on one thread. A peer's figure is "
        f"for RGB, and in brackets how many times crumple's it is."
    )
    for library, reason in absent.items():
        output.say(f"{library} cannot be imported here: {reason}.")
    scans = [each for each in discover() if each.view is Page and each.category in ("scan", "combination")]
    chosen = [each for each in scans if fnmatch(each.name, given.only)]
    rows = mutators_table(chosen, given.rounds, there, output)
    over = [row.name for row in rows if any((row.ratio(colour) or 0) > LIMIT for colour in ("grey", "RGB"))]
    output.say(f"More than {LIMIT} times the plain operation (!): {', '.join(over) or 'none'}.")
    if bare := [row.name for row in rows if row.name not in PLAIN]:
        output.say(f"Without a plain counterpart: {', '.join(bare)}.")
    if given.only != "*":
        return int(bool(over))
    files_table(given.rounds, output)
    within = memory_table(output)
    if given.write:
        output.write("pages")
    return int(bool(over) or not within)


if __name__ == "__main__":
    sys.exit(main())
