"""A table's rows and columns as its mutators look at them, and rows put in between."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from crumple import Cell, NotApplicable, Row, Table

NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")
"""A number in plain notation; one with leading zeros is a name, not a number."""


def body(table: Table) -> list[int]:
    """The indices of the rows below the header that hold anything.

    Raises:
        NotApplicable: there are none.
    """
    rows = [row for row in table.data if any(table.rows[row].cells)]
    if not rows:
        raise NotApplicable("the table has no rows below its header")
    return rows


def columns(table: Table) -> list[dict[Cell, str]]:
    """The cells below the header that hold something, column by column."""
    width = max((len(row.cells) for row in table.rows), default=0)
    found: list[dict[Cell, str]] = [{} for _ in range(width)]
    for row in table.data:
        for column, value in enumerate(table.rows[row].cells):
            if value:
                found[column][Cell(row, column)] = value
    return found


def number_columns(table: Table) -> list[dict[Cell, str]]:
    """Those columns that hold numbers in plain notation and nothing else."""
    return [each for each in columns(table) if each and all(map(NUMBER.fullmatch, each.values()))]


def amount_columns(table: Table) -> list[dict[Cell, str]]:
    """Those columns of numbers of which some have decimals: amounts and measures rather than names.

    Raises:
        NotApplicable: there are none.
    """
    found = [each for each in number_columns(table) if any("." in value for value in each.values())]
    if not found:
        raise NotApplicable("no column holds numbers with a decimal point")
    return found


def written(table: Table) -> list[list[str]]:
    """The cells of every row as they stand in the file, quotes included; [] for a blank row."""
    text = table.text.value
    rows: list[list[str]] = [[] for _ in table.rows]
    for cell, span in table.spans():
        rows[cell.row].append(text[span.start : span.end])
    return rows


def inserted(table: Table, before: Mapping[int, Sequence[Row]]) -> Table:
    """The table with further rows before the rows of some indices; `len(table.rows)` is the end."""
    rows: list[Row] = []
    for index in range(len(table.rows) + 1):
        new = before.get(index, ())
        if new and rows and not rows[-1].ending:
            rows[-1] = Row(rows[-1].cells, rows[-1].raw + table.dialect.terminator)
        rows.extend(new)
        rows.extend(table.rows[index : index + 1])
    return table.with_rows(rows)
