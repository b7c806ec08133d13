"""The database behind a store: SQLite beside crumple.toml, or PostgreSQL by URL. Everything that differs is here."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Column, ColumnElement, Connection, Engine, Insert, Update, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from crumple.errors import CrumpleError
from crumple.project import FOLDER, for_owner_alone, project_folder
from crumple.store.faults import StoreError, explained
from crumple.store.migrations import bring_up_to_date

FILE = "store.db"
_BUSY_SECONDS = 60.0
_CONNECT_SECONDS = 10
_SERVERS = ("postgresql", "postgres")
_SQLITE = b"SQLite format 3\0"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement as text for `exec_driver_sql`.

    Attributes:
        text: in the driver's spelling.
        names: of its parameters, in order.
    """

    text: str
    names: tuple[str, ...]


class Database:
    """One database.

    Attributes:
        where: how messages name it, without a password.
        path: of SQLite, the file; None with a server.
    """

    def __init__(self, engine: Engine, where: str, path: Path | None) -> None:
        self.engine = engine
        self.where = where
        self.path = path
        self._reading = engine.execution_options(crumple_reading=True)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that writes nothing.

        Raises:
            StoreError: the database cannot be read.
        """
        with explained(self.where), self._reading.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction, on disk when this is left without an exception.

        Raises:
            StoreError: the database cannot be written.
        """
        with explained(self.where), self.engine.begin() as connection:
            yield connection

    def by_character(self, column: Column[str]) -> ColumnElement[str]:
        """A column of texts to sort by as Python does: a server's own order depends on its language."""
        return column.collate("C") if self.path is None else column

    def prepared(self, statement: Insert | Update, columns: Sequence[str] | None = None) -> Prepared:
        """A statement that is carried out again and again, as its driver takes it.

        For the many small results of a fast system putting it together takes longer than carrying it out.

        Args:
            statement: with parameters, or an insertion.
            columns: what an insertion sets; None: all columns.
        """
        compiled = statement.compile(self.engine, column_keys=list(columns) if columns else None)
        return Prepared(str(compiled), tuple(compiled.positiontup or ()))

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def exists(location: str | None, root: Path) -> bool:
    """Whether a store may be there: a server always may."""
    return _is_server(location) or _file(location, root).exists()


def connect(location: str | None, root: Path) -> Database:
    """Open the database, make it where it is missing, and bring its tables up to date.

    Args:
        location: a PostgreSQL URL, the path of a file, or None for `.crumple/store.db`.
        root: the configuration file's folder.

    Raises:
        CrumpleError: there is no such database, it cannot be written, or a newer crumple has made it.
    """
    database = _server(str(location)) if _is_server(location) else _local(location, root)
    try:
        with database.writing() as connection:
            bring_up_to_date(connection, database.where)
    except BaseException:
        database.close()
        raise
    return database


def _is_server(location: str | None) -> bool:
    return location is not None and location.partition("://")[0].partition("+")[0] in _SERVERS


def _server(location: str) -> Database:
    try:
        url = make_url(location)
    except (ArgumentError, ValueError):
        raise CrumpleError(
            "it is no URL of a PostgreSQL database", where="--store", hint="It reads postgresql://USER@HOST/DATABASE."
        ) from None
    try:
        import psycopg  # noqa: F401 - the extra
    except ImportError:
        raise CrumpleError(
            "PostgreSQL needs a driver that is not installed",
            where="--store",
            hint='Install it with `pip install "crumple[postgres]"`.',
        ) from None
    url = url.set(drivername="postgresql+psycopg")
    try:
        engine = create_engine(
            url,
            connect_args={"connect_timeout": _CONNECT_SECONDS, "application_name": "crumple"},
            paramstyle="format",
        )
    except (ArgumentError, ValueError, TypeError) as error:
        raise CrumpleError(f"the URL cannot be used: {error}", where=_shown(url)) from None
    return Database(engine, _shown(url), None)


def _shown(url: URL) -> str:
    """A URL without its password, which may stand among its options too."""
    options = {name: "***" if "pass" in name else value for name, value in url.query.items()}
    return url.set(drivername="postgresql", query=options).render_as_string(hide_password=True)


def _file(location: str | None, root: Path) -> Path:
    if location is None:
        return root / FOLDER / FILE
    for prefix in ("sqlite:///", "file://"):
        location = location.removeprefix(prefix)
    if "://" in location:
        raise CrumpleError(
            "a store is a PostgreSQL URL or a file",
            where="--store",
            got=location.partition("://")[0],
            allowed=["postgresql"],
            hint="A URL reads postgresql://USER@HOST/DATABASE.",
        )
    return root / location


def _local(location: str | None, root: Path) -> Database:
    path = _file(location, root)
    if location is None:
        project_folder(root)
    where = str(path)
    try:
        if path.exists():
            _check(path)  # first, for another program's file keeps its mode too
        with open(path, "ab", opener=for_owner_alone):
            pass  # SQLite would make it as the umask says
    except OSError as error:
        raise StoreError(
            f"it cannot be opened: {error.strerror}",
            where=where,
            hint="crumple keeps its results there: make the folder writable, or choose another store with --store.",
        ) from None
    engine = create_engine(
        URL.create("sqlite", database=str(path)), connect_args={"timeout": _BUSY_SECONDS, "isolation_level": None}
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return Database(engine, where, path)


def _check(path: Path) -> None:
    """What another program has written is left alone."""
    with path.open("rb") as file:
        begins = file.read(len(_SQLITE))
    if begins and begins != _SQLITE:
        raise StoreError(
            "it is no database of crumple's",
            where=str(path),
            hint="Move the file away, or choose another store with --store.",
        )


def _prepare(connection: sqlite3.Connection, _: object) -> None:
    # Freed pages can be handed back without copying the whole file, which a full disk has no room for.
    for setting in (
        "auto_vacuum = INCREMENTAL",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "journal_size_limit = 1048576",
    ):
        connection.execute(f"PRAGMA {setting}")


def _begin(connection: Connection) -> None:
    # A transaction that reads first and then wants to write would fail at once where another one writes.
    reading = connection.get_execution_options().get("crumple_reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
