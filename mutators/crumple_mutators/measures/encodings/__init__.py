"""What the bytes of a text are in: its codepage by name, byte order marks, UTF-16, bytes that belong to nothing.

`sight` looks at the bytes once; then by subject: `wide` (UTF-16 and UTF-32, byte order marks), `codepages` (which
one), `declared` (what the document says of it), `mixtures` (two in one file), `strays` (bytes that are of none).
"""

from crumple_mutators.measures.encodings.codepages import codepage_name
from crumple_mutators.measures.encodings.declared import charset_lie, codepage, declared_codepage, not_utf8
from crumple_mutators.measures.encodings.mixtures import mixed, mixed_mid_line
from crumple_mutators.measures.encodings.sight import Sighted, sighted
from crumple_mutators.measures.encodings.strays import (
    bad_bytes,
    bad_bytes_in_data,
    cesu8,
    ctrl_z,
    ends_within_character,
    nul,
)
from crumple_mutators.measures.encodings.wide import bom, json_bom, unicode_text, utf16, utf32

__all__ = [
    "Sighted",
    "bad_bytes",
    "bad_bytes_in_data",
    "bom",
    "cesu8",
    "charset_lie",
    "codepage",
    "codepage_name",
    "ctrl_z",
    "declared_codepage",
    "ends_within_character",
    "json_bom",
    "mixed",
    "mixed_mid_line",
    "not_utf8",
    "nul",
    "sighted",
    "unicode_text",
    "utf16",
    "utf32",
]
