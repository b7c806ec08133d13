"""Workbooks that people have worked with: notes on cells, sheets that are protected."""

from __future__ import annotations

from typing import Final

from numpy.random import Generator

from crumple import Cell, Degraded, Ladder, NotApplicable, Package, Sheet, as_xml, column_name, mutator
from crumple_mutators.format.word_runs import altered
from crumple_mutators.format.workbook_cells import of_kind, picked
from crumple_mutators.format.workbook_samples import DECLARATION, ORDERS, XLSX

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_BEFORE_PROTECTION: Final = ("sheetData", "sheetCalcPr")
_SAID: Final = ("should be {}?", "was {} before", "A. Clerk: {} according to the phone call", "please check, {}")


@mutator(
    "format.cell_comments",
    only=[XLSX],
    share=Ladder(0.01, 0.05, 0.2, 0.5, 1.0, unit="share of cells", zero=0),
    examples=[ORDERS],
)
def cell_comments(package: Package, share: float, rng: Generator) -> Degraded[Package]:
    """Leave notes on cells that name another value, as colleagues do who check each other's lists.

    A note is no content of its cell, so the answer is the same. Ladder: a first guess, uncalibrated.
    """
    sheet = Sheet.of(package)
    if package.related(sheet.part, "comments") or "xl/commentsC1.xml" in package.names:
        raise NotApplicable("it has notes already")
    found = of_kind(sheet, "number", "text", "date")
    words = dict(zip((at for at, _ in found), rng.integers(len(_SAID), size=len(found)).tolist(), strict=True))
    hit = sorted(picked(rng, found, share, "a value"), key=lambda each: each[0])
    notes = "".join(
        f'<comment ref="{column_name(cell.column)}{cell.row + 1}" authorId="0"><text><t>'
        f"{as_xml(_SAID[words[at]].format(altered(cell.value, 3)))}</t></text></comment>"
        for at, cell in hit
    )
    written = (
        f'{DECLARATION}<comments xmlns="{_MAIN}"><authors><author>A. Clerk</author></authors>'
        f"<commentList>{notes}</commentList></comments>"
    )
    package, _ = package.with_related(sheet.part, "comments", "xl/commentsC1.xml", written.encode(), _TYPE)
    return Degraded(package, touched=[Cell(*at) for at, _ in hit])


@mutator("format.sheet_protected", only=[XLSX], level=1, examples=[ORDERS])
def sheet_protected(package: Package, rng: Generator) -> Package:
    """Protect all sheets against changes, as templates and reports are that nobody is to edit.

    Everything can be read as before: same.
    """
    protected = False
    for sheet in Sheet.every(package):
        root, mark = package.tree(sheet.part), package.prefix(sheet.part)
        before = [each for each in root.children if each.name in _BEFORE_PROTECTION]
        if not before or root.first("sheetProtection") is not None:
            continue
        at = before[-1].end
        package = package.with_changes(
            sheet.part, [(at, at, f'<{mark}sheetProtection password="CC1A" sheet="1" objects="1" scenarios="1"/>')]
        )
        protected = True
    if not protected:
        raise NotApplicable("its sheets are protected already")
    return package
