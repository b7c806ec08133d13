"""Findings as files, beside a run: what was found before, and what the run's events say of it. Does I/O."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from crumple.case import Corpus
from crumple.config.loading import Config
from crumple.discretion import Discretion
from crumple.events import Event
from crumple.findings.status import Known
from crumple.mutation.registry import Registry


class Keeping:
    """The findings of a project while calls are made: `known`, then `begin`, then `take` for every event, then `close`.

    Attributes:
        ids: a discovery's number -> the id of its finding, as far as it has one; of those that are explained, none.
        new: ids of the findings that nobody knew before this run; those that were fixed and fail again are not new.
        again: ids of those that were fixed before, and fail again.
        statuses: id -> what replaying it said in this run.
        troubles: what could not be read or written, each a sentence for the user; said once, as it comes, by `say`.
    """

    def __init__(
        self,
        config: Config,
        corpus: Corpus,
        registry: Registry,
        discretion: Discretion,
        *,
        writes: bool = True,
        say: Callable[[str], None] = lambda line: None,
        today: Callable[[], dt.date] = dt.date.today,
    ) -> None:
        """Nothing is read or written yet.

        Args:
            config: findings are in `findings/` beside it.
            corpus: where cases come from (`assembly.plan.corpus`).
            registry: every mutator that a recipe may name (`assembly.registry`).
            discretion: what may be shown (`assembly.spec.discretion`).
            writes: whether files are written at all.
            say: told of troubles, one line each.
            today: for dates.
        """
        self.ids: dict[int, str] = {}
        self.new: set[str] = set()
        self.again: set[str] = set()
        self.statuses: dict[str, str] = {}
        self.troubles: list[str] = []

    def known(self) -> list[Known]:
        """Every finding that can be read: open, accepted and fixed ones. An acceptance that is over counts as open.

        What cannot be read is said, and left as it is.

        Raises:
            CrumpleError: `findings` is there and is no folder.
        """
        return []

    def begin(self, info: Mapping[str, Any]) -> None:
        """The run begins, or goes on.

        Args:
            info: what is known of it: "id", "versions", "system", and "config" where its name is to be in replay lines.
        """

    def take(self, event: Event) -> None:
        """Write what an event says; others than `Discovered`, `Replayed` and `Ended` are ignored. Raises nothing."""

    def close(self) -> None:
        """Write what is not written yet (how often findings were met); also after an interruption."""

    def still_open(self) -> list[str]:
        """Ids of the findings that this run has met or replayed, and that are open now: with any it ends with 1.

        Accepted ones are not among them, unless their acceptance is over.
        """
        return []

    def line(self, finding: str) -> str:
        """One line: what happens."""
        return ""
