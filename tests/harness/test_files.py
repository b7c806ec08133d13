"""Files that somebody names: looked at without a trace, and written whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from crumple.files import check_writable, replace_file


def test_looking_leaves_what_is_there_as_it_is_and_makes_nothing(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_text("as it was", "utf-8")
    check_writable(there)
    check_writable(tmp_path / "new")
    assert [each.name for each in tmp_path.iterdir()] == ["there"]
    assert there.read_text("utf-8") == "as it was"
    with pytest.raises(IsADirectoryError):
        check_writable(tmp_path)


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "figures"
    replace_file(path, b"old")
    with monkeypatch.context() as full:
        full.setattr(Path, "replace", _no_space)
        with pytest.raises(OSError, match="no space"):
            replace_file(path, b"new")
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("figures", b"old")]
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"


def _no_space(path: Path, target: Path) -> Path:
    raise OSError(28, "no space")
