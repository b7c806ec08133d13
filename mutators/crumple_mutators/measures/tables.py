"""How a delimited file is written and built: dialect, numbers, rows of odd lengths, what stands around the rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from crumple import Document, Row, Table, Text, Unreadable, measure, read

_MOST_ROWS = 20_000
_LONGEST = 1 << 20
_TABLES: Final = ("text/csv", "text/tab-separated-values")
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
_TOTAL = re.compile(r"(?:grand |sub)?(?:total|totals|sum|summe|gesamt|count)\b.*", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_FEWEST = 3
_STYLED = 0.1
_TYPICAL = 0.6


@dataclass(frozen=True, slots=True)
class Shape:
    """What the rows of a table are, read from its beginning.

    Attributes:
        rows: the cells of every row; () for a blank one.
        width: how many cells most rows have; 0 where they do not agree.
        before: how many rows stand before the header, with blank ones.
        body: the indices of the rows below the header that hold records, whatever their width.
        after: how many rows stand behind the last record, blank ones at the end aside.
        blank_end: how many blank rows end it.
    """

    rows: tuple[tuple[str, ...], ...]
    width: int
    before: int
    body: tuple[int, ...]
    after: int
    blank_end: int

    @property
    def header(self) -> tuple[str, ...]:
        """The cells of the header."""
        return self.rows[self.before]


@lru_cache(maxsize=2)
def _shape_of(document: Document) -> Shape | None:
    if document.media_type not in _TABLES or not document.data:
        return None
    table = _table(document)
    if table is None:
        return None
    rows: Sequence[Row] = [table.rows[at] for at in range(min(len(table.rows), _MOST_ROWS))]
    cells = tuple(row.cells if any(row.cells) else () for row in rows)
    if cells and cells[0] and cells[0][0].startswith("sep="):
        cells = cells[1:]
    cells = tuple(each for each in cells if not (each and each[0].startswith("#")))
    shape = _shape(cells)
    if shape is not None and len(document.data) > _LONGEST:  # what ends the file is not among these rows
        return replace(shape, after=0, blank_end=0)
    return shape


@lru_cache(maxsize=2)
def _table(document: Document) -> Table | None:
    """The rows at the beginning of a file; None where it is no table."""
    data = document.data
    if len(data) > _LONGEST:
        end = data.rfind(b"\n", 0, _LONGEST) + 1
        data = data[: end or _LONGEST]
    try:
        return read(Document(data, document.media_type, document.name), Table)
    except Unreadable:
        return None


def _shape(rows: tuple[tuple[str, ...], ...]) -> Shape | None:
    full = [at for at, row in enumerate(rows) if row]
    if not full:
        return None
    widths = Counter(len(rows[at]) for at in full)
    width, agreeing = max(widths.items(), key=lambda pair: (pair[1], pair[0]))
    if agreeing < _TYPICAL * len(full) and len(full) > 2:
        # A long preamble outnumbers a short table, whose rows come last and are wider.
        width = max(widths) if widths[max(widths)] >= _FEWEST else 0
    before = _preamble(rows, width)
    end = len(rows)
    while end and not rows[end - 1]:
        end -= 1
    last = end
    while last - 1 > before and _is_footer(rows[last - 1], width):
        last -= 1
    # What closes a report closes it behind a row of totals.
    totals = [
        at for at in range(last, end) if rows[at] and any(_TOTAL.fullmatch(each.strip()) for each in rows[at] if each)
    ]
    last = totals[0] if totals else end
    body = tuple(at for at in range(before + 1, last) if rows[at])
    return Shape(rows, width, before, body, end - last, len(rows) - end)


def _preamble(rows: tuple[tuple[str, ...], ...], width: int) -> int:
    """How many rows stand before the header: titles of one cell, above rows of several."""
    if width < 2:
        return 0
    for at, row in enumerate(rows[:60]):
        if len(row) == width and sum(map(bool, row)) > 1:
            return at
        if sum(map(bool, row)) > 1:
            return 0
    return 0


def _is_footer(row: tuple[str, ...], width: int) -> bool:
    if not row or (width > 1 and sum(map(bool, row)) == 1):
        return True
    return any(_TOTAL.fullmatch(each.strip()) for each in row if each)


@measure("table.delimiter")
def delimiter(document: Document) -> str | bool | None:
    """What separates the cells of a file named .csv, where it is no comma."""
    if document.media_type != "text/csv" or (shape := _shape_of(document)) is None:
        return None
    head = _head(document)
    if head is None:
        return None
    if head.count("\x1f") > head.count(","):
        return "\x1f"
    table = _table(document)
    found = table.dialect.delimiter if table is not None and shape.width > 1 else ","
    if shape.width < 2 or len(shape.rows) < 2:
        return None
    if found == "," and len(shape.body) >= _FEWEST and _spaced(shape):
        return ", "
    return False if found == "," else found


def _spaced(shape: Shape) -> bool:
    """Whether every cell but the first of every row has a space before it."""
    later = [cell for at in (shape.before, *shape.body) for cell in shape.rows[at][1:]]
    return bool(later) and all(cell.startswith(" ") for cell in later if cell)


@lru_cache(maxsize=2)
def _head(document: Document) -> str | None:
    try:
        return read(Document(document.data[:8192], document.media_type, document.name), Text).value[:4096]
    except Unreadable:
        return None


@measure("table.separator_line")
def separator_line(document: Document) -> bool | None:
    """Whether a file begins with a line "sep=;", which is for one spreadsheet program alone."""
    if document.media_type not in _TABLES or (head := _head(document)) is None:
        return None
    return re.match(r"\"?sep=.\"?\s*[\r\n]", head) is not None


def _rows_of(document: Document, fewest: int = _FEWEST) -> Shape | None:
    """The shape of a table with so many rows below its header, whose rows mostly agree on how many cells they have."""
    shape = _shape_of(document)
    return shape if shape is not None and shape.width > 1 and len(shape.body) >= fewest else None


@measure("table.ragged_row", within=0.1, unit="share of the value", stands_for=("table.fault_at",))
def ragged_row(document: Document) -> float | None:
    """The share of the rows that have more or fewer cells than the header."""
    if (shape := _rows_of(document)) is None:
        return None
    if not _agree(shape):
        return None
    rows = [shape.rows[at] for at in shape.body if shape.rows[at] != ("\x1a",)]
    cut = bool(rows) and rows[-1] == shape.rows[-1] and cut_table(document) is True
    return sum(len(row) != shape.width for row in (rows[:-1] if cut else rows)) / max(1, len(rows))


def _agree(shape: Shape) -> bool:
    """Whether the header has as many cells as most rows: where it has not, all of them would be ragged."""
    return len(shape.header) == shape.width


@measure("truncation.cut_table")
def cut_table(document: Document) -> bool | None:
    """Whether the last row ends in its middle: fewer cells than every other, and no line end, which all others have."""
    if (shape := _rows_of(document)) is None:
        return None
    if len(document.data) > _LONGEST or document.data[-1:] in (b"\n", b"\r", b"\0"):
        return False
    last = len(shape.rows) - 1
    others = [len(shape.rows[at]) for at in (shape.before, *shape.body) if at != last]
    open_quote = shape.rows[last][-1:] and shape.rows[last][-1].startswith('"')
    return len(others) >= _FEWEST and len(set(others)) == 1 and (len(shape.rows[last]) < others[0] or bool(open_quote))


@measure("truncation.header_only")
def header_only(document: Document) -> bool | None:
    """Whether a table of several columns is a header without any row."""
    shape = _shape_of(document)
    if shape is None or len(shape.header) < 2:
        return None
    names = all(each and not any(map(str.isdigit, each)) for each in shape.header)
    return names and not shape.body and shape.after == 0


@measure("table.preamble", within=0.5, unit="lines")
def preamble(document: Document) -> float | None:
    """How many lines stand before the header."""
    shape = _rows_of(document)
    return float(shape.before) if shape is not None else None


@measure("table.comments", within=0.5, unit="lines")
def comments(document: Document) -> float | None:
    """How many lines begin with #, where others follow and the header is none of them."""
    if document.media_type not in _TABLES or _rows_of(document) is None:
        return None
    table = _table(document)
    value = table.text.value if table is not None else ""
    return float(len(re.findall(r"^#(?!N/A|[A-Za-z]+[,;\t|]).*$", value, re.MULTILINE)))


