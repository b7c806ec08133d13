"""The category language: other tongues, scripts, calendars and number formats of people.

All act on text that people wrote: markup, keys and delimiters are left alone (see `prose`).
"""

from crumple_mutators.language.addresses import address_order
from crumple_mutators.language.dates import ambiguous_dates, dates, era_dates
from crumple_mutators.language.declared import declared_language
from crumple_mutators.language.direction import right_to_left, visual_order
from crumple_mutators.language.names import honorifics, name_order, names_transliterated, spelled_out
from crumple_mutators.language.numbers import ambiguous_numbers, currency, digits, numbers
from crumple_mutators.language.sentences import greeting, sentences_added, sentences_replaced
from crumple_mutators.language.tongues import (
    labels_bilingual,
    labels_translated,
    values_translated,
    words_switched,
)

__all__ = [
    "address_order",
    "ambiguous_dates",
    "ambiguous_numbers",
    "currency",
    "dates",
    "declared_language",
    "digits",
    "era_dates",
    "greeting",
    "honorifics",
    "labels_bilingual",
    "labels_translated",
    "name_order",
    "names_transliterated",
    "numbers",
    "right_to_left",
    "sentences_added",
    "sentences_replaced",
    "spelled_out",
    "values_translated",
    "visual_order",
    "words_switched",
]
