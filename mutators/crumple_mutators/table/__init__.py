"""The category table: what exports and spreadsheets do to rows, columns, and the values in them.

Rows are named as in the clean `Table`: row 0 is the header, and an `Edit(rows=...)` names it too.
"""

from crumple_mutators.table.layout import (
    blank_lines,
    delimiter,
    footer_total,
    header_repeated,
    preamble,
    quoting,
    separator_line,
)
from crumple_mutators.table.numbers import ambiguous_thousands, decimal_comma, number_style
from crumple_mutators.table.structure import columns_reordered, header, ragged_row, row_dropped, row_duplicated
from crumple_mutators.table.values import date_format, leading_zeros, missing_marks

__all__ = [
    "ambiguous_thousands",
    "blank_lines",
    "columns_reordered",
    "date_format",
    "decimal_comma",
    "delimiter",
    "footer_total",
    "header",
    "header_repeated",
    "leading_zeros",
    "missing_marks",
    "number_style",
    "preamble",
    "quoting",
    "ragged_row",
    "row_dropped",
    "row_duplicated",
    "separator_line",
]
