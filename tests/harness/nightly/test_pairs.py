"""The same call in the baseline and tonight; what cannot be compared, and why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crumple.findings.status import Known, concealed
from crumple.nightly.baseline import Call
from crumple.nightly.from_run import Said, baseline_from
from crumple.nightly.kinds import kinds
from crumple.nightly.pairs import Pair, Paired, paired
from crumple.outcome import Outcome, Verdict
from crumple.result import Result, Work
from night_calls import baseline, call

CALLS = [call(number) for number in range(1, 6)]
BEFORE = baseline(CALLS)


def pairs(now: list[Call], cases: dict[str, str] | None = None) -> Paired:
    there = dict(BEFORE.cases) if cases is None else cases
    return paired(BEFORE, [*BEFORE.clean, *now], there, lambda each: "nobody called it")


def test_each_call_is_compared_with_itself_whatever_the_order() -> None:
    found = pairs([replace(each, outcome=Outcome.WRONG, failure=True) for each in reversed(CALLS)])
    assert [len(own) for own in found.pairs.values()] == [10, 5]
    assert all(each.worse and not each.better for each in found.pairs["text"])
    assert not found.left_out


def test_calls_of_tonight_alone_are_in_no_pair() -> None:
    found = pairs([*CALLS, call(99)])
    assert (len(found.pairs["clean"]), found.degraded) == (10, 5)


def test_a_call_that_was_drawn_twice_is_one_pair() -> None:
    found = paired(baseline([*CALLS, CALLS[0]]), CALLS, BEFORE.cases, lambda each: "nobody called it")
    assert found.degraded == len(CALLS)


def test_a_baseline_has_a_call_that_its_run_drew_twice_once() -> None:
    said = Said(set_on="2026-11-02", by="M. Osei", reason="why", config="crumple.toml", quotes=True)
    results = [
        Result(Work(at, each.case, each.recipe, 2.0, each.mutator, f"{at}/text.a/0/0"), Verdict(Outcome.RIGHT, False))
        for at, each in enumerate([*CALLS, CALLS[0]])
    ]
    assert [each.key for each in baseline_from(results, "run", {}, said).calls] == [each.key for each in CALLS]


@pytest.mark.parametrize(
    ("now", "cases", "why"),
    [
        (CALLS[1:], None, "nobody called it"),
        ([replace(CALLS[0], digest="other"), *CALLS[1:]], None, "its recipe makes other bytes now"),
        (CALLS, {name: digest for name, digest in BEFORE.cases.items() if name != "1.txt"}, "not in the corpus"),
        (CALLS, dict(BEFORE.cases) | {"1.txt": "another"}, "its case has changed"),
    ],
)
def test_what_cannot_be_compared_is_left_out_for_its_reason(now: list[Call], cases: dict[str, str], why: str) -> None:
    found = pairs(now, cases)
    (said,) = found.left_out
    assert why in said
    assert CALLS[0] in found.left_out[said]
    assert CALLS[0].key not in {each.now.key for each in found.pairs["text"]}


def _failed(number: int, mark: str) -> Call:
    return call(number, Outcome.CRASHED, fingerprint=mark)


def test_kinds_of_failure_that_are_new_gone_or_tonights_alone() -> None:
    both = [
        Pair(call(1), call(1, Outcome.CRASHED, fingerprint="new")),
        Pair(call(2), call(2, Outcome.CRASHED, fingerprint="new", level=1.0)),
        Pair(call(3, Outcome.CRASHED, fingerprint="gone"), call(3)),
        Pair(call(4, Outcome.CRASHED, fingerprint="old"), call(4, Outcome.CRASHED, fingerprint="old")),
        Pair(call(5), call(5, Outcome.CRASHED, fingerprint="elsewhere")),
    ]
    every = [*(each.before for each in both), call(6, Outcome.CRASHED, fingerprint="elsewhere")]
    finding = Known("f", "1.txt", call(1).recipe, ("found",))
    fresh = [
        call(number, Outcome.CRASHED, fingerprint=mark)
        for number, mark in enumerate(("old", "new", "found", "met", "gone", "tonight", "tonight"), 10)
    ]
    found = kinds(both, every, fresh, [finding], ["met"])
    assert {name: [(each["fingerprint"], each["count"]) for each in rows] for name, rows in found.items()} == {
        "new": [("new", 2)],
        "gone": [("gone", 1)],
        "tonight": [("tonight", 2)],
    }
    assert found["new"][0]["replay"] == call(2).replay  # the mildest


def test_a_kind_is_known_again_though_the_baseline_does_not_quote_what_systems_say() -> None:
    said = 'crashed KeyError at reader.py:read: row["amount 12345678"]'
    kept = call(1, Outcome.CRASHED, fingerprint=concealed(said))
    now = call(1, Outcome.CRASHED, fingerprint=said)
    assert concealed(said) != said
    found = kinds([Pair(kept, now)], [kept], [call(2, Outcome.CRASHED, fingerprint=said)], [])
    assert found == {"new": [], "gone": [], "tonight": []}


def test_clean_failures_are_no_kind() -> None:
    """That clean documents fail is said for itself, before anything else."""
    clean = call(0, mutator="")
    found = kinds([Pair(clean, replace(clean, outcome=Outcome.WRONG, failure=True, fingerprint="x"))], [], [], [])
    assert found["new"] == []
