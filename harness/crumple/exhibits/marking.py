"""What two texts have in common and what not, and texts with all that cannot be seen made visible. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Sequence
from typing import Final, TypeAlias

from rapidfuzz.distance import Indel, Levenshtein

from crumple.exhibit import Piece
from crumple.plain_text import visible

Step: TypeAlias = tuple[str, int, int, int, int]
"""What is done with a part of one to get a part of the other: "equal", "replace", "insert" or "delete", where it begins
and ends in the one, and in the other."""
_ALIKE: Final = 0.5
_COMPARED: Final = 4_000
"""Characters of a line, around the first that differs, that are compared one by one."""
_BEFORE: Final = 40
_BLANKS: Final = frozenset({"Zs", "Zl", "Zp"})


def steps(one: Sequence[Hashable], other: Sequence[Hashable]) -> list[Step]:
    """The fewest steps that make the one into the other."""
    found = Levenshtein.opcodes(one, other)
    return [(each.tag, each.src_start, each.src_end, each.dest_start, each.dest_end) for each in found]


def aligned(one: Sequence[Hashable], other: Sequence[Hashable]) -> list[Step]:
    """Steps that keep as many items as can be kept; what is in the place of others replaces them."""
    made: list[Step] = []
    for each in Indel.opcodes(one, other):
        step = (each.tag, each.src_start, each.src_end, each.dest_start, each.dest_end)
        if made and "equal" not in {made[-1][0], each.tag}:
            made[-1] = ("replace", made[-1][1], each.src_end, made[-1][3], each.dest_end)
        else:
            made.append(step)
    return made


def alike(found: Sequence[Step], length: int) -> bool:
    """Whether enough is kept for the rest to be differences; what is left of two others are letters that any has."""
    return sum(end - start for tag, _, _, start, end in found if tag == "equal") >= length * _ALIKE


def shown(text: str, *, changed: bool = False) -> str:
    """The text with what cannot be seen written as an escape; bytes that the encoding cannot explain as bytes.

    Args:
        text: of a document.
        changed: what differs must be seen: marks that hang on letters and blanks of other widths are written so, too.
    """
    return "".join(_character(each, changed=changed) for each in text)


def _character(character: str, *, changed: bool) -> str:
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    if changed and character != " " and _unseen(character):
        return f"\\u{ord(character):04x}"
    return visible(character)


def _unseen(character: str) -> bool:
    return unicodedata.combining(character) > 0 or unicodedata.category(character) in _BLANKS


def pieces(clean: str, degraded: str, most: int) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Two lines as pieces with what differs marked, each cut to about so many characters around it."""
    start = _common(clean, degraded)
    cut = max(0, start - _BEFORE) if max(len(clean), len(degraded)) > _COMPARED else 0
    one, other = clean[cut : cut + _COMPARED], degraded[cut : cut + _COMPARED]
    if not one or not other:
        return _cut([(one, True)], most, cut), _cut([(other, True)], most, cut)
    found = _smoothed(steps(one, other))
    if not alike(found, max(len(one), len(other))):
        found = _ends(one, other)
    return (
        _cut([(one[start:end], tag != "equal") for tag, start, end, _, _ in found if end > start], most, cut),
        _cut([(other[start:end], tag != "equal") for tag, _, _, start, end in found if end > start], most, cut),
    )


def _ends(one: str, other: str) -> list[Step]:
    """Two lines that have little in common but how they begin and end."""
    start = _common(one, other)
    end = min(_common(one[::-1], other[::-1]), len(one) - start, len(other) - start)
    left, right = len(one) - end, len(other) - end
    return [
        ("equal", 0, start, 0, start),
        ("replace", start, left, start, right),
        ("equal", left, len(one), right, len(other)),
    ]


def _smoothed(found: Sequence[Step]) -> list[Step]:
    """Without the single letters that two words happen to share: a word that was replaced is one difference."""
    made: list[Step] = []
    for step in found:
        tag, start, end, left, right = step
        if made and (made[-1][0] == "replace") == (tag != "equal") and made[-1][0] != "equal":
            made[-1] = ("replace", made[-1][1], end, made[-1][3], right)
        else:
            made.append(step if tag == "equal" else ("replace", start, end, left, right))
        if len(made) >= 3 and made[-1][0] == "replace" and _lost(made[-3], made[-2], made[-1]):
            made[-3:] = [("replace", made[-3][1], end, made[-3][3], right)]
    return made


def _lost(before: Step, between: Step, after: Step) -> bool:
    """Whether what is the same between two differences is too short to mean anything beside them."""
    longest = max(max(each[2] - each[1], each[4] - each[3]) for each in (before, after))
    return before[0] == "replace" and between[2] - between[1] <= 2 and longest >= 3


def plain(line: str, most: int) -> tuple[Piece, ...]:
    """A line in which nothing differs."""
    return _cut(((line, False),), most, 0)


def _common(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _cut(parts: Sequence[tuple[str, bool]], most: int, skipped: int) -> tuple[Piece, ...]:
    """The parts as they are shown: of what is the same only what stands beside a difference where there is much."""
    parts = _without_ending([(text, changed) for text, changed in parts if text])
    room, beside = most, max(12, most // 5)
    whole = sum(len(text) for text, _ in parts) <= most
    made: list[Piece] = [Piece("…")] if skipped else []
    for at, (text, changed) in enumerate(parts):
        if room <= 0:
            made.append(Piece("…"))
            break
        said = text if whole or changed else _around(text, beside, first=at == 0, last=at == len(parts) - 1)
        if len(said) > room:
            said = f"{said[:room]}…"
        room -= len(said)
        made.append(Piece(shown(said, changed=changed), changed))
    return tuple(made)


def _without_ending(parts: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Without the line's end where that is the same: in a document of such line ends it is nothing to look at."""
    if len(parts) == 1 and parts[0][1]:  # a line of its own
        return [(parts[0][0].rstrip("\r\n"), True)]
    while parts and not parts[-1][1] and parts[-1][0].endswith(("\n", "\r")):
        text = parts[-1][0].rstrip("\r\n")
        parts = [*parts[:-1], (text, False)] if text else parts[:-1]
    return parts


def _around(text: str, beside: int, *, first: bool, last: bool) -> str:
    """A part that is the same: its end before a difference, its beginning after one."""
    if first and last:
        return text
    if first:
        return text if len(text) <= beside else f"…{text[-beside:]}"
    if last:
        return text if len(text) <= beside else f"{text[:beside]}…"
    return text if len(text) <= 2 * beside else f"{text[:beside]}…{text[-beside:]}"
