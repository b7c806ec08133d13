"""How many calls it takes to decide a limit, told beforehand. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from crumple.contract.limits import LIKE_THESE, Limit, Metric
from crumple.contract.observing import allowed
from crumple.statistics.means import FEWEST, Bets, Moments, bounded_interval
from crumple.statistics.rates import calls_to_certify
from crumple.statistics.sequential import Foreseen, calls_to_decide, log_evidence_met

MOST: Final = 100_000
"""More calls than this are not asked for in earnest."""
LIKELY: Final = (0.25, 2.0, 4.0)
"""Rates that are worth a thought, as multiples of what is allowed: a good system, and two that are not good enough."""
BLOCK: Final = 8
"""How many calls an open limit gets between two looks: few, so that it is not called for long once it is decided."""
_LOOKS = 1000


@dataclass(frozen=True, slots=True)
class Demand:
    """How many calls a limit takes before it is met where nothing speaks against it; None: more than can be said.

    Attributes:
        fixed: looked at once, at the end.
        watched: looked at after every few calls.
        at_least: whether that is only the least, and what calls show decides how many it is: means of money.
    """

    fixed: int | None
    watched: int | None
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Likely:
    """What comes of a limit at a rate.

    Attributes:
        rate: of what must not be: failures, answers that do not keep to the schema, what accuracy lacks.
        foreseen: with as many calls as it takes.
        within: with the calls that there are.
    """

    rate: float
    foreseen: Foreseen
    within: Foreseen


def share_of(limit: Limit) -> float | None:
    """The share of what must not be that a limit allows; of accuracy what may be lacking; None of money."""
    return 1.0 - limit.bound if limit.metric is Metric.ACCURACY else allowed(limit)


def demand(limit: Limit) -> Demand:
    """How many calls it takes where nothing speaks against a limit."""
    share = share_of(limit)
    if share is None:
        return Demand(FEWEST, FEWEST, at_least=True)
    if share <= 0:
        return Demand(None, None)
    enough = -math.log1p(-limit.confidence)
    if limit.metric is Metric.ACCURACY:
        # Of documents like these the bound is by their effective number, as that of a share is.
        return Demand(
            _earnest(calls_to_certify(share, limit.confidence))
            if limit.about == LIKE_THESE
            else _first(lambda calls: bounded_interval(Moments(calls, 1.0, 0.0), limit.confidence)[0] >= limit.bound),
            _whole(_first(lambda calls: _all_right(limit.bound, calls) >= enough)),
        )
    return Demand(
        _earnest(calls_to_certify(share, limit.confidence)),
        _whole(_first(lambda calls: log_evidence_met(0, calls, share) >= enough)),
    )


def _whole(calls: int | None) -> int | None:
    """Rounded up to where one looks."""
    return None if calls is None else -(-calls // BLOCK) * BLOCK


def _earnest(calls: int) -> int | None:
    return calls if calls <= MOST else None


def _all_right(bound: float, calls: int) -> float:
    """The evidence of so many answers that are wholly right."""
    import numpy as np

    bets = Bets(bound)
    bets.add(np.ones(calls))
    return bets.log_met_at_least


def _first(suffice: Callable[[int], bool]) -> int | None:
    """The smallest number of calls that suffices; None beyond what is asked for in earnest."""
    high = 1
    while not suffice(high):
        high *= 2
        if high > 2 * MOST:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if suffice(middle) else (middle, high)
    return _earnest(high)


def likely(limit: Limit, calls: int, family: int) -> tuple[Likely, ...]:
    """What comes of a limit that is watched, at rates that are worth a thought; () of money.

    Scores are taken as all right or all wrong: then their mean takes longest.

    Args:
        limit: what is to be decided.
        calls: how many there are for it.
        family: how many limits the contract has; that one is broken is said with all of them in mind.
    """
    share = share_of(limit)
    if share is None or share <= 0:
        return ()
    rates = [rate for each in LIKELY if (rate := share * each) < 1]
    ample = min(MOST, max(1000, int(60 / share)))

    def foreseen(rate: float, cap: int) -> Foreseen:
        return calls_to_decide(rate, share, limit.confidence, block=max(BLOCK, cap // _LOOKS), cap=cap, family=family)

    return tuple(Likely(rate, foreseen(rate, ample), foreseen(rate, min(calls, ample))) for rate in rates)
