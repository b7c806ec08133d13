"""A run as one side of a comparison. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crumple.nightly.baseline import CLEAN, Call, call_of
from crumple.outcome import Outcome
from crumple.result import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two.

    Attributes:
        run: the run's id.
        state: of the run in its store: "ended", "interrupted", "running", "abandoned".
        document: the run's.
        config: how commands that replay are to name its configuration; "": not at all.
        calls: what it called, by case and recipe.
        void: calls that came to nothing through no fault of the system.
        skipped: recipes that did not apply.
    """

    run: str
    state: str
    document: Mapping[str, Any]
    config: str = ""
    calls: Mapping[tuple[str, str], Call] = field(default_factory=dict, repr=False)
    void: frozenset[tuple[str, str]] = frozenset()
    skipped: frozenset[tuple[str, str]] = frozenset()

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

    def clean(self, case: str) -> Call | None:
        """The clean call of a case; None where it was not tried."""
        return self.calls.get((case, ""))


def side_of(run: str, state: str, document: Mapping[str, Any], results: Iterable[Result], config: str = "") -> Side:
    """Make a side of a run's results; what was called twice alike is one call.

    Args:
        run: its id.
        state: as in `Side`.
        document: the run's.
        results: that count in its rates.
        config: as in `Side`.
    """
    calls: dict[tuple[str, str], Call] = {}
    void: set[tuple[str, str]] = set()
    skipped: set[tuple[str, str]] = set()
    for result in results:
        key = result.work.case, str(result.work.recipe)
        if (call := call_of(result)) is not None:
            calls[key] = call
        elif result.skipped:
            skipped.add(key)
        elif result.verdict is not None and result.verdict.outcome is Outcome.VOID:
            void.add(key)
    return Side(
        run=run,
        state=state,
        document=document,
        config=config,
        calls=calls,
        void=frozenset(void - calls.keys()),
        skipped=frozenset(skipped),
    )


def by_category(calls: Iterable[Call]) -> dict[str, int]:
    """How many calls there are of each category; "clean" is one."""
    found: dict[str, int] = {CLEAN: 0}
    for each in calls:
        found[each.category] = found.get(each.category, 0) + 1
    return found
