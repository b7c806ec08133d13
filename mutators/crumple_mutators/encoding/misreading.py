"""Characters that went through the wrong codec: UTF-8 read as a codepage, stray bytes, replacement marks."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import numpy as np
from numpy.random import Generator

from crumple import CrumpleError, Degraded, Ladder, NotApplicable, Span, Text, mutator
from crumple_mutators.content import content
from crumple_mutators.encoding.codepages import EXAMPLES
from crumple_mutators.positions import (
    Mask,
    Points,
    beyond_ascii,
    code_points,
    drawn,
    joined,
    number_of,
    prefix,
    some,
    spans_of,
    spliced,
)

_VIAS: Final = ("cp1252", "cp1251", "cp1250", "cp437", "cp850", "mac_roman")
_LINE = re.compile(r"[^\r\n]*[^\x00-\x7f\ud800-\udfff][^\r\n]*")
_WORD = re.compile(r"\w*[^\x00-\x7f\ud800-\udfff]\w*")
_BEYOND = re.compile(r"[^\x00-\x7f\ud800-\udfff]+")
_TENTH = 0.1
_ROUNDS: Final = {"word": 1, "lines": 1, "whole": 1, "twice": 2, "thrice": 3}
# What stands in cp1252 text beside letters (dashes, smart quotes, euro, pound, guillemets, no-break space), and in
# UTF-8 can only continue a character, never begin one: no run of these reads as one.
_STRAY: Final = bytes.fromhex("80 85 91 92 93 94 95 96 97 99 a0 a3 a7 a9 ab b0 b4 bb")
_ESCAPE = 0xDC00
_THREE_FROM = 1e-4
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


@mutator(
    "encoding.mojibake",
    truth=("same", "lost"),
    reach=Ladder("word", "lines", "whole", "twice", "thrice", unit="reach"),
    examples=EXAMPLES,
)
def mojibake(text: Text, reach: str, rng: Generator, *, via: str = "cp1252") -> Degraded[Text]:
    """Read the UTF-8 bytes of characters as a codepage, as an import with the wrong setting does ("MÃ¼ller").

    One word, a tenth of the lines, or all once: same, for it can be undone. Twice or three times (a file that went
    through several such programs): the characters beyond ASCII are lost. Ladder: the catalogue's. `via` is the
    codepage: cp1252, cp1251, cp1250, cp437, cp850 or mac_roman.
    """
    if via not in _VIAS:
        raise CrumpleError(f"via cannot be {via!r}", where="encoding.mojibake", got=via, allowed=_VIAS)
    parts = _reached(text.value, reach, rng)
    some(parts, "it has no characters beyond ASCII")
    rounds = _ROUNDS[reach]
    beyond = sorted(set("".join(_BEYOND.findall(text.value))))
    read_as = {ord(each): _misread(each, rounds, via) for each in beyond}
    value = spliced(text.value, parts, (text.value[each.start : each.end].translate(read_as) for each in parts))
    changed = [Span(*found.span()) for part in parts for found in _BEYOND.finditer(text.value, part.start, part.end)]
    return Degraded(text.with_value(value), lost=changed if rounds > 1 else (), touched=changed)


def _reached(value: str, reach: str, rng: Generator) -> list[Span]:
    lines = [Span(*found.span()) for found in _LINE.finditer(value)]
    order = rng.permutation(len(lines))
    if not lines or reach not in ("word", "lines"):
        return lines
    if reach == "lines":
        return [lines[index] for index in sorted(order[: number_of(_TENTH, len(lines))])]
    line = lines[order[0]]
    word = _WORD.search(value, line.start, line.end)
    return [Span(*word.span())] if word else []


def _misread(part: str, rounds: int, via: str) -> str:
    for _ in range(rounds):
        part = "".join(
            each if each.isascii() else "".join(_table(via)[byte] for byte in each.encode()) for each in part
        )
    return part


@cache
def _table(via: str) -> tuple[str, ...]:
    """What each byte reads as; those that a codepage leaves open are control characters, as browsers read them."""
    return tuple(bytes([byte]).decode(via, "ignore") or chr(byte) for byte in range(256))


@mutator(
    "encoding.bad_bytes",
    truth="lost",
    refusable_from=4,
    share=Ladder(0.00003, 0.0001, 0.001, 0.01, 0.05, unit="share of bytes", zero=0),
    examples=EXAMPLES,
)
def bad_bytes(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put a stray byte of another encoding in the place of letters and digits, as pasting between programs leaves.

    In UTF-8 nothing explains such a byte. What it stands in for is lost. Ladder: the catalogue's, 1 byte, 3 bytes,
    0.1, 1, 5 %: one byte at least, and three from 0.01 % on. A file with a byte or two gone should still be read.
    """
    if text.encoding.startswith(("utf-16", "utf-32")):
        raise NotApplicable(f"a stray byte shifts all of {text.encoding}; see encoding.utf16")
    points = code_points(text.value)
    at = np.flatnonzero(content(text.value) & _of_words(points))
    some(at, "it has no letters and digits")
    least = min(3, max(1, len(at) // 20)) if share >= _THREE_FROM else 1
    wanted = number_of(share, len(text.encoded()), least=least)
    strays = np.frombuffer(_STRAY, np.uint8)[rng.integers(len(_STRAY), size=len(at))]
    hit = prefix(rng, len(at), wanted)
    points[at[hit]] = strays[hit].astype(np.uint32) + _ESCAPE
    return Degraded(text.with_value(joined(points)), lost=spans_of(at[hit]))


def _of_words(points: Points) -> Mask:
    """ASCII letters and digits; in text of other scripts, where there are none, anything beyond ASCII."""
    lower = points | 0x20
    plain: Mask = ((lower >= ord("a")) & (lower <= ord("z"))) | ((points >= ord("0")) & (points <= ord("9")))
    return plain if plain.any() else beyond_ascii(points)


@mutator(
    "encoding.replaced",
    truth="lost",
    share=Ladder(0.001, 0.01, 0.05, 0.25, 1, unit="share of characters beyond ASCII", zero=0),
    examples=EXAMPLES,
)
def replaced(text: Text, share: float, rng: Generator, *, mark: str = _REPLACEMENT) -> Degraded[Text]:
    """Put the replacement character where a character beyond ASCII was, as a lossy conversion does.

    The character is lost. In an encoding that lacks U+FFFD it is "?"; `mark` may be any other. Ladder: the
    catalogue's.
    """
    points = code_points(text.value)
    at = np.flatnonzero(content(text.value) & beyond_ascii(points) & (points != ord(mark)))
    some(at, "it has no characters beyond ASCII")
    hit = at[drawn(rng, len(at), share)]
    points[hit] = ord(mark if text.encoding.startswith(("utf-", "gb18030")) or mark != _REPLACEMENT else "?")
    return Degraded(text.with_value(joined(points)), lost=spans_of(hit))
