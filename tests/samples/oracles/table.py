"""What undoes mutators of tables: a reader that knows the dialect, finds the header, and keeps what is a record."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from crumple import Document, Step
from oracles.orders import HEAD, ITEM

Undo = Callable[[Document, Step], Document]
_NAMES = (*(name for name in HEAD if name != "total"), *ITEM)
_MARKS = ("NA", "N/A", "-", "null", "n/a", "#N/A", "?")
_QUOTES = re.compile("^(['\u2018\u201c\"])(.*)(['\u2019\u201d\"])$", re.DOTALL)
_LIMIT = 1 << 26
_AROUND = tuple(f"table.{name}" for name in ("footer_total", "header_repeated", "second_table"))


def table(document: Document, step: Step, *, rows: Sequence[Sequence[str]] | None = None) -> Document:
    """The header and the records, under the names that are asked for, as plain CSV."""
    found = [[_bare(cell) for cell in _mended(row)] for row in (rows if rows is not None else cells(document))]
    at, names = _header(found)
    body = _joined(found[at:]) if step.mutator == "table.unquoted_line_break" else found[at:]
    body = [row for row in body if any(row) and not row[0].startswith("#")]
    number = Counter(row[0] for row in body if row[0]).most_common(1)
    if step.mutator in _AROUND:
        body = [row for row in body if _is_record(row, number[0][0] if number else "", names)]
    records = [dict(zip(names, row, strict=False)) for row in body]
    sound = [record for record, row in zip(records, body, strict=True) if len(row) == len(names)]
    for name in HEAD if records else ():
        known = [record[name] for record in sound or records if record.get(name)]
        known = known or [record[name] for record in records if record.get(name)]
        if known:
            records[0][name] = Counter(known).most_common(1)[0][0]
    held = [name for name in _NAMES if name in names] or names
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(held)
    writer.writerows([[record.get(name, "") for name in held] for record in records])
    return Document(buffer.getvalue().encode(), "text/csv", "order.csv")


def cells(document: Document, delimiter: str = "", **dialect: object) -> list[list[str]]:
    """The cells of a delimited file or of a workbook."""
    if "sheet" in document.media_type:
        return _of_workbook(document.data)
    csv.field_size_limit(_LIMIT)
    text = document.data.decode()
    sign = delimiter or ("\t" if document.media_type == "text/tab-separated-values" else ",")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=sign, **dialect))  # type: ignore[arg-type]  # options


def _of_workbook(data: bytes) -> list[list[str]]:
    import openpyxl

    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True).active
    assert sheet is not None
    return [["" if cell is None else _shown(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def _shown(cell: object) -> str:
    return str(cell)[:10] if hasattr(cell, "isoformat") else str(cell)


def _mended(row: Sequence[str]) -> list[str]:
    """A row with too many cells, with those that begin with a space put back behind the one that they were cut from."""
    found: list[str] = []
    for cell in row:
        if found and cell.startswith(" ") and len(row) > len(_NAMES):
            found[-1] += cell
        else:
            found.append(cell)
    return found


def _bare(cell: str) -> str:
    """A value without quotes that were written into it, and without the formula that holds it."""
    cell = cell.strip()
    if cell.startswith('="') and cell.endswith('"'):
        cell = cell[2:-1]
    if quoted := _QUOTES.match(cell):
        cell = quoted[2]
    return "" if cell in _MARKS else cell


def _name(cell: str) -> str:
    return re.sub(r"[\s_]+", "_", cell.strip().casefold())


def _header(rows: Sequence[Sequence[str]]) -> tuple[int, list[str]]:
    """Where the body begins, and the names above it: of one row, or of two."""
    best = max(range(len(rows)), key=lambda at: (sum(_name(cell) in _NAMES for cell in rows[at]), -at))
    names = [_name(cell) for cell in rows[best]]
    below = [_name(cell) for cell in rows[best + 1]] if best + 1 < len(rows) else []
    both = [f"{one}_{other}" for one, other in zip(names, below, strict=False)]
    if any(name in _NAMES for name in both) or any(name in ("(text)", "(number)") for name in below):
        return best + 2, [two if two in _NAMES else one for one, two in zip(names, both, strict=True)]
    return best + 1, names


def _joined(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Rows that a line break has broken in two, as one: the second does not begin as most rows do."""
    key = Counter(row[0] for row in rows if row).most_common(1)[0][0]
    found: list[list[str]] = []
    for row in rows:
        if found and row and row[0] != key:
            found[-1] = [*found[-1][:-1], f"{found[-1][-1]} {row[0]}", *row[1:]]
        else:
            found.append(list(row))
    return found


