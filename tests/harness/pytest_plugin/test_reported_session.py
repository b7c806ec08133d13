"""A session's figures: what is added up, and what is the same twice and is not."""

from __future__ import annotations

from typing import Any

import pytest

from crumple.pytest_plugin.session import added_up, session_document
from crumple.statistics.rates import wilson
from crumple_reports.terminal import render
from documents_of_runs import figures, item, mutator


def own(
    name: str, runs: int, failures: int, source: str = "", *, mutators: dict[str, Any] | None = None
) -> dict[str, Any]:
    made = item(name) | {"source": source or name}
    made["document"]["categories"] = {"encoding": figures(runs, failures)}
    made["document"]["mutators"] = mutators or {"encoding.bom": mutator(runs, failures)}
    return made


def test_of_one_item_the_figures_are_its_own() -> None:
    one = own("a", 30, 3)
    assert added_up([one])["encoding"] == {
        name: one["document"]["categories"]["encoding"][name]
        for name in ("runs", "failures", "silent", "rate", "low", "high")
    }


def test_what_tests_of_their_own_called_is_added_up() -> None:
    both = added_up([own("a", 30, 3), own("b", 10, 5)])["encoding"]
    assert (both["runs"], both["failures"], both["rate"]) == (40, 8, 0.2)
    assert (both["low"], both["high"]) == pytest.approx(wilson(0.2, 40))


def test_each_mutator_weighs_the_same_as_in_a_run() -> None:
    first = own("a", 30, 0, mutators={"encoding.bom": mutator(30, 0)})
    second = own("b", 10, 10, mutators={"encoding.nul": mutator(10, 10)})
    assert added_up([first, second])["encoding"]["rate"] == 0.5


def test_limits_of_one_file_call_the_same_documents_which_count_once() -> None:
    both = added_up([own("c::scan", 30, 3, "c"), own("c::all", 50, 5, "c"), own("c::none", 0, 0, "c")])
    assert both["encoding"]["runs"] == 50


def test_what_never_ran_is_no_category() -> None:
    assert added_up([own("a", 0, 0)]) == {}


@pytest.mark.parametrize(
    ("outcomes", "state"),
    [
        (["passed", "xfailed"], "passed"),
        (["passed", "skipped"], "undecided"),
        (["skipped", "failed"], "failed"),
        (["passed", ""], "failed"),
        ([], "passed"),
    ],
)
def test_the_state_of_a_session_is_that_of_its_worst_item(outcomes: list[str], state: str) -> None:
    items = [item(f"t::{number}", outcome) for number, outcome in enumerate(outcomes)]
    assert session_document(items, calls=1, failing=0)["state"] == state


def test_one_that_was_skipped_for_another_reason_leaves_nothing_undecided() -> None:
    skipped = {"id": "t::a", "source": "t::a", "outcome": "skipped"}
    document = session_document([skipped, item("t::b", "passed")], calls=1, failing=0)
    assert document["state"] == "passed"
    assert render(document).startswith("2 robustness tests: 1 skipped, 1 passed.")


def test_items_are_in_the_same_order_whatever_order_they_came_in() -> None:
    items = [item("t::b"), item("t::a")]
    assert session_document(items, calls=0, failing=0) == session_document(items[::-1], calls=0, failing=0)
