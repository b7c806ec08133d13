"""Limits that cannot stand beside each other, and those that can."""

from __future__ import annotations

import pytest

from crumple.contract.consistency import clashes
from crumple.contract.limits import THESE, Limit, Metric


def limit(bound: float, metric: str = "failures", **more: object) -> Limit:
    return Limit(of="scan", metric=Metric(metric), bound=bound, **more)  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize(
    ("first", "second", "changed", "why"),
    [
        (limit(0.05), limit(0.05), 1, "it is the same as"),
        (limit(0.05), limit(0.05, confidence=0.99), 1, "but for the confidence it is the same as"),
        (limit(0.05), limit(0.03), 1, "it contradicts"),
        (limit(0.9, "accuracy"), limit(0.95, "accuracy"), 1, "it contradicts"),
        # Stricter on more levels: the other can never be broken first, whichever stands first.
        (limit(0.05, up_to_level=3), limit(0.03), 0, "it can never be broken before"),
        (limit(0.03), limit(0.05, up_to_level=3), 1, "it can never be broken before"),
        (limit(0.05, up_to_level=3), limit(0.05), 0, "it can never be broken before"),
        (limit(0.9, "valid", up_to_level=1), limit(0.95, "valid"), 0, "it can never be broken before"),
        # A silent failure is a failure.
        (limit(0.01), limit(0.03, "silent"), 1, "it can never be broken before"),
        (limit(0.01, "silent"), limit(0.01), 0, "it can never be broken before"),
        (limit(0.02, "silent", up_to_level=1), limit(0.02, up_to_level=3), 0, "it can never be broken before"),
    ],
)
def test_what_cannot_be_meant_is_found(first: Limit, second: Limit, changed: int, why: str) -> None:
    (clash,) = clashes([first, second])
    assert (clash.limit, clash.other, clash.why) == (changed, 1 - changed, why)
    assert clash.hint


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (limit(0.03, up_to_level=3), limit(0.05)),  # more is allowed where the damage is worse
        (limit(0.95, "accuracy", up_to_level=3), limit(0.9, "accuracy")),
        (limit(0.05), limit(0.01, "silent")),
        (limit(0.05, up_to_level=1), limit(0.05, "silent")),  # of levels that the other is not about
        (limit(0.01, confidence=0.9), limit(0.01, "silent", confidence=0.99)),
        (limit(0.05), limit(0.05, about=THESE)),
        (limit(0.05, up_to_level=3, confidence=0.99), limit(0.05, confidence=0.9)),
        (limit(0.01), limit(0.03, "refusals")),  # an acceptable refusal is no failure
        (limit(2.0, "latency_p95"), limit(0.004, "cost_mean")),
    ],
)
def test_what_can_be_meant_stands(first: Limit, second: Limit) -> None:
    assert not list(clashes([first, second]))


def test_limits_of_other_subjects_are_never_held_against_each_other() -> None:
    other = Limit(of="scan.skew", metric=Metric.FAILURES, bound=0.01)
    assert not list(clashes([limit(0.05), other, Limit(of="all", metric=Metric.FAILURES, bound=0.05)]))
