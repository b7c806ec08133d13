"""The category language: other tongues, scripts, calendars and number formats of people.

All act on text that people wrote: markup, keys and delimiters are left alone (see `prose`).
"""

from crumple_mutators.language.locales import ambiguous_dates, ambiguous_numbers, dates, digits, numbers
from crumple_mutators.language.scripts import declared_language, names_transliterated, right_to_left
from crumple_mutators.language.tongues import (
    greeting,
    labels_bilingual,
    labels_translated,
    values_translated,
    words_switched,
)

__all__ = [
    "ambiguous_dates",
    "ambiguous_numbers",
    "dates",
    "declared_language",
    "digits",
    "greeting",
    "labels_bilingual",
    "labels_translated",
    "names_transliterated",
    "numbers",
    "right_to_left",
    "values_translated",
    "words_switched",
]
