"""`version_command`: what it prints is the version, and a failure is told."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from crumple.adapters.version_command import said
from crumple.errors import CrumpleError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="commands need Linux or macOS")


def version(folder: Path, script: str) -> str:
    return said(["sh", "-c", script], folder, {"MODEL": "small"})


@pytest.mark.parametrize(
    ("script", "line"),
    [
        ("echo 'reader  2.1'; echo 'built today'", "reader 2.1 built today"),
        ("echo 'reader 2.1' >&2", "reader 2.1"),
        ("echo $MODEL; pwd | xargs basename", "small here"),
    ],
)
def test_what_it_prints_is_the_version(tmp_path, script, line):
    (tmp_path / "here").mkdir()
    assert version(tmp_path / "here", script) == line


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo 'no model' >&2; exit 3", r"\[system\] version_command: 'sh' failed, exit code 3: no model\. Try it"),
        ("kill -SEGV $$", "'sh' failed, signal SIGSEGV"),
        ("true", "'sh' printed nothing"),
    ],
)
def test_a_failure_is_told(tmp_path, script, message):
    with pytest.raises(CrumpleError, match=message):
        version(tmp_path, script)


def test_a_program_that_there_is_none_of_is_told(tmp_path):
    with pytest.raises(CrumpleError, match=r"version_command: there is no command 'raeder' on PATH"):
        said(["raeder", "--version"], tmp_path, {})
