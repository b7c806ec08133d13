"""Crumple's own workers, started once a session for all the items of a configuration; no call is made twice for them.

Importing this brings nothing in, so that it can be imported where crumple's workers cannot run.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from crumple.errors import CrumpleError
from crumple.outcome import Outcome
from crumple.result import Result, Work

if TYPE_CHECKING:
    from crumple.execution.local import LocalLanes
    from crumple.execution.spec import LaneSpec

_Draw: TypeAlias = tuple[str, str, str, float, float]

NOT_HERE = (
    "crumple's own workers run on Linux and macOS, not here; tests that are marked with @pytest.mark.crumple run "
    "everywhere"
)


def able() -> bool:
    """Whether crumple's workers can run on this system: they take POSIX' pipes, locks and signals."""
    return importlib.util.find_spec("fcntl") is not None


class SessionLanes:
    """The lanes of one configuration, started when the first item needs them, and what they have answered."""

    def __init__(self, spec: LaneSpec, count: int) -> None:
        """Describe them; nothing is started yet.

        Args:
            spec: what each must know.
            count: how many.
        """
        self._spec, self._count = spec, count
        self._lanes: LocalLanes | None = None
        self._why_not: CrumpleError | None = None
        self._number = 0
        self.known: dict[_Draw, Result] = {}
        self.out: dict[int, Work] = {}
        """What was asked of the lanes and is not back: their own number -> the work as an item knows it."""

    def started(self) -> LocalLanes:
        """The lanes, ready.

        Raises:
            CrumpleError: the system cannot be made ready; what was tried in vain once is not tried for every item.
        """
        if self._why_not is not None:
            raise self._why_not
        if self._lanes is None:
            from crumple.execution.local import LocalLanes

            lanes = LocalLanes(self._spec, self._count)
            try:
                lanes.__enter__()
            except CrumpleError as error:
                self._why_not = error
                raise
            self._lanes = lanes
        return self._lanes

    def close(self) -> None:
        """End them, with every worker and what it has started."""
        lanes, self._lanes = self._lanes, None
        if lanes is not None:
            lanes.close()
        self.out.clear()

    def number(self) -> int:
        """The next number of a call: items number theirs from 1, and lanes must not take one for another."""
        self._number += 1
        return self._number

    def back(self, result: Result) -> tuple[int, Result]:
        """A result as the item knows its work, with the lanes' own number; it is remembered."""
        number = result.work.id
        asked = self.out.pop(number)
        result = replace(result, work=replace(result.work, id=asked.id))
        void = result.verdict is not None and result.verdict.outcome is Outcome.VOID
        if asked.key and not void:  # what could not be reached may be reached by the next item
            self.known[draw_of(asked)] = result
        return number, result


def draw_of(work: Work) -> _Draw:
    """What makes two works of different items the same call: limits on one population share theirs."""
    return work.key, work.case, str(work.recipe), work.level, work.pass_mark


class ItemLanes:
    """An `Executor` for one item: it makes no call that another item has made; results that others left are kept."""

    def __init__(self, lanes: SessionLanes) -> None:
        """Put it around the session's."""
        self._session = lanes
        self._own: set[int] = set()
        self._ready: list[Result] = []

    @property
    def pending(self) -> int:
        """How many works have been put and not come back."""
        return len(self._own) + len(self._ready)

    @property
    def room(self) -> int:
        """How many more works the lanes could take now."""
        return self._session.started().room

    def put(self, works: Sequence[Work]) -> None:
        """Take works on.

        Raises:
            CrumpleError: the system cannot be made ready.
        """
        new: list[Work] = []
        for work in works:
            known = self._session.known.get(draw_of(work)) if work.key else None
            if known is not None:
                # The recipe that was carried out may be another than was asked for; the number is this item's.
                self._ready.append(replace(known, work=replace(known.work, id=work.id)))
                continue
            number = self._session.number()
            self._session.out[number] = work
            self._own.add(number)
            new.append(replace(work, id=number))
        if new:
            self._session.started().put(new)

    def results(self, timeout: float | None = None) -> list[Result]:
        """The results that have arrived; waits for at least one, at most `timeout` seconds.

        Raises:
            CrumpleError: lanes keep ending before they have loaded the system.
        """
        ready, self._ready = self._ready, []
        if not self._own:
            return ready
        arrived: list[Result] = []
        for each in self._session.started().results(0.0 if ready else timeout):
            number, result = self._session.back(each)
            if number in self._own:
                self._own.remove(number)
                arrived.append(result)
        return [*ready, *arrived]
