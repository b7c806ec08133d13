"""Numbers in the notation of another country, another program, another script."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from numpy.random import Generator

from crumple import SAME, AnyOf, Degraded, Edit, Json, Ladder, NotApplicable, Place, Table, mutator
from crumple_mutators.selection import chosen
from crumple_mutators.table.grid import (
    Cells,
    amount_columns,
    body,
    cells_where,
    changed,
    drawn,
    number_columns,
)

BOOKINGS: Final = (
    "bookings.csv",
    "id;customer;units;amount\n1;Acme;4200;1234.50\n2;Bolt;1850;-7.25\n3;Carrot;12500;99.90\n4;Dune;310;1500.125\n",
)
_PROVES: Final = re.compile(r"-?(?:0\.\d+|\d+\.(?:\d{1,2}|\d{4,})|\d{4,}\.\d{3})")
"""A number whose mark cannot stand between thousands: not three digits after it, or four before, or a lone 0."""
_WHOLE: Final = re.compile(r"-?[1-9]\d{3,5}")
_LONG: Final = re.compile(r"[1-9]\d{11,18}")
_ARABIC: Final = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_MILLION: Final = 1_000_000


@mutator(
    "table.decimal_comma",
    share=Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of rows", zero=0),
    examples=[BOOKINGS],
)
def decimal_comma(table: Table, share: float, rng: Generator) -> Degraded[Table]:
    """Write decimals with a comma, as rows do that come from an office with other regional settings.

    Every such row proves it by a number that can be read no other way ("12,50"), so the answer is the same; a row
    that could not prove it stays as it is. Ladder: a first guess, uncalibrated.
    """
    amounts = amount_columns(table)
    proofs = cells_where(table, _PROVES.fullmatch, amounts)
    rows = sorted(set(proofs.rows.tolist()))
    if not rows:
        raise NotApplicable("every number could be read with a mark between thousands as well")
    picked = {rows[each] for each in chosen(rng, len(rows), share)}
    pointed = cells_where(table, lambda value: "." in value, amounts)
    here = [at for at, row in enumerate(pointed.rows.tolist()) if row in picked]
    cells = Cells(pointed.rows[here], pointed.columns[here]).sorted()
    return Degraded(changed(table, cells, lambda value: value.replace(".", ",")), touched=cells)


@mutator(
    "table.ambiguous_thousands",
    truth=("same", "new"),
    refusable_from=1,
    share=Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of numbers", zero=0),
    examples=[BOOKINGS],
)
def ambiguous_thousands(table: Table, share: float, rng: Generator) -> Degraded[Table]:
    """Put a point between thousands where no other cell of the column proves what it means: "1.234".

    It may be 1234 or 1.234: either is right when all are read alike, and refusing is. Sent by every spreadsheet
    with continental settings. Ladder: a first guess, uncalibrated.
    """
    whole = [each for each in number_columns(table) if not each.decimals]
    large = cells_where(table, lambda value: abs(int(value)) >= _MILLION, whole)
    proved = set(large.columns.tolist())
    among = [each for each in whole if each.number not in proved]
    found = cells_where(table, _WHOLE.fullmatch, among)
    if not found:
        raise NotApplicable("no column of whole numbers has one between 1000 and 999999")
    cells, _ = drawn(rng, found, share)
    grouped = {cell: _grouped(table.value(cell)) for cell in cells}
    decimals = Edit(values={cell: float(value) for cell, value in grouped.items()})
    return Degraded(table.with_cells(grouped), AnyOf(SAME, decimals), touched=cells)


def _grouped(value: str) -> str:
    return f"{value[:-3]}.{value[-3:]}"


@mutator(
    "table.number_style",
    style=Ladder("currency", "thousands", "accounting", "scientific", "arabic digits"),
    examples=[BOOKINGS],
)
def number_style(table: Table, style: str, rng: Generator) -> Degraded[Table]:
    """Write amounts as a formatted spreadsheet shows them, not as it holds them.

    With a currency ("EUR 12.50"), thousands ("1,234.50"), negatives in brackets ("(7.25)") or with the sign behind
    ("7.25-", as older ledgers write them), scientific ("1.2345E+3"), in Arabic digits. Each can be read back exactly:
    the answer is the same. Ladder: the kinds of the catalogue; their order is a first guess.
    """
    form, amounts = int(rng.integers(3)), amount_columns(table)
    names = ("EUR {0}", "{0} EUR", "{0} €") if not (code := _currency(table)) else (f"{code} {{0}}", f"{{0}} {code}")
    shown = names[form % len(names)]
    negative = "({})" if form else "{}-"
    styles: dict[str, tuple[Callable[[str], str], Callable[[str], bool]]] = {
        "currency": (shown.format, lambda value: True),
        # Without decimals or a second mark, a single mark proves nothing.
        "thousands": (lambda value: f"{Decimal(value):,}", _groups),
        "accounting": (lambda value: negative.format(value[1:]), lambda value: Decimal(value) < 0),
        "scientific": (lambda value: f"{Decimal(value):E}", lambda value: f"{Decimal(value):E}" != value),
        "arabic digits": (lambda value: value.translate(_ARABIC), lambda value: True),
    }
    new, able = styles[style]
    cells = cells_where(table, able, amounts).sorted()
    if not cells:
        lacking = {"accounting": "is negative", "thousands": "has decimals and is 1000 or more"}
        raise NotApplicable(f"no amount {lacking.get(style, 'can be written so')}")
    return Degraded(changed(table, cells, new), touched=cells)


def _groups(value: str) -> bool:
    number = abs(Decimal(value))
    return number >= _MILLION or (number >= 1000 and "." in value)


def _currency(table: Table) -> str:
    """The currency that a column of the table names in every row: amounts shown in another would contradict it."""
    code = re.compile(r"[A-Z]{3}")
    found = Counter(cells_where(table, code.fullmatch).columns.tolist())
    data = len(body(table))
    for column, count in found.items():
        values = {row.cells[column] for row in table.rows[1:] if len(row.cells) > column and row.cells[column]}
        if count >= data and len(values) == 1:
            return values.pop()
    return ""


@mutator(
    "table.long_numbers",
    truth="new",
    refusable_from=1,
    share=Ladder(0.02, 0.1, 0.25, 0.5, 1.0, unit="share of such cells", zero=0),
    examples=[("parcels.csv", "parcel,ean,weight\n1,4006381333931,2.50\n2,5901234123457,0.75\n3,9780306406157,1.20\n")],
)
def long_numbers(table: Table, share: float, rng: Generator) -> Degraded[Table]:
    """Show codes of twelve digits and more as 4.00638E+12, as a spreadsheet does that takes them for numbers and saves.

    The last digits are gone. The code is right for who has it from elsewhere, and the number as it stands is; refusing
    is right too. Ladder: a first guess, uncalibrated.
    """
    found = cells_where(table, _LONG.fullmatch)
    if not found:
        raise NotApplicable("no cell holds twelve to nineteen digits")
    cells, _ = drawn(rng, found, share)
    new = {cell: f"{Decimal(table.value(cell)):.5E}" for cell in cells}
    truth: dict[Place, Json] = {cell: AnyOf(value, table.value(cell)) for cell, value in new.items()}
    return Degraded(table.with_cells(new), Edit(values=truth), touched=cells)
