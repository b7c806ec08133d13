"""Faults as descriptions: which calls they hit, and which of several are seen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crumple.dependency.faults import (
    Answer,
    Answered,
    Cut,
    Dripped,
    Dropped,
    Hits,
    Late,
    Observed,
    Redirected,
    Reshaped,
    Silent,
    standing,
    treatment,
)

SHARES = st.floats(0.01, 1.0)
SEEDS = st.integers(0, 2**32)
FAILING = Answered((Answer(500), Answer(503)))


@given(SEEDS, SHARES, SHARES)
def test_a_larger_share_hits_a_superset(seed: int, one: float, other: float) -> None:
    low, high = sorted((one, other))
    few, more = ({number for number in range(50) if number in Hits(share, seed)} for share in (low, high))
    assert few <= more


@given(SEEDS, SHARES)
def test_one_of_the_first_three_calls_is_hit_for_certain(seed: int, share: float) -> None:
    assert Hits(share, seed).certain in {0, 1, 2}
    assert Hits(share, seed).certain in Hits(share, seed)


def test_mostly_it_is_the_first_call_that_is_hit_for_certain() -> None:
    certain = [Hits(seed=seed).certain for seed in range(2000)]
    assert [round(certain.count(number) / 2000, 1) for number in range(3)] == [0.8, 0.1, 0.1]


def test_so_many_of_the_calls_are_hit_as_the_share_says() -> None:
    hit = [number in Hits(0.3, seed) for seed in range(100) for number in range(10, 60)]
    assert abs(sum(hit) / len(hit) - 0.3) < 0.02


def test_a_share_of_one_hits_every_call() -> None:
    assert all(number in Hits(1.0, 7) for number in range(100))


def test_behind_a_dependency_that_is_wholly_down_nothing_else_is_seen() -> None:
    down = Dropped(Hits(1.0, 3))
    assert standing([down, FAILING, Cut(0.5), Dripped(3), Reshaped("null", 1)]) == (down,)
    assert standing([Cut(0.5), down]) == (down,)
    assert standing([Late(2), down]) == (Late(2), down)
    assert standing([Redirected(2), down]) == (Redirected(2), down)


def test_one_that_never_answers_is_not_late() -> None:
    assert standing([Late(2), Silent()]) == (Silent(),)


def test_where_only_some_calls_fail_the_others_are_still_damaged() -> None:
    some = Dropped(Hits(0.3, 3))
    assert standing([some, Cut(0.5), FAILING]) == (some, FAILING)
    assert standing([some, Cut(0.5), Late(1)]) == (some, Cut(0.5), Late(1))


@pytest.mark.parametrize("nothing", [Late(0), Dripped(0), Redirected(0), Cut(1.0), Reshaped("extra", 0)])
def test_what_does_nothing_is_no_fault(nothing: Late) -> None:
    assert standing([nothing]) == ()


def test_of_two_that_end_a_call_the_first_is_seen_and_delays_add_up() -> None:
    treated = treatment([Late(1), FAILING, Late(2), Silent(), Cut(0.9), Cut(0.2)], 0)
    assert (treated.seconds, treated.ending, treated.body) == (3, FAILING, (Cut(0.2),))


def test_a_call_that_no_fault_hits_is_left_alone() -> None:
    hits = Hits(0.01, 4)
    untouched = next(number for number in range(3, 20) if number not in hits)
    assert not treatment([Dropped(hits)], untouched)
    assert treatment([Dropped(hits)], hits.certain)


def test_the_same_call_is_answered_the_same_and_others_otherwise() -> None:
    fault = Answered((Answer(500), Answer(502), Answer(503)), Hits(1.0, 5))
    assert [fault.answer(number) for number in range(9)] == [fault.answer(number) for number in range(9)]
    assert {fault.answer(number).status for number in range(30)} == {500, 502, 503}


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (Observed(calls=2, hit=1, touched=1), ""),
        (Observed(), "the system did not call its dependency"),
        (Observed(calls=1), "the one call of its dependency was not hit; another seed may hit one"),
        (Observed(calls=3), "none of the 3 calls of its dependency was hit; another seed may hit one"),
        (Observed(calls=3, hit=2), "what the dependency answered cannot be damaged so"),
    ],
)
def test_why_a_call_is_no_test_is_said(seen: Observed, words: str) -> None:
    assert seen.untouched == words


def test_how_the_dependency_failed_is_said_in_one_line() -> None:
    assert Observed().failed == ""
    assert Observed(failures=("502",)).failed == "the dependency itself failed: 502"
    assert Observed(failures=("502", "503", "502")).failed == "the dependency itself failed: 502, 503, 3 times"
