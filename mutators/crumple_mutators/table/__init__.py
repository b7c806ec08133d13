"""The category table: what exports and spreadsheets do to rows, columns, and the values in them.

Rows are named as in the clean `Table`: row 0 is the header, and an `Edit(rows=...)` names it too.
"""

from crumple_mutators.table.around import (
    blank_lines,
    comments,
    footer_total,
    header_repeated,
    preamble,
    second_table,
)
from crumple_mutators.table.dialects import (
    blank_end,
    delimiter,
    no_final_newline,
    quoting,
    separator_line,
    unquoted_line_break,
)
from crumple_mutators.table.escapes import escape
from crumple_mutators.table.headers import (
    columns_added,
    columns_dropped,
    columns_renamed,
    columns_reordered,
    columns_swapped,
    header,
    long_cell,
)
from crumple_mutators.table.numbers import (
    ambiguous_thousands,
    decimal_comma,
    long_numbers,
    number_style,
)
from crumple_mutators.table.structure import (
    fault_at,
    first_row_long,
    one_row,
    ragged_row,
    row_dropped,
    row_duplicated,
    row_near_duplicated,
)
from crumple_mutators.table.surprises import (
    outlier,
    type_change,
    unit_slip,
    unseen_category,
)
from crumple_mutators.table.values import (
    date_format,
    formula_text,
    leading_zeros,
    missing_by_group,
    missing_marks,
)

__all__ = [
    "ambiguous_thousands",
    "blank_end",
    "blank_lines",
    "columns_added",
    "columns_dropped",
    "columns_renamed",
    "columns_reordered",
    "columns_swapped",
    "comments",
    "date_format",
    "decimal_comma",
    "delimiter",
    "escape",
    "fault_at",
    "first_row_long",
    "footer_total",
    "formula_text",
    "header",
    "header_repeated",
    "leading_zeros",
    "long_cell",
    "long_numbers",
    "missing_by_group",
    "missing_marks",
    "no_final_newline",
    "number_style",
    "one_row",
    "outlier",
    "preamble",
    "quoting",
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
]
