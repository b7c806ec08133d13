"""`pytest --crumple-replay 'case > recipe'` where there is a crumple.toml: that one call, made again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from crumple.errors import CrumpleError
from crumple.plain_text import excerpt
from crumple.pytest_plugin.lanes import able
from crumple.pytest_plugin.worker_item import WorkerItem

if TYPE_CHECKING:
    from crumple.pytest_plugin.projects import Project
    from crumple.recipe import Recipe
    from crumple.result import Result

NAME = "replay"
_LONG = 300
ELSEWHERE = pytest.StashKey[list[str]]()
"""Why configurations had nothing to do with the line: said where no test has either."""


def replay_items(parent: pytest.File, line: str) -> Iterator[pytest.Item]:
    """The one item, where the corpus has the case.

    Raises:
        CrumpleError: the recipe cannot be read, or names what is not there.
    """
    if not able():
        yield ReplayItem.from_parent(parent, name=NAME, case="", recipe=None)
        return
    from crumple.corpora import known
    from crumple.pytest_plugin.projects import project_of
    from crumple.replay import parse

    project = project_of(parent.config, parent.path)
    corpus, registry = project.assembly.plan.corpus, project.assembly.registry
    if not known(corpus, {line[:at].strip() for at in (*_cuts(line), len(line))}):
        try:
            parse(line, corpus)
        except CrumpleError as error:
            parent.config.stash.setdefault(ELSEWHERE, []).append(str(error))
        return
    case, recipe = parse(line, corpus)
    for step in recipe.steps:
        registry.get(step.mutator).check(step)
    yield ReplayItem.from_parent(parent, name=NAME, case=case, recipe=recipe)


def _cuts(line: str) -> Iterator[int]:
    return (at for at, character in enumerate(line) if character == ">")


class ReplayItem(WorkerItem):
    """One call made again, the clean one first."""

    counted = False
    replays = True
    """What `--crumple-replay` keeps; see `marked_replay.select`."""

    def __init__(self, *, case: str, recipe: Recipe | None, **more: Any) -> None:
        """Take what is called."""
        super().__init__(**more)
        self._case, self._recipe = case, recipe
        self._clean: Result | None = None
        self._last: Result | None = None

    def measure(self, project: Project) -> None:
        """Call."""
        from crumple.outcome import Outcome
        from crumple.pytest_plugin.lanes import ItemLanes
        from crumple.replay import replay

        assembly = project.assembly
        assert self._recipe is not None
        again = replay(assembly.plan, assembly.registry, ItemLanes(project.lanes), self._case, self._recipe)
        self._clean, self._last = again.clean, again.last
        verdict = again.last.verdict
        if verdict is None:
            self.void(f"the call was not made: {excerpt(again.last.skipped, _LONG)}")
        if verdict.outcome is Outcome.VOID:
            self.void(f"the call came to nothing, through no fault of the system: {excerpt(again.last.cause, _LONG)}")
        if self._recipe.steps and again.degraded is None:
            self.void("without a truth, the clean calls must succeed and agree; they do not")

    def runtest(self) -> None:
        """Fail where it does."""
        from crumple.pytest_plugin.worst import answered, ended

        assert self._last is not None
        assert self._clean is not None
        verdict = self._last.verdict
        if verdict is None or not verdict.failure:
            return
        self.shows("answers", answered([self._last]))
        self.shows("detail", self._last.detail)
        clean = self._clean.verdict
        beside = self._last is not self._clean and clean is not None and clean.failure
        first = "\nIts clean document fails too." if beside else ""
        pytest.fail(f"{ended(self._last)}, level {self._last.work.level:g}{first}", pytrace=False)
