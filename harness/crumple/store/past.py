"""What an unfinished run has behind it: whole rounds, read from the store as they are told."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select, tuple_

from crumple.events import RoundEnded
from crumple.result import Result
from crumple.store.database import Database
from crumple.store.keys import Keys
from crumple.store.rows import COLUMNS, HASHED, from_row
from crumple.store.schema import RESULTS, ROUNDS, RUNS

_ROWS_READ = 5000
_PAGE = 2_000
_CLEAN = "clean/"
_VALUES = [RESULTS.c[name] for name in COLUMNS]
_ROUND, _KEY = map(COLUMNS.index, ("round", "key"))

MAY_COUNT: Final = or_(RESULTS.c.round >= 0, RESULTS.c.key.startswith(_CLEAN), RESULTS.c.key.startswith(HASHED))
"""Outside all rounds only clean calls count; what a key is that is hashed is known once its row is read."""

_Rows: TypeAlias = "list[Sequence[Any]]"


@dataclass(frozen=True, slots=True)
class Past:
    """What a run has behind it when it goes on; all 0 where it begins.

    Attributes:
        rounds: how many whole rounds there are, from 0 on without a gap; they are not drawn again.
        calls: how many calls these took.
        cost: how much money these took, and calls whose results do not stand and are to be made again.
        seconds: how long the run was at work so far, all of it.
        made: how many calls need not be made again, those outside whole rounds included.
        before: the calls outside all rounds, marked where the result stands.
        begun: whether documents were degraded already.
    """

    database: Database
    number: int
    rounds: int = 0
    calls: int = 0
    cost: float = 0.0
    seconds: float = 0.0
    made: int = 0
    before: Keys = field(default_factory=Keys)
    begun: bool = False

    def clean(self) -> Iterator[Result]:
        """The results of its clean calls, read from the store as they are asked for.

        Raises:
            StoreError: they cannot be read.
        """
        ids = count(-1, -1)
        for page in pages(self.database, self.number, and_(RESULTS.c.round < 0, MAY_COUNT)):
            results = [from_row(row, next(ids)) for row in page]
            yield from (each for each in results if each.work.key.startswith(_CLEAN))

    def ended(self) -> Iterator[RoundEnded]:
        """The whole rounds in order, read from the store as they are asked for.

        Raises:
            StoreError: they cannot be read.
        """
        ids = count(-1, -1)
        step = begin = 0
        while begin < self.rounds:
            # Short reads: a long one would keep the database from tidying up behind the writer.
            step = step or 1
            groups, aside = self._read(begin, min(begin + step, self.rounds))
            for number in range(begin, min(begin + step, self.rounds)):
                rows = [row for row in groups.get(number, ()) if row[_KEY] not in aside]
                yield RoundEnded(number, [from_row(row, next(ids)) for row in rows])
            begin += step
            step = max(1, _ROWS_READ * step // max(1, sum(map(len, groups.values()))))

    def _read(self, begin: int, end: int) -> tuple[dict[int, _Rows], frozenset[str]]:
        groups: dict[int, _Rows] = {}
        rows = select(*_VALUES).where(RESULTS.c.run == self.number, RESULTS.c.round >= begin, RESULTS.c.round < end)
        with self.database.reading() as connection:
            for row in connection.execute(rows):
                groups.setdefault(row[_ROUND], []).append(row)
            return groups, put_aside(connection, self.number, begin, end)


def pages(database: Database, number: int, some: ColumnElement[bool]) -> Iterator[Sequence[Row[Any]]]:
    """Some of a run's rows by round and key, in short reads: a long one keeps the database from tidying up."""
    after: tuple[int, str] | None = None
    while True:
        wanted = select(*_VALUES).where(RESULTS.c.run == number, some)
        if after is not None:
            wanted = wanted.where(tuple_(RESULTS.c.round, RESULTS.c.key) > tuple_(*after))
        with database.reading() as connection:
            found = connection.execute(wanted.order_by(RESULTS.c.round, RESULTS.c.key).limit(_PAGE)).all()
        if not found:
            return
        yield found
        after = found[-1][_ROUND], found[-1][_KEY]


def put_aside(connection: Connection, run: int, begin: int, end: int) -> frozenset[str]:
    """The keys that some rounds, the last one excluded, do not count though they are whole; a key has but one round."""
    rounds = ROUNDS.c.run == run, ROUNDS.c.number >= begin, ROUNDS.c.number < end
    sets = select(ROUNDS.c.aside).where(*rounds, ROUNDS.c.aside != "[]")
    return frozenset(key for keys in connection.execute(sets).scalars() for key in json.loads(keys))


def read_past(database: Database, number: int) -> Past:
    """What the store knows of a run's whole rounds.

    Raises:
        StoreError: it cannot be read.
    """
    with database.reading() as connection:
        seconds = connection.execute(select(RUNS.c.seconds).where(RUNS.c.number == number)).scalar_one()
        whole = calls = 0
        cost = 0.0
        rounds = select(ROUNDS.c.number, ROUNDS.c.calls, ROUNDS.c.cost).where(ROUNDS.c.run == number)
        for found, its_calls, its_cost in connection.execute(rounds.order_by(ROUNDS.c.number)):
            if found != whole:
                break
            whole, calls, cost = whole + 1, calls + its_calls, cost + its_cost
    return Past(database, number, whole, calls, cost, seconds)
