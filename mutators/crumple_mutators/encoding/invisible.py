"""What nobody sees and programs stumble over: line endings, spaces that do not break, characters without width."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.random import Generator

from crumple import Degraded, Ladder, NotApplicable, Span, Text, mutator
from crumple_mutators.bytewise import TEXTUAL
from crumple_mutators.content import content
from crumple_mutators.encoding.codepages import EXAMPLES
from crumple_mutators.encoding.rewriting import of_kind, runs, spaces, touched, words
from crumple_mutators.positions import Indices, Points, code_points, drawn, some, spliced
from crumple_mutators.substitution import inserted, substituted

_SHARES = (0.01, 0.05, 0.2, 0.5, 1)
_END = re.compile(r"\r\n|\r|\n")
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
    points = code_points(text.value)
    places = spaces(text.value, points)
    some(places, "it has no spaces between words")
    forms = _NO_BREAK if text.encoding.startswith("utf-") else _NO_BREAK[:1]
    kinds = rng.integers(len(forms), size=len(places)).astype(np.uint32)
    at = drawn(rng, len(places), share)
    value = substituted(points, places[at], kinds[at], dict(enumerate(forms)))
    return Degraded(text.with_value(value), touched=touched(places[at]))


@mutator(
    "encoding.zero_width",
    share=Ladder(*_SHARES, unit="share of words", zero=0),
    examples=EXAMPLES,
)
def zero_width(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put a character without width (U+200B, U+FEFF, U+2060, U+200C) into words, as web pages leave in what is copied.

    They read the same. Ladder: the catalogue's.
    """
    points = code_points(text.value)
    middles = middles_of_words(text.value, points)
    some(middles, "it has no words of two letters")
    return put_before(text, points, middles, _NO_WIDTH, share, rng)


@mutator(
    "encoding.soft_hyphens",
    share=Ladder(*_SHARES, unit="share of words", zero=0),
    examples=EXAMPLES,
)
def soft_hyphens(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put a soft hyphen (U+00AD) into words of four letters or more, as typesetting and web pages do.

    They read the same. Ladder: the catalogue's.
    """
    points = code_points(text.value)
    starts, ends = runs(of_kind(text.value, points, str.isalpha))
    long = (ends - starts > 3) & content(text.value)[starts]
    some(np.flatnonzero(long), "it has no words of four letters")
    return put_before(text, points, (starts[long] + ends[long]) // 2, ("\u00ad",), share, rng)


@mutator(
    "encoding.bidi_controls",
    share=Ladder(*_SHARES, unit="share of words", zero=0),
    examples=EXAMPLES,
)
def bidi_controls(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put a mark of writing direction (U+200E, U+200F, U+061C) before words, as address books and chats copy along.

    They read the same. Ladder: the catalogue's.
    """
    points = code_points(text.value)
    starts, _ = words(text.value, points)
    starts = starts[content(text.value)[starts]]
    some(starts, "it has no words")
    return put_before(text, points, starts, _BIDI, share, rng)


def middles_of_words(value: str, points: Points) -> Indices:
    """The middles of words of two letters or more that are content."""
    starts, ends = words(value, points)
    long = (ends - starts > 1) & content(value)[starts]
    return (starts[long] + ends[long]) // 2


def put_before(
    text: Text, points: Points, places: Indices, forms: Sequence[str], share: float, rng: Generator
) -> Degraded[Text]:
    """One of these forms before a share of these characters."""
    kinds = rng.integers(len(forms), size=len(places)).astype(np.uint32)
    at = drawn(rng, len(places), share)
    value = inserted(points, places[at], kinds[at], dict(enumerate(forms)))
    return Degraded(text.with_value(value), touched=touched(places[at]))
