"""The run that nights are compared with: what was called, what came of it, what it was made with. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from crumple.outcome import Outcome
from crumple.recipe import Recipe
from crumple.result import Result

CLEAN: Final = "clean"
"""The row of clean calls, beside the categories."""
ALL: Final = "all"
"""The row of all calls together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call that is made again every night; the first of its repetitions.

    Attributes:
        case: the case's id.
        recipe: how its document is degraded; without steps it is the clean call.
        mutator: whose rate it counts in; "" for a clean call.
        level: the level that it stands for; 0 for a clean call.
        outcome: how it ended.
        failure: whether that counts.
        fingerprint: what failures with one cause share; "" where it did not fail.
        digest: hash of the degraded document.
        seconds: how long it took.
        cost: the money that it took.
        cause: one line on how it failed; a baseline keeps none.
    """

    case: str
    recipe: Recipe
    mutator: str = ""
    level: float = 0.0
    outcome: Outcome = Outcome.RIGHT
    failure: bool = False
    fingerprint: str = ""
    digest: str = ""
    seconds: float = 0.0
    cost: float = 0.0
    cause: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same call on another night."""
        return self.case, str(self.recipe)

    @property
    def category(self) -> str:
        """The one that it counts in; "clean" for a clean call."""
        return category_of(self.mutator)

    @property
    def replay(self) -> str:
        """The line that `crumple replay` takes."""
        return f"{self.case} > {self.recipe}" if self.recipe.steps else self.case


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """What nights are compared with.

    Attributes:
        run: the id of the run that it was made from.
        started: when that was, as its document says.
        set_on: the day on which it was made the baseline, YYYY-MM-DD.
        by: who did.
        reason: why.
        config: the configuration's file name.
        seed: of the run's plan.
        system: the system's version.
        corpus: what tells this state of the corpus from others.
        versions: of crumple, its libraries and Python.
        machine: what it ran on.
        settings: what of the configuration matters for outcomes, by its name there; see `changes.settings_of`.
        mutators: name -> version, of those in its calls.
        cases: id -> digest of document, truth and what else goes with it.
        clean: its clean calls, one a case.
        calls: its degraded calls, in the order of its rounds.
    """

    run: str
    started: str
    set_on: str
    by: str
    reason: str
    config: str
    seed: int
    system: str
    corpus: str
    versions: Mapping[str, str]
    mutators: Mapping[str, str]
    cases: Mapping[str, str]
    clean: Sequence[Call]
    calls: Sequence[Call] = field(repr=False)
    machine: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def id(self) -> str:
        """A digest of all of it: two that agree in it are the same baseline."""
        text = json.dumps([self.run, self.set_on, self.by, self.reason, [each.replay for each in self.calls]])
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()

    def summary(self) -> dict[str, Any]:
        """What a night's document says of it."""
        return {
            "id": self.id,
            "run": self.run,
            "started": self.started,
            "set_on": self.set_on,
            "by": self.by,
            "reason": self.reason,
            "system": self.system,
            "calls": len(self.calls),
        }


def category_of(mutator: str) -> str:
    """The category that calls of a mutator count in; "clean" for calls of none."""
    return mutator.partition(".")[0] or CLEAN


def call_of(result: Result) -> Call | None:
    """A result as a call that can be made again; None where it says nothing of the system, or is a repetition.

    Nor is a finding one that was called again: it is there for itself, and in no rate.
    """
    verdict = result.verdict
    if result.skipped or verdict is None or verdict.outcome is Outcome.VOID:
        return None
    if not result.work.key.endswith("/0") or bool(result.work.recipe.steps) != bool(result.work.mutator):
        return None
    return Call(
        case=result.work.case,
        recipe=result.work.recipe,
        mutator=result.work.mutator,
        level=result.work.level,
        outcome=verdict.outcome,
        failure=verdict.failure,
        fingerprint=verdict.fingerprint,
        digest=result.digest,
        seconds=result.seconds,
        cost=result.cost,
        cause=result.cause,
    )
