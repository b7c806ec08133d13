"""Letters in disguise: of another script, as digits, under stacks of accents; and pictures among them."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

import numpy as np
from numpy.random import Generator

from crumple import ABSENT, Degraded, Ladder, NotApplicable, Span, Spans, Text, Truth, mutator
from crumple_mutators.positions import Indices, Mask, drawn, some
from crumple_mutators.text.characters import PLANE, Characters, Codes, letters, letters_and_digits
from crumple_mutators.text.edits import NOTE, Edits
from crumple_mutators.text.passages import Passages, rewritten

_SHARES: Final = (0.01, 0.05, 0.2, 0.5, 1)
_LATIN: Final = "aceopxyijsABCEHIJKMOPSTX"
_CYRILLIC: Final = "асеорхуіјѕАВСЕНІЈКМОРЅТХ"
_LEET: Final = {"a": "4", "e": "3", "i": "1", "o": "0", "s": "5", "t": "7"}
_EMOJI: Final = "🙂👍🙏🎉😀❤✅🚚📦☎⭐🔥😊👋💡✨😅🤝"
_LAST_WITH_MARKS: Final = 0x530  # Latin, Greek, Cyrillic: beyond, a mark is a vowel and no ornament
_MOST_MARKS: Final = 3


@mutator(
    "text.homoglyphs",
    truth=("same", "lost"),
    refusable_from=4,
    share=Ladder(*_SHARES, unit="share of letters that have a double", zero=0),
    examples=[NOTE],
)
def homoglyphs(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put Cyrillic letters for Latin ones that look the same, or the other way round, as mixed keyboards do.

    The text looks as it did, and in a text of one script a reader puts every letter back: same. Where the other script
    is written too, words that are now all of it are lost. The script that has more of such letters is replaced.
    Ladder: the catalogue's for characters that nobody sees.
    """
    _check_unicode(text, "\u0430")
    passages = Passages.of(text)
    characters = Characters.of(text.value, most=PLANE - 1)
    codes = characters.codes
    kinds = [~passages.unable(_among(each), characters) for each in (_LATIN, _CYRILLIC)]
    old, new = (_LATIN, _CYRILLIC) if kinds[0].sum() >= kinds[1].sum() else (_CYRILLIC, _LATIN)
    at = np.flatnonzero(kinds[0] if old is _LATIN else kinds[1])
    some(at, "it has no letters that another script has too")
    hit = at[drawn(rng, len(at), share)]
    changed = codes.copy()
    changed[hit] = _map(old, new)[codes[hit]]
    lost = _turned(codes, changed, hit, to_cyrillic=new is _CYRILLIC)
    return Degraded(text.with_value(characters.written(changed)), lost=lost, touched=Spans(hit, 0, 1))


@mutator(
    "text.leet",
    truth=("lost", "new"),
    share=Ladder(0.01, 0.05, 0.1, 0.2, 0.5, unit="share of letters that a digit stands for", zero=0),
    examples=[NOTE],
)
def leet(text: Text, share: float, rng: Generator, *, truth: Truth = ABSENT) -> Degraded[Text]:
    """Write digits for letters that look like them, as people do to get round filters: "inv01ce".

    What was written so is lost: whether a digit was meant nobody can tell. Ladder: a first guess, uncalibrated.
    """
    passages = Passages.of(text)
    characters = Characters.of(text.value)
    at = np.flatnonzero(~passages.unable(_among("".join(_LEET) + "".join(_LEET).upper()), characters))
    some(at, "it has no letters that a digit stands for")
    hit = at[drawn(rng, len(at), share)]
    changed = characters.codes.copy()
    changed[hit] = _map("".join(_LEET), "".join(_LEET.values()))[changed[hit] | 0x20]
    return rewritten(text, characters.written(changed), truth, lost=Spans(hit, 0, 1))


