"""Systems that answer thousands of nights in a second, set beside a baseline as `crumple nightly` does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crumple.nightly.baseline import Call
from crumple.nightly.comparison import alarms, compared, counted
from crumple.nightly.drift import drifts
from crumple.nightly.pairs import Pair
from crumple.nightly.past import PastNight
from crumple.recipe import Recipe, Step

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Generator = np.random.Generator

ALPHA: Final = 2 / 365
"""Two a year."""


@dataclass(frozen=True)
class Corpus:
    """Calls that are made every night, each as it is where it passes and where it fails.

    Attributes:
        passing: the calls, clean ones first.
        failing: the same.
        categories: of each call, the number of its category; 0 is "clean".
        names: of the categories.
    """

    passing: Sequence[Call]
    failing: Sequence[Call]
    categories: NDArray[np.int64]
    names: Sequence[str]

    def night(self, failed: Flags) -> list[Call]:
        """The calls of a night."""
        return [self.failing[at] if each else self.passing[at] for at, each in enumerate(failed.tolist())]


def corpus(clean: int, *sizes: int) -> Corpus:
    """So many clean calls, and so many in each category."""
    names = ["clean", *(f"category{number}" for number in range(1, len(sizes) + 1))]
    of = np.repeat(np.arange(len(names)), (clean, *sizes))
    sides: list[list[Call]] = [[], []]
    for at, category in enumerate(of.tolist()):
        mutator = f"{names[category]}.one" if category else ""
        recipe = Recipe((Step(mutator, {}, at),)) if mutator else Recipe(())
        for failure in (False, True):
            sides[failure].append(Call(case=f"case {at}", recipe=recipe, mutator=mutator, failure=failure, digest="d"))
    return Corpus(*sides, of, names)


@dataclass(frozen=True)
class Said:
    """What a night says.

    Attributes:
        pairs: the rows that are worse beside the baseline.
        drift: those that get worse from night to night.
    """

    pairs: frozenset[str]
    drift: frozenset[str]

    @property
    def alarm(self) -> bool:
        """Whether it wakes somebody."""
        return bool(self.pairs or self.drift)


def nights(
    of: Corpus, baseline: Flags, failed: Iterator[Flags], alpha: float = ALPHA, *, untold: int = 0
) -> Iterator[Said]:
    """What one night after the other says, each with those before it to look at; the first so many are not asked."""
    share = alarms(alpha)
    first = _past(of.night(baseline), 0)
    past: list[PastNight] = []
    before = of.night(baseline)
    for number, tonight in enumerate(failed, 1):
        calls = of.night(tonight)
        if number <= untold:
            past.append(_past(calls, number))
            yield Said(frozenset(), frozenset())
            continue
        pairs: dict[str, list[Pair]] = {}
        for then, now, category in zip(before, calls, of.categories.tolist(), strict=True):
            pairs.setdefault(of.names[category], []).append(Pair(then, now))
        rows = compared({name: counted(own) for name, own in pairs.items()}, of.names, share.pairs_alpha)
        worse = frozenset(each.category for each in rows if each.state == "worse")
        found = drifts([first, *past], calls, worse, share.drift_alpha)
        drift = frozenset(each.category for each in found if each.state == "worse")
        yield Said(worse, drift)
        past = [*past[-40:], _past(calls, number, worse, drift)]


def _past(
    calls: Sequence[Call], number: int, worse: frozenset[str] = frozenset(), drift: frozenset[str] = frozenset()
) -> PastNight:
    outcomes = {each.key: (each.digest, each.failure) for each in calls}
    said = worse | drift
    return PastNight(run=str(number), started="", system="", outcomes=outcomes, worse=said, drifting=drift - worse)


def draws(
    generator: Generator, rates: Floats, change: Callable[[int, Floats], Floats] | None = None
) -> Iterator[Flags]:
    """Nights without end of calls that fail each with its own probability, which may change with the night, from 1."""
    number = 0
    while True:
        number += 1
        yield generator.random(len(rates)) < (rates if change is None else change(number, rates))
