"""What goes wrong with a database, in one sentence each: what, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from crumple.errors import CrumpleError

_LONGEST = 300
_ELSEWHERE = "or choose another store with --store"

# Words of SQLite's and PostgreSQL's messages -> what is wrong, and what to do.
_FULL: Final = ("database or disk is full", "no space left", "disk quota exceeded", "file too large")
_KNOWN: Final = (
    (("disk i/o error",), "the disk reports an error", f"See that it is sound and not full, {_ELSEWHERE}."),
    (
        ("readonly database", "read-only", "permission denied"),
        "it cannot be written",
        f"Make the folder and the files in it writable, {_ELSEWHERE}.",
    ),
    (
        ("unable to open database",),
        "it cannot be opened",
        f"See that the folder is there and can be written, {_ELSEWHERE}.",
    ),
    (
        ("not a database",),
        "it is no database of crumple's",
        f"Move the file away, {_ELSEWHERE}.",
    ),
    (
        ("malformed", "corrupt", "invalid page"),
        "it is damaged",
        "Move the file away to begin a new one; `sqlite3 FILE .recover` gets out of it what can be read.",
    ),
    (
        ("database is locked", "lock timeout", "deadlock"),
        "another program keeps it locked",
        "End that program and run again.",
    ),
    (
        ('fatal: database "',),
        "there is no such database",
        f"Make it with `createdb`, correct the URL, {_ELSEWHERE}.",
    ),
    (
        ("no such table", "no such column", "does not exist", "undefined"),
        "it is no database of crumple's, or parts of it are missing",
        f"Move it away, {_ELSEWHERE}.",
    ),
    (
        ("password authentication", "authentication failed", "no password supplied"),
        "the database refuses the user or the password",
        "Correct the URL.",
    ),
)
# What PostgreSQL's driver thinks may be the reason.
_GUESSES: Final = (" This probably means", " Is the server running")
_GONE = "it cannot be reached"


class StoreError(CrumpleError):
    """The store cannot be read or written.

    Attributes:
        full: whether there is no space left for it.
        gone: whether the connection to it is lost, or there never was one.
    """

    full = False
    gone = False


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Turn what a database raises into a `StoreError`.

    Args:
        where: the store as it may be shown: without a password.
    """
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        raise explain(error, where) from None


def explain(error: Exception, where: str) -> StoreError:
    """One sentence for what a database has raised."""
    said = _said(error)
    low = said.lower()
    if isinstance(error, (DBAPIError, OSError)):
        if any(words in low for words in _FULL):
            fault = StoreError(
                "the disk is full",
                where=where,
                hint="Nothing that is stored is lost: free space (`crumple prune` may help) and run again.",
            )
            fault.full = True
            return fault
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            return _gone(said, where)
        for found, what, hint in _KNOWN:
            if any(words in low for words in found):
                return StoreError(what, where=where, hint=hint)
        if isinstance(error, (OperationalError, InterfaceError)):
            return _gone(said, where)
    return StoreError(
        f"it cannot be used: {said}", where=where, hint="Run again, or choose another store with --store."
    )


def _gone(said: str, where: str) -> StoreError:
    fault = StoreError(
        f"{_GONE}: {said}",
        where=where,
        hint="Nothing that is stored is lost: see that the database runs, and run again.",
    )
    fault.gone = True
    return fault


def _said(error: Exception) -> str:
    """What the driver says, in one line; never the statement and its values, which quote documents."""
    origin = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    text = " ".join(str(getattr(origin, "strerror", None) or origin).split()).rstrip(".")
    if isinstance(error, SQLAlchemyError) and not isinstance(error, DBAPIError):
        text = text.partition("[SQL")[0].strip()
    for guess in _GUESSES:
        text = text.partition(guess)[0]
    return (text or type(origin).__name__)[:_LONGEST]
