"""Several encodings in one file, and bytes that UTF-8 does not have."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.random import Generator

from crumple import Degraded, Ladder, NotApplicable, Span, Text, mutator, raw
from crumple_mutators.bytewise import TEXTUAL
from crumple_mutators.content import content
from crumple_mutators.encoding.characters import SHARES
from crumple_mutators.encoding.codepages import EXAMPLES, PLAIN, STANDARD_UTF8, fitted, writes
from crumple_mutators.encoding.rewriting import lines_beyond, touched
from crumple_mutators.positions import (
    Indices,
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
from crumple_mutators.substitution import substituted

_LENIENT: Final = (*PLAIN, "text/html", "message/rfc822")  # JSON and XML are to be refused where bytes are no UTF-8
_BYTES: Final = (0.00003, 0.0001, 0.001, 0.01, 0.05)
_LINES: Final = (0.01, 0.05, 0.2, 0.5, 0.9)
# What stands in cp1252 text beside letters (dashes, smart quotes, euro, pound, guillemets, no-break space), and in
# UTF-8 can only continue a character, never begin one: no run of these reads as one.
_STRAY: Final = bytes.fromhex("80 85 91 92 93 94 95 96 97 99 a0 a3 a7 a9 ab b0 b4 bb")
_BEYOND = re.compile(r"[^\x00-\x7f]+")
_ESCAPE = 0xDC00
_THREE_FROM = 1e-4
_BEYOND_BMP = 0x10000


@mutator(
    "encoding.mixed",
    refusable_from=4,
    only=_LENIENT,
    lines=Ladder(*_LINES, unit="share of lines", zero=0),
    examples=EXAMPLES,
)
def mixed(text: Text, lines: float, rng: Generator) -> Degraded[Text]:
    """Write some lines in the Windows codepage of their language within a UTF-8 file, as appending programs do.

    The share is of the lines that hold a character beyond ASCII, one line at least. No such line is valid UTF-8, so
    that a reader who looks at each line tells which it is: same. Refusing half a file of them is acceptable. Ladder:
    the catalogue's row (one line, 5, 20, 50 %), its end a first guess; in mid-line is `encoding.mixed_mid_line`.
    """
    return _in_two(text, lines, rng, lambda value: 0)


@mutator(
    "encoding.mixed_mid_line",
    refusable_from=4,
    only=_LENIENT,
    lines=Ladder(*_LINES, unit="share of lines", zero=0),
    examples=EXAMPLES,
)
def mixed_mid_line(text: Text, lines: float, rng: Generator) -> Degraded[Text]:
    """Change the encoding in mid-line, from UTF-8 to the Windows codepage, as templates filled from a database do.

    What follows the change is not valid UTF-8 from its first character beyond ASCII on, so that it can be told: same.
    The share is of the lines that hold two runs of such characters. Refusing half a file of them is acceptable.
    Ladder: that of `encoding.mixed`.
    """
    return _in_two(text, lines, rng, _middle)


def _middle(line: str) -> int:
    """Where the second half of a line's characters beyond ASCII begins, after an ASCII one; -1 where there is none."""
    later = [run.start() for run in _BEYOND.finditer(line)][1:]
    return later[len(later) // 2] if later else -1


def _in_two(text: Text, lines: float, rng: Generator, begin: Callable[[str], int]) -> Degraded[Text]:
    """Some lines in the Windows codepage from a place in them on; only where UTF-8 cannot explain those bytes."""
    if text.encoding != "utf-8":
        raise NotApplicable(f"it is in {text.encoding}, not in UTF-8")
    codec, _ = fitted(text.value, "windows")
    spans, written = [], []
    for line in lines_beyond(text.value, code_points(text.value)):
        value = text.value[line.start : line.end]
        at = begin(value)
        if at < 0 or not writes(codec, value[at:]):
            continue
        data = value[at:].encode(codec)
        if _no_utf8(data):
            spans.append(Span(line.start + at, line.end))
            written.append(raw(data))
    some(spans, "it has no lines beyond ASCII that a Windows codepage could hold so")
    hit = drawn(rng, len(spans), lines)
    places = [spans[index] for index in hit]
    return Degraded(
        text.with_value(spliced(text.value, places, (written[index] for index in hit))),
        touched=places,
    )


def _no_utf8(data: bytes) -> bool:
    """Whether no run of bytes beyond ASCII in it could be read as UTF-8."""
    shown = data.decode("utf-8", "surrogateescape")
    return all(each.isascii() or "\udc80" <= each <= "\udcff" for each in set(shown))


@mutator(
    "encoding.bad_bytes",
    truth="lost",
    refusable_from=4,
    only=_LENIENT,
    share=Ladder(*_BYTES, unit="share of bytes", zero=0),
    examples=EXAMPLES,
)
def bad_bytes(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put a stray byte of another encoding in the place of letters and digits, as pasting between programs leaves.

    In UTF-8 nothing explains such a byte. What it stands in for is lost. Ladder: the catalogue's, 1 byte, 3 bytes,
    0.1, 1, 5 %: one byte at least, and three from 0.01 % on. A file with a byte or two gone should still be read;
    JSON and XML have `encoding.bad_bytes_in_data`.
    """
    return _stray(text, share, rng)


@mutator(
    "encoding.bad_bytes_in_data",
    truth="lost",
    refusable_from=1,
    only=STANDARD_UTF8,
    share=Ladder(*_BYTES, unit="share of bytes", zero=0),
    examples=[("order.json", '{"customer": "Müller & Söhne", "city": "Köln", "total": 1234.5}\n')],
)
def bad_bytes_in_data(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put a stray byte in the place of letters and digits of JSON and XML, as pasting between programs leaves.

    What it stands in for is lost. Both standards make such a byte an error, so refusing is acceptable. Ladder: that of
    `encoding.bad_bytes`.
    """
    return _stray(text, share, rng)


def _stray(text: Text, share: float, rng: Generator) -> Degraded[Text]:
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
    "encoding.cesu8",
    refusable_from=1,
    only=TEXTUAL,
    share=Ladder(*SHARES, unit="share of characters beyond U+FFFF", zero=0),
    examples=[("chat.txt", "Thanks \N{THUMBS UP SIGN} order 4711 was great \N{GRINNING FACE}\N{PARTY POPPER}\n")],
)
def cesu8(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write emoji and other characters beyond U+FFFF as two surrogates of three bytes each, as databases and Java do.

    Oracle's UTF8 and Java's modified UTF-8 hold them so (CESU-8). It can be undone: same. UTF-8 forbids it, so
    refusing is acceptable. Ladder: the catalogue's shares.
    """
    at, points = _in_utf8(text, lambda points: points >= _BEYOND_BMP, "it has no characters beyond U+FFFF")
    hit = at[drawn(rng, len(at), share)]

    def pair(point: int) -> bytes:
        units = chr(point).encode("utf-16-be")
        each = (units[:2], units[2:])
        return b"".join(unit.decode("utf-16-be", "surrogatepass").encode("utf-8", "surrogatepass") for unit in each)

    return _written(text, points, hit, pair)


@mutator(
    "encoding.overlong",
    refusable_from=1,
    only=TEXTUAL,
    share=Ladder(0.001, 0.01, 0.05, 0.2, 0.5, unit="share of ASCII letters and digits", zero=0),
    examples=EXAMPLES,
)
def overlong(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Write ASCII letters and digits in two bytes instead of one, as hand-made UTF-8 writers and attackers do.

    UTF-8 forbids such forms, which can be undone all the same: same. Its standard asks for a refusal, which is
    acceptable. Ladder: a first guess, uncalibrated.
    """
    at, points = _in_utf8(text, _of_ascii_words, "it has no ASCII letters and digits")
    hit = at[drawn(rng, len(at), share)]
    return _written(text, points, hit, lambda point: bytes((0xC0 | point >> 6, 0x80 | point & 0x3F)))


def _of_ascii_words(points: Points) -> Mask:
    return _of_words(points) & (points < 0x80)


def _in_utf8(text: Text, wanted: Callable[[Points], Mask], reason: str) -> tuple[Indices, Points]:
    if text.encoding != "utf-8":
        raise NotApplicable(f"it is in {text.encoding}, not in UTF-8")
    points = code_points(text.value)
    at = np.flatnonzero(content(text.value) & wanted(points))
    some(at, reason)
    return at, points


def _written(text: Text, points: Points, hit: Indices, data: Callable[[int], bytes]) -> Degraded[Text]:
    kinds = points[hit]
    forms = {point: raw(data(point)) for point in set(kinds.tolist())}
    return Degraded(text.with_value(substituted(points, hit, kinds, forms)), touched=touched(hit))
