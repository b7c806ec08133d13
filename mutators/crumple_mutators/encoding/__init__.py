"""Text that is written in other bytes, or in other characters, than its reader expects."""

from __future__ import annotations

from crumple_mutators.encoding.characters import diacritics, full_width, html_entities, ligatures, nfd
from crumple_mutators.encoding.codepages import bom, codepage, json_bom, mixed, utf16
from crumple_mutators.encoding.invisible import (
    bidi_controls,
    line_endings,
    no_break_spaces,
    no_final_newline,
    soft_hyphens,
    zero_width,
)
from crumple_mutators.encoding.misreading import bad_bytes, mojibake, replaced

__all__ = [
    "bad_bytes",
    "bidi_controls",
    "bom",
    "codepage",
    "diacritics",
    "full_width",
    "html_entities",
    "json_bom",
    "ligatures",
    "line_endings",
    "mixed",
    "mojibake",
    "nfd",
    "no_break_spaces",
    "no_final_newline",
    "replaced",
    "soft_hyphens",
    "utf16",
    "zero_width",
]
