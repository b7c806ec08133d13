"""Tonight beside the baseline, category by category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from crumple.nightly.baseline import Call
from crumple.nightly.comparison import Compared, Counts, alarms, compared, counted, fewest
from crumple.nightly.pairs import Pair
from crumple.recipe import Recipe, Step

ALPHA = alarms(2 / 365).pairs_alpha


def pairs(category: str, worse: int, better: int, *, right: int = 0, wrong: int = 0) -> Counts:
    """So many of each, counted."""
    sides = [(False, True)] * worse + [(True, False)] * better + [(False, False)] * right + [(True, True)] * wrong
    return counted(Pair(*(_call(category, number, failure) for failure in side)) for number, side in enumerate(sides))


def _call(category: str, number: int, failure: bool) -> Call:
    if category == "clean":
        return Call(case=f"case {number}", recipe=Recipe(()), failure=failure)
    step = Step(f"{category}.one", seed=number)
    return Call(case="case", recipe=Recipe((step,)), mutator=step.mutator, failure=failure)


def states(rows: Sequence[Compared]) -> Mapping[str, str]:
    return {each.category: each.state for each in rows}


def test_half_of_the_false_alarms_is_for_the_baseline_and_half_for_slow_change() -> None:
    shared = alarms(0.01)
    assert shared.pairs_alpha + shared.drift_alpha == shared.alpha == 0.01
    with pytest.raises(ValueError, match="above 0 and below 1, got 0"):
        alarms(0)


def test_at_two_a_year_nine_documents_of_one_category_must_turn_wrong() -> None:
    assert fewest(ALPHA) == 9
    others = {f"quiet{number}": pairs("quiet", 0, 0, right=40) for number in range(12)}
    for turned, state in ((8, "same"), (9, "worse")):
        rows = compared({**others, "scan": pairs("scan", turned, 0, right=20)}, ["scan"], ALPHA)
        assert states(rows)["scan"] == states(rows)["all"] == state
        assert {states(rows)[name] for name in others} == {"same"}


def test_what_gets_a_little_worse_everywhere_is_worse_in_all() -> None:
    rows = compared({name: pairs(name, 4, 0, right=30) for name in ("a", "b", "c", "clean")}, (), ALPHA)
    assert states(rows) == {"a": "same", "b": "same", "c": "same", "clean": "same", "all": "worse"}
    assert rows[-1].counts == Counts(136, 0, 16, 16, 0)


def test_better_is_said_as_carefully_and_with_it_worse_of_another() -> None:
    rows = compared({"a": pairs("a", 0, 20, right=20), "b": pairs("b", 20, 0, right=20)}, (), ALPHA)
    assert states(rows) == {"a": "better", "b": "worse", "all": "same"}
    assert rows[0].p == pytest.approx(2 * 0.5**20)


def test_as_many_better_as_worse_is_no_news_however_many() -> None:
    assert states(compared({"a": pairs("a", 60, 60)}, (), ALPHA)) == {"a": "same", "all": "same"}


def test_too_few_pairs_are_unknown_and_say_what_it_takes() -> None:
    few = pairs("few", 5, 0)
    rest = pairs("spent", 2, 0, right=1, wrong=30)
    rows = compared({"few": few, "spent": rest}, ["few", "spent", "gone"], ALPHA)
    assert {each.category: each.why for each in rows} == {
        "few": "it takes 9 that turn wrong to tell that from chance, and only 5 were compared",
        "spent": "it takes 9 that turn wrong to tell that from chance, and only 3 of 33 were right in the baseline",
        "gone": "nothing could be compared",
        "all": "it takes 9 that turn wrong to tell that from chance, and only 8 of 38 were right in the baseline",
    }
    assert {each.state for each in rows} == {"unknown"}


def test_what_all_fails_can_still_be_better() -> None:
    assert states(compared({"a": pairs("a", 0, 12)}, (), ALPHA))["a"] == "better"


def test_nothing_at_all_is_unknown() -> None:
    (row,) = compared({}, (), ALPHA)
    assert (row.category, row.state, row.why) == ("all", "unknown", "nothing could be compared")