@measure("table.footer_total", within=0.5, unit="lines")
def footer_total(document: Document) -> float | None:
    """How many lines stand below the rows, the first of them of totals."""
    if (shape := _rows_of(document)) is None:
        return None
    return float(shape.after)


@measure("table.blank_lines", within=0.1, unit="share of the value")
def blank_lines(document: Document) -> float | None:
    """How many blank lines stand between the rows, as a share of the rows."""
    if (shape := _rows_of(document)) is None:
        return None
    between = range(shape.body[0], shape.body[-1])
    return sum(not shape.rows[at] for at in between) / len(shape.body)


@measure("table.blank_end", within=0.5, unit="lines")
def blank_end(document: Document) -> float | None:
    """How many blank lines end a table."""
    shape = _rows_of(document)
    return float(shape.blank_end) if shape is not None else None


@measure("table.header_repeated", within=0.5, unit="copies")
def header_repeated(document: Document) -> float | None:
    """How often the header stands among the rows again."""
    if (shape := _rows_of(document)) is None or not any(shape.header):
        return None
    return float(sum(shape.rows[at] == shape.header for at in shape.body))


@measure("table.header")
def header(document: Document) -> str | bool | None:
    """What is wrong with the header: two equal names, a blank one, or figures, so that there is none."""
    if (shape := _rows_of(document)) is None or not _agree(shape):
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
    if (shape := _rows_of(document)) is None:
        return None
    comma = point = 0
    for at in shape.body:
        if any(_DECIMAL_COMMA.fullmatch(cell.strip()) for cell in shape.rows[at]):
            comma += 1
        elif any(_DECIMAL_POINT.fullmatch(cell.strip()) for cell in shape.rows[at]):
            point += 1
    return comma / (comma + point) if comma else 0.0


@measure("table.number_style")
def number_style(document: Document) -> str | bool | None:
    """How numbers are written, where a tenth of them or more are: with a currency, thousands, brackets, powers."""
    if (shape := _rows_of(document)) is None:
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
    if (shape := _rows_of(document)) is None:
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
    if (shape := _rows_of(document)) is None:
        return None
    cells = [cell for at in shape.body for cell in shape.rows[at]]
    return sum(cell.strip() in _MARKS for cell in cells) / max(1, len(cells))


@measure("table.row_duplicated", within=0.1, unit="share of the value")
def row_duplicated(document: Document) -> float | None:
    """How many rows stand there again, as a share of the others; None where rows have no number of their own."""
    if (shape := _rows_of(document)) is None:
        return None
    rows = [shape.rows[at] for at in shape.body if shape.rows[at] != shape.header]
    once = list(dict.fromkeys(rows))
    if len(once) == len(rows):
        return 0.0
    whole = [row for row in once if len(row) == shape.width]
    own = any(len({*column}) == len(whole) and all(column) for column in zip(*whole, strict=True))
    return (len(rows) - len(once)) / len(once) if own and len(once) >= _FEWEST else None
