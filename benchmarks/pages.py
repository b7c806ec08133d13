"""The page mutators beside plain OpenCV and numpy, and beside other libraries: an A4 page at 200 dpi.

    python benchmarks/pages.py [--rounds 9] [--only PATTERN] [--no-peers] [--markdown]

Prints CPU milliseconds at level 3, medians of interleaved rounds on one thread, and ends with 1 where a mutator takes
more than 1.2 times the plain operation. A mutator that says what is lost is compared with the plain operation and a
plain search for the ink that is gone. Decoding and encoding of files is not part of it and comes after, and then what
20 pages at 300 dpi take of memory. Peers are measured where they are installed, best in an environment of their own:

    python -m venv .venv-peers && .venv-peers/bin/pip install -e '.[peers]'
    .venv-peers/bin/python benchmarks/pages.py
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

import cv2
import numpy as np
from compared import files, peers
from compared.plain import DPI, Pixels, lost_ink
from compared.plain_chains import PLAIN

from crumple import NotApplicable, Page
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import discover

LIMIT = 1.2
MOST_RESIDENT = 1_000_000_000
WIDTH, HEIGHT = 1654, 2339
LEVEL = 3.0
LONGEST = 20
"""Seconds that a peer's call may take."""

Call = Callable[[], object]


def page(*, grey: bool) -> Page:
    """A sheet full of text."""
    pixels = np.full((HEIGHT, WIDTH, 3), (250, 249, 246), np.uint8)
    for row in range(200, HEIGHT - 200, 42):
        text = f"{row} units of something at 12.50 each, delivered on 12 March"
        cv2.putText(pixels, text, (150, row), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (20, 20, 40), 2, cv2.LINE_AA)
    return Page(np.ascontiguousarray(pixels[..., 0]) if grey else pixels, (DPI, DPI))


@dataclass(slots=True)
class Row:
    """One mutator's CPU milliseconds.

    Attributes:
        name: the mutator's.
        times: (grey or RGB, plain or crumple) -> median.
        peers: library -> (what it calls the operation, milliseconds or why there are none).
    """

    name: str
    times: dict[tuple[str, str], float] = field(default_factory=dict)
    peers: dict[str, tuple[str, float | str]] = field(default_factory=dict)

    def ratio(self, colour: str) -> float | None:
        """How many times the plain operation crumple takes."""
        plain, ours = (self.times.get((colour, who)) for who in ("plain", "crumple"))
        return ours / plain if plain and ours else None


def seconds(call: Call) -> float:
    start = time.process_time()
    call()
    return time.process_time() - start


def medians(calls: Sequence[Call], rounds: int) -> list[float]:
    """CPU milliseconds of calls that take turns; the first round warms up caches and allocators."""
    times = [[seconds(call) for call in calls] for _ in range(rounds + 1)]
    return [statistics.median(column) * 1000 for column in list(zip(*times[1:], strict=True))]


def degraded(mutator: Mutator, pixels: Pixels) -> Pixels:
    """A mutator on a fresh page: what is put off until somebody looks is part of the price."""
    made: Page = mutator.apply(Page(pixels, (DPI, DPI)), mutator.step(LEVEL, 1)).view
    return made.pixels


def beside_plain(mutator: Mutator, rounds: int) -> Row:
    """A mutator and its plain counterpart."""
    row = Row(mutator.name)
    plain = PLAIN.get(mutator.name)
    value = mutator.ladder.at(LEVEL) if mutator.ladder else None
    for colour in ("grey", "RGB"):
        pixels = page(grey=colour == "grey").pixels
        calls: list[Call] = [lambda pixels=pixels: degraded(mutator, pixels)]
        try:
            calls[0]()
        except NotApplicable:
            continue
        if plain is not None and "lost" in mutator.truth:
            calls.append(lambda pixels=pixels: lost_ink(pixels, plain(pixels, value)))
        elif plain is not None:
            calls.append(lambda pixels=pixels: plain(pixels, value))
        for who, taken in zip(("crumple", "plain"), medians(calls, rounds), strict=False):
            row.times[colour, who] = taken
    return row


@contextlib.contextmanager
def limited() -> Iterator[None]:
    """Peers run in a folder that is thrown away, for some write to it, and not for ever."""

    def late(*_: object) -> None:
        raise TimeoutError(f"more than {LONGEST} s")

    before = signal.signal(signal.SIGALRM, late)
    try:
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def beside_peers(row: Row, there: Sequence[str]) -> None:
    """The same operation in other libraries, on the RGB page."""
    pixels = np.array(page(grey=False).pixels)
    for library in there:
        name = peers.named(library, row.name)
        if not name:
            continue
        with limited():
            try:
                signal.alarm(3 * LONGEST)
                call = peers.peer(library, row.name)
                call(pixels)  # compiles and loads
                times = []
                for _ in range(3):
                    signal.alarm(LONGEST)
                    times.append(seconds(lambda call=call: call(pixels)))
                row.peers[library] = name, statistics.median(times) * 1000
            except Exception as error:  # noqa: BLE001 - whatever a peer raises is its entry in the table
                row.peers[library] = name, f"fails: {type(error).__name__}"


