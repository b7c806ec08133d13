"""A project whose runs can be killed in the middle, by their own system, and what they leave behind."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from crumple.cli import crumple

# Its 40th call ends crumple itself as a power cut would: the worker's parent is the lane, and the lane's is crumple.
SYSTEM = """
import json, os, signal, time

def total(document: bytes) -> dict:
    time.sleep(0.003)  # a lane has in hand what it does in a moment
    with open(os.environ["CALLS"], "ab") as file:
        file.write(str(hash(document)).encode() + b"\\n")
    calls = sum(1 for _ in open(os.environ["CALLS"], "rb"))
    if calls == int(os.environ["KILLS_AT"]):
        with open("/proc/%d/stat" % os.getppid()) as stat:
            os.kill(int(stat.read().rpartition(")")[2].split()[1]), signal.SIGKILL)
    return {"total": document.decode().split("total ")[1].split()[0]}
"""
MAIN = [sys.executable, "-c", "from crumple.cli import main; main()"]


@dataclass
class Project:
    """A folder with a run, and what its process said."""

    root: Path
    options: tuple[str, ...]
    said: list[subprocess.CompletedProcess[str]]

    def run(self, kills_at: int = 0) -> subprocess.CompletedProcess[str]:
        """Run it, in a process of its own where that is to be killed: starting one takes longer than the run."""
        more = {"CALLS": str(self.root / "calls"), "KILLS_AT": str(kills_at), "PYTHONHASHSEED": "0"}
        if kills_at:
            done = subprocess.run(
                [*MAIN, "run", *self.options],
                cwd=self.root,
                env={**os.environ, **more},
                capture_output=True,
                text=True,
                check=False,
            )
        else:
            with contextlib.chdir(self.root):
                here = CliRunner(env=more).invoke(crumple, ["run", *self.options], prog_name="crumple")
            done = subprocess.CompletedProcess(self.options, here.exit_code, here.stdout, here.stderr)
        self.said.append(done)
        return done

    @property
    def results(self) -> list[tuple[object, ...]]:
        """What the store holds, without what differs from time to time."""
        with sqlite3.connect(self.root / ".crumple" / "store.db") as connection:
            rows = connection.execute(
                "SELECT key, case_id, mutator, level, outcome, failure, digest, rest FROM crumple_results ORDER BY key"
            ).fetchall()
        connection.close()
        return [(*row[:-1], row[-1].replace(str(self.root), "HERE")) for row in rows]

    @property
    def calls(self) -> Counter[str]:
        return Counter((self.root / "calls").read_text().split())


def project(root: Path, *options: str, more: str = "") -> Project:
    """A project of three texts and a reader of totals; `options` go to `crumple run`, `more` into crumple.toml."""
    root.mkdir()
    (root / "corpus").mkdir()
    for name in "abc":
        (root / "corpus" / f"{name}.txt").write_text(f"Invoice {name} of May, total {ord(name)}.50 to be paid\n")
        (root / "corpus" / f"{name}.txt.truth.json").write_text(json.dumps({"total": f"{ord(name)}.50"}))
    (root / "mine.py").write_text(SYSTEM)
    (root / "crumple.toml").write_text(
        '[system]\ncall = "mine:total"\nspare = 0\ncost = 0.01\nversion = "1"\n[corpus]\npath = "corpus"\n'
        '[mutate]\nuse = ["text.typos", "encoding.line_endings", "encoding.bom"]\n[run]\nworkers = 1\ncalls = 90\n'
        + more
    )
    return Project(root, options, [])
