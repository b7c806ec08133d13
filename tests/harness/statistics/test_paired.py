"""Two runs of the same recipes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from crumple.statistics.paired import log_evidence_worse, mcnemar
from crumple.statistics.sequential import boundaries


@pytest.mark.parametrize(("worse", "better"), [(0, 1), (5, 0), (10, 2), (2, 10), (7, 7), (300, 240)])
def test_the_p_value_is_that_of_statsmodels(worse: int, better: int) -> None:
    from statsmodels.stats.contingency_tables import mcnemar as theirs  # takes seconds, and no other worker needs it

    table = [[50, worse], [better, 50]]
    assert mcnemar(worse, better) == pytest.approx(theirs(table, exact=True).pvalue, abs=1e-12)


def test_pairs_that_do_not_differ_say_nothing() -> None:
    assert mcnemar(0, 0) == 1.0
    assert log_evidence_worse(0, 0) == pytest.approx(0.0)
    with pytest.raises(ValueError, match="0 or more"):
        mcnemar(-1, 2)


def test_evidence_grows_with_pairs_that_got_worse_only() -> None:
    assert log_evidence_worse(12, 1) > math.log(20)
    assert log_evidence_worse(1, 12) < 0
    assert log_evidence_worse(30, 30) < 0


def test_watched_after_every_pair_it_is_wrong_no_more_often_than_promised() -> None:
    generator = np.random.default_rng(3)
    worse = (generator.random((2000, 300)) < 0.5).cumsum(1)
    _, many = boundaries(np.arange(1, 301), 0.5, 0.95)
    assert (worse >= many).any(1).mean() <= 0.05
    assert log_evidence_worse(float(many[99]), 100 - float(many[99])) >= math.log(20)
