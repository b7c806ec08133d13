"""Documents that are not all there: cut short, without their beginning, empty, cut in mid-character."""

from __future__ import annotations

import itertools
import math
import re

from numpy.random import Generator

from crumple import (
    ALL,
    AnyOf,
    Cell,
    Degraded,
    Document,
    Edit,
    Extent,
    Json,
    Ladder,
    NotApplicable,
    Place,
    Row,
    Span,
    Table,
    Text,
    mutator,
    raw,
)
from crumple_mutators.bytewise import TABLES, lost_with, solid
from crumple_mutators.positions import number_of, some, spliced

_TABLE = "item,quantity,price\nBolts,100,12.50\nNuts,250,8.00\nWashers,40,2.25\nScrews,75,30.00\nHinges,4,19.90\n"
_LETTER = "Dear Ms Brontë,\nyour invoice 4711 of 3 May comes to 1,234.50 EUR.\nKind regards\nZoë Núñez\n"
_ORDERS = '{"order": 4711, "customer": "Müller & Söhne", "city": "Köln", "total": 1234.5}\n'
_DELIMITERS = r"\r\n,;|\t\"<"
_TWO_FROM = 0.01


@mutator(
    "truncation.cut",
    truth="lost",
    refusable_from=1,
    kept=Ladder(0.99, 0.9, 0.75, 0.5, 0.1, unit="share of bytes", zero=1),
    examples=[("letter.txt", _LETTER), ("order.json", _ORDERS)],
)
def cut(document: Document, kept: float, rng: Generator) -> Degraded[bytes]:
    """Keep only the first share of the bytes, as a broken upload or a full disk does.

    Of text, what follows the cut is lost; of other documents, all. Refusing is acceptable at every level. Delimited
    tables have `truncation.cut_table`. Ladder: the catalogue's.
    """
    if document.media_type in TABLES:
        raise NotApplicable("it is a table, for which there is truncation.cut_table")
    start, end = solid(document.data)
    at = min(max(int(kept * len(document.data)), start + 1), end - 1) if kept < 1 else len(document.data)
    return Degraded(document.data[:at], lost=lost_with(document, [Extent(at, len(document.data))]))


@mutator(
    "truncation.cut_table",
    truth="new",
    refusable_from=1,
    kept=Ladder(0.99, 0.9, 0.75, 0.5, 0.1, unit="share of characters", zero=1),
    examples=[("items.csv", _TABLE)],
)
def cut_table(table: Table, kept: float, rng: Generator) -> Degraded[Table]:
    """Keep only the first share of a table and end it in mid-row, as a broken upload or an export that died does.

    Right are the whole rows, and these with the one that was cut: its last value as far as it goes, or missing.
    Refusing is acceptable. The header is kept. Ladder: the catalogue's.
    """
    if kept >= 1:
        return Degraded(table)
    data = [index for index in table.data if len(table.rows[index].raw.rstrip("\r\n")) > 1]
    some(data, "it has no rows below the header")
    lengths = [len(row.raw) for row in table.rows]
    starts = list(itertools.accumulate(lengths, initial=0))
    wanted = int(kept * starts[-1])
    index = next((index for index in reversed(data) if starts[index] < wanted), data[0])
    body = table.rows[index].raw.rstrip("\r\n")
    piece = body[: min(max(wanted - starts[index], 1), len(body) - 1)]
    cells = _cells(piece, table)
    degraded = table.with_rows([*table.rows[:index], Row(tuple(cells), piece)])
    return Degraded(degraded, truth=_either(table, index, cells))


def _either(table: Table, index: int, cells: list[str]) -> AnyOf:
    """Without the row that was cut to these cells, or with it; then without its last value, or with what is left."""
    whole, last = tuple(range(index)), Cell(index, len(cells) - 1)
    gone: dict[Place, Json] = {Cell(index, each): None for each in range(len(cells), len(table.rows[index].cells))}
    left = gone if cells[-1] == table.value(last) else {**gone, last: cells[-1] or None}
    options = [Edit(rows=whole), Edit(rows=(*whole, index), values=left)]
    if cells[-1]:
        options.append(Edit(rows=(*whole, index), values={**gone, last: None}))
    return AnyOf(*options)


