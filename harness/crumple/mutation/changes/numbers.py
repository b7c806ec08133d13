"""The numbers in a step's `only`."""

from __future__ import annotations

from crumple.errors import NotApplicable


def chosen(only: str, count: int) -> frozenset[int]:
    """The numbers that `only` names: "0-3,7" is 0, 1, 2, 3 and 7.

    Args:
        only: as in `Step.only`.
        count: how many changes there are.

    Raises:
        NotApplicable: it names none, or one beyond the last.
    """
    ranges = [(int(first), int(last or first)) for first, _, last in (each.partition("-") for each in only.split(","))]
    if max(last for _, last in ranges) >= count:
        raise NotApplicable(f"only={only!r}: it makes only {count} changes, from 0 to {count - 1}")
    numbers = frozenset(number for first, last in ranges for number in range(first, last + 1))
    if not numbers:
        raise NotApplicable(f"only={only!r} keeps none of its {count} changes")
    return numbers
