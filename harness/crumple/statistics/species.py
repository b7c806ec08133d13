"""How many kinds there still are that were not seen: the chance that the next draw shows one."""

from __future__ import annotations

from typing import Final

from crumple.statistics.rates import clopper_pearson

RUN: Final = 3.0
"""Nothing new in so many draws, over a share: with 95 % confidence the chance was below that share throughout."""


def chance_of_new(calls: int, once: int, twice: int = 0, *, confidence: float = 0.95) -> tuple[float, float, float]:
    """The chance that the next call shows a kind that no call has shown yet, and its interval: (chance, low, high).

    The estimate is Good's and Turing's: the share of calls whose kind was seen that once. It varies more than a share
    of independent calls does, for the true chance moves with the draws too: by a factor of (once + 2 twice) / once,
    after Esty. The bounds are Clopper's and Pearson's for as many fewer calls; the upper one as if there were one more
    kind that was seen once, since nothing seen once does not mean that nothing is left.

    Args:
        calls: how many were made, drawn alike and independently.
        once: how many kinds were seen exactly once.
        twice: how many exactly twice.
        confidence: of the two-sided interval.

    Source: I. J. Good, "The population frequencies of species and the estimation of population parameters",
    Biometrika 40 (1953), 237-264; W. W. Esty, "A normal limit law for a nonparametric estimator of the coverage of a
    random sample", The Annals of Statistics 11 (1983), 905-912. `python -m benchmarks.statistics` has its coverage.

    Raises:
        ValueError: more kinds than there were calls to see them in.
    """
    if once < 0 or twice < 0 or once + 2 * twice > calls:
        raise ValueError(f"{once} kinds once and {twice} twice take {once + 2 * twice} calls, got {calls}")
    if calls == 0:
        return 1.0, 0.0, 1.0
    one_sided = 0.5 + confidence / 2
    low = 0.0
    if once:
        varies = (once + 2 * twice) / once
        low = clopper_pearson(once / varies, calls / varies, one_sided)[0]
    varies = (once + 2 * twice + 1) / (once + 1)
    high = clopper_pearson(min(once, calls) / varies, calls / varies, one_sided)[1]
    return once / calls, low, high


def has_gone_quiet(share: float, *, calls: int, once: int, twice: int, since: int) -> bool:
    """Whether hardly anything new is to be expected; may be asked after every call.

    Who asks again and again is wrong more often than who asks once. So it takes two things: the chance of a new kind is
    at most `share`, for certain as a 95 % interval is, and the last `RUN / share` calls have shown none.

    Args:
        share: the chance that is small enough, in (0, 1).
        calls: how many were made.
        once: how many kinds were seen exactly once.
        twice: how many exactly twice.
        since: how many calls there were since the last one that showed a new kind.

    Raises:
        ValueError: see `chance_of_new`; or a share that is none.
    """
    if not 0 < share < 1:
        raise ValueError(f"a share is between 0 and 1, got {share}")
    return since >= RUN / share and chance_of_new(calls, once, twice)[2] <= share
