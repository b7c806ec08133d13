"""A rate over strata that weigh differently, as production does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crumple.statistics.rates import clopper_pearson


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
        effective_calls: how many calls that weigh the same say as much.
        missing_share: the share of strata without calls; the rate says nothing about them.
    """

    rate: float | None
    low: float
    high: float
    effective_calls: float
    missing_share: float


def stratified(strata: Iterable[Stratum], confidence: float) -> Estimate:
    """The rate over strata, each weighing its share, with bounds that are each one-sided at the confidence.

    Shares are taken relative to those of all strata that were called. A stratum without failures adds to the width,
    as any other does: the effective number of calls is Kish's, from the weights of the calls alone.

    Source: L. Kish, "Survey Sampling" (1965), section 11.7; bounds as `rates.clopper_pearson`.

    Raises:
        ValueError: a negative share.
    """
    every = [each for each in strata if each.share]
    if any(each.share < 0 for each in every):
        raise ValueError("a share of the volume is 0 or more")
    known = [each for each in every if each.calls > 0]
    missing = sum(each.share for each in every if each.calls <= 0)
    total = sum(each.share for each in known)
    if not total:
        return Estimate(None, 0.0, 1.0, 0.0, missing)
    rate = sum(each.share * each.failures / each.calls for each in known) / total
    calls = total**2 / sum(each.share**2 / each.calls for each in known)
    low, high = clopper_pearson(rate * calls, calls, confidence)
    return Estimate(rate, low, high, calls, missing)
