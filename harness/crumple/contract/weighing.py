"""The one-shot figures of a limit: its rate, and how sure it is about these documents and documents like these. Pure.

Rates are of what must not be, so that less is better: a score counts as what it lacks to 1. Only cost is money.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from crumple.contract.ledger import Cell
from crumple.contract.limits import LIKE_THESE, THESE, About, Limit, Metric
from crumple.contract.observing import allowed
from crumple.contract.timings import Timings, tail
from crumple.mix.estimate import Estimate, like_these, these
from crumple.mix.parts import parts_of
from crumple.mix.sample import Sample
from crumple.statistics.clustered import Together, interval, together
from crumple.statistics.means import Moments, anytime_bounds, bounded_interval
from crumple.statistics.rates import clopper_pearson
from crumple.statistics.sums import GroupSums

if TYPE_CHECKING:
    from crumple.statistics.sums import Floats

Bounds: TypeAlias = Callable[[float], tuple[float, float]]
"""Low and high, each one-sided at a confidence."""


@dataclass(frozen=True, slots=True)
class Side:
    """A rate, and what it is about.

    Attributes:
        about: see `limits.About`.
        rate: the mean; None where there is no data.
        bounds: how sure it is.
        calls, groups: what it comes from; repetitions of a call are one.
        effective_calls: how many independent calls of equal weight say as much.
        design_effect: how many times the calls it takes because versions of one document go together; None: not known.
        failing: in how many groups there is anything of what must not be.
        share: of the volume that the limit is about.
    """

    about: About
    rate: float | None
    bounds: Bounds
    calls: int = 0
    groups: int = 0
    effective_calls: float = 0.0
    design_effect: float | None = None
    failing: int = 0
    share: float = 1.0


def threshold(limit: Limit) -> float:
    """The largest rate that keeps a limit; of cost, money."""
    share = allowed(limit)
    if share is not None:
        return share
    return 1.0 - limit.bound if limit.metric is Metric.ACCURACY else limit.bound


def nothing(about: About) -> Side:
    """What is known where there is no data."""
    return Side(about, None, lambda confidence: (0.0, math.inf))


def sides(limit: Limit, cells: Sequence[tuple[float, Cell]], share: float = 1.0) -> tuple[Side, Side]:
    """About these documents, and about documents like these.

    Args:
        limit: what it is for.
        cells: what was observed, with weights that come to 1.
        share: of the volume that this is.

    Source: the effective number of calls that do not weigh the same: L. Kish, "Survey Sampling" (1965), section 11.7;
    of calls in groups: see `crumple.statistics.clustered`.
    """
    if not cells:
        return nothing(THESE), nothing(LIKE_THESE)
    counts = [cell.calls.times for _, cell in cells]
    rate = math.fsum(
        weight * math.fsum(cell.totals.values()) / count for (weight, cell), count in zip(cells, counts, strict=True)
    )
    kish = 1 / math.fsum(weight**2 / count for (weight, _), count in zip(cells, counts, strict=True))
    squares = math.fsum(weight * cell.squares / count for (weight, cell), count in zip(cells, counts, strict=True))
    groups = _groups(cells, counts, kish)
    variance = squares - rate * rate
    variance = 0.0 if variance < 1e-12 * squares else variance  # what is always the same differs by arithmetic
    if limit.metric is Metric.COST:
        one, other = _money(rate, kish, variance, groups)
        known = together(_halves(groups)).effective(limit.confidence)
    else:
        rate = min(1.0, rate)
        gathered = together(groups)
        one, other = _shares(limit, rate, kish, variance, gathered)
        known = gathered.effective(limit.confidence)
    calls = sum(counts)
    size = kish if limit.metric is Metric.COST else known.effective_calls
    return (
        Side(THESE, rate, one, calls, len(groups), kish, None, known.failing, share),
        Side(LIKE_THESE, rate, other, calls, len(groups), size, known.design_effect, known.failing, share),
    )


def _groups(cells: Sequence[tuple[float, Cell]], counts: Sequence[int], kish: float) -> Floats:
    """Of each group the weight of its calls and of what was observed in them; the weights come to Kish's number."""
    sums = GroupSums()
    for (weight, cell), count in zip(cells, counts, strict=True):
        each = weight / count * kish
        sums.add(each, *cell.calls.parts())
        sums.see(each, list(cell.totals), list(cell.totals.values()))
    return sums.pairs()


