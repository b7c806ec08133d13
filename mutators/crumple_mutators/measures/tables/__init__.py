"""How a delimited file is written and built: dialect, numbers, rows of odd lengths, what stands around the rows.

`shape` reads the rows once; `rows` are ragged, blank, cut, there twice, or stand around the records; `cells` are
separated, quoted and written in a way of their own.
"""

from crumple_mutators.measures.tables.cells import (
    decimal_comma,
    delimiter,
    header,
    missing_marks,
    number_style,
    quoting,
    separator_line,
)
from crumple_mutators.measures.tables.rows import (
    blank_end,
    blank_lines,
    comments,
    cut_table,
    footer_total,
    header_only,
    header_repeated,
    preamble,
    ragged_row,
    row_duplicated,
)

__all__ = [
    "blank_end",
    "blank_lines",
    "comments",
    "cut_table",
    "decimal_comma",
    "delimiter",
    "footer_total",
    "header",
    "header_only",
    "header_repeated",
    "missing_marks",
    "number_style",
    "preamble",
    "quoting",
    "ragged_row",
    "row_duplicated",
    "separator_line",
]
