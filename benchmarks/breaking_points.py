"""Breaking points: systems that are known, traced as `crumple breaking-points` does and otherwise; and Tesseract.

    python -m benchmarks.breaking_points [--quick] [--no-tesseract] [--write]

A simulated system fails with a known chance at each level. `--quick` takes three systems in ten. Ends with 1 where
the error at 20 calls is over 0.05 of the range, or Tesseract's breaking points are not where a fine grid has them.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.random import Generator, default_rng

from benchmarks.output import Output
from crumple.events import BreakingPoint
from crumple.mutation.registry import discover
from crumple.outcome import Outcome, Verdict
from crumple.result import Result, Work
from crumple.search.breaking import most_calls
from crumple.search.curve import HALF, Curve
from crumple.search.psychometric import WORST, Floats, Hypotheses, hypotheses
from crumple.targets import Target

Chance: TypeAlias = Callable[[float], float]

CALLS, LIMIT = 20, 0.05
SPREADS = (0.03, 0.1, 0.25, 0.5, 0.75)
SYSTEMS = 100
LAPSES, SLIPS = (0.0, 0.02, 0.05), (0.0, 0.03)
GRID = 9
PAGES = 8


@dataclass(frozen=True, slots=True)
class System:
    """A system whose failure rate at each level is known, and where it passes the mark; None where it does nowhere."""

    chance: Chance
    breaks_at: float | None = None


def rising(at: float, spread: float, *, slips: float = 0.0, lapses: float = 0.0, mark: float = HALF) -> System:
    """A logistic rise through the mark, between asymptotes off 0 and 1; not the form that is fitted to it."""
    shift = math.log((mark - slips) / (1 - lapses - mark))

    def chance(level: float) -> float:
        steps = min(60.0, max(-60.0, (level - at) / spread + shift))
        return slips + (1 - lapses - slips) / (1 + math.exp(-steps))

    return System(chance, at)


def flat(rate: float) -> System:
    """The same rate at every level."""
    return System(lambda level: rate)


def some_rising(rng: Generator, spread: float, mark: float = HALF) -> System:
    """One that breaks anywhere but at the very ends."""
    slips = min(float(rng.choice(SLIPS)), mark / 2)
    lapses = float(rng.choice(LAPSES))
    return rising(float(rng.uniform(0.3, 4.8)), spread, slips=slips, lapses=lapses, mark=mark)


def traced(system: System, rng: Generator, mark: float = HALF) -> BreakingPoint:
    """What the command would say of a system."""
    curve = Curve(_ANY, "", [Target("a")], mark, most_calls(mark))
    while curve.open:
        level = curve.choose()
        failed = bool(rng.random() < system.chance(level))
        verdict = Verdict(Outcome.WRONG if failed else Outcome.RIGHT, failed)
        curve.take(Result(Work(1, "a", level=level), verdict))
    return curve.point()


def psi_marginal(system: System, calls: int, rng: Generator, grid: Hypotheses) -> float:
    """Levels as crumple chooses them, without checks and ends."""
    return _by(system, calls, rng, grid, lambda belief: grid.most_telling(belief, np.ones(len(grid.levels), np.bool_)))


def quest_plus(system: System, calls: int, rng: Generator, grid: Hypotheses) -> float:
    """Watson 2017: the least expected entropy of all parameters together."""
    doubt = -(grid.fails * np.log(grid.fails) + (1 - grid.fails) * np.log1p(-grid.fails))

    def choose(belief: Floats) -> int:
        fails = np.tensordot(grid.fails, belief, axes=2)
        whole = -(fails * np.log(fails) + (1 - fails) * np.log1p(-fails))
        return int(np.argmax(whole - np.tensordot(doubt, belief, axes=2)))

    return _by(system, calls, rng, grid, choose)


def staircase(system: System, calls: int, rng: Generator, grid: Hypotheses) -> float:
    """One up, one down, the step halved at each turn (H. Levitt, Transformed up-down methods, 1971)."""
    level, step, last = 2.5, 1.0, None
    belief = grid.prior
    for _ in range(calls):
        belief, failed = _tried(system, level, rng, grid, belief)
        step = max(0.1, step / 2) if last is not None and failed is not last else step
        last = failed
        level = min(WORST, max(float(grid.levels[0]), level - step if failed else level + step))
    return grid.estimate(belief).level


def fixed_grid(system: System, calls: int, rng: Generator, grid: Hypotheses) -> float:
    """The same levels for every system, evenly over the ladder."""
    levels = np.linspace(float(grid.levels[0]), WORST, GRID + 2)[1:-1]
    belief = grid.prior
    for number in range(calls):
        belief, _ = _tried(system, float(levels[number % GRID]), rng, grid, belief)
    return grid.estimate(belief).level


def _by(system: System, calls: int, rng: Generator, grid: Hypotheses, choose: Callable[[Floats], int]) -> float:
    belief = grid.prior
    for _ in range(calls):
        belief, _ = _tried(system, float(grid.levels[choose(belief)]), rng, grid, belief)
    return grid.estimate(belief).level


def _tried(system: System, level: float, rng: Generator, grid: Hypotheses, belief: Floats) -> tuple[Floats, bool]:
    failed = bool(rng.random() < system.chance(level))
    return grid.updated(belief, int(np.argmin(np.abs(grid.levels - level))), failed), failed


_ANY = discover().get("scan.skew")
_WAYS = (("psi-marginal", psi_marginal), ("QUEST+", quest_plus), ("staircase", staircase), ("fixed grid", fixed_grid))


def errors(output: Output, systems: int) -> bool:
    """The error of each way of choosing levels; all read by the same hypotheses. Whether crumple's is within."""
    output.say(
        f"Root mean square error of the breaking point, as a share of the range (5 levels), over {systems} systems a "
        "cell that break anywhere from level 0.3 to 4.8, slip up to 3 % below it and lapse up to 5 % beyond it. The "
        "spread is that of a logistic curve, in levels: of 0.5, the failure rate takes 2.2 levels from 10 % to 90 %."
    )
    grid = hypotheses(HALF, 0.1)
    rows, within = [], True
    for name, way in _WAYS:
        for calls in (CALLS, 2 * CALLS):
            if way is quest_plus and calls > CALLS:
                continue
            squares = []
            for spread in SPREADS:
                rng = default_rng([1, calls])
                known = [some_rising(rng, spread) for _ in range(systems)]
                off = [way(each, calls, rng, grid) - (each.breaks_at or 0.0) for each in known]
                squares.append(float(np.mean(np.square(off))) / WORST**2)
            whole = math.sqrt(sum(squares) / len(squares))
            if way is psi_marginal and calls == CALLS:
                within = whole <= LIMIT
            rows.append([name, f"{calls}", *(f"{math.sqrt(each):.3f}" for each in squares), f"{whole:.3f}"])
            print(rows[-1], file=sys.stderr)
    output.table(["", "calls", *(f"spread {each}" for each in SPREADS), "together"], rows)
    output.say(f"Asked for: at most {LIMIT} together with {CALLS} calls by psi-marginal, which is what crumple does.")
    return within


