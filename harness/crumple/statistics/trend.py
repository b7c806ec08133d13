"""Whether failures of the same calls, night after night, come late: an exact test of trend.

Under "nothing has changed" the nights in which a call failed are any of its nights, each choice as likely as another;
calls have nothing to do with each other. What is added up is, over all calls, the number of pairs of a night in which
it passed and a later one in which it failed. Calls that failed always, or never, say nothing. So how flaky a call is
does not matter, and needs not be the same of any two.

Source: the sum of Mann's and Whitney's statistics over strata (H. B. Mann, D. R. Whitney, "On a test of whether one of
two random variables is stochastically larger than the other", Annals of Mathematical Statistics 18 (1947), 50-60; P.
van Elteren, "On the combination of independent two-sample tests of Wilcoxon", Bulletin of the International Statistical
Institute 37 (1960), 351-361), which is N. Mantel's test of trend ("Chi-square tests with one degree of freedom;
extensions of the Mantel-Haenszel procedure", Journal of the American Statistical Association 58 (1963), 690-700) with
the nights' ranks as scores; with its exact distribution instead of the normal one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

Kinds: TypeAlias = tuple[tuple[int, int, int], ...]

_REACH: Final = 9.0
"""How many standard deviations of the distribution are computed; what lies beyond is bounded."""
_ROUNDING: Final = 1e-13
"""What adding up the distribution may be wrong by, at the most; every p-value is made larger by as much."""


@dataclass(frozen=True, slots=True)
class Trend:
    """Calls whose failures may come late.

    Attributes:
        later: pairs of a night in which a call passed and a later one in which it failed, over all calls.
        pairs: of a night in which a call passed and one in which it failed.
        kinds: nights, failures, and how many calls have so many; without those that always failed, or never.
    """

    later: int
    pairs: int
    kinds: Kinds

    @property
    def p(self) -> float:
        """The probability of failures that come at least so late, if nothing has changed; never too small."""
        return self._p(self.later)

    @property
    def deviations(self) -> float:
        """How many standard deviations later failures come than they would by chance; 0 where none says anything."""
        variance = _variance(self.kinds)
        return (self.later - self.pairs / 2) / math.sqrt(variance) if variance else 0.0

    def at_most(self, share: float) -> float:
        """The largest p-value at most that large that failures of these calls could have had; 0: none."""
        import numpy as np

        tails = self._tails
        if not len(tails):
            return 0.0
        # The tails fall from 1: the first that is small enough is the largest such.
        at = len(tails) - int(np.searchsorted(tails[::-1], share, side="right"))
        if at < len(tails):
            return float(tails[at])
        # Where all that was computed is larger, what lies beyond is: by its bound.
        return 0.0 if self._first + len(tails) > self.pairs else share

    def _p(self, later: int) -> float:
        at = later - self._first
        if at <= 0:
            return 1.0
        return float(self._tails[at]) if at < len(self._tails) else self._beyond

    @property
    def _first(self) -> int:
        """The statistic that the tails begin at: the lowest, or one that is far below the mean."""
        return _first(self.pairs, self.kinds)

    @property
    def _beyond(self) -> float:
        return _beyond(self._first)

    @property
    def _tails(self) -> Floats:
        return _tails(self.pairs, self.kinds)


def _first(pairs: int, kinds: Kinds) -> int:
    return max(0, math.floor(pairs / 2 - _REACH * math.sqrt(_variance(kinds))))


def _variance(kinds: Kinds) -> float:
    return sum(calls * failed * (nights - failed) * (nights + 1) / 12 for nights, failed, calls in kinds)


def _beyond(first: int) -> float:
    """What lies further out than the tails do, at the most.

    The statistic is a difference of sums of uniform variables in its cumulants, and no heavier in its tails than a
    normal variable of its variance: x^2 / 6 - log(sinh x / x) grows with x.
    """
    return math.exp(-(_REACH**2) / 2) + _ROUNDING if first else 0.0


@lru_cache(maxsize=64)
def _tails(pairs: int, kinds: Kinds) -> Floats:
    """The probabilities of at least `_first`, `_first` + 1, and so on, each a little too large."""
    import numpy as np

    if not kinds:
        return np.ones(1)
    first = _first(pairs, kinds)
    width = pairs - 2 * first + 1
    longest = max(failed * (nights - failed) + 1 for nights, failed, _ in kinds)
    size = 1 << max(8, width.bit_length(), longest.bit_length())
    spectrum = np.ones(size // 2 + 1, complex)
    for nights, failed, calls in kinds:
        spectrum *= np.fft.rfft(_choices(nights, failed), size) ** calls
    # Round the circle come what lies outside of the window too, which can only make a tail larger.
    mass = np.roll(np.fft.irfft(spectrum, size), -(first % size))[:width]
    tails = np.cumsum(np.maximum(mass, 0.0)[::-1])[::-1] + _ROUNDING + _beyond(first)
    return np.minimum(tails, 1.0)


def trend(failed: Flags, there: Flags) -> Trend:
    """Put calls and nights into a test of trend.

    Args:
        failed: whether a call, a row, failed in a night, a column; the oldest night first.
        there: whether it was called in it.
    """
    import numpy as np

    failed = failed & there
    passed = there & ~failed
    failures, nights = failed.sum(1), there.sum(1)
    says = (failures > 0) & (failures < nights)
    later = int((failed * passed.cumsum(1)).sum())
    most = there.shape[1] + 1
    kinds, calls = np.unique(nights[says] * most + failures[says], return_counts=True)
    # A distribution is the same with failures and passes exchanged.
    counted: dict[tuple[int, int], int] = {}
    for both, count in zip(kinds.tolist(), calls.tolist(), strict=True):
        of, some = divmod(both, most)
        kind = of, min(some, of - some)
        counted[kind] = counted.get(kind, 0) + count
    pairs = int((failures * (nights - failures)).sum())
    return Trend(later, pairs, tuple(sorted((*kind, count) for kind, count in counted.items())))


@lru_cache(maxsize=1024)
def _choices(nights: int, failed: int) -> Floats:
    """The probability of each number of pairs in order, where any choice of nights is as likely as another.

    Source: Mann and Whitney, as above: of n and m things, f(n, m, u) = f(n - 1, m, u - m) + f(n, m - 1, u); counted by
    adding one night after the other, whole numbers below 2^53.
    """
    import numpy as np

    passed = nights - failed
    counts = np.zeros((failed + 1, failed * passed + 1))
    counts[0, 0] = 1
    for night in range(nights):
        for already in range(min(failed, night + 1), 0, -1):
            before = night - (already - 1)
            if before <= passed:
                counts[already, before:] += counts[already - 1, : counts.shape[1] - before]
    found: Floats = counts[failed] / math.comb(nights, failed)
    return found
