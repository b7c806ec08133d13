"""A rate from a fixed number of independent calls: what to show, and what to decide by."""

from __future__ import annotations

import math

from crumple.statistics.distributions import beta_quantile, binomial_below

_Z95 = 1.959963984540054
"""The 97.5 % point of the standard normal distribution: two-sided 95 %."""


def wilson(rate: float, calls: float, *, z: float = _Z95) -> tuple[float, float]:
    """The Wilson score interval of a rate; (0, 1) where there were no calls. To show, not to decide by.

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


def clopper_pearson(failures: float, calls: float, confidence: float) -> tuple[float, float]:
    """The exact bounds of a rate, each one-sided at the confidence; (0, 1) where there were no calls.

    Args:
        failures: how many calls failed; need not be whole, where calls are an effective number.
        calls: how many there were; likewise.
        confidence: how often, at least, a bound is on the right side of the truth; in (0.5, 1).

    Source: C. J. Clopper, E. S. Pearson, "The use of confidence or fiducial limits illustrated in the case of the
    binomial", Biometrika 26 (1934), 404-413; with numbers that are not whole: E. L. Korn, B. I. Graubard, "Confidence
    intervals for proportions with small expected number of positive counts estimated from survey data", Survey
    Methodology 24 (1998), 193-201.

    Raises:
        ValueError: more failures than calls, fewer than none, or a confidence that is none.
    """
    if not 0 <= failures <= calls * (1 + 1e-12):
        raise ValueError(f"failures are between 0 and the calls, got {failures} of {calls}")
    check_confidence(confidence)
    if calls == 0:
        return 0.0, 1.0
    failures = min(failures, calls)
    low = beta_quantile(1 - confidence, failures, calls - failures + 1)
    return low, beta_quantile(confidence, failures + 1, calls - failures)


def calls_to_certify(share: float, confidence: float, failures: int = 0) -> int:
    """How many independent calls it takes to be sure that a rate is below a share, with so many failures among them.

    It is the smallest number at which the upper bound of `clopper_pearson` is at most the share.

    Source: as `clopper_pearson`; without failures it is log(1 - confidence) / log(1 - share), rounded up.

    Raises:
        ValueError: a share outside (0, 1), fewer failures than none, or a confidence that is none.
    """
    if not 0 < share < 1 or failures < 0:
        raise ValueError(f"a share is in (0, 1) and failures are 0 or more, got {share} and {failures}")
    check_confidence(confidence)
    enough = failures + 1
    while binomial_below(failures, enough, share) > 1 - confidence:
        enough *= 2
    few = enough // 2
    while enough - few > 1:
        middle = (few + enough) // 2
        if binomial_below(failures, middle, share) > 1 - confidence:
            few = middle
        else:
            enough = middle
    return enough


def check_confidence(confidence: float) -> None:
    """Refuse what is no confidence.

    Raises:
        ValueError: it is not in (0, 1).
    """
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence is above 0 and below 1, got {confidence}")
