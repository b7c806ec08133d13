"""A run's results case by case: those that count, in an order that is the same in every store."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from crumple.store import open_store
from crumple.store.by_case import by_case
from stored_runs import ID, clean, degraded, result, stored

MUTATOR = "encoding.bad_bytes"


def read(root: Path, location: str | None, cases: Collection[str] | None = None) -> dict[str, list[str]]:
    store = open_store(location, root)
    try:
        found = list(by_case(store, store.find(ID), cases))
        assert [name for name, _ in found] == sorted(name for name, _ in found)
        return {each[0].work.case: [result.work.key for result in each] for _, each in found}
    finally:
        store.close()


def test_cases_come_in_the_order_of_their_characters_whatever_a_server_speaks(
    tmp_path: Path, location: str | None
) -> None:
    names = ["b.csv", "a.csv", "Z.csv", "a-b.csv", "a/b.csv", "ä.csv", "\U0001f600.csv", "\ufb01.csv", "_.csv", ""]
    stored(tmp_path, [clean(each) for each in names], {}, location=location)
    assert list(read(tmp_path, location)) == sorted(names)


def test_clean_calls_come_first_and_then_the_rounds_in_order(tmp_path: Path, location: str | None) -> None:
    keys = [f"{number}/{MUTATOR}/{at}/0" for number in range(12) for at in (1, 0)]
    made = [*(degraded(each) for each in keys), clean(), clean("b.csv"), degraded(f"0/{MUTATOR}/2/0", "b.csv")]
    rounds = {number: [each.work.key for each in made if each.work.round == number] for number in range(12)}
    stored(tmp_path, made, rounds, location=location)
    assert read(tmp_path, location) == {
        "a.csv": ["clean/a.csv/0", *(f"{number}/{MUTATOR}/{at}/0" for number in range(12) for at in (0, 1))],
        "b.csv": ["clean/b.csv/0", f"0/{MUTATOR}/2/0"],
    }


def test_only_what_counts_is_read(tmp_path: Path, location: str | None) -> None:
    long = f"{'a' * 600}.csv"
    counted, aside, unfinished = (f"{number}/{MUTATOR}/{at}/0" for number, at in ((0, 0), (0, 1), (1, 0)))
    made = [
        clean(),
        clean(long),
        result(f"control/scan.rasterise/{long}//0", long, mutator="scan.rasterise", level=1.0, round=-1),
        result(f"again/{counted}", mutator=MUTATOR, level=3.0, round=-1),
        *map(degraded, (counted, aside, unfinished)),
    ]
    stored(tmp_path, made, {0: [counted]}, ended=False, location=location)
    assert read(tmp_path, location) == {"a.csv": ["clean/a.csv/0", counted], long: [f"clean/{long}/0"]}
    store = open_store(location, tmp_path)
    same = sorted(each.work.key for each in store.results(store.find(ID)))
    store.close()
    assert same == sorted(["clean/a.csv/0", counted, f"clean/{long}/0"])


def test_some_cases_are_read_by_their_ids(tmp_path: Path, location: str | None) -> None:
    odd = "\udcff\x00.csv"
    stored(tmp_path, [clean(), clean("b.csv"), clean(odd)], {}, location=location)
    assert read(tmp_path, location, {odd, "a.csv"}) == {"a.csv": ["clean/a.csv/0"], odd: [f"clean/{odd}/0"]}
