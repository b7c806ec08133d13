"""What is known of the level at which a failure rate passes a mark, and which level to try next. Pure.

The failure rate over levels is taken to rise from a lower to an upper asymptote, through the mark at `crossing`:

    below it    lower + 2 (mark - lower) / (1 + exp((crossing - level) / spread below))
    above it    mark + (upper - mark) (2 / (1 + exp((crossing - level) / spread above)) - 1)

Its two sides are apart, for documents differ: where two in five break early and the rest late, the rate stays near the
mark for long on one side. Over crossing, spreads and asymptotes there is a grid of hypotheses, each with its
probability; crossings beyond either end of the ladder are among them, for systems that never break or always do. The
next level is the one after whose answer least is expected to remain unknown of the crossing, whatever the others are.

Sources: A. B. Watson, QUEST+: a general multidimensional Bayesian adaptive psychometric method (2017), for the grid;
N. Prins, The psi-marginal adaptive method (2013), for what is minimised; `python -m benchmarks.breaking_points`
compares the two, a staircase and a fixed grid.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]

WORST: Final = 5.0
FINEST: Final = 0.05
"""The distance between levels that are tried, and the finest that a crossing is told to."""
_SPREADS: Final = ((0.05, 0.2, 0.8), (0.3, 0.35, 0.35))
"""In levels, and how likely each is beforehand."""
_ALIKE: Final = 0.9
"""How likely it is beforehand that the spreads below and above are the same, as in a logistic curve."""
_ASYMPTOTES: Final = ((1.0, 0.9, 0.6, 0.2), (0.55, 0.3, 0.1, 0.05))
"""How far from the mark an asymptote may be, as a share of the way to 0 or 1, and how likely that is beforehand."""
_BEYOND: Final = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0)
_BEFORE: Final = (0.0, 0.2, 0.5, 1.0, 2.0)
_NEVER, _ALWAYS = 0.25, 0.15
_TAIL: Final = 0.025


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is known of a crossing.

    Attributes:
        always: how likely it is that the mark is passed at the mildest level already.
        never: how likely it is that it is not passed at the worst.
        level: the median of the crossing; at an end of the ladder where it is likelier to be beyond it.
        low, high: the ends of its 95 % interval, within the ladder.
    """

    always: float
    never: float
    level: float
    low: float
    high: float

    @property
    def within(self) -> bool:
        """Whether the whole 95 % interval is within the ladder."""
        return self.always <= _TAIL and self.never <= _TAIL


@dataclass(frozen=True, slots=True, eq=False)
class Hypotheses:
    """The grid of what may be the case, made once for all curves of one mark and one kind of ladder.

    Attributes:
        levels: what can be tried, rising.
        crossings: the levels at which the rate may pass the mark, rising; those between two levels stand in the middle.
        fails: the failure rate at each level, under each crossing, and each of the rest of the grid.
        prior: how likely each crossing is beforehand, with each of the rest of the grid.
    """

    levels: Floats
    crossings: Floats
    fails: Floats
    prior: Floats

    def updated(self, belief: Floats, at: int, failed: bool) -> Floats:
        """The belief after one answer.

        Args:
            belief: as `prior`.
            at: the level's number.
            failed: what came of it.
        """
        seen = belief * (self.fails[at] if failed else 1.0 - self.fails[at])
        return np.asarray(seen / seen.sum(), np.float64)

    def most_telling(self, belief: Floats, allowed: npt.NDArray[np.bool_]) -> int:
        """The number of the level after whose answer the crossing is expected to be known best; of those allowed.

        Least expected entropy of the crossing, all else marginalised (Prins 2013).
        """
        failing = np.matmul(self.fails.transpose(1, 0, 2), belief[:, :, None])[:, :, 0].T
        passing = belief.sum(axis=1) - failing
        unknown = self._unknown(failing) + self._unknown(passing)
        # Rounded, so that the last bits of another processor do not choose another level.
        return int(np.argmin(np.where(allowed, np.round(unknown, 9), np.inf)))

    def _unknown(self, joint: Floats) -> Floats:
        """For each level the entropy of the crossing after an answer, times how likely that answer is.

        How far beyond an end of the ladder it is nobody asks: what is beyond counts as one.
        """
        told = [0, *range(len(_BEFORE), joint.shape[1] - len(_BEYOND) + 1)]
        joint = np.add.reduceat(joint, told, axis=1)
        whole = joint.sum(axis=1)
        doubt = -(joint * np.log(np.maximum(joint, 1e-300))).sum(axis=1)
        return np.asarray(doubt + whole * np.log(whole), np.float64)

    def estimate(self, belief: Floats) -> Estimate:
        """Where the crossing is: the median, and the 2.5 % and 97.5 % quantiles rounded outwards."""
        chances = belief.sum(axis=1)
        sums = np.cumsum(chances)
        before, beyond = len(_BEFORE), len(self.crossings) - len(_BEYOND)

        def quantile(share: float) -> int:
            return min(int(np.searchsorted(sums, share)), len(sums) - 1)

        low, middle, high = quantile(_TAIL), quantile(0.5), quantile(1.0 - _TAIL)
        edges = np.concatenate([np.full(before, self.levels[0]), self.levels, np.full(len(_BEYOND), self.levels[-1])])
        return Estimate(
            always=float(sums[before - 1]),
            never=float(max(0.0, 1.0 - sums[beyond - 1])),
            level=float(np.clip(self.crossings[middle], self.levels[0], self.levels[-1])),
            low=float(edges[low]),
            high=float(edges[high + 1]),
        )


