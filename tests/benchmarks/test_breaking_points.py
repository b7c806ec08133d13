"""A small part of the benchmark of breaking points: how exact they are, and what they are held against."""

from __future__ import annotations

import math

import pytest
from benchmarks.breaking_points import crosses, flat, rising, some_rising, traced
from numpy.random import default_rng


def test_breaking_points_of_known_systems_are_exact_and_their_intervals_hold() -> None:
    rng = default_rng(5)
    known = [some_rising(rng, spread) for spread in (0.1, 0.25) for _ in range(5)]
    points = [(each.breaks_at or 0.0, traced(each, rng)) for each in known]
    held = [point.low <= at <= point.high for at, point in points if point.level is not None]
    assert len(held) >= 8
    assert sum(held) >= len(held) - 1
    assert math.sqrt(sum(((p.level or at) - at) ** 2 for at, p in points) / len(points)) <= 0.05 * 5
    assert all(point.calls <= 30 for _, point in points)


@pytest.mark.parametrize("share", [0.3, 0.7])
def test_what_fails_alike_everywhere_is_hardly_ever_said_to_break(share: float) -> None:
    rng = default_rng(6)
    states = [traced(flat(share), rng).state for _ in range(8)]
    wrong = "always" if share < 0.5 else "never"
    assert wrong not in states
    assert states.count("breaks") <= 1


def test_a_rising_system_passes_the_mark_where_it_is_said_to() -> None:
    assert rising(2.0, 0.3, slips=0.03, lapses=0.05).chance(2.0) == pytest.approx(0.5)
    assert rising(2.0, 0.3, slips=0.03, lapses=0.05, mark=0.1).chance(2.0) == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("rates", "at"),
    [
        ([(1.0, 0.0, 10), (2.0, 1.0, 10)], 1.5),
        ([(1.0, 0.0, 10), (2.0, 0.4, 10), (3.0, 0.2, 10), (4.0, 0.9, 10)], 3 + 0.2 / 0.6),
        ([(1.0, 0.6, 10), (2.0, 0.9, 10)], 1.0),
        ([(1.0, 0.0, 10), (2.0, 0.3, 10)], None),
    ],
)
def test_a_grid_passes_the_mark_between_two_levels_once_it_rises(
    rates: list[tuple[float, float, int]], at: float | None
) -> None:
    assert crosses(rates) == (None if at is None else pytest.approx(at))
