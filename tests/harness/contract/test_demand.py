"""How many calls a limit takes, told beforehand: what is promised is what then decides."""

from __future__ import annotations

import math

import pytest

from crumple.contract.demand import BLOCK, demand, likely
from crumple.contract.limits import LIKE_THESE, THESE, Limit, Metric
from crumple.contract.limits import State as Outcome
from crumple.contract.streams import Stream, decide
from crumple.statistics.means import FEWEST
from crumple.statistics.rates import clopper_pearson


def limit(metric: str, bound: float, **more: object) -> Limit:
    return Limit(of="scan", metric=Metric(metric), bound=bound, **more)  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize(
    ("share", "confidence", "calls"), [(0.1, 0.95, 29), (0.05, 0.95, 59), (0.02, 0.95, 149), (0.01, 0.95, 299)]
)
def test_a_fixed_number_of_calls_is_the_one_that_is_known(share: float, confidence: float, calls: int) -> None:
    assert demand(limit("failures", share, confidence=confidence)).fixed == calls
    assert demand(limit("valid", 1 - share, confidence=confidence)).fixed == calls


def test_latency_is_a_share_of_slow_calls_and_takes_as_many_as_five_per_cent() -> None:
    assert demand(limit("latency_p95", 2.0)) == demand(limit("failures", 0.05))


@pytest.mark.parametrize(
    ("metric", "bound", "good"),
    [("failures", 0.05, 0.0), ("silent", 0.3, 0.0), ("valid", 0.9, 0.0), ("accuracy", 0.9, 1.0)],
)
def test_a_stream_of_as_many_calls_is_met_and_one_of_a_block_fewer_is_not(
    metric: str, bound: float, good: float
) -> None:
    asked = limit(metric, bound)
    needed = demand(asked).watched
    assert needed is not None
    assert needed % BLOCK == 0
    states = []
    for calls in (needed - BLOCK, needed):
        stream = Stream(asked)
        stream.add([good] * calls)
        decide([stream], 1)
        states.append(stream.state)
    assert states == [Outcome.UNDECIDED, Outcome.MET]


def test_accuracy_of_documents_like_these_is_decided_as_a_share_is() -> None:
    needed = demand(limit("accuracy", 0.9, about=LIKE_THESE)).fixed
    assert needed == 29
    assert clopper_pearson(0, needed, 0.95)[1] <= 0.1
    assert (demand(limit("accuracy", 0.9, about=THESE)).fixed or 0) > needed


def test_what_no_number_of_calls_shows_is_said() -> None:
    assert demand(limit("failures", 0.0)).fixed is None
    assert demand(limit("valid", 1.0)).watched is None
    assert demand(limit("failures", 1e-7)).fixed is None
    assert likely(limit("failures", 0.0), 1000, 1) == ()


def test_of_money_only_the_least_is_known() -> None:
    money = demand(limit("cost_mean", 0.01))
    assert money.at_least
    assert money.fixed == money.watched == FEWEST
    assert likely(limit("cost_mean", 0.01), 1000, 1) == ()


def test_likely_rates_are_a_good_system_and_two_bad_ones() -> None:
    good, double, fourfold = likely(limit("failures", 0.05), 100, 1)
    assert [each.rate for each in (good, double, fourfold)] == pytest.approx([0.0125, 0.1, 0.2])
    assert good.foreseen.met > 0.99
    assert double.foreseen.broken > 0.94
    assert fourfold.foreseen.mean < double.foreseen.mean
    assert good.within.undecided > good.foreseen.undecided, "100 calls are fewer than it takes"
    assert fourfold.within.mean <= 100


def test_rates_beyond_all_calls_are_left_out() -> None:
    assert [round(each.rate, 3) for each in likely(limit("failures", 0.4), 100, 1)] == [0.1, 0.8]
    (only,) = likely(limit("accuracy", 0.5), 100, 1)
    assert math.isclose(only.rate, 0.125)
