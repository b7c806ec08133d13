"""What replaying a finding says of it."""

from __future__ import annotations

import pytest

from crumple.findings.status import Known, Status, concealed, status_of, why_of
from crumple.outcome import Outcome, Verdict
from crumple.recipe import Recipe
from crumple.result import Result, Work

RECIPE = Recipe.parse("text.swap(rate=0.1,seed=1)")
RIGHT, FAILS, OTHER, VOID, SKIP = "right", "crashed ValueError", "crashed KeyError", "void", "skip"


def known(*, failed: int = 2, tries: int = 2, digest: str = "d") -> Known:
    return Known("text-1", "a.txt", RECIPE, (FAILS,), digest, tries=tries, failed=failed)


def results(*said: str, digest: str = "d") -> list[Result]:
    return [_result(each, digest) for each in said]


def _result(said: str, digest: str) -> Result:
    work = Work(1, "a.txt", RECIPE)
    if said == SKIP:
        return Result(work, None, skipped="there is no text")
    if said == VOID:
        return Result(work, Verdict(Outcome.VOID, failure=False), cause="ConnectionError")
    failure = said != RIGHT
    outcome = Outcome.CRASHED if failure else Outcome.RIGHT
    return Result(work, Verdict(outcome, failure=failure, fingerprint=said if failure else ""), digest=digest)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ((), None),
        ((FAILS,), None),
        ((FAILS, FAILS), Status.FAILS),
        ((RIGHT,), None),
        ((RIGHT, RIGHT), Status.FIXED),
        ((RIGHT, FAILS), None),
        ((RIGHT, FAILS, RIGHT), None),
        ((RIGHT, FAILS, RIGHT, RIGHT), Status.FLAKY),
        ((OTHER, OTHER), Status.CHANGED),
        ((FAILS, OTHER), Status.FAILS),  # it is still there, whatever else is
        ((SKIP,), Status.ERROR),
        ((VOID,), None),
        ((VOID, VOID), Status.ERROR),
        ((VOID, FAILS, FAILS), Status.FAILS),
    ],
)
def test_calls_until_they_agree(said: tuple[str, ...], status: Status | None) -> None:
    assert status_of(known(), results(*said)) is status


def test_another_document_says_nothing_of_the_finding() -> None:
    assert status_of(known(), results(RIGHT, digest="e")) is Status.OTHER_BYTES
    assert status_of(known(digest=""), results(RIGHT, RIGHT, digest="e")) is Status.FIXED


def test_what_failed_now_and_then_is_not_fixed_because_it_fails_in_none_of_two_calls() -> None:
    rare = known(failed=1, tries=4)
    assert status_of(rare, results(*[RIGHT] * 10)) is None
    assert status_of(rare, results(*[RIGHT] * 11)) is Status.FIXED
    assert "none of 11 calls, and in 1 of 4" in why_of(rare, results(*[RIGHT] * 11))
    assert status_of(known(failed=1, tries=100), results(*[RIGHT] * 12)) is Status.FIXED


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ((SKIP,), "it does not apply: there is no text"),
        ((VOID, VOID), "ConnectionError"),
        ((OTHER, OTHER), f"another failure: {OTHER}"),
        ((RIGHT, FAILS, RIGHT, FAILS), "failed 2 of 4 times"),
        ((FAILS, FAILS), ""),
    ],
)
def test_why(said: tuple[str, ...], why: str) -> None:
    assert why_of(known(), results(*said)) == why


def test_a_concealed_fingerprint_quotes_nothing_and_is_one_of_its_own() -> None:
    one, other = "crashed exit code 3: no Mrs Smith", "crashed exit code 3: no Mr Jones"
    assert concealed("wrong /total (garbled)") == "wrong /total (garbled)"
    assert concealed(one).startswith("crashed exit code 3 #")
    assert concealed(one) != concealed(other)
    kept = Known("a-1", "a.txt", RECIPE, (concealed(one),))
    assert kept.knows(one)
    assert not kept.knows(other)


def test_known_findings_come_back_from_their_json() -> None:
    assert Known.from_json(known().to_json()) == known()
    older = {name: each for name, each in known().to_json().items() if name not in {"tries", "failed"}}
    assert Known.from_json(older).tries == 0
