"""Other readings of one character or of two, as rules that are looked up for many places at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from crumple_mutators.positions import Indices, Mask
from crumple_mutators.text.characters import PLANE, Characters, Codes
from crumple_mutators.text.edits import Edits
from crumple_mutators.text.hits import Costs, Dice32, chance, pick

_LONGEST = 3


class Readings:
    """Rules: what is written for a character, or for two of them side by side."""

    def __init__(self, alone: Mapping[str, Sequence[str]], pairs: Mapping[str, str], share: float) -> None:
        """Take the rules.

        Args:
            alone: a character and what may be written for it, each of at most three.
            pairs: two characters and what is written for both; the first has a rule of its own too.
            share: how often a pair is taken where there is one.
        """
        self._share = share
        flat = [(each, option) for each, options in alone.items() for option in options]
        rules = [*flat, *pairs.items()]
        self._read = np.zeros((len(rules), _LONGEST), np.uint32)
        for number, (_, new) in enumerate(rules):
            self._read[number, : len(new)] = [ord(each) for each in new]
        self._width = _numbers(len(old) for old, _ in rules)
        self._length = _numbers(len(new) for _, new in rules)
        self._cost = _numbers(Levenshtein.distance(old, new) for old, new in rules).astype(np.float64)
        self._count = np.zeros(PLANE, np.uint32)
        self._first = np.zeros(PLANE, np.intp)
        for number, (each, _) in reversed([*enumerate(flat)]):
            self._count[ord(each)] += 1
            self._first[ord(each)] = number
        # Which rule a pair has, by the numbers of its characters among those that begin or end one.
        begins, ends = (sorted({pair[side] for pair in pairs}) for side in (0, 1))
        self._begins, self._ends = _numbered(begins), _numbered(ends)
        self._pairs = np.zeros((len(begins) + 1, len(ends) + 1), np.intp)
        for number, pair in enumerate(pairs, start=len(flat)):
            self._pairs[self._begins[ord(pair[0])], self._ends[ord(pair[1])]] = number
        self.able: Mask = self._count > 0

    def of(self, at: Indices, rules: Indices, codes: Codes) -> Edits:
        """What is written at each place, by its rule."""
        return Edits(at, self._width[rules], self._read[rules].astype(codes.dtype), self._length[rules])

    def cost(self, rules: Indices) -> Costs:
        """How many errors each rule makes."""
        costs: Costs = self._cost[rules]
        return costs

    def rules(self, codes: Codes, at: Indices, dice: Dice32) -> Indices:
        """Which rule is taken at each place."""
        here, thrown = codes[at], dice.at(at)
        rules: Indices = self._first[here] + pick(thrown, self._count[here])
        after = codes.take(at + 1, mode="clip")
        pairs = self._pairs[self._begins[here], self._ends.take(after, mode="clip")]
        taken = (pairs > 0) & chance(thrown, self._share)
        taken[-1:] &= at[-1:] + 1 < len(codes)
        rules[taken] = pairs[taken]
        return rules


class Reading:
    """One text read by rules; what was looked up to count errors is not looked up again to make them."""

    def __init__(self, readings: Readings) -> None:
        """Take the rules."""
        self._readings = readings
        self._known: list[tuple[Indices, Indices]] = []

    def cost(self, characters: Characters, at: Indices, dice: Dice32) -> Costs:
        """How many errors each place makes."""
        rules = self._readings.rules(characters.codes, at, dice)
        self._known.append((at, rules))
        return self._readings.cost(rules)

    def edits(self, characters: Characters, at: Indices, dice: Dice32) -> Edits:
        """What is written at each place."""
        if len(self._known) == 1:
            counted, all_rules = self._known[0]
            rules = all_rules[np.searchsorted(counted, at)]
        else:
            rules = self._readings.rules(characters.codes, at, dice)
        return self._readings.of(at, rules, characters.codes)


def _numbers(each: Iterable[int]) -> Indices:
    return np.fromiter(each, np.intp)


def _numbered(characters: Sequence[str]) -> NDArray[np.uint8]:
    table = np.zeros(PLANE, np.uint8)
    for number, each in enumerate(characters, start=1):
        table[ord(each)] = number
    return table


def cased(rules: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Rules of small letters with those of capitals: Ph as F, PH as F."""
    found: dict[str, list[str]] = {}
    for old, options in rules.items():
        for change in (str, str.capitalize, str.upper):
            here = found.setdefault(change(old), [])
            changed = (change(new) for new in options if change is str or new != old * 2)  # no word begins "Tt"
            here += [new for new in changed if new not in here and new != change(old)]
    return found
