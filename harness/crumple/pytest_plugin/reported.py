"""What pytest is told, by whoever carries an item out: each call for itself, then what the item came to.

All of it travels in reports, so that it is the same where xdist runs items in processes of its own. These reports look
like a setup that passed: everything else that listens (JUnit files, IDEs, `--last-failed`) leaves those alone, and
judges the item by its own report. `gathered` is what reads them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from crumple.result import Result

BEGUN: Final = "crumple_begun"
CALL: Final = "crumple_call"
CALLS: Final = "crumple_calls"
CAME_TO: Final = "crumple_item"
SENDING: Final = "crumple-sending"
_TOGETHER: Final = 50
_SECONDS: Final = 0.5


def begun(item: pytest.Item) -> None:
    """Report that an item begins, so that one that fails before it is measured is not forgotten."""
    report(item, BEGUN, {})


def told(item: pytest.Item, result: Result) -> None:
    """Report one call: of a degraded document, or of a clean one that failed. What came to nothing is not reported."""
    verdict = result.verdict
    work = result.work
    if verdict is None or not (work.recipe.steps or verdict.failure):
        return
    call = {
        "replay": work.replay if work.recipe.steps else work.case,
        "clean": not work.recipe.steps,
        "outcome": str(verdict.outcome),
        "failure": bool(verdict.failure),
    }
    sending = item.config.pluginmanager.getplugin(SENDING)
    if isinstance(sending, Sending):
        sending.add(item, call)
    else:
        report(item, CALL, call)


class Sending:
    """A plugin of pytest's, in a process of xdist's: it sends many calls at once, for each report costs both sides."""

    def __init__(self) -> None:
        """Begin with nothing to send."""
        self._item: pytest.Item | None = None
        self._calls: list[Mapping[str, Any]] = []
        self._sent = 0.0

    def add(self, item: pytest.Item, call: Mapping[str, Any]) -> None:
        """Send a call, with some others or when the last were sent a while ago."""
        if item is not self._item:
            self._send()
        self._item = item
        self._calls.append(call)
        if len(self._calls) >= _TOGETHER or time.monotonic() - self._sent > _SECONDS:
            self._send()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self) -> None:
        """Whatever else is sent comes after the calls that were before it."""
        self._send()

    def _send(self) -> None:
        calls, self._calls = self._calls, []
        if calls and self._item is not None:
            self._sent = time.monotonic()
            report(self._item, CALLS, {"calls": calls})


def measured(
    item: pytest.Item,
    document: Mapping[str, Any],
    *,
    limit: int | None = None,
    source: str = "",
    replay: str = "",
    privacy: str = "figures",
) -> None:
    """Report what an item that makes calls came to.

    Args:
        item: a marked test, or a limit of a crumple.toml.
        document: the run's document of its calls, as `Discretion.stored_document` lets it out.
        limit: which of the contract's limits the item is about; None: all that the document has.
        source: what several items have in common that may call the same documents; by default each its own.
        replay: the command that a replay line is put behind, quoted; by default pytest with this item.
        privacy: [privacy] reports: what an HTML file shows of single calls.
    """
    row = dict(document)
    if limit is not None:
        row["contract"] = [document["contract"][limit]]
    row["run"] = dict(document["run"]) | {"replay": replay or f"pytest {_quoted(item.nodeid)} --crumple-replay"}
    # What runs a test again (reruns) has it measured again.
    others = [each for each in item.user_properties if not str(each[0]).startswith("crumple.")]
    item.user_properties[:] = [*others, *properties(row)]
    report(item, CAME_TO, {"id": item.nodeid, "source": source or item.nodeid, "privacy": privacy, "document": row})


def found(item: pytest.Item, finding: Mapping[str, Any]) -> None:
    """Report what became of a finding that was called again.

    Args:
        item: it.
        finding: figures alone: "id", "was", "status", "again" (whether it fails again), "what", "replay".
    """
    for name in ("was", "status"):
        item.user_properties.append((f"crumple.{name}", str(finding.get(name, ""))))
    report(item, CAME_TO, {"id": item.nodeid, "source": item.nodeid, "finding": dict(finding)})


def properties(document: Mapping[str, Any]) -> list[tuple[str, object]]:
    """An item's figures, as JUnit files hold them."""
    categories = list(document["categories"].values())
    made: list[tuple[str, object]] = []
    for row in document["contract"]:
        made += [("crumple.limit", row["name"]), ("crumple.state", row["state"])]
        made += [(f"crumple.{name}", row[key]) for name, key in _FIGURES if row.get(key) is not None]
    made.append(("crumple.documents", sum(each["runs"] for each in categories)))
    made.append(("crumple.failures", sum(each["failures"] for each in categories)))
    made.append(("crumple.silent", sum(each["silent"] for each in categories)))
    if "seed" in document["run"]:
        made.append(("crumple.seed", document["run"]["seed"]))
    return [(name, str(value)) for name, value in made]


# The rate and its bounds are those of the calls that the limit counts; documents and failures, of all that were called.
_FIGURES: Final = (("bound", "limit"), ("calls", "calls"), ("rate", "figure"), ("low", "low"), ("high", "high"))


def _quoted(word: str) -> str:
    from crumple.plain_text import quoted

    return quoted(word)


def report(item: pytest.Item, name: str, told: Mapping[str, Any]) -> None:
    """Have pytest report something of an item that only `gathered` reads."""
    made = report_of(item.nodeid, item.location)
    # Between processes only the plainest of values travel; a text is one of them whatever it holds.
    made.__dict__[name] = dict(told) if name == CALL else json.dumps(told)
    with _on_screen(item.config):
        item.ihook.pytest_runtest_logreport(report=made)


def report_of(node: str, location: tuple[str, int | None, str]) -> pytest.TestReport:
    """A report that only `gathered` takes notice of."""
    return pytest.TestReport(
        nodeid=node,
        location=location,
        keywords={},
        outcome="passed",
        longrepr=None,
        when="setup",
        duration=0.0,  # the item's own report has the seconds
    )


def _on_screen(config: pytest.Config) -> AbstractContextManager[None]:
    """While a test runs, what is written is captured as its own; a letter is not."""
    capturing: Any = config.pluginmanager.getplugin("capturemanager")
    if capturing is None or hasattr(config, "workerinput"):
        return nullcontext()
    shown: AbstractContextManager[None] = capturing.global_and_fixture_disabled()
    return shown
