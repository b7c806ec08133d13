"""A quantile, as of latency, whatever the distribution."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from crumple.statistics.distributions import binomial_below
from crumple.statistics.rates import check_confidence

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Numbers: TypeAlias = "Sequence[float] | NDArray[np.float64]"
"""Of shape (n,), in any order."""


def quantile(values: Numbers, q: float) -> float:
    """The smallest of the values that at least a share q of them does not exceed; one that was really seen.

    Source: R. J. Hyndman, Y. Fan, "Sample quantiles in statistical packages", The American Statistician 50 (1996),
    361-365, definition 1.

    Raises:
        ValueError: there are no values, or q is not in (0, 1).
    """
    _check(q)
    if not len(values):
        raise ValueError("no values have no quantile")
    return float(_sorted(values)[max(0, math.ceil(q * len(values) - 1e-9) - 1)])


def interval(values: Numbers, q: float, confidence: float) -> tuple[float, float]:
    """Bounds of a quantile, each one-sided at the confidence, for a fixed number of independent values.

    Where there are too few values to say anything, a bound is infinite: an upper one of the 95th percentile with 95 %
    confidence takes 59.

    Source: H. A. David, H. N. Nagaraja, "Order Statistics", third edition (2003), section 7.1: the number of values
    below a quantile is binomial, whatever the distribution (with ties the bounds hold more often still).

    Raises:
        ValueError: q or the confidence is not in (0, 1).
    """
    _check(q)
    check_confidence(confidence)
    inside, count = _sorted(values), len(values)
    # low: the largest k with P(at least k values at or below the quantile) >= confidence;
    # high: the smallest k with P(at most k - 1 values below it) >= confidence.
    below = _first(count, lambda k: 1 - binomial_below(k - 1, count, q) < confidence) - 1
    above = _first(count, lambda k: binomial_below(k - 1, count, q) >= confidence)
    return (
        float(inside[below - 1]) if below >= 1 else -math.inf,
        float(inside[above - 1]) if above <= count else math.inf,
    )


def anytime_interval(values: Numbers, q: float, confidence: float) -> tuple[float, float]:
    """Bounds of a quantile, each one-sided at the confidence, that hold however often they are looked at.

    Source: S. R. Howard, A. Ramdas, "Sequential estimation of quantiles with applications to A/B testing and best-arm
    identification", Bernoulli 28 (2022), 1704-1728; here by the evidence of `sequential` about the share of values
    below the quantile.

    Raises:
        ValueError: q or the confidence is not in (0, 1).
    """
    from crumple.statistics.sequential import boundaries

    _check(q)
    check_confidence(confidence)
    inside, count = _sorted(values), len(values)
    if not count:
        return -math.inf, math.inf
    few, many = boundaries([count], q, confidence)
    below, above = int(few[0]), int(many[0])
    return (
        float(inside[below]) if below >= 0 else -math.inf,
        float(inside[above - 1]) if above <= count else math.inf,
    )


def _sorted(values: Numbers) -> NDArray[np.float64]:
    import numpy as np

    return np.sort(np.asarray(values, dtype=np.float64))


def _first(count: int, holds: Callable[[int], bool]) -> int:
    """The first k in 1..count at which it holds, and at all that follow; count + 1 where it never does."""
    low, high = 0, count + 1
    while high - low > 1:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle
    return high


def _check(q: float) -> None:
    if not 0 < q < 1:
        raise ValueError(f"a quantile is of a share above 0 and below 1, got {q}")