def states(output: Output, systems: int) -> None:
    """What the command says of systems of every kind, with its checks, and ending as soon as it may."""
    rng = default_rng(2)
    output.say(f"What `crumple breaking-points` says of {systems} systems a row:")
    kinds: list[tuple[str, float, Callable[[], System]]] = [
        (f"breaks, spread {spread}", HALF, lambda spread=spread: some_rising(rng, spread))  # type: ignore[misc]
        for spread in SPREADS
    ]
    kinds += [
        ("never fails", HALF, lambda: flat(0.0)),
        ("fails at 10 % everywhere", HALF, lambda: flat(0.1)),
        ("fails at 30 % everywhere", HALF, lambda: flat(0.3)),
        ("would break at level 6, spread 0.25", HALF, lambda: rising(6, 0.25)),
        ("always fails", HALF, lambda: flat(1.0)),
        ("fails at 90 % everywhere", HALF, lambda: flat(0.9)),
        ("fails at 70 % everywhere", HALF, lambda: flat(0.7)),
        ("fails from 0.5 to 2.5 alone", HALF, lambda: System(lambda level: float(0.5 < level < 2.5))),
        ("fails from 2 to 3.5 alone", HALF, lambda: System(lambda level: float(2 < level < 3.5), 2.0)),
        ("2 in 5 documents break at 1, the rest at 4", HALF, lambda: System(_two(0.4), 4.0)),
        ("3 in 5 documents break at 1, the rest at 4", HALF, lambda: System(_two(0.6), 1.0)),
        ("--rate 10%, breaks, spread 0.25", 0.1, lambda: some_rising(rng, 0.25, 0.1)),
        ("--rate 10%, never fails", 0.1, lambda: flat(0.0)),
        ("--rate 10%, fails at 20 % everywhere", 0.1, lambda: flat(0.2)),
    ]
    rows = []
    for name, mark, make in kinds:
        known = [make() for _ in range(systems)]
        began = time.process_time()
        points = [traced(each, rng, mark) for each in known]
        spent = (time.process_time() - began) / sum(each.calls for each in points)
        told = {state: sum(each.state == state for each in points) for state in ("breaks", "never", "always")}
        pairs = [
            (point, each.breaks_at)
            for point, each in zip(points, known, strict=True)
            if point.level is not None and each.breaks_at is not None
        ]
        inside = [point.low <= at <= point.high for point, at in pairs]
        squares = [((point.level or 0.0) - at) ** 2 for point, at in pairs]
        rows.append(
            [
                name,
                *(f"{told[state] / systems:.0%}" for state in told),
                f"{sum(each.falls is not None for each in points) / systems:.0%}",
                f"{sum(each.calls for each in points) / systems:.0f}",
                f"{math.sqrt(sum(squares) / len(squares)) / WORST:.3f}" if squares else "",
                f"{sum(inside) / len(inside):.0%}" if inside else "",
                f"{spent * 1000:.1f}",
            ]
        )
        print(rows[-1], file=sys.stderr)
    heads = ["", "breaks", "never", "always", "falls again", "calls", "error", "95 % interval holds", "ms a call"]
    output.table(heads, rows)
    output.say(
        "What is none of the three is not known. The error is a share of the range, of those that are said to break. "
        "Where documents are of two kinds the rate stays near the mark for three levels, and no 30 calls tell at which "
        "end of them it passes it: the interval holds less often than it says."
    )


