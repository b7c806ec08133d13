"""Which items of two lists belong together, where one of them has lost or gained some."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from crumple import normalise
from crumple.judges.values import is_list
from crumple.truth import AnyOf, Json, leaves, pointer

Pair: TypeAlias = tuple[int | None, int | None]

_TOO_MANY = 400_000_000  # pairs to weigh: about a second


def align(truth: Sequence[Json], answer: Sequence[Json], most: int) -> list[Pair]:
    """Pair the items of two lists, in order, by the least number of items dropped, added or changed.

    Args:
        truth: the right items.
        answer: the system's.
        most: an answer with more fields is paired by position.

    Returns:
        (index in truth, index in answer); None on one side for an item that the other has not.
    """
    fields = sum(1 for _ in itertools.islice(leaves(answer), most + 1))
    if fields > most or len(truth) * len(answer) > _TOO_MANY:
        return _by_position(0, len(truth), 0, len(answer))
    from rapidfuzz.distance import Levenshtein  # slow to import

    # Numbers in order of appearance, since a hash of text differs from process to process.
    numbered: dict[str, int] = {}
    one = [numbered.setdefault(_key(item), len(numbered)) for item in truth]
    other = [numbered.setdefault(_key(item), len(numbered)) for item in answer]
    pairs: list[Pair] = []
    for step in Levenshtein.opcodes(one, other):
        pairs += _by_position(step.src_start, step.src_end, step.dest_start, step.dest_end)
    return pairs


def _by_position(start: int, end: int, other_start: int, other_end: int) -> list[Pair]:
    length = max(end - start, other_end - other_start)
    return [
        (start + step if start + step < end else None, other_start + step if other_start + step < other_end else None)
        for step in range(length)
    ]


def _key(item: Json) -> str:
    """A value's text, the same for its different notations as far as one side alone can tell."""
    return "\n".join(f"{path}\t{_scalar(value)}" for path, value in sorted(_leaves(item, "")))


def _leaves(value: Json, path: str) -> Iterator[tuple[str, Json]]:
    if isinstance(value, AnyOf):
        yield from _leaves(value.options[0], path)  # type: ignore[arg-type]  # edits are carried out by now
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves(item, path + pointer(key))
    elif is_list(value):
        for index, item in enumerate(value):
            yield from _leaves(item, path + pointer(index))
    else:
        yield path, value


def _scalar(value: Json) -> str:
    number = normalise.quantity(value)
    if number and number.value is not None:
        return str(number.value.normalize()) if number.value else "0"
    days = normalise.dates(value)
    return str(days[0]) if len(days) == 1 else normalise.text(value, ignore_case=True)
