"""Lanes whose system calls a service: what of its faults the system bears, and what is not the system's doing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crumple import Corpus, Dependency
from crumple.adapters.callable import CallableSystem
from crumple.adapters.fronted import check
from crumple.corpora import folder
from crumple.dependency.front import CALLS, NEVER_CALLED, NONE_CONFIGURED, Front
from crumple.errors import CrumpleError
from crumple.execution.local import LocalLanes
from crumple.execution.spec import LaneSpec
from crumple.mutation.registry import discover
from crumple.outcome import Outcome
from crumple.plan import Plan, eligible
from crumple.recipe import Recipe, Step
from crumple.result import Result, Work
from crumple.workers.limits import Limits

SYSTEMS = Path(__file__).parents[1] / "systems"


Ask = Callable[..., Result]


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """An order for each kind of system, and its total."""
    files = tmp_path_factory.mktemp("orders")
    for name in ("trusting", "filling_in", "careful", "aloof", "unlucky"):
        items = ("status/503", "status/503") if name == "unlucky" else ("prices/A1", "prices/B2")
        (files / f"{name}.txt").write_text(f"{items[0]} 2\n{items[1]} 1\n")
        (files / f"{name}.txt.truth.json").write_text('{"total": 28.0}')
    return folder(files)


def spec_of(corpus: Corpus, front: Front) -> LaneSpec:
    system = CallableSystem(
        root=SYSTEMS,
        call="orders_with_prices:total",
        refuses=("orders_with_prices.UnavailableError",),
        limits=Limits(timeout=1.5),
    )
    mutators = {each.name: each.module for each in discover() if each.category in {"dependency", "text"}}
    return LaneSpec(root=SYSTEMS, corpus=corpus, system=system, judge="fields", mutators=mutators, dependency=front)


def asking(lanes: LocalLanes) -> Ask:
    def ask(case: str, recipe: str = "", *, repeat: int = 1) -> Result:
        lanes.put([Work(number, f"{case}.txt", Recipe.parse(recipe)) for number in range(repeat)])
        found: list[Result] = []
        while lanes.pending:
            found += lanes.results()
        assert len({each.verdict and each.verdict.outcome for each in found}) == 1
        return found[0]

    return ask


@pytest.fixture(scope="module")
def ask(prices: str, orders: Corpus) -> Iterator[Ask]:
    """Makes a call in a lane that has a proxy."""
    with LocalLanes(spec_of(orders, Front(url=prices, env="PRICES_URL")), 1) as lanes:
        yield asking(lanes)


DOWN = "dependency.down(share=1,seed=1)"
SHARE = (("share", 0.05),)
FIRST = "dependency.down(share=0.05,seed=1)"
WRONG, CRASHED, HUNG, REFUSED, RIGHT = (
    Outcome.WRONG,
    Outcome.CRASHED,
    Outcome.HUNG,
    Outcome.REFUSED,
    Outcome.RIGHT,
)
TABLE = [
    ("", RIGHT, RIGHT, RIGHT),
    (DOWN, CRASHED, WRONG, REFUSED),
    (FIRST, CRASHED, WRONG, RIGHT),
    ("dependency.reset(share=0.05,seed=1)", CRASHED, WRONG, RIGHT),
    ("dependency.server_error(share=0.05,seed=1)", CRASHED, WRONG, RIGHT),
    ("dependency.rate_limited(share=0.05,seed=1)", CRASHED, WRONG, RIGHT),
    ("dependency.never_answers(share=0.05,seed=1)", HUNG, WRONG, RIGHT),
    ("dependency.nonsense(share=0.05,seed=1)", CRASHED, WRONG, RIGHT),
    ("dependency.error_in_200(share=0.05,seed=1)", CRASHED, WRONG, RIGHT),
    ("dependency.expired_credentials(share=1,seed=1)", CRASHED, WRONG, REFUSED),
    ("dependency.maintenance(seed=1)", CRASHED, WRONG, REFUSED),
    ("dependency.cut_short(left=0.7,seed=1)", CRASHED, WRONG, REFUSED),
    ("dependency.renamed_fields(share=1,seed=1)", CRASHED, WRONG, REFUSED),
    ("dependency.null_fields(share=1,seed=1)", CRASHED, WRONG, REFUSED),
    ("dependency.extra_fields(count=25,seed=1)", RIGHT, RIGHT, RIGHT),
    ("dependency.redirect(hops=2,seed=1)", RIGHT, RIGHT, RIGHT),
    ("dependency.slow(delay=0.1,seed=1)", RIGHT, RIGHT, RIGHT),
    ("dependency.slow_drip(duration=0.1,seed=1)", RIGHT, RIGHT, RIGHT),
    ("dependency.down(share=0.05,seed=1) > dependency.extra_fields(count=3,seed=2)", CRASHED, WRONG, RIGHT),
]


@pytest.mark.parametrize(("recipe", "trusting", "filling_in", "careful"), TABLE)
def test_who_trusts_crashes_who_fills_in_is_silently_wrong_and_who_asks_again_gets_through(
    ask: Ask, recipe: str, trusting: Outcome, filling_in: Outcome, careful: Outcome
) -> None:
    """After the row in which it hangs, the next worker is there before the next faults are."""
    found = [ask(case, recipe).verdict.outcome for case in ("trusting", "filling_in", "careful")]
    assert found == [trusting, filling_in, careful]


def test_refusing_is_acceptable_where_it_is_down_and_not_where_asking_again_helps(ask: Ask) -> None:
    assert ask("careful", DOWN).verdict.failure is False
    assert ask("filling_in", DOWN).verdict.silent


def test_the_same_recipe_hits_the_same_calls(ask: Ask) -> None:
    """By one seed the first item of the order is lost, by another the second: each time the same one."""
    recipes = [f"dependency.down(share=0.05,seed={seed})" for seed in range(12)]
    answers = [ask("filling_in", recipe).answer for recipe in recipes]
    assert {"3.0" in answer for answer in answers} == {"25.0" in answer for answer in answers} == {True, False}
    assert answers == [ask("filling_in", recipe).answer for recipe in recipes]


def test_faults_are_gone_with_the_call_also_among_many_that_are_quick(ask: Ask) -> None:
    assert ask("trusting", repeat=40).verdict.outcome is RIGHT
    assert ask("trusting", DOWN).verdict.outcome is CRASHED
    assert ask("trusting", repeat=40).verdict.outcome is RIGHT


def test_how_often_the_dependency_was_called_is_a_figure(ask: Ask) -> None:
    assert ask("trusting").verdict.figures[CALLS] == 2


def test_a_system_that_did_not_call_its_dependency_is_not_called_robust(ask: Ask) -> None:
    result = ask("aloof", DOWN)
    assert (result.verdict, result.skipped) == (None, "the system did not call its dependency")
    assert result.attempts == 1


def test_calls_that_no_fault_hit_are_no_test(ask: Ask) -> None:
    third = next(seed for seed in range(1000) if spared(seed))
    skipped = ask("trusting", f"dependency.down(share=0.05,seed={third})").skipped
    assert skipped == "none of the 2 calls of its dependency was hit; another seed may hit one"


def spared(seed: int) -> bool:
    """Whether this seed hits neither of the two calls that an order takes."""
    (fault,) = discover().get("dependency.down").apply(Dependency(), Step("dependency.down", SHARE, seed)).view.faults
    return 0 not in fault.hits and 1 not in fault.hits


def test_documents_and_their_surroundings_are_degraded_together(ask: Ask) -> None:
    assert ask("careful", f"text.double_spaces(share=1,seed=1) > {DOWN}").verdict.outcome is REFUSED


def test_one_fault_that_hides_another_is_no_test_of_both(ask: Ask) -> None:
    assert "is hidden by another step" in ask("trusting", f"{DOWN} > dependency.cut_short(left=0.5,seed=1)").skipped


def test_a_failure_of_the_dependency_itself_is_nobodys(ask: Ask) -> None:
    result = ask("unlucky")
    assert (result.verdict.outcome, result.verdict.failure) == (Outcome.VOID, False)
    assert result.cause == "the dependency itself failed: 503"
    assert "HTTPError" in result.detail


def test_without_a_dependency_nothing_of_it_is_run(orders: Corpus) -> None:
    chosen = discover().select(["dependency"])
    entries = list(orders.entries())
    assert set(eligible(Plan(orders, chosen), entries, set()).values()) == {NONE_CONFIGURED}
    found = eligible(Plan(orders, chosen, levels=(1,), dependency=True), entries, set())
    assert found.pop("dependency.maintenance") == "it has one level, 3, which was not asked for"
    assert all(len(targets) == 5 for targets in found.values())
    uncalled = eligible(Plan(orders, chosen, dependency=True), entries, set(), called=False)
    assert set(uncalled.values()) == {NEVER_CALLED}


def test_what_has_no_environment_is_to_be_configured_by_hand() -> None:
    class Far:
        """A service."""

    far = Front(url="https://api.example.com", env="API")
    with pytest.raises(CrumpleError, match="has no environment to set API in"):
        check(far, Far(), "url")  # type: ignore[arg-type]
    with pytest.raises(CrumpleError, match="no call can have faults of its own"):
        check(far, Far(), "batch")  # type: ignore[arg-type]
