"""What comes of a table that has gone through a spreadsheet, an ERP system, somebody's hands, an old host: all at once.

Each has one level: what usually comes of it. Its steps are mutators of `table`, at everyday to bad values.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from numpy.random import Generator

from crumple import Degraded, NotApplicable, Table, mutator, table_chain
from crumple_mutators.table import (
    blank_end,
    blank_lines,
    comments,
    date_format,
    decimal_comma,
    delimiter,
    footer_total,
    header,
    header_repeated,
    no_final_newline,
    number_style,
    preamble,
    quoting,
    ragged_row,
    separator_line,
)

_DELIMITED: Final = ("text/csv", "text/tab-separated-values")
_ORDERS: Final = (
    "orders.csv",
    (
        "order,date,customer,city,net_amount\n"
        '1001,2024-03-05,Acme Ltd,"Oslo, Norway",1312.50\n'
        "1002,2024-03-18,Bolt & Söhne,Berlin,-34.00\n"
        "1003,2024-04-02,Carrot & Co,Paris,7.25\n"
        "1004,2024-04-30,Dune SA,Lyon,99.90\n"
    ),
)


@mutator("combination.spreadsheet_export", truth=("same", "lost"), level=3, only=_DELIMITED, examples=[_ORDERS])
def spreadsheet_export(table: Table, rng: Generator) -> Degraded[Table]:
    """Save the table from a continental spreadsheet: semicolons, decimal commas, 05.03.2024, totals, "sep=;", cp1252.

    Nothing is lost; every notation proves itself. In UTF-8 with a byte order mark where cp1252 lacks a character, as
    spreadsheets do it. Source: what a spreadsheet with German, French or Spanish settings writes as CSV.
    """
    said = table_chain(
        table,
        rng,
        (delimiter, ";"),
        (footer_total, 1),
        (decimal_comma, 1.0),
        (date_format, "DMY"),
        (blank_end, 2),
        (preamble, 1),
        (separator_line, None),
    )
    return replace(said, view=_as_a_spreadsheet_encodes(said.view))


def _as_a_spreadsheet_encodes(table: Table) -> Table:
    legacy = replace(table, encoding="cp1252", bom=False)
    try:
        for _ in legacy.encoded():
            pass
    except NotApplicable:
        return replace(table, encoding="utf-8", bom=True)
    return legacy


@mutator("combination.erp_report", truth=("same", "lost"), level=3, only=_DELIMITED, examples=[_ORDERS])
def erp_report(table: Table, rng: Generator) -> Degraded[Table]:
    """Print the table to a file as an ERP system's list: bars, negatives in brackets, page headers, titles, totals.

    Nothing is lost. Source: what lists that were made for a line printer look like when they are saved as a file.
    """
    return table_chain(
        table,
        rng,
        (number_style, "accounting"),
        (delimiter, "|"),
        (header, "case"),
        (footer_total, 2),
        (header_repeated, 4),
        (blank_lines, 0.05),
        (preamble, 3),
    )


@mutator(
    "combination.edited_by_hand", truth=("same", "lost"), refusable_from=5, level=5, only=_DELIMITED, examples=[_ORDERS]
)
def edited_by_hand(table: Table, rng: Generator) -> Degraded[Table]:
    """Edit the table in a text editor: rows with a cell too many or too few, notes to oneself, blank lines, no end.

    What stands behind the slips in their rows is lost. Refusing is right too. Source: files that a person has mended
    before they were loaded.
    """
    return table_chain(
        table, rng, (ragged_row, 0.05), (header, "case"), (blank_lines, 0.05), (no_final_newline, None), (comments, 3)
    )


@mutator("combination.old_host", truth=("same", "lost"), level=3, only=_DELIMITED, examples=[_ORDERS])
def old_host(table: Table, rng: Generator) -> Degraded[Table]:
    """Fetch the table from an old host: everything in quotes, tabs, years of two digits, header twice, blank lines.

    Nothing is lost. Source: batch transfers whose layout was agreed on in another century.
    """
    return table_chain(
        table,
        rng,
        (date_format, "two-digit year"),
        (delimiter, "\t"),
        (quoting, "all"),
        (header_repeated, 1),
        (blank_end, 5),
    )
