"""A run as one side of a comparison. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from crumple.nightly.baseline import Call, call_of
from crumple.outcome import Outcome
from crumple.result import Result

Key: TypeAlias = tuple[str, str]
"""Of a call: case and recipe."""


@dataclass(slots=True)
class Called:
    """What a run made of a case, or of some.

    Attributes:
        calls: what it called.
        void: calls that came to nothing through no fault of the system.
        skipped: recipes that did not apply.
    """

    calls: dict[Key, Call] = field(default_factory=dict)
    void: set[Key] = field(default_factory=set)
    skipped: set[Key] = field(default_factory=set)

    def clean(self, case: str) -> Call | None:
        """The clean call of a case; None where it was not tried."""
        return self.calls.get((case, ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two. What it called is read when it is asked for, as often as that is.

    Attributes:
        run: the run's id.
        state: of the run in its store: "ended", "interrupted", "running", "abandoned".
        document: the run's.
        config: how commands that replay are to name its configuration; "": not at all.
        cases: what it called of each case, by a name that stands for the case, in the order of these names.
        results: the results of some of its calls, the first of repetitions.
    """

    run: str
    state: str
    document: Mapping[str, Any]
    config: str = ""
    cases: Callable[[], Iterator[tuple[str, Called]]]
    results: Callable[[frozenset[Key]], Mapping[Key, Result]]

    @property
    def about(self) -> Mapping[str, Any]:
        """What the document says of the run."""
        about: Mapping[str, Any] = self.document["run"]
        return about

    @property
    def kind(self) -> str:
        """What was carried out: "run", "night", "fuzz" or "breaking-points"."""
        return str(self.about.get("kind") or "run")

    @property
    def adaptive(self) -> bool:
        """Whether which calls there are depends on what earlier ones had shown, as of a run with --decide."""
        contract = self.document.get("contract") or ()
        return self.about.get("ended") == "decided" or any(each.get("method") == "sequential" for each in contract)


def called(results: Iterable[Result]) -> Called:
    """What came of some results that count in a run's rates; what was called twice alike is one call, the later."""
    found = Called()
    for result in results:
        if (call := call_of(result)) is not None:
            found.calls[call.key] = call
        elif result.skipped:
            found.skipped.add((result.work.case, str(result.work.recipe)))
        elif result.verdict is not None and result.verdict.outcome is Outcome.VOID:
            found.void.add((result.work.case, str(result.work.recipe)))
    found.void -= found.calls.keys()
    return found
