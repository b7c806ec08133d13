"""Text that is written in other bytes, or in other characters, than its reader expects."""

from __future__ import annotations

from crumple_mutators.encoding.characters import (
    dotless_i,
    full_width,
    ligatures,
    long_s,
    nfd,
    nfkc,
    typography,
)
from crumple_mutators.encoding.codepages import codepage, not_utf8, utf7
from crumple_mutators.encoding.controls import control_characters, ctrl_z, nul
from crumple_mutators.encoding.declarations import charset_lie, declared_codepage, declared_utf16
from crumple_mutators.encoding.escapes import html_entities, nbsp_litter, percent, quoted_printable, unicode_escapes
from crumple_mutators.encoding.invisible import (
    bidi_controls,
    line_endings,
    no_break_spaces,
    no_final_newline,
    soft_hyphens,
    zero_width,
)
from crumple_mutators.encoding.lossy import (
    diacritics,
    dropped,
    misread_marks,
    question_marks,
    replaced,
    transliterated,
)
from crumple_mutators.encoding.mail import header_words, mail_transfer
from crumple_mutators.encoding.misreading import c1_controls, misread, mojibake, worn_mojibake
from crumple_mutators.encoding.mixtures import bad_bytes, bad_bytes_in_data, cesu8, mixed, mixed_mid_line, overlong
from crumple_mutators.encoding.wide import bom, json_bom, stray_boms, unicode_text, utf16, utf32

__all__ = [
    "bad_bytes",
    "bad_bytes_in_data",
    "bidi_controls",
    "bom",
    "c1_controls",
    "cesu8",
    "charset_lie",
    "codepage",
    "control_characters",
    "ctrl_z",
    "declared_codepage",
    "declared_utf16",
    "diacritics",
    "dotless_i",
    "dropped",
    "full_width",
    "header_words",
    "html_entities",
    "json_bom",
    "ligatures",
    "line_endings",
    "long_s",
    "mail_transfer",
    "misread",
    "misread_marks",
    "mixed",
    "mixed_mid_line",
    "mojibake",
    "nbsp_litter",
    "nfd",
    "nfkc",
    "no_break_spaces",
    "no_final_newline",
    "not_utf8",
    "nul",
    "overlong",
    "percent",
    "question_marks",
    "quoted_printable",
    "replaced",
    "soft_hyphens",
    "stray_boms",
    "transliterated",
    "typography",
    "unicode_escapes",
    "unicode_text",
    "utf7",
    "utf16",
    "utf32",
    "worn_mojibake",
    "zero_width",
]
