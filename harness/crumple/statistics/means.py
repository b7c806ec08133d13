"""Means: of money and seconds, which have no upper end, and of scores, which lie in [0, 1]."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crumple.statistics.distributions import beta_below, beta_quantile
from crumple.statistics.rates import check_confidence
from crumple.statistics.sequential import prior_above, prior_below

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FEWEST: Final = 60
"""Below so many values, bounds of a mean without an upper end say nothing: what one call in twenty costs may not have
been met yet."""


@dataclass(frozen=True, slots=True)
class Moments:
    """What is kept of values.

    Attributes:
        count: how many there were.
        mean: theirs; 0 where there are none.
        squares: the sum of the squares of their distances from the mean.
    """

    count: int = 0
    mean: float = 0.0
    squares: float = 0.0

    def with_value(self, value: float) -> Moments:
        """With one more.

        Source: B. P. Welford, "Note on a method for calculating corrected sums of squares and products",
        Technometrics 4 (1962), 419-420.
        """
        mean = self.mean + (value - self.mean) / (self.count + 1)
        return Moments(self.count + 1, mean, self.squares + (value - self.mean) * (value - mean))

    def joined(self, other: Moments) -> Moments:
        """Of both together.

        Source: T. F. Chan, G. H. Golub, R. J. LeVeque, "Algorithms for computing the sample variance", The American
        Statistician 37 (1983), 242-247.
        """
        count = self.count + other.count
        if not count:
            return self
        apart = other.mean - self.mean
        return Moments(
            count,
            self.mean + apart * other.count / count,
            self.squares + other.squares + apart**2 * self.count * other.count / count,
        )


def anytime_bounds(moments: Moments, confidence: float, *, expected: int = 200) -> tuple[float, float]:
    """Bounds of a mean, each one-sided at the confidence, that may be looked at as often as one likes.

    They hold in the limit, for values that are 0 or more; below 60 values they are infinite. No bound from above can
    hold for any distribution: where one call in a hundred costs a hundred times as much, only calls that have met it
    can tell.

    Args:
        moments: of the values so far.
        confidence: of each bound.
        expected: after about how many values they are to be narrowest.

    Source: I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy, A. Ramdas, "Time-uniform central limit theory and
    asymptotic confidence sequences", Annals of Statistics 52 (2024), 2613-2640: the one-sided normal mixture. From
    above, the deviation is taken to grow with the mean, as amounts do: seen too small together they would make the
    bound miss 16 % of the time where 5 % are promised (lognormal values, sigma 1; so it is 5 %).
    """
    check_confidence(confidence)
    if moments.count < FEWEST:
        return -math.inf, math.inf
    alpha, count, mean = 1 - confidence, moments.count, moments.mean
    wish = max(1.0, -2 * math.log(2 * alpha)) if alpha < 0.5 else 1.0
    spread = (wish + math.log(wish) + 1) / expected
    grown = count * spread + 1
    deviation = math.sqrt(max(0.0, moments.squares) / (count - 1))
    # P(Z > x) <= exp(-x^2 / 2) / 2 solves the mixture of the half-normal for its boundary.
    half = deviation * math.sqrt(2 * grown / (count**2 * spread) * math.log(0.5 + math.sqrt(grown) / (2 * alpha)))
    if mean <= 0:
        return mean - half, mean + half
    return mean - half, (mean / (1 - half / mean) if half < mean else math.inf)


def bounded_interval(moments: Moments, confidence: float) -> tuple[float, float]:
    """Bounds of the mean of values in [0, 1], each one-sided at the confidence, for a fixed number of them.

    They hold for any distribution. Each is the better of two, at half of alpha: by the mean alone, exact where all
    values are 0 or 1 and nearly all are the same, and by the variance. (0, 1) where there are no values.

    Source: W. Hoeffding, "Probability inequalities for sums of bounded random variables", Journal of the American
    Statistical Association 58 (1963), 13-30 (equation 2.1); A. Maurer, M. Pontil, "Empirical Bernstein bounds and
    sample-variance penalization", COLT (2009).
    """
    check_confidence(confidence)
    count, mean = moments.count, min(1.0, max(0.0, moments.mean))
    if not count:
        return 0.0, 1.0
    surprise = math.log(2 / (1 - confidence))
    low, high = _hoeffding(mean, surprise / count)
    if count > 1:
        half = math.sqrt(2 * moments.squares / (count - 1) * surprise / count) + 7 * surprise / (3 * (count - 1))
        low, high = max(low, mean - half), min(high, mean + half)
    return low, high


def _hoeffding(mean: float, apart: float) -> tuple[float, float]:
    """How far down and up a mean can be at a divergence from what was seen."""

    def reach(end: float) -> float:
        inside, outside = mean, end
        for _ in range(60):
            middle = (inside + outside) / 2
            if _divergence(mean, middle) <= apart:
                inside = middle
            else:
                outside = middle
        return outside

    return reach(0.0), reach(1.0)


def _divergence(p: float, q: float) -> float:
    """Kullback's and Leibler's, of two coins."""
    heads = p * math.log(p / q) if p > 0 and q > 0 else 0.0 if p <= 0 else math.inf
    tails = (1 - p) * math.log((1 - p) / (1 - q)) if p < 1 and q < 1 else 0.0 if p >= 1 else math.inf
    return heads + tails


class Bets:
    """Evidence about the mean of values in [0, 1] that holds however often one looks.

    A stake is spread over bets on the mean being at least the limit, and another one over bets on it being below; see
    `sequential` for what the evidence is worth, and for rounds. Most of it goes on the bets that `sequential` makes,
    which are right for values that are 0 or 1; the rest on larger ones, for values that lie close together.

    Source: I. Waudby-Smith, A. Ramdas, "Estimating means of bounded random variables by betting", Journal of the Royal
    Statistical Society B 86 (2024), 1-27; a mixture of constant bets is T. M. Cover's universal portfolio.
    """

    __slots__ = ("_above", "_below", "_down", "_seen", "_up", "limit")

    def __init__(self, limit: float) -> None:
        """Bet on either side of a mean, which lies in (0, 1).

        Raises:
            ValueError: it does not.
        """
        if not 0 < limit < 1:
            raise ValueError(f"the limit of a mean of scores is above 0 and below 1, got {limit}")
        self.limit = limit
        self._up, self._down = _bets(1 - limit)
        self._seen: dict[float, int] = {}
        self._above: Floats | float = 0.0
        self._below: Floats | float = 0.0

    def add(self, values: Iterable[float]) -> None:
        """Take the values of a round, which count to the fourth digit, so that what is kept has an end.

        Raises:
            ValueError: one is not in [0, 1].
        """
        new: dict[float, int] = {}
        for value in values:
            if not 0 <= value <= 1:
                raise ValueError(f"a score is in [0, 1], got {value}")
            score = round(float(value), 4)
            new[score] = new.get(score, 0) + 1
        scores, times = _columns(new)
        self._above = self._above + _log_stakes(scores, times, self.limit, self._up)
        self._below = self._below + _log_stakes(1 - scores, times, 1 - self.limit, self._down)
        for score, number in new.items():
            self._seen[score] = self._seen.get(score, 0) + number

    @property
    def log_met_at_least(self) -> float:
        """The logarithm of the evidence that the mean is at least the limit; 0 or less: there is none."""
        return _log_mean(self._above)

    @property
    def log_below(self) -> float:
        """The logarithm of the evidence that the mean is below the limit; 0 or less: there is none."""
        return _log_mean(self._below)

    def bounds(self, confidence: float) -> tuple[float, float]:
        """The bounds of the mean, each one-sided at the confidence, at any time; (0, 1) where there are no values.

        They are the largest limit that would be met, and the smallest that the mean would be said to be below: bounds
        and decisions never contradict each other. They hold for any distribution, also for a fixed number of values.
        """
        check_confidence(confidence)
        if not self._seen:
            return 0.0, 1.0
        enough = -math.log1p(-confidence)
        scores, times = _columns(self._seen)
        return _reach(scores, times, self._up, enough), 1.0 - _reach(1 - scores, times, self._down, enough)


def _bets(lack: float) -> tuple[Floats, Floats]:
    """Bets on a mean that lacks no more than this to 1, and on one that lacks more.

    Each is a share of the largest bet, which would lose all at the worst value. Seven in ten of them are those of
    `sequential`, on rates p of 0 instead of 1: 1 - p / lack, and (p - lack) / (1 - lack).
    """
    import numpy as np

    parts, wide = (np.arange(21) + 0.5) / 21, (np.arange(9) + 0.5) / 9
    a, b = prior_below(lack)
    below = float(beta_below(a, b, lack))
    up = [1 - beta_quantile(part * below, a, b) / lack for part in parts.tolist()]
    a, b = prior_above(lack)
    below = float(beta_below(a, b, lack))
    down = [(beta_quantile(below + part * (1 - below), a, b) - lack) / (1 - lack) for part in parts.tolist()]
    return np.clip([*up, *wide], 0.0, 0.999), np.clip([*down, *wide], 0.0, 0.999)


def _columns(seen: dict[float, int]) -> tuple[Floats, Floats]:
    """The values, and how often each was there."""
    import numpy as np

    return np.fromiter(seen.keys(), float, len(seen)), np.fromiter(seen.values(), float, len(seen))


def _reach(values: Floats, times: Floats, shares: Floats, enough: float) -> float:
    """The largest limit that the mean is at least, by the evidence; the smaller the limit, the more there is."""
    low, high = 0.0, float(values @ times / times.sum())
    for _ in range(40):
        middle = (low + high) / 2
        if middle > 0 and _log_mean(_log_stakes(values, times, middle, shares)) >= enough:
            low = middle
        else:
            high = middle
    return low


def _log_stakes(values: Floats, times: Floats, limit: float, shares: Floats) -> Floats:
    """By what each bet on a mean of at least the limit multiplies its stake."""
    import numpy as np

    gains: Floats = times @ np.log1p((values / limit - 1)[:, None] * shares)
    return gains


def _log_mean(logs: Floats | float) -> float:
    import numpy as np

    top = float(np.max(logs))
    return top + math.log(float(np.mean(np.exp(logs - top))))
