"""Two systems of which everything is known: how often intervals hold, and how often a winner is named without one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias

import numpy as np

from benchmarks.output import Output
from crumple.comparing.ends import End
from crumple.comparing.standing import ALPHA, standings
from crumple.outcome import Outcome
from crumple.statistics.difference import paired_difference
from crumple.statistics.rates import wilson

_Z = 1.959963984540054
# Pairs, the share of which only the second fails, and of which only the first does.
_SETTINGS = (
    (20, 0.10, 0.10),
    (20, 0.25, 0.05),
    (50, 0.02, 0.02),
    (50, 0.10, 0.05),
    (50, 0.30, 0.10),
    (200, 0.01, 0.01),
    (200, 0.05, 0.02),
    (200, 0.20, 0.10),
    (1000, 0.02, 0.01),
)
_LEAST = 0.93
"""A score interval holds 95 % on average, and in single settings a little less."""
_CATEGORIES, _MOST, _LOOK = 6, 60, 10
_ENDS = {failure: End(Outcome.CRASHED if failure else Outcome.RIGHT, failure) for failure in (False, True)}
_Pairs: TypeAlias = Mapping[str, Sequence[tuple[End, End]]]
"""Category -> how the same documents ended."""


def coverage(output: Output, rng: np.random.Generator, times: int) -> Iterator[str]:
    """How often the interval of a paired difference holds; where it does so too seldom."""
    output.say(
        f"How often the 95 % interval of a paired difference holds the true one, of {times:,} comparisons each; the "
        "plain interval (Wald's) beside it. Only B, only A: the share of documents of which only that one fails."
    )
    rows = []
    for pairs, worse, better in _SETTINGS:
        drawn = rng.multinomial(pairs, (worse, better, 1 - worse - better), size=times)
        true = worse - better
        held = {
            name: sum(low <= true <= high for low, high in (interval(int(b), int(a), pairs) for b, a, _ in drawn))
            / times
            for name, interval in (("tango", cache(paired_difference)), ("wald", _wald))
        }
        rows.append((f"{pairs:,}", *(f"{100 * each:.0f} %" for each in (worse, better)), *_shown(held)))
        if held["tango"] + 3 * math.sqrt(_LEAST * (1 - _LEAST) / times) < _LEAST:
            yield f"{pairs} pairs, {worse} and {better}: the interval holds in {held['tango']:.1%} alone"
    output.table(("pairs", "only B", "only A", "Tango holds", "Wald holds"), rows)


def _shown(held: dict[str, float]) -> Iterator[str]:
    yield from (f"{100 * held[name]:.1f} %" for name in ("tango", "wald"))


def _wald(worse: int, better: int, pairs: int) -> tuple[float, float]:
    seen = (worse - better) / pairs
    half = _Z * math.sqrt(max(0.0, worse + better - (worse - better) ** 2 / pairs)) / pairs
    return seen - half, seen + half


def winners(output: Output, rng: np.random.Generator, times: int) -> Iterator[str]:
    """How often `crumple compare` sees a difference that there is not; where it does so too often."""
    output.say(
        f"How often a winner is named where there is none: {times:,} comparisons of two systems that are alike, with "
        f"six categories of {_MOST} pairs. Stopped: one looks every {_LOOK} pairs of each category, and stops once "
        f"the plain p-value is below 5 % anywhere. Promised are at most {100 * ALPHA:.0f} %."
    )
    rows = []
    for name, fails, same, plan in _PLANS:
        named = sum(plan(rng, fails, same) for _ in range(times))
        low, high = wilson(named / times, times)
        rows.append(
            (name, f"{100 * fails:.0f} %", f"{100 * named / times:.1f} %", f"{100 * low:.1f}-{100 * high:.1f} %")
        )
        if low > ALPHA and plan is not _stopped_plainly:
            yield f"{name}, {fails}: a winner where there is none in {named / times:.1%}"
    output.table(("runs", "each fails", "a winner", "95 %"), rows)


def _pairs(rng: np.random.Generator, fails: float, same: float, many: int) -> _Pairs:
    """Pairs of two systems that are alike: with a share of `same` a document decides for both, else each by itself."""
    found: dict[str, list[tuple[End, End]]] = {}
    for at in range(_CATEGORIES):
        one = rng.random(many) < fails
        two = np.where(rng.random(many) < same, one, rng.random(many) < fails)
        found[f"c{at}"] = [(_ENDS[a], _ENDS[b]) for a, b in zip(one.tolist(), two.tolist(), strict=True)]
    return found


def _standings(pairs: _Pairs, *, adaptive: bool) -> Sequence[Mapping[str, Any]]:
    return standings({name: Counter(own) for name, own in pairs.items()}, adaptive=adaptive)


def _named(pairs: _Pairs, *, adaptive: bool) -> bool:
    return any(each["state"] in {"better", "worse"} for each in _standings(pairs, adaptive=adaptive))


def _ordinary(rng: np.random.Generator, fails: float, same: float) -> bool:
    return _named(_pairs(rng, fails, same, _MOST), adaptive=False)


def _until_it_looks_so(rng: np.random.Generator, fails: float, same: float) -> _Pairs:
    """Runs that were stopped by what they had shown."""
    whole = _pairs(rng, fails, same, _MOST)
    for end in range(_LOOK, _MOST + 1, _LOOK):
        cut = {name: own[:end] for name, own in whole.items()}
        if any(each["p"] < ALPHA for each in _standings(cut, adaptive=False)):
            return cut
    return whole


def _stopped(rng: np.random.Generator, fails: float, same: float) -> bool:
    return _named(_until_it_looks_so(rng, fails, same), adaptive=True)


def _stopped_plainly(rng: np.random.Generator, fails: float, same: float) -> bool:
    return _named(_until_it_looks_so(rng, fails, same), adaptive=False)


_Plan = Callable[[np.random.Generator, float, float], bool]
_PLANS: tuple[tuple[str, float, float, _Plan], ...] = (
    ("ordinary", 0.1, 0.0, _ordinary),
    ("ordinary", 0.4, 0.0, _ordinary),
    ("ordinary, mostly the same documents", 0.4, 0.7, _ordinary),
    ("stopped, as crumple compares them", 0.4, 0.0, _stopped),
    ("stopped, by the tests of ordinary runs", 0.4, 0.0, _stopped_plainly),
)
