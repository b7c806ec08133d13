"""Control characters among text: zeros that fill fields, what old programs leave in words, the end of file of DOS."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.random import Generator

from crumple import Degraded, Ladder, NotApplicable, Text, mutator
from crumple_mutators.content import content
from crumple_mutators.encoding.characters import SHARES
from crumple_mutators.encoding.codepages import EXAMPLES, PLAIN
from crumple_mutators.encoding.invisible import middles_of_words, put_before
from crumple_mutators.encoding.rewriting import among, words
from crumple_mutators.positions import code_points, some

# JSON and XML forbid them; who would read a table or a letter does without them.
_FREE: Final = (*PLAIN, "text/html", "message/rfc822")
_ENDS: Final = [ord(each) for each in "\r\n,;|\t"]
_FILLS: Final = ["\0" * length for length in range(1, 9)]
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
    points = code_points(text.value)
    _, ends = words(text.value, points)
    followed = np.append(among(points, _ENDS), True)  # the end of the text ends a value too
    places = ends[content(text.value)[ends - 1] & followed[ends]]
    some(places, "it has no values before a delimiter or line end")
    return put_before(text, points, places, _FILLS, share, rng)


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
    points = code_points(text.value)
    middles = middles_of_words(text.value, points)
    some(middles, "it has no words of two letters")
    return put_before(text, points, middles, _LEFT, share, rng)


@mutator("encoding.ctrl_z", level=3, only=_FREE, examples=EXAMPLES)
def ctrl_z(text: Text, rng: Generator) -> Text:
    """End the text with Ctrl-Z (0x1A), as DOS programs mark the end of a file. It means nothing more: same."""
    if text.value.rstrip("\0\r\n").endswith(_END_OF_FILE):
        raise NotApplicable("it ends with Ctrl-Z already")
    return text.with_value(text.value + _END_OF_FILE)
