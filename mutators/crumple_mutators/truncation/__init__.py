"""Documents that are not all there: cut short, without their beginning, empty, cut in mid-character."""

from __future__ import annotations

from crumple_mutators.truncation.characters import mid_character
from crumple_mutators.truncation.cuts import at_boundary, cut, empty, head_missing
from crumple_mutators.truncation.tables import cut_table, header_only, last_rows_missing

__all__ = [
    "at_boundary",
    "cut",
    "cut_table",
    "empty",
    "head_missing",
    "header_only",
    "last_rows_missing",
    "mid_character",
]
