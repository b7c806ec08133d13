"""What a run that goes on finds outside its whole rounds: which results stand, and which calls are made again."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy import Connection, and_, delete, exists, func, or_, select

from crumple.outcome import Outcome
from crumple.store.database import Database
from crumple.store.keys import Keys
from crumple.store.past import Past
from crumple.store.rows import HASHED
from crumple.store.schema import RESULTS, ROUNDS, RUNS

_REOPENED: Final = 100_000
"""How many of the last results are gone through once more where there is something void among them."""
_ROWS_READ: Final = 5000


@dataclass(frozen=True, slots=True)
class Left:
    """What is stored outside whole rounds, by the stored keys.

    Attributes:
        past: what the run has behind it, with all that is told of calls outside whole rounds.
        usable: the results that stand, marked until they are asked for.
        stale: the results of calls that are to be made again.
        rounds: all of them, of rounds that are not whole, by the round.
        marked: rounds behind a gap that are whole: they are drawn again, and all in them comes from the store.
    """

    past: Past
    usable: Keys = field(default_factory=Keys)
    stale: set[str] = field(default_factory=set)
    rounds: dict[int, set[str]] = field(default_factory=dict)
    marked: set[int] = field(default_factory=set)


def reopen_void_rounds(database: Database, number: int, lag: int | None = None) -> None:
    """Have whole rounds with void results made whole anew: what could not be reached then may be reached now.

    Rounds behind them are gone through again, from the store; of a very long run that is done for its end alone.
    Where rounds depend on the results of others, what a later one was drawn by stays as it is: with another result
    that would be another round, and its calls would fit no more.

    Args:
        database: where the run is.
        number: of its row.
        lag: as its course has it (`course.Course.lag`).

    Raises:
        StoreError: the store cannot be written.
    """
    own = RESULTS.c.run == number
    with database.writing() as connection:
        if not connection.execute(select(RUNS.c.void).where(RUNS.c.number == number)).scalar_one():
            return
        long_ago = select(RESULTS.c.round).where(own).order_by(RESULTS.c.round.desc()).offset(_REOPENED).limit(1)
        first = connection.execute(long_ago).scalar_one_or_none()
        after = -1 if first is None else first
        if lag is not None:
            last = connection.execute(select(func.max(RESULTS.c.round)).where(own)).scalar_one()
            after = max(after, last - lag - 1)
        void = select(RESULTS.c.round).where(own, RESULTS.c.outcome == str(Outcome.VOID), RESULTS.c.round > after)
        connection.execute(delete(ROUNDS).where(ROUNDS.c.run == number, ROUNDS.c.number.in_(void)))


def read_left(database: Database, past: Past) -> Left:
    """What there is outside the whole rounds.

    Raises:
        StoreError: the store cannot be read.
    """
    mine = RESULTS.c.run == past.number
    rest = and_(mine, or_(RESULTS.c.round < 0, RESULTS.c.round >= past.rounds))
    named = (RESULTS.c.round, RESULTS.c.key, RESULTS.c.whole, RESULTS.c.outcome, RESULTS.c.attempts, RESULTS.c.cost)
    behind = select(ROUNDS.c.number).where(ROUNDS.c.run == past.number, ROUNDS.c.number >= past.rounds)
    with database.reading() as connection:
        begun = past.rounds > 0 or connection.execute(select(exists().where(mine, RESULTS.c.round >= 0))).scalar_one()
        left = Left(past, marked=set(connection.execute(behind).scalars()))
        whole_keys = _whole_keys(connection, past.number)
        spent = float(connection.execute(select(RUNS.c.cost).where(RUNS.c.number == past.number)).scalar_one())
        before = Keys()
        made, standing = past.calls, 0.0
        for row in connection.execute(select(*named).where(rest), execution_options={"yield_per": _ROWS_READ}):
            stands = _stands(row, begun=begun)
            (left.usable if stands else left.stale).add(row.key)
            if row.round >= 0:
                left.rounds.setdefault(row.round, set()).add(row.key)
            else:
                before.add(whole_keys.get(row.key, row.key), marked=stands)
            if stands:
                made += row.outcome is not None or row.attempts > 0
                standing += row.cost
    left.usable.sort()
    before.sort()
    # What was paid for results that do not stand is gone all the same.
    cost = max(past.cost, spent - standing)
    return replace(left, past=replace(past, cost=cost, made=made, before=before, begun=begun))


def _stands(row: Any, *, begun: bool) -> bool:
    """Whether a result is used again, or its call is made anew.

    What was void because the system could not be reached may be reached now. But what degraded documents were drawn
    from must not change under those that are there.
    """
    if not row.whole:
        return False
    settled = begun and row.round < 0 and not row.key.startswith("again/")
    return settled or row.outcome != Outcome.VOID


def _whole_keys(connection: Connection, number: int) -> dict[str, str]:
    """Of keys that were too long for the database what they are."""
    long = select(RESULTS.c.key, RESULTS.c.rest).where(
        RESULTS.c.run == number, RESULTS.c.round < 0, RESULTS.c.key.startswith(HASHED)
    )
    return {key: json.loads(rest).get("key", key) for key, rest in connection.execute(long)}
