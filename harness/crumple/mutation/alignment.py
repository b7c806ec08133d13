"""Lists in a truth whose items are the rows of a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crumple.mutation.occurrences import Index
from crumple.places import Cell
from crumple.truth import Json, pointer, tokens
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
        # What each key of an item was found as: key -> (pointer, row, columns that hold its value).
        found: dict[str, list[tuple[str, int, list[int]]]] = {}
        for item, row in zip(sorted(items), rows, strict=True):
            index = Index((Cell(row, column), value) for column, value in enumerate(table.rows[row].cells))
            for path, value in items[item].items():
                columns = [place.column for (place,) in index.find(value) if isinstance(place, Cell)]
                found.setdefault(path.removeprefix(root + pointer(item)), []).append((path, row, columns))
        cells = _cells(found, table)
        if cells and len(cells) >= sum(map(len, found.values())) / 2:
            return Aligned(root, rows, cells)
    return None


def _cells(found: Mapping[str, Sequence[tuple[str, int, list[int]]]], table: Table) -> dict[str, Cell]:
    """The cell of each field: of several that hold its value, the one in the column where its key is found most."""
    cells: dict[str, Cell] = {}
    used: set[int] = set()
    for key, placed in found.items():
        votes = Counter(column for _, _, columns in placed for column in columns)
        if not votes:
            continue
        named = [column for column, title in enumerate(table.header) if plain_name(title) == plain_name(key)]
        best = max(votes, key=lambda column: (votes[column], column in named, column not in used, -column))
        used.add(best)
        for path, row, columns in placed:
            if columns:
                cells[path] = Cell(row, best if best in columns else columns[0])
    return cells


def plain_name(title: str) -> str:
    """A name without case, spaces and signs: "Invoice no." and "invoice_no" are one."""
    return "".join(character for character in title.casefold() if character.isalnum())
