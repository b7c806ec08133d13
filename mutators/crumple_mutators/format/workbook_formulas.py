"""Workbooks whose numbers are formulas, and nobody has worked them out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations
from typing import Final

from numpy.random import Generator

from crumple import Cell, Degraded, Ladder, Package, Sheet, SheetCell, column_name, mutator
from crumple_mutators.format.workbook_cells import Placed, picked, rewritten
from crumple_mutators.format.workbook_samples import ORDERS, XLSX

_CENT: Final = Decimal("0.01")
_MOST_COLUMNS: Final = 8
_MOST_DIGITS: Final = 15
_AGREEING: Final = 0.6


@mutator(
    "format.formulas_without_values",
    only=[XLSX],
    truth="lost",
    refusable_from=1,
    share=Ladder(0.05, 0.1, 0.25, 0.5, 1.0, unit="share of formulas", zero=0),
    examples=[ORDERS],
)
def formulas_without_values(package: Package, share: float, rng: Generator) -> Degraded[Package]:
    """Leave formulas without the values that they come to, as workbooks are that a program wrote and nobody opened.

    A sheet without formulas gets them: a column that is the product of two others, else amounts typed in as sums.
    Who does not calculate cannot tell the values, so they are lost: the old value is right, and none passes. Refusing
    is acceptable. Ladder: a first guess, uncalibrated; 1 is a sheet full of formulas.
    """
    sheet = Sheet.of(package)
    cells, mark = sheet.cells(), package.prefix(sheet.part)
    formulas = _there(sheet, package, mark) or _products(cells, mark) or _sums(cells, mark)
    found = [(at, cells[at]) for at in sorted(formulas)]
    hit = sorted(at for at, _ in picked(rng, found, share, "a number that could be worked out"))
    new = {at: ("", formulas[at]) for at in hit}
    return Degraded(rewritten(package, sheet, new), lost=[Cell(*at) for at in hit])


def _there(sheet: Sheet, package: Package, mark: str) -> dict[Placed, str]:
    """The formulas that come to numbers, as they are written."""
    xml, found = package.part(sheet.part), dict[Placed, str]()
    for at, cell in sheet.cells().items():
        if at[0] > 0 and cell.formula and cell.kind == "number":
            own = re.search(rf"<{mark}f\b.*?(?=<{mark}v\b)", xml[cell.start : cell.end].decode(), re.DOTALL)
            if own:
                found[at] = own.group()
    return found


def _products(cells: Mapping[Placed, SheetCell], mark: str) -> dict[Placed, str]:
    """Formulas for the columns that are the product of two others to the left of them, to the cent."""
    columns: dict[int, dict[int, SheetCell]] = {}
    for (row, column), cell in sorted(cells.items()):
        if row > 0 and cell.kind == "number" and not cell.formula and len(cell.value) <= _MOST_DIGITS:
            columns.setdefault(column, {})[row] = cell
    found: dict[Placed, str] = {}
    factors: set[int] = set()
    for column in sorted(columns, reverse=True)[:_MOST_COLUMNS]:
        pairs = list(combinations(sorted(each for each in columns if each < column)[-_MOST_COLUMNS:], 2))
        made = [_product(columns[column], columns[one], columns[other]) for one, other in pairs]
        best = max(range(len(made)), key=lambda at: (len(made[at]), at), default=None)
        if column in factors or best is None or len(made[best]) < max(2, _AGREEING * len(columns[column])):
            continue
        factors.update(pairs[best])
        found |= {(row, column): f"<{mark}f>{formula}</{mark}f>" for row, formula in made[best].items()}
    return found


def _product(
    amounts: Mapping[int, SheetCell], one: Mapping[int, SheetCell], other: Mapping[int, SheetCell]
) -> dict[int, str]:
    """The formula of every row whose amount is a product of these."""
    found: dict[int, str] = {}
    for row, amount in amounts.items():
        if row in one and row in other:
            product = Decimal(one[row].value) * Decimal(other[row].value)
            if product.quantize(_CENT, ROUND_HALF_UP) == Decimal(amount.value):
                places = (f"{column_name(each.column)}{each.row + 1}" for each in (one[row], other[row]))
                found[row] = f"ROUND({'*'.join(places)},2)"
    return found


def _sums(cells: Mapping[Placed, SheetCell], mark: str) -> dict[Placed, str]:
    """Amounts as people type them who add two by hand: those of columns that have decimals, else all numbers."""
    numbers = {at: cell for at, cell in cells.items() if at[0] > 0 and cell.kind == "number" and not cell.formula}
    amounts = {at[1] for at, cell in numbers.items() if "." in cell.value}
    return {
        at: f"<{mark}f>{_sum(Decimal(cell.value))}</{mark}f>"
        for at, cell in numbers.items()
        if not amounts or at[1] in amounts
    }


def _sum(value: Decimal) -> str:
    whole = Decimal(int(value))
    return f"{whole}{value - whole:+}" if value != whole else f"{whole}+0"
