"""What goes wrong with a store is said in a sentence, and nothing that was paid for is lost."""

import itertools
import json
import signal
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Integer, inspect, text

from crumple import CrumpleError
from crumple.events import RoundEnded
from crumple.outcome import Outcome, Verdict
from crumple.result import Result, Work
from crumple.store import Recorded, Store, StoreError, open_store
from crumple.store.migrations import bring_up_to_date
from crumple.store.spare_space import Reserve, Unsaved
from crumple.undisturbed import undisturbed

IDENTITY = {"configuration": "c"}
INFO = {"id": "20261122-120000-aaaa"}
Opened = Callable[[], Store]


def result(key: str, number: int = -1, detail: str = "") -> Result:
    verdict = Verdict(Outcome.CRASHED, failure=True)
    return Result(Work(1, "a.txt", key=key, round=number), verdict, detail=detail, attempts=1, cost=1.0)


class InFlight:
    """An executor whose calls come back one at a time."""

    room = 3

    def __init__(self) -> None:
        self.called: list[Work] = []
        self.waiting: list[Work] = []

    @property
    def pending(self) -> int:
        return len(self.waiting)

    def put(self, works: Sequence[Work]) -> None:
        self.called += works
        self.waiting += works

    def results(self, timeout: float | None = None) -> list[Result]:
        return [result(self.waiting.pop(0).key, detail="x" * 3000)] if self.waiting else []


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("dear diary")
    path.chmod(0o755)
    with pytest.raises(StoreError, match=r"notes.txt: it is no database of crumple's. Move the file away"):
        open_store(str(path), tmp_path)
    assert path.read_text() == "dear diary"
    assert path.stat().st_mode & 0o777 == 0o755


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE orders (id)")
    connection.close()
    with pytest.raises(StoreError, match="database of another program, with a table 'orders'"):
        open_store(str(path), tmp_path)


@pytest.mark.parametrize("location", ["nowhere/store.db", "/proc/store.db"])
def test_a_folder_that_is_missing_or_cannot_be_written_is_said(tmp_path: Path, location: str) -> None:
    with pytest.raises(StoreError, match=r"store.db: it cannot be opened: .*choose another store with --store"):
        open_store(location, tmp_path)


@pytest.mark.parametrize("location", ["mysql://h/d", "http://x"])
def test_another_kind_of_database_is_refused(tmp_path: Path, location: str) -> None:
    with pytest.raises(CrumpleError, match=r"a store is a PostgreSQL URL or a file.*postgresql://USER@HOST/DATABASE"):
        open_store(location, tmp_path)


@pytest.mark.parametrize("query", ["", "?password=hidden-word", "?passfile=hidden-word&x=1"])
def test_a_server_that_is_not_there_is_said_without_its_password(tmp_path: Path, query: str) -> None:
    with pytest.raises(StoreError) as caught:
        open_store(f"postgres://anna:hidden-word@127.0.0.1:1/runs{query}", tmp_path)
    said = str(caught.value)
    assert "hidden-word" not in said
    assert said.startswith("postgresql://anna:***@127.0.0.1:1/runs")
    assert "it cannot be reached" in said or "invalid" in said
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__, "the driver's own error may quote the URL"


def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    store = open_store(None, tmp_path)
    with store.resume_or_begin(IDENTITY, INFO) as record:
        record.save([result(f"clean/{at}/0", detail="d" * 500) for at in range(200)])
    store.close()
    path = tmp_path / ".crumple" / "store.db"
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xa5" * (len(whole) - 8192))
    with pytest.raises(StoreError, match=r"store.db: it is damaged. Move the file away"):
        open_store(None, tmp_path).resume_or_begin(IDENTITY, INFO)


def test_a_store_of_a_newer_crumple_is_left_as_it_is(opened: Opened) -> None:
    store = opened()
    with store.database.writing() as connection:
        connection.execute(text("UPDATE crumple_store SET schema = 7"))
    with pytest.raises(StoreError, match=r"a newer crumple has made it \(version 7 .* up to 1\)\. Update crumple"):
        opened()


