"""Whether each limit is met, broken or undecided, from what a ledger holds. Pure.

A limit is met at its own confidence. That one is broken is said with all of them in mind (Holm): of twenty limits that
are kept, one looks broken by chance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from crumple.contract import lacking
from crumple.contract.amounts import percent, same
from crumple.contract.ledger import Basis, Ledger
from crumple.contract.limits import CLEAN, LIKE_THESE, PRODUCTION, THESE, Limit, Metric, State
from crumple.contract.weighing import Side, nothing, percentile, production_sides, sides, threshold
from crumple.events import Standing
from crumple.statistics.multiple import holm

Seconds: TypeAlias = tuple[float | None, float | None, float | None]
Method: TypeAlias = Literal["one-shot", "sequential", "census"]
_LEAST, _MOST = 1e-9, 0.45
"""Between which p-values are told apart: more is no evidence, and less no better."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What has come out for a limit.

    Attributes:
        limit: which.
        state: met, broken or undecided.
        method: how it was decided: by a fixed number of calls, watched as they came, or by trying all there are.
        side: the figures that decide, about what the limit is about.
        other: those about the other of these documents and documents like these.
        low, high: bounds of the rate, each one-sided at the limit's confidence.
        seconds: of a limit on latency, the 95th percentile and its bounds; None where it is not known.
        other_seconds: the same, about the other.
        decided_after: with how many calls, where they were watched.
        why: of an undecided one, what it lacks.
        left_out: mutators that it would be about, were they not newer than the pin.
    """

    limit: Limit
    state: State
    method: Method
    side: Side
    other: Side
    low: float
    high: float
    seconds: Seconds = (None, None, None)
    other_seconds: Seconds = (None, None, None)
    decided_after: int | None = None
    why: str = ""
    left_out: tuple[str, ...] = ()


def decisions(ledger: Ledger, *, over: bool = True, void: bool = False) -> list[Decision]:
    """What has come out for every limit, in the order of the contract.

    Args:
        ledger: of the run.
        over: whether the run came to its end; before, a fixed number of calls decides nothing, for one that is stopped
            at a moment of one's choosing can be made to say anything.
        void: whether the run says nothing about the system; then only what clean documents showed is held against it.
    """
    limits = ledger.contract.limits
    open_ones = [_figures(ledger, number) for number in range(len(limits))]
    ratios = [_against(each) for each in open_ones]
    family = [at for at, ratio in enumerate(ratios) if ratio is not None]
    rejected = holm([ratio for ratio in ratios if ratio is not None])
    broken = {at for at, each in zip(family, rejected, strict=True) if each}
    settled = [_settled(each, broken=at in broken, family=len(family), over=over) for at, each in enumerate(open_ones)]
    for at, why in ledger.contract.partial.items():  # the command line left out some of what it is about
        settled[at] = replace(settled[at], state=State.UNDECIDED, decided_after=None, why=why)
    return [_unsound(each) for each in settled] if void else settled


def _figures(ledger: Ledger, number: int) -> Decision:
    """The figures of a limit, undecided unless they were watched, or are all there are."""
    limit = ledger.contract.limits[number]
    basis = _basis(ledger, limit)
    found = _sides(ledger, limit, basis)
    side, other = found if limit.about == THESE else found[::-1]
    standing = ledger.standings.get(number)
    if standing is not None:
        return _watched(limit, standing, side, other, basis)
    all_tried = (
        limit.of == CLEAN and limit.about == THESE and side.rate is not None and side.calls == ledger.corpus_cases
    )
    if all_tried and side.rate is not None:
        kept = side.rate <= threshold(limit) or same(side.rate, threshold(limit))
        state = State.MET if kept else State.BROKEN
        rate = side.rate
        exact = replace(side, bounds=lambda confidence: (rate, rate))
        figure = _seconds(limit, basis, side)[0]
        beside = _seconds(limit, basis, other)
        return Decision(limit, state, "census", exact, other, rate, rate, (figure, figure, figure), beside)
    low, high = side.bounds(limit.confidence)
    decision = Decision(
        limit,
        State.UNDECIDED,
        "one-shot",
        side,
        other,
        low,
        high,
        seconds=_seconds(limit, basis, side),
        other_seconds=_seconds(limit, basis, other),
        left_out=basis.left_out,
    )
    if side.rate is None:
        return replace(decision, why=lacking.no_data(limit, basis))
    if side.share < 1 - lacking.LITTLE:
        return replace(decision, why=lacking.PART.format(percent(side.share)))
    if basis.unseen or basis.unrun:
        return replace(decision, why=lacking.not_all(basis))
    return decision


def _basis(ledger: Ledger, limit: Limit) -> Basis:
    match limit.of:
        case "clean":
            return ledger.clean(limit)
        case "production":
            return ledger.by_mix(limit)
        case _:
            return ledger.basis(limit)


def _sides(ledger: Ledger, limit: Limit, basis: Basis) -> tuple[Side, Side]:
    if limit.of != PRODUCTION or limit.metric is Metric.COST:
        return sides(limit, basis.cells, basis.share)
    production = ledger.production(limit)
    return production_sides(limit, production) if production else (nothing(THESE), nothing(LIKE_THESE))


def _seconds(limit: Limit, basis: Basis, side: Side) -> Seconds:
    """Of latency, the 95th percentile and its bounds."""
    timings = [(weight, cell.timings) for weight, cell in basis.cells]
    return percentile(timings, threshold(limit), side.effective_calls, limit.confidence)


def _watched(limit: Limit, standing: Standing, side: Side, other: Side, basis: Basis) -> Decision:
    """By its stream: the calls of the whole run were chosen by what they showed, those of the stream were not."""
    low, high, rate = standing.low, standing.high, standing.figure
    if limit.metric is Metric.ACCURACY:
        low, high, rate = 1.0 - high, 1.0 - low, None if rate is None else 1.0 - rate
    state = State(standing.state)
    # What was once sure stays so, whatever came after: bounds that hold throughout may be cut with each other.
    if state is State.MET:
        high = min(high, threshold(limit))
    elif state is State.BROKEN:
        low = max(low, threshold(limit))
    stream = replace(
        side,
        rate=rate,
        bounds=lambda confidence: (low, high),
        calls=standing.calls,
        groups=standing.groups,
        effective_calls=float(standing.calls),
        design_effect=1.0 if limit.about == LIKE_THESE and standing.calls else None,
    )
    why = ""
    if standing.calls and (basis.unseen or basis.unrun):
        state, why = State.UNDECIDED, lacking.not_all(basis)
    elif state is State.UNDECIDED:
        why = standing.why or lacking.OPEN
        why = lacking.no_data(limit, basis) if not standing.calls and not standing.why else why
    return Decision(
        limit,
        state,
        "sequential",
        stream,
        other,
        low,
        high,
        other_seconds=_seconds(limit, basis, other),
        decided_after=None if state is State.UNDECIDED else standing.decided_after,
        why=why,
        left_out=basis.left_out,
    )


def _against(decision: Decision) -> float | None:
    """How likely such figures were if the limit is kept, over what is allowed; None where chance has no part in it."""
    if decision.method == "census":
        return None
    if decision.method == "sequential":  # a run that decides has weighed its streams with all limits in mind
        return 0.0 if decision.state is State.BROKEN else math.inf
    if decision.side.rate is None:
        return 1.0 / decision.limit.alpha
    if decision.low <= threshold(decision.limit):
        return math.inf  # not even alone
    return _chance(decision.side, threshold(decision.limit)) / decision.limit.alpha


def _chance(side: Side, limit: float) -> float:
    """The p-value of a rate of at most the limit: below it the lower bound, at 1 - p, would lie at the limit."""
    few, many = _LEAST, _MOST

    def beyond(alpha: float) -> bool:
        low = side.bounds(1.0 - alpha)[0]
        return low > limit and not same(low, limit)

    if not beyond(many):
        return 1.0
    if beyond(few):
        return few
    while many / few > 1.001:
        middle = math.sqrt(few * many)
        if beyond(middle):
            many = middle
        else:
            few = middle
    return many


def _unsound(decision: Decision) -> Decision:
    """What is left of a decision where the run is void."""
    if decision.state is State.UNDECIDED or (decision.limit.of == CLEAN and decision.state is State.BROKEN):
        return decision
    return replace(decision, state=State.UNDECIDED, decided_after=None, why=lacking.VOID)


def _settled(decision: Decision, *, broken: bool, family: int, over: bool) -> Decision:
    if decision.state is not State.UNDECIDED or decision.side.rate is None:
        return decision
    limit = decision.limit
    if not over and limit.of != CLEAN and decision.why in {"", lacking.OPEN}:
        return replace(decision, why=lacking.STOPPED if decision.method == "sequential" else lacking.INTERRUPTED)
    if decision.why:
        return decision
    if broken:
        return replace(decision, state=State.BROKEN)
    if decision.high <= threshold(limit):
        return replace(decision, state=State.MET)
    alone = decision.low > threshold(limit)
    return replace(decision, why=lacking.AMONG.format(family) if alone else lacking.lacks(limit, decision.side, family))
