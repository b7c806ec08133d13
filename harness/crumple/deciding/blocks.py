"""The calls of a population, round by round: a round counts when each of its calls has come to something. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from crumple.mix import Stratum
from crumple.result import Result


@dataclass(slots=True)
class Block:
    """The calls of one round.

    Attributes:
        left: how many have not come to anything yet.
        results: what came of the others.
    """

    left: int = 0
    results: list[Result] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Owed:
    """A call that came to nothing and is to be made again.

    Attributes:
        block: its round.
        name: the mutator's.
        level: None: any that is left.
    """

    block: int
    name: str
    level: float | None


@dataclass(slots=True)
class Blocks:
    """Those that are not whole yet, and what they lack."""

    _open: dict[int, Block] = field(default_factory=dict)
    owed: list[Owed] = field(default_factory=list)

    def promise(self, number: int) -> None:
        """Note that a call is drawn for a round."""
        self._open.setdefault(number, Block()).left += 1

    def withdraw(self, number: int) -> None:
        """Take that back."""
        if number in self._open:
            self._open[number].left -= 1

    def count(self, number: int, result: Result) -> None:
        """Take in what came of a call."""
        if number in self._open:
            self._open[number].left -= 1
            self._open[number].results.append(result)

    def owe(self, number: int, place: Stratum, levels: Sequence[float]) -> None:
        """Note that a call came to nothing.

        Args:
            number: its round.
            place: its mutator and level.
            levels: the mutator's that count; without any it is not made again.
        """
        name, level = place
        if number not in self._open:
            return
        if levels:
            self.owed.append(Owed(number, name, level if level in levels else None))
        else:
            self._open[number].left -= 1

    def give_up(self, place: Stratum, levels: Sequence[float]) -> None:
        """Make no more calls of a mutator at a level; of another one instead, where there is any."""
        name, level = place
        # Where no level is left, nothing is: neither what was owed at any level.
        found = [each for each in self.owed if each.name == name and (each.level == level or not levels)]
        self.owed = [each for each in self.owed if each not in found]
        for each in found:
            self.owe(each.block, place, levels)

    def next_owed(self, most: int) -> list[Owed]:
        """What is to be made again now; it is owed no more."""
        now, self.owed = self.owed[:most], self.owed[most:]
        return now

    def whole(self) -> list[Result]:
        """What came of the rounds that are whole by now."""
        found = [number for number, each in sorted(self._open.items()) if each.left <= 0]
        return [result for number in found for result in self._open.pop(number).results]
