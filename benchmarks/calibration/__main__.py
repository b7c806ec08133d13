"""What OCR engines miss at each level of each mutator of scanned pages, whether it is monotone, and where it breaks.

    python -m benchmarks.calibration [--quick] [--only PATTERN] [--engine tesseract] [--engine rapidocr] [--out FILE]

Ten sheets and three seeds a level with Tesseract; two sheets, one seed and the levels 1, 3 and 5 with rapidocr; three
sheets, one seed and these levels with --quick. Readings are kept in .crumple/calibration.sqlite: a second run reads
only what changed, and an interrupted one goes on. The figures go to docs/calibration.json, of which docs/build.py
makes docs/calibration.md; those of --quick go nowhere, unless --out says where.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path

from benchmarks.calibration import figures
from benchmarks.calibration.engines import EngineName
from benchmarks.calibration.measure import calibrated
from benchmarks.calibration.pool import Extent, gathered
from crumple.mutation.mutator import Mutator
from crumple.mutation.registry import discover

ROOT = Path(__file__).parents[2]
OUT = ROOT / "docs" / "calibration.json"
KEPT = ROOT / ".crumple" / "calibration.sqlite"


FULL = {"tesseract": Extent(10, 3, (1, 2, 3, 4, 5)), "rapidocr": Extent(2, 1, (1, 3, 5))}
QUICK = {"tesseract": Extent(3, 1, (1, 3, 5)), "rapidocr": Extent(1, 1, (1, 3, 5))}


def _line(name: str, entry: figures.Json, engine: str) -> str:
    figure = entry["engines"][engine]
    cells = [_share(each) for each in figure["error"]]
    said = f"{name:32}" + "".join(f"{each:>6}" for each in cells) + " " * 6 * (5 - len(cells))
    said += "  yes" if figure["monotone"] else "   NO"
    breaks = figure["breaks"]
    said += f"  {breaks['value']} {entry['unit']} (level {breaks['level']:.1f})" if breaks else "  -"
    if "lost" in figure:
        said += f"  of what is left {' '.join(map(_share, figure['left']))}"
    if "refused" in figure:
        said += f"  not applicable {' '.join(map(str, figure['refused']))}"
    return said + "".join(f"  [{flag}]" for flag in figures.flags({engine: figure}))


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}".removeprefix("0") if value < 1 else "1"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.calibration",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="three sheets, one seed, levels 1, 3 and 5")
    parser.add_argument("--only", action="append", metavar="PATTERN", help="mutators whose name matches: 'scan.s*'")
    parser.add_argument("--engine", action="append", choices=tuple(FULL), help="by default tesseract")
    parser.add_argument("--rapidocr-python", default=sys.executable, help="of the environment that has rapidocr")
    parser.add_argument("--seeds", type=int, help="seeds a sheet, where those are not to be as many as above")
    parser.add_argument("--jobs", type=int, default=2, help="processes; by default 2")
    parser.add_argument("--kept", type=Path, default=KEPT, help="the file of readings")
    parser.add_argument("--out", type=Path, help="where the figures go; what it says of others stays")
    return parser.parse_args()


def _measured(
    mutators: Sequence[Mutator], extent: Extent, engine: EngineName, given: argparse.Namespace
) -> dict[str, figures.Json]:
    """One engine's figures of every mutator, printed as they come."""
    started, reads, all_reads = time.perf_counter(), 0, 0
    print(
        f"{engine.name}: {extent.sheets} sheets, {extent.seeds} seeds each; share of words missed at levels "
        f"{', '.join(f'{level:g}' for level in extent.levels)}; monotone; breaks at",
        flush=True,
    )
    found: dict[str, figures.Json] = {}
    clean: dict[str, float] = {}
    for mutator, measurements in gathered(mutators, extent, engine, given.jobs, given.kept):
        if isinstance(measurements, Exception):
            if mutator is None:
                raise measurements
            print(f"{mutator.name:32}FAILS: {type(measurements).__name__}: {measurements}", flush=True)
            continue
        reads, all_reads = reads + sum(each.fresh for each in measurements), all_reads + len(measurements)
        if mutator is None:
            clean = {each.sheet: each.error for each in measurements}
            print(f"{'clean':32}{_share(sum(clean.values()) / len(clean)):>6}", flush=True)
            continue
        figure = figures.of_engine(mutator, measurements, clean)
        found[mutator.name] = figures.of_mutator(mutator, {engine.name: figure})
        print(_line(mutator.name, found[mutator.name], engine.name), flush=True)
    print(f"{all_reads} measurements, {reads} of them read now, {time.perf_counter() - started:.0f} s\n")
    return found


def main() -> int:
    given = _arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    registry = discover()
    patterns = given.only or ["*"]
    everyone = [each for each in registry if calibrated(each)]
    chosen = [each for each in everyone if any(fnmatch(each.name, pattern) for pattern in patterns)]
    if not chosen:
        print(f"no mutator of scanned pages matches {', '.join(patterns)}", file=sys.stderr)
        return 2
    out = given.out or (None if given.quick else OUT)
    for name in given.engine or ["tesseract"]:
        extent = (QUICK if given.quick else FULL)[name]
        extent = replace(extent, seeds=given.seeds or extent.seeds)
        engine = EngineName(name, given.rapidocr_python)
        try:
            found = _measured(chosen, extent, engine, given)
        except KeyboardInterrupt:
            print("\ninterrupted; the same command goes on from here", file=sys.stderr)
            return 130
        if out is not None:
            about = {name: {"version": engine.start().version, "sheets": extent.sheets, "seeds": extent.seeds}}
            before = json.loads(out.read_text("utf-8")) if out.exists() else {}
            document = figures.merged(before, about, found, [each.name for each in everyone])
            out.write_text(figures.written(document), "utf-8")
            print(
                f"figures in {out}; python docs/build.py makes the page of them" if out == OUT else f"figures in {out}"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
