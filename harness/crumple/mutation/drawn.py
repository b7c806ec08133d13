"""Which numbers of a truth may have been worked out from a column of a table, or one field of a list's items.

A highest price stands in one row, and is the answer for as long as no other is higher: where another number of the
column changes, nobody can tell the new answer without knowing how the old one was come by. It may be the highest now.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from crumple import normalise
from crumple.mutation.occurrences import Occurrence
from crumple.places import Cell, Place, Pointer
from crumple.truth import Json, pointer, tokens
from crumple.views.table import Table

Numbers: TypeAlias = Mapping[Place, Decimal]
"""The numbers of one column by their places."""


def drawn_from(
    fields: Mapping[str, Json],
    found: Mapping[str, Sequence[Occurrence]],
    column: Callable[[Place], Numbers],
) -> dict[str, Sequence[Place]]:
    """The places of the numbers that each of these fields may come from.

    They are those of its column that no field stands for. The field's own place is one of them where it holds
    the highest or the lowest number: another would be the highest if that one were less.

    Args:
        fields: those that stand in some row, and not for it.
        found: where each field of the truth stands.
        column: the numbers of the column of a place, its own among them.
    """
    numeric = {
        path: value for path, value in fields.items() if not isinstance(value, bool) and normalise.numbers(value)
    }
    own = {place for path in numeric for each in found[path] for place in each}
    drawn: dict[str, Sequence[Place]] = {}
    for path in numeric:
        places: dict[Place, None] = {}
        for place in [place for each in found[path] for place in each]:
            numbers = column(place)
            others = [each for each in numbers if each not in own]
            if place in numbers and others:
                places.update(dict.fromkeys(others))
                if numbers[place] in (max(numbers.values()), min(numbers.values())):
                    places[place] = None
        if places:
            drawn[path] = tuple(places)
    return drawn


def in_columns(table: Table) -> Callable[[Place], Numbers]:
    """The numbers of a table by column; each column is read once, when it is asked for."""
    known: dict[int, Numbers] = {}

    def column(place: Place) -> Numbers:
        if not isinstance(place, Cell):
            return {}
        if place.column not in known:
            cells = (Cell(row, place.column) for row in table.data)
            known[place.column] = {cell: each[0] for cell in cells if (each := normalise.numbers(table.value(cell)))}
        return known[place.column]

    return column


def extremes(value: Decimal, before: Sequence[Decimal], after: Sequence[Decimal]) -> list[Decimal]:
    """What the highest or the lowest number of a column is now, where the value was that.

    [] where the column holds more or fewer numbers than before: some are missing, and whoever reads on can tell.
    """
    if len(before) < 2 or len(before) != len(after):
        return []
    return [most(after) for most in (max, min) if most(before) == value]


def not_itemised(
    fields: Mapping[str, Json], found: Mapping[str, Sequence[Occurrence]], values: Mapping[str, Json]
) -> dict[str, Json]:
    """The fields that stand in an item of a record's list and not for it: the truth has no such item."""
    apart: dict[str, Json] = {}
    for path, value in fields.items():
        places = [place.path for each in found[path] for place in each if isinstance(place, Pointer)]
        if (
            path not in values
            and places
            and all(_numbers(each) and _numbers(each) != _numbers(path) for each in places)
        ):
            apart[path] = value
    return apart


def in_items(values: Mapping[str, Json]) -> Callable[[Place], Numbers]:
    """The numbers of a record by what they are of: "/readings/*/kw"."""
    known: dict[str, dict[Place, Decimal]] = {}

    def column(place: Place) -> Numbers:
        if not isinstance(place, Pointer):
            return {}
        if not known:
            for path, value in values.items():
                if not isinstance(value, bool) and (each := normalise.numbers(value)):
                    known.setdefault(_general(path), {})[Pointer(path)] = each[0]
        return known.get(_general(place.path), {})

    return column


def _numbers(path: str) -> list[str]:
    return [token for token in tokens(path) if token.isdecimal()]


def _general(path: str) -> str:
    return pointer(*("*" if token.isdecimal() else token for token in tokens(path)))
