"""The report of `crumple check`: what its reader is told, at every width, and what is left out."""

from __future__ import annotations

import re
from typing import Any

import pytest

from crumple.contract.limits import LIKE_THESE, Contract, Limit, Metric
from crumple.foresight import Circumstances, Offer, foresee
from crumple.mix import Missing, Mix
from crumple.pin_file import Differences
from crumple.supply import Price, ground
from crumple_reports.foreseen import render
from foreseen_plans import limit, plan

MONEY = Limit(of="all", metric=Metric.COST, bound=0.01)


def document(*limits: Limit, price: Price | None = None, **more: Any) -> dict[str, Any]:
    price = price or Price()
    known = Circumstances(
        price, "the last run (85 calls)", [10] * len(limits), [0] * len(limits), "crumple.toml", more.get("pin")
    )
    offered = ground(plan(), price)
    return foresee(Contract(limits), Offer(offered, offered), more.get("mix"), known)


def words(made: dict[str, Any], **options: Any) -> str:
    return " ".join(render(made, **options).split())


def test_the_first_sentence_is_the_answer() -> None:
    assert render(document(limit("all"))).startswith("The one limit can be decided, by `crumple run` and by")
    assert render(document(limit("all"), limit("encoding"))).startswith("All 2 limits can be decided, by")
    said = words(document(limit("all"), limit("encoding", LIKE_THESE)))
    assert said.startswith("Of 2 limits, `crumple run` can decide 1, `crumple run --decide` 1.")
    said = words(document(limit("encoding", LIKE_THESE)))
    assert said.startswith("Of 1 limit, `crumple run` can decide none, `crumple run --decide` none.")


def test_what_is_needed_stands_beside_what_there_is() -> None:
    text = render(document(limit("encoding", LIKE_THESE), limit("clean"), MONEY), width=100)
    assert re.search(r"encoding, failures +at most 5 % +documents +59 +39 +no +80 +40 +no", text)
    assert re.search(r"clean, failures +at most 5 % +documents +all +50 +yes +all +50 +yes", text)
    assert re.search(r"all, mean cost +at most 0.01 +documents +\d+\+ ", text), "how calls differ decides it"


def test_prices_are_shown_where_they_are_known() -> None:
    said = words(document(limit("encoding"), price=Price(0.004, 0.5)), width=100)
    assert "costs 0.004, and takes 0.5 s of a run's time, as in the last run (85 calls)" in said
    assert "Cost and time are those of a quarter." in said
    said = words(document(limit("encoding")))
    assert "costs an amount that is not known, and takes a time that is not known before a first run" in said
    assert "those of a quarter" not in said


def test_more_than_the_budget_is_said() -> None:
    strict = Limit(of="table", metric=Metric.FAILURES, bound=0.02, about="these documents")
    assert "That is more than the budget of 600" in words(document(limit("all", bound=0.02), strict))
    assert "more than the budget" not in words(document(limit("encoding")))


def test_another_confidence_is_named_with_its_limit() -> None:
    said = words(document(limit("encoding"), limit("table"), limit("clean", confidence=0.99)))
    assert "sure to 95 %, 99 % of clean, failures" in said


def test_what_stands_beside_the_contract_is_said() -> None:
    said = words(
        document(
            limit("encoding"),
            mix=Mix(0.5, left_out=(Missing("scan", None, 0.1, "[mutate] use leaves it out"),)),
            pin=Differences(("a.b",), ("c.d",), ("e.f",), (3,), (5,)),
        )
    )
    for each in (
        "No limit is about table, truncation, which are run.",
        "The mix names 60 % of the volume; nothing is said of the rest.",
        "Of the mix, scan (10 % of the volume): [mutate] use leaves it out.",
        "a.b: newer than crumple.lock.",
        "c.d: changed since crumple.lock was written.",
        "e.f: in crumple.lock, and not run any more.",
        "Level 3: not in crumple.lock.",
        "Level 5: in crumple.lock, and not run.",
    ):
        assert each in said
    assert "not pinned" not in said


@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_it_fits_and_is_plain_without_colour(width: int) -> None:
    limits = [limit("encoding", LIKE_THESE, up_to_level=3), limit("table"), limit("clean"), MONEY]
    text = render(document(*limits, price=Price(0.004, 0.5)), width=width)
    assert max(map(len, text.splitlines())) <= width
    assert "\x1b" not in text
    assert "\x1b[" in render(document(*limits), width=width, color=True)
