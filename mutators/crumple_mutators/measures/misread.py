"""Mojibake: UTF-8 that was read as a codepage, once to three times."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final

from crumple import Text, measure

_VIAS: Final = ("cp1252", "cp1250", "cp1251", "cp437", "cp850", "mac_roman")
_RUN = re.compile(r"[^\x00-\x7f]{2,}")
_MOST = 1 << 18
_CLOSING = frozenset("\u201d\u2019\u00bb\u203a\u201c\u2018\u2026\u2013\u2014\u00a0\u00ae\u00b0\u2122")
_SIGNS = frozenset(
    "\u20ac\u201a\u201e\u2026\u2020\u2021\u02c6\u2030\u2039\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u203a"
    "\u202f\u20bd\u2116\u2212\u00d7"
)
_PUNCTUATION = frozenset("\u201a\u201e\u2026\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u00ab\u00bb\u00a0\u2039\u203a")
_WHOLE = 0.5


@cache
def _bytes_of(via: str) -> dict[int, int]:
    """The byte that each character of a codepage beyond ASCII was; controls stand for those that it leaves open."""
    table = {}
    for byte in range(0x80, 0x100):
        table[ord(bytes([byte]).decode(via, "ignore") or chr(byte))] = byte
    return table


def _undone(run: str, via: str) -> str | None:
    """What a run of characters beyond ASCII was before it was misread; None where it never was UTF-8."""
    table = _bytes_of(via)
    data = bytearray()
    for each in run:
        byte = table.get(ord(each))
        if byte is None:
            return None
        data.append(byte)
    try:
        value = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return value if value.isprintable() or set(value) & _SIGNS or _C1.search(value) else None


_C1 = re.compile("[\u0080-\u009f]")


@cache
def _sequences(via: str) -> re.Pattern[str]:
    """Sequences of UTF-8 as a codepage shows them."""
    back = {byte: re.escape(chr(point)) for point, byte in _bytes_of(via).items()}

    def some(low: int, high: int) -> str:
        return "[" + "".join(back[each] for each in range(low, high + 1) if each in back) + "]"

    follow = some(0x80, 0xBF)
    return re.compile(f"{some(0xC2, 0xDF)}{follow}|{some(0xE0, 0xEF)}{follow}{{2}}|{some(0xF0, 0xF4)}{follow}{{3}}")


def _plausible(before: str, run: str, meant: str) -> bool:
    """Whether somebody may have meant this rather than what stands there."""
    alone = before.isascii() and run[0] not in "\u00c2\u00c3"
    in_capitals = alone or (before.isalpha() and before.isupper())
    if len(run) == 2 and run[1] in _CLOSING and in_capitals:
        return False  # a quotation that ends in capitals, and a capital before a dash, are no mojibake
    if run[0] in _PUNCTUATION and run[:2] != "\u201a\u00c4":
        return False  # in Macintosh Roman quotes and dashes stand where UTF-8 has the beginnings of characters
    return all(_common(each) for each in meant)


def _common(character: str) -> bool:
    if character in _SIGNS or character == "\ufffd":
        return character in _SIGNS  # U+FFFD misread is `encoding.misread_marks`
    point = ord(character)
    if 0x80 <= point < 0xC0:
        return True  # of two rounds the inner one may be a control
    if not character.isalpha() and unicodedata.category(character) not in (
        "Mn",
        "Mc",
        "So",
        "Lm",
        "Nd",
        "Po",
        "Ps",
        "Pe",
    ):
        return False
    return (
        point < 0x250 or 0x370 <= point < 0x700 or 0x900 <= point < 0x1200 or 0x1E00 <= point < 0x2000 or point > 0x2E7F
    )


@lru_cache(maxsize=2)
def _found(value: str) -> tuple[str, tuple[tuple[int, int, str], ...]]:
    """The codepage that misread most of a text, and each sequence: where it begins and ends, and what was meant."""
    best: tuple[str, tuple[tuple[int, int, str], ...]] = ("", ())
    if value.isascii():
        return best
    for via in _VIAS:
        hits = []
        for found in _sequences(via).finditer(value):
            meant = _undone(found.group(), via)
            before = value[found.start() - 1 : found.start()]
            if meant and _plausible(before, found.group(), meant):
                hits.append((found.start(), found.end(), meant))
        if via not in ("cp1252", "mac_roman", "cp437", "cp850") or (via != "cp1252" and len(hits) < 2):
            hits = _in_whole_words(value, via, hits)
        if len(hits) > len(best[1]):
            best = (via, tuple(hits))
    return best


def _in_whole_words(value: str, via: str, hits: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Of codepages whose letters follow one another in words, only runs that are UTF-8 from end to end."""
    starts = {start: (start, end, meant) for start, end, meant in hits}
    kept = []
    for run in _RUN.finditer(value):
        meant = _undone(run.group(), via)
        if meant is not None and len(meant) >= 2 and all(map(_common, meant)):
            kept += [starts[at] for at in range(run.start(), run.end()) if at in starts]
    return kept


@measure("encoding.mojibake", stands_for=("encoding.worn_mojibake",))
def mojibake(text: Text) -> str | bool | None:
    """How far mojibake reaches: a word, some lines, most of a text; and whether it happened twice or three times.

    Told by the sequences that UTF-8 makes in cp1252, cp1250, cp1251, cp437, cp850 and Macintosh Roman. What nobody
    would have meant in their place is no mojibake: a closing quote behind a capital letter, for one.
    """
    if not text.encoding.startswith("utf-"):
        return None
    value = text.value[:_MOST]
    via, hits = _found(value)
    if not hits:
        return False
    if (rounds := _rounds(value, via, hits)) > 1:
        return "twice" if rounds == 2 else "thrice"
    lines = value.splitlines()
    beyond = sum(not each.isascii() for each in lines)
    hit = _apart(value, hits, "\n")
    if hit > _WHOLE * beyond and (beyond > 1 or len(hits) > 1):
        return "whole"
    return "word" if _apart(value, hits, r"\s") == 1 else "lines"


def misread_much(text: Text) -> bool:
    """Whether so much of a text is mojibake that its single characters say nothing."""
    value = text.value[:_MOST]
    return not value.isascii() and len(_found(value)[1]) > 1


def _apart(value: str, hits: Sequence[tuple[int, int, str]], between: str) -> int:
    """In how many pieces sequences stand, where a pattern is between two pieces."""
    gap = re.compile(between)
    starts = [start for start, _, _ in hits]
    return 1 + sum(gap.search(value, one, other) is not None for one, other in itertools.pairwise(starts))


def _rounds(value: str, via: str, hits: tuple[tuple[int, int, str], ...]) -> int:
    """How often most of what was misread was misread."""
    pieces, at = [], 0
    for start, end, meant in hits:
        pieces += [value[at:start], meant]
        at = end
    once = "".join([*pieces, value[at:]])
    if once == value:
        return 0
    inner_via, inner = _found.__wrapped__(once)
    if inner_via != via or len(inner) < 0.3 * len(hits):
        return 1
    return min(3, 1 + _rounds(once, via, inner))
