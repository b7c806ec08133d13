"""The category form: what people fill into forms, and how the programs behind them store it."""

from crumple_mutators.form.answers import capitals, date_after_event, foreign_date, test_values
from crumple_mutators.form.by_hand import (
    across_cells,
    by_hand,
    elsewhere,
    off_line,
    past_the_box,
    struck_out,
    two_lines,
)
from crumple_mutators.form.entries import (
    corrected,
    in_notes,
    label_in_value,
    range_for_number,
    two_values,
    unit_in_number,
    wrong_field,
)
from crumple_mutators.form.gaps import cut_short, impossible_date, missing, placeholder
from crumple_mutators.form.names import name_order, names_in_one, one_name, title_in_name, two_people, unusual_name
from crumple_mutators.form.repeats import ditto, same_as_above
from crumple_mutators.form.ticked import both_ticked, tick_beside, tick_corrected, tick_styles
from crumple_mutators.form.ticks import both_answers, tick_words
from crumple_mutators.form.types import flattened, number_for_string, string_for_number, wrapped_value

__all__ = [
    "across_cells",
    "both_answers",
    "both_ticked",
    "by_hand",
    "capitals",
    "corrected",
    "cut_short",
    "date_after_event",
    "ditto",
    "elsewhere",
    "flattened",
    "foreign_date",
    "impossible_date",
    "in_notes",
    "label_in_value",
    "missing",
    "name_order",
    "names_in_one",
    "number_for_string",
    "off_line",
    "one_name",
    "past_the_box",
    "placeholder",
    "range_for_number",
    "same_as_above",
    "string_for_number",
    "struck_out",
    "test_values",
    "tick_beside",
    "tick_corrected",
    "tick_styles",
    "tick_words",
    "title_in_name",
    "two_lines",
    "two_people",
    "two_values",
    "unit_in_number",
    "unusual_name",
    "wrapped_value",
    "wrong_field",
]
