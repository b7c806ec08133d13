"""The folder `.crumple/`: its owner's alone, and no business of git's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from crumple.errors import CrumpleError
from crumple.project import for_owner_alone, project_folder


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    """Of a user who shares everything."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_it_is_its_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    folder = project_folder(tmp_path)
    assert folder == tmp_path / ".crumple"
    assert (mode(folder), mode(folder / ".gitignore")) == (0o700, 0o600)


def test_git_ignores_all_of_it(tmp_path: Path) -> None:
    assert (project_folder(tmp_path) / ".gitignore").read_text() == "*\n"


def test_one_that_is_open_is_closed_and_what_is_in_it_stays(tmp_path: Path) -> None:
    (tmp_path / ".crumple").mkdir(mode=0o777)
    (tmp_path / ".crumple" / ".gitignore").write_text("mine")
    folder = project_folder(tmp_path)
    assert mode(folder) == 0o700
    assert (folder / ".gitignore").read_text() == "mine"


def test_files_are_their_owners_alone(tmp_path: Path) -> None:
    for name in ("new", "old"):
        (tmp_path / "old").write_text("old")
        with open(tmp_path / name, "w", opener=for_owner_alone) as file:
            file.write("x")
        assert mode(tmp_path / name) == 0o600


def test_a_file_in_its_place_is_said(tmp_path: Path) -> None:
    (tmp_path / ".crumple").write_text("")
    with pytest.raises(CrumpleError, match=r"\.crumple: it is no folder.*move the file away"):
        project_folder(tmp_path)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    with pytest.raises(CrumpleError, match=r"it cannot be made: No such file or directory.*writable"):
        project_folder(tmp_path / "missing")