@functools.lru_cache(maxsize=32)
def hypotheses(mark: float, mildest: float, *, named: bool = False) -> Hypotheses:
    """The grid for a mark.

    Args:
        mark: the failure rate that is looked for, above 0 and below 1.
        mildest: the lowest level that is tried.
        named: whether there is nothing between whole levels.
    """
    levels = np.arange(1.0, WORST + 1) if named else np.round(np.linspace(mildest, WORST, _steps(mildest) + 1), 4)
    half = (levels[1] - levels[0]) / 2
    inner = (levels[1:] + levels[:-1]) / 2
    before, beyond = levels[0] - half - np.array(_BEFORE)[::-1], WORST + half + np.array(_BEYOND)
    crossings = np.concatenate([before, inner, beyond])
    shares = [_ALWAYS / len(before), (1 - _ALWAYS - _NEVER) / len(inner), _NEVER / len(beyond)]
    chances = np.repeat(shares, [len(before), len(inner), len(beyond)])

    spreads, ways = np.array(_SPREADS[0]), np.array(_ASYMPTOTES[0])
    away = (levels[:, None] - crossings)[:, :, None] / spreads
    risen = 2 / (1 + np.exp(-np.clip(away, -60, 60)))  # 1 at the crossing
    below = mark - (mark * ways) * (1 - np.minimum(risen, 1))[..., None]
    above = ((1 - mark) * ways) * (np.maximum(risen, 1) - 1)[..., None]
    # Level, crossing, what is true below it, what is true above it: at no level are both away from the mark.
    one, other = (each.reshape(len(levels), len(crossings), -1) for each in (below, above))
    fails = np.clip((one[..., None] + other[:, :, None, :]).reshape(len(levels), len(crossings), -1), 1e-6, 1 - 1e-6)
    spread, asymptote = np.array(_SPREADS[1]), np.array(_ASYMPTOTES[1])
    both = _ALIKE * np.diag(spread) + (1 - _ALIKE) * np.outer(spread, spread)
    likely = np.einsum("ij,k,l->ikjl", both, asymptote, asymptote)
    prior = chances[:, None] * likely.ravel()
    return Hypotheses(levels, crossings, fails, prior / prior.sum())


def _steps(mildest: float) -> int:
    return round((WORST - mildest) / FINEST)


def falls_again(tried: Sequence[tuple[float, bool]], surely: float = 0.01) -> float | None:
    """The level from which on a system fails less often again than it did before; None where nothing speaks for it.

    For each two levels, Fisher's exact test of the calls from the first up to the second against those from the second
    on, one-sided (R. A. Fisher, The Design of Experiments, 1935). There are many such tests in one, so that each must
    be surer than what is asked of the whole: false alarms are in the benchmark.

    Args:
        tried: the level of each call, and whether it failed.
        surely: the largest p-value that is believed.
    """
    by_level: dict[float, list[int]] = {}
    for level, failed in tried:
        counted = by_level.setdefault(level, [0, 0])
        counted[0] += failed
        counted[1] += 1
    order = sorted(by_level)
    failures = [0, *itertools.accumulate(by_level[level][0] for level in order)]
    calls = [0, *itertools.accumulate(by_level[level][1] for level in order)]
    best, found = surely, None
    for first, second in itertools.combinations(range(len(order)), 2):
        often, of = failures[second] - failures[first], calls[second] - calls[first]
        seldom, beyond = failures[-1] - failures[second], calls[-1] - calls[second]
        chance = _fewer(seldom, beyond, often, of)
        if chance < best:
            best, found = chance, order[second]
    return found


def _fewer(seldom: int, beyond: int, often: int, of: int) -> float:
    """How likely it is that so few of the failures, or fewer, are among the calls beyond, if all fail alike."""
    failures, calls = seldom + often, beyond + of
    ways = sum(math.comb(beyond, k) * math.comb(of, failures - k) for k in range(max(0, failures - of), seldom + 1))
    return ways / math.comb(calls, failures)
