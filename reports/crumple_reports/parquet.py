"""Every result of a run as a Parquet file, a group of rows at a time."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from crumple import FIGURES, CrumpleError, Material
from crumple_reports.columns import Column, columns_of, results_of

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS: Final = 50_000
"""In a group; each is in memory as a whole, in Arrow's form."""
_AT_ONCE: Final = 5_000
"""Rows that are in memory as they come, which takes more."""


class Parquet:
    """Makes Parquet files."""

    def check(self) -> None:
        """Find out whether it can.

        Raises:
            CrumpleError: pyarrow is not installed.
        """
        if importlib.util.find_spec("pyarrow") is None:
            raise CrumpleError(
                "Parquet files need pyarrow, which is not installed",
                hint='Install it with `pip install "crumple[parquet]"`, or write .csv or .jsonl.',
            )

    def __call__(self, document: Mapping[str, Any], material: Material = FIGURES) -> Iterator[bytes]:
        """The results as a Parquet file.

        Args:
            document: of a run.
            material: with its results.

        Raises:
            CrumpleError: no store holds them, or pyarrow is not installed.
        """
        self.check()
        return _written(results_of(document, material), columns_of(document))


render = Parquet()


def _written(rows: Iterator[Mapping[str, Any]], columns: tuple[Column, ...]) -> Iterator[bytes]:
    import pyarrow as pa
    from pyarrow import parquet

    sink = _Sink()
    schema = pa.schema([_field(each) for each in columns])
    with parquet.ParquetWriter(pa.PythonFile(sink, mode="w"), schema, compression="zstd") as writer:
        while group := list(_parts(islice(rows, _ROWS), schema)):
            writer.write_table(pa.concat_tables(group).combine_chunks(), row_group_size=_ROWS)
            yield sink.taken()
    yield sink.taken()


def _parts(rows: Iterator[Mapping[str, Any]], schema: pa.Schema) -> Iterator[pa.Table]:
    import pyarrow as pa

    while some := list(islice(rows, _AT_ONCE)):
        yield pa.Table.from_pylist(some, schema=schema)


def _field(column: Column) -> pa.Field[Any]:
    import pyarrow as pa

    types = {
        "text": pa.string(),
        "name": pa.dictionary(pa.int32(), pa.string()),
        "number": pa.float64(),
        "whole": pa.int64(),
        "yes": pa.bool_(),
        "list": pa.list_(pa.string()),
    }
    told = {"description": column.says, **({"unit": column.unit} if column.unit else {})}
    return pa.field(column.name, types[column.type], metadata=told)


class _Sink:
    """A file that is taken away piece by piece while it is written; a Parquet file is written from its front on."""

    closed = False

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        """Take a piece."""
        self._pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        """What was written since the last time."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """What was written stays to be taken."""
