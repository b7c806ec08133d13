"""Results as flat rows: all that are stored, which of them count, and no text that may not be shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crumple.material import Shown
from crumple.outcome import Outcome
from crumple.recipe import Recipe, Step
from crumple.store import exported, open_store, past
from crumple_reports.columns import COLUMNS
from stored_runs import ID, TEXTS, clean, degraded, failing, result, stored


def rows(root: Path, location: str | None = None, privacy: Shown = "full", **more: Any) -> dict[str, dict[str, Any]]:
    store = open_store(location, root)
    try:
        return {row["key"]: row for row in exported.rows(store, store.find(ID), privacy=privacy, **more)}
    finally:
        store.close()


def test_every_kind_of_result_is_there_in_the_order_of_the_run(tmp_path: Path, location: str | None) -> None:
    all_of_them = [
        clean(),
        result("control/scan.rasterise/a.pdf//0", mutator="scan.rasterise", level=1.0, round=-1),
        degraded("0/encoding.bad_bytes/0/0"),
        degraded("10/encoding.bad_bytes/0/0"),
        degraded("9/encoding.bad_bytes/0/0"),
        result("0/1/0/0", round=0, level=2.5, recipe=Recipe((Step("a.b", (), 1), Step("c.d", (), 2)))),
        result("again/0/encoding.bad_bytes/0/0", mutator="encoding.bad_bytes", level=3.0, round=-1),
    ]
    stored(tmp_path, all_of_them, {}, location=location)
    found = rows(tmp_path, location)
    kinds = [(row["kind"], row["round"]) for row in found.values()]
    assert kinds == [
        ("clean", None),
        ("control", None),
        ("trial", 0),
        ("degraded", 0),
        ("degraded", 9),
        ("degraded", 10),
        ("again", None),
    ]
    assert all(tuple(row) == tuple(each.name for each in COLUMNS) for row in found.values())
    assert found["0/1/0/0"]["recipe"] == "a.b(seed=1) > c.d(seed=2)"
    assert found["0/1/0/0"]["mutator"] is None


def test_only_what_came_to_something_in_a_whole_round_counts(tmp_path: Path) -> None:
    names = ("0/a.b/0/0", "0/a.b/1/0", "1/a.b/0/0", "0/a.c/0/0", "0/a.d/0/0")
    counted, aside, unfinished, void, skipped = names
    made = [
        clean(),
        degraded(counted),
        degraded(aside),
        degraded(unfinished),
        degraded(void, outcome=Outcome.VOID, cause="ConnectError: no"),
        degraded(skipped, outcome=None, skipped="its bytes are the same"),
    ]
    stored(tmp_path, made, {0: [counted, void, skipped]}, ended=False)
    found = rows(tmp_path)
    assert [key for key, row in found.items() if row["counted"]] == [counted]
    assert (found[void]["outcome"], found[void]["failure"], found[void]["score"]) == ("void", None, None)
    assert (found[skipped]["outcome"], found[skipped]["skipped"]) == (None, "its bytes are the same")
    assert (found[skipped]["seconds"], found[skipped]["attempts"]) == (None, 0)


def test_a_page_that_ends_within_a_round_loses_nothing(
    tmp_path: Path, location: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [f"{at // 5}/a.b/{at % 5}/0" for at in range(23)]
    stored(
        tmp_path, [degraded(key) for key in keys], {at: keys[5 * at : 5 * at + 4] for at in range(4)}, location=location
    )
    whole = rows(tmp_path, location)
    monkeypatch.setattr(past, "_PAGE", 3)
    assert rows(tmp_path, location) == whole
    assert sum(row["counted"] for row in whole.values()) == 16


def test_texts_of_documents_and_answers_are_shown_only_where_they_may_be(tmp_path: Path) -> None:
    stored(tmp_path, [failing("0/a.b/0/0")], {0: ["0/a.b/0/0"]})
    (full,) = rows(tmp_path).values()
    assert {name: full[name] for name in TEXTS} == TEXTS
    (figures,) = rows(tmp_path, privacy="figures").values()
    assert (figures["expected"], figures["answer"]) == (None, None)
    assert "4711" not in str(figures)
    assert figures["cause"] == "ValueError"
    assert {name for name in full if full[name] != figures[name]} <= set(TEXTS)


def test_a_parameter_is_the_one_that_the_mutator_is_known_by(tmp_path: Path) -> None:
    step = Step("scan.skew", (("fill", "white"), ("angle", 2.0)), 1)
    one = degraded("0/scan.skew/0/0", mutator="scan.skew", recipe=Recipe((step,)))
    other = degraded("0/a.b/0/0", mutator="a.b", recipe=Recipe((Step("a.b", (("family", "dos"),), 1),)))
    stored(tmp_path, [one, other], {})
    told = {"mutators": {"scan.skew": {"category": "scan", "parameter": "angle", "unit": "deg"}}}
    found = rows(tmp_path, document=told, groups={"a.csv": "a"})
    names = ("parameter", "value", "choice", "unit", "category", "group")
    assert [found["0/scan.skew/0/0"][name] for name in names] == ["angle", 2.0, None, "deg", "scan", "a"]
    assert [found["0/a.b/0/0"][name] for name in names] == ["family", None, "dos", None, "a", "a"]


def test_names_that_no_column_takes_come_back_whole(tmp_path: Path, location: str | None) -> None:
    case = "\udcff\x00" + "x" * 900
    stored(tmp_path, [clean(case)], {}, location=location)
    ((key, row),) = rows(tmp_path, location).items()
    assert (key, row["case"], row["kind"]) == (f"clean/{case}/0", case, "clean")


def test_clean_calls_of_cases_with_very_long_names_count_as_well(tmp_path: Path, location: str | None) -> None:
    long = f"{'a' * 600}.csv"
    controls = result(f"control/scan.rasterise/{long}//0", long, mutator="scan.rasterise", level=1.0, round=-1)
    stored(tmp_path, [clean(), clean(long), clean("\udcff.csv"), controls], {}, location=location)
    store = open_store(location, tmp_path)
    try:
        found = [each.work.key for each in store.results(store.find(ID))]
    finally:
        store.close()
    assert sorted(found) == sorted(["clean/a.csv/0", f"clean/{long}/0", "clean/\udcff.csv/0"])


def test_the_cases_of_a_run_are_those_that_were_called_clean(tmp_path: Path, location: str | None) -> None:
    stored(tmp_path, [clean(), degraded("0/encoding.bad_bytes/0/0")], {}, location=location)
    store = open_store(location, tmp_path)
    assert exported.cases(store, store.find(ID)) == {clean().work.case}
    store.close()
