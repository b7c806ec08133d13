"""How the same call ended in both runs; so many pairs of each end are all that rates and tests take. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from crumple.nightly.baseline import Call
from crumple.nightly.comparison import Counts
from crumple.nightly.pairs import Pair
from crumple.outcome import Outcome


class End(NamedTuple):
    """How a call ended.

    Attributes:
        outcome: as its verdict has it.
        failure: whether that counts.
    """

    outcome: Outcome
    failure: bool

    @property
    def silent(self) -> bool:
        """Whether it failed so that nobody would notice: an answer, no complaint, and wrong."""
        return self.failure and self.outcome is Outcome.WRONG

    @property
    def said(self) -> str:
        """It in a word or two: a refusal that is no failure is named apart."""
        return "refused, as it may" if self.outcome is Outcome.REFUSED and not self.failure else str(self.outcome)


Ends: TypeAlias = Counter[tuple[End, End]]
"""How the first ended, and how the second did -> how many pairs."""


def end_of(call: Call) -> End:
    """How a call ended."""
    return End(call.outcome, call.failure)


def ends_of(pair: Pair) -> tuple[End, End]:
    """How both ended."""
    return end_of(pair.before), end_of(pair.now)


def counts(ends: Ends, failed: Callable[[End], bool]) -> Counts:
    """How many pairs there are, and which of the two failed.

    Args:
        ends: of the pairs.
        failed: which ends are failures here.
    """
    cells: Counter[tuple[bool, bool]] = Counter()
    for (before, now), number in ends.items():
        cells[failed(before), failed(now)] += number
    return Counts.of(cells)


def outcomes(ends: Ends) -> dict[str, dict[str, int]]:
    """How the first ended -> how the second ended -> how many pairs."""
    table: dict[str, dict[str, int]] = {}
    for (before, now), number in ends.items():
        row = table.setdefault(before.said, {})
        row[now.said] = row.get(now.said, 0) + number
    return table
