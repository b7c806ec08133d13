"""One writer a run: a lock that the operating system or the database lets go of however its holder ends."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, text

from crumple.project import for_owner_alone
from crumple.store.database import Database
from crumple.store.faults import StoreError, explained

_FOLDER_MODE = 0o700


class Lock(Protocol):
    """The right to write one run, as long as it is not let go of."""

    def release(self) -> None:
        """Let go of it; more than once does nothing."""

    def renew(self) -> bool:
        """Get it again where it may be lost; whether it is held now."""


def lock(database: Database, run: str) -> Lock | None:
    """Take the lock of a run, without waiting for it.

    Args:
        database: the store's.
        run: the run's id.

    Returns:
        None where another process holds it.

    Raises:
        StoreError: it can be neither taken nor found taken.
    """
    if database.path is not None:
        return _FileLock.take(database.path.with_suffix(".locks") / f"{run}.lock")
    return _ServerLock.take(database, run)


class _FileLock:
    """flock on a file: the kernel lets go of it when its holder ends, also by SIGKILL."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path, self._descriptor = path, descriptor

    @classmethod
    def take(cls, path: Path) -> _FileLock | None:
        try:
            path.parent.mkdir(mode=_FOLDER_MODE, exist_ok=True)
            while True:
                descriptor = for_owner_alone(str(path), os.O_RDWR | os.O_CREAT)
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    if _is(descriptor, path):
                        return cls(path, descriptor)
                except BlockingIOError:
                    os.close(descriptor)
                    return None
                except BaseException:
                    os.close(descriptor)
                    raise
                os.close(descriptor)  # its last holder has removed it meanwhile
        except OSError as error:
            raise StoreError(
                f"it cannot be locked: {error.strerror}",
                where=str(path),
                hint="Make the folder writable; on a network drive that knows no locks, choose a store elsewhere with "
                "--store.",
            ) from None

    def release(self) -> None:
        if self._descriptor < 0:
            return
        with contextlib.suppress(OSError):
            self._path.unlink()
        os.close(self._descriptor)
        self._descriptor = -1

    def renew(self) -> bool:
        return True


def _is(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


class _ServerLock:
    """An advisory lock of PostgreSQL: the server lets go of it when the connection ends."""

    def __init__(self, database: Database, connection: Connection, number: int) -> None:
        self._database, self._connection, self._number = database, connection, number

    @classmethod
    def take(cls, database: Database, run: str) -> _ServerLock | None:
        number = int.from_bytes(hashlib.sha256(f"crumple {run}".encode()).digest()[:8], signed=True)
        connection = _locked(database, number)
        return None if connection is None else cls(database, connection, number)

    def release(self) -> None:
        with contextlib.suppress(Exception):  # a lost connection has let go already
            self._connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": self._number})
            self._connection.commit()
        with contextlib.suppress(Exception):
            self._connection.close()

    def renew(self) -> bool:
        try:
            self._connection.execute(text("SELECT 1"))
            self._connection.commit()
        except Exception:  # noqa: BLE001 - whatever is wrong with it, the lock is gone with the connection
            with contextlib.suppress(Exception):
                self._connection.close()
            connection = _locked(self._database, self._number)
            if connection is None:
                return False
            self._connection = connection
        return True


def _locked(database: Database, number: int) -> Connection | None:
    with explained(database.where):
        connection = database.engine.connect()
        try:
            held = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": number}).scalar_one()
            connection.commit()
        except BaseException:
            connection.close()
            raise
    if held:
        return connection
    connection.close()
    return None
