"""How far a run has come, as its row shows it while it goes on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import bindparam, update

from crumple.outcome import Outcome
from crumple.store.rows import COLUMNS, Row
from crumple.store.schema import RUNS

_SECOND: Final = "again/"
_KEY, _OUTCOME, _FAILURE, _COST, _ATTEMPTS = map(COLUMNS.index, ("key", "outcome", "failure", "cost", "attempts"))

PROGRESS: Final = (
    update(RUNS)
    .where(RUNS.c.number == bindparam("run"))
    .values(
        seconds=bindparam("now"),
        state=bindparam("becomes"),
        calls=RUNS.c.calls + bindparam("more_calls"),
        failures=RUNS.c.failures + bindparam("more_failures"),
        void=RUNS.c.void + bindparam("more_void"),
        cost=RUNS.c.cost + bindparam("more_cost"),
    )
)
"""Adds to the figures of a run; takes what `added` gives, and "run", "now" and "becomes"."""


def added(rows: Sequence[Row]) -> dict[str, Any]:
    """What rows add to the figures that `crumple runs` shows."""
    made = [row for row in rows if row[_OUTCOME] is not None or row[_ATTEMPTS]]
    return {
        "more_calls": len(made),
        # A failure that is tried a second time is still one.
        "more_failures": sum(bool(row[_FAILURE]) for row in made if not row[_KEY].startswith(_SECOND)),
        "more_void": sum(row[_OUTCOME] == Outcome.VOID for row in made),
        "more_cost": sum(row[_COST] for row in made),
    }
