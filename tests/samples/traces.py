"""What a run leaves behind: every file of a project, a home and a temporary folder of its own, searched for a text."""

from __future__ import annotations

import base64
import tempfile
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from crumple.cli import crumple as command_line


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Place:
    """Folders in which commands are run as a new user's; its lanes and workers are real processes."""

    root: Path
    patch: pytest.MonkeyPatch

    def __post_init__(self) -> None:
        for name in ("project", "home", "tmp"):
            (self.root / name).mkdir()
        self.patch.chdir(self.project)
        self.patch.setenv("HOME", str(self.root / "home"))
        self.patch.setenv("TMPDIR", str(self.root / "tmp"))
        self.patch.setattr(tempfile, "tempdir", str(self.root / "tmp"))

    @property
    def project(self) -> Path:
        """Where crumple.toml is."""
        return self.root / "project"

    def crumple(self, *words: str) -> Done:
        """A command, carried out."""
        done = CliRunner().invoke(command_line, list(words), prog_name="crumple")
        return Done(done.exit_code, done.stdout, done.stderr)

    def holding(self, text: str) -> list[str]:
        """The files in which a text stands, in any spelling; from the root."""
        spellings = list(spelled(text))
        return sorted(
            str(path.relative_to(self.root))
            for path in self.files()
            if any(each in path.read_bytes() or each in str(path).encode() for each in spellings)
        )

    def files(self) -> Iterator[Path]:
        """Every file that is there."""
        return (path for path in self.root.rglob("*") if path.is_file() and not path.is_symlink())


def spelled(text: str) -> Iterator[bytes]:
    """A text as files may hold it: as it is, in UTF-16, in base64, in a URL."""
    yield from (text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be"))
    yield urllib.parse.quote(text, safe="").encode()
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + text.encode())
        yield encoded[(0, 2, 3)[before] : len(encoded) - 4]
