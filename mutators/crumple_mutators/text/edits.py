"""Errors at the places that were hit, written into the text all at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator

from crumple import Degraded, Ladder, Spans, Text, Truth
from crumple_mutators.positions import Indices, Mask
from crumple_mutators.text.characters import Characters, Codes
from crumple_mutators.text.hits import Costs, Dice32, hits
from crumple_mutators.text.passages import Passages, rewritten

RATE: Final = Ladder(0.005, 0.02, 0.05, 0.1, 0.2, unit="errors per character of content", zero=0)
"""The catalogue's: the target character error rate."""

NOTE: Final = (
    "note.txt",
    (
        "Invoice number: RE-2024-0117\nCustomer: Meyer Rohrleitungen, Kiel\nTotal: 1234.50 EUR\n\n"
        "Thank you for your order. The phone call on Friday cleared the questions about the machine; our people will "
        "come next week, check all connections and turn on the water again.\n"
    ),
)
"""Running text in which every kind of slip finds its place."""


@dataclass(frozen=True, slots=True)
class Edits:
    """What is written at some places in place of what stands there.

    Attributes:
        at: where each begins, rising.
        width: how many characters each replaces: 0, 1 or 2.
        read: what is written, a row each, from the left.
        length: how many characters of its row each writes; 0, 1, 2 or 3.
    """

    at: Indices
    width: int | Indices
    read: Codes
    length: int | Indices

    def applied(self, codes: Codes) -> Codes:
        """The characters with all edits made."""
        at, width, length = self.at, self.width, self.length
        if isinstance(width, int) and isinstance(length, int) and width == length:
            changed = codes.copy()
            for column in range(length):
                changed[at + column] = self.read[:, column]
            return changed
        kept = codes
        if not isinstance(width, int) or width:
            keep = np.ones(len(codes), np.bool_)
            keep[self._places(at, width)] = False
            kept = codes[keep]
        if isinstance(length, int) and not length:
            return kept
        gained = length - width
        if isinstance(gained, int):
            begins, more = at + np.arange(0, gained * len(at), gained), gained * len(at)
        else:
            ends = gained.cumsum()
            begins, more = at + (ends - gained), int(ends[-1]) if len(ends) else 0
        changed = np.empty(len(codes) + more, codes.dtype)
        old = np.ones(len(changed), np.bool_)
        places = self._places(begins, length)
        if isinstance(length, int):
            changed[places] = self.read[:, :length].ravel()
        else:
            reached = _reached(length)
            changed[places] = self.read[:, : reached.shape[1]][reached]
        old[places] = False
        changed[old] = kept
        return changed

    @staticmethod
    def _places(at: Indices, counts: int | Indices) -> Indices:
        """As many places as each edit has, from where it begins."""
        if isinstance(counts, int):
            return at if counts == 1 else (at[:, None] + np.arange(counts)).ravel()
        reached = _reached(counts)
        places: Indices = (at[:, None] + np.arange(reached.shape[1]))[reached]
        return places

    @property
    def spans(self) -> Spans:
        """What cannot be read any more; beside a character that came in, its neighbours, which it separates."""
        if isinstance(self.width, int):
            return Spans(self.at, int(self.width == 0), max(self.width, 1))
        return Spans(self.at, (self.width == 0).astype(np.intp), np.maximum(self.width, 1))


def _reached(counts: Indices) -> Mask:
    """For every edit and column whether the edit has so many characters."""
    mask: Mask = np.arange(int(counts.max(initial=0))) < counts[:, None]
    return mask


def noisy(
    text: Text,
    rate: float,
    rng: Generator,
    truth: Truth,
    *,
    able: Mask,
    edits: Callable[[Characters, Indices, Dice32], Edits],
    reason: str,
    cost: Callable[[Characters, Indices, Dice32], Costs] | None = None,
    pairs: bool = False,
) -> Degraded[Text]:
    """A text with errors in its content, as many as a share of its characters.

    Args:
        text: of any kind.
        rate: errors (one character inserted, deleted, replaced, or two swapped) for each character of content.
        rng: draws the places.
        truth: of the case; where it is the whole text, what is read now is right as well.
        able: which characters can be hit, as a table.
        edits: what happens at the places that are.
        reason: of `NotApplicable`, where there are none.
        cost: how many errors each place makes; by default one.
        pairs: whether two different characters side by side are hit, rather than one.

    Raises:
        NotApplicable: nothing in it can be hit.
    """
    passages = Passages.of(text)
    characters = Characters.of(text.value)
    counted = None if cost is None else lambda at, dice: cost(characters, at, dice)
    unable = passages.unable(able, characters)
    if pairs:
        unable = _unable_pairs(unable, characters.codes)
    at, dice = hits(rng, unable, rate * passages.size, reason, counted)
    if rate <= 0:
        return Degraded(text)
    made = edits(characters, at, dice)
    value = characters.written(made.applied(characters.codes))
    return rewritten(text, value, truth, lost=made.spans)


def _unable_pairs(unable: Mask, codes: Codes) -> Mask:
    """Where no pair of characters begins that can be hit, and told apart."""
    pairs = np.ones(len(codes), np.bool_)
    np.equal(codes[1:], codes[:-1], out=pairs[:-1])
    pairs[:-1] |= unable[1:]
    pairs |= unable
    return pairs
