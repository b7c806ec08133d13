"""A project whose run takes some seconds, started on a host: what it says, what it stores, and what it has called."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dask_hosts import QUICK, SECONDS, Dask, until
from hosts import Host, Network

# Some documents are never answered; a file says that there was one.
SYSTEM = """
import hashlib, time
from pathlib import Path

HERE = Path(__file__).parent

def total(document: bytes) -> dict:
    number = int(hashlib.sha256(document).hexdigest()[:8], 16)
    with (HERE / "calls").open("ab") as file:
        file.write(b"%d\\n" % number)
    if number % 17 == 15:
        (HERE / "hangs").touch()
        time.sleep(60)
    time.sleep(0.05)
    return {"total": document.decode("utf-8-sig").split("total ")[1].split()[0]}
"""
CONFIGURATION = """
[system]
call = "mine:total"
timeout = "2s"
spare = 0
version = "1"
[corpus]
path = "corpus"
[mutate]
use = ["text.typos", "encoding.line_endings", "encoding.bom"]
[run]
calls = {calls}
dask_patience = "{patience}s"
"""
_THREAD = re.compile(r"0x[0-9a-f]+")
MAIN = [sys.executable, "-c", "from crumple.cli import main; main()"]


@dataclass
class Run:
    """A run that is going on somewhere."""

    process: subprocess.Popen[str]
    host: Host
    root: Path

    @property
    def said(self) -> str:
        """What it has said on standard error until now."""
        return (self.root / "said").read_text("utf-8")

    def says(self, words: str) -> None:
        """Wait until it has said something."""
        self._until(lambda: words in self.said, words)

    def makes(self, calls: int) -> None:
        """Wait until so many calls were made, in this run and those before it."""
        self._until(lambda: len((self.root / "calls").read_text().split()) >= calls, f"{calls} calls")

    def hangs(self) -> None:
        """Wait until a call is under way that does not come back."""
        self._until((self.root / "hangs").exists, "a call that hangs")

    def _until(self, true: Callable[[], Any], what: str) -> None:
        until(lambda: true() or self.process.poll() is not None, what)
        assert true(), f"it ended before {what}: {self.said}"

    def interrupt(self) -> None:
        """Ctrl-C, which a terminal sends to the command and what it has started, but for what leads its own session."""
        (command,) = self.host.processes("crumple.cli")
        group = os.getpgid(command.pid)
        for each in self.host.processes():
            if os.getpgid(each.pid) == group:
                each.send_signal(signal.SIGINT)

    def kill(self) -> None:
        """Kill -9, of the command alone; what it has started is left to itself."""
        (command,) = self.host.processes("crumple.cli")
        command.kill()
        self.ended()

    def ended(self) -> int:
        """Wait for its end; the exit code."""
        return self.process.wait(timeout=SECONDS)


@dataclass
class Project:
    """A folder with a run.

    Attributes:
        root: where it is; every host sees it there.
    """

    root: Path

    @classmethod
    def made(cls, root: Path, *, calls: int = 80, patience: float = 60) -> Project:
        """Write it.

        Args:
            root: where.
            calls: the budget.
            patience: for how many seconds Dask is waited for.
        """
        (root / "corpus").mkdir(parents=True)
        for name in "abcdef":
            (root / "corpus" / f"{name}.txt").write_text(f"Invoice {name} of May, total {ord(name)}.50 to be paid\n")
            (root / "corpus" / f"{name}.txt.truth.json").write_text(json.dumps({"total": f"{ord(name)}.50"}))
        (root / "mine.py").write_text(SYSTEM)
        (root / "crumple.toml").write_text(CONFIGURATION.format(calls=calls, patience=patience))
        (root / "calls").touch()
        return cls(root)

    def start(self, host: Host, *options: str) -> Run:
        """`crumple run` on a host."""
        with (self.root / "said").open("w") as said, (self.root / "printed").open("w") as printed:
            process = host.start(
                *MAIN,
                "run",
                *options,
                env=QUICK,
                cwd=self.root,
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=said,
                start_new_session=True,
            )
        return Run(process, host, self.root)

    def called(self) -> Counter[str]:
        """How often it was called with each document."""
        return Counter((self.root / "calls").read_text().split())

    @property
    def results(self) -> list[tuple[object, ...]]:
        """What the store holds, without what differs from time to time."""
        with sqlite3.connect(self.root / ".crumple" / "store.db") as connection:
            rows = connection.execute(
                "SELECT key, case_id, mutator, level, outcome, failure, digest, rest FROM crumple_results ORDER BY key"
            ).fetchall()
        connection.close()
        return [(*row[:-1], _THREAD.sub("", row[-1].replace(str(self.root), "HERE"))) for row in rows]


@dataclass
class Scene:
    """A project, the desk that its run is started from, and a cluster; and what the run is to come to.

    Attributes:
        dask: a scheduler on one host, a worker on each of two others.
        project: which has not been run yet.
        results: of the run when nothing disturbs it.
        called: how often each document is called then.
    """

    dask: Dask
    project: Project
    results: list[tuple[object, ...]]
    called: Counter[str]

    @property
    def network(self) -> Network:
        return self.dask.network

    @property
    def desk(self) -> Host:
        return self.network["desk"]

    def run(self, *options: str) -> Run:
        """The run on the cluster, begun or gone on with."""
        return self.project.start(self.desk, "--dask", self.dask.address, *options)

    def holds(self, run: Run, *, again: int) -> None:
        """It ends well: nothing is lost, nothing counts twice, and no process of it is left anywhere.

        Args:
            run: which is to end.
            again: how many calls may have been made a second time.
        """
        assert run.ended() == 0, run.said
        other = set(self.project.results) ^ set(self.results)
        assert not other, f"as in a run that nothing disturbs: {sorted(map(str, other))}"
        assert len(self.project.results) == len(self.results), "each once"
        called = self.project.called()
        assert called >= self.called, f"every call was made: {self.called - called}"
        twice = (called - self.called).total()
        assert twice <= again, f"and few of them twice: {twice}"
        assert "Traceback" not in run.said, run.said
        assert "distributed" not in run.said, run.said
        self.left_alone()

    def left_alone(self) -> None:
        """Wait until no lane is left, nor what it has started."""
        until(lambda: not self.dask.lanes(), "the end of lanes")
