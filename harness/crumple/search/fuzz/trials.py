"""The calls that minimising one failure makes: counted, remembered, and what the smallest one is so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from crumple.discretion import general
from crumple.events import Threshold
from crumple.judges.signs import read
from crumple.mutation.mutator import Mutator
from crumple.outcome import Outcome
from crumple.recipe import Recipe, Step
from crumple.result import Result
from crumple.search.fuzz.asking import Ask, Asking
from crumple.search.fuzz.causes import keeps

TWICE = 2
MOST_TRIES = 4
"""How often a failure is called where it does not fail alike at once."""
_SURER = 2
_RESERVE = 2
"""Calls that are kept back, so that the smallest recipe can be called again."""
_SKIPS = 100
"""Skips cost nothing; so many of them are enough."""
_VOIDS = 2

Keeps: TypeAlias = Callable[[Result, Result], bool]


class Stopped(Exception):  # noqa: N818 - a signal with a reason, not an error
    """Minimising ends before it is through.

    Attributes:
        why: in words.
        over: whether no further call may be made at all, those that are kept back included.
    """

    def __init__(self, why: str, *, over: bool) -> None:
        super().__init__(why)
        self.why = why
        self.over = over


class Unsteady(Exception):  # noqa: N818 - a signal as well
    """The failure that is to be minimised comes and goes."""


class Trials:
    """What was called for one failure.

    Attributes:
        failure: the one that was met.
        mutators: by their names.
        path: failures that were kept, each smaller than the one before; the first is the one that was met.
        others: failures of other causes, the simplest of each fingerprint and set of mutators.
        thresholds: of the steps whose level is the lowest, by their numbers.
        counts: how many changes a step makes, by its number.
        remarks: what is to be said of the smallest one.
        wavered: recipes that were kept and then did not fail alike again, with failures and calls.
        calls, asked: how many were made, and how many were asked for, skips included.
    """

    def __init__(
        self,
        failure: Result,
        mutators: Mapping[str, Mutator],
        cap: int,
        sought: frozenset[str] = frozenset(),
        *,
        doubtful: bool = False,
    ) -> None:
        """Begin with the failure itself, which was called once."""
        self._sought = sought
        self._doubtful = doubtful
        self.failure = failure
        self.mutators = mutators
        self.path = [failure]
        self.others: dict[tuple[str, frozenset[str]], Result] = {}
        self.thresholds: dict[int, Threshold] = {}
        self.counts: dict[int, int] = {}
        self.remarks: list[str] = []
        self.wavered: list[tuple[Recipe, int, int]] = []
        self.calls = 0
        self._cap = cap
        self._limit = cap - min(_RESERVE + (_SURER if doubtful else 0), cap // 2)
        self.asked = 0
        self._voids = 0
        self._tries = {(failure.work.case, failure.work.recipe): [failure]}
        self._keeps: Keeps = keeps
        self._marks: dict[str, None] = {}

    @property
    def best(self) -> Result:
        """The smallest failure so far."""
        return self.path[-1]

    @property
    def left(self) -> int:
        """How many calls may still be asked for."""
        return self._limit - self.calls

    def liken(self, keeps: Keeps) -> None:
        """From now on, take for the failure what this says still is; it is given the failure first."""
        self._keeps = keeps

    def release(self) -> None:
        """Allow the calls that are kept back."""
        self._limit = self._cap

    def is_alike(self, result: Result) -> bool:
        """Whether it is the failure that is minimised, and shows one of the fields that are sought, if any are."""
        if not self._keeps(self.failure, result):
            return False
        assert result.verdict is not None
        return not self._sought or bool(self._sought & read(result.verdict.fingerprint).fields.keys())

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """Those that were taken for the same failure, that of the first first."""
        assert self.failure.verdict is not None
        return tuple(dict.fromkeys((self.failure.verdict.fingerprint, *self._marks)))

    @property
    def met(self) -> tuple[Result, ...]:
        """Failures of other causes; a recipe is left out where some of its mutators did the same without the others."""
        kinds = list(self.others)
        return tuple(
            result
            for (mark, names), result in self.others.items()
            if mark not in self.fingerprints and not any(mark == other and fewer < names for other, fewer in kinds)
        )

    def tries_of(self, result: Result) -> Sequence[Result]:
        """All calls of the recipe that it is a result of."""
        return self._tries[result.work.case, result.work.recipe]

    def failed(self, result: Result) -> int:
        """How many of those failed alike."""
        return sum(map(self.is_alike, self.tries_of(result)))

    def keep(self, result: Result) -> None:
        """Take it for the smallest so far."""
        assert result.verdict is not None
        self.path.append(result)
        self._marks[result.verdict.fingerprint] = None

    def smaller(self, recipe: Recipe, case: str = "") -> Asking[bool]:
        """Call a recipe, and keep it where it fails alike."""
        result = yield from self.call(recipe, case)
        if self.is_alike(result):
            self.keep(result)
            return True
        return False

    def call(self, recipe: Recipe, case: str = "", *, again: bool = False, counts: bool = False) -> Asking[Result]:
        """What comes of a recipe; remembered where it was called before, unless it is to be called again.

        Raises:
            Stopped: no call is left, or calls come to nothing.
        """
        case = case or self.best.work.case
        tries = self._tries.setdefault((case, recipe), [])
        if tries and not again:
            return tries[-1]
        while True:
            if self.left <= 0:
                raise Stopped(f"the cap of {self._cap} calls was reached", over=self._limit == self._cap)
            if self.asked - self.calls >= _SKIPS:
                raise Stopped(f"{_SKIPS} smaller recipes could not be carried out", over=False)
            self.asked += 1
            result = yield Ask(case, recipe, counts)
            self.calls += result.made
            if result.verdict is None or result.verdict.outcome is not Outcome.VOID:
                break
            self._voids += 1
            if self._voids >= _VOIDS:
                raise Stopped(
                    f"{self._voids} calls came to nothing: {general(result.cause, void=True)}".rstrip(": "), over=True
                )
        tries.append(result)
        self._note(result)
        return result

    def _note(self, result: Result) -> None:
        """Keep the mildest of each other failure that is met."""
        if result.verdict is None or not result.verdict.failure:
            return
        mark = result.verdict.fingerprint
        if self.is_alike(result):
            if len(self.tries_of(result)) > 1:  # the same call, which may have said something else
                self._marks[mark] = None
            return
        kind = mark, frozenset(step.mutator for step in result.work.recipe.steps)
        if kind not in self.others or result.work.level < self.others[kind].work.level:
            self.others[kind] = result

    @property
    def _in_doubt(self) -> bool:
        """Whether some smaller one did not fail alike: that may have been chance, and so may what did."""
        return any(not self.is_alike(tries[-1]) for tries in self._tries.values() if tries)

    def confirm(self, *, counts: bool = False, last: bool = False) -> Asking[Result]:
        """Call the smallest one until it has failed alike twice; where it does not, go back to the one before.

        In the end three times, unless nothing speaks for chance; of a system that is known to fail now and then two
        times more; and what is gone back to four times.

        Args:
            counts: whether its changes are to be counted.
            last: whether this is the end.

        Returns:
            Its last result.

        Raises:
            Stopped: see `call`.
            Unsteady: the failure that was met comes and goes itself.
        """
        while True:
            tries = self.tries_of(self.best)
            often = MOST_TRIES if self.wavered else TWICE + (last and self._in_doubt)
            often += _SURER if last and self._doubtful else 0
            if len(tries) >= often and (not counts or tries[-1].changes):
                return tries[-1]
            result = yield from self.call(self.best.work.recipe, again=True, counts=counts)
            if self.is_alike(result):
                counts = counts and bool(result.changes)
                continue
            if len(self.path) == 1:
                raise Unsteady
            self.wavered.append((self.best.work.recipe, self.failed(self.best), len(tries)))
            self.path.pop()


def with_step(recipe: Recipe, at: int, step: Step) -> Recipe:
    """The recipe with another step in one's place."""
    return Recipe((*recipe.steps[:at], step, *recipe.steps[at + 1 :]))
