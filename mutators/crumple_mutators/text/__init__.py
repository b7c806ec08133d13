"""Text noise: slips of fingers, eyes and recognition, at an error rate that is asked for; case, spacing, order."""

from __future__ import annotations

from crumple_mutators.text.attacks import (
    format_directives,
    formulas,
    instructions,
    markup,
    paths,
    quotes,
    sql,
    templates,
)
from crumple_mutators.text.casing import case, lower_case
from crumple_mutators.text.furniture import page_furniture
from crumple_mutators.text.lookalikes import emoji, homoglyphs, leet, stacked_accents
from crumple_mutators.text.order import pages_shuffled, paragraphs_shuffled, sentences_shuffled
from crumple_mutators.text.recognition import ocr, phonetic
from crumple_mutators.text.slips import delete, double, insert, keyboard, swap, typos
from crumple_mutators.text.spacing import (
    double_spaces,
    joined_words,
    spaced_letters,
    split_words,
    tabs,
    trailing_spaces,
)
from crumple_mutators.text.wrapping import folded_lines, hard_wraps, hyphenated

__all__ = [
    "case",
    "delete",
    "double",
    "double_spaces",
    "emoji",
    "folded_lines",
    "format_directives",
    "formulas",
    "hard_wraps",
    "homoglyphs",
    "hyphenated",
    "insert",
    "instructions",
    "joined_words",
    "keyboard",
    "leet",
    "lower_case",
    "markup",
    "ocr",
    "page_furniture",
    "pages_shuffled",
    "paragraphs_shuffled",
    "paths",
    "phonetic",
    "quotes",
    "sentences_shuffled",
    "spaced_letters",
    "split_words",
    "sql",
    "stacked_accents",
    "swap",
    "tabs",
    "templates",
    "trailing_spaces",
    "typos",
]
