"""Estimates before spending: what the rest of a run takes, and when it must be allowed first."""

from __future__ import annotations

import pytest

from crumple.case import Entry
from crumple.errors import CrumpleError
from crumple.estimates import objection, rest_of
from crumple.events import CleanEnded
from crumple.outcome import Outcome, Verdict
from crumple.plan import Plan
from crumple.result import Result, Work
from engine_scripts import A, registry, texts


def clean(seconds: float, cost: float = 0.0, *, cases: int = 10, void: int = 0) -> CleanEnded:
    entries = [Entry(f"{n}", "text/plain", f"{n}", True) for n in range(cases)]
    results = [
        Result(Work(n, f"{n}"), Verdict(Outcome.VOID if n < void else Outcome.RIGHT, False), seconds=seconds, cost=cost)
        for n in range(cases)
    ]
    return CleanEnded(entries, frozenset(), results, frozenset(), {})


def plan(calls: int | None = 1000, seconds: float | None = None, cost: float | None = None) -> Plan:
    return Plan(texts(10), registry(A), calls=calls, seconds=seconds, cost=cost)


def refused(plan: Plan, found: CleanEnded, above: float | None = None, *, default: bool = False) -> str:
    no = objection(rest_of(plan, found, at_a_time=2), plan, above, default=default)
    assert isinstance(no, CrumpleError)
    return str(no)


def test_the_rest_is_told_from_the_clean_calls() -> None:
    rest = rest_of(plan(), clean(6.0, 0.01), at_a_time=4)
    assert (rest.calls, rest.seconds, rest.cost) == (990, pytest.approx(990 * 1.5), pytest.approx(9.9))
    assert rest.sentence() == "up to 990 calls, about 25 min (6 s a call, 4 at a time), about 9.90 in money"


def test_a_rate_that_is_configured_holds_it_up() -> None:
    assert rest_of(plan(), clean(1.0), at_a_time=100, rate=0.5).seconds == pytest.approx(990 * 2)


def test_the_smallest_budget_bounds_it() -> None:
    by_cost = rest_of(plan(cost=2.0), clean(6.0, 0.01), at_a_time=1)
    assert by_cost.calls == 190
    by_time = rest_of(plan(calls=None, seconds=600.0), clean(6.0, 0.01), at_a_time=1)
    assert (by_time.calls, by_time.cost) == (90, pytest.approx(0.9))


def test_void_calls_tell_nothing() -> None:
    assert rest_of(plan(), clean(6.0, void=10), at_a_time=1).seconds is None


def test_more_than_an_hour_without_a_budget_in_time_must_be_allowed() -> None:
    said = refused(plan(10_000), clean(6.0))
    assert "would take more than an hour, which nobody has allowed: up to 9,990 calls, about 8.3 h" in said
    assert "`--time 11h`" in said
    assert "--calls 1200" in said, "as many as fit into the hour"


def test_the_default_budget_is_named_beside_a_time_which_would_take_its_place() -> None:
    assert "`--calls 1000 --time 2h`" in refused(plan(), clean(10.0), default=True)


def test_money_above_what_is_asked_for_must_be_allowed() -> None:
    said = refused(plan(), clean(0.1, 0.01), above=5.0)
    assert "more money than [run] ask_above" in said
    assert "`--cost 13`" in said


@pytest.mark.parametrize(
    ("budget", "above"),
    [
        (plan(), None),
        (plan(10_000, seconds=80_000.0), None),
        (plan(cost=100.0), 1.0),
        (plan(), 10.0),
    ],
)
def test_what_was_allowed_or_is_little_goes_on(budget: Plan, above: float | None) -> None:
    assert objection(rest_of(budget, clean(6.0, 0.01), at_a_time=2), budget, above, default=False) is None
