"""`pytest --crumple`: an item for each finding beside a crumple.toml, called again as `crumple replay` does.

What a push is told of a finding, by its state and what came of calling it again:

=========  =====================================  ==========================================
state      it fails                               it fails no more
=========  =====================================  ==========================================
fixed      failed: it is back                     passed
open       xfailed: it is known                   xpassed: `crumple replay` closes it
accepted   xfailed, with who and until when; in   xpassed: `crumple replay` closes it
           another way than accepted: failed
expired    failed: it was accepted until then     xpassed: `crumple replay` closes it
=========  =====================================  ==========================================

What passes unexpectedly fails under pytest's own `xfail_strict`, and under --crumple-strict: by itself it does not, for
of a system that fails now and then only, it would wake somebody for nothing. Where nothing can be told, that is an
error; where the recipe makes another document now, and the one that was found is not kept, the item is skipped.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import pytest

from crumple.config.finding import nearest, shown
from crumple.plain_text import excerpt, quoted, visible
from crumple.pytest_plugin.reported import found
from crumple.pytest_plugin.worker_item import WorkerItem

if TYPE_CHECKING:
    from crumple.config.loading import Config
    from crumple.errors import CrumpleError
    from crumple.events import Replayed
    from crumple.findings.finding import Finding
    from crumple.pytest_plugin.projects import Project

Verdict: TypeAlias = Literal["passes", "fails", "known", "closes", "untold", "other"]
_FAILING = frozenset({"FAILS", "CHANGED", "FLAKY"})
_LONG = 300


def finding_items(parent: pytest.File, config: Config) -> Iterator[pytest.Item]:
    """An item for each finding of a configuration.

    Raises:
        CrumpleError: `findings` is no folder.
    """
    from crumple.findings.folder import Folder, named

    shelf = Folder(config.root).shelf()
    own = {name: each for name, each in shelf.findings.items() if each.config == named(config.path)}
    for name in sorted({*own, *shelf.unread}):
        if name in own:
            yield FindingItem.from_parent(parent, name=f"findings/{name}", finding=own[name])
        else:
            yield UnreadItem.from_parent(parent, name=f"findings/{name}", why=shelf.unread[name])


def judged(finding: Finding, status: str, still: bool | None, today: dt.date) -> Verdict:
    """What is made of a finding that was called again.

    Args:
        finding: as it is in its folder.
        status: how it stands now, see `crumple.findings.status`.
        still: of other bytes, whether the document that was kept fails still; None: it was not tried.
        today: for acceptances that are over.
    """
    if status == "OTHER BYTES":
        if still is None:
            return "other"
        status = "FAILS" if still else "FIXED"
    if status == "FIXED":
        return "passes" if finding.state == "fixed" else "closes"
    if status not in _FAILING:
        return "untold"
    if finding.state == "open":
        return "known"
    accepted = finding.state == "accepted" and finding.stands(today) == "accepted" and status != "CHANGED"
    return "known" if accepted else "fails"


class FindingItem(WorkerItem):
    """A finding, called again."""

    def __init__(self, *, finding: Finding, **more: Any) -> None:
        """Take it as it is in its folder."""
        super().__init__(**more)
        self._finding = finding
        self._event: Replayed | None = None
        self._verdict: Verdict = "untold"

    def measure(self, project: Project) -> None:
        """Call it again, and mark what is known to fail."""
        event, still = self._called(project)
        self._event = event
        self._verdict = judged(self._finding, event.status, still, dt.date.today())
        found(
            self,
            {
                "id": self._finding.id,
                "was": self._finding.state,
                "status": event.status,
                "again": self._verdict == "fails" and self._finding.state == "fixed",
                "what": self._what(),
                "replay": self._again(),
            },
        )
        if self._verdict == "untold":
            self.void(f"it cannot be told whether it fails: {excerpt(event.why, _LONG)}\n  {self._again()}")
        if self._verdict in {"known", "closes"}:
            expected = pytest.mark.xfail(reason=self._reason())
            if self.config.getoption("--crumple-strict"):
                expected = pytest.mark.xfail(reason=self._reason(), strict=True)
            self.add_marker(expected)

    def _called(self, project: Project) -> tuple[Replayed, bool | None]:
        from crumple.findings_again import called_again, compared
        from crumple.pytest_plugin.lanes import ItemLanes

        assembly = project.assembly
        (event,) = called_again([self._finding], assembly, nullcontext(ItemLanes(project.lanes)))
        if event.status != "OTHER BYTES":
            return event, None
        versions = project.info(self.nodeid)["versions"]
        ((event, _, still),) = compared([(event, self._finding)], replace(assembly), project.config.root, versions)
        return event, still

    def runtest(self) -> None:
        """Fail where it does."""
        assert self._event is not None
        why = excerpt(self._event.why, _LONG)
        match self._verdict:
            case "other":
                self.lacking(f"{why}, and the one that was found is not kept: a search finds it anew, if it is there")
            case "known" | "fails":
                self._answers()
                self._failed()

    def _failed(self) -> None:
        finding, accepted = self._finding, self._finding.accepted
        lines = [self._what()]
        if finding.state == "fixed":
            lines.append("It was fixed, and fails again.")
        elif accepted is not None and accepted.until < dt.date.today():
            lines.append(
                f"It was accepted until {accepted.until} by {visible(accepted.by)}, which is over: fix it, or accept "
                "it anew with `crumple accept`."
            )
        elif accepted is not None:
            lines.append("It fails in another way than was accepted.")
        lines.append(f"  {self._again()}")
        pytest.fail("\n".join(lines), pytrace=False)

    def _what(self) -> str:
        """What it does now, in figures: how its last failure ended, and how often it failed."""
        from crumple.pytest_plugin.worst import ended

        assert self._event is not None
        made = [each for each in self._event.results if each.verdict is not None]
        failed = [each for each in made if each.verdict is not None and each.verdict.failure]
        said = ended(failed[-1]) if failed else str(self._finding.outcome)
        return f"{said}, in {len(failed)} of {len(made)} calls" if made else said

    def _reason(self) -> str:
        """Why it is expected to fail; where it does not, what to do."""
        finding, accepted = self._finding, self._finding.accepted
        if self._verdict == "closes":
            near = nearest(Path.cwd()) == self.path
            command = finding.replay() if near else f"crumple replay {finding.id} --config {quoted(shown(self.path))}"
            return f"it fails no more: `{command}` closes it, and from then on it must not come back"
        if accepted is not None:
            return f"accepted until {accepted.until} by {visible(accepted.by)}: {self._what()}"
        changed = ", in another way than when it was found" if self._event and self._event.status == "CHANGED" else ""
        return f"an open finding: {self._what()}{changed}"

    def _again(self) -> str:
        """The command that calls it again, here."""
        return f"pytest {quoted(self.nodeid)}"

    def _answers(self) -> None:
        """What was expected and answered, and all that the system said: on the screen alone."""
        from crumple.findings.words import what_happens
        from crumple.pytest_plugin.worst import answered

        assert self._event is not None
        failed = [each for each in self._event.results if each.verdict is not None and each.verdict.failure]
        self.shows("answers", "\n".join(filter(None, (visible(what_happens(self._finding)), answered(failed[-1:])))))


class UnreadItem(pytest.Item):
    """A finding that cannot be read."""

    def __init__(self, *, why: CrumpleError, **more: Any) -> None:
        """Take what is wrong with it."""
        super().__init__(**more)
        self._why = why
        self.add_marker("crumple")

    def setup(self) -> None:
        """Nothing is known of it: an error, not a failure."""
        pytest.fail(visible(str(self._why)), pytrace=False)

    def runtest(self) -> None:
        """It is not come to."""

    def reportinfo(self) -> tuple[Any, int | None, str]:
        """Where it stands."""
        return self.path, None, self.name
