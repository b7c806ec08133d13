"""What the parts of a mix come to together: a rate of production, with its interval. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

from crumple.mix.parts import Parts
from crumple.statistics import clustered, rates, stratified
from crumple.statistics.distributions import t_quantile


@dataclass(frozen=True, slots=True)
class Estimate:
    """A rate of production, of the part of the volume that a run says something about.

    Attributes:
        rate: the mean over the parts, each weighing its share.
        low, high: its bounds, each one-sided at the confidence.
        share: of the volume, that it is about.
        calls: what it comes from, clean documents included.
        groups: how many groups those are of.
        effective_calls: how many independent calls say as much.
        design_effect: how many times the calls that takes, of documents like these; None: nothing differs that would
            tell.
    """

    rate: float
    low: float
    high: float
    share: float
    calls: int
    groups: int
    effective_calls: float
    design_effect: float | None = 1.0


def these(parts: Parts | None, confidence: float) -> Estimate | None:
    """The rate about these documents: every call is an independent draw of a document; None where nothing is known.

    Source: stratified estimates as in `crumple.statistics.stratified`; put together with the clean documents' by G. Y.
    Zou, A. Donner, "Construction of confidence limits about effect measures: a general approach", Statistics in
    Medicine 27 (2008), 1693-1702.
    """
    if parts is None:
        return None
    low, high = _bounds(parts, confidence, math.inf if parts.census else parts.cases)
    calls = parts.cases + parts.calls
    return Estimate(parts.rate, low, high, parts.covered, calls, parts.groups, parts.independent)


def _bounds(parts: Parts, confidence: float, cases: float) -> tuple[float, float]:
    """Bounds of the rate, were all calls independent.

    Args:
        parts: what is known.
        confidence: of each bound.
        cases: how many independent clean documents there are; infinite: all that there are, so that their part is
            what it is.
    """
    clean = (parts.mean, parts.mean)
    if math.isfinite(cases):
        clean = rates.clopper_pearson(parts.mean * cases, cases, confidence)
    degraded = (0.0, 0.0)
    if parts.weights:
        own = parts.own
        strata = [stratified.Stratum(parts.weights[each], own[each].calls, own[each].total) for each in own]
        found = stratified.stratified(strata, confidence)
        degraded = (found.low, found.high)
    low, high = (
        math.hypot(parts.by_clean * (parts.mean - one), parts.by_degraded * (parts.degraded - other))
        for one, other in zip(clean, degraded, strict=True)
    )
    return max(0.0, parts.rate - low), min(1.0, parts.rate + high)


def _bounds_by_size(parts: Parts, confidence: float) -> tuple[float, float]:
    """Bounds of the rate, were all versions of a group's documents to do as one does: groups count, and add up."""
    size = parts.by_size
    low = high = 0.0
    pairs = ((parts.by_clean, parts.mean, parts.cases), (parts.by_degraded, parts.degraded, parts.calls))
    for weight, rate, calls in pairs:
        number = min(size, calls)
        least, most = rates.clopper_pearson(rate * number, number, confidence) if calls else (rate, rate)
        low, high = low + weight * (rate - least), high + weight * (most - rate)
    return max(0.0, parts.rate - low), min(1.0, parts.rate + high)


def like_these(parts: Parts | None, confidence: float) -> Estimate | None:
    """The rate about documents like these: the groups are what was drawn; None where there are fewer than two.

    It is never surer than about these documents.

    Source: E. L. Korn, B. I. Graubard, "Confidence intervals for proportions with small expected number of positive
    counts estimated from survey data", Survey Methodology 24 (1998), 193-201; the variance between groups is of the
    linearised rate: W. G. Cochran, "Sampling Techniques", third edition (1977), section 11.
    """
    if parts is None or parts.groups < 2:
        return None
    groups, between = parts.groups, parts.between
    rate, calls = min(1.0, max(0.0, parts.rate)), parts.cases + parts.calls
    effect = max(1.0, between / parts.variance) if parts.variance > 0 else None
    # Where a part has few calls, or few groups fail in it, that they are few says more than how much they differ.
    few = parts.failing_clean < clustered.FEWEST_FAILING
    low, high = _bounds(parts, confidence, parts.clean_groups if few else parts.cases)
    if min(between, parts.variance) > 0 and parts.failing >= clustered.FEWEST_FAILING:
        ratio = t_quantile(confidence, calls - 1) / t_quantile(confidence, groups - 1)
        effective = rate * (1 - rate) * min(1 / parts.variance, ratio**2 / between)
        least, most = rates.clopper_pearson(rate * effective, effective, confidence)
    else:
        effective = min(parts.independent, parts.by_size)
        least, most = _bounds_by_size(parts, confidence)
    found = min(low, least), max(high, most)
    return Estimate(rate, *found, parts.covered, calls, groups, effective, effect)
