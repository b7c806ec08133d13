"""Characters that a conversion could not keep: marked, dropped, without their marks, in ASCII letters."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

import numpy as np
from numpy.random import Generator

from crumple import Degraded, Ladder, Text, mutator
from crumple_mutators.content import content
from crumple_mutators.encoding.characters import SHARES
from crumple_mutators.encoding.codepages import EXAMPLES
from crumple_mutators.encoding.rewriting import rewritten, touched
from crumple_mutators.positions import beyond_ascii, code_points, drawn, some, spans_of
from crumple_mutators.substitution import substituted

_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
_MISREAD: Final = "\u00ef\u00bf\u00bd"
_BEYOND: Final = (0.001, 0.01, 0.05, 0.25, 1)
_UNIT: Final = "share of characters beyond ASCII"
_NO_MARK = {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ħ": "h", "ß": "ss"}
_NO_MARK |= {"æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ð": "d", "þ": "th"}
_LAST_WITH_MARKS = 0x530  # Latin, Greek, Cyrillic: beyond, a mark is a vowel and no ornament
_EXTENDED = range(0x1E00, 0x2000)
_SPELLED = {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "å": "aa", "Å": "Aa", "ẞ": "SS"}
_SPELLED |= {"ø": "oe", "Ø": "Oe", "þ": "th", "Þ": "Th"}
# Other notations of the same, as payment formats replace them.
_SAME_SIGN = {"€": "EUR", "£": "GBP", "\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"'}
_SAME_SIGN |= {"\u2013": "-", "\u2014": "-", "\u2011": "-", "\u2212": "-", "\u2026": "...", "\u00a0": " "}
_QUOTES = frozenset("\u201c\u201d\u201e")


@mutator(
    "encoding.replaced",
    truth="lost",
    share=Ladder(*_BEYOND, unit=_UNIT, zero=0),
    examples=EXAMPLES,
)
def replaced(text: Text, share: float, rng: Generator, *, mark: str = _REPLACEMENT) -> Degraded[Text]:
    """Put the replacement character where a character beyond ASCII was, as a lossy conversion does.

    The character is lost. In an encoding that lacks U+FFFD it is "?"; `mark` may be any other. Ladder: the
    catalogue's.
    """
    wide = text.encoding.startswith(("utf-", "gb18030")) or mark != _REPLACEMENT
    return _marked(text, share, rng, mark if wide else "?")


@mutator(
    "encoding.question_marks",
    truth="lost",
    share=Ladder(*_BEYOND, unit=_UNIT, zero=0),
    examples=EXAMPLES,
)
def question_marks(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put "?" where a character beyond ASCII was, as databases do whose column has no room for it.

    Unlike U+FFFD nothing says that it stands for another. The character is lost. Ladder: that of `encoding.replaced`.
    """
    return _marked(text, share, rng, "?")


@mutator(
    "encoding.misread_marks",
    truth="lost",
    share=Ladder(*_BEYOND, unit=_UNIT, zero=0),
    examples=EXAMPLES,
)
def misread_marks(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put "ï¿½" where a character beyond ASCII was: U+FFFD of one lossy conversion, misread by the next program.

    It looks like mojibake and cannot be undone: the character is lost. Ladder: that of `encoding.replaced`.
    """
    return _marked(text, share, rng, _MISREAD)


@mutator(
    "encoding.dropped",
    truth="lost",
    share=Ladder(*_BEYOND, unit=_UNIT, zero=0),
    examples=EXAMPLES,
)
def dropped(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Leave out characters beyond ASCII ("Mller"), as conversions do that are told to ignore errors.

    Nothing shows where they were; they are lost. Ladder: that of `encoding.replaced`.
    """
    return _marked(text, share, rng, "")


def _marked(text: Text, share: float, rng: Generator, mark: str) -> Degraded[Text]:
    points = code_points(text.value)
    own = points == ord(mark) if len(mark) == 1 else np.zeros(len(points), np.bool_)
    at = np.flatnonzero(content(text.value) & beyond_ascii(points) & ~own)
    some(at, "it has no characters beyond ASCII")
    hit = at[drawn(rng, len(at), share)]
    value = substituted(points, hit, np.zeros(len(hit), np.uint32), {0: mark})
    return Degraded(text.with_value(value), lost=spans_of(hit))


@mutator(
    "encoding.diacritics",
    truth="lost",
    share=Ladder(*SHARES, unit="share of characters with marks", zero=0),
    examples=EXAMPLES,
)
def diacritics(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Strip the marks of Latin, Greek and Cyrillic letters, as keyboards and old hosts without them do.

    What the letter was is lost ("Muller" may be Müller). Ladder: the catalogue's.
    """
    value, hit = rewritten(text, share, rng, _stripped, "it has no letters with marks")
    return Degraded(text.with_value(value), lost=spans_of(hit))


@cache
def _stripped(character: str) -> str:
    if not (ord(character) < _LAST_WITH_MARKS or ord(character) in _EXTENDED) or not character.isalpha():
        return character
    parts = unicodedata.normalize("NFD", character)
    return _NO_MARK.get(character) or "".join(each for each in parts if not unicodedata.combining(each)) or character


@mutator(
    "encoding.transliterated",
    truth=("same", "lost"),
    share=Ladder(*SHARES, unit="share of characters that are spelled out", zero=0),
    examples=EXAMPLES,
)
def transliterated(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Spell letters out in ASCII ("Mueller", "Malaga"), as payment formats, passports and mail addresses do.

    Which letter it was is lost; signs that are only written otherwise (EUR for the euro sign, plain quotes and
    dashes) mean the same. Ladder: the catalogue's shares for marks.
    """
    # Where straight quotes mean something, curly ones stay.
    rewrite = _spelled_in_quotes if '"' in text.value else _spelled
    value, hit = rewritten(text, share, rng, rewrite, "it has no characters that are ever spelled out in ASCII")
    letters = np.array([text.value[at] not in _SAME_SIGN for at in hit.tolist()], np.bool_)
    return Degraded(text.with_value(value), lost=spans_of(hit[letters]), touched=touched(hit))


def _spelled(character: str) -> str:
    return _SPELLED.get(character) or _SAME_SIGN.get(character) or _stripped(character)


def _spelled_in_quotes(character: str) -> str:
    return character if character in _QUOTES else _spelled(character)
