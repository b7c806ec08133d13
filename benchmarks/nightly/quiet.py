"""Nights on which nothing has changed: how many of them wake somebody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np

from benchmarks.nightly.simulated import ALPHA, Flags, Floats, Generator, corpus, draws, nights
from benchmarks.output import Output
from crumple.statistics.rates import clopper_pearson

NIGHTS: Final = 30
"""A baseline is kept for so many; the last of them has all the others to look at."""
_OFTEN: Final = 0.2
"""With a false alarm every fifth night there is more to count."""


@dataclass(frozen=True)
class Scene:
    """A system and a corpus.

    Attributes:
        name: what is said of it.
        rates: draws the probability of failing of so many calls.
        clean: clean calls.
        sizes: calls of each category.
        promised: whether false alarms are held to what was asked for.
        of: of how many runs the best is made the baseline.
        shared: the standard deviation of what a night does to all calls, in logits.
        baselines: how many are drawn.
    """

    name: str
    rates: Callable[[Generator, int], Floats]
    clean: int
    sizes: tuple[int, ...]
    promised: bool = True
    of: int = 1
    shared: float = 0.0
    baselines: int = 34


def steady(generator: Generator, count: int) -> Floats:
    """Each call fails always, or never."""
    return (generator.random(count) < 0.2).astype(float)


def flaky(generator: Generator, count: int) -> Floats:
    """Each call has a probability of its own, most of them a small one."""
    return generator.beta(0.3, 1.2, count)


def noisy(generator: Generator, count: int) -> Floats:
    """All calls fail one time in five."""
    return np.full(count, 0.2)


SCENES: Final = (
    Scene("always the same", steady, 20, (40,) * 6),
    Scene("each its own, 5 in each of 3", flaky, 5, (5,) * 3, baselines=100),
    Scene("each its own, 40 in each of 6", flaky, 20, (40,) * 6),
    Scene("each its own, 160 in each of 12", flaky, 80, (160,) * 12, baselines=8),
    Scene("one in five, 5 in each of 3", noisy, 5, (5,) * 3, baselines=100),
    Scene("one in five, 40 in each of 12", noisy, 40, (40,) * 12, baselines=17),
    Scene("one in five, 400 in one", noisy, 20, (400,)),
)
BEYOND: Final = (
    Scene("one in five, the best of 5 the baseline", noisy, 20, (400,), promised=False, of=5),
    Scene("each its own, the best of 5 the baseline", flaky, 20, (40,) * 6, promised=False, of=5),
    Scene("each its own, nights differ by a tenth", flaky, 20, (40,) * 6, promised=False, shared=0.1),
    Scene("each its own, nights differ by a half", flaky, 20, (40,) * 6, promised=False, shared=0.5),
)


def measure(output: Output, generator: Generator, quick: int) -> list[str]:
    """Print how many quiet nights wake somebody; what is over its promise comes back."""
    missed: list[str] = []
    output.say(
        f"Quiet nights, 30 after each baseline. Of the nights, those with an alarm: beside the baseline, over the "
        f"nights, and either, with its 95 % interval, where {100 * ALPHA:.2f} % (two a year) and where "
        f"{100 * _OFTEN:.0f} % are asked for (of half as many nights). The last four rows are what is not promised."
    )
    output.heads(
        ("each call fails", "nights", "baseline", "drift", "two a year", "interval", "one in five", "interval"),
        (42, -7, -9, -6, -11, 16, -12, 18),
    )
    for scene in (*SCENES, *BEYOND):
        count = max(2, scene.baselines // quick)
        fewer = max(2, count // 2)
        rare, often = _alarms(scene, generator, count, ALPHA), _alarms(scene, generator, fewer, _OFTEN)
        total, total_often = count * NIGHTS, fewer * NIGHTS
        low, high = clopper_pearson(rare[2], total, 0.975)
        least, most = clopper_pearson(often[2], total_often, 0.975)
        seen = f"{100 * rare[2] / total:.2f} %", f"{100 * low:.2f} to {100 * high:.2f} %"
        seen_often = f"{100 * often[2] / total_often:.1f} %", f"{100 * least:.1f} to {100 * most:.1f} %"
        output.row((scene.name, f"{total:,}", f"{rare[0]}", f"{rare[1]}", *seen, *seen_often))
        # Alarms after one baseline go together: only what is far over is wrong.
        if scene.promised and (low > ALPHA or least > _OFTEN):
            missed.append(f"quiet nights: {scene.name}: more alarms than were asked for")
    return missed


def _alarms(scene: Scene, generator: Generator, count: int, alpha: float) -> Sequence[int]:
    """How many nights have an alarm beside the baseline, over the nights, and any."""
    found = np.zeros(3, int)
    of = corpus(scene.clean, *scene.sizes)
    for _ in range(count):
        rates = scene.rates(generator, len(of.passing))
        said = nights(of, baseline(scene, generator, rates), draws(generator, rates, _shared(scene, generator)), alpha)
        for each in islice(said, NIGHTS):
            found += bool(each.pairs), bool(each.drift), each.alarm
    return [int(each) for each in found]


def baseline(scene: Scene, generator: Generator, rates: Floats) -> Flags:
    """The best of some runs."""
    runs = [generator.random(len(rates)) < rates for _ in range(scene.of)]
    return min(runs, key=lambda run: int(run.sum()))


def _shared(scene: Scene, generator: Generator) -> Callable[[int, Floats], Floats] | None:
    if not scene.shared:
        return None

    def change(_: int, rates: Floats) -> Floats:
        odds = rates / (1 - rates) * np.exp(generator.normal(0, scene.shared))
        shifted: Floats = odds / (1 + odds)
        return shifted

    return change
