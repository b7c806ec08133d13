"""A rate watched while calls come in: evidence that holds however often one looks.

Evidence is the factor by which a bet against a claim has multiplied its stake. If the claim holds, it ever reaches
1 / alpha with a probability of at most alpha: so a limit is met, or broken, as soon as the logarithm of the evidence
for that reaches log(1 / alpha), and looking costs nothing.

Calls that come in rounds, each call from another stratum, are looked at when the round ends: the product of bets over
strata that were drawn without replacement is worth no more on average than over calls at their mean rate.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

from crumple.statistics.distributions import beta_above, beta_below, log_beta
from crumple.statistics.rates import check_confidence

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from crumple.statistics.distributions import Numbers

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]


@overload
def log_evidence_met(
    failures: float, calls: float, limit: float, *, prior: tuple[float, float] | None = None
) -> float: ...
@overload
def log_evidence_met(
    failures: Floats, calls: Floats, limit: float, *, prior: tuple[float, float] | None = None
) -> Floats: ...
def log_evidence_met(
    failures: Numbers, calls: Numbers, limit: float, *, prior: tuple[float, float] | None = None
) -> Numbers:
    """The logarithm of the evidence that the rate is below the limit; 0 or less: there is none.

    It is the mean of the bets (p / limit)^failures ((1 - p) / (1 - limit))^(calls - failures) over rates p below the
    limit that are distributed as Beta(a, b).

    Args:
        failures: how many calls failed; a call may count in part, which makes the evidence weaker, never too strong.
        calls: how many there were. Arrays are taken as well, element by element.
        limit: the largest rate that is allowed.
        prior: a and b of the rates that are bet on; by default their mean is about half the limit, which decides with
            the fewest calls at limits from 0.5 to 50 % (`python -m benchmarks.statistics` has the figures).

    Source: H. Robbins, "Statistical methods related to the law of the iterated logarithm", Annals of Mathematical
    Statistics 41 (1970), 1397-1409 (mixtures of likelihood ratios); S. R. Howard, A. Ramdas, J. McAuliffe, J. Sekhon,
    "Time-uniform, nonparametric, nonasymptotic confidence sequences", Annals of Statistics 49 (2021), 1055-1080
    (the one-sided beta-binomial mixture).

    Raises:
        ValueError: the limit is not in [0, 1].
    """
    _check_limit(limit)
    a, b = prior or prior_below(limit)
    return _log_evidence(failures, calls, limit, a, b, beta_below)


@overload
def log_evidence_broken(
    failures: float, calls: float, limit: float, *, prior: tuple[float, float] | None = None
) -> float: ...
@overload
def log_evidence_broken(
    failures: Floats, calls: Floats, limit: float, *, prior: tuple[float, float] | None = None
) -> Floats: ...
def log_evidence_broken(
    failures: Numbers, calls: Numbers, limit: float, *, prior: tuple[float, float] | None = None
) -> Numbers:
    """The logarithm of the evidence that the rate is above the limit; 0 or less: there is none.

    Arguments, source and errors: as `log_evidence_met`, with rates above the limit, by default about its double.
    """
    _check_limit(limit)
    a, b = prior or prior_above(limit)
    return _log_evidence(failures, calls, limit, a, b, beta_above)


def _log_evidence(
    failures: Numbers, calls: Numbers, limit: float, a: float, b: float, side: Callable[..., Numbers]
) -> Numbers:
    """The evidence for rates on one side of the limit: the share of Beta(a, b) there."""
    import numpy as np

    s, n = np.asarray(failures, float), np.asarray(calls, float)
    if limit in (0, 1):
        # Only one call of the other kind can speak against a rate of 0, or of 1, and then it says all.
        refuted = s > 0 if limit == 0 and side is beta_above else (s < n) & (limit == 1) & (side is beta_below)
        evidence = np.where(refuted, np.inf, 0.0)
    else:
        mass = side(a, b, limit)
        if not mass:  # nothing was bet on that side, so far out that it cannot be told from nothing
            return 0.0 * (s if s.ndim else float(s))
        with np.errstate(divide="ignore"):
            inside = np.log(side(a + s, b + n - s, limit)) - np.log(mass)
        stake = s * math.log(limit) + (n - s) * math.log1p(-limit)
        evidence = log_beta(a + s, b + n - s) - log_beta(a, b) + inside - stake
    return evidence if evidence.ndim else float(evidence)


def _check_limit(limit: float) -> None:
    if not 0 <= limit <= 1:
        raise ValueError(f"a limit on a rate is in [0, 1], got {limit}")


def prior_below(limit: float) -> tuple[float, float]:
    """Beta's a and b of the rates that are bet on below a limit: their mean is limit / (2 - limit)."""
    return 1.0, 2 * (1 - limit) / max(limit, 1e-300)


def prior_above(limit: float) -> tuple[float, float]:
    """Beta's a and b of the rates that are bet on above a limit: their mean is 2 limit / (1 + limit)."""
    return 3.0, 1.5 * (1 - limit) / max(limit, 1e-300)


