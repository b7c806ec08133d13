"""Lists in a truth whose items are the rows of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crumple.mutation.occurrences import Index
from crumple.places import Cell
from crumple.truth import Json, tokens
from crumple.views.table import Table


@dataclass(frozen=True, slots=True)
class Aligned:
    """A list in a truth whose items are the rows of a table.

    Attributes:
        path: the list's JSON pointer.
        rows: the table row of each item; the first is 0 where the list begins with the header.
        cells: the fields that were found in their rows, by pointer.
    """

    path: str
    rows: tuple[int, ...]
    cells: Mapping[str, Cell]


def aligned_lists(fields: Mapping[str, Json], table: Table) -> list[Aligned]:
    """The lists of a truth, given by its fields, that go with the rows of a table, item by item."""
    data = [row for row in table.data if any(table.rows[row].cells)]
    by_list: dict[str, dict[int, dict[str, Json]]] = {}
    for path, value in fields.items():
        at = tokens(path)
        for depth, token in enumerate(at[:2]):
            if token.isdigit():
                root = "".join("/" + part for part in path.split("/")[1 : depth + 1])
                by_list.setdefault(root, {}).setdefault(int(token), {})[path] = value
                break
    return [found for root, items in by_list.items() if (found := _align(root, items, data, table))]


def _align(root: str, items: Mapping[int, Mapping[str, Json]], data: Sequence[int], table: Table) -> Aligned | None:
    for rows in (tuple(data), (0, *data)):
        if len(items) != len(rows):
            continue
        cells: dict[str, Cell] = {}
        total = 0
        for item, row in zip(sorted(items), rows, strict=True):
            index = Index((Cell(row, column), value) for column, value in enumerate(table.rows[row].cells))
            for path, value in items[item].items():
                total += 1
                if found := index.find(value):
                    place = found[0][0]
                    cells[path] = place if isinstance(place, Cell) else Cell(row, 0)
        if total and len(cells) >= total / 2:
            return Aligned(root, rows, cells)
    return None
