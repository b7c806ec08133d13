"""The forecast for production: how often its intervals hold, beside what pooling all calls would read.

    python -m benchmarks.forecast [--quick] [--write]

Productions are simulated whose true rate is known: each document has its own chance of failing at each kind of damage.
Ends with 1 where an interval of 95 % holds in fewer than 94 % of the runs, less what luck makes of so many.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator, default_rng
from scipy.special import betaincinv

from benchmarks.output import Output
from crumple.mix import Mix, Stratum
from crumple.mix.estimate import Estimate, like_these, these
from crumple.mix.forecast import CONFIDENCE
from crumple.mix.parts import parts_of
from crumple.mix.sample import CleanSum, Sample, Sum
from crumple.statistics.rates import wilson

RUNS: Final = 1000
PROMISED: Final = 0.94
_GRID = (np.arange(2000) + 0.5) / 2000


@dataclass(frozen=True, slots=True)
class Production:
    """A production that is known.

    Attributes:
        name: what is special about it.
        clean: the share of clean documents.
        failing: the share of documents that fail clean; the hardest ones.
        parts: stratum -> share of the volume, calls of a run, failure rate of all documents.
        groups: of documents in the corpus.
        alike: the intraclass correlation of a document's calls; 0: all documents are alike.
        size: how many cases a group has, all of them alike.
    """

    name: str
    clean: float
    failing: float
    parts: Mapping[Stratum, tuple[float, int, float]]
    groups: int = 60
    alike: float = 0.0
    size: int = 1

    def chances(self, hardness: np.ndarray) -> dict[Stratum, np.ndarray]:
        """Stratum -> of each document how likely it fails."""
        found = {}
        for stratum, (_, _, rate) in self.parts.items():
            flat = not self.alike or rate in {0.0, 1.0}
            spread = 1.0 if flat else (1 - self.alike) / self.alike
            own = betaincinv(rate * spread, (1 - rate) * spread, hardness) if not flat else np.full(len(hardness), rate)
            found[stratum] = own
        return found

    def rate(self, hardness: np.ndarray) -> float:
        """The failure rate of production over documents of such hardness."""
        passing = hardness <= 1 - self.failing
        fails = 1 - passing.mean()
        if not passing.any():
            return 1.0
        chances = self.chances(hardness)
        whole = self.clean + sum(share for share, _, _ in self.parts.values())
        damaged = sum(share * chances[stratum][passing].mean() for stratum, (share, _, _) in self.parts.items())
        return float(fails + (1 - fails) * damaged / whole)

    def run(self, rng: Generator) -> tuple[Sample, np.ndarray, float]:
        """One run: what it shows, how hard its documents are, and what pooling its calls reads."""
        hardness = rng.random(self.groups)
        passing = np.flatnonzero(hardness <= 1 - self.failing)
        sample = Sample(Mix(self.clean, {stratum: share for stratum, (share, _, _) in self.parts.items()}))
        sample.corpus = self.groups * self.size
        for group in range(self.groups):
            out = self.size * int(hardness[group] > 1 - self.failing)
            sample.clean[f"{group}"] = CleanSum(self.size, out, float(out), float(out))
        failures, calls = float(sum(each.total for each in sample.clean.values())), self.groups * self.size
        if not len(passing):
            return sample, hardness, 1.0
        for stratum, chances in self.chances(hardness).items():
            drawn = rng.choice(passing, size=self.parts[stratum][1])
            failed = rng.random(len(drawn)) < chances[drawn]
            own = sample.strata.setdefault(stratum, {})
            for group, one in zip(drawn.tolist(), failed.tolist(), strict=True):
                before = own.get(f"{group}", Sum())
                own[f"{group}"] = Sum(before.calls + 1, before.total + float(one))
            failures, calls = failures + float(failed.sum()), calls + len(drawn)
        return sample, hardness, failures / calls


def _levels(rates: Mapping[float, float], share: float, calls: int) -> dict[Stratum, tuple[float, int, float]]:
    shares = {1.0: 0.7, 3.0: 0.2, 5.0: 0.1}
    return {("scan.skew", level): (share * shares[level], calls, rate) for level, rate in rates.items()}


_SCAN = _levels({1.0: 0.05, 3.0: 0.4, 5.0: 0.9}, 0.17, 60)
_REST: dict[Stratum, tuple[float, int, float]] = {("encoding.bom", 3.0): (0.03, 60, 0.1)}
PRODUCTIONS: Final = (
    Production("80 % clean, 60 calls of each part", 0.8, 0.02, _SCAN | _REST),
    Production("the same, 6 calls of each part", 0.8, 0.02, _levels({1.0: 0.05, 3.0: 0.4, 5.0: 0.9}, 0.17, 6) | _REST),
    Production("one part with a large share and 5 calls", 0.8, 0.0, {("a.b", 1.0): (0.15, 5, 0.4)} | _REST),
    Production("40 parts of 5 calls", 0.8, 0.01, {(f"a.m{n}", 1.0): (0.005, 5, n / 50) for n in range(40)}),
    Production("correlation 0.3, 60 groups", 0.8, 0.02, _SCAN | _REST, alike=0.3),
    Production("correlation 0.3, 15 groups", 0.8, 0.02, _SCAN | _REST, groups=15, alike=0.3),
    Production("correlation 0.3, 30 groups of 4 cases", 0.5, 0.05, _SCAN | _REST, groups=30, alike=0.3, size=4),
    Production("correlation 0.6, half is clean", 0.5, 0.02, _SCAN | _REST, groups=30, alike=0.6),
    Production("nothing is clean, rates of 5 %", 0.0, 0.0, {("a.b", 1.0): (1.0, 200, 0.05)}, groups=30, alike=0.3),
)


def measure(output: Output, runs: int) -> bool:
    """The table; whether every interval holds as often as it says."""
    heads = [
        "production",
        "fails %",
        "pooled %",
        "these, held %",
        "width",
        "like these, held %",
        "width",
        "pooled, held %",
    ]
    rows, sound = [], True
    for number, production in enumerate(PRODUCTIONS):
        rng = default_rng([number, 7])
        true, held, widths, pooled = production.rate(_GRID), np.zeros(3), np.zeros(2), 0.0
        for _ in range(runs):
            sample, hardness, all_alike = production.run(rng)
            parts = parts_of(sample)
            one, other = these(parts, CONFIDENCE), like_these(parts, CONFIDENCE)
            assert one is not None
            assert other is not None
            calls = sum(sample.of(stratum).calls for stratum in sample.strata) + sample.cases
            low, high = wilson(all_alike, calls)
            held += [_holds(one, production.rate(hardness)), _holds(other, true), low <= true <= high]
            widths += [one.high - one.low, other.high - other.low]
            pooled += all_alike
        held, widths = held / runs, widths / runs
        luck = 2.6 * math.sqrt(PROMISED * (1 - PROMISED) / runs)
        sound = sound and min(held[0], held[1]) >= PROMISED - luck
        figures = [true * 100, pooled / runs * 100, held[0] * 100, widths[0] * 100]
        figures += [held[1] * 100, widths[1] * 100, held[2] * 100]
        rows.append([production.name, *(f"{each:.1f}" for each in figures)])
    output.say(
        f"{runs:,} runs of each production. *These*: about the documents of the corpus; *like these*: about those that "
        "production sends, of which the corpus is a sample; widths in points. *Pooled*: all calls of the run weigh "
        "alike, with the Wilson interval."
    )
    output.table(heads, rows)
    return sound


def _holds(found: Estimate, rate: float) -> bool:
    return found.low - 1e-9 <= rate <= found.high + 1e-9


def main() -> int:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the runs")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    asked = parser.parse_args()
    output = Output()
    sound = measure(output, RUNS // 10 if asked.quick else RUNS)
    if asked.write:
        output.write("forecast")
    return 0 if sound else 1


if __name__ == "__main__":
    raise SystemExit(main())
