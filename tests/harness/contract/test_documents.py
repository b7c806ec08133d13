"""From a run's events to the contract and the figures about documents like these in its document."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from scipy import stats

from crumple.case import Entry
from crumple.contract.limits import LIKE_THESE, Contract
from crumple.engine import run
from crumple.events import CallEnded, Ended, RoundEnded
from crumple.outcome import VALID, Outcome
from crumple.plan import Plan
from crumple.result import Work
from crumple.soundness import contract_state
from crumple.summary import Tally
from engine_scripts import A, B, Listed, Scripted, registry, texts
from ledgers import RIGHT, WRONG, call, clean, limit


def measured(plan: Plan, executor: Scripted, *limits: Any) -> dict[str, Any]:
    tally = Tally(plan.registry, {"corpus_cases": len(plan.corpus.entries())}, contract=Contract(limits))
    for event in run(plan, executor):
        tally.add(event)
        state = contract_state(tally.document(0.0))
        assert isinstance(event, Ended) or state == "undecided", "nothing is decided before the end"
    return tally.document(1.0)


def test_the_contract_stands_in_the_document_in_the_order_of_the_file() -> None:
    def script(work: Work) -> Outcome:
        return Outcome.WRONG if work.mutator == "text.b" else Outcome.RIGHT

    limits = (limit("text.b"), limit("text.a", bound=0.2), limit("text.a", "valid", 0.9))
    made = measured(Plan(texts(10), registry(A, B), calls=90), Scripted(script), *limits)
    rows = [(each["name"], each["state"], each["figure"]) for each in made["contract"]]
    assert rows == [
        ("text.b, failures", "broken", 1.0),
        ("text.a, failures", "met", 0.0),
        ("text.a, valid answers", "undecided", None),
    ]
    assert contract_state(made) == "broken"


def test_shapes_of_one_document_are_one_group() -> None:
    """Forty cases of four groups: 160 calls without a failure are four documents like these."""
    corpus = Listed(tuple(Entry(f"{at}.txt", "text/plain", f"g{at % 4}", True) for at in range(40)))
    made = measured(Plan(corpus, registry(A), calls=220), Scripted(), limit("text", bound=0.1, about=LIKE_THESE))
    (only,) = made["contract"]
    assert (only["state"], only["groups"], only["calls"]) == ("undecided", 4, made["mutators"]["text.a"]["runs"])
    assert made["categories"]["text"]["like_these"]["groups"] == 4
    assert made["categories"]["text"]["like_these"]["high"] > 0.5 > made["categories"]["text"]["high"]


def test_calls_that_weigh_less_are_fewer() -> None:
    """Nine calls of one mutator and one of the other, each half of the rate: worth 1 / (1/4/9 + 1/4/1) = 3.6 calls."""
    tally = Tally(registry(A, B), {})
    tally.add(clean(10))
    tally.add(RoundEnded(0, [call(at, RIGHT) for at in range(9)] + [call(9, RIGHT, mutator="text.b")]))
    category = tally.document(0.0)["categories"]["text"]
    assert category["like_these"]["effective_calls"] <= 3.6
    assert category["high"] == pytest.approx(stats.norm.ppf(0.975) ** 2 / (3.6 + stats.norm.ppf(0.975) ** 2))


def test_the_category_table_and_a_limit_on_the_category_agree() -> None:
    results = [call(at % 20, WRONG if at % 3 == 0 else RIGHT, level=[1.0, 3.0][at % 7 > 4]) for at in range(70)]
    tally = Tally(registry(A, B), {}, contract=Contract((limit("text", about=LIKE_THESE, confidence=0.975),)))
    tally.add(clean(20))
    tally.add(RoundEnded(0, results))
    made = tally.document(0.0)
    (only,) = made["contract"]
    category = made["categories"]["text"]
    assert only["figure"] == pytest.approx(category["rate"])
    for end in ("low", "high", "design_effect"):
        assert only[end] == pytest.approx(category["like_these"][end])


def test_a_void_run_meets_nothing_and_breaks_nothing_but_what_is_clean() -> None:
    """Half of its calls came to nothing: what the others say may be what easy documents say."""
    limits = (
        limit("text", bound=0.9),
        limit("text", bound=0.001),
        limit("clean", bound=0.5),
        limit("clean", bound=0.01),
    )
    tally = Tally(registry(A, B), {"corpus_cases": 20}, contract=Contract(limits))
    tally.add(clean(19, 1))
    results = [call(at % 20, [Outcome.VOID, RIGHT, Outcome.VOID, WRONG][at % 4]) for at in range(200)]
    for each in results:
        tally.add(CallEnded(replace(each, attempts=1)))
    tally.add(RoundEnded(0, results))
    tally.add(Ended("calls"))
    rows = tally.document(1.0)["contract"]
    assert [each["state"] for each in rows] == ["undecided", "undecided", "undecided", "broken"]
    assert "the run is void" in rows[0]["sentence"]


def test_of_answers_that_do_not_keep_to_the_schema_the_simplest_is_kept() -> None:
    """Of right ones too: they are no failures, and in no bucket."""
    tally = Tally(registry(A, B), {})
    invalid = [call(f"{at}.txt", figures={VALID: 0.0}, level=4.0 - at) for at in range(3)]
    valid = [call("9.txt", figures={VALID: 1.0}), call("0.txt", mutator="text.b")]
    tally.add(RoundEnded(0, (*invalid, *valid)))
    made = tally.document(0.0)
    found = made["mutators"]["text.a"]["invalid"]
    assert (found["count"], found["example"]["case"], found["example"]["level"]) == (3, "2.txt", 2.0)
    assert made["mutators"]["text.b"]["invalid"] is None
    assert not made["buckets"]
