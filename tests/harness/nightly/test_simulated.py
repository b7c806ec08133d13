"""Nights of systems that are flaky, one after the other: what they say, and what they keep still about."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
from benchmarks.nightly.simulated import Corpus, Floats, Said, corpus, draws, nights

CORPUS = corpus(12, 40, 40, 40)
BAD_NIGHT, SLOWLY_FROM = 6, 7


def rates_of(generator: np.random.Generator, of: Corpus) -> Floats:
    """Each call has its own probability of failing, a small one; clean ones never fail."""
    return np.where(of.categories == 0, 0.0, generator.beta(0.2, 4, len(of.passing)))


def fortnight(seed: int) -> list[Said]:
    """One bad night of the first category, mended the next day; one document more a night of the second fails."""
    generator = np.random.default_rng(seed)
    rates = rates_of(generator, CORPUS)
    first = np.flatnonzero(CORPUS.categories == 1)[:24]
    second = np.flatnonzero(CORPUS.categories == 2)
    second = second[np.argsort(rates[second], kind="stable")]

    def change(night: int, before: Floats) -> Floats:
        now = before.copy()
        if night == BAD_NIGHT:
            now[first] = 0.95
        now[second[: max(0, night - SLOWLY_FROM + 1)]] = 1.0
        return now

    baseline = generator.random(len(rates)) < rates
    return list(islice(nights(CORPUS, baseline, draws(generator, rates, change)), 14))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_fortnight_reports_its_bad_night_and_its_slow_drift_and_nothing_else(seed: int) -> None:
    said = dict(enumerate(fortnight(seed), 1))
    bad = said.pop(BAD_NIGHT)
    assert "category1" in bad.pairs
    assert bad.pairs | bad.drift <= {"category1", "all"}
    drifted = [number for number, each in said.items() if "category2" in each.pairs | each.drift]
    assert SLOWLY_FROM < drifted[0] <= 13
    assert "category2" in said[drifted[0]].drift, "no single night shows it first"
    assert drifted[-1] == 14
    for number, each in said.items():
        assert each.pairs | each.drift <= ({"category2", "all"} if number > SLOWLY_FROM else set())


def test_a_system_that_answers_the_same_every_night_never_wakes_anybody() -> None:
    rates = (np.random.default_rng(1).random(len(CORPUS.passing)) < 0.3).astype(float)
    said = islice(nights(CORPUS, rates > 0, draws(np.random.default_rng(2), rates), alpha=0.5), 6)
    assert not any(each.alarm for each in said)


def test_quiet_nights_wake_somebody_no_more_often_than_was_asked_for() -> None:
    """One night in five was asked for, so that there is something to count; twice a year is in benchmarks/."""
    generator, of = np.random.default_rng(5), corpus(6, 15, 15)
    alarms = []
    for _ in range(12):
        rates = generator.beta(0.8, 2, len(of.passing))
        baseline = generator.random(len(rates)) < rates
        alarms += [each.alarm for each in islice(nights(of, baseline, draws(generator, rates), alpha=0.2), 8)]
    assert 0.01 < np.mean(alarms) <= 0.2
