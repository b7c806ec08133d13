"""Workbooks whose cells are not the plain values that they look like: text for numbers, formulas, errors, formats."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from numpy.random import Generator

from crumple import Cell, Degraded, Ladder, NotApplicable, Package, Sheet, SheetCell, as_xml, column_name, mutator
from crumple_mutators.format.workbook_samples import ORDERS, XLSX
from crumple_mutators.selection import chosen

Placed = tuple[int, int]
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_ERRORS: Final = ("#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?")
_FORMATS: Final = {
    "thousands": "#,##0.00",
    "units": '0.00" kg"',
    "rounded": "0",
    "scientific": "0.0E+00",
    "in thousands": "#,##0,",
}
_DAYS_1904: Final = 1462


def picked(
    rng: Generator, found: Sequence[tuple[Placed, SheetCell]], share: float, what: str
) -> list[tuple[Placed, SheetCell]]:
    """A share of cells that were found, in the order drawn.

    Raises:
        NotApplicable: there are none, or the share is 0.
    """
    order = chosen(rng, len(found), share)
    if not order:
        raise NotApplicable(f"no cell below the header holds {what}" if not found else "nothing is chosen")
    return [found[each] for each in order]


def of_kind(sheet: Sheet, *kinds: str) -> list[tuple[Placed, SheetCell]]:
    """The cells below the header that are of some kinds and no formulas, by their place in the table."""
    return [
        (at, cell)
        for at, cell in sorted(sheet.cells().items())
        if at[0] > 0 and cell.kind in kinds and not cell.formula
    ]


def rewritten(package: Package, sheet: Sheet, new: Mapping[Placed, tuple[str, str]]) -> Package:
    """The workbook with other content in some cells of a sheet: type and content of each, style and place kept."""
    cells, mark, changes = sheet.cells(), package.prefix(sheet.part), list[tuple[int, int, str]]()
    for at, (kind, inside) in new.items():
        cell = cells[at]
        style = f' s="{cell.style}"' if cell.style else ""
        type_of = f' t="{kind}"' if kind else ""
        start = f'<{mark}c r="{column_name(cell.column)}{cell.row + 1}"{style}{type_of}>'
        changes.append((cell.start, cell.end, f"{start}{inside}</{mark}c>"))
    return package.with_changes(sheet.part, changes)


def as_text(package: Package, sheet: Sheet, new: Mapping[Placed, str]) -> Package:
    """The workbook with text in some cells of a sheet."""
    mark = package.prefix(sheet.part)
    return rewritten(
        package,
        sheet,
        {
            at: ("inlineStr", f'<{mark}is><{mark}t xml:space="preserve">{as_xml(text)}</{mark}t></{mark}is>')
            for at, text in new.items()
        },
    )


@mutator(
    "format.numbers_as_text",
    only=[XLSX],
    share=Ladder(0.01, 0.05, 0.2, 0.5, 1.0, unit="share of number cells", zero=0),
    examples=[ORDERS],
)
def numbers_as_text(package: Package, share: float, rng: Generator) -> Degraded[Package]:
    """Store numbers as text, as imports and pasted cells do that have green triangles in their corners.

    Some have a space before or after them, plain or no-break. What they say is the same. Ladder: a first guess,
    uncalibrated; 1 is an export that writes text only.
    """
    sheet = Sheet.of(package)
    found = of_kind(sheet, "number")
    forms = rng.integers(6, size=len(found)).tolist()
    patterns = ("{}", "{}", "{}", "{} ", " {}", "{}\N{NO-BREAK SPACE}")
    form_of = {at: patterns[form] for (at, _), form in zip(found, forms, strict=True)}
    new = {at: form_of[at].format(cell.value) for at, cell in picked(rng, found, share, "a number")}
    return Degraded(as_text(package, sheet, new), touched=[Cell(*at) for at in sorted(new)])


@mutator(
    "format.dates_as_text",
    only=[XLSX],
    share=Ladder(0.01, 0.05, 0.2, 0.5, 1.0, unit="share of date cells", zero=0),
    examples=[ORDERS],
)
def dates_as_text(package: Package, share: float, rng: Generator) -> Degraded[Package]:
    """Store dates as text in another notation, as typing them under another locale than the workbook's does.

    Only notations with one reading are written (2024-03-05, 05.03.2024, 5 March 2024, Mar 5, 2024): the same.
    Ladder: a first guess, uncalibrated.
    """
    sheet = Sheet.of(package)
    found = [(at, cell) for at, cell in of_kind(sheet, "date") if len(cell.value) == 10]
    forms = dict(zip((at for at, _ in found), rng.integers(4, size=len(found)).tolist(), strict=True))
    new = {at: _date(cell.value, forms[at]) for at, cell in picked(rng, found, share, "a date")}
    return Degraded(as_text(package, sheet, new), touched=[Cell(*at) for at in sorted(new)])


def _date(iso: str, form: int) -> str:
    day = date.fromisoformat(iso)
    month = _MONTHS[day.month - 1]
    return (iso, day.strftime("%d.%m.%Y"), f"{day.day} {month} {day.year}", f"{month[:3]} {day.day}, {day.year}")[form]


@mutator(
    "format.error_values",
    only=[XLSX],
    truth="lost",
    refusable_from=3,
    share=Ladder(0.01, 0.05, 0.1, 0.25, 0.5, unit="share of value cells", zero=0),
    examples=[ORDERS],
)
def error_values(package: Package, share: float, rng: Generator) -> Degraded[Package]:
    """Put #REF!, #N/A and their like in place of values, as formulas do whose sources were moved or deleted.

    What stood there is lost. From level 3 on refusing is acceptable too. Ladder: a first guess, uncalibrated.
    """
    sheet = Sheet.of(package)
    found = of_kind(sheet, "number", "text", "date")
    errors = dict(zip((at for at, _ in found), rng.integers(len(_ERRORS), size=len(found)).tolist(), strict=True))
    mark = package.prefix(sheet.part)
    hit = sorted(at for at, _ in picked(rng, found, share, "a value"))
    new = {at: ("e", f"<{mark}v>{_ERRORS[errors[at]]}</{mark}v>") for at in hit}
    return Degraded(rewritten(package, sheet, new), lost=[Cell(*at) for at in hit])


@mutator(
    "format.number_format",
    only=[XLSX],
    style=Ladder("thousands", "units", "rounded", "scientific", "in thousands"),
    examples=[ORDERS],
)
def number_format(package: Package, style: str, rng: Generator) -> Degraded[Package]:
    """Show the numbers of a column otherwise than they are stored, as reports are made to look good.

    With separators, with a unit, without decimals, in scientific notation as narrow columns have it, in thousands.
    The cells hold what they held: the same. Ladder: from what is seen most to what hides most, a first guess.
    """
    sheet = Sheet.of(package)
    numbers = of_kind(sheet, "number")
    decimals = sorted({at[1] for at, cell in numbers if "." in cell.value})
    columns = decimals or sorted({at[1] for at, _ in numbers})
    if not columns:
        raise NotApplicable("no cell below the header holds a number")
    column = columns[int(rng.integers(len(columns)))]
    cells = [(at, cell) for at, cell in numbers if at[1] == column]
    package, style_of = _with_format(package, _FORMATS[style], {cell.style for _, cell in cells})
    xml, changes = package.part(sheet.part), list[tuple[int, int, str]]()
    mark = package.prefix(sheet.part)
    for _, cell in cells:
        inside = xml[cell.start : cell.end]
        value = inside[inside.find(b">") + 1 :].decode()
        start = f'<{mark}c r="{column_name(cell.column)}{cell.row + 1}" s="{style_of[cell.style]}">'
        changes.append((cell.start, cell.end, start + value))
    return Degraded(package.with_changes(sheet.part, changes), touched=[Cell(*at) for at, _ in cells])


def _with_format(package: Package, code: str, styles: set[int]) -> tuple[Package, dict[int, int]]:
    """The workbook with a number format more, and for each of some styles one that is as it but for the format."""
    part = package.related(package.main(), "styles")
    root = package.tree(part) if part else None
    formats = root.first("cellXfs") if root else None
    if part is None or root is None or formats is None or any(each >= len(formats.children) for each in styles):
        raise NotApplicable("it has no styles")
    data, mark = package.part(part), package.prefix(part)
    known = root.first("numFmts")
    taken = {each.attributes.get("numFmtId") for each in known.children} if known else set()
    new_id = next(number for number in range(200, 201 + len(taken)) if str(number) not in taken)
    own = f'<{mark}numFmt numFmtId="{new_id}" formatCode="{as_xml(code)}"/>'
    changes: list[tuple[int, int, str]] = []
    style_of: dict[int, int] = {}
    written = ""
    for number, style in enumerate(sorted(styles)):
        style_of[style] = len(formats.children) + number
        names = {**formats.children[style].attributes, "numFmtId": str(new_id), "applyNumberFormat": "1"}
        attributes = "".join(f' {name}="{as_xml(value)}"' for name, value in names.items())
        like = formats.children[style]
        inside = data[like.opened : like.closed].decode()
        written += f"<{mark}xf{attributes}>{inside}</{mark}xf>"
    changes.append((formats.closed, formats.closed, written))
    changes.append((formats.start, formats.opened, f'<{mark}cellXfs count="{len(formats.children) + len(styles)}">'))
    if known is None or known.opened == known.end:
        at = (known.start, known.end) if known else (root.opened, root.opened)
        changes.append((*at, f'<{mark}numFmts count="1">{own}</{mark}numFmts>'))
    else:
        changes.append((known.closed, known.closed, own))
        changes.append((known.start, known.opened, f'<{mark}numFmts count="{len(known.children) + 1}">'))
    return package.with_changes(part, changes), style_of


@mutator("format.date_system_1904", only=[XLSX], level=3, examples=[ORDERS])
def date_system_1904(package: Package, rng: Generator) -> Package:
    """Count days from 1904, as workbooks do that were once made on a Macintosh, the workbook saying so.

    Every date is the day that it was: the same. A reader that does not look is four years and a day off.
    """
    sheets = Sheet.every(package)
    dates = [
        [cell for row in sheet.rows for cell in row.cells if cell.kind == "date" and _serial(cell) is not None]
        for sheet in sheets
    ]
    if not any(dates):
        raise NotApplicable("no cell holds a date that is stored as a number")
    if any(sheet.since_1904 for sheet in sheets):
        raise NotApplicable("its days are counted from 1904 already")
    if any((_serial(cell) or 0) <= _DAYS_1904 for found in dates for cell in found):
        raise NotApplicable("it holds a date before 1904")
    for sheet, found in zip(sheets, dates, strict=True):
        mark, xml = package.prefix(sheet.part), package.part(sheet.part)
        changes = list[tuple[int, int, str]]()
        for cell in found:
            serial = Decimal(cell.written) - _DAYS_1904
            written, found_it = re.subn(
                rf"(<{mark}v\b[^>]*>)[^<]*", rf"\g<1>{serial}", xml[cell.start : cell.end].decode()
            )
            if not found_it:
                raise NotApplicable("a date in it is not written as its cells are")
            changes.append((cell.start, cell.end, written))
        if changes:
            package = package.with_changes(sheet.part, changes)
    return _saying_1904(package)


def _serial(cell: SheetCell) -> Decimal | None:
    """The number that a date is stored as; None where it is stored as text."""
    return Decimal(cell.written) if cell.written.replace(".", "", 1).isdecimal() else None


def _saying_1904(package: Package) -> Package:
    book = package.main()
    root, mark = package.tree(book), package.prefix(book)
    own = root.first("workbookPr")
    if own is None:
        first = next((each for each in root.children if each.name not in ("fileVersion", "fileSharing")), root)
        at = first.start if first is not root else root.closed
        return package.with_changes(book, [(at, at, f'<{mark}workbookPr date1904="1"/>')])
    names = {**own.attributes, "date1904": "1"}
    attributes = "".join(f' {name}="{as_xml(value)}"' for name, value in names.items())
    return package.with_changes(book, [(own.start, own.end, f"<{mark}workbookPr{attributes}/>")])
