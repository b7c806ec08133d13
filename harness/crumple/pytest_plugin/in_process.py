"""An executor that calls a test's body in this process: its assertions are the judge."""

from __future__ import annotations

import time
import unittest
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from crumple.degraded import DegradedCase, degraded_case
from crumple.endings import CallFailed
from crumple.errors import CrumpleError, NotApplicable, in_words
from crumple.execution.calls import CaseShelf
from crumple.execution.excerpts import excerpt_of
from crumple.mutation.cache import ViewCache
from crumple.outcome import Outcome, Verdict
from crumple.pytest_plugin import exceptions
from crumple.pytest_plugin.given import Calling, Degraded, discard, wrong_answer
from crumple.pytest_plugin.source import Source
from crumple.result import Result, Work
from crumple.truth import ABSENT

_ROOM: Final = 16
_NEW: Final = "its right answer is new, and there is no truth"
_ENDS: Final = (KeyboardInterrupt, pytest.exit.Exception)
"""What ends the session; `sys.exit`, of a system that cannot go on, ends one call."""
_SKIPS: Final = (pytest.skip.Exception, pytest.xfail.Exception, unittest.SkipTest)


@dataclass(frozen=True, slots=True)
class Body:
    """A test's body.

    Attributes:
        call: is given a degraded document.
        refuses: exceptions by which it says clearly that it cannot.
        folder: for files.
        calling: calls functions in workers.
        root: the folder whose files are the user's own.
    """

    call: Callable[[Degraded], Any]
    refuses: tuple[type[BaseException], ...]
    folder: Path
    calling: Calling
    root: Path


class InProcess:
    """An `Executor`; one call after the other, each when results are asked for.

    Attributes:
        clean_failure: what the first clean document has raised that was not right; a skip where none has failed.
    """

    def __init__(self, body: Body, source: Source) -> None:
        """Call this body.

        Args:
            body: the test's.
            source: where cases come from, and the mutators that recipes name.
        """
        self._body, self._source, self._registry = body, source, source.every
        self._cases = CaseShelf(source.corpus)
        self._views = ViewCache()
        self._queue: deque[Work] = deque()
        self._count = 0
        self.clean_failure: BaseException | None = None

    @property
    def pending(self) -> int:
        """How many have been put and not been called."""
        return len(self._queue)

    @property
    def room(self) -> int:
        """A few at a time."""
        return max(0, _ROOM - len(self._queue))

    def put(self, works: Sequence[Work]) -> None:
        """Take works on."""
        self._queue.extend(works)

    def results(self, timeout: float | None = None) -> list[Result]:
        """Make the next call."""
        return [self._result(self._queue.popleft())] if self._queue else []

    def made(self, work: Work) -> tuple[DegradedCase, Degraded]:
        """The document of a work, and what the test is given of it; `discard` the latter.

        Raises:
            NotApplicable: the recipe cannot act on this case.
            CrumpleError: the case cannot be loaded, or the recipe names what there is not.
        """
        case = self._cases.get(work.case)
        if case.truth is ABSENT and any(
            self._registry.get(each.mutator).truth == ("new",) for each in work.recipe.steps
        ):
            raise NotApplicable(_NEW)
        made = degraded_case(case, work.recipe, self._registry, level=work.level, cache=self._views)
        self._count += 1
        return made, Degraded(made, self._body.folder / str(self._count), self._body.calling)

    def _result(self, work: Work) -> Result:
        try:
            made, given = self.made(work)
        except NotApplicable as why:
            return self._discreet(Result(work, None, skipped=str(why)), None)
        except Exception as error:  # noqa: BLE001 - somebody's mutator or corpus may raise anything
            cause = str(error) if isinstance(error, CrumpleError) else in_words(error)
            return self._discreet(Result(work, Verdict(Outcome.VOID, failure=False), cause=cause), None)
        try:
            return self._discreet(self._called(work, made, given), made)
        finally:
            discard(given)

    def _called(self, work: Work, made: DegradedCase, given: Degraded) -> Result:
        began = time.perf_counter()
        try:
            self._body.call(given)
        except _ENDS:
            raise
        except _SKIPS as skip:
            self._note_clean(work, skip)
            return Result(work, None, skipped=in_words(skip).partition(": ")[2] or "skipped", attempts=1)
        except NotApplicable as why:  # it cannot be given in the form that was asked for
            self._note_clean(work, why)
            return Result(work, None, skipped=str(why))
        except BaseException as error:
            if exceptions.is_of_a_timeout(error):
                raise
            self._note_clean(work, error)
            return self._failed(work, made, given, error, time.perf_counter() - began)
        verdict = Verdict(Outcome.RIGHT, failure=False, score=1.0)
        # Whose document was right is shown nowhere, and need not be told from others.
        return Result(work, verdict, seconds=time.perf_counter() - began, attempts=1)

    def _note_clean(self, work: Work, error: BaseException) -> None:
        if not work.recipe.steps and (self.clean_failure is None or isinstance(self.clean_failure, _SKIPS)):
            self.clean_failure = error

    def _failed(self, work: Work, made: DegradedCase, given: Degraded, error: BaseException, seconds: float) -> Result:
        outcome = exceptions.outcome_of(error, self._body.refuses)
        failure = outcome is not Outcome.REFUSED or not made.may_refuse
        fingerprint = f"{outcome} {exceptions.kind_of(error, self._body.root)}" if failure else ""
        verdict, expected, answer = Verdict(outcome, failure, fingerprint=fingerprint), "", ""
        judged = wrong_answer(given) if outcome is Outcome.WRONG and isinstance(error, AssertionError) else None
        if judged is not None:
            # Which fields are wrong says more than which line of the test has found it out.
            verdict, expectation, value = judged
            discretion = self._source.discretion
            expected = excerpt_of(discretion.truth(expectation.truth), verdict.wrong, expectation.lost)
            answer = excerpt_of(discretion.answer(value), verdict.wrong)
        detail = exceptions.lines_of(error, self._body.root, discreet=self._is_discreet)
        if isinstance(error, CallFailed) and error.detail:
            detail = f"{detail}\n{error.detail}"
        return Result(
            work,
            verdict,
            cause=exceptions.cause_of(error, discreet=self._is_discreet),
            detail=detail,
            expected=expected,
            answer=answer,
            seconds=seconds,
            digest=made.document.digest,
            attempts=1,
        )

    @property
    def _is_discreet(self) -> bool:
        return bool(self._source.discretion.redact)

    def discreet_lines(self, error: BaseException, made: DegradedCase) -> str:
        """What the body has raised, as it may be shown."""
        result = Result(
            Work(0, made.case.id), None, detail=exceptions.lines_of(error, self._body.root, discreet=self._is_discreet)
        )
        return self._discreet(result, made).detail

    def _discreet(self, result: Result, made: DegradedCase | None) -> Result:
        truths = () if made is None else (made.case.truth, made.truth)
        return self._source.discretion.discreet(result, *truths)
