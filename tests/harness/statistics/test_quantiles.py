"""Quantiles, whatever the distribution."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from crumple.statistics.quantiles import anytime_interval, interval, quantile


@pytest.mark.parametrize("q", [0.05, 0.5, 0.95])
@pytest.mark.parametrize("count", [1, 7, 20, 101])
def test_a_quantile_is_the_value_that_numpy_finds_by_inverting_the_distribution(q: float, count: int) -> None:
    values = np.random.default_rng(count).random(count).tolist()
    assert quantile(values, q) == np.quantile(values, q, method="inverted_cdf")


@pytest.mark.parametrize("q", [0.5, 0.9, 0.95])
@pytest.mark.parametrize("count", [5, 59, 200])
def test_bounds_are_the_order_statistics_that_the_binomial_distribution_names(q: float, count: int) -> None:
    """P(k values or more at or below the quantile) is that of a binomial count; k is the last that is likely enough."""
    values = list(range(1, count + 1))
    low, high = interval(values, q, 0.95)
    below = [k for k in values if stats.binom.sf(k - 1, count, q) >= 0.95]
    above = [k for k in values if stats.binom.cdf(k - 1, count, q) >= 0.95]
    assert low == (max(below) if below else -math.inf)
    assert high == (min(above) if above else math.inf)


def test_it_takes_59_values_to_bound_the_95th_percentile_from_above() -> None:
    assert interval(range(58), 0.95, 0.95)[1] == math.inf
    assert interval(range(59), 0.95, 0.95)[1] == 58


@pytest.mark.parametrize("q", [0.5, 0.95])
def test_bounds_are_right_as_often_as_they_say(q: float) -> None:
    generator = np.random.default_rng(4)
    truth = -math.log(1 - q)
    found = np.array([interval(generator.exponential(1, 120).tolist(), q, 0.95) for _ in range(400)])
    assert (found[:, 0] <= truth).mean() >= 0.93
    assert (found[:, 1] >= truth).mean() >= 0.93


def test_watched_bounds_are_right_throughout() -> None:
    generator = np.random.default_rng(6)
    truth = -math.log(0.05)
    missed = 0
    for _ in range(25):
        values = generator.exponential(1, 400).tolist()
        found = [anytime_interval(values[:count], 0.95, 0.95) for count in range(60, 401, 85)]
        missed += any(not low <= truth <= high for low, high in found)
    assert missed / 25 <= 0.12


def test_watched_bounds_are_wider_than_those_of_a_single_look() -> None:
    values = list(range(200))
    once, watched = interval(values, 0.95, 0.95), anytime_interval(values, 0.95, 0.95)
    assert watched[0] < once[0] < once[1] < watched[1]
    assert anytime_interval([], 0.95, 0.95) == (-math.inf, math.inf)


def test_what_is_no_quantile_is_refused() -> None:
    with pytest.raises(ValueError, match="below 1"):
        interval([1.0], 1.0, 0.95)
    with pytest.raises(ValueError, match="no values"):
        quantile([], 0.5)
