"""What a table of results takes of memory, from the store to the file, does not depend on how many there are."""

from __future__ import annotations

import gc
import tracemalloc
from pathlib import Path

import pytest

from crumple.material import Material
from crumple.reporting import write_report
from crumple.store import exported, open_store
from documents_of_runs import run
from stored_runs import ID, failing, stored

FEW, MANY = 400, 2_000


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Stores of few results and of many."""
    root = tmp_path_factory.mktemp("stores")
    return filled(root / "few", FEW), filled(root / "many", MANY)


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_five_times_as_many_results_take_no_more_memory(
    stores: tuple[Path, Path], ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    few, many = stores
    monkeypatch.setattr("crumple.store.past._PAGE", 40)
    monkeypatch.setattr("crumple_reports.results._AT_ONCE", 40)
    monkeypatch.setattr("crumple_reports.parquet._ROWS", 80)
    monkeypatch.setattr("crumple_reports.parquet._AT_ONCE", 40)
    peak(few, ending)  # whatever is loaded or remembered once is there from now on
    assert peak(many, ending) < 1.5 * peak(few, ending)
    assert (many / f"r.{ending}").stat().st_size > 3 * (few / f"r.{ending}").stat().st_size


def filled(folder: Path, number: int) -> Path:
    folder.mkdir()
    keys = [f"{at // 40}/a.b/{at % 40}/0" for at in range(number)]
    stored(folder, [failing(key, answer=f"{key} " * 100) for key in keys], {})
    return folder


def peak(folder: Path, ending: str) -> int:
    """The most bytes that Python had at once while a report was written."""
    store = open_store(None, folder)
    material = Material(results=lambda: exported.rows(store, store.find(ID), privacy="full"))
    gc.collect()
    tracemalloc.start()
    try:
        write_report(folder / f"r.{ending}", run(), material)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        store.close()
