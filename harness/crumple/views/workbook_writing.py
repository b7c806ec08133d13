"""Values put back into a sheet: only the cells that have changed, or, where rows have moved, its rows anew."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence

from crumple.errors import NotApplicable
from crumple.views.markup import Element, as_xml, prefix, spliced, tag_end
from crumple.views.number_formats import as_serial
from crumple.views.sheet_rows import SheetCell, SheetRow, column_name, place
from crumple.views.workbook import Sheet, frame

_PLAIN = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?", re.ASCII)
_PLACE = re.compile(rb"\sr\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_ROW_NUMBER = re.compile(rb"\s(?:r|spans)\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>.*?</(?:\w+:)?f\s*>)", re.DOTALL)
# What names places of a sheet and would point elsewhere once rows have moved; it may be left out.
_POINTING = ("autoFilter", "conditionalFormatting", "dataValidations", "hyperlinks", "ignoredErrors", "dimension")
_HOLDING = ("tableParts", "legacyDrawing", "drawing", "sortState", "rowBreaks", "colBreaks")
_MOST_COLUMNS, _LONGEST, _MOST_MERGED = 16_384, 32_767, 9_999
# How cells of a kind say so; dates that are no serial numbers are written anew.
_TYPES = {"number": "", "boolean": ' t="b"', "error": ' t="e"'}

Values = Mapping[tuple[int, int], str]


def with_rows(sheet: Sheet, rows: Sequence[Sequence[str]]) -> bytes:
    """The XML of a sheet whose table now has these rows, [] for a blank one.

    Args:
        sheet: the clean one.
        rows: from its first row and column that held a value.

    Raises:
        NotApplicable: rows have moved, and something else in the sheet points at them; or a cell cannot be written.
    """
    clean = sheet.grid()
    rows = [cells if any(cells) else [] for cells in rows]
    origin = _origins(clean, rows)
    changed: dict[tuple[int, int], str] = {}
    for at, (old, cells) in enumerate(zip(origin, rows, strict=True)):
        before = clean[old] if old is not None else []
        for column, (was, value) in enumerate(itertools.zip_longest(before, cells, fillvalue="")):
            if was != value:
                changed[at, column] = value
    if origin[: len(clean)] == list(range(len(clean))) and not any(origin[len(clean) :]):
        return spliced(sheet.xml, _in_place(sheet, changed)) if changed else sheet.xml
    return _anew(sheet, origin, changed)


def _origins(clean: Sequence[Sequence[str]], rows: Sequence[Sequence[str]]) -> list[int | None]:
    """For every row which clean row it is: an equal one, or the one at its place between its neighbours."""
    waiting: dict[tuple[str, ...], deque[int]] = defaultdict(deque)
    for number, cells in enumerate(clean):
        waiting[_bare(cells)].append(number)
    origin: list[int | None] = []
    for at, cells in enumerate(rows):
        if at < len(clean) and _bare(clean[at]) == _bare(cells):
            origin.append(at)
            continue
        candidates = waiting.get(_bare(cells)) if cells else None
        # A row written twice is the same row twice: its style is, and its numbers are numbers.
        origin.append(candidates[0] if candidates else None)
        if candidates and len(candidates) > 1:
            candidates.popleft()
    if len(rows) >= len(clean) and all(old in (None, at) for at, old in enumerate(origin)):
        return [*range(len(clean)), *[None] * (len(rows) - len(clean))]
    used = {each for each in origin if each is not None}
    for at, cells in enumerate(rows):
        before = origin[at - 1] if at else -1
        if origin[at] is not None or before is None or before + 1 in used or before + 1 >= len(clean):
            continue
        old = clean[before + 1]
        if 2 * sum(map(str.__eq__, old, cells)) >= len(old) > 0:
            origin[at] = before + 1
            used.add(before + 1)
    return origin


def _bare(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(cells[: max((at + 1 for at, value in enumerate(cells) if value), default=0)])


def _in_place(sheet: Sheet, changed: Values) -> list[tuple[int, int, bytes]]:
    """The changes of bytes that put values into cells; those, and their rows, may not be in the file yet."""
    by_row: dict[int, dict[int, str]] = defaultdict(dict)
    for (at, column), value in changed.items():
        by_row[at + sheet.top][column + sheet.left] = value
    changes: list[tuple[int, int, bytes]] = []
    if any(row >= sheet.height or column >= sheet.width for row, column in changed):
        # Readers that trust it would leave out what lies beyond.
        changes = [(each.start, each.end, b"") for each in frame(sheet.xml).children if each.name == "dimension"]
    known = {row.number: row for row in sheet.rows}
    writer = _Writer(sheet)
    for number, values in sorted(by_row.items()):
        row = known.get(number)
        if row is None:
            before = [each for each in sheet.rows if each.number < number]
            at = before[-1].end if before else sheet.rows[0].start
            changes.append((at, at, writer.row(number, b"", None, values)))
        elif row.opened == row.end:
            changes.append((row.start, row.end, writer.row(number, sheet.xml[row.start : row.end], row, values)))
        else:
            changes.extend(writer.cells(row, values))
    return changes


def _anew(sheet: Sheet, origin: Sequence[int | None], changed: Values) -> bytes:
    """The sheet with the rows of its table in another order, some left out, some new."""
    _check_movable(sheet)
    known = {row.number: row for row in sheet.rows}
    by_row: dict[int, dict[int, str]] = defaultdict(dict)
    for (at, column), value in changed.items():
        by_row[at][column + sheet.left] = value
    writer = _Writer(sheet)
    written = [sheet.xml[row.start : row.end] for row in sheet.rows if row.number < sheet.top]
    for at, old in enumerate(origin):
        values = by_row.get(at, {})
        row = known.get(old + sheet.top) if old is not None else None
        if row is not None or values:
            raw = sheet.xml[row.start : row.end] if row else b""
            written.append(writer.row(sheet.top + at, raw, row, values))
    now = {old: at for at, old in enumerate(origin) if old is not None}
    return _with_rows(sheet, b"".join(written), now)


def moved(sheet: Sheet, down: int, right: int) -> bytes:
    """The XML of a sheet whose table begins further down and to the right.

    Raises:
        NotApplicable: as `with_rows` says.
    """
    _check_movable(sheet)
    writer = _Writer(sheet)
    rows = b"".join(writer.shifted(row, down, right) for row in sheet.rows)
    return _with_rows(sheet, rows, {at: at + down for at in range(-sheet.top, sheet.height)}, right)


def _check_movable(sheet: Sheet) -> None:
    holder = next((each.name for each in frame(sheet.xml).children if each.name in _HOLDING), None)
    if holder:
        raise NotApplicable(f"rows of a sheet with <{holder}> cannot be moved")
    if any(cell.formula and cell.kind == "blank" for row in sheet.rows for cell in row.cells):
        raise NotApplicable("rows of a sheet with formulas that have no values cannot be moved")


def _with_rows(sheet: Sheet, rows: bytes, now: Mapping[int, int], right: int = 0) -> bytes:
    """The sheet with other rows; what points at rows points at where these are now, or is left out."""
    children = frame(sheet.xml).children
    changes = [(sheet.rows[0].start, sheet.rows[-1].end, rows)]
    changes += [(each.start, each.end, b"") for each in children if each.name in _POINTING]
    changes += [_merged(sheet, each, now, right) for each in children if each.name == "mergeCells"]
    return spliced(sheet.xml, changes)


def _merged(sheet: Sheet, element: Element, now: Mapping[int, int], right: int) -> tuple[int, int, bytes]:
    """The merged ranges where their rows are now; those whose rows are not together any more are left out."""
    kept = list[str]()
    for each in element.children:
        first, _, last = each.attributes.get("ref", "").partition(":")
        one, other = place(first), place(last)
        if one is None or other is None:
            continue
        old = range(one[0] - sheet.top, min(other[0], one[0] + _MOST_MERGED) - sheet.top + 1)
        rows = [now.get(row, row if row < 0 else None) for row in old]
        if rows and rows[0] is not None and rows == list(range(rows[0], rows[0] + len(rows))):
            left, end = column_name(one[1] + right), column_name(other[1] + right)
            kept.append(f"{left}{rows[0] + sheet.top + 1}:{end}{rows[0] + sheet.top + len(rows)}")
    mark = prefix(sheet.xml, element)
    cells = "".join(f'<{mark}mergeCell ref="{each}"/>' for each in kept)
    text = f'<{mark}mergeCells count="{len(kept)}">{cells}</{mark}mergeCells>' if kept else ""
    return element.start, element.end, text.encode()


class _Writer:
    """Writes cells and rows as the sheet does."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        row = sheet.rows[0]
        name = sheet.xml[row.start + 1 : row.opened].split(None, 1)[0].rstrip(b"/>").decode()
        self._prefix = name[: -len("row")]
        self._above: dict[int, SheetCell] = {}
        for each in (cell for row in sheet.rows for cell in row.cells if cell.kind in ("number", "date")):
            self._above.setdefault(each.column, each)

    def row(self, number: int, raw: bytes, row: SheetRow | None, values: Mapping[int, str]) -> bytes:
        """A row at a place, made of an old one (its bytes and what is known of it) with other values in some cells."""
        old = {cell.column: cell for cell in row.cells} if row else {}
        attributes = _ROW_NUMBER.sub(b"", _attributes(raw)) if row else b""
        cells = list[bytes]()
        for column in sorted({*old, *values}):
            cell = old.get(column)
            if column in values:
                cells.append(self._cell(number, column, values[column], cell, row))
            elif cell is not None:
                cells.append(self._moved(cell, number, column))
        mark = self._prefix.encode()
        return b'<%srow r="%d"%s>%s</%srow>' % (mark, number + 1, attributes, b"".join(cells), mark)

    def cells(self, row: SheetRow, values: Mapping[int, str]) -> list[tuple[int, int, bytes]]:
        """The changes of bytes that put values into cells of a row that stays where it is."""
        changes: list[tuple[int, int, bytes]] = []
        known = {cell.column: cell for cell in row.cells}
        for column, value in sorted(values.items()):
            cell = known.get(column)
            new = self._cell(row.number, column, value, cell, row)
            if cell is not None:
                changes.append((cell.start, cell.end, new))
            else:
                at = next((each.start for each in row.cells if each.column > column), row.closed)
                changes.append((at, at, new))
        return changes

    def shifted(self, row: SheetRow, down: int, right: int) -> bytes:
        """A row further down, its cells further to the right."""
        number, mark = row.number + down, self._prefix.encode()
        attributes = _ROW_NUMBER.sub(b"", _attributes(self._sheet.xml[row.start : row.opened]))
        cells = b"".join(self._moved(cell, number, cell.column + right) for cell in row.cells)
        return b'<%srow r="%d"%s>%s</%srow>' % (mark, number + 1, attributes, cells, mark)

    def _moved(self, cell: SheetCell, row: int, column: int) -> bytes:
        raw = self._sheet.xml[cell.start : cell.end]
        inside = raw[tag_end(raw, 0) :]
        if (row, column) != (cell.row, cell.column):
            inside = _FORMULA.sub(b"", inside)
        attributes, end = _PLACE.sub(b"", _attributes(raw)), b">" if inside else b"/>"
        reference = f"{column_name(column)}{row + 1}".encode()
        return b'<%sc r="%s"%s%s%s' % (self._prefix.encode(), reference, attributes, end, inside)

    def _cell(self, row: int, column: int, value: str, old: SheetCell | None, origin: SheetRow | None) -> bytes:
        """A cell with a value, as what stood there was written: a number where that was one and this is one."""
        if column >= _MOST_COLUMNS:
            raise NotApplicable(f"a sheet has {_MOST_COLUMNS:,} columns")
        start = f'<{self._prefix}c r="{column_name(column)}{row + 1}"'
        same = [cell for cell in origin.cells if cell.value == value and cell.kind != "blank"] if origin else []
        like = same[0] if same else old if old is not None and old.kind != "blank" else self._above.get(column)
        style = f' s="{like.style}"' if like and like.style else f' s="{old.style}"' if old and old.style else ""
        if not value:
            return f"{start}{style}/>".encode()
        mark = self._prefix
        if same and same[0].kind in _TYPES:
            written = f"<{mark}v>{as_xml(same[0].written)}</{mark}v></{mark}c>"
            return f"{start}{style}{_TYPES[same[0].kind]}>{written}".encode()
        number = _as_number(value, like, since_1904=self._sheet.since_1904)
        if number is not None:
            return f"{start}{style}><{mark}v>{number}</{mark}v></{mark}c>".encode()
        if len(value) > _LONGEST:
            raise NotApplicable(f"a cell of a workbook holds {_LONGEST:,} characters at most")
        text = f'<{mark}is><{mark}t xml:space="preserve">{as_xml(value)}</{mark}t></{mark}is>'
        return f'{start}{style} t="inlineStr">{text}</{mark}c>'.encode()


def _attributes(raw: bytes) -> bytes:
    """What stands in the tag that a row or cell begins with after its name, with the white space before it."""
    tag = raw[: tag_end(raw, 0)].rstrip(b">").rstrip(b"/")
    _, space, rest = tag.partition(b" ")
    return (space + rest).rstrip()


def _as_number(value: str, like: SheetCell | None, *, since_1904: bool) -> str | None:
    """What a file holds for a value that stands where such a cell stood, or None where it is text there."""
    if like is None or like.kind not in ("number", "date"):
        return None
    if like.kind == "date":
        serial = as_serial(value, since_1904=since_1904)
        return None if serial is None else str(serial)
    return value if _PLAIN.fullmatch(value) else None
