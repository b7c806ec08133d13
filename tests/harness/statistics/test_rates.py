"""Rates from a fixed number of calls."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import pytest
from scipy import stats

import crumple.statistics
from crumple.statistics.rates import calls_to_certify, clopper_pearson, wilson

COUNTS = [(0, 1), (0, 15), (1, 15), (3, 100), (15, 15), (50, 100), (99, 100), (7, 10_000)]


@pytest.mark.parametrize(("failures", "calls"), COUNTS)
def test_wilson_is_what_statsmodels_says(failures: int, calls: int) -> None:
    from statsmodels.stats.proportion import proportion_confint  # takes seconds, and no other worker needs it

    expected = proportion_confint(failures, calls, alpha=0.05, method="wilson")
    assert wilson(failures / calls, calls) == pytest.approx(expected, abs=1e-12)


def test_wilson_does_not_move_the_ends_and_knows_nothing_without_calls() -> None:
    assert wilson(0.0, 7)[0] == 0.0
    assert wilson(1.0, 7)[1] == 1.0
    assert wilson(0.0, 0) == (0.0, 1.0)
    with pytest.raises(ValueError, match="in \\[0, 1\\]"):
        wilson(1.5, 3)


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
@pytest.mark.parametrize(("failures", "calls"), COUNTS)
def test_each_bound_is_one_sided_at_the_confidence(failures: int, calls: int, confidence: float) -> None:
    from statsmodels.stats.proportion import proportion_confint  # takes seconds, and no other worker needs it

    two_sided = proportion_confint(failures, calls, alpha=2 * (1 - confidence), method="beta")
    expected = [0.0 if failures == 0 else two_sided[0], 1.0 if failures == calls else two_sided[1]]
    assert clopper_pearson(failures, calls, confidence) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("calls", "confidence"), [(15, 0.95), (60, 0.95), (40, 0.9)])
def test_each_bound_is_right_as_often_as_it_says_at_every_rate(calls: int, confidence: float) -> None:
    bounds = [clopper_pearson(failures, calls, confidence) for failures in range(calls + 1)]
    for step in range(1, 100):
        rate = step / 100
        likely = stats.binom.pmf(range(calls + 1), calls, rate)
        assert sum(share for share, (low, _) in zip(likely, bounds, strict=True) if low <= rate) >= confidence - 1e-9
        assert sum(share for share, (_, high) in zip(likely, bounds, strict=True) if rate <= high) >= confidence - 1e-9


def test_parts_of_a_call_lie_between_whole_ones() -> None:
    whole, more = clopper_pearson(2, 40, 0.95), clopper_pearson(3, 40, 0.95)
    between = clopper_pearson(2.5, 40, 0.95)
    assert whole[0] < between[0] < more[0]
    assert whole[1] < between[1] < more[1]
    assert clopper_pearson(0, 0, 0.95) == (0.0, 1.0)


@pytest.mark.parametrize(("failures", "calls"), [(3, 2), (-1, 2)])
def test_what_cannot_be_counted_is_refused(failures: int, calls: int) -> None:
    with pytest.raises(ValueError, match="between 0 and the calls"):
        clopper_pearson(failures, calls, 0.95)


def test_a_confidence_of_all_is_refused() -> None:
    with pytest.raises(ValueError, match="below 1"):
        clopper_pearson(0, 2, 1.0)


def test_how_many_calls_without_a_failure_certify_a_share() -> None:
    assert [calls_to_certify(share, 0.95) for share in (0.1, 0.05, 0.02, 0.01)] == [29, 59, 149, 299]
    assert calls_to_certify(0.05, 0.99) == math.ceil(math.log(0.01) / math.log(0.95))


@pytest.mark.parametrize("failures", [0, 1, 5])
@pytest.mark.parametrize("share", [0.005, 0.05, 0.5])
def test_one_call_fewer_does_not_certify(failures: int, share: float) -> None:
    calls = calls_to_certify(share, 0.95, failures)
    assert clopper_pearson(failures, calls, 0.95)[1] <= share < clopper_pearson(failures, calls - 1, 0.95)[1]


@pytest.mark.parametrize(("share", "failures"), [(0.0, 0), (1.0, 0), (0.05, -1)])
def test_a_share_that_no_number_of_calls_certifies_is_refused(share: float, failures: int) -> None:
    with pytest.raises(ValueError, match="share is in"):
        calls_to_certify(share, 0.95, failures)


def test_importing_statistics_loads_neither_scipy_nor_numpy() -> None:
    package = Path(crumple.statistics.__file__).parent
    names = [file.stem for file in package.glob("*.py") if file.stem != "__init__"]
    assert len(names) > 5
    code = "; ".join(f"import crumple.statistics.{name}" for name in names)
    code += "; import sys; print([name for name in ('scipy', 'numpy') if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
