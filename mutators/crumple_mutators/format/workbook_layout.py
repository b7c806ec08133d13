"""Workbooks whose table is not laid out as a plain one: merged, hidden, filtered, further down."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

from numpy.random import Generator

from crumple import (
    SAME,
    AnyOf,
    Cell,
    Degraded,
    Edit,
    Element,
    Ladder,
    NotApplicable,
    Package,
    Sheet,
    as_xml,
    column_name,
    moved,
    mutator,
)
from crumple_mutators.format.workbook_cells import rewritten
from crumple_mutators.format.workbook_samples import ORDERS, XLSX
from crumple_mutators.selection import chosen

_BEFORE_FILTER = ("sheetData", "sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios")
_BEFORE_MERGED = (*_BEFORE_FILTER, "autoFilter", "sortState", "dataConsolidate", "customSheetViews")
_BEFORE_COLUMNS = ("sheetPr", "dimension", "sheetViews", "sheetFormatPr")
_GROUPED = ("text", "date")  # by numbers nobody groups
_MOST_LISTED = 200


@mutator(
    "format.merged_cells",
    only=[XLSX],
    share=Ladder(0.1, 0.25, 0.5, 0.75, 1.0, unit="share of runs of equal texts or dates", zero=0),
    examples=[ORDERS],
)
def merged_cells(package: Package, share: float, rng: Generator) -> Degraded[Package]:
    """Merge cells of equal values one below the other, as reports are grouped by hand.

    The value stands in the uppermost cell and counts for all of them: the same. A reader that takes cells one by one
    finds the others empty. Ladder: a first guess, uncalibrated.
    """
    sheet = Sheet.of(package)
    _check_unmerged(package, sheet)
    runs = _runs(sheet)
    merged = sorted(runs[each] for each in chosen(rng, len(runs), share))
    if not merged:
        raise NotApplicable(
            "no column has equal texts or dates one below the other" if not runs else "nothing is chosen"
        )
    covered = [(row, column) for column, start, end in merged for row in range(start + 1, end)]
    package = rewritten(package, sheet, dict.fromkeys(covered, ("", "")))
    references = [
        f"{column_name(column + sheet.left)}{start + sheet.top + 1}:{column_name(column + sheet.left)}{end + sheet.top}"
        for column, start, end in merged
    ]
    mark = package.prefix(sheet.part)
    cells = "".join(f'<{mark}mergeCell ref="{each}"/>' for each in references)
    element = f'<{mark}mergeCells count="{len(references)}">{cells}</{mark}mergeCells>'
    return Degraded(_put(package, sheet, element, _BEFORE_MERGED), touched=[Cell(*at) for at in sorted(covered)])


def _check_unmerged(package: Package, sheet: Sheet) -> None:
    if sheet.frame(package).first("mergeCells"):
        raise NotApplicable("it has merged cells already")
    if any(cell.formula for row in sheet.rows for cell in row.cells):
        raise NotApplicable("it has formulas, which may name the cells that would be merged away")


def _runs(sheet: Sheet) -> list[tuple[int, int, int]]:
    """Runs of equal cells of a column below the header: (column, first row, row after the last)."""
    cells, runs = sheet.cells(), list[tuple[int, int, int]]()
    for column in range(sheet.width):
        start = 1
        for row in range(2, sheet.height + 1):
            one, other = cells.get((start, column)), cells.get((row, column))
            if one is None or other is None or (one.kind, one.value) != (other.kind, other.value):
                if row - start > 1 and one is not None and one.kind in _GROUPED:
                    runs.append((column, start, row))
                start = row
    return runs


def _put(package: Package, sheet: Sheet, element: str, before: Iterable[str]) -> Package:
    """The package with an element more in a part, behind the children that have to stand before it."""
    root = sheet.frame(package)
    last = [each for each in root.children if each.name in set(before)]
    at = last[-1].end if last else root.opened
    return package.with_changes(sheet.part, [(at, at, element)])


@mutator(
    "format.hidden_rows",
    only=[XLSX],
    truth=("same", "new"),
    share=Ladder(0.01, 0.1, 0.25, 0.5, 0.8, unit="share of rows", zero=0),
    examples=[ORDERS],
)
def hidden_rows(package: Package, share: float, rng: Generator) -> Degraded[Package]:
    """Hide rows, as a filter does that somebody has left on.

    Nobody can tell whether what is filtered out counts: all rows and those that are seen are both right. Ladder: a
    first guess, uncalibrated; one row at least is hidden, and one stays.
    """
    sheet = Sheet.of(package)
    known = {row.number - sheet.top: row for row in sheet.rows}
    body = sorted({row for row, _ in sheet.cells() if row > 0})
    if len(body) < 2:
        raise NotApplicable("it has fewer than two rows below its header")
    gone = {body[each] for each in chosen(rng, len(body), share)[: len(body) - 1]}
    if not gone:
        raise NotApplicable("nothing is chosen")
    xml, changes = package.part(sheet.part), list[tuple[int, int, str]]()
    for row in sorted(gone):
        tag = xml[known[row].start : known[row].opened].decode()
        shown = re.sub(r"\shidden=\"[^\"]*\"", "", tag).rstrip(">")
        changes.append((known[row].start, known[row].opened, f'{shown} hidden="1">'))
    package = _filtered(package.with_changes(sheet.part, changes), sheet, [row for row in body if row not in gone])
    seen = tuple(row for row in range(sheet.height) if row not in gone)
    return Degraded(package, AnyOf(SAME, Edit(rows=seen)), touched=[Cell(row, 0) for row in sorted(gone)])


def _filtered(package: Package, sheet: Sheet, seen: list[int]) -> Package:
    """The sheet with a filter over its table that names what is still seen in the first column."""
    if sheet.frame(package).first("autoFilter"):
        return package
    cells, mark = sheet.cells(), package.prefix(sheet.part)
    values = dict.fromkeys(cells[row, 0].value for row in seen if (row, 0) in cells)
    filters = "".join(f'<{mark}filter val="{as_xml(value)}"/>' for value in list(values)[:_MOST_LISTED])
    first, last = column_name(sheet.left), column_name(sheet.left + sheet.width - 1)
    area = f"{first}{sheet.top + 1}:{last}{sheet.top + sheet.height}"
    column = f'<{mark}filterColumn colId="0"><{mark}filters>{filters}</{mark}filters></{mark}filterColumn>'
    element = f'<{mark}autoFilter ref="{area}">{column}</{mark}autoFilter>'
    return _put(package, sheet, element, _BEFORE_FILTER)


@mutator(
    "format.hidden_columns",
    only=[XLSX],
    truth="lost",
    share=Ladder(0.1, 0.2, 0.3, 0.5, 0.7, unit="share of columns", zero=0),
    examples=[ORDERS],
)
def hidden_columns(package: Package, share: float, rng: Generator) -> Degraded[Package]:
    """Hide columns, as people do before they print.

    Nobody can tell whether what is hidden counts: its values pass, and so does leaving them out. Ladder: a first
    guess, uncalibrated; one column at least is hidden, and one stays.
    """
    sheet = Sheet.of(package)
    filled: dict[int, list[int]] = defaultdict(list)
    for row, column in sorted(sheet.cells()):
        filled[column].append(row)
    columns = sorted(filled)
    if len(columns) < 2:
        raise NotApplicable("it has a single column")
    gone = {columns[each] for each in chosen(rng, len(columns), share)[: len(columns) - 1]}
    if not gone:
        raise NotApplicable("nothing is chosen")
    root, mark = sheet.frame(package), package.prefix(sheet.part)
    known = root.first("cols")
    hidden = {column + sheet.left + 1 for column in gone}
    element = f"<{mark}cols>{_columns(known, hidden, mark)}</{mark}cols>"
    if known is not None:
        package = package.with_changes(sheet.part, [(known.start, known.end, element)])
    else:
        package = _put(package, sheet, element, _BEFORE_COLUMNS)
    return Degraded(package, lost=[Cell(row, column) for column in sorted(gone) for row in filled[column]])


def _columns(known: Element | None, hidden: set[int], mark: str) -> str:
    """How columns look, by their numbers from 1: as they did, and some of them hidden."""
    looks: list[tuple[int, int, str]] = []
    for each in known.children if known else ():
        names = {name: value for name, value in each.attributes.items() if name not in ("min", "max")}
        first, last = (each.attributes.get(name, "") for name in ("min", "max"))
        if first.isdecimal() and last.isdecimal() and len(first + last) < 12:
            edges = [int(first) - 1, *sorted(at for at in hidden if int(first) <= at <= int(last)), int(last) + 1]
            written = "".join(f' {name}="{as_xml(value)}"' for name, value in names.items())
            looks += [(one + 1, other - 1, written) for one, other in pairwise(edges) if other - one > 1]
    looks += [(at, at, ' width="0" hidden="1" customWidth="1"') for at in hidden]
    return "".join(f'<{mark}col min="{first}" max="{last}"{look}/>' for first, last, look in sorted(looks))


@mutator(
    "format.leading_blanks",
    only=[XLSX],
    rows=Ladder(1, 2, 4, 9, 19, unit="rows", zero=0),
    examples=[ORDERS],
)
def leading_blanks(package: Package, rows: int, rng: Generator) -> Package:
    """Begin the table further down and further to the right, as sheets do that leave room for a logo or a margin.

    A column for every two rows, at most five. Nothing else changes: the same. Ladder: a first guess, uncalibrated;
    level 3 begins at C5.
    """
    if rows <= 0:
        raise NotApplicable("it is moved by nothing")
    sheet = Sheet.of(package)
    return package.with_parts({sheet.part: moved(sheet, int(rows), min(5, int(rows) // 2))})