def _two(early: float) -> Chance:
    return lambda level: early * (level > 1) + (1 - early) * (level > 4)


def tesseract(output: Output, grid_calls: int, names: tuple[str, ...] = ("scan.skew", "scan.sensor_noise")) -> bool:
    """Breaking points of the demo's reader on page images, beside a fine grid of levels. Whether they agree."""
    from crumple.assembly import Wishes, assemble
    from crumple.config.loading import load
    from crumple.engine import run
    from crumple.events import BreakingPointsFound, RoundEnded
    from crumple.execution.local import LocalLanes
    from crumple.search.breaking import Breaking

    levels = tuple(np.linspace(1, 5, GRID).tolist())
    with tempfile.TemporaryDirectory() as folder:
        config = load(_images(Path(folder)))
        found: dict[str, BreakingPoint] = {}
        assembly = assemble(config, Wishes(use=names, calls=1000))
        with LocalLanes(assembly.spec, assembly.lanes) as lanes:
            for event in run(assembly.plan, lanes, course=Breaking(assembly.plan)):
                if isinstance(event, BreakingPointsFound):
                    found = {each.mutator: each for each in event.points}
        assembly = assemble(config, Wishes(use=names, levels=levels, calls=GRID * grid_calls * len(names) + 60, seed=1))
        counted: dict[tuple[str, float], list[bool]] = {}
        with LocalLanes(assembly.spec, assembly.lanes) as lanes:
            for event in run(assembly.plan, lanes):
                for each in event.results if isinstance(event, RoundEnded) else ():
                    if each.verdict is not None:
                        counted.setdefault((each.work.mutator, each.work.level), []).append(each.verdict.failure)
    spacing, agree, rows = levels[1] - levels[0], True, []
    for name in names:
        failures = [(level, counted.get((name, level), [])) for level in levels]
        crossing = crosses([(level, float(np.mean(own)), len(own)) for level, own in failures if own])
        point = found[name]
        off = abs((point.level or point.high) - (crossing or WORST))
        agree = agree and off <= spacing and (point.level is not None or crossing is None)
        rates = " ".join(f"{np.mean(own):.0%}" for _, own in failures if own)
        where = f"{point.level:.2f} ({point.low:.2f}-{point.high:.2f})" if point.level else point.state
        rows.append(
            [
                name,
                where,
                f"{point.calls}",
                f"{crossing:.2f}" if crossing else "never",
                f"{off:.2f}" if crossing else "",
                rates,
            ]
        )
    output.say(
        "Tesseract in the demo's reader, on page images of invoices; it fails where number, date or total is not "
        f"found or wrong: levels of the breaking points, and where a grid of {GRID} levels from 1 to 5 with "
        f"{grid_calls} calls each passes half."
    )
    output.table(["", "breaking point", "calls", "grid", "apart", "failing at the grid's levels"], rows)
    output.say(f"Asked for: no further apart than the grid's spacing, {spacing:g}.")
    return agree


