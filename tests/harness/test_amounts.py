"""Time and money of a run: what is counted, and that neither order nor an interruption shows."""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace
from typing import Any

import pytest

from crumple.amounts import Amounts
from crumple.engine import run
from crumple.events import CallEnded, RoundEnded
from crumple.mutation.registry import Registry
from crumple.outcome import Outcome, Verdict
from crumple.plan import Plan
from crumple.pytest_plugin.session import session_document
from crumple.result import Result, Work
from crumple.statistics import quantiles
from crumple.summary import Tally
from engine_scripts import A, C, Scripted, registry, texts


def result(seconds: float = 0.1, outcome: Outcome = Outcome.RIGHT, **more: object) -> Result:
    failure = outcome not in {Outcome.RIGHT, Outcome.VOID}
    work = Work(1, "a", mutator=str(more.pop("mutator", "scan.skew")))
    return Result(work, Verdict(outcome, failure), seconds=seconds, **more)  # type: ignore[arg-type]  # fields of several kinds


def amount(*results: Result) -> dict[str, Any]:
    made = Amounts()
    made.clean(results)
    found: dict[str, Any] = made.document()["clean"]
    return found


def test_percentiles_are_those_of_the_values_that_were_seen() -> None:
    generator = random.Random(3)
    values = [generator.lognormvariate(-2, 1) for _ in range(400)]
    seconds = amount(*map(result, values))["seconds"]
    for name, share in {"median": 0.5, "p95": 0.95, "p99": 0.99}.items():
        assert seconds[name]["value"] == pytest.approx(quantiles.quantile(values, share), rel=0.05)
        low, high = quantiles.interval(values, share, 0.975)
        assert seconds[name]["low"] == pytest.approx(low, rel=0.05)
        assert (seconds[name]["high"] is None) == math.isinf(high)
        assert math.isinf(high) or seconds[name]["high"] == pytest.approx(high, rel=0.05)
    assert seconds["longest"] == pytest.approx(max(values), abs=1e-6)
    assert seconds["total"] == pytest.approx(sum(values), abs=1e-3)


def test_a_percentile_that_no_call_can_lie_beyond_is_none() -> None:
    seconds = amount(*[result()] * 19)["seconds"]
    assert seconds["median"]["value"] == pytest.approx(0.1)
    assert (seconds["p95"], seconds["p99"]) == (None, None)
    assert amount(*[result()] * 20)["seconds"]["p95"]["high"] is None


def test_the_order_of_calls_changes_nothing() -> None:
    generator = random.Random(1)
    results = [result(generator.expovariate(3), cost=generator.random() / 7) for _ in range(300)]
    shuffled = list(results)
    generator.shuffle(shuffled)
    assert amount(*results) == amount(*shuffled)


def test_amounts_that_are_joined_are_those_of_all_calls() -> None:
    generator = random.Random(2)
    results = [result(generator.expovariate(1), cost=0.01, attempts=2) for _ in range(200)]
    parts = Amounts()
    for some in (results[:50], results[50:]):
        own = Amounts()
        own.degraded(some)
        parts.join(json.loads(json.dumps(own.document())))
    whole = Amounts()
    whole.degraded(results)
    assert parts.document() == whole.document()


def test_what_is_void_or_skipped_says_nothing_of_the_system() -> None:
    made = amount(result(outcome=Outcome.VOID), replace(result(), verdict=None, skipped="no text"))
    assert made["calls"] == 0
    assert made["seconds"]["median"] is None
    assert made["money"] is None


def test_money_says_what_failures_and_asking_again_have_cost() -> None:
    made = amount(
        result(cost=0.03, attempts=3),
        result(outcome=Outcome.WRONG, cost=0.01, attempts=1),
        result(cost=0.0, attempts=1),
    )["money"]
    assert made == {"total": 0.04, "mean": pytest.approx(0.04 / 3), "failures": 0.01, "retries": 0.02}


def test_nothing_is_said_of_money_where_none_is_known() -> None:
    assert amount(result())["money"] is None


def test_hung_calls_are_told_apart_with_the_time_that_they_had() -> None:
    made = amount(result(30.0, Outcome.HUNG), result(0.2), result(0.4))
    assert made["outcomes"]["hung"] == {"calls": 1, "timed": 1, "seconds": 30.0, "longest": 30.0}
    assert made["seconds"]["longest"] == 30.0


@pytest.mark.parametrize("seconds", [0.0, -1.0, math.inf, math.nan])
def test_a_call_without_a_time_is_counted_and_in_no_percentile(seconds: float) -> None:
    made = amount(result(seconds, cost=0.5), result(0.3), result(0.3))
    assert (made["calls"], made["seconds"]["timed"]) == (3, 2)
    assert made["seconds"]["median"]["value"] == pytest.approx(0.3)
    assert made["money"]["total"] == 0.5


def test_the_shortest_time_is_a_microsecond() -> None:
    assert amount(result(1e-9))["seconds"]["longest"] == 1e-6


def test_a_million_calls_take_a_few_bins() -> None:
    made = amount(*(result(1.001**step / 1000) for step in range(20_000)))
    assert len(made["seconds"]["bins"]) <= 9 * 50


def test_a_run_counts_its_clean_calls_and_those_of_whole_rounds() -> None:
    plan = Plan(texts(3), registry(A, C), calls=20)
    tally = Tally(Registry({**plan.registry.mutators, **plan.controls.mutators}), {})
    found = list(run(plan, Scripted()))
    for event in found:
        tally.add(event)
    made = tally.document(1.0)["amounts"]
    rounds = sum(len(event.results) for event in found if isinstance(event, RoundEnded))
    assert made["clean"]["calls"] == 3
    assert made["degraded"]["calls"] == rounds == sum(each["calls"] for each in made["categories"].values())
    assert rounds < sum(isinstance(event, CallEnded) for event in found)


def test_a_session_adds_up_each_source_once() -> None:
    own = Amounts()
    own.degraded([result(mutator="scan.skew")] * 4)
    document = {"categories": {}, "amounts": own.document()}
    items = [
        {"id": name, "outcome": "passed", "source": source, "document": document}
        for name, source in (("a", "x"), ("b", "x"), ("c", "y"))
    ]
    made = session_document([*items, {"id": "d", "outcome": "failed", "source": "z"}], calls=12, failing=0)
    assert made["amounts"]["degraded"]["calls"] == 8
