"""The chance of a kind that was not seen."""

import pytest

from crumple.statistics.species import chance_of_new, has_gone_quiet


def test_before_the_first_call_nothing_is_known() -> None:
    assert chance_of_new(0, 0) == (1.0, 0.0, 1.0)


def test_the_estimate_is_the_share_of_calls_whose_kind_was_seen_that_once() -> None:
    chance, low, high = chance_of_new(200, 10, 4)
    assert chance == 0.05
    assert 0.015 < low < 0.05 < high < 0.12


def test_of_calls_that_showed_nothing_at_all_the_rule_of_three_is_left() -> None:
    assert chance_of_new(1000, 0)[1:] == (0.0, pytest.approx(3.7 / 1000, rel=0.01))


def test_kinds_that_were_seen_twice_make_it_less_certain() -> None:
    assert chance_of_new(300, 5, 10)[2] > chance_of_new(300, 5, 0)[2]
    assert chance_of_new(300, 5, 10)[1] < chance_of_new(300, 5, 0)[1]
    assert chance_of_new(300, 0, 3)[2] > chance_of_new(300, 0, 0)[2]


def test_every_call_of_another_kind_leaves_everything_open() -> None:
    assert chance_of_new(40, 40)[0] == chance_of_new(40, 40)[2] == 1.0


def test_more_kinds_than_calls_are_refused() -> None:
    with pytest.raises(ValueError, match="3 kinds once and 2 twice take 7 calls, got 6"):
        chance_of_new(6, 3, 2)


def test_it_is_quiet_only_after_a_run_without_anything_new() -> None:
    assert has_gone_quiet(0.01, calls=2000, once=2, twice=1, since=300)
    assert not has_gone_quiet(0.01, calls=2000, once=2, twice=1, since=299)


def test_a_run_without_anything_new_is_not_enough_where_much_was_seen_once() -> None:
    assert not has_gone_quiet(0.01, calls=2000, once=40, twice=1, since=400)


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        has_gone_quiet(share, calls=10, once=0, twice=0, since=10)
