"""Findings that are known are called again, until what came of it says how they stand."""

from __future__ import annotations

from collections.abc import Sequence

from crumple.errors import CrumpleError
from crumple.events import CleanEnded, Replayed
from crumple.findings.status import TRIES, Known, Status, status_of, why_of
from crumple.mutation.registry import Registry
from crumple.result import Result


class Replaying:
    """Which known findings are called next, and what is to be told of them."""

    def __init__(self, known: Sequence[Known], registry: Registry, clean: CleanEnded) -> None:
        """Call these.

        Args:
            known: the findings, in the order in which they are called.
            registry: the mutators that there are.
            clean: what came of the clean calls.
        """
        self._known = known
        self._tries: dict[str, list[Result]] = {each.id: [] for each in known}
        self._out = dict.fromkeys(self._tries, 0)
        self._told: set[str] = set()
        self._waiting: list[Replayed] = []
        for each in known:
            why = _hindrance(each, registry, clean)
            if why:
                self._waiting.append(Replayed(each.id, Status.ERROR.value, (), why))
                self._told.add(each.id)

    @property
    def done(self) -> bool:
        """Whether all of them were told of, or are about to be."""
        return len(self._told) == len(self._tries)

    def next(self, most: int) -> list[Known]:
        """Up to so many calls, each of the finding that it is of."""
        wanted: list[Known] = []
        for each in self._known:
            while len(wanted) < most and self._is_wanted(each):
                self._out[each.id] += 1
                wanted.append(each)
        return wanted

    def _is_wanted(self, known: Known) -> bool:
        tries, out = len(self._tries[known.id]), self._out[known.id]
        # One that disagrees with itself is tried once more at a time.
        return known.id not in self._told and (tries + out < TRIES or not out)

    def take(self, known: Known, result: Result) -> None:
        """Take in what came of a call."""
        tries = self._tries[known.id]
        tries.append(result)
        self._out[known.id] -= 1
        if known.id in self._told:
            return
        status = status_of(known, tries)
        if status is not None:
            self._told.add(known.id)
            self._waiting.append(Replayed(known.id, status.value, tuple(tries), why_of(known, tries)))

    def told(self) -> list[Replayed]:
        """What has become known since this was last asked."""
        waiting, self._waiting = self._waiting, []
        return waiting

    def ended(self) -> list[Replayed]:
        """What was known last; the budget came before an answer to the others that were called."""
        for each in self._known:
            tries = self._tries[each.id]
            if each.id not in self._told:
                self._told.add(each.id)
                why = f"the run ended after {len(tries)} of at least {TRIES} calls of it"
                self._waiting.append(Replayed(each.id, Status.ERROR.value, tuple(tries), why))
        return self.told()


def _hindrance(known: Known, registry: Registry, clean: CleanEnded) -> str:
    """Why a finding cannot be called; "" where it can."""
    entry = next((each for each in clean.population if each.id == known.case), None)
    if entry is None:
        return f"its case {known.case!r} is not among those of this run"
    if known.case not in clean.passed:
        return f"its case {known.case!r} is not right on the clean document now"
    parts = {part for part, _ in entry.documents}
    for step in known.recipe.steps:
        if step.mutator not in registry.mutators:
            return f"there is no mutator {step.mutator!r} among those in use"
        if step.part and step.part not in parts:
            return f"its case {known.case!r} has no part {step.part!r} now"
        try:
            registry.get(step.mutator).level_of(step)
            registry.get(step.mutator).check(step)
        except CrumpleError as error:
            return f"its recipe cannot be carried out: {error}"
    return "" if known.recipe.steps else "its recipe has no steps"
