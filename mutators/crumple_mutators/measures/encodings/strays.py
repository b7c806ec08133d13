"""Bytes that belong to no encoding, NUL, and Ctrl-Z."""

from __future__ import annotations

import re

from crumple import Document, measure
from crumple_mutators.measures.encodings.codepages import codepage_name, legacy
from crumple_mutators.measures.encodings.mixtures import lines_of
from crumple_mutators.measures.encodings.sight import (
    DATA,
    ESCAPED,
    LETTERS_OF_CODEPAGES,
    MOST,
    WITHIN,
    Sighted,
    sighted,
)


def _nearly_utf8(document: Document) -> Sighted | None:
    """A text with bytes beyond ASCII of which some are UTF-8, or none could be anything else."""
    seen = sighted(document)
    if seen is None or seen.wide or legacy(seen) or codepage_name(document):
        return None
    return seen


def ends_within_character(document: Document) -> bool:
    """Whether a UTF-8 text ends in the middle of a character."""
    seen = sighted(document)
    if seen is None or seen.wide or seen.bad or not seen.multi or len(document.data) > MOST:
        return False
    return (
        document.data[-1] >= 0x80 and WITHIN.search(document.data[-4:].decode("utf-8", "surrogateescape")) is not None
    )


def _bad_share(document: Document) -> float | None:
    """The share of the bytes that UTF-8 does not explain and no codepage does."""
    seen = _nearly_utf8(document)
    if seen is None:
        return None
    if not seen.bad:
        return 0.0
    strays = sum(ord(each) - 0xDC00 not in LETTERS_OF_CODEPAGES for each in ESCAPED.findall(seen.value))
    lines = lines_of(seen.value)
    return strays / max(1, len(seen.data)) if strays and not lines.single + lines.changing else 0.0


@measure("encoding.bad_bytes", within=0.25, unit="share of the value")
def bad_bytes(document: Document) -> float | None:
    """The share of the bytes that no encoding explains, in a text that is UTF-8 otherwise."""
    return None if document.media_type.startswith(DATA) else _bad_share(document)


@measure("encoding.bad_bytes_in_data", within=0.25, unit="share of the value")
def bad_bytes_in_data(document: Document) -> float | None:
    """The share of the bytes of JSON or XML that no encoding explains."""
    return _bad_share(document) if document.media_type.startswith(DATA) else None


@measure("encoding.cesu8", within=0.1, unit="share of the value")
def cesu8(document: Document) -> float | None:
    """The share of the characters beyond U+FFFF that are written as two surrogates of three bytes each."""
    if (seen := sighted(document)) is None or seen.wide:
        return None
    found = len(re.findall(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]", seen.data)) if seen.bad else 0
    if found and legacy(seen) and seen.bad > 6 * found:
        return None
    return found / (found + len(re.findall("[\U00010000-\U0010ffff]", seen.value))) if found else 0.0


@measure("encoding.nul", within=0.5, unit="share of the value")
def nul(document: Document) -> float | None:
    """The share of the values with NUL characters behind them."""
    if (seen := sighted(document)) is None:
        return None
    if seen.wide or b"\0" not in seen.data:
        return 0.0
    filled = len(re.findall(rb"[^\s\0,;|]\0+(?=[\t\r\n,;|]|\Z)", seen.data))
    values = len(re.findall(rb"[^\s\0,;|]\0*(?=[\t\r\n,;|]|\Z)", seen.data))
    return filled / max(1, values)


@measure("encoding.ctrl_z")
def ctrl_z(document: Document) -> bool | None:
    """Whether a text ends with Ctrl-Z."""
    if sighted(document) is None or document.media_type.startswith(DATA):
        return None
    return document.data[-64:].rstrip(b"\0\r\n").endswith(b"\x1a")
