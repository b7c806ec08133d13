"""White space: too much of it, none where there was some, some where there was none."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.random import Generator

from crumple import ABSENT, Degraded, Ladder, Spans, Text, Truth, mutator
from crumple_mutators.positions import Indices, drawn, some
from crumple_mutators.text.characters import Characters, letters_and_digits, spaces
from crumple_mutators.text.edits import NOTE, Edits
from crumple_mutators.text.passages import Passages, rewritten

_SPACE: Final = 0x20
_TAB: Final = 0x09
_LF: Final = 0x0A
_CR: Final = 0x0D
_TABS: Final = 0.25
"""The share of lines that end in tabs rather than spaces."""
_SHARES: Final = (0.01, 0.05, 0.2, 0.5, 1)
_FEW: Final = (0.005, 0.02, 0.05, 0.1, 0.2)
_NO_SPACES: Final = "it has no single spaces between words"


@mutator("text.double_spaces", share=Ladder(*_SHARES, unit="share of spaces", zero=0), examples=[NOTE])
def double_spaces(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put two to four spaces where there was one, as text copied out of justified columns has them.

    Folded white space reads the same. Ladder: the catalogue's for characters that nobody sees.
    """
    characters, at = _between_words(Passages.of(text))
    length = rng.integers(2, 5, size=len(at))
    hit = drawn(rng, len(at), share)
    read = np.full((len(hit), 4), _SPACE, characters.codes.dtype)
    return _spaced(text, characters, Edits(at[hit], 1, read, length[hit]))


