"""Lines and rows side by side: those that differ, with a little of what stands around them. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from crumple.exhibits.marking import Step, aligned

Pair: TypeAlias = tuple[int | None, int | None]
"""The index of an item before and after; None where it is missing on that side."""
_COMPARED: Final = 2_000
"""Items of each side, from the first that differs on, that are compared."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Pairs to show.

    Attributes:
        pairs: in order, with those around them that are the same.
        left_out: how many more differ.
    """

    pairs: tuple[Pair, ...]
    left_out: int


def chosen(clean: Sequence[Hashable], degraded: Sequence[Hashable], most: int, *, context: int = 1) -> Chosen:
    """The first pairs that differ.

    Args:
        clean: lines or rows as they were.
        degraded: as they are.
        most: how many that differ are taken.
        context: how many that are the same are taken before and after each.
    """
    start = _common(clean, degraded)
    end = _common(clean[start:][::-1], degraded[start:][::-1])
    one, other = clean[start : len(clean) - end], degraded[start : len(degraded) - end]
    found = list(_pairs(aligned(one[:_COMPARED], other[:_COMPARED]), start))
    if not end:
        after: list[tuple[Pair, bool]] = []
    else:  # what stands behind the last that differs
        tails = range(min(end, context))
        after = [((len(clean) - end + at, len(degraded) - end + at), False) for at in tails]
    before = [((at, at), False) for at in range(max(0, start - context), start)]
    if max(len(one), len(other)) > _COMPARED:
        after = []
    ranked = [*before, *found, *after]
    differing = [at for at, (_, differs) in enumerate(ranked) if differs]
    shown = {near for at in differing[:most] for near in range(at - context, at + context + 1)}
    pairs = tuple(
        pair for at, (pair, differs) in enumerate(ranked) if at in shown and (not differs or at in differing[:most])
    )
    beyond = max(0, max(len(one), len(other)) - _COMPARED)
    return Chosen(pairs, max(0, len(differing) - most) + beyond)


def _pairs(found: Sequence[Step], start: int) -> Iterator[tuple[Pair, bool]]:
    for tag, one, one_end, other, other_end in found:
        for at in range(max(one_end - one, other_end - other)):
            left = start + one + at if one + at < one_end else None
            right = start + other + at if other + at < other_end else None
            yield (left, right), tag != "equal"


def _common(one: Sequence[Hashable], other: Sequence[Hashable]) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
