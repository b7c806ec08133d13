"""Quantiles, money, seconds and scores."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.output import Output
from benchmarks.statistics.streams import percent
from crumple.statistics.means import FEWEST, Bets, Moments, anytime_bounds, bounded_interval
from crumple.statistics.quantiles import anytime_interval, interval

CONFIDENCE = 0.95
Draw: TypeAlias = Callable[[Generator, int], NDArray[np.float64]]
AMOUNTS: dict[str, tuple[Draw, float]] = {
    "normal, 10 +- 3": (lambda g, n: g.normal(10, 3, n), 10.0),
    "uniform": (lambda g, n: g.random(n), 0.5),
    "exponential": (lambda g, n: g.exponential(1, n), 1.0),
    "lognormal, sigma 0.5": (lambda g, n: g.lognormal(0, 0.5, n), math.exp(0.125)),
    "lognormal, sigma 1": (lambda g, n: g.lognormal(0, 1, n), math.exp(0.5)),
    "lognormal, sigma 1.5": (lambda g, n: g.lognormal(0, 1.5, n), math.exp(1.125)),
    "5 % cost 20 times as much": (lambda g, n: np.where(g.random(n) < 0.05, 20.0, 1.0), 1.95),
    "1 % cost 100 times as much": (lambda g, n: np.where(g.random(n) < 0.01, 100.0, 1.0), 1.99),
}
MANAGEABLE = ("normal", "uniform", "exponential", "lognormal, sigma 0.5")
SCORES: dict[str, Callable[[Generator, float, int], NDArray[np.float64]]] = {
    "all or nothing": lambda g, mean, n: (g.random(n) < mean).astype(float),
    "most right, some half": lambda g, mean, n: np.where(g.random(n) < 2 * (1 - mean), 0.5, 1.0),
    "spread (beta, a + b = 3)": lambda g, mean, n: g.beta(mean * 3, (1 - mean) * 3, n),
    "close together (a + b = 20)": lambda g, mean, n: g.beta(mean * 20, (1 - mean) * 20, n),
}


def measure(output: Output, generator: Generator, part: int) -> list[str]:
    """All of it; what is not as it should be."""
    return (
        _quantiles(output, generator, 400 // part)
        + _means(output, generator, 2000 // part)
        + _scores(output, generator, 300 // part)
        + _accuracy(output, generator, 300 // part)
    )


def _quantiles(output: Output, generator: Generator, streams: int) -> list[str]:
    output.say(
        f"The 95th percentile of exponential seconds ({streams} streams): how often each one-sided 95 % bound is right "
        "after 200 values, and at every one of 20 looks up to 400 values."
    )
    truth = -math.log(0.05)
    once, throughout, peeked = np.zeros(2), np.zeros(2), np.zeros(2)
    for _ in range(streams):
        values = generator.exponential(1, 400).tolist()
        once += _right(interval(values[:200], 0.95, CONFIDENCE), truth)
        looks = range(20, 401, 20)
        throughout += np.min([_right(anytime_interval(values[:n], 0.95, CONFIDENCE), truth) for n in looks], 0)
        peeked += np.min([_right(interval(values[:n], 0.95, CONFIDENCE), truth) for n in looks], 0)
    rows = [
        ["a single look, looked at once", *map(percent, once / streams)],
        ["to be watched, at every look", *map(percent, throughout / streams)],
        ["a single look, at every look", *map(percent, peeked / streams)],
    ]
    output.table(("bounds", "low", "high"), rows)
    slack = 2 * math.sqrt(0.05 * 0.95 / streams)
    return ["quantiles"] if min(*once, *throughout) / streams < CONFIDENCE - slack else []


def _right(bounds: tuple[float, float], truth: float) -> tuple[bool, bool]:
    return bounds[0] <= truth, bounds[1] >= truth


def _means(output: Output, generator: Generator, streams: int) -> list[str]:
    looks = range(FEWEST, 1001, 8)
    output.say(
        f"Means of money and seconds, watched after every 8 of {FEWEST} to 1,000 values ({streams:,} streams): how "
        "often a one-sided 95 % bound is ever on the wrong side, and how far it is from the mean after 204 values. No "
        "bound from above does well where what is rare costs nearly all: it has not been met yet."
    )
    rows, missed = [], []
    for name, (draw, truth) in AMOUNTS.items():
        low = high = 0
        lows: list[float] = []
        highs: list[float] = []
        for _ in range(streams):
            values = draw(generator, 1000)
            sums, squares = values.cumsum(), (values**2).cumsum()
            wrong = [False, False]
            for n in looks:
                mean = float(sums[n - 1]) / n
                found = anytime_bounds(Moments(n, mean, float(squares[n - 1]) - mean * mean * n), CONFIDENCE)
                wrong = [wrong[0] or found[0] > truth, wrong[1] or found[1] < truth]
                if n == 204:
                    lows.append(found[0] / truth)
                    highs.append(found[1] / truth)
            low, high = low + wrong[0], high + wrong[1]
        shares = [low / streams, high / streams]
        off = [f"{(float(np.median(each)) - 1) * 100:+.0f} %" for each in (lows, highs)]
        rows.append([name, *map(percent, shares), *off])
        slack = 2 * math.sqrt(0.05 * 0.95 / streams)
        if shares[0] > 0.05 + slack or (shares[1] > 0.05 + slack and name.startswith(MANAGEABLE)):
            missed.append(f"means, {name}: {shares}")
    output.table(("values", "low is wrong", "high is wrong", "low, from the mean", "high"), rows)
    return missed


def _scores(output: Output, generator: Generator, repetitions: int) -> list[str]:
    output.say(
        f"The mean of 100 scores in [0, 1], truly 0.93: how often each one-sided 95 % bound is right ({repetitions} "
        "repetitions), and how far apart they are; by bets, which may also be watched, and by the moments alone."
    )
    rows, missed = [], []
    for name, draw in SCORES.items():
        right, widths = np.zeros(4), np.zeros(2)
        for _ in range(repetitions):
            scores = draw(generator, 0.93, 100)
            bets = Bets(0.9)
            bets.add(scores.tolist())
            watched = bets.bounds(CONFIDENCE)
            once = bounded_interval(Moments(100, float(scores.mean()), float(scores.var()) * 100), CONFIDENCE)
            right += [*_right(watched, 0.93), *_right(once, 0.93)]
            widths += [watched[1] - watched[0], once[1] - once[0]]
        covered, width = right / repetitions, widths / repetitions
        rows.append(
            [name, *map(percent, covered[:2]), f"{width[0]:.3f}", *map(percent, covered[2:]), f"{width[1]:.3f}"]
        )
        if covered.min() < CONFIDENCE - 2 * math.sqrt(0.05 * 0.95 / repetitions):
            missed.append(f"scores, {name}: {covered}")
    output.table(("scores", "bets: low", "high", "width", "moments: low", "high", "width"), rows)
    return missed


def _accuracy(output: Output, generator: Generator, streams: int) -> list[str]:
    output.say(
        f'A limit of "accuracy at least 90 %", watched after every 8 calls, 1,000 at most ({streams} streams): met / '
        "broken, and mean calls."
    )
    rows, missed = [], []
    means = (0.99, 0.95, 0.9, 0.85, 0.7)
    for name, draw in SCORES.items():
        row = [name]
        for mean in means:
            states, calls = {"met": 0, "broken": 0}, 0
            for _ in range(streams):
                state, after = _decided(draw(generator, mean, 1000))
                calls += after
                if state:
                    states[state] += 1
            met, broken = (each / streams for each in states.values())
            row.append(f"{percent(met, 0)} / {percent(broken, 0)}, {calls / streams:.0f}")
            if mean == 0.9 and max(met, broken) > 0.05 + 2 * math.sqrt(0.05 * 0.95 / streams):
                missed.append(f"accuracy, {name}: wrong in {max(met, broken)}")
        rows.append(row)
    output.table(("scores", *(f"truly {percent(mean, 0)}" for mean in means)), rows)
    return missed


def _decided(scores: NDArray[np.float64]) -> tuple[str, int]:
    enough, bets = -math.log1p(-CONFIDENCE), Bets(0.9)
    for at in range(0, len(scores), 8):
        bets.add(scores[at : at + 8].tolist())
        if bets.log_met_at_least >= enough:
            return "met", at + 8
        if bets.log_below >= enough:
            return "broken", at + 8
    return "", len(scores)
