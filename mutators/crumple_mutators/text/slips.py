"""Slips of the fingers: keys beside the right one, characters that are missing, doubled, swapped or too many."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.random import Generator

from crumple import ABSENT, Degraded, Text, Truth, mutator
from crumple_mutators.positions import Indices, Mask
from crumple_mutators.text.characters import Characters, Codes, letters, letters_and_digits
from crumple_mutators.text.edits import NOTE, RATE, Edits, noisy
from crumple_mutators.text.hits import Dice, Dice32, pick
from crumple_mutators.text.layouts import layout_of, neighbours, typed

_NO_LETTERS: Final = "it has no letters or digits to slip on"
_NO_PAIRS: Final = "it has no two different letters or digits side by side"
_POOL: Final = 4096
# The slips of fast typing: a wrong key, one left out, one put in, two swapped, one doubled.
_WIDTH: Final = np.array([1, 1, 0, 2, 1])
_LENGTH: Final = np.array([1, 0, 1, 2, 2])
_OF_100: Final = np.array([45, 20, 15, 10, 10])
_KINDS: Final = np.repeat(np.arange(5), _OF_100)
_SWAPPED, _DOUBLED = 3, 4


@mutator("text.keyboard", truth=("lost", "new"), refusable_from=5, rate=RATE, examples=[NOTE])
def keyboard(
    text: Text, rate: float, rng: Generator, *, truth: Truth = ABSENT, layout: str = "auto", digits: bool = True
) -> Degraded[Text]:
    """Hit the key beside the right one, as hurried fingers do.

    Keys lie as on the real board, rows staggered; capitals stay capitals; Latin, Cyrillic and Greek letters lie on
    boards of their own. What is hit is lost; where the right answer is the whole text, what it reads now is right as
    well. Ladder: the catalogue's character error rates; the rate asked for is the rate got. `layout` is qwerty, qwertz,
    azerty, jcuken or greek; "auto" goes by the letters that only one of them has. `digits=false` spares digits.
    """
    board = layout_of(text.value, layout, "text.keyboard")

    def edits(characters: Characters, at: Indices, dice: Dice32) -> Edits:
        return _in_place(at, _beside(characters.codes[at], dice.at(at), board))

    able = typed(board, digits=digits)
    return noisy(text, rate, rng, truth, able=able, edits=edits, reason=_NO_LETTERS)


@mutator("text.insert", truth=("lost", "new"), refusable_from=5, rate=RATE, examples=[NOTE])
def insert(text: Text, rate: float, rng: Generator, *, truth: Truth = ABSENT, digits: bool = True) -> Degraded[Text]:
    """Put letters and digits of the text where they do not belong, as a hand that rests on the keyboard does.

    The characters on both sides are lost. Ladder: the catalogue's character error rates. `digits=false` puts letters
    before letters only.
    """

    def edits(characters: Characters, at: Indices, dice: Dice32) -> Edits:
        head = Characters(characters.codes[:_POOL], characters.codec)
        pool = head.codes[head.among(_able(digits=digits))]
        pool = pool if len(pool) else characters.codes[at[:1]]
        return _put_in(at, pool[pick(dice.at(at), len(pool))])

    return noisy(text, rate, rng, truth, able=_able(digits=digits), edits=edits, reason=_NO_LETTERS)


@mutator("text.delete", truth=("lost", "new"), refusable_from=5, rate=RATE, examples=[NOTE])
def delete(text: Text, rate: float, rng: Generator, *, truth: Truth = ABSENT, digits: bool = True) -> Degraded[Text]:
    """Leave letters and digits out, as a key does that was not pressed through.

    They are lost. Ladder: the catalogue's character error rates. `digits=false` spares digits.
    """

    def edits(characters: Characters, at: Indices, dice: Dice32) -> Edits:
        return Edits(at, 1, characters.codes[:0, None], 0)

    return noisy(text, rate, rng, truth, able=_able(digits=digits), edits=edits, reason=_NO_LETTERS)


@mutator("text.double", truth=("lost", "new"), refusable_from=5, rate=RATE, examples=[NOTE])
def double(text: Text, rate: float, rng: Generator, *, truth: Truth = ABSENT, digits: bool = True) -> Degraded[Text]:
    """Write letters and digits twice, as a key does that bounces or is held too long.

    They are lost. Ladder: the catalogue's character error rates. `digits=false` spares digits.
    """

    def edits(characters: Characters, at: Indices, dice: Dice32) -> Edits:
        return _doubled(at, characters.codes)

    return noisy(text, rate, rng, truth, able=_able(digits=digits), edits=edits, reason=_NO_LETTERS)


@mutator("text.swap", truth=("lost", "new"), refusable_from=5, rate=RATE, examples=[NOTE])
def swap(text: Text, rate: float, rng: Generator, *, truth: Truth = ABSENT, digits: bool = True) -> Degraded[Text]:
    """Swap neighbouring letters and digits, as two hands do that are not in step.

    Both are lost. A swap counts as one error (optimal string alignment). Ladder: the catalogue's character error
    rates. `digits=false` spares digits.
    """

    def edits(characters: Characters, at: Indices, dice: Dice32) -> Edits:
        codes = characters.codes
        return Edits(at, 2, np.stack([codes[at + 1], codes[at]], 1), 2)

    return noisy(text, rate, rng, truth, able=_able(digits=digits), edits=edits, reason=_NO_PAIRS, pairs=True)


@mutator("text.typos", truth=("lost", "new"), refusable_from=5, rate=RATE, examples=[NOTE])
def typos(
    text: Text, rate: float, rng: Generator, *, truth: Truth = ABSENT, layout: str = "auto", digits: bool = True
) -> Degraded[Text]:
    """Make the mixture of slips that people make who type fast and read nothing over.

    Of a hundred errors 45 are a wrong key, 20 a character left out, 15 one put in (a key beside it hit too), 10 two
    swapped, 10 one doubled: most are replaced and fewest swapped, as studies of typing find; the shares are a guess.
    What is hit is lost. Ladder: the catalogue's character error rates. `layout` and `digits` as in text.keyboard.
    """
    board = layout_of(text.value, layout, "text.typos")
    keys = typed(board, digits=digits)

    def edits(characters: Characters, at: Indices, dice: Dice32) -> Edits:
        codes, thrown = characters.codes, dice.at(at)
        here, after = codes[at], codes.take(at + 1, mode="clip")
        kind = _KINDS[((thrown & 0xFFFF) * 100) >> 16]
        alone = (kind == _SWAPPED) & (~keys.take(after, mode="clip") | (after == here))
        kind[alone] = _DOUBLED
        beside = _beside(here, thrown, board)
        read = np.stack([np.where(kind == _DOUBLED, here, np.where(kind == _SWAPPED, after, beside)), here], 1)
        return Edits(at, _WIDTH[kind], read, _LENGTH[kind])

    return noisy(text, rate, rng, truth, able=keys, edits=edits, reason=_NO_LETTERS)


def _able(*, digits: bool) -> Mask:
    return letters_and_digits() if digits else letters()


def _beside(codes: Codes, dice: Dice, board: str) -> Codes:
    count, near = neighbours(board)
    return near[codes, pick(dice, count[codes])].astype(codes.dtype)


def _in_place(at: Indices, read: Codes) -> Edits:
    return Edits(at, 1, read[:, None], 1)


def _put_in(at: Indices, read: Codes) -> Edits:
    return Edits(at, 0, read[:, None], 1)


def _doubled(at: Indices, codes: Codes) -> Edits:
    """A second one before each character: beside its double it separates nothing."""
    return Edits(at, 1, np.repeat(codes[at][:, None], 2, 1), 2)
