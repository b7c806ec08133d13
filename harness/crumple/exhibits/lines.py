"""Texts side by side: the lines that differ; and bytes, as a dump of the places that differ. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from crumple.document import Document
from crumple.errors import NotApplicable
from crumple.exhibit import LinePair, Piece
from crumple.exhibits.bounds import Bounds
from crumple.exhibits.marking import pieces, plain
from crumple.exhibits.sequences import chosen
from crumple.views.format import read
from crumple.views.text import Text

_ROW: Final = 16
_READ: Final = 4_000_000
"""Characters of a text that are looked at."""


def texts(clean: Document, degraded: Document) -> tuple[str, str, str]:
    """Both documents as text, the degraded one as who reads it with the clean one's encoding sees it; and a note.

    Raises:
        NotApplicable: the clean one is no text, or the degraded one none that could be told.
    """
    seen = read(clean, Text)
    if seen.encoded() != clean.data:  # the text of an office file: its bytes are another matter
        return seen.value, read(degraded, Text).value, ""
    return _decoded(clean.data, seen.encoding), _decoded(degraded.data, seen.encoding), _note(seen, degraded)


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding, "surrogateescape")
    except UnicodeDecodeError:  # half a unit of UTF-16 has no lone surrogate to stand for it
        return data.decode(encoding, "backslashreplace")


def _note(clean: Text, degraded: Document) -> str:
    """That it is written in another encoding, where that is all."""
    try:
        other = read(degraded, Text)
    except NotApplicable:
        return ""
    if other.value == clean.value and other.encoding != clean.encoding:
        return f"the same characters in {other.encoding}, shown as who expects {clean.encoding} reads them"
    return ""


def lines_of(clean: str, degraded: str, bounds: Bounds) -> tuple[tuple[LinePair, ...], int]:
    """The lines that differ, and how many more of them do."""
    one, other = _lines(clean), _lines(degraded)
    found = chosen(one, other, bounds.lines, context=bounds.context)
    made = []
    for left, right in found.pairs:
        before, after = "" if left is None else one[left], "" if right is None else other[right]
        if before == after:
            sides = plain(before, bounds.line), plain(after, bounds.line)
        else:
            sides = pieces(before, after, bounds.line)
        made.append(LinePair(None if left is None else left + 1, None if right is None else right + 1, *sides))
    return tuple(made), found.left_out


def _lines(text: str) -> list[str]:
    """Lines with their ends; nothing but a line feed ends one, so that numbers are those of an editor."""
    *ended, last = text[:_READ].split("\n")
    return [f"{each}\n" for each in ended] + ([last] if last else [])


def dump_of(clean: bytes, degraded: bytes, bounds: Bounds) -> tuple[tuple[LinePair, ...], int]:
    """The rows of bytes that differ, and how many more of them do."""
    rows = range(0, max(len(clean), len(degraded)), _ROW)
    differing = [at for at in rows if clean[at : at + _ROW] != degraded[at : at + _ROW]]
    return tuple(_dumped(at, clean, degraded) for at in differing[: bounds.dump]), max(0, len(differing) - bounds.dump)


def _dumped(at: int, clean: bytes, degraded: bytes) -> LinePair:
    one, other = clean[at : at + _ROW], degraded[at : at + _ROW]
    number = at // _ROW + 1
    return LinePair(
        number if one else None,
        number if other else None,
        tuple(_side(at, one, other)) if one else (),
        tuple(_side(at, other, one)) if other else (),
    )


def _side(at: int, own: bytes, beside: bytes) -> Iterator[Piece]:
    yield Piece(f"{at:08x}  ")
    changed = [index >= len(beside) or each != beside[index] for index, each in enumerate(own)]
    yield from _runs([f"{each:02x} " for each in own], changed)
    yield Piece(" " + "   " * (_ROW - len(own)))
    yield from _runs([chr(each) if 0x20 <= each < 0x7F else "." for each in own], changed)


def _runs(texts: list[str], changed: list[bool]) -> Iterator[Piece]:
    start = 0
    for at in range(1, len(texts) + 1):
        if at == len(texts) or changed[at] != changed[start]:
            text = "".join(texts[start:at])
            yield Piece(text.rstrip() if changed[start] else text, changed[start])
            if changed[start] and text.endswith(" "):
                yield Piece(" ")
            start = at


def differing_bytes(clean: bytes, degraded: bytes) -> int:
    """How many bytes differ where they stand; what one has more of is counted whole."""
    same = sum(a == b for a, b in zip(clean, degraded, strict=False))
    return max(len(clean), len(degraded)) - same
