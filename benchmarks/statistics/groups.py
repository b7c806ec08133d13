"""Documents like these, and production by its mix."""

from __future__ import annotations

import math

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.output import Output
from benchmarks.statistics.streams import percent
from crumple.statistics.clustered import effective, interval
from crumple.statistics.rates import clopper_pearson, wilson
from crumple.statistics.stratified import Stratum, stratified

CONFIDENCE, PROMISED = 0.95, 0.94
_Z = 1.6448536
SIZES = {"10 calls each": "even", "1 to about 50 calls each (lognormal, median 7)": "uneven"}


def draw(
    generator: Generator, groups: int, rate: float, together: float, sizes: str
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Calls and failures of each group; how often each fails is beta-distributed."""
    if sizes == "even":
        calls = np.full(groups, 10)
    else:
        calls = np.maximum(1, np.rint(generator.lognormal(2, 1, groups))).astype(np.int64)
    own = np.full(groups, rate)
    if together:
        rest = 1 / together - 1
        own = generator.beta(rate * rest, (1 - rate) * rest, groups)
    return calls, generator.binomial(calls, own)


def measure(output: Output, generator: Generator, part: int) -> list[str]:
    """All of it; what is not as it should be."""
    return _together(output, generator, 4000 // part) + _mix(output, generator, 2000 // part)


def _enough(repetitions: int) -> float:
    """What is to be covered; of few repetitions less, since they cannot tell."""
    return PROMISED if repetitions >= 2000 else PROMISED - 2 * math.sqrt(PROMISED * (1 - PROMISED) / repetitions)


def _together(output: Output, generator: Generator, repetitions: int) -> list[str]:
    missed = []
    for name, sizes in SIZES.items():
        output.say(
            f"Documents like these, {name}: how often each one-sided 95 % bound is right, where versions of one "
            f"document fail together ({repetitions:,} repetitions), and the upper one's mean; beside it, how often "
            "Wilson's upper bound of the same calls is, as if they were independent."
        )
        rows = []
        for together in (0.0, 0.3, 0.6):
            for rate in (0.02, 0.05, 0.2):
                for groups in (15, 30, 100):
                    low, high, naive, mean = _covered(generator, groups, rate, together, sizes, repetitions)
                    shown = map(percent, (low, high, mean, naive))
                    rows.append([f"{together:g}", percent(rate, 0), str(groups), *shown])
                    if together == 0.3 and min(low, high) < _enough(repetitions):
                        missed.append(f"{groups} groups, {name}, {percent(rate)}: right in {percent(min(low, high))}")
        output.table(("correlation", "rate", "documents", "low", "high", "high, mean", "Wilson's high"), rows)
    return missed


def _covered(
    generator: Generator, groups: int, rate: float, together: float, sizes: str, repetitions: int
) -> tuple[float, float, float, float]:
    low = high = naive = 0
    width = 0.0
    for _ in range(repetitions):
        calls, failures = draw(generator, groups, rate, together, sizes)
        bounds = interval(effective(np.column_stack([calls, failures]), CONFIDENCE), CONFIDENCE)
        low, high, width = low + (bounds[0] <= rate), high + (bounds[1] >= rate), width + bounds[1]
        total = int(calls.sum())
        naive += wilson(float(failures.sum()) / total, total, z=_Z)[1] >= rate
    return low / repetitions, high / repetitions, naive / repetitions, width / repetitions


def _mix(output: Output, generator: Generator, repetitions: int) -> list[str]:
    output.say(
        "Production, 80 % of it clean, the rest in 24 strata of equal share: how often each one-sided 95 % bound of "
        "its failure rate is right, and how far apart they are; beside it, how far Clopper-Pearson bounds with Kish's "
        "effective number of calls are. Strata that differ: four fail at 60 %, the others at 3 %."
    )
    rows, missed = [], []
    shares = np.array([0.8] + [0.2 / 24] * 24)
    for calls in ((20, 3), (60, 3), (200, 3), (60, 10), (200, 10)):
        for clean in (0.0, 0.01, 0.05):
            for name, own in (("alike, 15 %", [0.15] * 24), ("they differ", [0.6] * 4 + [0.03] * 20)):
                counts, truth = np.array([calls[0]] + [calls[1]] * 24), np.array([clean, *own])
                rate = float(shares @ truth)
                low = high = 0
                width = wide = 0.0
                for failures in generator.binomial(counts, truth, (repetitions, 25)).tolist():
                    found = stratified(
                        [Stratum(*each) for each in zip(shares.tolist(), counts.tolist(), failures, strict=True)],
                        CONFIDENCE,
                    )
                    low, high = low + (found.low <= rate), high + (found.high >= rate)
                    kish = 1 / float((shares**2 / counts).sum())
                    beside = clopper_pearson((found.rate or 0.0) * kish, kish, CONFIDENCE)
                    width, wide = width + found.high - found.low, wide + beside[1] - beside[0]
                covered = [percent(each / repetitions) for each in (low, high)]
                widths = [f"{each / repetitions * 100:.1f}" for each in (width, wide)]
                rows.append([f"{calls[0]}, {calls[1]} each", percent(clean, 0), name, percent(rate), *covered, *widths])
                if min(low, high) / repetitions < _enough(repetitions):
                    missed.append(f"a mix of {calls}, {clean}, {name}: {covered}")
    output.table(
        ("calls: clean, strata", "clean fails", "strata", "rate", "low", "high", "width, points", "Kish's width"), rows
    )
    return missed
