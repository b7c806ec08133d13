"""Where two sequences differ, in bounded time and memory however long they are."""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

_DEAR = 1 << 24
"""Up to so many pairs of items the shortest script of edits is looked for, which takes a bit for each."""
_MOST_BLOCKS = 4096
"""More places than anybody tells apart by calling a system."""


class Block(NamedTuple):
    """Items [start, end) of the one stand where items [begin, stop) of the other do."""

    start: int
    end: int
    begin: int
    stop: int


_Span: TypeAlias = tuple[int, int, int, int]


def differing(one: Sequence[Hashable], other: Sequence[Hashable]) -> list[Block]:
    """The places where two sequences differ, in order; between them they are the same.

    Of long ones, what stands once in both holds the two together; where nothing does, a place may be larger
    than need be.
    """
    numbers: dict[Hashable, int] = {}
    first = [numbers.setdefault(each, len(numbers)) for each in one]
    second = [numbers.setdefault(each, len(numbers)) for each in other]
    return list(_merged(_between(first, second)))


def _between(first: list[int], second: list[int]) -> Iterator[Block]:
    # What is still to be looked at; the last is the next one.
    waiting: list[_Span] = [(0, len(first), 0, len(second))]
    while waiting:
        start, end, begin, stop = _trimmed(first, second, *waiting.pop())
        if start == end and begin == stop:
            continue
        if start == end or begin == stop:
            yield Block(start, end, begin, stop)
        elif (end - start) * (stop - begin) <= _DEAR:
            yield from _shortest(first, second, start, end, begin, stop)
        elif end - start == stop - begin and _mostly_same(first, second, start, end, begin):
            yield from _in_place(first, second, start, end, begin)
        elif anchors := _anchors(first, second, start, end, begin, stop):
            cuts = [(start, begin), *((at + 1, there + 1) for at, there in anchors)]
            ends = [*anchors, (end, stop)]
            parts = [(a, b, c, d) for (a, c), (b, d) in zip(cuts, ends, strict=True)]
            waiting += reversed(parts)
        elif end - start == stop - begin:
            yield from _in_place(first, second, start, end, begin)
        else:
            yield Block(start, end, begin, stop)


def _in_place(first: list[int], second: list[int], start: int, end: int, begin: int) -> Iterator[Block]:
    """Of as many items in both, one by one, those that differ."""
    shift = begin - start
    for at in range(start, end):
        if first[at] != second[at + shift]:
            yield Block(at, at + 1, at + shift, at + shift + 1)


def _mostly_same(first: list[int], second: list[int], start: int, end: int, begin: int) -> bool:
    """Whether at least a quarter of as many items in both are the same one by one, or hardly one stands in both."""
    size = end - start
    same = sum(map(int.__eq__, first[start:end], second[begin : begin + size]))
    return same * 4 >= size or len({*first[start:end]} & {*second[begin : begin + size]}) * 50 < size


def coarse(blocks: Sequence[Block]) -> list[Block]:
    """Blocks of as many items in both cut into single ones, and then joined with their neighbours to at most 4096."""
    single = list(_single(blocks))
    each = -(-len(single) // _MOST_BLOCKS)
    runs = [single[at : at + each] for at in range(0, len(single), max(1, each))]
    return [Block(run[0].start, run[-1].end, run[0].begin, run[-1].stop) for run in runs]


def _single(blocks: Sequence[Block]) -> Iterator[Block]:
    for each in blocks:
        if each.end - each.start != each.stop - each.begin:
            yield each
            continue
        for at, there in zip(range(each.start, each.end), range(each.begin, each.stop), strict=True):
            yield Block(at, at + 1, there, there + 1)


def _trimmed(first: list[int], second: list[int], start: int, end: int, begin: int, stop: int) -> _Span:
    while start < end and begin < stop and first[start] == second[begin]:
        start, begin = start + 1, begin + 1
    while start < end and begin < stop and first[end - 1] == second[stop - 1]:
        end, stop = end - 1, stop - 1
    return start, end, begin, stop


def _shortest(first: list[int], second: list[int], start: int, end: int, begin: int, stop: int) -> Iterator[Block]:
    if end - start == stop - begin == 1:
        yield Block(start, end, begin, stop)
        return
    from rapidfuzz.distance import Levenshtein  # only where changes are told apart

    for each in Levenshtein.opcodes(first[start:end], second[begin:stop]):
        if each.tag != "equal":
            yield Block(start + each.src_start, start + each.src_end, begin + each.dest_start, begin + each.dest_end)


def _anchors(first: list[int], second: list[int], start: int, end: int, begin: int, stop: int) -> list[tuple[int, int]]:
    """Items that stand once in both, as many of them as are in the same order."""
    here, there = Counter(first[start:end]), Counter(second[begin:stop])
    where = {item: begin + at for at, item in enumerate(second[begin:stop]) if there[item] == 1}
    pairs = [(start + at, where[item]) for at, item in enumerate(first[start:end]) if here[item] == 1 and item in where]
    return _rising(pairs)


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest of the chains of pairs that rise in both."""
    tops: list[int] = []
    at_top: list[int] = []
    before: list[int] = []
    for at, (_, there) in enumerate(pairs):
        place = bisect.bisect_left(tops, there)
        before.append(at_top[place - 1] if place else -1)
        tops[place : place + 1], at_top[place : place + 1] = [there], [at]
    chain: list[tuple[int, int]] = []
    at = at_top[-1] if at_top else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]


def _merged(blocks: Iterator[Block]) -> Iterator[Block]:
    """Blocks that touch one another as one."""
    held: Block | None = None
    for each in blocks:
        if held is not None and held.end == each.start and held.stop == each.begin:
            held = Block(held.start, each.end, held.begin, each.stop)
            continue
        if held is not None:
            yield held
        held = each
    if held is not None:
        yield held