def _is_record(row: Sequence[str], key: str, names: Sequence[str]) -> bool:
    if not any(row) or row[0].startswith("#") or [_name(cell) for cell in row] == list(names):
        return False
    return row[0] == key or sum(map(bool, row)) >= len(names) / 2


def delimited(document: Document, step: Step) -> Document:
    """Read with the delimiter that the step names."""
    sign = str(dict(step.parameters)["delimiter"])
    spaced = sign == ", "
    return table(document, step, rows=cells(document, sign.strip() if spaced else sign, skipinitialspace=spaced))


def quoted(document: Document, step: Step) -> Document:
    """Read with the quotes that the step names."""
    apostrophe = dict(step.parameters)["style"] == "apostrophe"
    return table(document, step, rows=cells(document, quotechar="'" if apostrophe else '"'))


def escaped(document: Document, step: Step) -> Document:
    """Read with the escapes that the step names; those that no dialect has, cell by cell."""
    style = dict(step.parameters)["style"]
    if style == "backslash":
        return table(document, step, rows=cells(document, escapechar="\\", doublequote=False))
    if style == "unquoted":
        return table(document, step, rows=cells(document, escapechar="\\", quoting=csv.QUOTE_NONE))
    sign = "\t" if document.media_type == "text/tab-separated-values" else ","
    lines = document.data.decode().splitlines()
    if style == "unbalanced":
        return table(document, step, rows=[row for line in lines for row in csv.reader([line], delimiter=sign)])
    inside = r'(?:[^"\\]|\\.|"")*' if style == "mixed" else rf'(?:[^"]|"(?!{sign}|$))*'
    cell = re.compile(rf'(?:"({inside})"|("?[^{sign}]*))(?:{sign}|$)')
    rows = []
    for line in lines:
        found = [
            match[1] if match[1] is not None else match[2]
            for match in cell.finditer(line)
            if match.end() > match.start()
        ]
        rows.append([each.replace('\\"', '"').replace('""', '"') if style == "mixed" else each for each in found])
    return table(document, step, rows=rows)


def dated(document: Document, step: Step) -> Document:
    """Day numbers as dates."""
    rows = cells(document)
    if dict(step.parameters)["style"] == "serial":
        at = rows[0].index("date")
        for row in rows[1:]:
            row[at] = (date(1899, 12, 30) + timedelta(days=int(float(row[at])))).isoformat()
    return table(document, step, rows=rows)


_TIDIED = (
    "blank_end",
    "blank_lines",
    "columns_added",
    "columns_dropped",
    "columns_renamed",
    "columns_reordered",
    "columns_swapped",
    "comments",
    "decimal_comma",
    "fault_at",
    "first_row_long",
    "footer_total",
    "formula_text",
    "header",
    "header_repeated",
    "long_cell",
    "missing_by_group",
    "missing_marks",
    "no_final_newline",
    "number_style",
    "one_row",
    "outlier",
    "preamble",
    "ragged_row",
    "row_dropped",
    "row_duplicated",
    "row_near_duplicated",
    "second_table",
    "separator_line",
    "type_change",
    "unit_slip",
    "unquoted_line_break",
    "unseen_category",
)
UNDO: Mapping[str, Undo] = {f"table.{name}": table for name in _TIDIED} | {
    "table.delimiter": delimited,
    "table.quoting": quoted,
    "table.escape": escaped,
    "table.date_format": dated,
}
