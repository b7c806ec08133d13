"""Control characters among text: zeros that fill fields, what old programs leave in words, the end of file of DOS."""

from __future__ import annotations

import re
from typing import Final

from numpy.random import Generator

from crumple import Degraded, Ladder, NotApplicable, Span, Text, mutator
from crumple_mutators.content import content
from crumple_mutators.encoding.characters import SHARES
from crumple_mutators.encoding.codepages import EXAMPLES, PLAIN
from crumple_mutators.positions import drawn, some, spliced

# JSON and XML forbid them; who would read a table or a letter does without them.
_FREE: Final = (*PLAIN, "text/html", "message/rfc822")
_END_OF_VALUE = re.compile(r"(?<=\w)(?=[\r\n,;|\t]|\Z)")
_LONGEST_FILL = 8
_WORD = re.compile(r"\w+")
# STX, ETX, BEL (a cell's end in Word's files), unit and record separator (Word's soft and hard hyphens).
_LEFT: Final = ("\x02", "\x03", "\x07", "\x1e", "\x1f")
_END_OF_FILE = "\x1a"


@mutator(
    "encoding.nul",
    refusable_from=3,
    only=_FREE,
    share=Ladder(*SHARES, unit="share of values", zero=0),
    examples=EXAMPLES,
)
def nul(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Fill values up with NUL characters, as programs do that write fields of a fixed length out of their memory.

    One to eight stand between a word and the delimiter or line end after it. Stripped, the values are the same. A file
    full of them passes for a binary one: refusing is acceptable. Zeros at the end are `corruption.padded`, blocks of
    them `corruption.block_zeroed`. Ladder: the catalogue's one cell, row, scattered, as shares; a first guess.
    """
    if text.encoding.startswith(("utf-16", "utf-32")):
        raise NotApplicable(f"every other byte of {text.encoding} is a zero")
    shown = content(text.value)
    places = [Span(*each.span()) for each in _END_OF_VALUE.finditer(text.value) if shown[each.start() - 1]]
    some(places, "it has no values before a delimiter or line end")
    fills = rng.integers(1, _LONGEST_FILL + 1, size=len(places))
    return _put(text, places, ["\0" * int(each) for each in fills], share, rng)


@mutator(
    "encoding.control_characters",
    refusable_from=5,
    only=_FREE,
    share=Ladder(*SHARES, unit="share of words", zero=0),
    examples=EXAMPLES,
)
def control_characters(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Leave control characters in words, as text taken out of old word processors, terminals and PDF files has.

    They mean nothing and nobody sees them: same. Ladder: the catalogue's shares for what is invisible.
    """
    shown = content(text.value)
    places = [
        Span(middle, middle)
        for each in _WORD.finditer(text.value)
        if each.end() - each.start() > 1 and shown[each.start()]
        for middle in [(each.start() + each.end()) // 2]
    ]
    some(places, "it has no words of two letters")
    kinds = rng.integers(len(_LEFT), size=len(places))
    return _put(text, places, [_LEFT[each] for each in kinds], share, rng)


def _put(text: Text, places: list[Span], written: list[str], share: float, rng: Generator) -> Degraded[Text]:
    """Characters put in at a share of these places."""
    at = drawn(rng, len(places), share)
    value = spliced(text.value, [places[index] for index in at], (written[index] for index in at))
    touched = [Span(max(0, places[index].start - 1), places[index].start + 1) for index in at]
    return Degraded(text.with_value(value), touched=touched)


@mutator("encoding.ctrl_z", level=2, only=_FREE, examples=EXAMPLES)
def ctrl_z(text: Text, rng: Generator) -> Text:
    """End the text with Ctrl-Z (0x1A), as DOS programs mark the end of a file. It means nothing more: same."""
    if text.value.rstrip("\0\r\n").endswith(_END_OF_FILE):
        raise NotApplicable("it ends with Ctrl-Z already")
    return text.with_value(text.value + _END_OF_FILE)
