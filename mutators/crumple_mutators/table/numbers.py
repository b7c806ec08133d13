"""Numbers in the notation of another country, another program, another script."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from numpy.random import Generator

from crumple import SAME, AnyOf, Cell, Degraded, Edit, Ladder, NotApplicable, Table, mutator
from crumple_mutators.selection import chosen
from crumple_mutators.table.grid import amount_columns, number_columns

_BOOKINGS: Final = (
    "bookings.csv",
    "id;customer;units;amount\n1;Acme;4200;1234.50\n2;Bolt;1850;-7.25\n3;Carrot;12500;99.90\n4;Dune;310;1500.125\n",
)
_PROVES: Final = re.compile(r"-?(?:0\.\d+|\d+\.(?:\d{1,2}|\d{4,})|\d{4,}\.\d{3})")
"""A number whose mark cannot stand between thousands: not three digits after it, or four before, or a lone 0."""
_WHOLE: Final = re.compile(r"-?[1-9]\d{3,5}")
_ARABIC: Final = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_MILLION: Final = 1_000_000


@mutator(
    "table.decimal_comma",
    share=Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of rows", zero=0),
    examples=[_BOOKINGS],
)
def decimal_comma(table: Table, share: float, rng: Generator) -> Degraded[Table]:
    """Write decimals with a comma, as rows do that come from an office with other regional settings.

    Every such row proves it by a number that can be read no other way ("12,50"), so the answer is the same; a row
    that could not prove it stays as it is. Ladder: a first guess, uncalibrated.
    """
    by_row: dict[int, dict[Cell, str]] = {}
    for column in amount_columns(table):
        for cell, value in column.items():
            if "." in value:
                by_row.setdefault(cell.row, {})[cell] = value
    rows = [row for row in sorted(by_row) if any(map(_PROVES.fullmatch, by_row[row].values()))]
    if not rows:
        raise NotApplicable("every number could be read with a mark between thousands as well")
    picked = [rows[each] for each in chosen(rng, len(rows), share)]
    values = {cell: value.replace(".", ",") for row in picked for cell, value in by_row[row].items()}
    return Degraded(table.with_cells(values), touched=sorted(values))


@mutator(
    "table.ambiguous_thousands",
    truth=("same", "new"),
    refusable_from=1,
    share=Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of numbers", zero=0),
    examples=[_BOOKINGS],
)
def ambiguous_thousands(table: Table, share: float, rng: Generator) -> Degraded[Table]:
    """Put a point between thousands where no other cell of the column proves what it means: "1.234".

    It may be 1234 or 1.234: either is right when all are read alike, and refusing is. Sent by every spreadsheet
    with continental settings. Ladder: a first guess, uncalibrated.
    """
    whole = [each for each in number_columns(table) if not any("." in value for value in each.values())]
    small = [each for each in whole if all(abs(int(value)) < _MILLION for value in each.values())]
    cells = {cell: value for each in small for cell, value in each.items() if _WHOLE.fullmatch(value)}
    if not cells:
        raise NotApplicable("no column of whole numbers has one between 1000 and 999999")
    order = list(cells)
    picked = {order[each]: cells[order[each]] for each in chosen(rng, len(order), share)}
    grouped = {cell: f"{value[:-3]}.{value[-3:]}" for cell, value in picked.items()}
    decimals = Edit(values={cell: float(value) for cell, value in grouped.items()})
    return Degraded(table.with_cells(grouped), AnyOf(SAME, decimals), touched=sorted(grouped))


@mutator(
    "table.number_style",
    style=Ladder("currency", "thousands", "accounting", "scientific", "arabic digits"),
    examples=[_BOOKINGS],
)
def number_style(table: Table, style: str, rng: Generator) -> Degraded[Table]:
    """Write amounts as a formatted spreadsheet shows them, not as it holds them.

    With a currency ("EUR 12.50"), thousands ("1,234.50"), negatives in brackets ("(7.25)"), scientific
    ("1.2345E+3"), in Arabic digits. Each can be read back exactly: the answer is the same. Ladder: the kinds of the
    catalogue; their order is a first guess.
    """
    form = int(rng.integers(3))
    amounts = {cell: value for column in amount_columns(table) for cell, value in column.items()}
    values = {cell: new for cell, value in amounts.items() if (new := _styled(value, style, form)) != value}
    if not values:
        lacking = {"accounting": "is negative", "thousands": "has decimals and is 1000 or more"}
        raise NotApplicable(f"no amount {lacking.get(style, 'can be written so')}")
    return Degraded(table.with_cells(values), touched=sorted(values))


def _styled(value: str, style: str, form: int) -> str:
    number = Decimal(value)
    if style == "currency":
        return (f"EUR {value}", f"{value} EUR", f"{value} €")[form]
    if style == "thousands":
        # Without decimals or a second mark, a single mark proves nothing.
        return f"{number:,}" if "." in value or abs(number) >= _MILLION else value
    if style == "accounting":
        return f"({value[1:]})" if number < 0 else value
    if style == "scientific":
        return f"{number:E}"
    return value.translate(_ARABIC)
