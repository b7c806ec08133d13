"""Freeing space: runs that need not be kept, and documents that no result names any more."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import delete, select, text, update

from crumple import kept
from crumple.store.database import Database
from crumple.store.faults import StoreError, explained
from crumple.store.lines import Line
from crumple.store.locking import Lock, lock
from crumple.store.record import ABANDONED, RUNNING
from crumple.store.runs import Store
from crumple.store.schema import RESULTS, ROUNDS, RUNS

DOCUMENTS: Final = "documents"
_ROWS_AT_ONCE = 20_000
_PAGES_AT_ONCE = 5_000
_HALF_WRITTEN_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Freed:
    """What was freed.

    Attributes:
        runs: the ids of the runs that are gone.
        documents: how many kept documents are.
        bytes: how much smaller all of it is on this disk.
        going_on: runs that would have gone, but that a process is at.
        spared: runs that would have gone, but that are needed.
    """

    runs: tuple[str, ...]
    documents: int
    bytes: int
    going_on: tuple[str, ...]
    spared: tuple[str, ...] = ()


def doomed(lines: Sequence[Line], keep: int | None, older_than: float | None, now: float) -> list[Line]:
    """The runs that need not be kept: all but the newest, and of those the ones that are old.

    Args:
        lines: the newest first.
        keep: how many are kept in any case; None: none for being new.
        older_than: seconds since they began; None: of any age.
        now: seconds since 1970.
    """
    rest = lines[keep or 0 :]
    return [line for line in rest if older_than is None or now - line.started > older_than]


def prune(
    store: Store,
    keep: int | None,
    older_than: float | None,
    folder: Path,
    beside: Sequence[Store] = (),
    *,
    needed: Container[int] = (),
) -> Freed:
    """Remove runs with their results, and then documents that no result names any more.

    Args:
        store: whose runs.
        keep: how many of the newest are kept.
        older_than: only runs that began so many seconds ago.
        folder: of the kept documents.
        beside: the project's other stores; what their results name stays.
        needed: the numbers of runs that stay in any case.

    Raises:
        StoreError: the store cannot be written; what has been removed until then is.
    """
    database = store.database
    before = _size(database)
    gone: list[str] = []
    going_on: list[str] = []
    spared: list[str] = []
    for line in doomed(store.lines(), keep, older_than, time.time()):
        if line.number in needed:
            spared.append(line.id)
            continue
        held = lock(database, line.id)
        if held is None:
            going_on.append(line.id)
            continue
        _remove(store, line, held)
        gone.append(line.id)
    if gone or database.path is not None:
        _tidy(database)
    files, size = _forget((store, *beside), folder)
    return Freed(tuple(gone), files, max(0, before - _size(database)) + size, tuple(going_on), tuple(spared))


def _remove(store: Store, line: Line, held: Lock) -> None:
    database = store.database
    try:
        if database.path is not None:
            # Even removing takes space; what was held back for a run that is gone goes first.
            (database.path.with_suffix(".locks") / f"{line.id}.reserve").unlink(missing_ok=True)
        with database.writing() as connection:
            # From here on nothing goes on with it, wherever this ends.
            connection.execute(update(RUNS).where(RUNS.c.number == line.number).values(state=ABANDONED))
            connection.execute(delete(ROUNDS).where(ROUNDS.c.run == line.number))
        own = RESULTS.c.run == line.number
        last = select(RESULTS.c.round).where(own).order_by(RESULTS.c.round).offset(_ROWS_AT_ONCE).limit(1)
        while True:
            # In pieces, for each takes as much space as it frees until it is done.
            with database.writing() as connection:
                until = connection.execute(last).scalar_one_or_none()
                part = own if until is None else own & (RESULTS.c.round <= until)
                connection.execute(delete(RESULTS).where(part))
                if until is None:
                    connection.execute(delete(RUNS).where(RUNS.c.number == line.number))
                    break
            _checkpoint(database)
        store.unsaved(line.id).clear()
    finally:
        held.release()


def _tidy(database: Database) -> None:
    """Hand freed pages back to the disk."""
    if database.path is None:
        with explained(database.where), database.engine.connect() as connection:
            free = connection.execution_options(isolation_level="AUTOCOMMIT")
            for table in (RESULTS, ROUNDS, RUNS):
                free.execute(text(f"VACUUM {table.name}"))
        return
    with contextlib.suppress(StoreError), _raw(database) as connection:
        # Page by page, for a copy of the whole would need as much space again. A script runs to its end; a statement
        # would be left after the first page.
        while free := connection.execute("PRAGMA freelist_count").fetchone()[0]:
            connection.executescript(f"PRAGMA incremental_vacuum({_PAGES_AT_ONCE})")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            if connection.execute("PRAGMA freelist_count").fetchone()[0] >= free:
                break
    _checkpoint(database)


def _checkpoint(database: Database) -> None:
    """Put what is in SQLite's log into its file, as far as nobody reads; that is no error."""
    if database.path is not None:
        with contextlib.suppress(StoreError), _raw(database) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


@contextlib.contextmanager
def _raw(database: Database) -> Iterator[Any]:
    """SQLite's own connection, in no transaction."""
    with explained(database.where):
        connection = database.engine.raw_connection()
        try:
            yield connection.driver_connection
        except sqlite3.Error as error:
            raise StoreError(f"it cannot be tidied up: {error}", where=database.where) from None
        finally:
            connection.close()


def _size(database: Database) -> int:
    """Bytes of a database's files on this disk."""
    if database.path is None:
        return 0
    own = [Path(f"{database.path}{ending}") for ending in ("", "-wal")]
    return sum(path.stat().st_size for path in own if path.exists())


def _forget(stores: Sequence[Store], folder: Path) -> tuple[int, int]:
    """Remove documents that no result of any store names; how many, and their size."""
    if not folder.is_dir():
        return 0, 0
    since = min(map(_since, stores))
    files = dict(_old(folder, since))
    if not files:
        return 0, 0
    unnamed = set(files.values())
    for store in stores:
        unnamed -= _named(store.database, unnamed)
    number = size = 0
    for path, digest in files.items():
        if digest in unnamed or not digest:
            with contextlib.suppress(OSError):
                found = path.stat().st_size
                path.unlink()
                number, size = number + bool(digest), size + found
                path.parent.rmdir()  # where it was the last one
    return number, size


def _since(store: Store) -> float:
    """When the oldest run began that a process is at: what is younger may be named by a result any moment."""
    running = [line.started for line in store.lines() if line.state == RUNNING]
    return min(running, default=float("inf"))


def _old(folder: Path, since: float) -> Iterator[tuple[Path, str]]:
    now = time.time()
    for digest, path in kept.every(folder):
        try:
            changed = path.stat().st_mtime
        except OSError:
            continue
        if changed < (since if digest else now - _HALF_WRITTEN_SECONDS):
            yield path, digest


def _named(database: Database, digests: set[str]) -> set[str]:
    """Those of the digests that some result names; read through rather than held."""
    found: set[str] = set()
    with database.reading() as connection:
        rows = connection.execution_options(stream_results=True).execute(
            select(RESULTS.c.digest).where(RESULTS.c.digest != "")
        )
        for (digest,) in rows:
            if digest in digests:
                found.add(digest)
    return found
