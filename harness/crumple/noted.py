"""How often names were noted, where there may be a million of them: in eight bytes a time, or in a table. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

_FEW: Final = 1024
_WORTH: Final = 8
"""A name in a table takes as much as it does so many times in a list."""


class Noted(Mapping[str, int]):
    """Names, each with how often it was noted, in the order in which they were met.

    What is met once or twice each, as the cases of a large corpus, is kept as a list; what comes again and again is
    counted, so that its size depends on how many names there are.
    """

    __slots__ = ("_counted", "_list", "_look_at")

    def __init__(self) -> None:
        """Nothing was noted yet."""
        self._counted: Counter[str] = Counter()
        self._list: list[str] = []
        self._look_at = _FEW

    def note(self, name: str) -> None:
        """Note a name once more."""
        self._list.append(name)
        if len(self._list) >= self._look_at:
            self._look()

    def join(self, other: Noted) -> None:
        """Note all that another one has."""
        self._counted.update(other._counted)
        self._list += other._list

    @property
    def times(self) -> int:
        """How often anything was noted."""
        return self._counted.total() + len(self._list)

    def parts(self) -> tuple[list[str], list[int]]:
        """All of it without a table: names, some of them several times, and how often each time."""
        return [*self._counted, *self._list], [*self._counted.values(), *([1] * len(self._list))]

    def _look(self) -> None:
        """Count what is in the list, where that takes less space."""
        if _WORTH * len(set(self._list)) <= len(self._list):
            self._counted.update(self._list)
            self._list = []
            self._look_at = _FEW
        else:
            self._look_at = 2 * len(self._list)

    def __getitem__(self, name: str) -> int:
        found = self._counted[name] + self._list.count(name)
        if not found:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys([*self._counted, *self._list]))

    def __len__(self) -> int:
        return len(self._counted.keys() | set(self._list)) if self._counted else len(set(self._list))

    def __bool__(self) -> bool:
        return bool(self._counted or self._list)