def test_tables_of_an_older_crumple_are_brought_up_to_date(opened: Opened) -> None:
    store = opened()
    with store.resume_or_begin(IDENTITY, INFO) as record:
        record.save([result("clean/a/0")])

    def second(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE crumple_runs ADD COLUMN mood TEXT"))

    def third(connection: Connection) -> None:
        connection.execute(text("UPDATE crumple_runs SET mood = 'bright'"))

    def broken(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE crumple_runs ADD COLUMN half TEXT"))
        raise RuntimeError("the power is gone")

    def columns() -> set[str]:
        return {each["name"] for each in inspect(store.database.engine).get_columns("crumple_runs")}

    with pytest.raises(RuntimeError), store.database.writing() as connection:
        bring_up_to_date(connection, "here", newest=3, migrations={2: second, 3: broken})
    assert "mood" not in columns(), "all of it or nothing"
    for _ in range(2):
        with store.database.writing() as connection:
            bring_up_to_date(connection, "here", newest=3, migrations={2: second, 3: third})
    with store.database.reading() as connection:
        assert connection.execute(text("SELECT mood FROM crumple_runs")).scalars().all() == ["bright"]
        assert connection.execute(text("SELECT schema FROM crumple_store")).scalars().all() == [3]
    assert Column("mood", Integer).name in columns()


def fill_up(store: Store) -> None:
    """From now on SQLite says what it says on a full disk."""
    with store.database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 1}")


def make_room(store: Store) -> None:
    with store.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")


def run_until_full(store: Store) -> tuple[list[str], list[str]]:
    """The keys that were called for, and those whose results were handed on, until the store says that it is full."""
    handed: list[str] = []
    lanes = InFlight()
    with store.resume_or_begin(IDENTITY, INFO) as record:
        executor = Recorded(lanes, record)
        fill_up(store)
        numbers = itertools.count()

        def turn(calls: int = 1) -> list[str]:
            if executor.room:
                numbered = itertools.islice(numbers, calls)
                executor.put([Work(at, "a.txt", key=f"clean/{at}/0") for at in numbered])
            return [each.work.key for each in executor.results()]

        handed += turn(3)
        while record.trouble is None or lanes.pending:
            handed += turn()
        with pytest.raises(StoreError, match=r"the disk is full. Nothing that is stored is lost: free space"):
            turn()
    return [each.key for each in lanes.called], handed


def test_a_full_disk_stops_the_run_and_what_was_on_its_way_is_kept_beside_it(tmp_path: Path) -> None:
    store = open_store(None, tmp_path)
    called, handed = run_until_full(store)
    assert handed == called, "all that was paid for is back"
    assert len(called) < 100, "and nothing more was"
    beside = tmp_path / ".crumple" / "unsaved" / f"{INFO['id']}.jsonl"
    assert oct(beside.stat().st_mode & 0o777) == "0o600"
    make_room(store)
    seconds = store.lines()[0].seconds
    assert seconds > 0
    with store.resume_or_begin(IDENTITY, INFO) as record:
        assert record.past.seconds == seconds
        found = record.take([Work(at, "a.txt", key=key) for at, key in enumerate(called)])
    assert list(found) == called
    assert not beside.exists()
    assert store.lines()[0].calls == len(called), "counted once"


def test_space_that_was_held_back_takes_what_is_on_its_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(None, tmp_path)
    give_up = Reserve.give_up
    held_back: list[int] = []

    def given_up(reserve: Reserve) -> None:
        held_back.append((tmp_path / ".crumple" / "store.locks" / f"{INFO['id']}.reserve").stat().st_size)
        give_up(reserve)
        make_room(store)
        monkeypatch.undo()

    monkeypatch.setattr(Reserve, "give_up", given_up)
    called, handed = run_until_full(store)
    assert handed == called
    assert held_back == [4 << 20]
    assert not (tmp_path / ".crumple" / "unsaved").exists(), "it is in the store"
    with store.resume_or_begin(IDENTITY, INFO) as record:
        assert record.left == len(called)


def test_a_disk_without_room_to_hold_back_ends_it_before_anything_is_paid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int, size: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("crumple.store.spare_space._fill", full)
    store = open_store(None, tmp_path)
    with pytest.raises(StoreError, match="4 MiB are held back for results on their way, and cannot be: No space left"):
        store.resume_or_begin(IDENTITY, INFO)
    assert store.lines()[0].state == "interrupted", "nobody holds it"


def test_a_line_that_a_crash_cut_short_is_no_row(tmp_path: Path) -> None:
    unsaved = Unsaved(tmp_path, "r")
    unsaved.add([(1, "k")])
    with unsaved.path.open("a") as file:
        file.write('[2, "half')
    assert unsaved.rows() == [(1, "k")]


class Gone:
    """A database that goes away, and comes back when somebody has waited for it."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.server.stop()
        self.waited = 0

    def wait(self, seconds: float) -> None:
        self.waited += 1
        if self.waited == 1:
            self.server.start()


def test_a_server_that_comes_back_is_gone_on_with(
    postgres: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(postgres.empty(), tmp_path)
    with store.resume_or_begin(IDENTITY, INFO) as record:
        record.save([result("0/a.b/0/0", 0)])
        gone = Gone(postgres)
        monkeypatch.setattr("crumple.store.record.time.sleep", gone.wait)
        record.save([result("0/c.d/0/0", 0)])
        monkeypatch.undo()
        record.add(RoundEnded(0, [result("0/a.b/0/0", 0), result("0/c.d/0/0", 0)], calls=2))
        assert record.trouble is None
        assert gone.waited == 1
        with pytest.raises(CrumpleError, match="is being written by"):
            store.resume_or_begin(IDENTITY, INFO, wait=False)
        record.snapshot({})
    assert store.resume_or_begin(IDENTITY, INFO).past.calls == 2
    store.close()


def test_a_server_that_stays_away_stops_the_run_and_nothing_is_lost(
    postgres: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crumple.store.record._PATIENCE", 0.0)
    monkeypatch.setattr("crumple.store.record._PAUSE", 0.0)
    location = postgres.empty()
    store = open_store(location, tmp_path)
    lanes = InFlight()
    with store.resume_or_begin(IDENTITY, INFO) as record:
        executor = Recorded(lanes, record)
        executor.put([Work(at, "a.txt", key=f"clean/{at}/0") for at in range(3)])
        executor.results()
        postgres.stop()
        try:
            assert len(executor.results()) == 1
            assert executor.room == 0
            executor.put([Work(9, "a.txt", key="clean/9/0")])
            assert len(executor.results()) == 1
            with pytest.raises(StoreError, match=r"it cannot be reached: .*Nothing that is stored is lost") as caught:
                executor.results()
        finally:
            postgres.start()
    assert "hidden-word" not in str(caught.value)
    store.close()
    store = open_store(location, tmp_path)
    with store.resume_or_begin(IDENTITY, INFO) as record:
        works = [Work(at, "a.txt", key=f"clean/{at}/0") for at in (0, 1, 2, 9)]
        assert list(record.take(works)) == ["clean/0/0", "clean/1/0", "clean/2/0"]
    assert store.lines()[0].cost == 3.0
    store.close()


def test_a_document_that_is_no_figure_survives_the_store(opened: Opened) -> None:
    document = {"run": {"x": "\udc80 \0"}, "list": [1, None, True]}
    store = opened()
    with store.resume_or_begin(IDENTITY, INFO) as record:
        record.end(document)
    assert store.document(store.find("latest")) == json.loads(json.dumps(document))


def test_a_database_that_is_not_there_is_named_as_such(postgres: Any, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no such database"):
        open_store(postgres.url("nowhere"), tmp_path)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_ends_the_program_politely_waits_until_what_is_being_written_is_there(number: signal.Signals) -> None:
    written: list[str] = []

    def write() -> None:
        with undisturbed():
            signal.raise_signal(number)
            written.append("all of it")

    before = signal.signal(number, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            write()
    finally:
        signal.signal(number, before)
    assert written
