"""Ladders: what the levels 1 to 5 of a mutator mean, in the unit of its main parameter."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

from crumple.recipe import Value

LEVELS = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True, init=False)
class Ladder:
    """The main parameter at the levels 1 to 5.

    Numbers are interpolated between the rungs (geometrically where all are positive, so that 0.5 dpi and
    600 dpi ladders are both walked evenly) and, below level 1, towards `zero`. Names and truth values have
    no between: a level rounds to its rung. Whole-number ladders give whole numbers.

    Attributes:
        rungs: the five values.
        unit: as people say it at the scanner or in the file: "deg", "dpi", "share", "mm". "share of words" says that it
            acts on many alike things, each by itself; then a finding is cut to the fewest of them.
        zero: the value at which the mutator changes nothing, or None where there is none: then levels
            below 1 are level 1.
    """

    rungs: tuple[Value, ...]
    unit: str
    zero: float | None

    def __init__(self, *rungs: Value, unit: str = "", zero: float | None = None) -> None:
        """Take the five rungs.

        Raises:
            ValueError: not five, mixed types, or numbers that do not rise or fall throughout.
        """
        if len(rungs) != len(LEVELS):
            raise ValueError(f"a ladder has five rungs, got {len(rungs)}")
        if _numeric(rungs):
            steps = [float(b) - float(a) for a, b in itertools.pairwise(rungs)]
            if not (all(step > 0 for step in steps) or all(step < 0 for step in steps)):
                raise ValueError(f"the rungs of a ladder must rise or fall throughout, got {rungs}")
        elif len({type(rung) for rung in rungs}) != 1 or len(set(rungs)) != len(rungs):
            raise ValueError(f"the rungs of a ladder are five numbers or five different names, got {rungs}")
        elif zero is not None:
            raise ValueError("only a ladder of numbers has a zero")
        object.__setattr__(self, "rungs", rungs)
        object.__setattr__(self, "unit", unit)
        object.__setattr__(self, "zero", zero)

    def at(self, level: float) -> Value:
        """The parameter's value at a level in (0, 5], rounded to four significant digits between rungs.

        Raises:
            ValueError: the level is outside (0, 5].
        """
        check_level(level)
        if not _numeric(self.rungs):
            return self.rungs[max(1, math.floor(level + 0.5)) - 1]
        if level == int(level):
            return self.rungs[int(level) - 1]
        if level < 1 and self.zero is None:
            return self.rungs[0]
        low = math.floor(level)
        start = float(self.rungs[low - 1]) if low else float(self.zero or 0.0)
        value = _between(start, float(self.rungs[low]), level - low)
        if all(isinstance(rung, int) for rung in self.rungs):
            return round(value)
        return float(f"{value:.4g}")

    def level_of(self, value: Value) -> float:
        """The level at which the parameter has this value; values past an end are that end's level.

        Raises:
            ValueError: a name that is not on the ladder.
        """
        if not _numeric(self.rungs):
            return float(self.rungs.index(value) + 1)
        number = float(value)
        numbers = [float(rung) for rung in self.rungs]
        sign = 1.0 if numbers[-1] > numbers[0] else -1.0
        if sign * number >= sign * numbers[-1]:
            return float(len(numbers))
        for index in range(len(numbers) - 1, 0, -1):
            if sign * number >= sign * numbers[index - 1]:
                return index + _share(numbers[index - 1], numbers[index], number)
        if self.zero is None or sign * number <= sign * self.zero:
            return 1.0 if self.zero is None else 0.0
        return _share(self.zero, numbers[0], number)

    def reaches(self, value: Value, level: float) -> bool:
        """Whether a value is at least as bad as a level; both sides are rounded alike.

        Raises:
            ValueError: a name that is not on the ladder, or a level outside (0, 5].
        """
        threshold = self.at(level)
        if not _numeric(self.rungs):
            return self.rungs.index(value) >= self.rungs.index(threshold)
        falls = float(self.rungs[-1]) < float(self.rungs[0])
        return float(value) <= float(threshold) if falls else float(value) >= float(threshold)


def check_level(level: float) -> None:
    """Reject a level outside (0, 5].

    Raises:
        ValueError: with what is allowed.
    """
    if not 0 < level <= LEVELS[-1]:
        raise ValueError(f"a level is above 0 and at most {LEVELS[-1]}, got {level}")


def _numeric(rungs: tuple[Value, ...]) -> bool:
    return all(isinstance(rung, (int, float)) and not isinstance(rung, bool) for rung in rungs)


def _between(start: float, end: float, share: float) -> float:
    if start > 0 and end > 0:
        return start * math.exp(share * math.log(end / start))
    return start + share * (end - start)


def _share(start: float, end: float, value: float) -> float:
    if start > 0 and end > 0:
        return math.log(value / start) / math.log(end / start)
    return (value - start) / (end - start)
