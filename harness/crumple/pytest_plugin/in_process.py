"""An executor that calls a test's body in this process: its assertions are the judge."""

from __future__ import annotations

import time
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from crumple.case import Corpus
from crumple.degraded import DegradedCase, degraded_case
from crumple.errors import CrumpleError, NotApplicable, in_words
from crumple.execution.calls import CaseShelf
from crumple.mutation.registry import Registry
from crumple.outcome import Outcome, Verdict
from crumple.pytest_plugin.given import Degraded
from crumple.result import Result, Work

_ROOM: Final = 16


@dataclass(frozen=True, slots=True)
class Body:
    """A test's body.

    Attributes:
        call: is given a degraded document.
        refuses: exceptions by which it says clearly that it cannot.
        folder: for files.
    """

    call: Callable[[Degraded], Any]
    refuses: tuple[type[BaseException], ...]
    folder: Path


class InProcess:
    """An `Executor`; one call after the other, each when results are asked for."""

    def __init__(self, body: Body, corpus: Corpus, registry: Registry) -> None:
        """Call this body.

        Args:
            body: the test's.
            corpus: where cases come from.
            registry: the mutators that recipes name.
        """
        self._body, self._registry = body, registry
        self._cases = CaseShelf(corpus)
        self._queue: deque[Work] = deque()
        self._count = 0

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
        return [self._made(self._queue.popleft())] if self._queue else []

    def _made(self, work: Work) -> Result:
        try:
            made = degraded_case(self._cases.get(work.case), work.recipe, self._registry)
        except NotApplicable as why:
            return Result(work, None, skipped=str(why))
        except CrumpleError as error:
            return Result(work, Verdict(Outcome.VOID, failure=False), cause=in_words(error))
        self._count += 1
        given = Degraded(made, self._body.folder / str(self._count), _call)
        began = time.perf_counter()
        try:
            self._body.call(given)
        except pytest.skip.Exception as skip:
            return Result(work, None, skipped=str(skip), attempts=1)
        except Exception as error:  # noqa: BLE001 - whatever a test raises is what it says of the document
            return self._failed(work, made, error, time.perf_counter() - began)
        verdict = Verdict(Outcome.RIGHT, failure=False, score=1.0)
        return Result(work, verdict, seconds=time.perf_counter() - began, digest=made.document.digest, attempts=1)

    def _failed(self, work: Work, made: DegradedCase, error: Exception, seconds: float) -> Result:
        outcome = Outcome.WRONG if isinstance(error, AssertionError) else Outcome.CRASHED
        failure = True
        if isinstance(error, self._body.refuses):
            outcome, failure = Outcome.REFUSED, not made.may_refuse
        words = in_words(error)
        detail = "".join(traceback.format_exception(error, limit=-4))[-4000:]
        mark = f"{outcome} {type(error).__name__}" if failure else ""
        verdict = Verdict(outcome, failure, fingerprint=mark)
        return Result(work, verdict, "", words, detail, seconds=seconds, digest=made.document.digest, attempts=1)


def _call(given: Degraded, function: Callable[..., Any], **options: Any) -> Any:
    return function(given.data)
