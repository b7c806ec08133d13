"""What a search has found so far: every failure is put down to one cause, and each cause is counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from crumple.events import Discovery, Explored
from crumple.findings.status import Known
from crumple.result import Result
from crumple.search.fuzz.causes import same_cause
from crumple.search.fuzz.minimising import Minimised
from crumple.statistics.species import chance_of_new

MOST = 200
"""How many discoveries are kept; a system that fails in a new way each time would fill the memory."""
_UNTOUCHED = "it was known, and was not made smaller anew"
_CUT = "the search ended before it was as small as it gets"


class Discoveries:
    """Failures by their cause, in the order in which they were met."""

    def __init__(self, known: Iterable[Known]) -> None:
        """With what was found before this search: the failures of those are not news, but of those that were fixed."""
        self._known: dict[str, Known] = {}
        for each in sorted(known, key=lambda each: each.state == "fixed"):
            for mark in each.fingerprints:
                self._known.setdefault(mark, each)
        self._replayed: dict[str, tuple[Result, int, int]] = {}
        self._all: list[Discovery] = []
        self._shown: list[int] = []  # how many calls that explored have shown each
        self._calls = 0
        self._left = 0

    def __getitem__(self, number: int) -> Discovery:
        return self._all[number]

    def __len__(self) -> int:
        return len(self._all)

    @property
    def left(self) -> int:
        """How many failures were of kinds that could not be kept any more."""
        return self._left

    def replayed(self, known: Known, tries: Sequence[Result]) -> None:
        """A finding that was known fails as it did: the last of these calls is an example of it."""
        failed = [each for each in tries if each.verdict is not None and each.verdict.failure]
        if failed:
            self._replayed[known.id] = (failed[-1], len(tries), len(failed))

    def called(self) -> None:
        """One more call was made to explore."""
        self._calls += 1

    def met(self, failure: Result, *, exploring: bool) -> tuple[Discovery | None, bool]:
        """Put a failure down to its cause.

        Args:
            failure: what came of a call.
            exploring: whether the call was made to explore; only these say how much is left.

        Returns:
            The discovery, None where no more are kept; and whether it was met for the first time.
        """
        found = same_cause(failure, self._all)
        new = found is None
        if found is None:
            found = self._begun(failure)
            if found is None:
                return None, False
        else:
            found = replace(found, count=found.count + 1)
            self._all[found.number] = found
        if exploring:
            for number in found.parts or (found.number,):
                self._shown[number] += 1
        return self._all[found.number], new

    def _begun(self, failure: Result) -> Discovery | None:
        if len(self._all) >= MOST:
            self._left += 1
            return None
        assert failure.verdict is not None
        mark = failure.verdict.fingerprint
        found = Discovery(
            number=len(self._all),
            state="met",
            fingerprints=(mark,),
            first=failure,
            example=failure,
            met_after=self._calls,
        )
        known = self._known.get(mark)
        if known is not None:
            marks = (mark, *(each for each in known.fingerprints if each != mark))
            found = replace(found, known=known.id, fingerprints=marks)
            if known.state != "fixed":
                example, tries, failed = self._replayed.get(known.id, (failure, 1, 1))
                state = "minimised" if known.id in self._replayed else "not minimised"
                found = replace(found, state=state, example=example, tries=tries, failed=failed, why=_UNTOUCHED)
        self._all.append(found)
        self._shown.append(0)
        return found

    def is_news(self, found: Discovery) -> bool:
        """Whether a discovery that was just met is to be made smaller."""
        return found.state == "met"

    def asked(self, number: int) -> Discovery:
        """One more call was made to make a discovery smaller."""
        found = self._all[number]
        self._all[number] = replace(found, state="minimising", calls=found.calls + 1)
        return self._all[number]

    def done(self, number: int, done: Minimised) -> Discovery:
        """A discovery is as small as it gets."""
        self._all[number] = replace(
            self._all[number],
            state=done.state,
            example=done.example,
            tries=done.tries,
            failed=done.failed,
            why=done.why,
        )
        return self._all[number]

    def explain(self, number: int, parts: Sequence[int], why: str = "") -> Discovery:
        """A discovery is nothing of its own: others account for it, and for every call that has shown it."""
        shown, self._shown[number] = self._shown[number], 0
        for part in parts:
            self._shown[part] += shown
        self._all[number] = replace(self._all[number], state="explained", parts=tuple(parts), why=why)
        return self._all[number]

    def unite(self, number: int, other: int) -> tuple[Discovery, Discovery]:
        """Two discoveries are one: the one that was met later becomes a part of the other, which is returned first."""
        one, two = self._all[number], self._all[other]
        marks = tuple(dict.fromkeys((*one.fingerprints, *two.fingerprints)))
        self._all[number] = replace(
            one, fingerprints=marks, count=one.count + two.count, known=one.known or two.known
        )
        return self._all[number], self.explain(other, (number,), "it has the same cause")

    def cut(self, numbers: Iterable[int]) -> list[Discovery]:
        """The search ends: these were not made as small as they get."""
        for number in numbers:
            self._all[number] = replace(self._all[number], state="not minimised", why=_CUT)
        return [self._all[number] for number in numbers]

    def explored(self, waiting: int) -> Explored:
        """How far the search has come; `waiting` discoveries are not as small as they get yet."""
        kinds = sum(each > 0 for each in self._shown)
        once = sum(each == 1 for each in self._shown)
        return Explored(self._calls, kinds, once, *chance_of_new(self._calls, once), waiting)
