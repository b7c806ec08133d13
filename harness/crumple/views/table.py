"""Table: rows and cells of a delimited file, each row with the very characters that it is written in."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from crumple.document import Document
from crumple.errors import Unreadable
from crumple.places import Cell, Span
from crumple.views.format import Codec, Format
from crumple.views.table_dialect import Dialect, Row, dialect_of
from crumple.views.table_index import Buffer
from crumple.views.table_rows import Indices, Rows, Stored
from crumple.views.text import Text, TextCodec, looks_like_text

__all__ = ["CSV", "TSV", "Dialect", "Row", "Table", "TableCodec"]

_SAMPLE = 1 << 18
_DENSE = 4


@dataclass(frozen=True, slots=True, init=False)
class Table:
    """A delimited file, or a sheet of a workbook.

    Rows are made when somebody looks at them, so that a large file costs little more than its bytes: a mutator looks
    at the rows that it needs, and changes them with `replaced`, `inserted`, `taken`, `mapped` or `with_cells`.

    Attributes:
        rows: all rows; the first is the header. Any sequence of rows may be given.
        dialect: how new cells and rows are written. Of a workbook it means nothing, and `raw` neither.
        encoding, bom: as in `Text`.
    """

    rows: Rows
    dialect: Dialect
    encoding: str
    bom: bool

    def __init__(
        self, rows: Sequence[Row], dialect: Dialect | None = None, encoding: str = "utf-8", bom: bool = False
    ) -> None:
        """Take the rows."""
        object.__setattr__(self, "rows", rows if isinstance(rows, Rows) else Rows.of(rows))
        object.__setattr__(self, "dialect", dialect or Dialect())
        object.__setattr__(self, "encoding", encoding)
        object.__setattr__(self, "bom", bom)

    @property
    def header(self) -> tuple[str, ...]:
        """The cells of the first row."""
        return self.rows[0].cells

    @property
    def data(self) -> range:
        """The indices of the rows below the header."""
        return range(1, len(self.rows))

    @property
    def text(self) -> Text:
        """The whole file as `Text`."""
        return Text("".join(self.rows.pieces()), self.encoding, self.bom)

    def encoded(self) -> Iterator[bytes]:
        """The bytes of the file, about a megabyte at once.

        Raises:
            NotApplicable: a character that the encoding does not have.
        """
        if self.bom:
            yield Text("", self.encoding, bom=True).encoded()
        for piece in self.rows.pieces():
            yield Text(piece, self.encoding).encoded()

    def value(self, cell: Cell) -> str:
        """What stands in a cell; "" where the row is too short for it."""
        cells = self.rows[cell.row].cells
        return cells[cell.column] if cell.column < len(cells) else ""

    def with_rows(self, rows: Sequence[Row]) -> Table:
        """The same table with other rows."""
        return Table(rows, self.dialect, self.encoding, self.bom)

    def taken(self, indices: Sequence[int] | Indices) -> Table:
        """The rows of these indices, in this order; one that is named twice stands there twice."""
        rows, end = self.rows.taken(indices), len(self.rows) - 1
        moved = [at for at in np.flatnonzero(np.asarray(indices) == end).tolist() if at < len(rows) - 1]
        return self.with_rows(rows.replaced(dict.fromkeys(moved, self._ended())) if moved and self._open else rows)

    def replaced(self, new: Mapping[int, Row]) -> Table:
        """The same table with other rows at some indices."""
        return self.with_rows(self.rows.replaced(new))

    def inserted(self, before: Mapping[int, Sequence[Row]]) -> Table:
        """The same table with further rows before those of some indices; `len(table.rows)` is the end."""
        end = len(self.rows)
        rows = self.rows.replaced({end - 1: self._ended()}) if before.get(end) and self._open else self.rows
        return self.with_rows(rows.inserted(before))

    def mapped(self, function: Callable[[int, Row], Row], dialect: Dialect | None = None) -> Table:
        """Every row made anew by a function of its index and itself, when somebody looks; in a dialect of its own."""
        return Table(self.rows.mapped(function), dialect or self.dialect, self.encoding, self.bom)

    @property
    def _open(self) -> bool:
        """Whether the last row has no line ending."""
        return bool(self.rows) and not self.rows[-1].ending

    def _ended(self) -> Row:
        """The last row as it is written where others follow it."""
        last = self.rows[-1]
        return Row(last.cells, last.raw + self.dialect.terminator)

    def with_cells(self, values: Mapping[Cell, str]) -> Table:
        """The same table with other values in some cells; every other character stays.

        Raises:
            ValueError: a row does not have the cell.
        """
        by_row: dict[int, list[tuple[int, str]]] = {}
        for cell, value in values.items():
            by_row.setdefault(cell.row, []).append((cell.column, value))
        rows, changed = self.rows, self.dialect.changed
        dense = len(by_row) > len(rows) // _DENSE
        found = enumerate(rows) if dense else ((number, rows[number]) for number in by_row)
        new: dict[int, Row] = {}
        for number, row in found:
            if number in by_row:
                try:
                    new[number] = changed(row, by_row[number])
                except IndexError:
                    column = max(column for column, _ in by_row[number])
                    raise ValueError(f"row {number} has {len(row.cells)} cells, not {column + 1}") from None
        return self.replaced(new)

    def rewritten(self, dialect: Dialect) -> Table:
        """Every row written anew in another dialect; line endings of rows that have none stay so."""
        return self.mapped(
            lambda _, row: dialect.row(row.cells, ending=dialect.terminator if row.ending else ""), dialect
        )

    def spans(self) -> Iterator[tuple[Cell, Span]]:
        """Where each cell stands in `text.value`, quotes included."""
        at, size = 0, len(self.dialect.delimiter)
        for number, row in enumerate(self.rows):
            start = at
            for column, written in enumerate(self.dialect.written(row.raw) if row.cells else ()):
                yield Cell(number, column), Span(start, start + len(written))
                start += len(written) + size
            at += len(row.raw)

    @classmethod
    def parsed(cls, text: Text, dialect: Dialect | None = None) -> Table:
        """A table from text, in the given dialect or the one that explains it best."""
        dialect = dialect or dialect_of(text.value)
        data = text.value.encode("utf-8", "surrogatepass")
        return cls(Rows(Stored.found(data, 0, dialect, "utf-8", "surrogatepass")), dialect, text.encoding, text.bom)

    @classmethod
    def stored(cls, data: Buffer, *, encoding: str = "utf-8", bom: bool = False, delimiter: str = "") -> Table:
        """A table over bytes that are not copied: of a document, or of a file mapped into memory.

        Args:
            data: they must stay as they are while the table is used.
            encoding: one in which an ASCII byte stands for nothing else.
            bom: whether they begin with a byte order mark of UTF-8.
            delimiter: where it is known; else it is told from the first rows.
        """
        start = len(codecs.BOM_UTF8) if bom else 0
        dialect = dialect_of(data[start : start + _SAMPLE].decode(encoding, "surrogateescape"))
        if delimiter:
            dialect = replace(dialect, delimiter=delimiter)
        return cls(Rows(Stored.found(data, start, dialect, encoding, "surrogateescape")), dialect, encoding, bom)


class TableCodec:
    """A delimited file as `Table`."""

    exact = True

    def read(self, document: Document) -> Table:
        """The rows; a file without any cannot be seen as a table."""
        delimiter = "\t" if document.media_type == "text/tab-separated-values" else ""
        if document.data.isascii() and b"\0" not in document.data:
            table = Table.stored(document.data, delimiter=delimiter)
        else:
            text = TextCodec().read(document)
            if text.encoding == "utf-8" and text.decodable:
                table = Table.stored(document.data, bom=text.bom, delimiter=delimiter)
            else:
                dialect = dialect_of(text.value)
                table = Table.parsed(text, replace(dialect, delimiter=delimiter) if delimiter else dialect)
        if not any(row.cells for row in table.rows):
            raise Unreadable("the table has no rows")
        return table

    def write(self, view: Table, document: Document) -> bytes:
        """The bytes of all rows."""
        return b"".join(view.encoded())


def _sniff(*extensions: str, delimiters: str) -> Callable[[bytes, str], int]:
    def sniff(head: bytes, extension: str) -> int:
        if not looks_like_text(head):
            return 0
        if extension in extensions:
            return 2
        lines = [line for line in head.decode("utf-8", "replace").splitlines()[:-1] if line][:20]
        return 2 * int(
            len(lines) > 2
            and any(lines[0].count(each) > 1 and len({line.count(each) for line in lines}) == 1 for each in delimiters)
        )

    return sniff


_CODECS: Mapping[type, Codec] = {Table: TableCodec(), Text: TextCodec()}

CSV = Format("text/csv", (".csv",), _sniff(".csv", delimiters=",;|"), _CODECS)
TSV = Format("text/tab-separated-values", (".tsv", ".tab"), _sniff(".tsv", ".tab", delimiters="\t"), _CODECS)
