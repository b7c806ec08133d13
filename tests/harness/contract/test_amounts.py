"""How figures are written: briefly, and never on the other side of the limit than they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crumple.contract.amounts import DOWN, NEAREST, UP, amount, percent
from crumple.contract.timings import Timings, tail
from crumple.contract.weighing import percentile


@pytest.mark.parametrize(
    ("value", "beside", "rounding", "shown"),
    [
        (0.124, 0.05, NEAREST, "12.4 %"),
        (0.05, 0.05, NEAREST, "5 %"),
        (0.0504, 0.05, NEAREST, "5.04 %"),
        (0.04996, 0.05, UP, "4.996 %"),
        (0.0911, 0.05, DOWN, "9.1 %"),
        (0.00004, None, NEAREST, "0.004 %"),
        (1 - 0.05, 0.95, NEAREST, "95 %"),
        (0.9999, None, NEAREST, "99.99 %"),
        (0.0, 0.05, NEAREST, "0 %"),
        (0.0000004, 0.05, DOWN, "0 %"),
        (0.0000004, 0.0, DOWN, "0.00004 %"),
        (1.0, 0.05, UP, "100 %"),
    ],
)
def test_shares_in_per_cent(value: float, beside: float | None, rounding: str, shown: str) -> None:
    assert percent(value, beside, rounding=rounding) == shown


@pytest.mark.parametrize(
    ("value", "beside", "shown"),
    [(1.834, 2.0, "1.83"), (2.0004, 2.0, "2.0004"), (0.0042, 0.01, "0.0042"), (1234.5, None, "1,234"), (0.0, 1.0, "0")],
)
def test_seconds_and_money(value: float, beside: float | None, shown: str) -> None:
    assert amount(value, beside) == shown


SHARES = st.integers(0, 10**9).map(lambda number: number / 10**9)


@given(SHARES, SHARES, st.sampled_from([NEAREST, UP, DOWN]))
def test_a_rounded_figure_is_on_the_side_of_the_limit_that_it_is_on(value: float, bound: float, way: str) -> None:
    shown, limit = float(percent(value, bound, rounding=way)[:-2]), float(percent(bound, bound)[:-2])
    assert (shown > limit, shown < limit) == (value > bound, value < bound)
    if way == NEAREST:
        assert (shown == 0, shown == 100) == (value == 0, value == 1)
    assert {UP: shown >= value * 100 - 1e-9, DOWN: shown <= value * 100 + 1e-9}.get(way, True)


@given(st.lists(st.floats(0.001, 100), min_size=20, max_size=200))
def test_a_percentile_is_that_of_the_latencies_within_half_a_per_cent(seconds: list[float]) -> None:
    timings = Timings(2.0)
    for each in seconds:
        timings.add(each)
    figure, low, high = percentile([(1.0, timings)], 0.05, len(seconds), 0.95)
    exact = sorted(seconds)[-(len(seconds) // 20) - 1]
    assert figure == pytest.approx(exact, rel=0.006)
    assert low is not None
    assert low <= exact
    assert high is None or high >= exact
    assert (figure > 2.0) == (sum(each > 2.0 for each in seconds) > 0.05 * len(seconds) + 1e-9)


def test_parts_weigh_what_they_are_said_to() -> None:
    """One part is as heavy as the other, whatever the number of its calls."""
    quick, slow = Timings(), Timings()
    for _ in range(10):
        quick.add(1.0)
    slow.add(5.0)
    assert list(tail([(0.5, quick), (0.5, slow)])) == [(1.0, 1.0, 0.5), (5.0, 5.0, 0.0)]
