"""A rate where calls go together: versions of one document, which fail together more often than by chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crumple.statistics.distributions import t_quantile
from crumple.statistics.rates import check_confidence, clopper_pearson

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

FEWEST_FAILING: Final = 5
"""With fewer groups that fail, how much they go together cannot be told."""
_ADDED: Final = 2.0
_MANY: Final = 1e9


@dataclass(frozen=True, slots=True)
class Effective:
    """What calls in groups say.

    Attributes:
        calls: how many there were.
        groups: in how many groups.
        failing: how many of the groups have failures.
        rate: failures over calls; None where there were no calls.
        design_effect: by how much the variance is larger than that of as many independent calls; None where it is not
            known: fewer than two groups, or no call, or every call, failed.
        effective_calls: how many independent calls say as much. Fewer than calls / design effect: how much calls go
            together is itself only known from the groups that fail.
    """

    calls: float
    groups: int
    failing: int
    rate: float | None
    design_effect: float | None
    effective_calls: float


@dataclass(frozen=True, slots=True)
class Together:
    """Calls in groups, with all that is the same whatever the confidence.

    Attributes:
        calls, groups, failing, rate, design_effect: as of `Effective`.
        by_size: Kish's number of groups, from what each has part in.
        by_failures: the same from the failures of each, or from what did not fail where that is rarer.
    """

    calls: float = 0.0
    groups: int = 0
    failing: int = 0
    rate: float | None = None
    design_effect: float | None = None
    by_size: float = 0.0
    by_failures: float = 0.0

    def effective(self, confidence: float) -> Effective:
        """How many independent calls they are worth; see `effective`."""
        check_confidence(confidence)
        size = min(1.0, self.calls)
        if self.groups > 1:
            size = worth(self.calls, self.by_size, self.by_failures, self.design_effect, confidence)
        return Effective(self.calls, self.groups, self.failing, self.rate, self.design_effect, size)


def together(groups: ArrayLike) -> Together:
    """What is known of calls in groups.

    Args:
        groups: of each its calls and its failures, a row a group; or, where calls weigh differently, the sums of the
            weights of its calls and of its failures, with weights that come to Kish's effective number of calls in all.

    Source: see `effective`.
    """
    import numpy as np

    rows = np.asarray(groups, float).reshape(-1, 2)
    sizes, failed = rows[rows[:, 0] > 0].T
    count, calls = len(sizes), float(sizes.sum())
    if not count:
        return Together()
    failing, rate = int((failed > 0).sum()), min(1.0, float(failed.sum()) / calls)
    if count == 1:
        return Together(calls, 1, failing, rate)
    variance = count / (count - 1) * float(((failed - rate * sizes) ** 2).sum()) / calls**2
    independent = rate * (1 - rate) / calls
    effect = variance / independent if independent > 1e-15 / calls else None
    rarer = min(kish(failed), kish(np.maximum(0.0, sizes - failed)))
    return Together(calls, count, failing, rate, effect, kish(sizes), rarer)


def effective(groups: ArrayLike, confidence: float = 0.95) -> Effective:
    """How many independent calls the calls of some groups are worth.

    Args:
        groups: as `together` takes them.
        confidence: of the bounds that it is for.

    Source: E. L. Korn, B. I. Graubard, "Confidence intervals for proportions with small expected number of positive
    counts estimated from survey data", Survey Methodology 24 (1998), 193-201; the variance of a ratio of two sums by
    linearisation: W. G. Cochran, "Sampling Techniques", third edition (1977), sections 2.11 and 11.7. See `worth` for
    what is done where few groups fail.
    """
    return together(groups).effective(confidence)


def worth(calls: float, groups: float, failing: float, design_effect: float | None, confidence: float) -> float:
    """How many independent calls say as much, by a design effect that is itself not well known.

    The design effect stands for how much calls of a group go together. Where few groups fail, that is seen too small
    just when the rate is: so it is taken as if two failing groups more had been seen whose calls all go together. Where
    fewer than five fail, the groups are what is counted. Without this, bounds of a rate of 5 % in 100 groups of very
    different sizes hold in 88 % of the cases instead of 95 % (`python -m benchmarks.statistics` has the figures).

    Args:
        calls: the effective number of calls, were they independent.
        groups: Kish's number of groups, from what each has part in.
        failing: Kish's number of groups, from the failures of each, or from what did not fail where that is rarer.
        design_effect: None: not known, which counts as calls that all go together.
        confidence: of the bounds that it is for.

    Source: as `effective`: the adjustment by Student's t, with as many degrees of freedom as there are groups of equal
    size, less one. Calls that are one a group are independent, and need neither.
    """
    size = calls / groups
    if size <= 1:
        return float(calls)
    seen = 1.0 if design_effect is None else max(0.0, (design_effect - 1) / (size - 1))
    together = (failing * seen + _ADDED) / (failing + _ADDED)
    adjustment = (t_quantile(confidence, _MANY) / t_quantile(confidence, max(1.0, groups - 1))) ** 2
    found = calls / (1 + (size - 1) * together) * adjustment
    if together * (groups - 1) <= groups:  # calls that all go together are worth one a group: that needs no estimate
        found = max(found, groups)
    return min(found, calls, groups) if failing < FEWEST_FAILING else min(found, calls)


def kish(parts: ArrayLike) -> float:
    """How many parts of equal size say as much as parts of these sizes; 0 of none.

    Source: L. Kish, "Survey Sampling" (1965), section 11.7.
    """
    import numpy as np

    sizes = np.asarray(parts, float)
    squares = float((sizes * sizes).sum())
    return float(sizes.sum()) ** 2 / squares if squares else 0.0


def interval(known: Effective, confidence: float) -> tuple[float, float]:
    """The bounds of the rate of documents like these, each one-sided at the confidence.

    Source: as `effective` and `rates.clopper_pearson`.
    """
    if known.rate is None:
        return 0.0, 1.0
    return clopper_pearson(known.rate * known.effective_calls, known.effective_calls, confidence)
