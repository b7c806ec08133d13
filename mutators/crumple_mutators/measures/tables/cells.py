"""Cells: what separates them, how they are quoted, named and written."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from crumple import Document, measure
from crumple_mutators.measures.tables.shape import FEWEST, TABLES, Shape, agree, head_of, rows_of, shape_of, table_of

_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
_DECIMAL_POINT = re.compile(r"[-+]?\d+\.\d+")
_DECIMAL_COMMA = re.compile(r"[-+]?(?:\d{1,3}(?:\.\d{3})+|\d+),(?:\d{1,2}|\d{4,})")
_STYLES: Final = {
    "currency": re.compile(r"[-+]?(?:[A-Z]{3}|[$€£¥])\s?\d[\d.,]*|-?\d[\d.,]*\s?(?:[A-Z]{3}|[$€£¥])"),
    "thousands": re.compile(r"[-+]?\d{1,3}(?:,\d{3})+\.\d+|[-+]?\d{1,3}(?:,\d{3}){2,}"),
    "accounting": re.compile(r"\(\d[\d.,]*\)"),
    "scientific": re.compile(r"[-+]?\d\.\d+[eE][-+]?\d{1,3}"),
    "arabic digits": re.compile(
        r"[-+]?[\u0660-\u0669\u06f0-\u06f9]+(?:[.,\u066b\u066c][\u0660-\u0669\u06f0-\u06f9]+)*"
    ),
}
_MARKS: Final = frozenset({"NA", "N/A", "-", "--", "null", "NULL", "n/a", "#N/A", "?", "NaN", "None"})
_YEAR = re.compile(r"(?:19|20)\d\d")
_STYLED = 0.1


@measure("table.delimiter")
def delimiter(document: Document) -> str | bool | None:
    """What separates the cells of a file named .csv, where it is no comma."""
    if document.media_type != "text/csv" or (shape := shape_of(document)) is None:
        return None
    head = head_of(document)
    if head is None:
        return None
    if head.count("\x1f") > head.count(","):
        return "\x1f"
    table = table_of(document)
    found = table.dialect.delimiter if table is not None and shape.width > 1 else ","
    if shape.width < 2 or len(shape.rows) < 2:
        return None
    if found == "," and len(shape.body) >= FEWEST and _spaced(shape):
        return ", "
    return False if found == "," else found


def _spaced(shape: Shape) -> bool:
    """Whether every cell but the first of every row has a space before it."""
    later = [cell for at in (shape.before, *shape.body) for cell in shape.rows[at][1:]]
    return bool(later) and all(cell.startswith(" ") for cell in later if cell)


@measure("table.separator_line")
def separator_line(document: Document) -> bool | None:
    """Whether a file begins with a line "sep=;", which is for one spreadsheet program alone."""
    if document.media_type not in TABLES or (head := head_of(document)) is None:
        return None
    return re.match(r"\"?sep=.\"?\s*[\r\n]", head) is not None


@measure("table.header")
def header(document: Document) -> str | bool | None:
    """What is wrong with the header: two equal names, a blank one, or figures, so that there is none."""
    if (shape := rows_of(document)) is None or not agree(shape):
        return None
    names = [each.strip() for each in shape.header]
    columns = list(zip(*(shape.rows[at] for at in shape.body if len(shape.rows[at]) == shape.width), strict=True))
    if not columns:
        return None
    numeric = [all(_NUMBER.fullmatch(each) for each in column) for column in columns]
    figures = [_NUMBER.fullmatch(name) is not None and not _YEAR.fullmatch(name) for name in names]
    if any(numeric) and all(is_figure or not is_number for is_number, is_figure in zip(numeric, figures, strict=True)):
        return "missing"
    blank = [at for at, name in enumerate(names) if not name]
    if any(any(columns[at]) for at in blank if at):  # the first may be the numbers of the rows
        return "blank"
    named = [name for name in names if name]
    return "duplicate" if len(set(named)) < len(named) else False


def _cells(shape: Shape) -> list[str]:
    return [cell.strip() for at in shape.body for cell in shape.rows[at] if cell.strip()]


@measure("table.decimal_comma", within=0.25, unit="share of the value")
def decimal_comma(document: Document) -> float | None:
    """The share of the rows with decimals whose decimals follow a comma; "1,234" may be either and says nothing."""
    if (shape := rows_of(document)) is None:
        return None
    comma = point = 0
    for at in shape.body:
        cells = [cell.strip() for cell in shape.rows[at]]
        # Beside 442.63, "5,4" is a pair of numbers.
        if any(map(_DECIMAL_POINT.fullmatch, cells)):
            point += 1
        elif any(map(_DECIMAL_COMMA.fullmatch, cells)):
            comma += 1
    return comma / (comma + point) if comma else 0.0


@measure("table.number_style")
def number_style(document: Document) -> str | bool | None:
    """How numbers are written, where a tenth of them or more are: with a currency, thousands, brackets, powers."""
    if (shape := rows_of(document)) is None:
        return None
    counts: Counter[str] = Counter()
    plain = 0
    for cell in _cells(shape):
        if not any(map(str.isdigit, cell)) or len(cell) > 40:
            continue
        if _NUMBER.fullmatch(cell):
            plain += 1
            continue
        style = next((name for name, pattern in _STYLES.items() if pattern.fullmatch(cell)), "")
        if style:
            counts[style] += 1
    if not counts:
        return False
    style, most = counts.most_common(1)[0]
    return style if most >= 2 and most >= _STYLED * (plain + sum(counts.values())) else False


@measure("table.quoting")
def quoting(document: Document) -> str | bool | None:
    """Which quotes stand around the cells, where those are not straight and double."""
    if (shape := rows_of(document)) is None:
        return None
    text = [cell for cell in _cells(shape) if not _NUMBER.fullmatch(cell)]
    single = sum(len(cell) > 2 and cell[0] == cell[-1] == "'" for cell in text)
    smart = sum(len(cell) > 2 and cell[0] == "\u201c" and cell[-1] == "\u201d" for cell in text)
    if single and smart:
        return "mixed"
    least = max(2, len(text) / 2)
    return "apostrophe" if single >= least else "smart" if smart >= least else False


@measure("table.missing_marks", within=0.5, unit="share of the value")
def missing_marks(document: Document) -> float | None:
    """The share of the cells that hold a mark for "missing". Empty cells, 9999 and the like may be values."""
    if (shape := rows_of(document)) is None:
        return None
    cells = [cell for at in shape.body for cell in shape.rows[at]]
    return sum(cell.strip() in _MARKS for cell in cells) / max(1, len(cells))
