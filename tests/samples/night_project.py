"""A project whose nights are as a test wants them, and `crumple nightly` in this process."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

from benchmarks import fortnight
from benchmarks.fuzz.in_process import InProcess
from click.testing import CliRunner, Result

from crumple.cli import crumple as command_line
from lanes_here import LanesHere

CONFIGURATION = """
[system]
call = "orders:total"
[corpus]
path = "corpus"
[mutate]
use = ["encoding.nul", "text.double_spaces", "text.emoji"]
[run]
calls = 110
"""
SYSTEM = """
import hashlib
from pathlib import Path

HERE = Path(__file__).parent
CLEAN = {each.read_bytes() for each in (HERE / "corpus").glob("*.txt")}
NIGHT, BROKEN, DRIFT = map(float, (HERE / "night.txt").read_text().split())


def share(*parts):
    return int.from_bytes(hashlib.blake2b(repr(parts).encode(), digest_size=4).digest()) / 2**32


def total(document: bytes) -> dict:
    # Every document has a mind of its own: some fail now and then, with or without a reason.
    flaky = share(document) < 0.2 and share(document, NIGHT) < 0.3
    broken = share(document, "broken") < BROKEN or share(document, "drift") < DRIFT
    if document not in CLEAN and (flaky or broken):
        return {"total": 7}
    return {"total": 1.5 if BROKEN < 1 else 7}
"""


def project(folder: Path, configuration: str = CONFIGURATION, system: str = SYSTEM, cases: int = 12) -> Path:
    """A folder with orders, all of one total, and a system that fails as `night.txt` says."""
    fortnight.project(folder, configuration, system, cases)
    behave(folder, 0)
    return folder


def behave(folder: Path, night: int, broken: float = 0.0, drift: float = 0.0) -> None:
    """How the system is tonight: which share of degraded documents it fails on, for good or by slow change."""
    (folder / "night.txt").write_text(f"{night} {broken} {drift}", "utf-8")


def crumple(folder: Path, *words: str) -> Result:
    command, *more = words
    return CliRunner().invoke(command_line, [command, "--config", str(folder), *more], prog_name="crumple")


def night(folder: Path, *words: str) -> tuple[int, dict[str, Any], str]:
    """One night: its exit code, the part of its document, what was said."""
    out = folder / "out.json"
    out.unlink(missing_ok=True)
    done = crumple(folder, "nightly", "--workers", "1", "--json", str(out), *words)
    document = json.loads(out.read_text("utf-8")) if out.exists() else {}
    return done.exit_code, document.get("night", {}), done.output


class ManyAtOnce(LanesHere):
    """Hands results back in heaps: each heap is written to the disk."""

    def __enter__(self) -> InProcess:
        found = super().__enter__()
        one = found.results
        found.results = lambda timeout=None: [each for _ in range(max(1, found.pending)) for each in one(timeout)]  # type: ignore[method-assign]  # of this one alone
        return found


def with_baseline(folder: Path) -> Path:
    code, first, said = night(folder)
    assert (code, first.get("state")) == (0, "no baseline"), said
    assert "baseline" in said
    done = crumple(folder, "baseline", "latest", "--reason", "signed off", "--by", "M. Osei")
    assert done.exit_code == 0, done.output
    return folder


def rows(folder: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(folder / ".crumple" / "store.db") as database:
        return list(database.execute("SELECT id, state FROM crumple_runs ORDER BY number"))


def change(folder: Path, number: int, **values: object) -> None:
    """Change what the store says of a run."""
    with sqlite3.connect(folder / ".crumple" / "store.db") as database:
        sets = ", ".join(f"{name} = ?" for name in values)
        database.execute(f"UPDATE crumple_runs SET {sets} WHERE number = ?", (*values.values(), number))