def bounds(failures: float, calls: float, confidence: float, *, near: float = 0.05) -> tuple[float, float]:
    """The bounds of a rate, each one-sided at the confidence, that hold however often they are looked at.

    (0, 1) where there were no calls.

    Args:
        failures: how many calls failed.
        calls: how many there were.
        confidence: of each bound.
        near: at about which rate they are to be narrowest. With a limit here, they never contradict what is decided
            about it: the lower bound is at the limit or above exactly where it is broken, the upper one at it or below
            exactly where it is met.

    Source: as `log_evidence_met`.

    Raises:
        ValueError: a confidence that is not in (0, 1).
    """
    check_confidence(confidence)
    if calls <= 0:
        return 0.0, 1.0
    enough, rate = -math.log1p(-confidence), min(1.0, failures / calls)
    below, above = (prior_below(near), prior_above(near)) if 0 < near < 1 else (None, None)
    low = _edge(0.0, rate, lambda limit: log_evidence_broken(failures, calls, limit, prior=above) >= enough)
    high = _edge(1.0, rate, lambda limit: log_evidence_met(failures, calls, limit, prior=below) >= enough)
    return low, high


def boundaries(
    calls: Sequence[int] | Whole, limit: float, confidence: float, *, family: float = 1.0
) -> tuple[Whole, Whole]:
    """At which numbers of failures a stream is decided, after so many calls.

    Args:
        calls: at which numbers of calls it is looked at.
        limit: the largest rate that is allowed.
        confidence: of both decisions.
        family: among how many limits a broken one is said (the hardest case of Holm's procedure).

    Returns:
        Met at most at so many failures (-1: it cannot be yet), broken at least at so many (calls + 1: likewise).

    Source: as `log_evidence_met`.
    """
    import numpy as np

    check_confidence(confidence)
    n = np.asarray(calls, np.int64)
    enough = -math.log1p(-confidence)
    count = n.astype(float)

    def first(holds: Callable[[Floats], NDArray[np.bool_]]) -> Whole:
        """The smallest number of failures in 0..calls at which it holds; calls + 1 where it never does."""
        low, high = np.full(n.shape, -1), n + 1
        while (high - low > 1).any():
            middle = (low + high) // 2
            yes = holds(np.clip(middle, 0, n).astype(float)) & (middle >= 0)
            open_ = high - low > 1
            high, low = np.where(open_ & yes, middle, high), np.where(open_ & ~yes, middle, low)
        return high

    few = first(lambda s: log_evidence_met(s, count, limit) < enough) - 1
    many = first(lambda s: log_evidence_broken(s, count, limit) >= enough + math.log(family))
    return few, many


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What will come of a stream.

    Attributes:
        met: the probability of it.
        broken: likewise.
        undecided: likewise: neither was said when the calls were spent.
        mean: calls until it is decided, or spent.
        ninetieth: calls that are enough nine times in ten.
    """

    met: float
    broken: float
    undecided: float
    mean: float
    ninetieth: float


def calls_to_decide(
    rate: float, limit: float, confidence: float, *, block: int = 8, cap: int = 1000, family: float = 1.0
) -> Foreseen:
    """What comes of a stream of calls that fail at a rate, watched at the end of each block, up to a cap.

    Worked out exactly, block by block, from the binomial distribution of the failures of streams that are still open.

    Args:
        rate: how often a call fails.
        limit: the largest rate that is allowed.
        confidence: of both decisions.
        block: calls from one look to the next.
        cap: calls that there are; the last block is shorter where it does not divide them.
        family: among how many limits a broken one is said.

    Source: as `log_evidence_met`; P. Armitage, C. K. McPherson, B. C. Rowe, "Repeated significance tests on
    accumulating data", Journal of the Royal Statistical Society A 132 (1969), 235-244 (the recursion).

    Raises:
        ValueError: a rate outside [0, 1], a block of no calls, or a confidence that is none.
    """
    import numpy as np

    if not 0 <= rate <= 1 or block < 1 or cap < 0:
        raise ValueError(f"cannot foresee a rate of {rate} in blocks of {block} up to {cap} calls")
    looks = [*range(block, cap, block), cap] if cap else []
    few, many = boundaries(looks, limit, confidence, family=family)
    still, first = np.ones(1), 0  # how likely an open stream has first, first + 1, ... failures
    met = broken = mean = 0.0
    ninetieth, before = float(cap), 0
    for calls, low, high in zip(looks, few.tolist(), many.tolist(), strict=True):
        mean += float(still.sum()) * (calls - before)
        still = np.convolve(still, _binomial(calls - before, rate))
        below, above = max(0, low + 1 - first), max(0, high - first)
        met += float(still[:below].sum())
        broken += float(still[above:].sum())
        still, first, before = still[below:above], first + below, calls
        if met + broken >= 0.9:
            ninetieth = min(ninetieth, calls)
        if still.sum() < 1e-12:
            break
    return Foreseen(met, broken, max(0.0, 1.0 - met - broken), mean, ninetieth)


def _binomial(draws: int, share: float) -> Floats:
    import numpy as np

    return np.array([math.comb(draws, k) * share**k * (1 - share) ** (draws - k) for k in range(draws + 1)])


def _edge(outside: float, inside: float, decided: Callable[[float], bool]) -> float:
    """How far from `outside` towards `inside` it is decided."""
    for _ in range(50):
        middle = (outside + inside) / 2
        if decided(middle):
            outside = middle
        else:
            inside = middle
    return outside
