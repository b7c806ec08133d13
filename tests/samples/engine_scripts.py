"""Mutators that are never applied, a corpus of entries alone, and an executor whose answers come from a function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from numpy.random import Generator

from crumple.case import Case, Entry
from crumple.document import Document
from crumple.mutation.ladder import Ladder
from crumple.mutation.mutator import mutator
from crumple.mutation.registry import Registry
from crumple.outcome import Outcome, Verdict
from crumple.result import Result, Work
from crumple.truth import ABSENT
from crumple.views.pages import Pages
from crumple.views.table import Table
from crumple.views.text import Text

RUNGS = Ladder(1, 2, 3, 4, 5, unit="characters")


def scripted_mutator(name: str, kind: type, **options: object) -> object:
    def function(view: object, count: int, rng: Generator) -> object:
        """Do nothing: these tests never call it."""
        return view

    function.__annotations__["view"] = kind
    return mutator(name, count=RUNGS, **options)(function)  # type: ignore[arg-type]  # options of several kinds


A = scripted_mutator("text.a", Text)
B = scripted_mutator("text.b", Text, truth="new")
C = scripted_mutator("table.c", Table)
P = scripted_mutator("scan.p", Pages)


def registry(*mutators: object) -> Registry:
    return Registry({each.name: each for each in mutators})  # type: ignore[attr-defined]  # they are mutators


@dataclass(frozen=True)
class Listed:
    """A corpus of the entries that it is given."""

    listed: tuple[Entry, ...]
    name: str = "listed"

    def entries(self) -> Sequence[Entry]:
        return self.listed

    def load(self, case_id: str) -> Case:
        return Case(case_id, Document(b"", "text/plain", case_id))


def texts(count: int, *, truth: bool = True) -> Listed:
    return Listed(tuple(Entry(f"{n}.txt", "text/plain", f"{n}", truth) for n in range(count)))


class Scripted:
    """An executor whose answers come from a function; it hands them back two at a time, last first."""

    def __init__(self, script: Callable[[Work], Outcome | str] = lambda work: Outcome.RIGHT, room: int = 7) -> None:
        self.script, self.most = script, room
        self.seen: list[Work] = []
        self.waiting: list[Work] = []

    @property
    def pending(self) -> int:
        return len(self.waiting)

    @property
    def room(self) -> int:
        return max(0, self.most - len(self.waiting))

    def put(self, works: Sequence[Work]) -> None:
        self.waiting.extend(works)
        self.seen.extend(works)

    def results(self, timeout: float | None = None) -> list[Result]:
        now, self.waiting = self.waiting[-2:], self.waiting[:-2]
        return [self._result(work) for work in reversed(now)]

    def _result(self, work: Work) -> Result:
        said = self.script(work)
        if not isinstance(said, Outcome):
            return Result(work, None, skipped=said)
        failure = said not in (Outcome.RIGHT, Outcome.VOID)
        verdict = Verdict(said, failure, float(said is Outcome.RIGHT), fingerprint=said if failure else "")
        return Result(work, verdict, value={"a": 1} if not work.recipe.steps else ABSENT)
