"""Real processes at one store: one writer a run, however the one before ended."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crumple.store import Store

HOLDER = Path(__file__).parent / "holder.py"
Opened = Callable[[], Store]
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(location: str | None, tmp_path: Path) -> Iterator[Start]:
    """Starts another crumple at the test's store."""
    started: list[subprocess.Popen[str]] = []

    def begin(name: str, key: str = "clean/a/0") -> "subprocess.Popen[str]":
        started.append(
            subprocess.Popen(
                [sys.executable, str(HOLDER), location or "", str(tmp_path), name, key],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def said(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_of_two_that_begin_at_once_one_waits_and_goes_on_where_the_other_was_killed(
    opened: Opened, start: Start
) -> None:
    first, second = start("run-0", "clean/a/0"), start("run-1", "clean/b/0")
    words = {process: said(process) for process in (first, second)}
    ahead, behind = (first, second) if words[first].startswith("holds") else (second, first)
    run = words[ahead].removeprefix("holds ")
    assert words[behind].startswith(f"waiting for run {run}, which process {ahead.pid} on ")
    store = opened()
    assert [(line.id, line.state) for line in store.lines()] == [(run, "running")]
    ahead.kill()
    assert said(behind) == f"going on with run {run} (1 call stored; --fresh begins anew)"
    assert said(behind) == f"holds {run}"
    behind.communicate("\n")
    (line,) = store.lines()
    assert (line.id, line.state, line.calls) == (run, "ended", 2)