@mutator(
    "text.emoji",
    refusable_from=5,
    share=Ladder(0.01, 0.02, 0.05, 0.1, 0.2, unit="share of words", zero=0),
    examples=[NOTE],
)
def emoji(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Put emoji after words, as people write on telephones: "Thank you 🙏 for".

    They say nothing of what is asked for: the answer is the same. Words are runs of two letters and more. Ladder: a
    first guess, uncalibrated.
    """
    _check_unicode(text, _EMOJI[0])
    passages = Passages.of(text)
    characters = Characters.of(text.value, most=PLANE)
    word = np.zeros(len(characters.codes) + 1, np.bool_)
    word[:-1] = ~passages.unable(letters(), characters)
    digit = np.zeros_like(word)
    digit[:-1] = characters.among(letters_and_digits()) & ~word[:-1]
    at = np.flatnonzero(word[1:-1] & word[:-2] & ~word[2:] & ~digit[2:]) + 2
    some(at, "it has no words")
    kind = rng.integers(len(_EMOJI), size=len(at))
    hit = drawn(rng, len(at), share)
    pictures = np.array([ord(each) for each in _EMOJI], np.uint32)[kind[hit]]
    read = np.stack([np.full_like(pictures, ord(" ")), pictures], 1)
    edits = Edits(at[hit], 0, read, 2)
    return Degraded(text.with_value(characters.written(edits.applied(characters.codes))), touched=edits.spans)


@mutator(
    "text.stacked_accents",
    refusable_from=4,
    share=Ladder(*_SHARES, unit="share of letters", zero=0),
    examples=[NOTE],
)
def stacked_accents(text: Text, share: float, rng: Generator) -> Degraded[Text]:
    """Pile one to three accents on Latin, Greek and Cyrillic letters that no language puts there ("zalgo").

    None of them makes another letter of the one below: a reader that drops marks which do not compose (Unicode's
    form NFC) reads the same. Ladder: the catalogue's for characters that nobody sees.
    """
    _check_unicode(text, chr(_marks()[0]))
    passages = Passages.of(text)
    characters = Characters.of(text.value, most=PLANE - 1)
    able = letters().copy()
    able[_LAST_WITH_MARKS:] = False
    at = np.flatnonzero(~passages.unable(able, characters)) + 1
    some(at, "it has no Latin, Greek or Cyrillic letters")
    marks = _marks()[rng.integers(len(_marks()), size=(len(at), _MOST_MARKS))]
    number = rng.integers(1, _MOST_MARKS + 1, size=len(at))
    hit = drawn(rng, len(at), share)
    edits = Edits(at[hit], 0, marks[hit].astype(characters.codes.dtype), number[hit])
    value = characters.written(edits.applied(characters.codes))
    return Degraded(text.with_value(value), touched=Spans(at[hit], 1, 0))


@cache
def _marks() -> Codes:
    """The combining accents that no composed character has."""
    used = {each for code in range(PLANE) for each in unicodedata.decomposition(chr(code)).split()}
    found = (code for code in range(0x300, 0x34F) if f"{code:04X}" not in used)
    return np.array([code for code in found if not unicodedata.decomposition(chr(code))], np.uint32)


def _check_unicode(text: Text, example: str) -> None:
    if not text.encoding.startswith(("utf-", "gb18030")):
        raise NotApplicable(f"{text.encoding} cannot write {example}")


@cache
def _among(characters: str) -> Mask:
    table = np.zeros(PLANE, np.bool_)
    table[[ord(each) for each in characters]] = True
    return table


@cache
def _map(old: str, new: str) -> Codes:
    table = np.zeros(PLANE, np.uint32)
    table[[ord(each) for each in old]] = [ord(each) for each in new]
    return table


def _turned(before: Codes, after: Codes, hit: Indices, *, to_cyrillic: bool) -> list[Span]:
    """Words that were turned into the other script altogether, in a text that has words of it anyway."""
    other = (after >= 0x400) & (after < _LAST_WITH_MARKS) if to_cyrillic else _latin(after)
    was = (before >= 0x400) & (before < _LAST_WITH_MARKS) if to_cyrillic else _latin(before)
    if not was.any():
        return []
    letter = letters().take(after, mode="clip")
    edges = np.flatnonzero(np.diff(np.concatenate([[0], letter.view(np.int8), [0]])))
    starts, ends = edges[::2], edges[1::2]
    counted = np.concatenate([[0], np.cumsum(letter & ~other)])
    changed = np.concatenate([[0], np.cumsum(other & ~was)])
    gone = (counted[ends] == counted[starts]) & (changed[ends] > changed[starts])
    return [Span(int(start), int(end)) for start, end in zip(starts[gone], ends[gone], strict=True)]


def _latin(codes: Codes) -> Mask:
    mask: Mask = ((codes | 0x20) >= ord("a")) & ((codes | 0x20) <= ord("z")) | ((codes >= 0xC0) & (codes < 0x250))
    return mask
