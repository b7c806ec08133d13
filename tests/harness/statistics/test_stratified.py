"""Rates over strata that weigh differently."""

from __future__ import annotations

import numpy as np
import pytest

from crumple.statistics.rates import clopper_pearson
from crumple.statistics.stratified import Stratum, stratified


def test_one_stratum_is_clopper_and_pearson() -> None:
    found = stratified([Stratum(0.3, 40, 4)], 0.95)
    assert (found.low, found.high) == pytest.approx(clopper_pearson(4, 40, 0.95))
    assert (found.rate, found.missing_share) == (0.1, 0)


def test_strata_of_equal_weight_are_one() -> None:
    found = stratified([Stratum(0.25, 10, failures) for failures in (0, 3, 1, 0)], 0.95)
    assert (found.low, found.high) == pytest.approx(clopper_pearson(4, 40, 0.95))
    assert found.effective_calls == pytest.approx(40)


def test_a_rate_is_weighted_and_not_pooled() -> None:
    """By hand: 0.8 x 1 / 100 + 0.2 x 50 / 100 = 0.108, where pooled calls would say 0.255."""
    assert stratified([Stratum(0.8, 100, 1), Stratum(0.2, 100, 50)], 0.95).rate == pytest.approx(0.108)


def test_a_stratum_without_failures_adds_to_the_width() -> None:
    """Ten calls of most of the volume cannot make sure of it: at best their own upper bound of 26 % counts."""
    found = stratified([Stratum(0.9, 10, 0), Stratum(0.1, 1000, 100)], 0.95)
    assert found.rate == pytest.approx(0.01)
    assert found.high > 0.2
    assert stratified([Stratum(0.9, 10, 0), Stratum(0.1, 10, 0)], 0.95).high >= clopper_pearson(0, 12, 0.95)[1]


def test_what_was_not_called_is_said_and_not_guessed() -> None:
    found = stratified([Stratum(0.5, 50, 5), Stratum(0.3, 0, 0), Stratum(0.2, 50, 0)], 0.95)
    assert found.missing_share == pytest.approx(0.3)
    assert found.rate == pytest.approx(0.5 / 0.7 * 0.1)
    nothing = stratified([Stratum(1.0, 0, 0)], 0.95)
    assert (nothing.rate, nothing.low, nothing.high, nothing.missing_share) == (None, 0.0, 1.0, 1.0)
    with pytest.raises(ValueError, match="0 or more"):
        stratified([Stratum(-0.1, 1, 0)], 0.95)


def test_where_everything_fails_the_upper_bound_is_all() -> None:
    found = stratified([Stratum(0.5, 40, 40), Stratum(0.5, 3, 3)], 0.95)
    assert found.high == 1.0
    assert found.low == pytest.approx(0.76, abs=0.02)


@pytest.mark.parametrize("clean_rate", [0.0, 0.01, 0.05])
def test_bounds_cover_with_a_mix_of_eighty_per_cent_clean(clean_rate: float) -> None:
    generator = np.random.default_rng(8)
    shares, calls = [0.8, *[0.01] * 20], [60, *[5] * 20]
    rates = [clean_rate, *[0.02] * 16, *[0.6] * 4]
    truth = float(np.dot(shares, rates))
    low = high = 0
    for failures in generator.binomial(calls, rates, (400, 21)).tolist():
        found = stratified([Stratum(*each) for each in zip(shares, calls, failures, strict=True)], 0.95)
        low, high = low + (found.low <= truth), high + (found.high >= truth)
    assert low / 400 >= 0.93
    assert high / 400 >= 0.93
