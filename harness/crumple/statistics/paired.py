"""Two runs of the same recipes: which is worse. Only pairs that came out differently say anything."""

from __future__ import annotations

from crumple.statistics.distributions import binomial_below
from crumple.statistics.sequential import log_evidence_broken


def mcnemar(worse: int, better: int) -> float:
    """The exact two-sided p-value of "neither is worse"; 1 where no pair differs.

    Args:
        worse: pairs of which only the second failed.
        better: pairs of which only the first failed.

    Source: Q. McNemar, "Note on the sampling error of the difference between correlated proportions or percentages",
    Psychometrika 12 (1947), 153-157; exact, from the binomial distribution with share 1/2.

    Raises:
        ValueError: a negative number of pairs.
    """
    _check(worse, better)
    return min(1.0, 2 * binomial_below(min(worse, better), worse + better, 0.5)) if worse + better else 1.0


def mcnemar_worse(worse: int, better: int) -> float:
    """The exact one-sided p-value of "the second is not worse"; 1 where no pair differs.

    Args:
        worse: pairs of which only the second failed.
        better: pairs of which only the first failed.

    Source: as `mcnemar`: the probability of at least so many heads of fair coins.

    Raises:
        ValueError: a negative number of pairs.
    """
    _check(worse, better)
    return binomial_below(better, worse + better, 0.5) if worse + better else 1.0


def mcnemar_at_most(differing: int, share: float) -> float:
    """The largest one-sided p-value at most that large that so many differing pairs can have; 0: they can have none.

    Args:
        differing: pairs that came out differently, whichever way.
        share: what the p-value may be at most.
    """
    # The p-value grows with the number of pairs that got better: the last one that is still small enough.
    low, high = -1, differing
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if binomial_below(middle, differing, 0.5) <= share else (low, middle - 1)
    return binomial_below(low, differing, 0.5)


def _check(worse: int, better: int) -> None:
    if worse < 0 or better < 0:
        raise ValueError(f"numbers of pairs are 0 or more, got {worse} and {better}")


def log_evidence_worse(worse: float, better: float) -> float:
    """The logarithm of the evidence that the second is worse, which holds however often one looks.

    Args:
        worse: pairs of which only the second failed.
        better: pairs of which only the first failed.

    Source: as `sequential.log_evidence_met`, for the share of `worse` among pairs that differ, against 1/2.
    """
    return log_evidence_broken(worse, worse + better, 0.5)
