"""What is known of a breaking point: the hypotheses, what an answer does to them, and whether a rate falls again."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from crumple.search.psychometric import _fewer, falls_again, hypotheses

MARKS = (0.05, 0.5, 0.9)


@pytest.mark.parametrize("mark", MARKS)
def test_every_hypothesis_rises_and_passes_the_mark_at_its_crossing(mark: float) -> None:
    grid = hypotheses(mark, 1.0)
    assert (np.diff(grid.fails, axis=0) >= 0).all()
    for number, crossing in enumerate(grid.crossings):
        below, above = grid.levels < crossing, grid.levels > crossing
        assert (grid.fails[below, number] <= mark + 1e-9).all()
        assert (grid.fails[above, number] >= mark - 1e-9).all()


def test_before_any_answer_nothing_is_likely_enough_to_be_said() -> None:
    grid = hypotheses(0.5, 0.1)
    assert math.isclose(grid.prior.sum(), 1)
    estimate = grid.estimate(grid.prior)
    assert not estimate.within
    assert (estimate.low, estimate.high) == (0.1, 5.0)
    assert estimate.always < 0.5 > estimate.never


@pytest.mark.parametrize("at", [0.42, 2.57, 4.71])
def test_a_system_that_breaks_at_once_is_found_within_a_tenth_of_a_level(at: float) -> None:
    grid = hypotheses(0.5, 0.1)
    belief, allowed = grid.prior, np.ones(len(grid.levels), np.bool_)
    for _ in range(20):
        number = grid.most_telling(belief, allowed)
        belief = grid.updated(belief, number, bool(grid.levels[number] > at))
    estimate = grid.estimate(belief)
    assert abs(estimate.level - at) <= 0.1
    assert estimate.low <= at <= estimate.high


def test_only_levels_that_are_allowed_are_chosen() -> None:
    grid = hypotheses(0.5, 1.0, named=True)
    for only in range(5):
        assert grid.most_telling(grid.prior, np.arange(5) == only) == only


def test_answers_at_one_level_say_whether_the_crossing_is_before_or_behind_it() -> None:
    grid = hypotheses(0.5, 0.1)
    middle = int(np.argmin(np.abs(grid.levels - 2.5)))
    passing = failing = grid.prior
    for _ in range(6):
        passing, failing = grid.updated(passing, middle, False), grid.updated(failing, middle, True)
    assert grid.estimate(passing).low >= 2.0
    assert grid.estimate(failing).high <= 3.0


@settings(max_examples=40)
@given(beyond=st.integers(1, 12), of=st.integers(1, 12), seldom=st.integers(0, 12), often=st.integers(0, 12))
def test_the_test_for_falling_again_is_fishers(beyond: int, of: int, seldom: int, often: int) -> None:
    seldom, often = min(seldom, beyond), min(often, of)
    table = [[seldom, beyond - seldom], [often, of - often]]
    assert math.isclose(_fewer(seldom, beyond, often, of), fisher_exact(table, alternative="less")[1], rel_tol=1e-9)


@settings(max_examples=30)
@given(st.lists(st.floats(0.1, 5), min_size=1, max_size=30), st.floats(0, 5))
def test_what_fails_from_a_level_on_never_falls_again(levels: list[float], at: float) -> None:
    assert falls_again([(level, level > at) for level in levels]) is None


def test_what_fails_in_between_alone_falls_again() -> None:
    tried = [(1.0, False)] * 5 + [(2.5, True)] * 6 + [(4.5, False)] * 6
    assert falls_again(tried) == 4.5
    assert falls_again(tried[::-1]) == 4.5
    assert falls_again(tried[:13]) is None  # two calls beyond prove nothing
