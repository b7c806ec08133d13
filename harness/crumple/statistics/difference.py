"""How much more often one of two fails, from the same calls given to both; and how many calls it takes to tell."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

_Z95: Final = 1.959963984540054
_POWER: Final = 0.8416212335729143
"""The 80 % point of the standard normal distribution."""
_STEPS: Final = 60
_MOST: Final = 10_000_000


def paired_difference(worse: int, better: int, pairs: int, *, z: float = _Z95) -> tuple[float, float]:
    """The 95 % interval of "the second's rate less the first's", in [-1, 1]; (-1, 1) where there are no pairs.

    Args:
        worse: pairs of which only the second failed.
        better: pairs of which only the first failed.
        pairs: all pairs.
        z: how many standard deviations wide; by default 95 %, two-sided.

    Source: T. Tango, "Equivalence test and confidence interval for the difference in proportions for the paired-sample
    design", Statistics in Medicine 17 (1998), 891-908: the differences that the score test does not reject.
    `python -m benchmarks.compare` has how often it holds.

    Raises:
        ValueError: more pairs that differ than there are pairs, or fewer than none.
    """
    if worse < 0 or better < 0 or worse + better > pairs:
        raise ValueError(f"of {pairs} pairs {worse} and {better} cannot differ")
    if not pairs:
        return -1.0, 1.0
    seen = (worse - better) / pairs

    def apart(difference: float) -> float:
        return _score(worse, better, pairs, difference)

    low = _crossing(lambda at: apart(at) > z, -1.0, seen) if seen > -1 else -1.0
    high = _crossing(lambda at: apart(at) >= -z, seen, 1.0) if seen < 1 else 1.0
    return low, high


def _score(worse: int, better: int, pairs: int, difference: float) -> float:
    """How many standard deviations what was seen lies above a difference; falls as that grows."""
    above = worse - better - pairs * difference
    linear = -worse - better + (2 * pairs - worse + better) * difference
    square = linear * linear + 8 * pairs * better * difference * (1 - difference)
    alone = (math.sqrt(max(0.0, square)) - linear) / (4 * pairs)
    variance = pairs * (2 * alone + difference * (1 - difference))
    if variance <= 1e-12:
        return 0.0 if abs(above) < 1e-9 else math.copysign(math.inf, above)
    return above / math.sqrt(variance)


def _crossing(holds: Callable[[float], bool], low: float, high: float) -> float:
    """Where a condition that holds at the lower end ceases to."""
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return (low + high) / 2


def pairs_to_tell(worse: int, better: int, pairs: int) -> int | None:
    """About how many pairs tell the two apart with a power of 80 %, if they differ as it looks; None: nobody can say.

    Args:
        worse: pairs of which only the second failed.
        better: pairs of which only the first failed.
        pairs: all pairs.

    Source: R. J. Connor, "Sample size for testing differences in proportions for the paired-sample design",
    Biometrics 43 (1987), 207-211.
    """
    if not pairs or worse == better:
        return None
    differing, difference = (worse + better) / pairs, abs(worse - better) / pairs
    spread = _Z95 * math.sqrt(differing) + _POWER * math.sqrt(max(0.0, differing - difference**2))
    enough = (spread / difference) ** 2
    return math.ceil(enough) if enough <= _MOST else None
