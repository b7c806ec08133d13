"""Rows into a table, as fast as each database takes them: PostgreSQL by COPY, SQLite by one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias, cast

from sqlalchemy import Connection, Table, insert
from sqlalchemy.exc import DBAPIError

from crumple.store.database import Database

Rows: TypeAlias = Sequence[Sequence[Any]]


class Insertion:
    """Puts rows into one table, again and again."""

    def __init__(self, database: Database, table: Table, columns: Sequence[str]) -> None:
        """Prepare it.

        Args:
            database: where the table is.
            table: any.
            columns: what a row has values for, in this order.
        """
        preparer = database.engine.dialect.identifier_preparer
        names = ", ".join(map(preparer.quote, columns))
        self._copy = f"COPY {preparer.format_table(table)} ({names}) FROM STDIN"
        self._is_copied = database.engine.dialect.name == "postgresql"
        self._statement = database.prepared(insert(table), columns)

    def put(self, connection: Connection, rows: Rows) -> None:
        """Put rows in; they are there when the connection's transaction is.

        Raises:
            DBAPIError: as of any statement.
        """
        if not rows:
            return
        if self._is_copied:
            self._put_by_copy(connection, rows)
        else:
            connection.exec_driver_sql(self._statement.text, cast("Any", rows))

    def _put_by_copy(self, connection: Connection, rows: Rows) -> None:
        """What SQLAlchemy has no words for; the driver's errors become what it makes of them."""
        driver, dialect = connection.connection, connection.dialect
        errors = cast("Any", dialect.loaded_dbapi).Error
        try:
            with cast("Any", driver.cursor()) as cursor, cursor.copy(self._copy) as copy:
                for row in rows:
                    copy.write_row(row)
        except errors as error:
            gone = dialect.is_disconnect(error, cast("Any", driver.dbapi_connection), None)
            if gone:
                connection.invalidate(error)
            raise DBAPIError.instance(
                self._copy, None, error, errors, connection_invalidated=gone, dialect=dialect
            ) from error
