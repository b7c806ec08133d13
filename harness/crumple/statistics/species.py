"""How many kinds were not seen yet."""

from __future__ import annotations

from crumple.statistics.rates import clopper_pearson


def chance_of_new(calls: int, once: int, confidence: float = 0.95) -> tuple[float, float, float]:
    """The chance that the next call shows a kind that no call has shown, with its interval: rate, low, high.

    Args:
        calls: how many were made.
        once: how many kinds were seen exactly once.
        confidence: of the two-sided interval.

    Source: I. J. Good, The population frequencies of species and the estimation of population parameters (1953).
    """
    if not calls:
        return 1.0, 0.0, 1.0
    low, high = clopper_pearson(once, calls, 0.5 + confidence / 2)
    return once / calls, low, high