def _halves(groups: Floats) -> Floats:
    """Amounts as shares of twice the largest, for their design effect, which does not depend on the unit."""
    import numpy as np

    calls, totals = groups.T
    return np.column_stack([calls, totals / (float((totals / calls).max()) or 1.0) / 2])


def _shares(limit: Limit, rate: float, kish: float, variance: float, groups: Together) -> tuple[Bounds, Bounds]:
    def one(confidence: float) -> tuple[float, float]:
        if limit.metric is Metric.ACCURACY:
            count = math.floor(kish + 1e-9)
            return bounded_interval(Moments(count, rate, variance * count), confidence)
        return clopper_pearson(rate * kish, kish, confidence)

    def other(confidence: float) -> tuple[float, float]:
        return interval(groups.effective(confidence), confidence)

    return one, other


def _money(mean: float, kish: float, variance: float, groups: Floats) -> tuple[Bounds, Bounds]:
    number = len(groups)
    # Of the ratio of two sums, by linearisation: scaled so that the moments' own variance of the mean is this.
    spread = float(((groups[:, 1] - mean * groups[:, 0]) ** 2).sum()) / kish**2

    def one(confidence: float) -> tuple[float, float]:
        count = math.floor(kish + 1e-9)
        return anytime_bounds(Moments(count, mean, variance * count), confidence)

    def other(confidence: float) -> tuple[float, float]:
        if number < 2:
            return -math.inf, math.inf
        return anytime_bounds(Moments(number, mean, spread * number * number), confidence)

    return one, other


def production_sides(limit: Limit, sample: Sample) -> tuple[Side, Side]:
    """The same of production, by the mix."""
    parts = parts_of(sample)
    return (
        _by_mix(THESE, limit, lambda confidence: these(parts, confidence)),
        _by_mix(LIKE_THESE, limit, lambda confidence: like_these(parts, confidence)),
    )


def _by_mix(about: About, limit: Limit, estimate: Callable[[float], Estimate | None]) -> Side:
    known = estimate(limit.confidence)
    if known is None:
        return nothing(about)

    def bounds(confidence: float) -> tuple[float, float]:
        found = estimate(confidence)
        return (found.low, found.high) if found is not None else (0.0, math.inf)

    effect = known.design_effect if about == LIKE_THESE else None
    return Side(
        about,
        known.rate,
        bounds,
        known.calls,
        known.groups,
        known.effective_calls,
        effect,
        share=known.share,
    )


def percentile(
    parts: Sequence[tuple[float, Timings]], share: float, calls: float, confidence: float
) -> tuple[float | None, float | None, float | None]:
    """Of latency, in seconds: the value that a share of the calls exceeds, and its bounds, each one-sided.

    None stands for what is beyond the longest call that came back. The bounds are those of the share of slower calls,
    read at each latency: they never contradict the decision that is made on that share.

    Args:
        parts: (weight, timings).
        share: of slower calls, 0.05 for the 95th percentile.
        calls: how many independent calls of equal weight they are worth.
        confidence: of each bound.

    Source: W. J. Conover, "Practical Nonparametric Statistics" (1999), section 3.2: bounds of a quantile by inverting
    the test of the share beyond it.
    """
    figure = low = high = None
    if calls <= 0:
        return figure, low, high
    sure = True
    for shortest, seconds, longer in tail(parts):
        lower, upper = clopper_pearson(min(1.0, longer) * calls, calls, confidence)
        if sure and lower <= share:
            low, sure = (shortest if math.isfinite(shortest) else None), False
        if figure is None and longer <= share + 1e-12 and math.isfinite(seconds):
            figure = seconds
        if high is None and upper <= share and math.isfinite(seconds):
            high = seconds
    return figure, low, high
