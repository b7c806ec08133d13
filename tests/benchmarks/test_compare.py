"""The benchmark of large comparisons fills a store that `crumple compare` takes, and most of whose calls are pairs."""

from __future__ import annotations

import csv
from pathlib import Path

from benchmarks.compare.large import CLEAN, OTHER, compared, fill

CALLS = 8_000


def test_two_runs_are_compared_from_the_store(tmp_path: Path) -> None:
    fill("", tmp_path, CALLS)
    took = compared("", tmp_path, "csv")
    assert took.memory > 1e6
    with (tmp_path / "comparison.csv").open(encoding="utf-8-sig") as file:
        rows = [each["kind"] for each in csv.DictReader(file)]
    clean = CALLS // CLEAN
    assert rows.count("clean") == clean
    assert rows.count("degraded") == (CALLS - clean) * (OTHER - 1) // OTHER