def _number(value: float | None, digits: int = 1) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def cells(row: Row) -> list[str]:
    """A row of the table."""
    said = [row.name]
    for colour in ("grey", "RGB"):
        plain, ours = (row.times.get((colour, who)) for who in ("plain", "crumple"))
        ratio = row.ratio(colour)
        said += [_number(plain), _number(ours), _number(ratio, 2) + ("!" if ratio and ratio > LIMIT else "")]
    ours = row.times.get(("RGB", "crumple"))
    for library in peers.LIBRARIES:
        name, taken = row.peers.get(library, ("", ""))
        if isinstance(taken, float) and ours:
            said.append(f"{name} {taken:,.0f} ({taken / ours:,.1f}x)")
        else:
            said.append(f"{name} {taken}".strip())
    return said


HEADS = ["", "grey: plain", "crumple", "ratio", "RGB: plain", "crumple", "ratio", *peers.LIBRARIES]
WIDTHS = [36, 12, 9, 7, 12, 9, 7, 34, 34, 34]


def show(line: Sequence[str], *, markdown: bool) -> None:
    if markdown:
        print(f"| {' | '.join(line)} |", flush=True)
    else:
        padded = (
            each.ljust(width) if at in (0, 7, 8, 9) else each.rjust(width) + ("  " if at == 6 else "")
            for at, (each, width) in enumerate(zip(line, WIDTHS, strict=True))
        )
        print("".join(padded).rstrip(), flush=True)


def mutators_table(chosen: Sequence[Mutator], given: argparse.Namespace) -> list[Row]:
    """Prints and returns the rows; columns are grey, then RGB, then the peers on RGB."""
    absent = dict.fromkeys(peers.LIBRARIES, "not asked for") if given.no_peers else peers.missing()
    there = [library for library in peers.LIBRARIES if library not in absent]
    print(f"OpenCV {cv2.__version__}, numpy {np.__version__}; CPU ms at level 3, medians of {given.rounds}")
    for library, reason in absent.items():
        print(f"{library}: {reason}")
    print()
    show(HEADS, markdown=given.markdown)
    if given.markdown:
        show(["---"] * len(HEADS), markdown=True)
    rows = []
    for mutator in chosen:
        row = beside_plain(mutator, given.rounds)
        beside_peers(row, there)
        show(cells(row), markdown=given.markdown)
        rows.append(row)
    return rows


def files_table(given: argparse.Namespace) -> None:
    """Prints what writing a noisy page costs."""
    noise = np.random.default_rng(1).normal(0, 8, (HEIGHT, WIDTH, 3))
    noisy = np.clip(page(grey=False).pixels + noise, 0, 255).astype(np.uint8)
    grey = np.ascontiguousarray(noisy[..., 0])
    print("\nwriting a noisy page, CPU ms, apart from degrading it: grey, RGB")
    by_colour = [dict(files.writers(pixels)) for pixels in (grey, noisy)]
    for name in by_colour[0]:
        taken = [medians([writers[name]], min(5, given.rounds))[0] for writers in by_colour]
        line = [name, *(f"{each:.1f}" for each in taken)]
        print(f"| {' | '.join(line)} |" if given.markdown else f"{line[0]:36}{line[1]:>8}{line[2]:>9}")


def memory_table() -> bool:
    """Prints what degrading a long TIFF takes; whether it is within the limit."""
    within = True
    print(f"\nresident peak while a TIFF of {files.LONG} pages at {files.LONG_DPI} dpi is degraded")
    with tempfile.TemporaryDirectory() as folder:
        for mode, name in (("L", "grey"), ("RGB", "RGB")):
            path = Path(folder) / f"{mode}.tiff"
            files.long_tiff(path, mode)
            for mutators in (("scan.sensor_noise",), ("scan.skew", "scan.cast_shadow", "scan.defocus")):
                environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
                command = [sys.executable, "-m", "compared.files", str(path), *mutators]
                done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
                peak = int(done.stdout.split()[1])
                within = within and peak < MOST_RESIDENT
                print(f"{name:6}{', '.join(mutators):50}{peak / 1e6:8,.0f} MB{'!' if peak >= MOST_RESIDENT else ''}")
    return within


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", default="*", metavar="PATTERN", help="mutators whose name matches: 'scan.s*'")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--markdown", action="store_true", help="as docs/benchmarks.md has it")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    chosen = [each for each in discover() if each.view is Page and fnmatch(each.name, given.only)]
    rows = mutators_table(chosen, given)
    over = [row.name for row in rows if any((row.ratio(colour) or 0) > LIMIT for colour in ("grey", "RGB"))]
    bare = [row.name for row in rows if not PLAIN.get(row.name)]
    print(f"\nmore than {LIMIT} times the plain operation: {', '.join(over) or 'none'}")
    if bare:
        print(f"without a plain counterpart: {', '.join(bare)}")
    within = True
    if given.only == "*":
        files_table(given)
        within = memory_table()
    return int(bool(over) or not within)


if __name__ == "__main__":
    sys.exit(main())
