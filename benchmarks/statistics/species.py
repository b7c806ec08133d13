"""The chance that the next call of a search shows a new kind of failure, and when to stop."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.output import Output
from benchmarks.statistics.streams import percent
from crumple.statistics.species import chance_of_new, has_gone_quiet

PROMISED = 0.95
QUIET, ASKED_EVERY, MOST = 0.01, 4, 5000


def populations() -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Kinds of failure and how often each comes; the rest of the calls shows none."""
    yield "20 kinds of 2 % each", np.full(20, 0.02)
    yield "50 kinds, Zipf, 60 % together", _shared(1 / np.arange(1, 51), 0.6)
    yield "14 kinds, each half as often as the one before", 0.8 * 0.5 ** np.arange(1, 15)
    yield "3 common kinds and one of 1.2 %", np.array([0.1, 0.1, 0.1, 0.012])
    yield "3 common kinds and 10 of 0.2 %", np.array([0.1] * 3 + [0.002] * 10)
    yield "200 kinds of 0.15 % each", np.full(200, 0.0015)


def _shared(weights: NDArray[np.float64], total: float) -> NDArray[np.float64]:
    return weights * (total / weights.sum())


def measure(output: Output, generator: Generator, part: int) -> list[str]:
    """All of it; what is not as it should be."""
    return _covered(output, generator, 1000 // part) + _stopped(output, generator, 300 // part)


def _covered(output: Output, generator: Generator, repetitions: int) -> list[str]:
    output.say(
        f"The chance that the next call shows a new kind of failure ({repetitions:,} repetitions): how often the "
        "upper bound of its 95 % interval is right, which leaves 2.5 % outside, and its mean beside the true chance's."
    )
    output.heads(["kinds of failure", "calls", "right", "bound", "truth"], [48, -6, -8, -8, -8])
    missed = []
    for name, shares in populations():
        for calls in (30, 100, 300, 1000):
            bounds, truths = [], []
            for _ in range(repetitions):
                seen = generator.multinomial(calls, np.append(shares, 1 - shares.sum()))[:-1]
                truths.append(shares[seen == 0].sum())
                bounds.append(chance_of_new(calls, int((seen == 1).sum()), int((seen == 2).sum()))[2])
            right = float(np.mean(np.array(truths) <= bounds))
            figures = (right, float(np.mean(bounds)), float(np.mean(truths)))
            output.row([name, f"{calls:,}", *map(percent, figures)])
            if right < PROMISED:
                missed.append(
                    f"{name}, {calls} calls: the upper bound is right in {right:.1%}, at least 95 % asked for"
                )
    return missed


def _stopped(output: Output, generator: Generator, repetitions: int) -> list[str]:
    output.say(
        f"Stopping when it is quiet, 1 %, asked after every {ASKED_EVERY} calls ({repetitions:,} repetitions, up to "
        f"{MOST:,} calls): how often the true chance was above 1 % all the same, and after how many calls."
    )
    output.heads(["kinds of failure", "wrong", "calls, median"], [48, -8, -14])
    missed = []
    for name, shares in populations():
        ends = [_end(generator, shares) for _ in range(repetitions)]
        wrong = float(np.mean([chance > QUIET for _, chance in ends]))
        output.row([name, percent(wrong), f"{np.median([calls for calls, _ in ends]):,.0f}"])
        if wrong > 0.05 + 2 * np.sqrt(0.05 * 0.95 / repetitions):
            missed.append(f"{name}: stopped too early in {wrong:.1%}, at most 5 % asked for")
    return missed


def _end(generator: Generator, shares: NDArray[np.float64]) -> tuple[int, float]:
    """After how many calls it stops, and how large the chance of a new kind truly is then; 0 where it never stops."""
    seen = np.zeros(len(shares) + 1, dtype=int)
    since = 0
    draws = generator.choice(len(seen), size=MOST, p=np.append(shares, 1 - shares.sum()))
    for calls, kind in enumerate(draws.tolist(), start=1):
        since = 0 if kind < len(shares) and not seen[kind] else since + 1
        seen[kind] += 1
        if calls % ASKED_EVERY == 0 and since * QUIET >= 1:
            once, twice = int((seen[:-1] == 1).sum()), int((seen[:-1] == 2).sum())
            if has_gone_quiet(QUIET, calls=calls, once=once, twice=twice, since=since):
                return calls, float(shares[seen[:-1] == 0].sum())
    return MOST, 0.0
