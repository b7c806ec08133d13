"""Figures about rates; pure."""

from __future__ import annotations

import math

_Z95 = 1.959963984540054
"""The 97.5 % point of the standard normal distribution: two-sided 95 %."""


def wilson(rate: float, calls: int, *, z: float = _Z95) -> tuple[float, float]:
    """The Wilson score interval of a rate; (0, 1) where there were no calls.

    Args:
        rate: the share of failures, in [0, 1]; a weighted mean of strata is taken as it is.
        calls: how many calls it comes from.
        z: how many standard deviations wide; by default 95 %, two-sided.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (1927), 209-212.

    Raises:
        ValueError: a rate outside [0, 1] or a negative number of calls.
    """
    if not 0 <= rate <= 1 or calls < 0:
        raise ValueError(f"a rate is in [0, 1] and calls are 0 or more, got {rate} and {calls}")
    if calls == 0:
        return 0.0, 1.0
    square = z * z
    centre = (rate + square / (2 * calls)) / (1 + square / calls)
    half = z / (1 + square / calls) * math.sqrt(rate * (1 - rate) / calls + square / (4 * calls * calls))
    # At the ends the bound is exact; rounding must not move it.
    return (0.0 if rate == 0 else max(0.0, centre - half)), (1.0 if rate == 1 else min(1.0, centre + half))
