"""A rate over strata that weigh differently, as production does."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from crumple.statistics.distributions import beta_quantile
from crumple.statistics.rates import check_confidence


@dataclass(frozen=True, slots=True)
class Stratum:
    """A part of the volume, and what its calls came to.

    Attributes:
        share: of the volume, in [0, 1].
        calls: how many were made of it; need not be whole where they are an effective number.
        failures: how many of them failed.
    """

    share: float
    calls: float
    failures: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """The rate of all strata that were called.

    Attributes:
        rate: their mean, each with its share; None where there were no calls.
        low: its lower bound, one-sided.
        high: its upper bound, one-sided.
        effective_calls: how many calls that weigh the same say as much, for the upper bound.
        missing_share: the share of strata without calls; the rate says nothing about them.
    """

    rate: float | None
    low: float
    high: float
    effective_calls: float
    missing_share: float


def stratified(strata: Iterable[Stratum], confidence: float) -> Estimate:
    """The rate over strata, each weighing its share, with bounds that are each one-sided at the confidence.

    Shares are taken relative to those of all strata that were called. The lower bound is Clopper's and Pearson's for
    the effective number of calls that the failures come to, each with its own weight; the upper one for that and one
    failure more, of a call that weighs the most: so strata without failures add to the width, as they must. Of one
    stratum, and of many with the same share and calls, they are exactly Clopper's and Pearson's.

    Source: M. P. Fay, E. J. Feuer, "Confidence intervals for directly standardized rates: a method based on the gamma
    distribution", Statistics in Medicine 16 (1997), 791-801; here by the beta distribution that has the gamma's shape
    for its first parameter, and is exact for a binomial count where theirs is for a Poisson one.

    Raises:
        ValueError: a negative share, or a confidence that is none.
    """
    check_confidence(confidence)
    every = [each for each in strata if each.share]
    if any(each.share < 0 for each in every):
        raise ValueError("a share of the volume is 0 or more")
    known = [each for each in every if each.calls > 0]
    missing = math.fsum(each.share for each in every if each.calls <= 0)
    total = math.fsum(each.share for each in known)
    if not total:
        return Estimate(None, 0.0, 1.0, 0.0, missing)
    weights = [each.share / total / each.calls for each in known]
    rate = min(1.0, math.fsum(weight * each.failures for weight, each in zip(weights, known, strict=True)))
    variance = math.fsum(weight**2 * each.failures for weight, each in zip(weights, known, strict=True))
    low = 0.0
    if rate > 0:
        calls = rate / variance
        low = beta_quantile(1 - confidence, rate * calls, max(0.0, calls - rate * calls) + 1)
    most = max(weights)
    calls = (rate + most) / (variance + most**2)
    high = beta_quantile(confidence, (rate + most) * calls, calls + 1 - (rate + most) * calls)
    return Estimate(rate, min(low, rate), max(high, rate), calls, missing)