def crosses(rates: Sequence[tuple[float, float, int]], mark: float = HALF) -> float | None:
    """Where rates that are made to rise (pool adjacent violators) pass the mark, between levels in proportion."""
    blocks: list[tuple[list[float], float, int]] = []
    for level, rate, calls in rates:
        blocks.append(([level], rate, calls))
        while len(blocks) > 1 and blocks[-2][1] > blocks[-1][1]:
            (late, high, many), (early, low, few) = blocks.pop(), blocks.pop()
            blocks.append((early + late, (low * few + high * many) / (few + many), few + many))
    known = [(level, rate) for levels, rate, _ in blocks for level in levels]
    before: tuple[float, float] | None = None
    for level, rate in known:
        if rate >= mark:
            if before is None or rate == before[1]:
                return level
            return before[0] + (mark - before[1]) / (rate - before[1]) * (level - before[0])
        before = level, rate
    return None


def _images(folder: Path) -> Path:
    """A configuration of the demo's reader, with a folder of invoices as page images and their right answers."""
    from crumple import corpora
    from crumple.examples.invoices import reader

    corpus = corpora.generated("invoices", {"count": PAGES, "seed": 5})
    (folder / "pages").mkdir()
    for entry in corpus.entries():
        if entry.media_type == "image/png":
            case = corpus.load(entry.id)
            (folder / "pages" / entry.id).write_bytes(case.document.data)
            (folder / "pages" / f"{entry.id}.truth.json").write_text(json.dumps(case.truth), "utf-8")
    (folder / "reader.py").write_bytes(Path(reader.__file__).read_bytes())
    text = (
        '[system]\ncall = "reader:read"\ntimeout = "10m"\n[corpus]\npath = "pages"\n'
        '[judge]\nkind = "fields"\nfields = ["/number", "/date", "/total"]\n'
    )
    path = folder / "crumple.toml"
    path.write_text(text, "utf-8")
    return path


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="three systems in ten")
    parser.add_argument("--no-tesseract", action="store_true", help="simulated systems alone")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    given = parser.parse_args()
    output, systems = Output(), 3 * SYSTEMS // 10 if given.quick else SYSTEMS
    good = errors(output, systems)
    states(output, systems)
    if not given.no_tesseract:
        good = tesseract(output, 4 if given.quick else 12) and good
    if given.write:
        output.write("breaking_points")
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
