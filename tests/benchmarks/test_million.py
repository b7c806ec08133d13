"""What a client holds in memory hardly grows with its calls; and a run of the benchmark that is killed goes on."""

from __future__ import annotations

import json
import subprocess
import sys
import tracemalloc
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from benchmarks.million.run import Answered, Made, contract, registry

from crumple.engine import run
from crumple.mix import Mix
from crumple.mutation.registry import Registry
from crumple.plan import Plan
from crumple.summary import Tally

ROOT = Path(__file__).parents[2]
CASES, MUTATORS = 10_000, 20
BYTES_A_CALL, BYTES_A_CASE = 150, 1_600
"""A quarter of the calls are clean ones, each of a case of its own."""


def held(calls: int) -> tuple[int, int]:
    """Bytes in the end of a run, and the most at any time."""
    some = Registry(dict(islice(registry().mutators.items(), MUTATORS)))
    mix = Mix(clean=0.5, damaged={(name, 1): 0.5 / MUTATORS for name in some.mutators})
    plan = Plan(Made(CASES), some, calls=calls)
    tracemalloc.start()
    try:
        tally = Tally(some, {"corpus_cases": CASES}, contract=contract(), mix=mix)
        for event in run(plan, Answered()):
            tally.add(event)
        return tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()


def test_a_client_holds_little_of_each_call() -> None:
    held(1000)  # what is loaded once
    (few, _), (many, most) = held(1000), held(6000)
    assert (many - few) / 5000 < BYTES_A_CALL
    assert (most - few) / (6000 / 4) < BYTES_A_CASE


@pytest.fixture
def carried_out(tmp_path: Path) -> Any:
    def carry_out(folder: str, *words: str) -> dict[str, Any]:
        (tmp_path / folder).mkdir(exist_ok=True)
        command = [sys.executable, "-m", "benchmarks.million.run", "", str(tmp_path / folder), *words]
        done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
        assert done.returncode == (0 if words[1] == "0" else 9), done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return carry_out


def test_a_run_that_is_killed_goes_on_to_the_same_number_of_calls(carried_out: Any) -> None:
    whole = carried_out("whole", "2000", "0")
    assert carried_out("killed", "2000", "1200")["calls"] == 1200
    assert carried_out("killed", "2000", "0")["calls"] == whole["calls"]


def test_a_run_that_decides_spends_its_budget_on_limits_that_stay_open(carried_out: Any) -> None:
    assert 1900 < carried_out("deciding", "2000", "0", "decide")["calls"] <= 2000
