"""Evidence about a rate that is watched while calls come in."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, stats

from crumple.statistics.sequential import (
    boundaries,
    bounds,
    calls_to_decide,
    log_evidence_broken,
    log_evidence_met,
)

LIMITS = [0.005, 0.01, 0.05, 0.1, 0.2, 0.5, 0.9]
ENOUGH = math.log(20)


@pytest.mark.parametrize(("failures", "calls", "limit"), [(0, 40, 0.05), (3, 90, 0.05), (7, 30, 0.2), (30, 60, 0.5)])
def test_evidence_is_the_mean_of_the_bets_on_rates_of_its_side(failures: int, calls: int, limit: float) -> None:
    prior = stats.beta(2, 11)

    def bet(rate: float) -> float:
        return float((rate / limit) ** failures * ((1 - rate) / (1 - limit)) ** (calls - failures) * prior.pdf(rate))

    met = integrate.quad(bet, 0, limit)[0] / prior.cdf(limit)
    broken = integrate.quad(bet, limit, 1)[0] / prior.sf(limit)
    assert log_evidence_met(failures, calls, limit, prior=(2, 11)) == pytest.approx(math.log(met), abs=1e-6)
    assert log_evidence_broken(failures, calls, limit, prior=(2, 11)) == pytest.approx(math.log(broken), abs=1e-6)


@pytest.mark.parametrize("limit", LIMITS)
def test_evidence_is_a_fair_bet_at_the_limit_and_a_losing_one_beyond(limit: float) -> None:
    calls = 120
    failures = np.arange(calls + 1.0)
    met = np.exp(log_evidence_met(failures, np.full(calls + 1, float(calls)), limit))
    broken = np.exp(log_evidence_broken(failures, np.full(calls + 1, float(calls)), limit))
    at_limit = stats.binom.pmf(failures, calls, limit)
    assert at_limit @ met == pytest.approx(1.0, abs=1e-9)
    assert at_limit @ broken == pytest.approx(1.0, abs=1e-9)
    assert stats.binom.pmf(failures, calls, limit + (1 - limit) / 5) @ met < 1
    assert stats.binom.pmf(failures, calls, limit * 0.8) @ broken < 1


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.99])
def test_looking_after_every_call_is_wrong_no_more_often_than_promised(limit: float, confidence: float) -> None:
    foreseen = calls_to_decide(limit, limit, confidence, block=1, cap=800)
    assert 0 <= foreseen.met <= 1 - confidence
    assert 0 <= foreseen.broken <= 1 - confidence


@pytest.mark.parametrize(("rate", "most"), [(0.005, 110), (0.02, 290), (0.1, 190), (0.2, 40)])
def test_at_most_five_per_cent_is_decided_with_few_calls(rate: float, most: float) -> None:
    foreseen = calls_to_decide(rate, 0.05, 0.95, block=8, cap=1000)
    assert foreseen.mean <= most
    right = foreseen.met if rate < 0.05 else foreseen.broken
    assert right > 0.99


def test_what_is_foreseen_is_what_a_simulation_finds() -> None:
    generator = np.random.default_rng(1)
    looks = np.arange(8, 401, 8)
    failures = generator.binomial(8, 0.1, (4000, looks.size)).cumsum(1)
    few, many = boundaries(looks, 0.05, 0.95)
    met, broken = failures <= few, failures >= many
    first = np.where((met | broken).any(1), (met | broken).argmax(1), looks.size - 1)
    at = np.arange(len(failures)), first
    foreseen = calls_to_decide(0.1, 0.05, 0.95, block=8, cap=400)
    assert foreseen.broken == pytest.approx(broken[at].mean(), abs=0.02)
    assert foreseen.met == pytest.approx(met[at].mean(), abs=0.01)
    assert foreseen.mean == pytest.approx(looks[first].mean(), rel=0.03)
    assert foreseen.ninetieth == pytest.approx(np.quantile(looks[first], 0.9), abs=16)
    assert foreseen.met + foreseen.broken + foreseen.undecided == pytest.approx(1)


def test_a_last_block_may_be_shorter_and_no_calls_decide_nothing() -> None:
    assert calls_to_decide(0.0, 0.05, 0.95, block=8, cap=75).undecided == 1.0
    assert calls_to_decide(0.0, 0.05, 0.95, block=8, cap=79).met == 1.0
    assert calls_to_decide(0.0, 0.05, 0.95, cap=0).undecided == 1.0
    with pytest.raises(ValueError, match="cannot foresee"):
        calls_to_decide(1.2, 0.05, 0.95)


def test_among_many_limits_it_takes_more_to_say_that_one_is_broken() -> None:
    alone, among_ten = (calls_to_decide(0.1, 0.05, 0.95, family=family) for family in (1, 10))
    assert among_ten.mean > alone.mean * 1.2
    assert calls_to_decide(0.05, 0.05, 0.95, family=10, cap=2000).broken < 0.005


def test_rounds_over_strata_that_differ_are_wrong_no_more_often_than_promised() -> None:
    """Twenty-four strata, three of which fail at 40 %, the mean on the limit; rounds of eight different ones."""
    generator = np.random.default_rng(2)
    rates = np.array([0.4] * 3 + [0.0] * 21)
    streams, rounds = 1500, 100
    chosen = generator.permuted(np.tile(rates, (streams * rounds, 1)), axis=1)[:, :8]
    failures = (generator.random(chosen.shape) < chosen).sum(1).reshape(streams, rounds).cumsum(1)
    few, many = boundaries(np.arange(8, 8 * rounds + 1, 8), 0.05, 0.95)
    assert (failures <= few).any(1).mean() <= 0.05
    assert (failures >= many).any(1).mean() <= 0.05


@pytest.mark.parametrize("limit", [0.01, 0.05, 0.5])
@pytest.mark.parametrize("confidence", [0.9, 0.95])
def test_boundaries_are_where_the_evidence_suffices(limit: float, confidence: float) -> None:
    looks = [1, 7, 8, 50, 300]
    enough = -math.log1p(-confidence)
    few, many = boundaries(looks, limit, confidence, family=3)
    for calls, low, high in zip(looks, few.tolist(), many.tolist(), strict=True):
        met = [each for each in range(calls + 1) if log_evidence_met(each, calls, limit) >= enough]
        broken = [each for each in range(calls + 1) if log_evidence_broken(each, calls, limit) >= enough + math.log(3)]
        assert low == (max(met) if met else -1)
        assert high == (min(broken) if broken else calls + 1)


@pytest.mark.parametrize("limit", LIMITS)
def test_bounds_and_decisions_never_contradict_each_other(limit: float) -> None:
    for calls in (1, 8, 60, 400):
        for failures in {0, 1, calls // 20, calls // 5, calls // 2, calls - 1, calls}:
            low, high = bounds(failures, calls, 0.95, near=limit)
            assert low <= failures / calls <= high
            assert (low >= limit) == (log_evidence_broken(failures, calls, limit) >= ENOUGH)
            assert (high <= limit) == (log_evidence_met(failures, calls, limit) >= ENOUGH)


def test_bounds_are_wider_than_those_of_a_single_look_and_narrow_as_calls_come_in() -> None:
    low, high = bounds(30, 300, 0.95)
    assert low < stats.beta.ppf(0.05, 30, 271) < stats.beta.ppf(0.95, 31, 270) < high
    later = bounds(300, 3000, 0.95)
    assert low < later[0] < 0.1 < later[1] < high
    assert bounds(0, 0, 0.95) == (0.0, 1.0)


def test_without_calls_there_is_no_evidence() -> None:
    assert log_evidence_met(0, 0, 0.05) == pytest.approx(0)
    assert log_evidence_broken(0, 0, 0.05) == pytest.approx(0)


def test_that_nothing_may_fail_is_broken_by_one_failure_and_never_met() -> None:
    assert log_evidence_broken(1, 500, 0.0) == math.inf
    assert log_evidence_broken(0, 500, 0.0) == 0
    assert log_evidence_met(0, 10**6, 0.0) == 0


def test_that_all_may_fail_is_met_by_one_call_that_does_not_and_never_broken() -> None:
    assert log_evidence_met(9, 10, 1.0) == math.inf
    assert log_evidence_met(10, 10, 1.0) == 0
    assert log_evidence_broken(10, 10, 1.0) == 0
    with pytest.raises(ValueError, match="in \\[0, 1\\]"):
        log_evidence_met(0, 1, 5.0)


def test_arrays_give_what_numbers_give() -> None:
    failures, calls = np.array([0.0, 3.0, 40.0]), np.array([80.0, 100.0, 100.0])
    for evidence in (log_evidence_met, log_evidence_broken):
        alone = [evidence(float(s), float(n), 0.05) for s, n in zip(failures, calls, strict=True)]
        assert list(evidence(failures, calls, 0.05)) == pytest.approx(alone)


def test_calls_that_fail_in_part_never_make_evidence_stronger_than_the_fair_bet() -> None:
    """Half a failure in every call is worth less than one in every other, though the rate is the same."""
    bets = [(rate / 0.05 + (1 - rate) / 0.95) / 2 for rate in (0.1, 0.3)]
    for rate, fair in zip((0.1, 0.3), bets, strict=True):
        assert (rate / 0.05) ** 0.5 * ((1 - rate) / 0.95) ** 0.5 <= fair


def test_a_million_calls_are_no_trouble() -> None:
    assert log_evidence_met(10_000, 1_000_000, 0.05) > 1000
    assert log_evidence_broken(10_000, 1_000_000, 0.05) == -math.inf
    assert log_evidence_broken(100_000, 1_000_000, 0.05) > 1000
