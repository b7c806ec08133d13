"""Many decisions at once."""

from __future__ import annotations

import numpy as np
import pytest

from crumple.statistics.multiple import holm


@pytest.mark.parametrize("seed", range(20))
def test_the_same_claims_are_made_as_by_statsmodels(seed: int) -> None:
    from statsmodels.stats.multitest import multipletests  # takes seconds, and no other worker needs it

    p = np.random.default_rng(seed).random(8) ** 4 / 3
    assert holm((p / 0.05).tolist()) == tuple(multipletests(p, 0.05, method="holm")[0])


def test_one_claim_needs_its_own_alpha_and_none_need_nothing() -> None:
    assert holm([1.0]) == (True,)
    assert holm([1.001]) == (False,)
    assert holm([]) == ()


def test_what_comes_after_a_claim_that_fails_is_not_claimed() -> None:
    assert holm([0.2, 0.6, 0.9]) == (True, False, False)


def test_an_infinite_ratio_is_never_claimed_and_not_a_number_neither() -> None:
    assert holm([0.0, float("inf"), float("nan")]) == (True, False, False)


def test_equal_parts_count_in_spite_of_rounding() -> None:
    assert holm([0.05 / 3 / 0.05, float("inf"), float("inf")])[0]
