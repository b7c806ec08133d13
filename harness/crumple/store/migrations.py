"""The store's tables, made and brought up to date; forward only, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy import Connection, insert, inspect, select, text, update

from crumple.store.faults import StoreError
from crumple.store.schema import METADATA, STORE

SCHEMA: Final = 1
"""The version of the tables that this crumple reads and writes."""

MIGRATIONS: Final[Mapping[int, Callable[[Connection], None]]] = {}
"""What makes tables of the version before into those of each version from 2 on."""

_CRUMPLE = 0x6372756D
"""What all crumples lock while tables are made: two must not make them at once."""


def bring_up_to_date(
    connection: Connection,
    where: str,
    *,
    newest: int = SCHEMA,
    migrations: Mapping[int, Callable[[Connection], None]] = MIGRATIONS,
) -> None:
    """Make the tables where there are none, and those of an older crumple into today's.

    Args:
        connection: in a transaction, which the whole of it is done in.
        where: the store as it may be shown.
        newest: the version to arrive at.
        migrations: version -> what makes it of the one before.

    Raises:
        StoreError: a newer crumple has made them, or they are somebody else's.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CRUMPLE})
    names = inspect(connection).get_table_names()
    if STORE.name not in names:
        if connection.dialect.name == "sqlite" and names:
            raise StoreError(
                f"it is a database of another program, with a table {names[0]!r}",
                where=where,
                hint="Choose another store with --store.",
            )
        METADATA.create_all(connection)
        connection.execute(insert(STORE), {"schema": newest})
        return
    found = connection.execute(select(STORE.c.schema)).scalar_one_or_none()
    if found is None or found > newest:
        raise StoreError(
            f"a newer crumple has made it (version {found} of its tables; this one knows them up to {newest})",
            where=where,
            hint="Update crumple, or choose another store with --store; nothing in this one was changed.",
        )
    for version in range(found + 1, newest + 1):
        migrations[version](connection)
    if found < newest:
        connection.execute(update(STORE).values(schema=newest))
