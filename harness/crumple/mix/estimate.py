"""What the parts of a mix come to together: a rate of production, with its interval. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

from crumple.mix import Stratum
from crumple.mix.sample import Sample, Sum
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


@dataclass(frozen=True, slots=True)
class _Parts:
    """A sample's figures, as shares of the part of the volume that is covered.

    A case that does not pass clean is not degraded; damaged, it is taken to do what it did clean. So the rate is
    clean x mean + damaged x (mean of those that do not pass + (1 - out) x degraded), where `degraded` is conditional
    on passing.

    Attributes:
        covered: how much of the volume there are figures of.
        weights: each stratum's share of the damaged part.
        own: each stratum's calls.
        clean, damaged: shares of what is covered.
        cases, out: clean documents, and the share of those that do not pass.
        mean, mean_out: what a clean document comes to, and the part of it that those make up which do not pass.
        degraded: what a degraded document comes to.
        calls: of degraded documents.
    """

    sample: Sample
    covered: float
    weights: dict[Stratum, float]
    own: dict[Stratum, Sum]
    clean: float
    damaged: float
    cases: int
    out: float
    mean: float
    mean_out: float
    degraded: float
    calls: int

    @property
    def rate(self) -> float:
        return self.mean * self.clean + self.damaged * (self.mean_out + (1 - self.out) * self.degraded)

    @property
    def by_clean(self) -> float:
        """How much the rate moves with the clean documents' mean; at most 1."""
        alike = math.isclose(self.mean, self.mean_out) and math.isclose(self.out, self.mean_out)
        return 1 - self.damaged * self.degraded if alike else 1.0

    @property
    def by_degraded(self) -> float:
        """How much it moves with the degraded ones'."""
        return self.damaged * (1 - self.out)

    @property
    def independent(self) -> float:
        """Kish's effective number of calls, were all of them independent."""
        spread = sum(weight**2 / self.own[stratum].calls for stratum, weight in self.weights.items())
        return 1 / (self.by_clean**2 / self.cases + self.by_degraded**2 * spread)

    @property
    def variance(self) -> float:
        """Of the rate, were all calls independent."""
        spread = 0.0
        for stratum, weight in self.weights.items():
            own = self.own[stratum]
            rate = own.total / own.calls
            spread += weight**2 * rate * (1 - rate) / own.calls
        return self.by_clean**2 * self.mean * (1 - self.mean) / self.cases + self.by_degraded**2 * spread

    @property
    def residuals(self) -> dict[str, float]:
        """Group -> by how much it moves the rate; they come to 0. The linearisation of the rate."""
        moved: dict[str, float] = {}
        for group, own in self.sample.clean.items():
            mean, mean_out, out = own.total, own.total_out, own.out
            moved[group] = (
                self.clean * (mean - self.mean * own.cases)
                + self.damaged * (mean_out - self.mean_out * own.cases)
                - self.damaged * self.degraded * (out - self.out * own.cases)
            ) / self.cases
        for stratum, weight in self.weights.items():
            whole = self.own[stratum]
            for group, each in self.sample.strata[stratum].items():
                off = (each.total - whole.total / whole.calls * each.calls) / whole.calls
                moved[group] = moved.get(group, 0.0) + self.by_degraded * weight * off
        return moved

    @property
    def groups(self) -> int:
        """How many groups the calls are of."""
        return len(set(self.sample.clean).union(*(self.sample.strata[each] for each in self.weights)))

    @property
    def clean_groups(self) -> float:
        """Kish's effective number of groups of clean documents."""
        return self.cases**2 / sum(own.cases**2 for own in self.sample.clean.values())

    @property
    def by_size(self) -> float:
        """Kish's effective number of groups, from what each has part in."""
        part = {group: self.by_clean * own.cases / self.cases for group, own in self.sample.clean.items()}
        for stratum, weight in self.weights.items():
            calls = self.own[stratum].calls
            for group, each in self.sample.strata[stratum].items():
                part[group] = part.get(group, 0.0) + self.by_degraded * weight * each.calls / calls
        return float(sum(part.values()) ** 2 / sum(each**2 for each in part.values()))

    @property
    def failing(self) -> int:
        """In how many groups anything counts at all."""
        found = {group for group, own in self.sample.clean.items() if own.total}
        for stratum in self.weights:
            found |= {group for group, own in self.sample.strata[stratum].items() if own.total}
        return len(found)


