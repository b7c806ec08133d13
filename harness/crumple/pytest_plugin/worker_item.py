"""An item that is measured as a run is: by the engine, on crumple's own workers."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from crumple.errors import CrumpleError
from crumple.plain_text import visible
from crumple.pytest_plugin.lanes import NOT_HERE, able

if TYPE_CHECKING:
    from crumple.pytest_plugin.projects import Project


class WorkerItem(pytest.Item):
    """An item that calls the system on crumple's own workers.

    What is measured is measured in `setup`: where it comes to nothing that is an error, as of a fixture, and no failure
    of the system's. What came of it is judged in `runtest`.
    """

    counted = True
    """Whether it is one of the robustness tests of a session, and carries their mark."""

    def __init__(self, *, line: int = 0, **more: Any) -> None:
        """Take the line that it stands in, from 1; 0: in none of its own."""
        # Said as a text, what stands in brackets is read as it is in reports and on the command line.
        super().__init__(nodeid=f"{more['parent'].nodeid}::{more['name']}", **more)
        self._line = line
        if self.counted:
            self.add_marker("crumple")

    def reportinfo(self) -> tuple[os.PathLike[str], int | None, str]:
        """Where it stands."""
        return self.path, max(0, self._line - 1), self.name

    def setup(self) -> None:
        """Measure it."""
        if not able():
            self.lacking(NOT_HERE)
        why = ""
        try:
            self.measure(self.project())
        except CrumpleError as error:
            why = "\n".join(map(visible, str(error).splitlines()))
        if why:
            self.void(why)

    def project(self) -> Project:
        """What its file comes to.

        Raises:
            CrumpleError: what is wrong with it.
        """
        from crumple.pytest_plugin.projects import project_of

        return project_of(self.config, self.path)

    def measure(self, project: Project) -> None:
        """Make the calls.

        Raises:
            CrumpleError: they cannot be made.
        """
        raise NotImplementedError

    def void(self, why: str) -> NoReturn:
        """It says nothing about the system."""
        pytest.fail(why, pytrace=False)

    def lacking(self, why: str) -> NoReturn:
        """It says too little: skipped, or failed where that was asked for."""
        if self.config.getoption("--crumple-strict"):
            pytest.fail(why, pytrace=False)
        raise pytest.skip.Exception(why, _use_item_location=True)  # where the limit stands, not where this does

    def shows(self, title: str, text: str) -> None:
        """Show a text on the screen beside the failure; files for others get figures only."""
        if text:
            self.add_report_section("call", title, text)
