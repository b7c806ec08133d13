"""Delimited tables that end too early: in mid-row, after a row, after the header."""

from __future__ import annotations

import itertools
import re

from numpy.random import Generator

from crumple import AnyOf, Cell, Degraded, Edit, Json, Ladder, NotApplicable, Place, Row, Table, Text, mutator
from crumple_mutators.positions import some
from crumple_mutators.selection import portion

EXAMPLE = "item,quantity,price\nBolts,100,12.50\nNuts,250,8.00\nWashers,40,2.25\nScrews,75,30.00\nHinges,4,19.90\n"


@mutator(
    "truncation.cut_table",
    truth="new",
    refusable_from=1,
    kept=Ladder(0.99, 0.9, 0.75, 0.5, 0.1, unit="share of characters", zero=1),
    examples=[("items.csv", EXAMPLE)],
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


@mutator("truncation.header_only", truth="new", refusable_from=1, examples=[("items.csv", EXAMPLE)])
def header_only(table: Table, rng: Generator) -> Degraded[Table]:
    """Leave only a table's header, as an export of a day on which nothing happened has.

    The right answer has no rows. Refusing is acceptable.
    """
    some(table.data, "it has no rows below the header")
    return Degraded(table.with_rows(table.rows[:1]), truth=Edit(rows=()))


@mutator(
    "truncation.last_rows_missing",
    truth="new",
    kept=Ladder(0.99, 0.9, 0.75, 0.5, 0.1, unit="share of rows", zero=1),
    examples=[("items.csv", EXAMPLE)],
)
def last_rows_missing(table: Table, kept: float, rng: Generator) -> Degraded[Table]:
    """End a table after one of its rows, as an export with a limit on rows or a writer that died between two does.

    Nothing shows that there were more, so the right answer is that of the rows which are left, one at least.
    Ladder: that of `truncation.cut`.
    """
    if kept >= 1:
        return Degraded(table)
    data = table.data
    if len(data) < 2:
        raise NotApplicable("it has fewer than two rows below the header")
    number = min(len(data) - 1, max(1, len(data) - portion(1 - kept, len(data))))
    end = data[number - 1] + 1
    return Degraded(table.with_rows(table.rows[:end]), truth=Edit(rows=tuple(data[:number])))
