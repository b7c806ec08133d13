"""Means of money, seconds and scores."""

from __future__ import annotations

import math

import numpy as np
import pytest

from crumple.statistics.means import FEWEST, Bets, Moments, anytime_bounds, bounded_interval
from crumple.statistics.rates import clopper_pearson
from crumple.statistics.sequential import log_evidence_met


def moments(values: list[float]) -> Moments:
    found = Moments()
    for value in values:
        found = found.with_value(value)
    return found


def test_moments_are_those_of_the_values_however_they_come_together() -> None:
    values = np.random.default_rng(1).lognormal(5, 1, 100).tolist()
    for found in (
        moments(values),
        moments(values[:13]).joined(moments(values[13:])),
        moments(values).joined(Moments()),
    ):
        assert found.count == 100
        assert found.mean == pytest.approx(np.mean(values))
        assert found.squares == pytest.approx(np.var(values) * 100)
    assert Moments().joined(Moments()) == Moments()


def test_below_sixty_values_nothing_is_said_of_a_mean_without_an_upper_end() -> None:
    assert FEWEST == 60
    assert anytime_bounds(moments([0.004] * 59), 0.95) == (-math.inf, math.inf)
    assert anytime_bounds(moments([0.004] * 60), 0.95) == pytest.approx((0.004, 0.004))


def test_bounds_of_a_mean_narrow_as_values_come_in_and_reach_further_up_than_down() -> None:
    values = np.random.default_rng(2).exponential(1, 4000).tolist()
    few, many = anytime_bounds(moments(values[:100]), 0.95), anytime_bounds(moments(values), 0.95)
    assert many[1] - many[0] < (few[1] - few[0]) / 4
    mean = moments(values[:100]).mean
    assert few[1] - mean > mean - few[0] > 0
    assert anytime_bounds(moments(values[:100]), 0.99)[1] > few[1]


@pytest.mark.parametrize("sigma", [0.5, 1.0])
def test_bounds_of_a_mean_of_lognormal_amounts_are_right_however_often_one_looks(sigma: float) -> None:
    generator = np.random.default_rng(3)
    truth = math.exp(sigma**2 / 2)
    low = high = 0
    for _ in range(250):
        values = generator.lognormal(0, sigma, 480)
        looks = range(FEWEST, 481, 30)
        found = [anytime_bounds(Moments(n, float(values[:n].mean()), float(values[:n].var() * n)), 0.95) for n in looks]
        low, high = low + any(each[0] > truth for each in found), high + any(each[1] < truth for each in found)
    assert low / 250 <= 0.05
    assert high / 250 <= 0.08


def test_scores_that_are_all_right_are_nearly_worth_as_many_calls_without_a_failure() -> None:
    low, high = bounded_interval(moments([1.0] * 60), 0.95)
    assert clopper_pearson(0, 46, 0.95)[1] >= 1 - low >= clopper_pearson(0, 60, 0.95)[1]
    assert high == 1.0
    assert bounded_interval(Moments(), 0.95) == (0.0, 1.0)


@pytest.mark.parametrize("mean", [0.8, 0.95])
@pytest.mark.parametrize("kind", ["all or nothing", "spread"])
def test_bounds_of_a_mean_score_are_right_as_often_as_they_say(mean: float, kind: str) -> None:
    generator = np.random.default_rng(4)
    fixed, bets = [0, 0], [0, 0]
    for _ in range(60):
        scores = (
            generator.random(80) < mean if kind == "all or nothing" else generator.beta(mean * 5, (1 - mean) * 5, 80)
        )
        once = bounded_interval(moments(scores.astype(float).tolist()), 0.95)
        watched = Bets(0.9)
        watched.add(scores.astype(float).tolist())
        for tally, (low, high) in ((fixed, once), (bets, watched.bounds(0.95))):
            tally[0] += low <= mean
            tally[1] += high >= mean
    assert min(fixed + bets) / 60 >= 0.93


def test_bets_on_scores_that_are_all_or_nothing_are_about_as_good_as_those_on_failures() -> None:
    bets = Bets(0.95)
    bets.add([1.0] * 118 + [0.0] * 2)
    assert bets.log_met_at_least == pytest.approx(log_evidence_met(2, 120, 0.05), abs=1.0)


def test_bets_are_fair_at_the_limit() -> None:
    """Over all sequences of four scores of 0, 0.5 and 1 whose mean is the limit, the evidence is 1 on average."""
    total = np.zeros(2)
    for at in np.ndindex(3, 3, 3, 3):
        bets = Bets(0.7)
        bets.add([(0.0, 0.5, 1.0)[each] for each in at])
        share = math.prod((0.2, 0.2, 0.6)[each] for each in at)
        total += share * np.exp([bets.log_met_at_least, bets.log_below])
    assert total == pytest.approx([1.0, 1.0], abs=1e-9)


def test_rounds_add_up_and_no_values_say_nothing() -> None:
    scores = [0.9, 1.0, 0.4, 1.0, 0.95, 0.2]
    whole, parts = Bets(0.8), Bets(0.8)
    whole.add(scores)
    parts.add(scores[:2])
    parts.add([])
    parts.add(scores[2:])
    assert whole.log_below == pytest.approx(parts.log_below)
    assert whole.log_met_at_least == pytest.approx(parts.log_met_at_least)
    assert Bets(0.8).log_below == Bets(0.8).log_met_at_least == 0
    assert Bets(0.8).bounds(0.95) == (0.0, 1.0)


def test_bounds_of_bets_never_contradict_what_they_decide() -> None:
    generator = np.random.default_rng(9)
    for mean in (0.6, 0.85, 0.9, 0.95, 0.999):
        bets = Bets(0.9)
        bets.add(generator.beta(mean * 8, (1 - mean) * 8, 60).tolist())
        low, high = bets.bounds(0.95)
        assert (low >= 0.9) == (bets.log_met_at_least >= math.log(20))
        assert (high <= 0.9) == (bets.log_below >= math.log(20))


def test_scores_that_are_none_and_limits_that_cannot_be_bet_on_are_refused() -> None:
    with pytest.raises(ValueError, match="a score is in"):
        Bets(0.9).add([1.2])
    with pytest.raises(ValueError, match="a score is in"):
        Bets(0.9).add([math.nan])
    with pytest.raises(ValueError, match="above 0 and below 1"):
        Bets(1.0)
