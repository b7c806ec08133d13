"""The store's tables, the same in SQLite and PostgreSQL; their names do not clash with those of other programs."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
)

METADATA: Final = MetaData()

STORE: Final = Table("crumple_store", METADATA, Column("schema", Integer, nullable=False))
"""One row: the version of these tables."""

RUNS: Final = Table(
    "crumple_runs",
    METADATA,
    # SQLite counts up only where the type is INTEGER.
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("identity", Text, nullable=False),  # digest over all of identities
    Column("identities", Text, nullable=False),  # JSON: what it is made of, each with its digest
    Column("project", Text, nullable=False),  # digest of host and folder: several projects may share a database
    Column("state", Text, nullable=False),
    Column("holder", Text, nullable=False),  # the process that writes it, or wrote it last
    Column("info", Text, nullable=False),  # JSON: what the document says of the run beforehand
    Column("started", Float, nullable=False),  # seconds since 1970
    Column("seconds", Float, nullable=False),
    Column("calls", BigInteger, nullable=False),
    Column("failures", BigInteger, nullable=False),
    Column("void", BigInteger, nullable=False),
    Column("cost", Float, nullable=False),
    Column("document", Text),  # JSON: the last snapshot of the run's document
    Index("crumple_runs_identity", "identity"),
    sqlite_autoincrement=True,
)

RESULTS: Final = Table(
    "crumple_results",
    METADATA,
    Column("run", BigInteger, ForeignKey(RUNS.c.number, ondelete="CASCADE"), nullable=False),
    Column("round", Integer, nullable=False),
    Column("key", Text, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("mutator", Text, nullable=False),
    Column("level", Float, nullable=False),
    Column("outcome", Text),  # none: the call was not made
    Column("failure", Boolean, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("cost", Float, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("whole", Boolean, nullable=False),  # false: something that the run needs to go on was not to be kept
    Column("rest", Text, nullable=False),  # JSON: everything else, defaults left out
    # A key belongs to one round, so that this makes it unique in a run; rounds lie together, in order.
    PrimaryKeyConstraint("run", "round", "key"),
    sqlite_with_rowid=False,
)

ROUNDS: Final = Table(
    "crumple_rounds",
    METADATA,
    Column("run", BigInteger, ForeignKey(RUNS.c.number, ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("calls", Integer, nullable=False),
    Column("cost", Float, nullable=False),
    Column("aside", Text, nullable=False),  # JSON: keys of the round's results that it does not count
    PrimaryKeyConstraint("run", "number"),
    sqlite_with_rowid=False,
)
"""Rounds all of whose calls are back."""
