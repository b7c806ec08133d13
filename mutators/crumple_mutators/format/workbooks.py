"""Workbooks with more in them than one sheet, written by other programs than most, or locked."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import chain, count
from typing import Final

from numpy.random import Generator

from crumple import Element, Ladder, NotApplicable, Package, Sheet, as_xml, mutator
from crumple_mutators.format.workbook_samples import DECLARATION, ORDERS, XLSX

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_COPIED: Final = ("sheetFormatPr", "cols", "sheetData", "mergeCells")
# What ISO/IEC 29500 Strict calls what everybody else calls by the older names.
_STRICT: Final = {
    _MAIN: "http://purl.oclc.org/ooxml/spreadsheetml/main",
    _RELATIONS: "http://purl.oclc.org/ooxml/officeDocument/relationships",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "http://purl.oclc.org/ooxml/drawingml/main",
}
_NOTES: Final = (
    ("Notes",),
    ("Please check the marked rows.",),
    ("To do: ask accounting about the last delivery",),
    ("Formatting as agreed",),
)
_COVER: Final = (
    ("Monthly report",),
    (),
    ("Prepared by", "A. Clerk"),
    ("Department", "Sales operations"),
    ("Version", "2.1 (final)"),
    ("Confidential. For internal use only.",),
)
_SUMMARY: Final = (
    ("Region", "Orders", "Volume", "Share"),
    ("Inland", 118, 20340, 0.61),
    ("Export", 74, 12911, 0.39),
    ("Sum", 192, 33251, 1),
)
_SHEETS: Final[dict[str, tuple[str, tuple[tuple[str | float, ...], ...], bool]]] = {
    "empty after": ("Sheet2", (), False),
    "notes after": ("Notes", _NOTES, False),
    "empty before": ("Sheet1", (), True),
    "cover before": ("Cover", _COVER, True),
    "summary before": ("Summary", _SUMMARY, True),
}


@mutator(
    "format.other_sheet",
    only=[XLSX],
    style=Ladder("empty after", "notes after", "empty before", "cover before", "summary before"),
    examples=[ORDERS],
)
def other_sheet(package: Package, style: str, rng: Generator) -> Package:
    """Add a sheet to a workbook: a forgotten one or notes behind the table, a cover or a summary in front of it.

    The table is where it was, on a sheet of its own: the same. From "empty before" on, who reads the first sheet
    reads another. Ladder: from what leftovers do to what reports are made like, a first guess.
    """
    name, rows, first = _SHEETS[style]
    return _with_sheet(package, name, _sheet(rows), first=first)


@mutator("format.hidden_sheet", only=[XLSX], level=3, examples=[ORDERS])
def hidden_sheet(package: Package, rng: Generator) -> Package:
    """Keep an older state of the table on a hidden first sheet, as templates and copies of last month's file do.

    Its numbers are others. Only the sheet that has a tab counts: the same.
    """
    sheet = Sheet.of(package)
    older: list[tuple[int, int, bytes]] = []
    mark = package.prefix(sheet.part).encode()
    for at, cell in sorted(sheet.cells().items()):
        if at[0] > 0 and cell.kind == "number" and not cell.formula:
            value = (Decimal(cell.written) * 9 / 10).quantize(Decimal("0.01")).normalize()
            raw = sheet.xml[cell.start : cell.end]
            new, found = re.subn(rb"(<%sv\b[^>]*>)[^<]*" % mark, rb"\g<1>%s" % f"{value:f}".encode(), raw)
            older += [(cell.start, cell.end, new)] * found
    if not older:
        raise NotApplicable("no cell below the header holds a number")
    state = "veryHidden" if rng.random() < 0.5 else "hidden"
    return _with_sheet(package, "Archive", _copied(sheet, sheet.frame(package), older), first=True, state=state)


def _copied(sheet: Sheet, root: Element, changes: list[tuple[int, int, bytes]]) -> str:
    """A sheet with other values in some cells, and without what refers to other parts."""
    opening = sheet.xml[root.start : root.opened]
    pieces = [opening]
    for child in root.children:
        if child.name in _COPIED:
            own = [each for each in changes if child.start <= each[0] < child.end]
            pieces.append(_replaced(sheet.xml, child.start, child.end, own))
    pieces.append(sheet.xml[root.closed : root.end])
    return DECLARATION + b"".join(pieces).decode()


def _replaced(data: bytes, start: int, end: int, changes: list[tuple[int, int, bytes]]) -> bytes:
    """Some bytes of these, with other ones in some places."""
    pieces, at = list[bytes](), start
    for first, last, new in changes:
        pieces += (data[at:first], new)
        at = last
    return b"".join((*pieces, data[at:end]))


def _sheet(rows: tuple[tuple[str | float, ...], ...]) -> str:
    written = "".join(
        f'<row r="{number}">{"".join(_cell(value) for value in row)}</row>' for number, row in enumerate(rows, 1)
    )
    return f'{DECLARATION}<worksheet xmlns="{_MAIN}"><sheetData>{written}</sheetData></worksheet>'


def _cell(value: str | float) -> str:
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{as_xml(value)}</t></is></c>'
    return f"<c><v>{value}</v></c>"


def _with_sheet(package: Package, name: str, xml: str, *, first: bool, state: str = "") -> Package:
    """The workbook with a sheet more, before or behind the others; what names sheets by their number keeps doing so."""
    book = package.main()
    if _MAIN.encode() not in package.part(book):
        raise NotApplicable("its workbook is written in Strict Open XML")
    number = next(each for each in count(1) if f"xl/worksheets/other{each}.xml" not in package.names)
    package, id_of = package.with_related(book, "worksheet", f"xl/worksheets/other{number}.xml", xml.encode(), _TYPE)
    root, mark = package.tree(book), package.prefix(book)
    sheets = root.first("sheets")
    if sheets is None or not sheets.children:
        raise NotApplicable("its workbook names no sheets")
    taken = {each.attributes.get(key, "").casefold() for each in sheets.children for key in ("name", "sheetId")}
    titles = chain((name,), (f"{name} ({number})" for number in count(2)))
    title = next(each for each in titles if each.casefold() not in taken)
    sheet_id = next(each for each in count(1) if str(each) not in taken)
    hidden = f' state="{state}"' if state else ""
    entry = f'<{mark}sheet xmlns:cr="{_RELATIONS}" name="{title}" sheetId="{sheet_id}"{hidden} cr:id="{id_of}"/>'
    at = sheets.opened if first else sheets.closed
    changes = [(at, at, entry)]
    if state and not root.first("bookViews"):
        view = f'<{mark}bookViews><{mark}workbookView firstSheet="1" activeTab="1"/></{mark}bookViews>'
        changes.append((sheets.start, sheets.start, view))
    if first:
        changes += _renumbered(package, book, root, shown=not state)
    return package.with_changes(book, changes)


def _renumbered(package: Package, book: str, root: Element, *, shown: bool) -> list[tuple[int, int, str]]:
    """What counts sheets, one more; the first sheet that is seen is the one that is open."""
    data, changes = package.part(book), list[tuple[int, int, str]]()
    for each in root.walk():
        key = {"definedName": "localSheetId", "workbookView": "activeTab"}.get(each.name, "")
        old = each.attributes.get(key)
        tag = data[each.start : each.opened].decode()
        if each.name == "definedName" and old is not None and old.isdecimal():
            changes.append((each.start, each.opened, re.sub(rf'\b{key}="\d+"', f'{key}="{int(old[:9]) + 1}"', tag)))
        elif each.name == "workbookView" and not shown:
            bare = re.sub(r'\s(?:activeTab|firstSheet)="\d+"', "", tag)
            name = re.match(r"<[^\s/>]+", bare)
            end = name.end() if name else 0
            opened = int(old[:9]) + 1 if old is not None and old.isdecimal() else 1
            changes.append((each.start, each.opened, f'{bare[:end]} firstSheet="1" activeTab="{opened}"{bare[end:]}'))
        elif each.name == "workbookView":
            changes.append((each.start, each.opened, re.sub(r'\s(?:activeTab|firstSheet)="\d+"', "", tag)))
    return changes


@mutator(
    "format.workbook_writer",
    only=[XLSX],
    refusable_from=5,
    style=Ladder("wrong dimension", "rich text", "prefixes", "no references", "strict"),
    examples=[ORDERS],
)
def workbook_writer(package: Package, style: str, rng: Generator) -> Package:
    """Write a workbook as other programs do than the one that the system was tried with.

    With a sheet that says it ends at A1, as report servers write; text in several formatted runs; a prefix before
    every name, as the Open XML SDK has it; cells that do not say where they stand, since they stand in order; Strict
    Open XML, which Excel offers and few readers know: there a refusal is acceptable. All are standard, and all hold
    what they held: the same. Ladder: from what is met most to what is met least, a first guess.
    """
    sheet = Sheet.of(package)
    made = {
        "wrong dimension": _wrong_dimension,
        "rich text": _rich_text,
        "prefixes": _prefixed,
        "no references": _unreferenced,
        "strict": _strict,
    }[style](package, sheet)
    if made == package:
        raise NotApplicable("it is written so already")
    return made


def _wrong_dimension(package: Package, sheet: Sheet) -> Package:
    root, mark = sheet.frame(package), package.prefix(sheet.part)
    old = root.first("dimension")
    before = root.first("sheetPr")
    start, end = (old.start, old.end) if old else (before.end, before.end) if before else (root.opened, root.opened)
    return package.with_changes(sheet.part, [(start, end, f'<{mark}dimension ref="A1"/>')])


def _rich_text(package: Package, sheet: Sheet) -> Package:
    """Text of two words and more in two runs, as it is where one word was made bold."""
    mark, changes = package.prefix(sheet.part), list[tuple[int, int, str]]()
    for cell in sheet.cells().values():
        head, space, tail = cell.value.partition(" ")
        if cell.kind != "text" or cell.formula or len(cell.value) < 2:
            continue
        if not (space and head and tail):
            head, tail, space = cell.value[: len(cell.value) // 2], cell.value[len(cell.value) // 2 :], ""
        raw = sheet.xml[cell.start : cell.end].decode()
        tag = re.sub(r'\st="\w*"', "", raw[: raw.index(">")].rstrip("/"))
        bold = f"<{mark}rPr><{mark}b/></{mark}rPr>"
        runs = "".join(
            f'<{mark}r>{looks}<{mark}t xml:space="preserve">{as_xml(text)}</{mark}t></{mark}r>'
            for looks, text in ((bold, head + space), ("", tail))
        )
        changes.append((cell.start, cell.end, f'{tag} t="inlineStr"><{mark}is>{runs}</{mark}is></{mark}c>'))
    return package.with_changes(sheet.part, changes) if changes else package


def _prefixed(package: Package, sheet: Sheet) -> Package:
    xml = package.part(sheet.part).decode()
    if package.prefix(sheet.part) or re.search(r"<\w+[^>]*\sxmlns=", xml[sheet.frame(package).opened :]):
        raise NotApplicable("its sheet has prefixes already")
    named = re.sub(r"<(/?)([A-Za-z]\w*)(?=[\s/>])", r"<\1x:\2", xml)
    return package.with_parts({sheet.part: re.sub(r"\sxmlns=", " xmlns:x=", named, count=1).encode()})


def _unreferenced(package: Package, sheet: Sheet) -> Package:
    if any([cell.column for cell in row.cells] != list(range(len(row.cells))) for row in sheet.rows) or any(
        row.number != at for at, row in enumerate(sheet.rows)
    ):
        raise NotApplicable("its cells have gaps between them, and have to say where they stand")
    changes = list[tuple[int, int, str]]()
    for row in sheet.rows:
        spans = [(row.start, row.opened), *((cell.start, cell.end) for cell in row.cells)]
        for start, end in spans:
            tag = sheet.xml[start:end].decode()
            changes.append(
                (start, end, re.sub(r'\s(?:r|spans)="[^"]*"', "", tag[: tag.index(">")]) + tag[tag.index(">") :])
            )
    return package.with_changes(sheet.part, changes)


def _strict(package: Package, sheet: Sheet) -> Package:
    """Every XML part with the namespaces of Strict Open XML."""
    new = dict[str, bytes]()
    for name in package.names:
        if name.endswith((".xml", ".rels")):
            data = old = package.part(name)
            for transitional, strict in _STRICT.items():
                data = data.replace(f'"{transitional}"'.encode(), f'"{strict}"'.encode())
                data = data.replace(f'"{transitional}/'.encode(), f'"{strict}/'.encode())
            if data != old:
                new[name] = data
    return package.with_parts(new)
