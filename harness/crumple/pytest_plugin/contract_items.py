"""`pytest --crumple`: an item for each limit of a crumple.toml, or for each category where there is no contract."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from crumple.config.finding import FILE, PROJECT, nearest, shown
from crumple.errors import CrumpleError
from crumple.pytest_plugin.lanes import able
from crumple.pytest_plugin.reported import measured, told
from crumple.pytest_plugin.worker_item import WorkerItem

if TYPE_CHECKING:
    from crumple.config.loading import Config
    from crumple.contract.limits import Limit
    from crumple.pytest_plugin.item_plans import Part
    from crumple.pytest_plugin.projects import Project
    from crumple.pytest_plugin.worst import Worst

_NONE = (
    "there is no crumple.toml, nor a pyproject.toml with [tool.crumple], in {}{}, and no test is marked with "
    "@pytest.mark.crumple; `crumple init` writes one"
)


def is_ours(path: Path) -> bool:
    """Whether a file is a configuration that speaks for its folder."""
    return path.name in {FILE, PROJECT} and nearest(path.parent) == path


def beside(config: pytest.Config) -> Path | None:
    """The configuration at the root of the session, where what is to be collected would not come by it; else None.

    Where paths were named on the command line, those are what was asked for.
    """
    if config.args_source is pytest.Config.ArgsSource.ARGS:
        return None
    path = next((each for each in (config.rootpath / FILE, config.rootpath / PROJECT) if is_ours(each)), None)
    if path is None:
        return None
    visited = [Path(os.path.abspath(config.invocation_params.dir / each.partition("::")[0])) for each in config.args]
    return None if any(path.is_relative_to(each) for each in visited) else path


def is_named(config: pytest.Config, path: Path) -> bool:
    """Whether a file was named on the command line."""
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        return False
    folders = (config.invocation_params.dir, config.rootpath)
    names = [each.partition("::")[0] for each in config.args]
    return any(Path(os.path.abspath(folder / name)) == path for folder in folders for name in names)


def missing(config: pytest.Config) -> str:
    """What to say where --crumple has found nothing to do: where it looked."""
    asked = config.args if config.args_source is not pytest.Config.ArgsSource.INVOCATION_DIR else ()
    folders = [shown(Path(os.path.abspath(config.invocation_params.dir / each.partition("::")[0]))) for each in asked]
    named = f" or in {', '.join(dict.fromkeys(each for each in folders if each != '.'))}" if folders else ""
    return f"--crumple: {_NONE.format(config.rootpath, named)}"


class ContractFile(pytest.File):
    """A crumple.toml, or a pyproject.toml with [tool.crumple]."""

    def collect(self) -> Iterator[pytest.Item]:
        """Findings first; then an item for each limit, or each category where nothing is limited."""
        line = self.config.getoption("--crumple-replay")
        try:
            if line:
                from crumple.pytest_plugin.replay_items import replay_items

                yield from replay_items(self, line)
                return
            from crumple.pytest_plugin.finding_items import finding_items

            config, limits = self._contract()
            yield from finding_items(self, config)
            yield from self._limits(config, limits) if limits else self._categories()
        except CrumpleError as error:
            raise self.CollectError(str(error)) from None

    def _contract(self) -> tuple[Config, Sequence[Limit]]:
        """The configuration and its limits, with every check that can be made without a call."""
        if able():
            from crumple.pytest_plugin.projects import project_of

            project = project_of(self.config, self.path)
            return project.config, project.assembly.contract.limits
        from crumple.config.loading import load
        from crumple.contracts import limits_of

        config = load(self.path)
        return config, limits_of(config.settings)

    def _limits(self, config: Config, limits: Sequence[Limit]) -> Iterator[pytest.Item]:
        from crumple.pytest_plugin.item_plans import names_of

        for number, name in enumerate(names_of(limits)):
            line = config.source.line(("contract", "limit", number))
            yield LimitItem.from_parent(self, name=name, number=number, line=line)

    def _categories(self) -> Iterator[pytest.Item]:
        if not able():
            return
        from crumple.pytest_plugin.item_plans import categories
        from crumple.pytest_plugin.projects import project_of

        for name in categories(project_of(self.config, self.path).assembly):
            yield CategoryItem.from_parent(self, name=name)


class _RunItem(WorkerItem):
    """An item that is a part of a run.

    Attributes:
        document: the versioned document of what it measured, as that of every run.
    """

    document: dict[str, Any]
    _worst: Worst
    _project: Project

    def _measured(self, project: Project, part: Part, number: int | None) -> None:
        from crumple.contract.limits import CLEAN
        from crumple.engine import run
        from crumple.events import CallEnded, CleanEnded, Ended
        from crumple.exhibits.making import shown as shown_in_reports
        from crumple.mutation.registry import Registry
        from crumple.pytest_plugin.item_words import void
        from crumple.pytest_plugin.lanes import ItemLanes
        from crumple.pytest_plugin.worst import Worst
        from crumple.summary import Tally

        assembly = project.assembly
        limit = None if number is None else part.contract.limits[number]
        registry = Registry({**assembly.plan.registry.mutators, **assembly.plan.controls.mutators})
        tally = Tally(registry, project.info(self.nodeid), contract=part.contract, mix=assembly.mix)
        self._worst, self._project = Worst(limit), project
        for event in run(part.plan, ItemLanes(project.lanes), None, part.course):
            # Of a limit whose mutators do not apply that is all there is to know; the run is not void for it.
            tally.add(Ended("decided") if limit is not None and event == Ended("nothing to do") else event)
            self._worst.add(event)
            if isinstance(event, CallEnded):
                told(self, event.result)
            elif isinstance(event, CleanEnded) and not (limit is not None and limit.of == CLEAN):
                too_much = project.objection(part.plan, event)
                if too_much is not None:
                    raise too_much
        self.document = assembly.spec.discretion.shown_document(tally.document(0.0))
        measured(
            self,
            assembly.spec.discretion.stored_document(self.document),
            limit=number,
            source=self.parent.nodeid if self.parent else "",
            replay=project.replay(""),
            privacy=shown_in_reports(project.config),
        )
        why = void(self.document, project.replay)
        if why and not any(each["state"] == "broken" for each in self.document["contract"]):
            self.void(why)

    def _answers(self) -> None:
        """What the worst calls answered: on the screen, and in no file that leaves the machine."""
        from crumple.pytest_plugin.worst import answered

        self.shows("answers", answered(self._worst.first()))


class LimitItem(_RunItem):
    """One limit of the contract."""

    def __init__(self, *, number: int, **more: Any) -> None:
        """Take its number in the contract, from 0."""
        super().__init__(**more)
        self._number = number

    def measure(self, project: Project) -> None:
        """Make the calls that decide it."""
        from crumple.pytest_plugin.item_plans import of_limit

        self._measured(project, of_limit(project.assembly, self._number), self._number)

    def runtest(self) -> None:
        """Fail where it is broken."""
        from crumple.pytest_plugin.item_words import broken, undecided

        row = self.document["contract"][self._number]
        if row["state"] == "broken":
            self._answers()
            pytest.fail(broken(self.document, row, self._worst, self._project.replay), pytrace=False)
        if row["state"] == "undecided":
            limit = self._project.assembly.contract.limits[self._number]
            self.lacking(undecided(self.document, row, limit, self._project.groups))


class CategoryItem(_RunItem):
    """A category of a project that has no contract: it is measured, and nothing can be broken."""

    def measure(self, project: Project) -> None:
        """Make its share of a run's calls."""
        from crumple.pytest_plugin.item_plans import of_category

        self._measured(project, of_category(project.assembly, self.name, calls=project.calls), None)

    def runtest(self) -> None:
        """Show its rates."""
        from crumple.pytest_plugin.item_words import rates

        self.shows("rates", rates(self.document, self._worst, self._project.replay))
