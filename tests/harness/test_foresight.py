"""What can be decided: said before anything is called, and held to what the course of a run then does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crumple.case import Entry
from crumple.contract.limits import LIKE_THESE, THESE, Contract, Limit, Metric
from crumple.deciding.course import Deciding
from crumple.engine import run
from crumple.events import Watched
from crumple.foresight import Circumstances, Offer, foresee
from crumple.mix import Missing, Mix
from crumple.outcome import Outcome
from crumple.pin_file import Differences
from crumple.plan import Plan
from crumple.supply import Price, ground
from crumple.views.text import Text
from engine_scripts import Listed, Scripted, registry, scripted_mutator
from foreseen_plans import limit, plan

UNKNOWN = Price()


def foreseen(*limits: Limit, of: Plan | None = None, price: Price = UNKNOWN, mix: Mix | None = None) -> dict[str, Any]:
    known = Circumstances(price, "", [10 * (at + 1) for at in range(len(limits))], [0] * len(limits), "crumple.toml")
    offered = ground(of or plan(), price)
    return foresee(Contract(limits), Offer(offered, offered), mix, known)


def test_a_limit_with_enough_calls_can_be_decided_either_way() -> None:
    (row,) = foreseen(limit("encoding"))["limits"]
    assert (row["name"], row["shown"], row["line"]) == ("encoding, failures", "at most 5 %", 10)
    assert row["run"] == {"can": True, "calls": 321, "has": 321, "needs": 59, "at_least": False, "why": ""}
    assert row["decide"]["can"]
    assert row["decide"]["needs"] == 80
    assert row["instead"] == ""


def test_too_few_documents_like_these_are_said_with_what_can_be_decided_instead() -> None:
    (row,) = foreseen(limit("encoding", LIKE_THESE))["limits"]
    assert not row["run"]["can"]
    assert row["run"]["why"] == "it takes 59 documents like these, and there are 40"
    assert row["decide"]["why"] == "it takes 80 documents like these, and there are 40"
    assert row["instead"] == 'about = "these documents" below line 10'


def test_too_few_calls_are_said_and_nothing_is_offered_that_does_not_help() -> None:
    (row,) = foreseen(limit("table", LIKE_THESE), of=plan(calls=100))["limits"]
    assert row["instead"] == ""
    (row,) = foreseen(limit("table", THESE), of=plan(calls=150))["limits"]
    assert row["run"]["why"].startswith("it takes 59 calls, and gets ")


def test_all_of_them_are_counted() -> None:
    document = foreseen(limit("encoding"), limit("table", LIKE_THESE), limit("clean"))
    assert (document["all"]["limits"], document["all"]["run"], document["all"]["decide"]) == (3, 2, 2)
    assert document["limits"][2]["census"]
    assert document["limits"][2]["rates"] == []


def test_what_it_costs_and_how_long_it_takes_is_known_where_a_call_is() -> None:
    document = foreseen(limit("encoding"), price=Price(0.01, 0.5))
    good = document["limits"][0]["rates"][0]
    assert good["cost"] == pytest.approx(0.01 * good["calls"], abs=0.01)
    assert good["seconds"] == pytest.approx(0.5 * good["calls"], abs=0.5)
    assert document["all"]["calls"] == good["calls"] + 50
    assert document["all"]["cost"] == pytest.approx(0.01 * document["all"]["calls"])
    unknown = foreseen(limit("encoding"))
    assert unknown["all"]["cost"] is unknown["limits"][0]["rates"][0]["seconds"] is None


def test_limits_of_one_population_share_their_calls() -> None:
    slow = Limit(of="encoding", metric=Metric.LATENCY, bound=2.0, about=THESE)
    one, both = foreseen(limit("encoding")), foreseen(limit("encoding"), slow)
    assert both["all"]["calls"] - one["all"]["calls"] <= 1
    assert foreseen(limit("encoding"), limit("table"))["all"]["calls"] > one["all"]["calls"] + 50


def test_what_the_contract_does_not_cover_is_named() -> None:
    assert foreseen(limit("encoding"))["uncovered"] == ["table", "truncation"]
    assert foreseen(limit("table.delimiter"))["uncovered"] == ["encoding", "truncation"]
    assert foreseen(limit("all"))["uncovered"] == []
    assert foreseen(limit("clean"), of=plan(tables=0))["uncovered"] == ["encoding", "truncation"]


def test_a_run_that_decides_looks_at_more_groups() -> None:
    of = plan(groups=30, tables=30, calls=80)
    known = Circumstances(UNKNOWN, "", [10], [0], "crumple.toml")
    offered = Offer(ground(of), ground(replace(of, by_group=True, round_size=1)))
    (row,) = foresee(Contract((limit("all", LIKE_THESE),)), offered, None, known)["limits"]
    assert row["run"]["has"] < row["decide"]["has"]


def test_a_limit_that_the_command_line_makes_partial_cannot_be_decided() -> None:
    contract = Contract((limit("encoding"),), partial={0: "this run leaves out level 3, which it is about"})
    known = Circumstances(UNKNOWN, "", [10], [0], "crumple.toml")
    (row,) = foresee(contract, Offer(ground(plan()), ground(plan())), None, known)["limits"]
    assert not row["run"]["can"]
    assert row["decide"]["why"] == "this run leaves out level 3, which it is about"


def test_without_a_budget_in_calls_there_is_no_end_to_them() -> None:
    (row,) = foreseen(limit("encoding"), of=plan(calls=None, seconds=60.0))["limits"]
    assert row["run"]["can"]
    assert row["run"]["has"] is row["decide"]["has"] is None


def test_the_pin_and_the_mix_are_told() -> None:
    mix = Mix(0.9, left_out=(Missing("scan", None, 0.1, "[mutate] use leaves it out"),))
    document = foreseen(limit("encoding"), mix=mix)
    assert document["pin"] is None
    assert document["mix"]["missing"] == [
        {"name": "scan", "level": None, "share": 0.1, "why": "[mutate] use leaves it out"}
    ]
    known = Circumstances(UNKNOWN, "", [10], [0], "crumple.toml", Differences(newer=("scan.skew",)))
    document = foresee(Contract((limit("encoding"),)), Offer(ground(plan()), ground(plan())), None, known)
    assert document["pin"]["newer"] == ("scan.skew",)


@pytest.mark.parametrize(("groups", "state"), [(60, "undecided"), (90, "met")])
def test_what_is_foreseen_of_documents_like_these_is_what_a_run_that_decides_comes_to(groups: int, state: str) -> None:
    texts = [scripted_mutator(f"text.m{number}", Text) for number in range(5)]
    corpus = Listed(tuple(Entry(str(number), "text/plain", f"group {number}", True) for number in range(groups)))
    limits = (Limit(of="text", metric=Metric.FAILURES, bound=0.05),)
    of = Plan(corpus, registry(*texts), calls=1000, round_size=1)
    (row,) = foreseen(*limits, of=of)["limits"]
    course = Deciding(of, Contract(limits), None)
    events = list(run(of, Scripted(lambda work: Outcome.RIGHT), course=course))
    (standing,) = [each for each in events if isinstance(each, Watched)][-1].standings
    assert standing.state == state
    assert row["decide"]["can"] == (state == "met")
    if standing.decided_after is None:
        assert standing.groups == row["decide"]["has"]
    else:
        assert standing.decided_after == row["decide"]["needs"]


def test_where_a_limit_says_what_it_is_about_that_line_is_named() -> None:
    known = Circumstances(UNKNOWN, "", [10], [12], "crumple.toml")
    offered = Offer(ground(plan()), ground(plan()))
    (row,) = foresee(Contract((limit("encoding", LIKE_THESE),)), offered, None, known)["limits"]
    assert row["instead"] == 'about = "these documents" in line 12'


def test_of_production_only_what_is_damaged_takes_a_call() -> None:
    mix = Mix(clean=0.8, damaged={("encoding.bom", 1.0): 0.2})
    (row,) = foreseen(limit("production"), mix=mix)["limits"]
    assert (row["decide"]["needs"], row["decide"]["paid"]) == (80, 16)
    assert row["rates"][0]["calls"] < 40


def test_what_cannot_be_watched_is_decided_at_the_end_or_not_at_all() -> None:
    known = Circumstances(UNKNOWN, "", [10, 20], [0, 0], "crumple.toml", unwatched="a batch is made ready before")
    offered = Offer(ground(plan()), ground(plan()))
    first, second = foresee(Contract((limit("encoding"), limit("clean"))), offered, None, known)["limits"]
    assert first["run"]["can"]
    assert (first["decide"]["can"], first["decide"]["why"], first["rates"]) == (
        False,
        "a batch is made ready before",
        [],
    )
    assert second["decide"]["can"]
