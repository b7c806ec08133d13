"""Sessions of pytest in a project of one's own, in this process; and lanes that answer without a system."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import pytest

import crumple.assembly
import crumple.engine  # noqa: F401 - brought in here once, not in a session that is measured
from crumple.execution.spec import LaneSpec
from crumple.outcome import Outcome, Verdict
from crumple.result import Result, Work

MUTATORS = ("encoding.json_bom", "encoding.line_endings", "encoding.utf32", "truncation.cut", "truncation.empty")
SYSTEM = "[system]\ncall = 'mine:read'\n[corpus]\npath = 'corpus'\n[mutate]\nuse = ["
SYSTEM += ", ".join(f"'{each}'" for each in MUTATORS) + "]\n"
RIGHT = Verdict(Outcome.RIGHT, failure=False, score=1.0)
CRASHED = Verdict(Outcome.CRASHED, failure=True, fingerprint="crashed ValueError at mine.py:read")
WRONG = Verdict(Outcome.WRONG, failure=True, wrong=("/total",), fingerprint="wrong /total")
VOID = Verdict(Outcome.VOID, failure=False)
SECRET = "Mrs Secretive"


def project(where: Path, contract: str = "", *, documents: int = 4, system: str = SYSTEM) -> Path:
    """A project with a few documents."""
    (where / "corpus").mkdir(parents=True)
    for number in range(documents):
        content = f'{{\n "total": {number}.5,\n "customer": "{SECRET} Öst"\n}}\n'
        (where / "corpus" / f"{number}.json").write_text(content, encoding="utf-8")
        (where / "corpus" / f"{number}.json.truth.json").write_text(content, encoding="utf-8")
    (where / "crumple.toml").write_text(system + contract, encoding="utf-8")
    return where


def limit(of: str, bound: str, *, metric: str = "failures", about: str = "these documents", more: str = "") -> str:
    """One limit of a contract."""
    return f'[[contract.limit]]\nof = "{of}"\n{metric} = "{bound}"\nabout = "{about}"\n{more}\n'


@dataclass
class FakeLanes:
    """Answers at once, and notes what it was asked; put in the place of `LocalLanes`.

    Attributes:
        answer: what comes of a call.
        asked: every work, in order.
        started, closed: how often.
        digest: of every degraded document.
        seconds: what a call took.
    """

    answer: Callable[[Work], Verdict]
    asked: list[Work] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    specs: list[LaneSpec] = field(default_factory=list)
    started: int = 0
    closed: int = 0
    digest: str = ""
    seconds: float = 0.01
    _queue: deque[Work] = field(default_factory=deque)

    def __call__(self, spec: LaneSpec, lanes: int) -> Self:
        self.specs.append(spec)
        self.counts.append(lanes)
        return self

    def __enter__(self) -> Self:
        self.started += 1
        return self

    def close(self) -> None:
        self.closed += 1

    @property
    def pending(self) -> int:
        return len(self._queue)

    @property
    def room(self) -> int:
        return 16 - len(self._queue)

    def put(self, works: Sequence[Work]) -> None:
        self.asked.extend(works)
        self._queue.extend(works)

    def results(self, timeout: float | None = None) -> list[Result]:
        made = [self._made(work) for work in self._queue]
        self._queue.clear()
        return made

    def _made(self, work: Work) -> Result:
        verdict = self.answer(work)
        said = f"{SECRET} has no total" if verdict.failure or verdict.outcome == "void" else ""
        return Result(
            work, verdict, cause=said, expected=said, seconds=self.seconds, digest=self.digest, cost=0.5, attempts=1
        )


@dataclass
class Session:
    """What came of a session.

    Attributes:
        code: the exit code.
        outcomes: node id -> "passed", "failed", "error", "skipped", "xfailed", "xpassed"; in order.
        said: node id -> what it said.
        beside: node id -> what was shown beside that, on the screen.
        collected: node ids.
        flaws: what could not be collected.
    """

    code: int = 0
    outcomes: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    beside: dict[str, str] = field(default_factory=dict)
    collected: list[str] = field(default_factory=list)
    flaws: list[str] = field(default_factory=list)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.collected = [each.nodeid for each in session.items]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.flaws.append(str(report.longrepr))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if any(name.startswith("crumple") for name in report.__dict__):
            return  # of one call, or of what an item came to
        if report.when == "call" or report.outcome != "passed":
            xfail = hasattr(report, "wasxfail")
            words = {"passed": "xpassed" if xfail else "passed", "skipped": "xfailed" if xfail else "skipped"}
            outcome = words.get(report.outcome, "failed" if report.when == "call" else "error")
            self.outcomes[report.nodeid] = outcome
            longrepr: Any = report.longrepr
            said = longrepr[2] if isinstance(longrepr, tuple) else str(longrepr or "")
            self.said[report.nodeid] = said + getattr(report, "wasxfail", "")
            self.beside[report.nodeid] = "\n".join(f"{title}\n{text}" for title, text in report.sections)


def run(*arguments: str, plugins: Sequence[object] = ()) -> Session:
    """Run pytest in the current folder, in this process."""
    session = Session()
    plain = ("-p", "no:cacheprovider", "-p", "crumple.pytest_plugin", "--rootdir=.")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        session.code = int(pytest.main([*plain, *arguments], plugins=[session, *plugins]))
    return session
