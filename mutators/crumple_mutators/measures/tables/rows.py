"""Rows: of odd lengths, blank, cut, repeated, and those around the records."""

from __future__ import annotations

import re

from crumple import Document, measure
from crumple_mutators.measures.tables.shape import FEWEST, LONGEST, TABLES, agree, rows_of, shape_of, table_of


@measure("table.ragged_row", within=0.1, unit="share of the value", stands_for=("table.fault_at",))
def ragged_row(document: Document) -> float | None:
    """The share of the rows that have more or fewer cells than the header."""
    if (shape := rows_of(document)) is None:
        return None
    if not agree(shape):
        return None
    rows = [shape.rows[at] for at in shape.body if shape.rows[at] != ("\x1a",)]
    cut = bool(rows) and rows[-1] == shape.rows[-1] and cut_table(document) is True
    return sum(len(row) != shape.width for row in (rows[:-1] if cut else rows)) / max(1, len(rows))


@measure("truncation.cut_table")
def cut_table(document: Document) -> bool | None:
    """Whether the last row ends in its middle: fewer cells than every other, and no line end, which all others have."""
    if (shape := rows_of(document)) is None:
        return None
    if len(document.data) > LONGEST or document.data[-1:] in (b"\n", b"\r", b"\0"):
        return False
    last = len(shape.rows) - 1
    others = [len(shape.rows[at]) for at in (shape.before, *shape.body) if at != last]
    open_quote = shape.rows[last][-1:] and shape.rows[last][-1].startswith('"')
    return len(others) >= FEWEST and len(set(others)) == 1 and (len(shape.rows[last]) < others[0] or bool(open_quote))


@measure("truncation.header_only")
def header_only(document: Document) -> bool | None:
    """Whether a table of several columns is a header without any row."""
    shape = shape_of(document)
    if shape is None or len(shape.header) < 2 or len(document.data) > LONGEST:
        return None
    names = all(each and not any(map(str.isdigit, each)) for each in shape.header)
    return names and not shape.body and shape.after == 0


@measure("table.preamble", within=0.5, unit="lines")
def preamble(document: Document) -> float | None:
    """How many lines stand before the header."""
    shape = rows_of(document)
    return float(shape.before) if shape is not None else None


@measure("table.comments", within=0.5, unit="lines")
def comments(document: Document) -> float | None:
    """How many lines begin with #, where others follow and the header is none of them."""
    if document.media_type not in TABLES or rows_of(document) is None:
        return None
    table = table_of(document)
    value = table.text.value if table is not None else ""
    return float(len(re.findall(r"^#(?!N/A|[A-Za-z]+[,;\t|]).*$", value, re.MULTILINE)))


@measure("table.footer_total", within=0.5, unit="lines")
def footer_total(document: Document) -> float | None:
    """How many lines stand below the rows, the first of them of totals."""
    if (shape := rows_of(document)) is None:
        return None
    return float(shape.after)


@measure("table.blank_lines", within=0.1, unit="share of the value")
def blank_lines(document: Document) -> float | None:
    """How many blank lines stand between the rows, as a share of the rows."""
    if (shape := rows_of(document)) is None:
        return None
    between = range(shape.body[0], shape.body[-1])
    return sum(not shape.rows[at] for at in between) / len(shape.body)


@measure("table.blank_end", within=0.5, unit="lines")
def blank_end(document: Document) -> float | None:
    """How many blank lines end a table."""
    shape = rows_of(document)
    return float(shape.blank_end) if shape is not None else None


@measure("table.header_repeated", within=0.5, unit="copies")
def header_repeated(document: Document) -> float | None:
    """How often the header stands among the rows again."""
    if (shape := rows_of(document)) is None or not any(shape.header):
        return None
    return float(sum(shape.rows[at] == shape.header for at in shape.body))


@measure("table.row_duplicated", within=0.1, unit="share of the value")
def row_duplicated(document: Document) -> float | None:
    """How many rows stand there again, as a share of the others; None where rows have no number of their own."""
    if (shape := rows_of(document)) is None:
        return None
    rows = [shape.rows[at] for at in shape.body if shape.rows[at] != shape.header]
    once = list(dict.fromkeys(rows))
    if len(once) == len(rows):
        return 0.0
    whole = [row for row in once if len(row) == shape.width]
    own = any(len({*column}) == len(whole) and all(column) for column in zip(*whole, strict=True))
    return (len(rows) - len(once)) / len(once) if own and len(once) >= FEWEST else None
