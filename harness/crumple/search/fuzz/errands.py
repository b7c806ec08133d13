"""Discoveries that are being made smaller: many abreast, in turns, and never too many at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TypeAlias

from crumple.outcome import Outcome
from crumple.result import Result
from crumple.search.fuzz.asking import Ask, Asking
from crumple.search.fuzz.minimised import Minimised
from crumple.search.fuzz.minimising import cut_short

Begin: TypeAlias = Callable[[int], "Asking[Minimised] | None"]
"""Begins to make the discovery of a number smaller; None where there is no need any more."""


class Errands:
    """Which calls are wanted to make discoveries smaller."""

    def __init__(self, abreast: int, begin: Begin) -> None:
        """At most so many are made smaller at a time; the others wait in the order in which they were met."""
        self._abreast = abreast
        self._begin = begin
        self._waiting: deque[int] = deque()
        self._open: dict[int, Asking[Minimised]] = {}
        self._ready: deque[tuple[int, Ask]] = deque()
        self._out: dict[int, Ask] = {}
        self._void: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._waiting) + len(self._open)

    def is_open(self, number: int) -> bool:
        """Whether a discovery is at work."""
        return number in self._open

    def add(self, number: int) -> None:
        """A discovery is to be made smaller."""
        self._waiting.append(number)

    def end(self, why: str) -> list[tuple[int, Minimised | None]]:
        """All of it ends: what each has come to so far, None where it was not begun."""
        done: list[tuple[int, Minimised | None]] = [
            (number, cut_short(asking, why)) for number, asking in self._open.items()
        ]
        done += [(number, None) for number in self._waiting]
        self._open.clear()
        self._waiting.clear()
        return done

    def next(self, most: int) -> list[tuple[int, Ask]]:
        """Up to so many calls, by the discoveries that they are for; at most one for each."""
        while self._waiting and len(self._open) < self._abreast:
            number = self._waiting.popleft()
            asking = self._begin(number)
            if asking is not None:
                self._open[number] = asking
                self._ready.append((number, next(asking)))
        now = [self._ready.popleft() for _ in range(min(most, len(self._ready)))]
        self._out.update(now)
        return now

    def take(self, number: int, result: Result) -> Minimised | None:
        """Take in what came of a call; what minimising has come to where that was its last.

        A call that came to nothing is made once more, and a second time ends it.
        """
        ask = self._out.pop(number, None)
        if ask is None:
            return None
        if result.verdict is not None and result.verdict.outcome is Outcome.VOID:
            self._void[number] = self._void.get(number, 0) + 1
            if self._void[number] == 1:
                self._ready.append((number, ask))
                return None
        try:
            self._ready.append((number, self._open[number].send(result)))
        except StopIteration as end:
            done: Minimised = end.value
            del self._open[number]
            self._void.pop(number, None)
            return done
        return None
