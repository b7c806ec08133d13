"""One database for many runs at once: none waits on another, and what lands lands once, whatever the server does."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, func, select

from crumple.events import RoundEnded
from crumple.outcome import Outcome, Verdict
from crumple.result import Result, Work
from crumple.store import Record, Store, StoreError, open_store
from crumple.store.schema import RESULTS

IDENTITY = {"configuration": "c"}
RUNS, BATCHES, BATCH = 4, 10, 40


def some(number: int, count: int = BATCH) -> list[Result]:
    """A round of results."""
    verdict = Verdict(Outcome.RIGHT, failure=False)
    works = (Work(at, "a.txt", key=f"{number}/a.b~{at}/0/0", round=number) for at in range(count))
    return [Result(each, verdict, attempts=1) for each in works]


def stored(store: Store) -> dict[int, int]:
    """How many results each run has."""
    counted = select(RESULTS.c.run, func.count()).group_by(RESULTS.c.run)
    with store.database.reading() as connection:
        return dict(map(tuple, connection.execute(counted)))


def impatient(location: str) -> str:
    """The URL of a store in which whoever would wait for a lock fails instead."""
    return f"{location}&options=-c%20lock_timeout%3D1s"


def write(location: str, root: Path, number: int) -> None:
    """A run of its own, from beginning to end."""
    store = open_store(location, root)
    with store.resume_or_begin({"configuration": str(number)}, {"id": f"run-{number}"}) as record:
        for batch in range(BATCHES):
            made = some(batch)
            record.save(made)
            record.add(RoundEnded(batch, made, calls=len(made)))
        record.end({})
    store.close()


def test_several_runs_write_at_the_same_time(postgres: Any, tmp_path: Path) -> None:
    location = postgres.empty()
    with ThreadPoolExecutor(RUNS) as pool:
        list(pool.map(lambda number: write(location, tmp_path, number), range(RUNS)))
    store = open_store(location, tmp_path)
    assert sorted(stored(store).values()) == [BATCHES * BATCH] * RUNS
    assert {(line.calls, line.state) for line in store.lines()} == {(BATCHES * BATCH, "ended")}
    store.close()


def test_a_run_does_not_wait_for_the_transaction_of_another(postgres: Any, tmp_path: Path) -> None:
    location = impatient(postgres.empty())
    first, second = open_store(location, tmp_path), open_store(location, tmp_path)
    with first.resume_or_begin(IDENTITY, {"id": "one"}) as one:
        with holding(one, some(0)):
            # All that a run does, from its beginning on, while the other's transaction is open.
            with second.resume_or_begin({"configuration": "d"}, {"id": "two"}) as two:
                two.save(some(0))
                two.add(RoundEnded(0, some(0), calls=BATCH))
                two.snapshot({"half": 1})
                assert two.trouble is None
                two.end({})
            assert [line.state for line in second.lines()] == ["ended", "running"]
        assert one.trouble is None
    assert sorted(stored(first).values()) == [BATCH, BATCH]
    first.close()
    second.close()


@contextmanager
def holding(record: Record, results: list[Result]) -> Iterator[None]:
    """Results are being saved by another thread, whose transaction ends with the block."""
    written, go_on = threading.Event(), threading.Event()
    put = record._insertion.put

    def slowly(connection: Connection, rows: Any) -> None:
        put(connection, rows)
        written.set()
        assert go_on.wait(60)

    record._insertion.put = slowly  # type: ignore[method-assign]  # the moment between two statements
    thread = threading.Thread(target=record.save, args=(results,))
    thread.start()
    assert written.wait(60)
    try:
        yield
    finally:
        go_on.set()
        thread.join()


def test_a_server_that_goes_away_while_rows_are_copied_loses_nothing(
    postgres: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(postgres.empty(), tmp_path)
    write_row, copied = psycopg.Copy.write_row, 0

    def goes(self: Any, row: Any) -> None:
        nonlocal copied
        write_row(self, row)
        copied += 1
        if copied == BATCH // 2:
            postgres.stop()

    with store.resume_or_begin(IDENTITY, {"id": "one"}) as record:
        record.save(some(0))
        record.add(RoundEnded(0, some(0), calls=BATCH))
        monkeypatch.setattr(psycopg.Copy, "write_row", goes)
        monkeypatch.setattr("crumple.store.record.time.sleep", comes_back(postgres))
        record.save(some(1))
        monkeypatch.undo()
        assert copied > BATCH
        assert record.trouble is None
    assert list(stored(store).values()) == [2 * BATCH]
    (line,) = store.lines()
    assert line.calls == 2 * BATCH
    store.close()


def comes_back(postgres: Any) -> Callable[[float], None]:
    """Waiting for it starts the server."""
    waited: list[float] = []

    def wait(seconds: float) -> None:
        if not waited:
            postgres.start()
        waited.append(seconds)

    return wait


def test_a_transaction_whose_end_was_not_heard_is_not_made_twice(opened: Callable[[], Store]) -> None:
    store = opened()
    with store.resume_or_begin(IDENTITY, {"id": "one"}) as record:
        lost = 1

        @contextmanager
        def deaf() -> Iterator[Connection]:
            """The database does what it is told, and the answer is lost on the way."""
            nonlocal lost
            with writing() as connection:
                yield connection
            if lost:
                lost -= 1
                fault = StoreError("the connection is lost", where="here")
                fault.gone = True
                raise fault

        writing = store.database.writing
        store.database.writing = deaf  # type: ignore[method-assign]  # a network that fails at the worst moment
        record.save(some(0))
        lost = 1
        record.add(RoundEnded(0, some(0), calls=BATCH))
        record.snapshot({})
        record.save(some(1))
        assert record.trouble is None
        past = record.past
    assert list(stored(store).values()) == [2 * BATCH]
    (line,) = store.lines()
    assert line.calls == 2 * BATCH
    assert past.rounds == 0
    with store.resume_or_begin(IDENTITY, {"id": "two"}) as record:
        assert (record.past.rounds, record.past.calls, record.left) == (1, BATCH, BATCH)
