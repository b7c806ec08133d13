"""A run's results case by case, whatever the order in which they were made. The database sorts them, on its disk."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final

from sqlalchemy import select

from crumple.result import Result
from crumple.store.lines import Line
from crumple.store.past import MAY_COUNT, put_aside, read_past
from crumple.store.rows import COLUMNS, column, from_row
from crumple.store.runs import Store
from crumple.store.schema import RESULTS

_ROWS_READ: Final = 2_000
_VALUES = [RESULTS.c[name] for name in COLUMNS]
_KEY, _CASE = map(COLUMNS.index, ("key", "case_id"))
_CLEAN: Final = "clean/"


def by_case(store: Store, line: Line, cases: Collection[str] | None = None) -> Iterator[tuple[str, Sequence[Result]]]:
    """The results that count (`Store.results`) of each case, in the order in which they were asked for.

    All of it is one read, for a sorted one cannot be cut: beside somebody who writes SQLite's log grows meanwhile.

    Args:
        store: where they are.
        line: the run.
        cases: of these alone, by their ids; None: of all.

    Yields:
        A case's id as the store has it, in the order of these texts' characters; and its results.

    Raises:
        StoreError: the store cannot be read.
    """
    whole = read_past(store.database, line.number).rounds
    counted = RESULTS.c.run == line.number, RESULTS.c.round < whole, MAY_COUNT
    wanted = select(*_VALUES).where(*counted)
    if cases is not None:
        wanted = wanted.where(RESULTS.c.case_id.in_(sorted({column(each) for each in cases})))
    case, key = map(store.database.by_character, (RESULTS.c.case_id, RESULTS.c.key))
    sorted_ = wanted.order_by(case, RESULTS.c.round, key).execution_options(yield_per=_ROWS_READ)
    with store.database.reading() as connection:
        aside = put_aside(connection, line.number, 0, whole)
        for name, rows in groupby(connection.execute(sorted_), key=itemgetter(_CASE)):
            found = [from_row(row, 0) for row in rows if row[_KEY] not in aside]
            yield name, [each for each in found if each.work.round >= 0 or each.work.key.startswith(_CLEAN)]
