"""The plugin is installed with crumple, and does nothing to a project that does not ask for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pytest_sessions import limit, project, run

_OWN = """
import sys

def test_own(pytestconfig):
    heavy = {"numpy", "cv2", "pydantic", "PIL", "crumple_mutators", "crumple.plan", "crumple.config"} & set(sys.modules)
    assert not heavy, heavy
    assert pytestconfig.pluginmanager.has_plugin("crumple")
    ours = {name.rpartition(".")[2] for name in sys.modules if name.startswith("crumple.pytest_plugin.")}
    assert ours <= {"gathered", "reported"}, ours
"""
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


def test_a_project_that_does_not_use_it_is_none_the_wiser(tmp_path: Path) -> None:
    """Also where it has a crumple.toml, turns every warning into an error, and is strict."""
    where = project(tmp_path / "own", limit("encoding", "5%"))
    (where / "pyproject.toml").write_text("[project]\nname = 'crumple-user'\n[tool.pytest.ini_options]\n", "utf-8")
    (where / "test_own.py").write_text(_OWN, encoding="utf-8")
    done = called(
        where, "-W", "error", "-m", "pytest", "-q", "--strict-markers", "--strict-config", "-p", "no:hypothesispytest"
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "1 passed" in done.stdout
    assert "crumple" not in done.stdout


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