@mutator("text.tabs", share=Ladder(*_SHARES, unit="share of spaces", zero=0), examples=[NOTE])
def tabs(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put tabs where there were spaces, as forms that were laid out with the tab key have them.

    Folded white space reads the same. Where a tab is structure (tables, JSON) it is left alone. Ladder: the
    catalogue's for characters that nobody sees.
    """
    characters, at = _between_words(Passages.of(text, ("plain", "mail", "markup")))
    hit = drawn(rng, len(at), share)
    return _spaced(text, characters, Edits(at[hit], 1, np.full((len(hit), 1), _TAB, characters.codes.dtype), 1))


@mutator("text.trailing_spaces", share=Ladder(*_SHARES, unit="share of lines", zero=0), examples=[NOTE])
def trailing_spaces(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put one to three spaces or tabs at the ends of lines, so that empty lines hold nothing but white space.

    Exports of fixed columns and texts edited by hand have them; nobody sees them. In running text alone: elsewhere they
    may be part of a value, or of how a mail is encoded. Ladder: the catalogue's for characters that nobody sees.
    """
    characters = Characters.of(Passages.of(text, ("plain",)).text.value)
    codes = characters.codes
    ends = np.flatnonzero((codes == _LF) | (codes == _CR))
    # Of \r\n the first counts; a last line without an end has one all the same.
    at = ends[(codes[ends] == _CR) | (codes[np.maximum(ends - 1, 0)] != _CR)]
    at = at if len(codes) and codes[-1] in (_LF, _CR) else np.append(at, len(codes))
    length, tab = rng.integers(1, 4, size=len(at)), rng.random(len(at)) < _TABS
    hit = drawn(rng, len(at), share)
    read = np.where(tab[hit, None], _TAB, _SPACE).astype(codes.dtype) * np.ones((1, 3), codes.dtype)
    return _spaced(text, characters, Edits(at[hit], 0, read, length[hit]))


@mutator(
    "text.joined_words", truth=("lost", "new"), share=Ladder(*_FEW, unit="share of spaces", zero=0), examples=[NOTE]
)
def joined_words(text: Text, share: float, rng: Generator, *, truth: Truth = ABSENT) -> Degraded[Text]:
    """Leave spaces out, as text extracted from tightly set pages does: "Dearcustomer".

    What held the space is lost, and where letters or digits ran together, what stood on both sides of it: where one
    ends cannot be told. Beside a colon or a full stop it can. Ladder: the catalogue's character error rates, of spaces.
    """
    characters, at = _between_words(Passages.of(text))
    hit = at[drawn(rng, len(at), share)]
    beside = letters_and_digits().take(characters.codes[np.stack([hit - 1, hit + 1])], mode="clip")
    word = np.asarray(beside[0] & beside[1], np.intp)
    edits = Edits(hit, 1, characters.codes[:0, None], 0)
    return _lost(text, characters, edits, Spans(hit, word, word + 1), truth)


@mutator("text.split_words", truth=("lost", "new"), share=Ladder(*_FEW, unit="share of words", zero=0), examples=[NOTE])
def split_words(text: Text, share: float, rng: Generator, *, truth: Truth = ABSENT) -> Degraded[Text]:
    """Put a space into words, as recognition of wide print and cells that wrap do: "Inv oice".

    What the space is in is lost. Words are runs of three letters or digits and more. Ladder: the catalogue's
    character error rates, of words.
    """
    passages = Passages.of(text)
    characters = Characters.of(text.value)
    starts, ends = _words(passages, characters, least=3)
    where = rng.random(len(starts))
    hit = drawn(rng, len(starts), share)
    at = starts[hit] + 1 + (where[hit] * (ends[hit] - starts[hit] - 1)).astype(np.intp)
    edits = Edits(at, 0, np.full((len(at), 1), _SPACE, characters.codes.dtype), 1)
    return _lost(text, characters, edits, edits.spans, truth)


@mutator(
    "text.spaced_letters", truth=("lost", "new"), share=Ladder(*_FEW, unit="share of words", zero=0), examples=[NOTE]
)
def spaced_letters(text: Text, share: float, rng: Generator, *, truth: Truth = ABSENT) -> Degraded[Text]:
    """Put a space after every letter of words, as headings are that were spaced out by hand: "I n v o i c e".

    Where such a word ends nobody can tell: it is lost. Words are runs of three letters or digits and more. Ladder:
    the catalogue's character error rates, of words.
    """
    passages = Passages.of(text)
    characters = Characters.of(text.value)
    starts, ends = _words(passages, characters, least=3)
    hit = drawn(rng, len(starts), share)
    lengths = ends[hit] - starts[hit] - 1
    at = np.repeat(starts[hit] + 1 - (np.cumsum(lengths) - lengths), lengths) + np.arange(int(lengths.sum()))
    edits = Edits(at, 0, np.full((len(at), 1), _SPACE, characters.codes.dtype), 1)
    return _lost(text, characters, edits, Spans(starts[hit], 0, lengths + 1), truth)


def _between_words(passages: Passages) -> tuple[Characters, Indices]:
    """Where a single space stands between two characters of content that are none."""
    characters = Characters.of(passages.text.value)
    codes, blank = characters.codes, characters.among(spaces())
    found = np.zeros(len(codes), np.bool_)
    found[1:-1] = (codes[1:-1] == _SPACE) & ~blank[:-2] & ~blank[2:]
    if passages.mask is not None:
        found &= passages.mask
        found[1:-1] &= passages.mask[:-2] & passages.mask[2:]
    at = np.flatnonzero(found)
    some(at, _NO_SPACES)
    return characters, at


def _words(passages: Passages, characters: Characters, *, least: int) -> tuple[Indices, Indices]:
    """Where runs of letters and digits begin and end."""
    inside = np.zeros(len(characters.codes) + 2, np.bool_)
    inside[1:-1] = ~passages.unable(letters_and_digits(), characters)
    starts = np.flatnonzero(inside[1:] & ~inside[:-1])
    ends = np.flatnonzero(inside[:-1] & ~inside[1:])
    long = ends - starts >= least
    some(starts[long], f"it has no words of {least} letters")
    return starts[long], ends[long]


def _spaced(text: Text, characters: Characters, edits: Edits) -> Degraded[Text]:
    return Degraded(text.with_value(characters.written(edits.applied(characters.codes))), touched=edits.spans)


def _lost(text: Text, characters: Characters, edits: Edits, lost: Spans, truth: Truth) -> Degraded[Text]:
    value = characters.written(edits.applied(characters.codes))
    return rewritten(text, value, truth, lost=lost)
