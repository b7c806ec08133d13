"""A finding that is called again in a run that measures counts in no limit."""

from __future__ import annotations

from crumple.contract.sentences import row
from ledgers import call, calls, clean, decided, limit


def test_calls_of_findings_are_in_no_rate_of_a_contract() -> None:
    again = [call(0, mutator="", level=3.0, key=f"0/{at}/0") for at in range(9)]
    without = decided(limit("all", bound=0.5), calls(1, 40), clean(40))
    beside = decided(limit("all", bound=0.5), [*again, *calls(1, 40)], clean(40))
    assert row(beside) == row(without)