def contributions(sample: Sample) -> dict[Stratum, float]:
    """What each stratum's damage adds to the rate, beyond the cases that fail clean; those that were called.

    What is left of the rate is the clean documents' own part.
    """
    parts = _parts(sample)
    if parts is None:
        return {}
    return {
        stratum: parts.by_degraded * weight * parts.own[stratum].total / parts.own[stratum].calls
        for stratum, weight in parts.weights.items()
    }


def these(sample: Sample, confidence: float) -> Estimate | None:
    """The rate about these documents: every call is an independent draw of a document; None where nothing is known.

    Source: stratified estimates as in `crumple.statistics.stratified`; put together with the clean documents' by G. Y.
    Zou, A. Donner, "Construction of confidence limits about effect measures: a general approach", Statistics in
    Medicine 27 (2008), 1693-1702.
    """
    parts = _parts(sample)
    if parts is None:
        return None
    low, high = _bounds(parts, confidence, math.inf if sample.census else parts.cases)
    calls, groups = parts.cases + parts.calls, parts.groups
    return Estimate(parts.rate, low, high, parts.covered, calls, groups, parts.independent)


def _bounds(parts: _Parts, confidence: float, cases: float) -> tuple[float, float]:
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


def _bounds_by_size(parts: _Parts, confidence: float) -> tuple[float, float]:
    """Bounds of the rate, were all versions of a group's documents to do as one does: groups count, and add up."""
    size = parts.by_size
    low = high = 0.0
    pairs = ((parts.by_clean, parts.mean, parts.cases), (parts.by_degraded, parts.degraded, parts.calls))
    for weight, rate, calls in pairs:
        number = min(size, calls)
        least, most = rates.clopper_pearson(rate * number, number, confidence) if calls else (rate, rate)
        low, high = low + weight * (rate - least), high + weight * (most - rate)
    return max(0.0, parts.rate - low), min(1.0, parts.rate + high)


def like_these(sample: Sample, confidence: float) -> Estimate | None:
    """The rate about documents like these: the groups are what was drawn; None where there are fewer than two.

    It is never surer than about these documents.

    Source: E. L. Korn, B. I. Graubard, "Confidence intervals for proportions with small expected number of positive
    counts estimated from survey data", Survey Methodology 24 (1998), 193-201; the variance between groups is of the
    linearised rate: W. G. Cochran, "Sampling Techniques", third edition (1977), section 11.
    """
    parts = _parts(sample)
    if parts is None:
        return None
    moved = parts.residuals
    groups = len(moved)
    if groups < 2:
        return None
    rate, calls = min(1.0, max(0.0, parts.rate)), parts.cases + parts.calls
    between = groups / (groups - 1) * sum(each * each for each in moved.values())
    effect = max(1.0, between / parts.variance) if parts.variance > 0 else None
    # Where a part has few calls, or few groups fail in it, that they are few says more than how much they differ.
    failing = sum(own.total > 0 for own in sample.clean.values())
    low, high = _bounds(parts, confidence, parts.clean_groups if failing < clustered.FEWEST_FAILING else parts.cases)
    if min(between, parts.variance) > 0 and parts.failing >= clustered.FEWEST_FAILING:
        ratio = t_quantile(confidence, calls - 1) / t_quantile(confidence, groups - 1)
        effective = rate * (1 - rate) * min(1 / parts.variance, ratio**2 / between)
        least, most = rates.clopper_pearson(rate * effective, effective, confidence)
    else:
        effective = min(parts.independent, parts.by_size)
        least, most = _bounds_by_size(parts, confidence)
    found = min(low, least), max(high, most)
    return Estimate(rate, *found, parts.covered, calls, groups, effective, effect)


def _parts(sample: Sample) -> _Parts | None:
    mix, cases = sample.mix, sample.cases
    strata = {stratum: share for stratum, share in mix.damaged.items() if sample.strata.get(stratum)}
    covered = mix.clean + sum(strata.values())
    if not cases or not covered:
        return None
    damaged = sum(strata.values())
    weights = {stratum: share / damaged for stratum, share in strata.items()}
    own = {stratum: sample.of(stratum) for stratum in weights}
    clean = sample.clean.values()
    return _Parts(
        sample=sample,
        covered=covered,
        weights=weights,
        own=own,
        clean=mix.clean / covered,
        damaged=damaged / covered,
        cases=cases,
        out=sum(each.out for each in clean) / cases,
        mean=sum(each.total for each in clean) / cases,
        mean_out=sum(each.total_out for each in clean) / cases,
        degraded=sum(weight * own[stratum].total / own[stratum].calls for stratum, weight in weights.items()),
        calls=sum(each.calls for each in own.values()),
    )
