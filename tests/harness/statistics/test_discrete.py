"""Many decisions, some of which cannot come out."""

from __future__ import annotations

import numpy as np
import pytest

from crumple.statistics.discrete import Claim, discrete_holm
from crumple.statistics.multiple import holm
from crumple.statistics.paired import mcnemar_at_most, mcnemar_worse


def claim(worse: int, better: int, of: object = None) -> Claim:
    differing = worse + better
    return Claim(mcnemar_worse(worse, better), lambda share: mcnemar_at_most(differing, share), of or object())


@pytest.mark.parametrize("seed", range(20))
def test_where_any_p_value_is_possible_it_is_the_procedure_of_holm(seed: int) -> None:
    ps = (np.random.default_rng(seed).random(8) ** 4 / 3).tolist()
    assert discrete_holm([Claim(p, lambda share: share, at) for at, p in enumerate(ps)], 0.05) == holm(
        [p / 0.05 for p in ps]
    )


def test_claims_that_cannot_come_out_take_nothing_from_the_others() -> None:
    few = [claim(3, 0) for _ in range(12)]
    ratios = [each.p / 0.01 for each in (claim(7, 0), *few)]
    assert discrete_holm([claim(7, 0), *few], 0.01)[0]
    assert not holm(ratios)[0]


def test_the_same_observations_twice_are_one_chance_to_be_wrong() -> None:
    assert discrete_holm([claim(7, 0, "a"), claim(7, 0, "a")], 0.01) == (True, True)
    assert discrete_holm([claim(7, 0, "a"), claim(7, 0, "b")], 0.01) == (False, False)


def test_nothing_is_claimed_of_nothing() -> None:
    assert discrete_holm([], 0.01) == ()
    assert discrete_holm([claim(0, 0)], 0.01) == (False,)
    assert discrete_holm([Claim(float("nan"), lambda share: share)], 0.01) == (False,)


def test_it_keeps_its_promise_for_the_numbers_of_pairs_that_make_it_hardest() -> None:
    """One wrong claim of any in at most one case of ten, by counting every case there is."""
    sizes, wrong = (3, 4, 5), 0.0
    for heads in np.ndindex(*(size + 1 for size in sizes)):
        chance = np.prod(
            [
                mcnemar_worse(n, s - n) - mcnemar_worse(n + 1, s - n - 1) if n < s else 0.5**s
                for n, s in zip(heads, sizes, strict=True)
            ]
        )
        made = discrete_holm([claim(n, s - n) for n, s in zip(heads, sizes, strict=True)], 0.1)
        wrong += float(chance) * any(made)
    assert 0.05 < wrong <= 0.1