def _cells(piece: str, table: Table) -> list[str]:
    """The cells of the first part of a row; the last may be cut, and lack its closing quote."""
    quote, delimiter = table.dialect.quote, table.dialect.delimiter
    opened = len(piece)
    if piece.count(quote) % 2:
        # The quote that was not closed stands at the beginning of its cell, after whole pairs only.
        begins = re.compile(rf"(?:^|(?<={re.escape(delimiter)})){re.escape(quote)}")
        opened = max(
            (each.start() for each in begins.finditer(piece) if piece.count(quote, 0, each.start()) % 2 == 0),
            default=len(piece),
        )
    rows = Table.parsed(Text(piece[:opened]), table.dialect).rows if opened else ()
    cells = list(rows[0].cells) if rows else []
    if opened == len(piece):
        return cells or [""]
    return [*cells[:-1], piece[opened + 1 :].replace(quote * 2, quote)]


@mutator(
    "truncation.head_missing",
    truth="lost",
    refusable_from=1,
    missing=Ladder(0.01, 0.1, 0.25, 0.5, 0.9, unit="share of bytes", zero=0),
    examples=[("letter.txt", _LETTER), ("items.csv", _TABLE)],
)
def head_missing(document: Document, missing: float, rng: Generator) -> Degraded[bytes]:
    """Leave out the first share of the bytes, as a rotated log or a transfer resumed at the wrong place does.

    Of text, what stood there is lost; of a table, which lives by its header, and of other documents, all. Refusing is
    acceptable. Ladder: that of `truncation.cut`, from the other end.
    """
    start, end = solid(document.data)
    at = min(max(math.ceil(missing * len(document.data)), start + 1), end - 1) if missing > 0 else 0
    table = document.media_type in TABLES
    return Degraded(document.data[at:], lost=ALL if table else lost_with(document, [Extent(0, at)]))


@mutator(
    "truncation.empty",
    truth="lost",
    refusable_from=1,
    level=5,
    examples=[("letter.txt", _LETTER), ("items.csv", _TABLE)],
)
def empty(data: bytes, rng: Generator) -> Degraded[bytes]:
    """Leave nothing of the document, as a program that opened its output and died does. All is lost."""
    if not data:
        raise NotApplicable("it is empty")
    return Degraded(b"", lost=ALL)


@mutator("truncation.header_only", truth="new", refusable_from=1, examples=[("items.csv", _TABLE)])
def header_only(table: Table, rng: Generator) -> Degraded[Table]:
    """Leave only a table's header, as an export of a day on which nothing happened has.

    The right answer has no rows. Refusing is acceptable.
    """
    some(table.data, "it has no rows below the header")
    return Degraded(table.with_rows(table.rows[:1]), truth=Edit(rows=()))


@mutator(
    "truncation.mid_character",
    truth="lost",
    refusable_from=4,
    records=Ladder(0.001, 0.01, 0.1, 0.5, 1, unit="share of records", zero=0),
    examples=[
        ("letter.txt", _LETTER),
        ("people.csv", "name,city\nZoë Brontë,Málaga\nJosé Núñez,Córdoba\nRené Lefèvre,Besançon\nAnn Müller,Köln\n"),
    ],
)
def mid_character(text: Text, records: float, rng: Generator) -> Degraded[Text]:
    """Cut values in the middle of a character, as fields and buffers of a fixed number of bytes do.

    In a record (a line that holds a character of several bytes) the last such character keeps all but its last
    byte, and what follows it in its cell is gone; both are lost. Ladder: the catalogue's, at the end of the file, one
    record more (from 1 % on), then shares of the records.
    """
    if text.encoding.startswith(("utf-16", "utf-32")):
        raise NotApplicable(f"the characters of {text.encoding} have no first byte of their own; see encoding.utf16")
    wide = _wide(text)
    some(wide, f"it has no characters of several bytes in {text.encoding}")
    pattern = rf"([{wide}])[^{wide}{_DELIMITERS}]*(?=[{_DELIMITERS}]|\Z)"
    found = re.finditer(pattern, text.value)
    last_of_line = {text.value.rfind("\n", 0, each.start()): each for each in found}
    lines = list(last_of_line.values())
    least = 2 if records >= _TWO_FROM else 1
    number = number_of(records, len(lines), least=least)
    # The end of the file comes first, the others in an order that is drawn.
    order = [len(lines) - 1, *rng.permutation(len(lines) - 1).tolist()]
    hit = sorted(order[:number])
    spans = [Span(*lines[index].span()) for index in hit]
    cuts = (raw(lines[index].group(1).encode(text.encoding)[:-1]) for index in hit)
    return Degraded(text.with_value(spliced(text.value, spans, cuts)), lost=spans)


def _wide(text: Text) -> str:
    """Those of the text's characters that take several bytes, escaped for a class of characters."""
    beyond = dict.fromkeys(re.findall(r"[^\x00-\x7f\ud800-\udfff]", text.value))
    return "".join(re.escape(each) for each in beyond if len(each.encode(text.encoding)) > 1)
