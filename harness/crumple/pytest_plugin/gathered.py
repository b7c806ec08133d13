"""What the session's own process shows and writes of everything that ran under crumple."""

from __future__ import annotations

import json
import shutil
from collections.abc import Generator
from typing import Any, Final

import pytest

from crumple.pytest_plugin.reported import BEGUN, CALL, CALLS, CAME_TO, report_of

_LETTERS: Final = {"wrong": "w", "crashed": "c", "hung": "h", "exhausted": "m", "refused": "r", "void": "v"}
_UNSEEN: Final = (BEGUN, CALLS, CAME_TO)
_PASSED: Final = ","
_WIDEST: Final = 120
_ONE_LINE: Final = 1000


class Gathered:
    """A plugin of pytest's: it takes in what `reported` sends, in the process that shows and writes.

    Attributes:
        calls, failing, clean: degraded documents that were called, how many of them failed, and clean ones that did.
        items: what each item came to, by its node id.
    """

    def __init__(self, config: pytest.Config) -> None:
        """Begin with nothing."""
        self._config = config
        self.calls = self.failing = self.clean = 0
        self.items: dict[str, dict[str, Any]] = {}
        self._ended: dict[str, str] = {}
        self._unwritten: list[str] = []

    def pytest_configure(self, config: pytest.Config) -> None:
        """See to it, before anything runs, that the reports can be written."""
        if files := config.getoption("--crumple-report"):
            from crumple.pytest_plugin.report_files import check

            check(config, files)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take one report in."""
        call = report.__dict__.get(CALL)
        if call is not None:
            self.calls += not call["clean"]
            self.failing += call["failure"] and not call["clean"]
            self.clean += call["clean"]
        elif CALLS in report.__dict__:
            self._each(report)
        elif CAME_TO in report.__dict__:
            came_to = json.loads(report.__dict__[CAME_TO])
            self.items[came_to["id"]] = came_to
        elif BEGUN in report.__dict__:
            self.items[report.nodeid] = {"id": report.nodeid, "source": report.nodeid}
        elif report.nodeid in self.items and (report.when == "call" or not report.passed):
            xfailed = report.skipped and hasattr(report, "wasxfail")
            self._ended[report.nodeid] = "xfailed" if xfailed else report.outcome

    def _each(self, report: pytest.TestReport) -> None:
        """Report calls that were sent together, each for itself."""
        for call in json.loads(report.__dict__[CALLS])["calls"]:
            made = report_of(report.nodeid, report.location)
            made.__dict__ |= {CALL: call, "node": report.__dict__.get("node")}
            self._config.hook.pytest_runtest_logreport(report=made)

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, Any] | None:
        """A letter for each call; no category, so that the tests are counted as they are."""
        if not report.__dict__.keys().isdisjoint(_UNSEEN):
            return "", "", ""
        call = report.__dict__.get(CALL)
        if call is None:
            return None
        letter, word, markup = shown(call)
        line = f"[{_visible(call['replay'])}]"
        # With xdist the word stands before the test, else behind it.
        text = f"{word} {line}" if hasattr(report, "node") else f"{line} {word}"
        return "", letter, (text, {markup: True})

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Write the reports that were asked for."""
        files = self._config.getoption("--crumple-report")
        if files and not self._config.getoption("collectonly"):
            from crumple.pytest_plugin.report_files import write

            self._unwritten = write(self._config, files, self.document())

    @pytest.hookimpl(wrapper=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> Generator[None]:
        """The table in the end, and the documents in the line of counts."""
        yield
        if self.failing:
            # A name that pytest does not know makes its line yellow: where nothing failed it stays as it is.
            _count(terminalreporter, f"degraded ({self.failing:,} failed)", self.calls)
        if self.items and terminalreporter.verbosity >= -1:
            self._show(terminalreporter)
        for line in self._unwritten:
            terminalreporter.write_line(line, red=True)

    def _show(self, terminalreporter: pytest.TerminalReporter) -> None:
        from crumple.reporting import rendering

        render = rendering("terminal")
        if terminalreporter.verbosity < 0:
            terminalreporter.write_line(render(self.document(), width=_ONE_LINE).split("\n")[0])
            return
        width = min(shutil.get_terminal_size().columns, _WIDEST)
        text = render(self.document(), width=width, color=terminalreporter.hasmarkup)
        terminalreporter.section("crumple")
        terminalreporter.write_line(text.rstrip())

    def document(self) -> dict[str, Any]:
        """The session's document."""
        from crumple.pytest_plugin.session import session_document

        items = [came_to | {"outcome": self._ended.get(id_, "")} for id_, came_to in self.items.items()]
        return session_document(items, calls=self.calls, failing=self.failing)


class _Counted:
    """Stands for a document in the line of counts."""

    count_towards_summary = True


def _count(terminalreporter: pytest.TerminalReporter, name: str, number: int) -> None:
    """Have a number in the line of counts, also where the session was ended early: then pytest looks no more itself."""
    add: Any = getattr(terminalreporter, "_add_stats", None)
    if add is not None:
        add(name, [_Counted()] * number)
    else:
        terminalreporter.stats[name] = [_Counted()] * number


def shown(call: dict[str, Any]) -> tuple[str, str, str]:
    """A call's letter, its word and its colour."""
    outcome = call["outcome"]
    if call["clean"]:
        return "C", f"FAILS CLEAN, {outcome.upper()}", "red"
    if outcome == "void":
        return "v", "VOID", "yellow"
    if not call["failure"]:
        return _PASSED, "REFUSED RIGHTLY" if outcome == "refused" else outcome.upper(), "green"
    return _LETTERS.get(outcome, "f"), outcome.upper(), "red"


def _visible(text: str) -> str:
    from crumple.plain_text import visible

    return visible(text)
