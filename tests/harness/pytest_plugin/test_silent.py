"""What the plugin shows of itself where nothing is asked of it, and where its workers cannot run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pytest_sessions import limit, project, run

_NO_WORKERS = """
import sys
for name in ("fcntl", "resource"):
    sys.modules[name] = None
import importlib.util
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name in ("fcntl", "resource") else found(name, *more)
import pytest
sys.exit(pytest.main(["--crumple", "-rs", "-p", "no:cacheprovider", "-p", "no:hypothesispytest"]))
"""


def called(where: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=where, capture_output=True, text=True, check=False)


def test_help_shows_its_options_together(capsys: pytest.CaptureFixture[str]) -> None:
    run("--help")
    said = capsys.readouterr().out
    group = said.partition("robustness to degraded documents:")[2].partition("\n\n")[0]
    assert group.count("--crumple") == group.count("\n  --") >= 6


def test_where_crumple_s_workers_cannot_run_its_items_say_so(tmp_path: Path) -> None:
    """As on Windows, where there is neither fcntl nor resource."""
    where = project(tmp_path / "own", limit("encoding", "5%"))
    done = called(where, "-c", _NO_WORKERS)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 skipped" in done.stdout
    assert "crumple's own workers run on Linux and macOS, not here" in done.stdout
