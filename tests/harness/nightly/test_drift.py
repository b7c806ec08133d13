"""What no single night shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from crumple.nightly.baseline import Call
from crumple.nightly.comparison import alarms
from crumple.nightly.drift import Drift, drifts
from crumple.nightly.past import NIGHTS, PastNight
from crumple.recipe import Recipe, Step

ALPHA = alarms(2 / 365).drift_alpha
QUIET = ""


def call(number: int, *, failure: bool, category: str = "scan") -> Call:
    step = Step(f"{category}.one", seed=number)
    return Call(case="case", recipe=Recipe((step,)), mutator=step.mutator, failure=failure, digest="d")


def calls(failing: str, count: int = 40) -> list[Call]:
    """So many calls in each of two categories; those of the first fail whose letter is in the text."""
    numbers = {ord(letter) - ord("a") for letter in failing}
    own = [call(number, failure=number in numbers) for number in range(count)]
    return [*own, *(call(number, failure=number < 5, category="table") for number in range(count))]


def nights(*failing: str, worse: Sequence[int] = (), names: frozenset[str] = frozenset({"scan"})) -> list[PastNight]:
    """The baseline's own run, and the nights after it."""
    return [
        PastNight(
            run=f"n{at}",
            started=f"day {at}",
            system="",
            outcomes={each.key: (each.digest, each.failure) for each in calls(text)},
            worse=names if at in worse else frozenset(),
        )
        for at, text in enumerate(failing)
    ]


def found(past: Sequence[PastNight], tonight: Sequence[Call], **more: frozenset[str]) -> dict[str, Drift]:
    return {each.category: each for each in drifts(past, tonight, more.get("worse", frozenset()), ALPHA)}


def test_two_documents_that_break_for_good_are_told_on_the_second_night_with_since_when_and_which() -> None:
    past = nights(*[QUIET] * 10, "ab")
    assert not found(past[:-1], calls(QUIET))
    assert not found(past[:-1], calls("ab"))
    noticed = found(past, calls("ab"))
    assert set(noticed) == {"scan", "all"}
    scan = noticed["scan"]
    assert (scan.state, scan.nights, scan.since, scan.first, scan.last) == ("worse", 11, past[10], 0.0, 2 / 40)
    assert [each.recipe.steps[0].seed for each in scan.calls] == [0, 1]
    assert scan.p < ALPHA


def test_what_breaks_at_once_after_thirty_quiet_nights_is_told_that_night() -> None:
    scan = found(nights(*[QUIET] * 31), calls("ab"))["scan"]
    assert (scan.since, scan.nights) == (None, 31)
    assert not found(nights(*[QUIET] * 31), calls("a"))


def test_one_document_more_every_other_night_is_told_though_no_night_shows_it() -> None:
    past = nights(QUIET, QUIET, "a", "a", "ab", "ab", "abc", "abc")
    scan = found(past, calls("abcd"))["scan"]
    assert scan.state == "worse"
    assert scan.since == past[4]
    assert (scan.first, scan.last) == (pytest.approx(2 / 3 / 40), pytest.approx(14 / 5 / 40))


def test_what_broke_before_the_first_night_is_told_after_some_nights() -> None:
    """Nothing changes from night to night: only the baseline's own run tells."""
    assert not found(nights(QUIET, *["abcde"] * 3), calls("abcde"))
    past = nights(QUIET, *["abcde"] * 6)
    assert found(past, calls("abcde"))["scan"].since == past[1]


def test_what_gets_better_is_told_as_that() -> None:
    past = nights(*["abcd"] * 8, QUIET, QUIET)
    scan = found(past, calls(QUIET))["scan"]
    assert (scan.state, scan.since, scan.last) == ("better", past[8], 0.0)
    assert len(scan.calls) == 4


def test_a_document_that_is_flaky_all_along_is_no_news() -> None:
    past = nights(*["a" if at % 3 == 0 else "b" if at % 3 == 1 else QUIET for at in range(31)])
    assert not found(past, calls("ab"))


def test_a_bad_night_that_is_over_is_no_drift() -> None:
    past = nights(*[QUIET] * 9, "abcdefgh")
    assert not found(past, calls(QUIET))
    assert not found(past, calls("i"))
    assert found(past, calls("abcdefgh"))


def test_a_night_that_was_said_to_be_worse_is_left_out_of_that_category() -> None:
    bad = "abcdefghijkl"
    assert not found(nights(*[QUIET] * 4, bad, bad, QUIET, worse=[4, 5]), calls("a"))
    of_all = nights(*[QUIET] * 4, bad, bad, QUIET, worse=[4, 5], names=frozenset({"all"}))
    assert not found(of_all, calls("a"))
    # Of another category nothing was said: it is looked at.
    others = nights(*[QUIET] * 8, "ab", "ab", worse=[8, 9], names=frozenset({"table"}))
    assert found(others, calls("ab"))["scan"].nights == 10


def test_a_night_of_which_only_the_drift_was_told_stays_part_of_it() -> None:
    past = [replace(each, drifting=each.worse) for each in nights(*[QUIET] * 10, "ab", "ab", worse=[11])]
    scan = found(past, calls("ab"))["scan"]
    assert (scan.nights, scan.since) == (12, past[10])


def test_what_the_baseline_has_told_of_tonight_is_not_told_again() -> None:
    past = nights(*[QUIET] * 10)
    assert set(found(past, calls("abcde"))) == {"scan", "all"}
    assert not found(past, calls("abcde"), worse=frozenset({"scan"}))
    assert not found(past, calls("abcde"), worse=frozenset({"all"}))


def test_only_the_same_bytes_count() -> None:
    past = nights(*[QUIET] * 10, "abc")
    tonight = [replace(each, digest="other") for each in calls("abc")]
    assert not found(past, tonight)


def test_a_night_in_which_calls_are_missing_says_nothing_of_them() -> None:
    past = nights(*[QUIET] * 10, "ab")
    gap = replace(past[5], outcomes={})
    scan = found([*past[:5], gap, *past[6:]], calls("ab"))["scan"]
    assert scan.nights == 10


def test_older_nights_than_the_last_thirty_are_not_looked_at() -> None:
    past = nights("abc", *["abc"] * 20, *[QUIET] * NIGHTS)
    assert found(past, calls("ab"))["scan"].nights == NIGHTS + 1


@pytest.mark.parametrize("past", [[], nights(QUIET), nights(QUIET, QUIET)])
def test_a_beginning_says_nothing(past: list[PastNight]) -> None:
    assert not found(past, calls(QUIET))
    assert drifts(past, [], frozenset(), ALPHA) == []
