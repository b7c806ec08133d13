"""The interval of a paired difference, and how many pairs tell two apart."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crumple.statistics.difference import paired_difference, pairs_to_tell


def test_it_is_the_interval_of_the_paper() -> None:
    """Of 21 children 1 and 7 differ: M. W. Fagerland, S. Lydersen, P. Laake, Statistics in Medicine 33 (2014), 2850."""
    low, high = paired_difference(1, 7, 21)
    assert (round(low, 3), round(high, 3)) == (-0.517, -0.026)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_it_holds_what_was_seen_and_turns_round_with_the_two(worse: int, better: int, same: int) -> None:
    pairs = worse + better + same
    low, high = paired_difference(worse, better, pairs)
    assert -1 <= low <= high <= 1
    if pairs:
        assert low - 1e-9 <= (worse - better) / pairs <= high + 1e-9
    mirrored = paired_difference(better, worse, pairs)
    assert math.isclose(low, -mirrored[1], abs_tol=1e-9)
    assert math.isclose(high, -mirrored[0], abs_tol=1e-9)


def test_without_pairs_nothing_is_known() -> None:
    assert paired_difference(0, 0, 0) == (-1.0, 1.0)


def test_pairs_that_all_agree_still_leave_room() -> None:
    low, high = paired_difference(0, 0, 100)
    assert low < 0 < high
    assert math.isclose(high, 1.96**2 / (100 + 1.96**2), rel_tol=1e-3)


def test_more_pairs_that_differ_than_there_are_is_an_error() -> None:
    with pytest.raises(ValueError, match="cannot differ"):
        paired_difference(3, 3, 5)


def test_the_smaller_the_difference_the_more_pairs_it_takes() -> None:
    assert pairs_to_tell(0, 0, 50) is None
    assert pairs_to_tell(5, 5, 50) is None
    few, many = pairs_to_tell(10, 2, 50), pairs_to_tell(10, 8, 50)
    assert few is not None
    assert many is not None
    assert 50 < few < many
