"""Table: rows and cells of a delimited file, each row with the very characters that it is written in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from crumple.document import Document
from crumple.errors import Unreadable
from crumple.places import Cell, Span
from crumple.views.format import Codec, Format
from crumple.views.text import Text, TextCodec, looks_like_text

_DELIMITERS = ",;\t|"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_SNIFFED_ROWS = 50


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table is written.

    Attributes:
        delimiter: between cells.
        quote: around a cell that holds a delimiter, a quote or a line break; doubled inside.
        terminator: after each row.
    """

    delimiter: str = ","
    quote: str = '"'
    terminator: str = "\n"

    def cell(self, value: str, *, quoted: bool = False) -> str:
        """A cell as it is written; quoted where it must be, or where it was."""
        special = (self.delimiter, self.quote, "\n", "\r")
        if quoted or any(character in value for character in special):
            return f"{self.quote}{value.replace(self.quote, self.quote * 2)}{self.quote}"
        return value

    def row(self, cells: Iterable[str], *, ending: str | None = None) -> Row:
        """A row written in this dialect, ended by its terminator or by another ending."""
        values = tuple(cells)
        return Row(
            values, self.delimiter.join(map(self.cell, values)) + (self.terminator if ending is None else ending)
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        cells: the values, unquoted.
        raw: the characters in the file, the line ending included. What is written is this.
    """

    cells: tuple[str, ...]
    raw: str

    @property
    def ending(self) -> str:
        """The line ending; "" where a last row has none."""
        return self.raw[len(self.raw.rstrip("\r\n")) :]


@dataclass(frozen=True, slots=True)
class Table:
    """A delimited file.

    Attributes:
        rows: all rows; the first is the header.
        dialect: how new cells and rows are written.
        encoding, bom: as in `Text`.
    """

    rows: tuple[Row, ...]
    dialect: Dialect = Dialect()
    encoding: str = "utf-8"
    bom: bool = False

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
        return Text("".join(row.raw for row in self.rows), self.encoding, self.bom)

    def value(self, cell: Cell) -> str:
        """What stands in a cell; "" where the row is too short for it."""
        cells = self.rows[cell.row].cells
        return cells[cell.column] if cell.column < len(cells) else ""

    def with_rows(self, rows: Sequence[Row]) -> Table:
        """The same table with other rows."""
        return replace(self, rows=tuple(rows))

    def with_cells(self, values: Mapping[Cell, str]) -> Table:
        """The same table with other values in some cells; every other character stays."""
        rows = list(self.rows)
        for cell, value in values.items():
            row = rows[cell.row]
            written = _written(row.raw, self.dialect)
            if cell.column >= len(written):
                raise ValueError(f"row {cell.row} has {len(written)} cells, not {cell.column + 1}")
            quoted = written[cell.column].startswith(self.dialect.quote)
            written[cell.column] = self.dialect.cell(value, quoted=quoted)
            cells = (*row.cells[: cell.column], value, *row.cells[cell.column + 1 :])
            rows[cell.row] = Row(cells, self.dialect.delimiter.join(written) + row.ending)
        return self.with_rows(rows)

    def rewritten(self, dialect: Dialect) -> Table:
        """Every row written anew in another dialect; line endings of rows that have none stay so."""
        rows = (dialect.row(row.cells, ending=dialect.terminator if row.ending else "") for row in self.rows)
        return replace(self, rows=tuple(rows), dialect=dialect)

    def spans(self) -> Iterator[tuple[Cell, Span]]:
        """Where each cell stands in `text.value`, quotes included."""
        at = 0
        for number, row in enumerate(self.rows):
            start = at
            for column, written in enumerate(_written(row.raw, self.dialect) if row.cells else ()):
                yield Cell(number, column), Span(start, start + len(written))
                start += len(written) + len(self.dialect.delimiter)
            at += len(row.raw)

    @classmethod
    def parsed(cls, text: Text, dialect: Dialect | None = None) -> Table:
        """A table from text, in the given dialect or the one that explains it best."""
        dialect = dialect or _dialect_of(text.value)
        return cls(tuple(_rows(text.value, dialect)), dialect, text.encoding, text.bom)


def _rows(value: str, dialect: Dialect) -> Iterable[Row]:
    if dialect.quote not in value:
        for line in _LINE.findall(value):
            body = line.rstrip("\r\n")
            yield Row(tuple(body.split(dialect.delimiter)) if body else (), line)
        return
    pattern = _cell_pattern(dialect)
    at, start, cells = 0, 0, list[str]()
    while at < len(value):
        cell = pattern.match(value, at)
        if cell is None:  # cannot be: the pattern matches the empty string
            raise Unreadable(f"no cell at character {at}")
        cells.append(_unquoted(cell.group(), dialect))
        at = cell.end()
        if value.startswith(dialect.delimiter, at):
            at += len(dialect.delimiter)
            if at < len(value):
                continue
            cells.append("")
        elif value.startswith("\r\n", at):
            at += 2
        elif at < len(value):
            at += 1
        yield Row(tuple(cells) if cells != [""] else (), value[start:at])
        start, cells = at, []


def _cell_pattern(dialect: Dialect) -> re.Pattern[str]:
    quote, delimiter = re.escape(dialect.quote), re.escape(dialect.delimiter)
    plain = rf"(?:(?!{delimiter})[^\r\n])*"
    return re.compile(rf"{quote}(?:[^{quote}]|{quote}{quote})*{quote}{plain}|{plain}")


def _written(raw: str, dialect: Dialect) -> list[str]:
    """The cells of one row as they are written, quotes included."""
    body = raw.rstrip("\r\n")
    if dialect.quote not in body:
        return body.split(dialect.delimiter)
    written, at, pattern = list[str](), 0, _cell_pattern(dialect)
    while cell := pattern.match(body, at):
        written.append(cell.group())
        at = cell.end() + len(dialect.delimiter)
        if cell.end() >= len(body):
            break
    return written


def _unquoted(cell: str, dialect: Dialect) -> str:
    if not cell.startswith(dialect.quote) or len(cell) == 1:
        return cell
    end = cell.rfind(dialect.quote)
    if end == 0:
        return cell
    return cell[1:end].replace(dialect.quote * 2, dialect.quote) + cell[end + 1 :]


def _dialect_of(value: str) -> Dialect:
    first = _LINE.search(value)
    terminator = "\n" if first is None else first.group()[len(first.group().rstrip("\r\n")) :] or "\n"
    best, most = Dialect(terminator=terminator), (0.0, 0)
    sample = value[:65536]
    for delimiter in _DELIMITERS:
        dialect = Dialect(delimiter, terminator=terminator)
        widths = [
            len(row.cells) for row, _ in zip(_rows(sample, dialect), range(_SNIFFED_ROWS), strict=False) if row.cells
        ]
        if not widths:
            continue
        width, agreeing = Counter(widths).most_common(1)[0]
        if width > 1 and (agreeing / len(widths), width) > most:
            best, most = dialect, (agreeing / len(widths), width)
    return best


class TableCodec:
    """A delimited file as `Table`."""

    exact = True

    def read(self, document: Document) -> Table:
        """The rows; a file without any cannot be seen as a table."""
        dialect = Dialect("\t") if document.media_type == "text/tab-separated-values" else None
        text = TextCodec().read(document)
        if dialect is not None:
            dialect = replace(_dialect_of(text.value), delimiter="\t")
        table = Table.parsed(text, dialect)
        if not any(row.cells for row in table.rows):
            raise Unreadable("the table has no rows")
        return table

    def write(self, view: Table, document: Document) -> bytes:
        """The bytes of all rows."""
        return view.text.encoded()


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
