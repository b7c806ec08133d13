"""What a corpus and a budget offer each limit, counted against what a plan then really draws."""

from __future__ import annotations

import pytest

from crumple.contract.limits import LIKE_THESE, Contract, Limit, Pin
from crumple.mix import Missing, Mix
from crumple.mutation.registry import discover
from crumple.plan import Plan
from crumple.supply import Price, Supply, ground, supply
from foreseen_plans import NAMES, limit, plan


def there(limit: Limit, of: Plan, *, mix: Mix | None = None, pin: Pin | None = None) -> Supply:
    return supply(limit, Contract((limit,), pin), ground(of), mix)


def test_a_budget_goes_to_clean_documents_first_and_then_to_whole_rounds() -> None:
    found = ground(plan())
    assert (len(found.entries), found.corpus, len(found.groups)) == (50, 50, 40)
    assert found.before == 50
    assert found.left == 600 - 50 - 12, "some is kept back to try failures again"
    assert found.rounds == 538 // 5


def test_a_category_gets_its_mutators_calls_of_every_round() -> None:
    found = there(limit("encoding"), plan())
    assert found.mutators == NAMES[:3]
    assert found.calls == 107 * 3
    assert found.worth == pytest.approx(107 * 3)
    assert found.stream == 538
    assert (found.cases, found.groups) == (50, 40)


def test_levels_that_do_not_count_cost_their_share_of_the_calls() -> None:
    whole, part = there(limit("encoding.nfd"), plan()), there(limit("encoding.nfd", up_to_level=1), plan())
    ladder = discover().get("encoding.nfd").ladder
    assert part.calls == whole.calls // (3 if ladder else 1)


def test_of_documents_like_these_groups_are_counted() -> None:
    found = there(limit("table", LIKE_THESE), plan())
    assert (found.groups, found.cases) == (10, 20), "both documents of a group are its cases"
    assert 9.9 < found.worth <= 10
    assert found.stream == 10


def test_a_stream_ends_where_a_mutator_has_no_new_group() -> None:
    mixed = there(limit("all", LIKE_THESE), plan(groups=40, tables=2))
    assert mixed.stream == 8, (
        "a round takes 4 groups, and 20 for one with a table: 40 are gone after 1.7 rounds of five"
    )
    assert there(limit("encoding", LIKE_THESE), plan(groups=40, tables=2)).stream == 40


def test_clean_documents_are_counted_to_the_last_where_all_are_tried() -> None:
    assert there(limit("clean"), plan()).census
    like = there(limit("clean", LIKE_THESE), plan())
    assert (like.census, like.worth, like.stream) == (False, 40, 40)
    sampled = there(limit("clean"), plan(groups=400, tables=0))
    assert not sampled.census
    assert sampled.cases == sampled.worth == 150


def test_a_pin_leaves_out_mutators_and_levels() -> None:
    bom, nfd = (discover().get(name) for name in NAMES[:2])
    pin = Pin({"encoding.bom": bom.version, "encoding.nfd": "00000000"}, (1.0, 3.0, 5.0))
    assert there(limit("encoding"), plan(), pin=pin).mutators == ("encoding.bom",)
    none = there(limit("encoding.nfd"), plan(), pin=pin)
    assert none.why == "every mutator that it is about is newer than crumple.lock"
    assert nfd.version != "00000000"


def test_what_cannot_be_run_on_these_documents_says_why() -> None:
    assert there(limit("table"), plan(tables=0)).why == "no document of the corpus is csv or tsv"


def test_budgets_of_time_and_money_are_counted_in_calls() -> None:
    timed = plan(calls=None, seconds=100.0)
    assert ground(timed).left is None, "nobody knows how long a call takes"
    assert ground(timed, Price(seconds=0.5)).left == 200 - 50 - 4
    assert ground(plan(cost=1.0), Price(cost=0.01)).left == 100 - 50 - 2
    assert ground(plan(cost=1.0), Price(cost=0.0)).left == 538


def test_production_is_drawn_by_the_mix() -> None:
    mix = Mix(clean=0.8, damaged={("encoding.bom", 1.0): 0.1, ("table.delimiter", 1.0): 0.1})
    found = there(limit("production"), plan(), mix=mix)
    assert found.price == pytest.approx(0.2), "clean ones are known already"
    assert found.stream == pytest.approx(538 / 0.2)
    assert there(limit("production", LIKE_THESE), plan(), mix=mix).stream == 30, "a table is met in every fourth group"
    assert 0 < found.worth < 100


@pytest.mark.parametrize(
    ("mix", "why"),
    [
        (Mix(clean=0.5), "the mix names 50% of the volume"),
        (Mix(0.9, {("scan.skew", 1.0): 0.1}), "the mix names scan.skew, of which not all is run"),
        (Mix(0.9, left_out=(Missing("scan", None, 0.1, "not run"),)), "the mix names scan, of which not all is run"),
        (None, "the mix names 0% of the volume"),
    ],
)
def test_production_that_is_not_wholly_run_cannot_be_decided(mix: Mix | None, why: str) -> None:
    assert why in there(limit("production"), plan(), mix=mix).why
