"""What an undecided limit lacks: in calls, in documents, or in something to be sure of. Pure."""

from __future__ import annotations

import math
from typing import Final

from crumple.contract.amounts import same
from crumple.contract.ledger import Basis
from crumple.contract.limits import CLEAN, LIKE_THESE, PRODUCTION, Limit, Metric
from crumple.contract.weighing import Side, threshold
from crumple.statistics.means import FEWEST
from crumple.statistics.rates import calls_to_certify, clopper_pearson

OPEN: Final = "the budget was spent before it was decided"
INTERRUPTED: Final = "the run was interrupted, and only a run that came to its end decides; the same command goes on"
VOID: Final = "the run is void, and says nothing about the system"
STOPPED: Final = "the run was interrupted before it was decided; the same command goes on"
AMONG: Final = (
    "it would count as broken alone, but among {} limits one looks broken by chance; a few more calls would tell"
)
TOO_CLOSE: Final = "it is too close to the limit to be told from it"
PART: Final = "figures are known of {} of the volume, and nothing of the rest"
LITTLE: Final = 1e-6
"""A part of the volume so small is arithmetic."""
_MOST: Final = 1_000_000


def no_data(limit: Limit, basis: Basis) -> str:
    """Why nothing is known."""
    if basis.unseen:
        return f"every call of {_named(basis.unseen)} came to nothing, through no fault of the system"
    if basis.left_out:
        return f"{_named(basis.left_out)} changed since the contract was pinned, and nothing else was run"
    if basis.unrun:
        return f"{_named(basis.unrun)}, which the contract was pinned to, was not run"
    match limit.metric:
        case Metric.VALID:
            return "there was no answer to hold to the schema"
        case Metric.FAILURES if limit.of == PRODUCTION:
            return "there is no mix, or nothing that it names was run"
        case _:
            return "no whole round of its calls came to an outcome"


def not_all(basis: Basis) -> str:
    """Why it is not met, whatever the figures are."""
    if basis.unseen:
        return f"nothing is known of {_named(basis.unseen)}: every call of it came to nothing"
    return f"the contract was pinned with {_named(basis.unrun)}, which was not run"


def lacks(limit: Limit, side: Side, family: int) -> str:
    """What it takes to decide it, at the rate that was seen.

    Args:
        limit: which.
        side: its figures, which straddle the limit.
        family: of how many limits it is one.
    """
    bound, rate = threshold(limit), side.rate
    if rate is None or (same(rate, bound) and bound > 0):
        return TOO_CLOSE
    what = _unit(limit, side)
    if limit.metric in (Metric.COST, Metric.ACCURACY):
        return _by_width(limit, side, what)
    if bound <= 0:
        return f"no number of {what} shows that it never happens"
    if rate == 0 and bound < 1:
        needed = calls_to_certify(bound, limit.confidence)
        worth = side.effective_calls / _had(limit, side)
        return f"it needs at least {_number(needed / min(1.0, worth))} {what}, and had {_number(_had(limit, side))}"
    return _about(_needed(limit, rate, bound, family) / side.effective_calls, limit, side, what)


def _needed(limit: Limit, rate: float, bound: float, family: int) -> float:
    """How many independent calls decide it at this rate; infinite beyond a million."""

    def decides(calls: float) -> bool:
        if rate < bound:
            return clopper_pearson(rate * calls, calls, limit.confidence)[1] <= bound
        return clopper_pearson(rate * calls, calls, 1.0 - limit.alpha / family)[0] > bound

    enough = 1.0
    while not decides(enough):
        enough *= 2
        if enough > _MOST:
            return math.inf
    few = enough / 2
    while enough - few > max(1.0, few / 100):
        middle = (few + enough) / 2
        few, enough = (few, middle) if decides(middle) else (middle, enough)
    return enough


def _by_width(limit: Limit, side: Side, what: str) -> str:
    """Where the width of the interval is what goes by the number of calls: it halves with four times as many."""
    low, high = side.bounds(limit.confidence)
    if not math.isfinite(high) or not math.isfinite(low):
        return f"bounds of a mean of money need at least {FEWEST} {what}, and it had {_number(_had(limit, side))}"
    assert side.rate is not None
    apart = abs(threshold(limit) - side.rate)
    width = high - side.rate if side.rate < threshold(limit) else side.rate - low
    return _about((width / apart) ** 2, limit, side, what)


def _about(times: float, limit: Limit, side: Side, what: str) -> str:
    had = _had(limit, side)
    if not math.isfinite(times) or times * had > _MOST:
        return TOO_CLOSE
    return f"at this rate it takes about {_number(_rounded(max(times * had, had + 1)))} {what}, and it had {had:,}"


def _had(limit: Limit, side: Side) -> int:
    return side.groups if limit.about == LIKE_THESE else side.calls


def _unit(limit: Limit, side: Side) -> str:
    if limit.about == LIKE_THESE:
        return "documents like these"
    return "clean documents" if limit.of == CLEAN else "calls"


def _number(number: float) -> str:
    return f"{math.ceil(number - 1e-9):,}"


def _rounded(number: float) -> float:
    """Upwards to two digits that say something; it is an estimate."""
    unit = 10.0 ** max(0, math.floor(math.log10(number)) - 1)
    return math.ceil(number / unit) * unit


def _named(names: tuple[str, ...], most: int = 3) -> str:
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
