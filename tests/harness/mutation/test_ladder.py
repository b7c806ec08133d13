"""Ladders: rungs at whole levels, values between them, and the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crumple import Ladder

ANGLE = Ladder(0.5, 1, 2, 5, 10, unit="deg", zero=0)
DPI = Ladder(150, 100, 75, 60, 45, unit="dpi")
NAMES = Ladder("cp1252", "cp850", "cp1251", "cp037", "utf-7")


def test_whole_levels_are_the_rungs() -> None:
    assert [ANGLE.at(level) for level in (1, 2, 3, 4, 5)] == [0.5, 1, 2, 5, 10]
    assert [NAMES.at(level) for level in (1, 2, 3, 4, 5)] == list(NAMES.rungs)


def test_a_level_of_names_rounds_to_its_rung() -> None:
    assert (NAMES.at(0.2), NAMES.at(1.4), NAMES.at(1.5), NAMES.at(4.9)) == ("cp1252", "cp1252", "cp850", "utf-7")


def test_below_level_one_damage_goes_to_zero_where_there_is_one() -> None:
    assert ANGLE.at(0.5) == 0.25
    assert DPI.at(0.5) == 150


def test_a_ladder_of_whole_numbers_stays_whole() -> None:
    assert isinstance(DPI.at(1.5), int)


@given(st.floats(0.01, 5), st.floats(0.01, 5))
def test_a_higher_level_never_means_less(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert float(ANGLE.at(low)) <= float(ANGLE.at(high))
    assert float(DPI.at(low)) >= float(DPI.at(high))


@given(st.floats(0.02, 5))
def test_the_level_of_a_value_is_the_level_it_came_from(level: float) -> None:
    assert ANGLE.level_of(ANGLE.at(level)) == pytest.approx(level, abs=0.01)


def test_values_past_an_end_are_that_end() -> None:
    assert (ANGLE.level_of(0), ANGLE.level_of(45), DPI.level_of(600), DPI.level_of(10)) == (0, 5, 1, 5)


@pytest.mark.parametrize("level", [0, -1, 5.01, float("nan")])
def test_a_level_outside_the_ladder_is_refused(level: float) -> None:
    with pytest.raises(ValueError, match="above 0 and at most 5"):
        ANGLE.at(level)


@pytest.mark.parametrize(
    "rungs", [(1, 2, 3), (1, 2, 2, 3, 4), (1, 3, 2, 4, 5), (1, "a", 2, 3, 4), ("a", "a", "b", "c", "d")]
)
def test_bad_rungs_are_refused_at_once(rungs: tuple[object, ...]) -> None:
    with pytest.raises(ValueError, match="ladder"):
        Ladder(*rungs)  # type: ignore[arg-type]  # the point of the test


def test_a_name_that_is_not_on_the_ladder_has_no_level() -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        NAMES.level_of("latin-1")
