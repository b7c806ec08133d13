"""Latency and money beside the baseline."""

from __future__ import annotations

import numpy as np
import pytest

from crumple.nightly.amounts import latency, money
from crumple.nightly.baseline import Call
from crumple.nightly.pairs import Pair
from crumple.recipe import Recipe


def pair(before: float, now: float, *, failed: bool = False, free: bool = True) -> Pair:
    then = Call(case="a", recipe=Recipe(()), seconds=before, cost=0 if free else before)
    return Pair(then, Call(case="a", recipe=Recipe(()), seconds=now, cost=0 if free else now, failure=failed))


def noisy(factor: float, count: int = 60) -> list[Pair]:
    drawn = np.random.default_rng(2).lognormal(-1, 0.2, (count, 2)).tolist()
    return [pair(before, factor * now) for before, now in drawn]


@pytest.mark.parametrize(("factor", "state"), [(2.0, "slower"), (0.5, "faster"), (1.02, "same"), (1.1, "same")])
def test_a_fifth_more_or_less_beyond_chance_is_told(factor: float, state: str) -> None:
    found = latency(noisy(factor)).amount()
    assert found is not None
    assert found.state == state
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.ratio < found.high
    assert found.low < factor * 1.05
    assert found.high > factor * 0.95


def test_what_is_certain_but_small_is_the_same() -> None:
    found = latency([pair(1.0, 1.1)] * 400).amount()
    assert found is not None
    assert (found.state, found.ratio) == ("same", pytest.approx(1.1))
    assert found.p < 1e-9


def test_milliseconds_of_a_timer_are_the_same() -> None:
    found = latency([pair(0.0004, 0.0009)] * 400).amount()
    assert found is not None
    assert found.state == "same"


def test_few_pairs_are_unknown_and_have_no_interval() -> None:
    found = latency([pair(1.0, 5.0)] * 5).amount()
    assert found is not None
    assert (found.state, found.pairs, found.low, found.high) == ("unknown", 5, None, None)


def test_calls_that_failed_say_nothing_of_how_long_it_takes() -> None:
    found = latency([*noisy(1.0), *[pair(1.0, 60.0, failed=True)] * 500]).amount()
    assert found is not None
    assert (found.state, found.pairs) == ("same", 60)
    assert latency([pair(1.0, 60.0, failed=True)]).amount() is None


def test_money_that_is_the_same_for_every_call_is_compared_exactly() -> None:
    found = money([pair(0.004, 0.006, free=False)] * 20).amount()
    assert found is not None
    assert found.to_json() == {
        "state": "dearer",
        "pairs": 20,
        "before": 0.004,
        "now": 0.006,
        "ratio": pytest.approx(1.5),
        "low": pytest.approx(1.5),
        "high": pytest.approx(1.5),
        "p": pytest.approx(0.5**19),
    }
    cheaper = money([pair(0.006, 0.003, free=False)] * 20).amount()
    assert cheaper is not None
    assert cheaper.state == "cheaper"


def test_calls_that_cost_nothing_have_no_money_to_compare() -> None:
    assert money([pair(1.0, 1.0)] * 20).amount() is None
