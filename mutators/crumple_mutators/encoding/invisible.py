"""What nobody sees and programs stumble over: line endings, spaces that do not break, characters without width."""

from __future__ import annotations

import itertools
import re
from typing import Final

from numpy.random import Generator

from crumple import Degraded, Ladder, NotApplicable, Span, Text, mutator
from crumple_mutators.bytewise import TEXTUAL
from crumple_mutators.content import content
from crumple_mutators.encoding.codepages import EXAMPLES
from crumple_mutators.positions import Mask, drawn, some, spliced

_SHARES = (0.01, 0.05, 0.2, 0.5, 1)
_END = re.compile(r"\r\n|\r|\n")
_SPACE = re.compile(r"(?<=\S) (?=\S)")
_WORD = re.compile(r"\w+")
_ENDINGS: Final = ("\n", "\r\n", "\r")
_NO_BREAK = ("\u00a0", "\u202f", "\u2007")
_NO_WIDTH = ("\u200b", "\ufeff", "\u2060", "\u200c")
_BIDI = ("\u200e", "\u200f", "\u061c")


@mutator(
    "encoding.line_endings",
    refusable_from=5,
    only=TEXTUAL,
    ending=Ladder("swapped", "mixed", "cr", "crcrlf", "u2028", unit="line end"),
    examples=EXAMPLES,
)
def line_endings(text: Text, ending: str, rng: Generator) -> Degraded[Text]:
    """End the lines in another way: CRLF for LF or LF for CRLF, a mixture, CR, CR CR LF, the separator U+2028.

    Transfers, version control and old Macs do it; a second conversion to CRLF makes CR CR LF. The answer stays the
    same. Ladder: the catalogue's forms in the order of how few readers know them; the last may be refused.
    """
    ends = [Span(*found.span()) for found in _END.finditer(text.value)]
    some(ends, "it has a single line")
    old = [text.value[end.start : end.end] for end in ends]
    new = _ended(text.value, ends, old, ending, rng)
    if new == old:
        raise NotApplicable("its lines end so already")
    return Degraded(text.with_value(spliced(text.value, ends, new)), touched=ends)


def _ended(value: str, ends: list[Span], old: list[str], ending: str, rng: Generator) -> list[str]:
    if ending == "swapped":
        return ["\n" if each == "\r\n" else "\r\n" for each in old]
    if ending != "mixed":
        return [{"cr": "\r", "crcrlf": "\r\r\n", "u2028": "\u2028"}[ending]] * len(old)
    mixed = [_ENDINGS[kind] for kind in rng.integers(len(_ENDINGS), size=len(old))]
    # Two kinds at least; and a CR right before the LF of an empty line would read as one end.
    mixed[0] = "\r\n" if old[0] == "\n" else "\n"
    if len(mixed) > 1:
        mixed[1] = old[0]
    followed = [*(after.start == end.end for end, after in itertools.pairwise(ends)), False]
    return ["\r\n" if each == "\r" and joins else each for each, joins in zip(mixed, followed, strict=True)]


def line_starts(value: str) -> list[int]:
    """Where each line begins; what follows the last line end is a line where anything does."""
    return [at for at in (0, *(end.end() for end in _END.finditer(value))) if at < len(value)]


@mutator("encoding.no_final_newline", level=1, only=TEXTUAL, examples=EXAMPLES)
def no_final_newline(text: Text, rng: Generator) -> Text:
    """Take away the line end after the last line, as many a program writes it. The answer stays the same."""
    value = text.value.rstrip("\r\n")
    if not value or value == text.value:
        raise NotApplicable("its last line has no line end")
    return text.with_value(value)


@mutator(
    "encoding.no_break_spaces",
    share=Ladder(*_SHARES, unit="share of spaces", zero=0),
    examples=EXAMPLES,
)
def no_break_spaces(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put spaces that do not break (U+00A0, U+202F, U+2007) for spaces, as word processors and web pages do.

    They read the same. In a legacy codepage it is U+00A0 alone. Ladder: the catalogue's.
    """
    places = _places(_SPACE, text, content(text.value), width=1)
    some(places, "it has no spaces between words")
    kinds = _NO_BREAK if text.encoding.startswith("utf-") else _NO_BREAK[:1]
    return _put(text, places, kinds, share, rng)


@mutator(
    "encoding.zero_width",
    share=Ladder(*_SHARES, unit="share of words", zero=0),
    examples=EXAMPLES,
)
def zero_width(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put a character without width (U+200B, U+FEFF, U+2060, U+200C) into words, as web pages leave in what is copied.

    They read the same. Ladder: the catalogue's.
    """
    return _into_words(text, _NO_WIDTH, share, rng)


@mutator(
    "encoding.soft_hyphens",
    share=Ladder(*_SHARES, unit="share of words", zero=0),
    examples=EXAMPLES,
)
def soft_hyphens(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put a soft hyphen (U+00AD) into words, as typesetting and web pages do.

    They read the same. Ladder: the catalogue's.
    """
    return _into_words(text, ("\u00ad",), share, rng)


@mutator(
    "encoding.bidi_controls",
    share=Ladder(*_SHARES, unit="share of words", zero=0),
    examples=EXAMPLES,
)
def bidi_controls(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put a mark of writing direction (U+200E, U+200F, U+061C) before words, as address books and chats copy along.

    They read the same. Ladder: the catalogue's.
    """
    places = _places(_WORD, text, content(text.value), width=0)
    some(places, "it has no words")
    return _put(text, places, _BIDI, share, rng)


def _into_words(text: Text, kinds: tuple[str, ...], share: float, rng: Generator) -> Degraded[Text]:
    """One of these characters in the middle of words of two letters or more."""
    mask = content(text.value)
    middles = [
        Span(middle, middle)
        for found in _WORD.finditer(text.value)
        if found.end() - found.start() > 1 and mask[found.start()]
        for middle in [(found.start() + found.end()) // 2]
    ]
    some(middles, "it has no words of two letters")
    return _put(text, middles, kinds, share, rng)


def _places(pattern: re.Pattern[str], text: Text, mask: Mask, *, width: int) -> list[Span]:
    starts = (found.start() for found in pattern.finditer(text.value))
    return [Span(start, start + width) for start in starts if mask[start]]


def _put(text: Text, places: list[Span], kinds: tuple[str, ...], share: float, rng: Generator) -> Degraded[Text]:
    """A character of these kinds in the place of a share of these spans."""
    kind = rng.integers(len(kinds), size=len(places))
    at = drawn(rng, len(places), share)
    hit = [places[index] for index in at]
    value = spliced(text.value, hit, (kinds[kind[index]] for index in at))
    return Degraded(text.with_value(value), touched=[Span(each.start, max(each.end, each.start + 1)) for each in hit])
