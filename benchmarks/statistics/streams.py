"""Limits that are watched after every round, and pairs of runs."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy import stats

from benchmarks.output import Output
from crumple.statistics import sequential
from crumple.statistics.multiple import holm
from crumple.statistics.rates import calls_to_certify
from crumple.statistics.sequential import boundaries, calls_to_decide, log_evidence_broken

LIMIT, CONFIDENCE, BLOCK, CAP = 0.05, 0.95, 8, 1000
LOOKS = np.arange(BLOCK, CAP + 1, BLOCK)
STRATA = 24
MOST = {0.005: 110, 0.02: 290, 0.05: CAP, 0.1: 190, 0.2: 40}
"""Mean calls that a limit of at most 5 % may take, by the true rate."""


def percent(share: float, digits: int = 1) -> str:
    return f"{share * 100:.{digits}f} %"


def rates(rate: float, *, differ: bool) -> NDArray[np.float64]:
    """Of the strata: all alike, or three that fail far more often than the rest, with the same mean."""
    if not differ:
        return np.full(STRATA, rate)
    worst = min(1.0, rate * STRATA / 3)
    return np.array([worst] * 3 + [(rate * STRATA - 3 * worst) / (STRATA - 3)] * (STRATA - 3))


def failures(generator: Generator, strata: NDArray[np.float64], streams: int) -> NDArray[np.int64]:
    """After each round of 8 calls, each of another stratum drawn at random; one column a look."""
    found = np.zeros((streams, len(LOOKS)), np.int64)
    for at in range(len(LOOKS)):
        chosen = generator.permuted(np.tile(strata, (streams, 1)), axis=1)[:, :BLOCK]
        found[:, at] = (generator.random(chosen.shape) < chosen).sum(1)
    return found.cumsum(1)


def decided(found: NDArray[np.int64]) -> tuple[float, float, float]:
    """The shares that are met and broken, and the mean of the calls until then; the cap where neither."""
    few, many = boundaries(LOOKS, LIMIT, CONFIDENCE)
    met, broken = found <= few, found >= many
    ended = met | broken
    first = np.where(ended.any(1), ended.argmax(1), len(LOOKS) - 1)
    at = np.arange(len(found)), first
    return float(met[at].mean()), float(broken[at].mean()), float(LOOKS[first].mean())


def measure(output: Output, generator: Generator, part: int) -> list[str]:
    """All of it; what is not as it should be."""
    streams = 4000 // part
    return (
        _calls(output, generator, streams * 4)
        + _peeking(output, generator, streams)
        + _family(output, generator, streams)
        + _priors(output)
        + _pairs(output, generator, streams)
    )


def _calls(output: Output, generator: Generator, streams: int) -> list[str]:
    output.say(
        f'A limit of "at most 5 %", with 95 % confidence, watched after every round of {BLOCK} calls; {CAP} calls at '
        f"most. One stratum is worked out exactly, {STRATA} strata are simulated ({streams:,} streams); where they "
        "differ, three of them have all the failures that they can."
    )
    rows, missed = [], []
    for rate, most in MOST.items():
        exact = calls_to_decide(rate, LIMIT, CONFIDENCE, block=BLOCK, cap=CAP)
        cases = {
            "1": (exact.met, exact.broken, exact.mean),
            f"{STRATA}, alike": decided(failures(generator, rates(rate, differ=False), streams)),
            f"{STRATA}, they differ": decided(failures(generator, rates(rate, differ=True), streams)),
        }
        for name, (met, broken, mean) in cases.items():
            undecided = 1 - met - broken
            rows.append([percent(rate), name, *map(percent, (met, broken, undecided)), f"{mean:.0f}", str(most)])
            wrong = max(met if rate >= LIMIT else 0.0, broken if rate <= LIMIT else 0.0)
            if wrong > 1 - CONFIDENCE:
                missed.append(f"at {percent(rate)}, {name}: wrong in {percent(wrong)}")
            if name == "1" and mean > most:
                missed.append(f"at {percent(rate)}: {mean:.0f} calls, at most {most}")
    output.table(("true rate", "strata", "met", "broken", "undecided", "mean calls", "at most"), rows)
    fixed = calls_to_certify(LIMIT, CONFIDENCE)
    output.say(f"For comparison: a plan of {fixed} calls, looked at once, says met where none of them fails.")
    return missed


def _peeking(output: Output, generator: Generator, streams: int) -> list[str]:
    found = failures(generator, rates(LIMIT, differ=False), streams)
    highs = stats.beta.ppf(CONFIDENCE, found + 1, LOOKS - found)
    lows = np.where(found > 0, stats.beta.ppf(1 - CONFIDENCE, np.maximum(found, 1), LOOKS - found + 1), 0.0)
    met, broken, _ = decided(found)
    output.say(
        "A true rate of exactly 5 %: how often it is ever said, in up to 1,000 calls, that the limit is met, or broken."
    )
    output.table(
        ("watched after every round", "met", "broken"),
        [
            ["crumple", percent(met), percent(broken)],
            [
                "ordinary bounds (Clopper-Pearson), which are for a single look",
                percent(float((highs < LIMIT).any(1).mean())),
                percent(float((lows > LIMIT).any(1).mean())),
            ],
        ],
    )
    return []


def _family(output: Output, generator: Generator, streams: int) -> list[str]:
    """Ten limits: nine are kept, just so, and one is not."""
    contracts = streams // 2
    alone = holms = found = 0
    evidence = np.stack(
        [
            log_evidence_broken(
                generator.binomial(BLOCK, rate, (contracts, len(LOOKS))).cumsum(1).astype(float),
                np.tile(LOOKS.astype(float), (contracts, 1)),
                LIMIT,
            ).max(1)
            for rate in [LIMIT] * 9 + [0.15]
        ],
        axis=1,
    )
    ratios = np.exp(-np.maximum(evidence, 0)) / (1 - CONFIDENCE)
    for row in ratios.tolist():
        made = holm(row)
        alone += any(each <= 1 for each in row[:9])
        holms += any(made[:9])
        found += made[9]
    output.say(
        "Ten limits of at most 5 %: nine systems fail exactly 5 % of the time, one 15 %. How often any of the nine is "
        f"said to be broken, watched after every round up to {CAP} calls each; the tenth is found broken in "
        f"{percent(found / contracts)}."
    )
    output.table(
        ("", "one of nine wrongly broken"),
        [["each at its own confidence", percent(alone / contracts)], ["with Holm", percent(holms / contracts)]],
    )
    return [f"with Holm wrong in {percent(holms / contracts)}"] if holms / contracts > 1 - CONFIDENCE else []


def _priors(output: Output) -> list[str]:
    output.say(
        "Other limits: mean calls where the true rate is a tenth, four tenths, twice and four times the limit (of "
        "50 %: 1.4 and 1.8 times), watched after every 8, and how often the limit itself is wrongly met or broken; "
        "with bets on rates near the limit, as crumple's are, and on rates from Beta(1, 20) whatever it is. Worked "
        "out exactly."
    )
    rows, missed = [], []
    usual = sequential.prior_below, sequential.prior_above
    for limit in (0.005, 0.01, 0.05, 0.1, 0.2, 0.5):
        cap = int(50 / limit)
        for name in ("near the limit", "Beta(1, 20)"):
            if name != "near the limit":
                sequential.prior_below = sequential.prior_above = lambda limit: (1.0, 20.0)
            try:
                means = [
                    calls_to_decide(min(1, limit * times), limit, CONFIDENCE, cap=cap).mean
                    for times in ((0.1, 0.4, 2, 4) if limit < 0.5 else (0.1, 0.4, 1.4, 1.8))
                ]
                border = calls_to_decide(limit, limit, CONFIDENCE, cap=cap)
            finally:
                sequential.prior_below, sequential.prior_above = usual
            wrong = [percent(border.met), percent(border.broken)]
            rows.append([percent(limit), name, *(f"{mean:,.0f}" for mean in means), *wrong])
            if max(border.met, border.broken) > 1 - CONFIDENCE:
                missed.append(f"a limit of {percent(limit)}, {name}: wrong too often")
    output.table(("limit", "bets", "0.1", "0.4", "2", "4", "wrongly met", "wrongly broken"), rows)
    return missed


def _pairs(output: Output, generator: Generator, streams: int) -> list[str]:
    pairs = np.arange(1, 501)
    _, many = boundaries(pairs, 0.5, CONFIDENCE)
    rows, missed = [], []
    for share in (0.5, 0.6, 0.75, 0.9):
        worse = (generator.random((streams, len(pairs))) < share).cumsum(1)
        said = worse >= many
        first = np.where(said.any(1), said.argmax(1), len(pairs) - 1) + 1
        p = 2 * stats.binom.cdf(np.minimum(worse, pairs - worse), pairs, 0.5)
        naive = ((p <= 1 - CONFIDENCE) & (worse > pairs / 2)).any(1)
        rows.append(
            [percent(share, 0), percent(float(said.any(1).mean())), f"{first.mean():.0f}", percent(float(naive.mean()))]
        )
        if share == 0.5 and said.any(1).mean() > 1 - CONFIDENCE:
            missed.append("pairs: false alarms")
    output.say(
        "Two runs of the same recipes: how often the second is said to be worse, looking after every pair that "
        "differs, up to 500 of them. Where 50 % of them got worse, it is a false alarm."
    )
    output.table(
        ("pairs that got worse", "crumple says worse", "mean pairs", "exact McNemar at 5 %, looking as often"), rows
    )
    return missed
