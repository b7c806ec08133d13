"""Calls of which it is not known whether their document did it, or another one that was out with them.

On one machine the lanes of a service let each other be alone with it (`execution/gate.py`). Lanes of several machines
cannot: they say that they had company, and such a call is made once more while nothing else is out.
"""

from __future__ import annotations

from dataclasses import replace

from crumple.outcome import ALONE, IN_COMPANY, Outcome
from crumple.result import Result


class Doubts:
    """What came back in doubt, until the same call has been made alone."""

    def __init__(self) -> None:
        """Have none."""
        self._first: dict[int, Result] = {}

    def __contains__(self, number: int) -> bool:
        """Whether the call of this number has been made once, in company."""
        return number in self._first

    def has(self, result: Result) -> bool:
        """Whether a result is no more than a doubt."""
        return result.verdict is not None and IN_COMPANY in result.verdict.figures

    def add(self, result: Result) -> None:
        """Keep what a call in doubt has cost."""
        self._first[result.work.id] = result

    def settled(self, result: Result) -> Result:
        """The result of a call, with what it has cost before it was made alone."""
        first = self._first.pop(result.work.id, None)
        if first is None:
            return result
        verdict = result.verdict
        if verdict is not None and verdict.outcome not in {Outcome.VOID, Outcome.CRASHED}:
            verdict = replace(verdict, figures={**verdict.figures, ALONE: 1.0})
        cost, attempts = result.cost + first.cost, result.attempts + first.attempts
        return replace(result, verdict=verdict, cost=cost, attempts=attempts)
