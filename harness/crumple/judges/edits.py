"""How many edits lie between two texts, also where they are too long to weigh every pair of characters."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TypeAlias

Text: TypeAlias = str | Sequence[int]

# Pairs of items to weigh: about half a second each.
_PAIRS = 1_000_000_000
_NEAR = 4_000_000_000
_PIECE = 2000
_PASSAGE = 32  # characters
_WORDS = 6


def edits(truth: Text, answer: Text) -> int:
    """The least number of items dropped, added or changed; where that takes too long, a bound of it.

    Up to `_PAIRS` pairs, or with few enough edits, it is exact. Past that:

    - An answer at least twice as long as the truth needs at least as many edits as the truth is long, and
      scores 0 whatever they are: the difference in length is returned, which is the least they can be.
    - Others are compared piece by piece, cut at passages that stand once in each, in the same order, and again
      cut by length alone; the lesser sum counts. It is never too low, and near the least where the passages are
      many, or where nothing agrees.

    Args:
        truth: the right text, or its words as numbers.
        answer: the system's.
    """
    from rapidfuzz.distance import Levenshtein  # slow to import

    if len(truth) * len(answer) <= _PAIRS:
        # Most answers are nearly right: looking near the diagonal first is up to eighty times as fast.
        return Levenshtein.distance(truth, answer, score_hint=64)
    if len(answer) >= 2 * len(truth):
        return len(answer) - len(truth)
    few = _NEAR // (2 * max(len(truth), len(answer)))
    found = Levenshtein.distance(truth, answer, score_cutoff=few, score_hint=64)
    if found <= few:
        return found
    return min(
        sum(Levenshtein.distance(one, other, score_hint=64) for one, other in _pieces(truth, answer, anchors))
        for anchors in (_anchors(truth, answer), [])
    )


def numbered(one: Sequence[str], other: Sequence[str]) -> tuple[list[int], list[int]]:
    """Words as numbers, since a hash of text differs from process to process."""
    numbers: dict[str, int] = {}
    first, second = ([numbers.setdefault(word, len(numbers)) for word in words] for words in (one, other))
    return first, second


def _pieces(truth: Text, answer: Text, anchors: Sequence[tuple[int, int]]) -> Iterator[tuple[Text, Text]]:
    """Both texts, cut where the same passages begin, and further by proportion where the next passage is far."""
    start = other_start = 0
    for end, other_end in [*anchors, (len(truth), len(answer))]:
        last = end == len(truth) and other_end == len(answer)
        if not last and max(end - start, other_end - other_start) < _PIECE:
            continue
        parts = max(1, max(end - start, other_end - other_start) // (2 * _PIECE))
        cuts = [
            (start + (end - start) * part // parts, other_start + (other_end - other_start) * part // parts)
            for part in range(parts + 1)
        ]
        for (here, there), (to, other_to) in itertools.pairwise(cuts):
            yield truth[here:to], answer[there:other_to]
        start, other_start = end, other_end


def _anchors(truth: Text, answer: Text) -> list[tuple[int, int]]:
    """Where passages begin that stand once in each text: the longest run of them that is in order in both."""
    where = _once(answer)
    pairs = [(here, where[passage]) for passage, here in _once(truth).items() if passage in where]
    pairs.sort()
    # The longest increasing subsequence: `ends[n]` is the pair with the earliest end of a run of n + 1.
    ends: list[int] = []
    runs: list[int] = []
    before: list[int] = []
    for index, (_, there) in enumerate(pairs):
        length = bisect_left(ends, there)
        before.append(runs[length - 1] if length else -1)
        ends[length : length + 1] = [there]
        runs[length : length + 1] = [index]
    found: list[tuple[int, int]] = []
    index = runs[-1] if runs else -1
    while index >= 0:
        found.append(pairs[index])
        index = before[index]
    return found[::-1]


def _once(text: Text) -> dict[object, int]:
    """The passages that stand once in a text, with their places; words make shorter ones than characters.

    Of characters only every eighth or so begins one, told by the character itself: the same in both texts.
    """
    passages: list[tuple[object, int]]
    if isinstance(text, str):
        starts = (start for start, letter in enumerate(text) if ord(letter) % 8 == 0)
        passages = [(text[start : start + _PASSAGE], start) for start in starts]
    else:
        passages = [(tuple(text[start : start + _WORDS]), start) for start in range(len(text))]
    counts = Counter(passage for passage, _ in passages)
    return {passage: start for passage, start in passages if counts[passage] == 1}
