"""The category form: what people fill into forms, and how the programs behind them store it."""

from crumple_mutators.form.entries import corrected, in_notes, label_in_value, two_values, unit_in_number, wrong_field
from crumple_mutators.form.gaps import cut_short, impossible_date, missing, placeholder
from crumple_mutators.form.types import number_for_string, string_for_number, wrapped_value

__all__ = [
    "corrected",
    "cut_short",
    "impossible_date",
    "in_notes",
    "label_in_value",
    "missing",
    "number_for_string",
    "placeholder",
    "string_for_number",
    "two_values",
    "unit_in_number",
    "wrapped_value",
    "wrong_field",
]
