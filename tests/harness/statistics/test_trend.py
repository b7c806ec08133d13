"""Whether failures of the same calls come late."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import mannwhitneyu  # type: ignore[import-untyped]  # it ships no types

from crumple.statistics.paired import mcnemar_at_most, mcnemar_worse
from crumple.statistics.trend import Trend, trend


def everywhere(failed: NDArray[np.bool_]) -> Trend:
    return trend(failed, np.ones_like(failed))


def pairs_in_order(nights: list[int]) -> int:
    """Of a night with a pass and a later one with a failure."""
    return sum(not before and now for before, now in combinations(nights, 2))


@pytest.mark.parametrize("seed", range(12))
def test_the_p_value_is_the_share_of_all_choices_of_nights(seed: int) -> None:
    generator = np.random.default_rng(seed)
    failed = generator.random((3, 5)) < generator.random()
    there = generator.random((3, 5)) < 0.8
    nights = [row[known].astype(int).tolist() for row, known in zip(failed, there, strict=True)]
    choices = []
    for row in nights:
        chosen = combinations(range(len(row)), sum(row))
        choices.append([pairs_in_order([int(at in some) for at in range(len(row))]) for some in chosen])
    every = [sum(each) for each in product(*choices)]
    found = trend(failed, there)
    assert found.later == sum(map(pairs_in_order, nights))
    assert found.p == pytest.approx(np.mean([each >= found.later for each in every]), abs=1e-9)
    possible = {float(np.mean([each >= some for each in every])) for some in every}
    for share in (0.004, 0.05, 0.51):
        assert found.at_most(share) == pytest.approx(max((p for p in possible if p <= share), default=0), abs=1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_for_one_call_it_is_the_test_of_mann_and_whitney(seed: int) -> None:
    failed = np.random.default_rng(seed).random((1, 31)) < 0.3
    nights = np.arange(31)
    theirs = mannwhitneyu(nights[failed[0]], nights[~failed[0]], alternative="greater", method="exact")
    assert everywhere(failed).p == pytest.approx(theirs.pvalue, abs=1e-9)


@pytest.mark.parametrize(("worse", "better"), [(0, 1), (9, 0), (10, 2), (40, 31), (3, 30)])
def test_over_two_nights_it_is_the_test_of_mcnemar(worse: int, better: int) -> None:
    failed = np.array([[0, 1]] * worse + [[1, 0]] * better + [[1, 1]] * 7 + [[0, 0]] * 7, bool)
    found = everywhere(failed)
    assert found.p == pytest.approx(mcnemar_worse(worse, better), abs=1e-9)
    assert found.at_most(0.01) == pytest.approx(mcnemar_at_most(worse + better, 0.01), abs=1e-9)


def test_two_documents_that_break_on_the_last_of_31_nights_are_one_chance_in_961() -> None:
    failed = np.zeros((500, 31), bool)
    failed[:2, -1] = True
    failed[2:40] = True
    assert everywhere(failed).p == pytest.approx(1 / 31**2, abs=1e-9)


def test_calls_that_always_or_never_fail_say_nothing() -> None:
    found = everywhere(np.array([[1, 1, 1], [0, 0, 0]], bool))
    assert (found.p, found.at_most(0.9), found.kinds) == (1.0, 0.0, ())


def test_a_night_in_which_a_call_was_not_made_is_none_of_its_nights() -> None:
    failed = np.array([[0, 1, 0, 1]], bool)
    there = np.array([[1, 0, 1, 1]], bool)
    assert trend(failed, there).p == pytest.approx(1 / 3, abs=1e-9)


def test_of_thousands_of_calls_what_is_too_rare_to_compute_is_bounded_and_never_0() -> None:
    failed = np.zeros((3000, 31), bool)
    failed[:, 20:] = True
    late, early = everywhere(failed), everywhere(failed[:, ::-1])
    assert 0 < late.p < 1e-12
    assert early.p == 1.0
    assert 0 < late.at_most(1e-3) <= 1e-3
    assert late.at_most(1e-15) == 1e-15


def test_of_calls_that_are_flaky_each_in_its_own_way_few_look_late() -> None:
    generator = np.random.default_rng(4)
    found = [
        everywhere(generator.random((25, 8)) < generator.beta(0.4, 1.5, (25, 1))).p for _ in range(800)
    ]  # five in a hundred, and what 800 can differ by
    assert 0.02 < np.mean([p <= 0.05 for p in found]) < 0.07
