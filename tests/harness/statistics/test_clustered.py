"""Rates of calls that go together."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crumple.statistics.clustered import effective, interval, kish, together, worth
from crumple.statistics.rates import clopper_pearson, wilson

ALIKE = [(10.0, 0.0)] * 12 + [(10.0, 10.0)] * 8


def test_the_design_effect_is_that_of_the_textbook() -> None:
    """By hand: 4 groups of 5 calls, 4, 1, 0 and 0 failures; rate 1/4, residuals 2.75, -0.25, -1.25, -1.25 of 20 calls.

    The variance is 4/3 (7.5625 + 0.0625 + 1.5625 + 1.5625) / 400 = 0.0358333, against 0.25 x 0.75 / 20 = 0.009375.
    """
    known = effective([(5, 4), (5, 1), (5, 0), (5, 0)])
    assert known.design_effect == pytest.approx(0.0358333 / 0.009375, rel=1e-4)
    assert (known.calls, known.groups, known.failing, known.rate) == (20, 4, 2, 0.25)


def test_the_effective_number_of_calls_is_worked_by_hand() -> None:
    """A design effect of 3 in groups of 5: intraclass correlation 0.5. With 9 failing groups and two more that go
    together, (9 x 0.5 + 2) / 11 = 0.590909; 500 / (1 + 4 x 0.590909) = 148.649; t(99) is 1.66039, the normal's 1.64485.
    """
    assert worth(500, 100, 9, 3.0, 0.95) == pytest.approx(148.649 * (1.64485 / 1.66039) ** 2, rel=1e-4)


def test_calls_that_all_go_together_are_worth_one_a_group() -> None:
    known = effective(ALIKE)
    assert known.effective_calls == pytest.approx(20, rel=0.05)
    assert known.design_effect == pytest.approx(10.5, rel=0.01)


def test_one_call_a_group_is_as_good_as_independent() -> None:
    known = effective([(1, 0)] * 57 + [(1, 1)] * 2)
    assert known.effective_calls == 59
    assert interval(known, 0.95) == clopper_pearson(2, 59, 0.95)


@pytest.mark.parametrize("calls", [1, 3, 20])
def test_without_failures_groups_count_however_many_calls_each_has(calls: int) -> None:
    known = effective([(calls, 0)] * 59)
    assert known.design_effect is None or calls == 1
    assert interval(known, 0.95) == (0.0, clopper_pearson(0, 59, 0.95)[1])


def test_where_everything_fails_groups_count_as_well() -> None:
    assert interval(effective([(20, 20)] * 15), 0.95) == (pytest.approx(clopper_pearson(15, 15, 0.95)[0]), 1.0)


def test_fewer_than_five_failing_groups_are_too_few_to_tell_how_much_they_go_together() -> None:
    few = effective([(10, 1)] * 4 + [(10, 0)] * 36)
    assert few.effective_calls == 40
    more = effective([(10, 1)] * 8 + [(10, 0)] * 32)
    assert 40 < more.effective_calls < 400


def test_groups_of_different_sizes_are_worth_fewer() -> None:
    assert kish([1, 1, 1, 1]) == 4
    assert kish([3, 1]) == pytest.approx(1.6)
    assert kish([]) == 0
    assert effective([(100, 0)] + [(1, 0)] * 58).effective_calls < 5


def test_without_calls_nothing_is_known_and_one_group_is_one_call() -> None:
    nothing = effective([(0, 0)])
    assert (nothing.rate, nothing.effective_calls) == (None, 0)
    assert interval(nothing, 0.95) == (0.0, 1.0)
    one = effective([(50, 1)])
    assert (one.design_effect, one.effective_calls) == (None, 1)


def test_there_are_never_more_effective_calls_than_calls() -> None:
    """Failures that are spread more evenly than by chance are no reason to be surer."""
    assert effective([(10, 2)] * 30).effective_calls <= 300


def test_bounds_cover_where_naive_ones_do_not() -> None:
    """Intraclass correlation 0.3, a rate of 5 %, 100 groups of about ten calls each."""
    generator = np.random.default_rng(5)
    low = high = naive = 0
    for _ in range(600):
        calls = generator.integers(1, 20, 100)
        failures = generator.binomial(calls, generator.beta(0.05 * 7 / 3, 0.95 * 7 / 3, 100))
        bounds = interval(effective(np.column_stack([calls, failures])), 0.95)
        low, high = low + (bounds[0] <= 0.05), high + (bounds[1] >= 0.05)
        naive += wilson(failures.sum() / calls.sum(), int(calls.sum()), z=1.645)[1] >= 0.05
    assert low / 600 >= 0.94
    assert high / 600 >= 0.94
    assert naive / 600 < 0.85


@given(st.lists(st.tuples(st.integers(1, 9), st.floats(0, 1)), min_size=2, max_size=60))
def test_what_is_worked_out_in_columns_is_what_the_formulas_say(drawn: list[tuple[int, float]]) -> None:
    groups = [(float(calls), float(round(calls * share))) for calls, share in drawn]
    calls, failures = math.fsum(each for each, _ in groups), math.fsum(each for _, each in groups)
    rate = failures / calls
    apart = math.fsum((failed - rate * each) ** 2 for each, failed in groups)
    known = together([*groups, (0.0, 0.0)])
    assert (known.calls, known.groups, known.rate) == pytest.approx((calls, len(groups), rate))
    assert known.failing == sum(failed > 0 for _, failed in groups)
    if 0 < failures < calls:
        variance = len(groups) / (len(groups) - 1) * apart / calls**2
        assert known.design_effect == pytest.approx(variance / (rate * (1 - rate) / calls), abs=1e-12)
    assert known.by_size == pytest.approx(calls**2 / math.fsum(each**2 for each, _ in groups))
