"""Files that somebody names: looked at without a trace, and written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from crumple.files import check_writable, replace_file, replacing


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


def test_a_file_that_is_mounted_by_itself_is_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a file of the host's in a container: the system lets nobody replace it."""
    path = tmp_path / "mounted"
    path.write_bytes(b"longer than what is new")
    before = path.stat().st_ino
    monkeypatch.setattr(Path, "replace", _busy)
    replace_file(path, b"new")
    assert (path.read_bytes(), path.stat().st_ino) == (b"new", before)
    assert [each.name for each in tmp_path.iterdir()] == ["mounted"]


def _busy(path: Path, target: Path) -> Path:
    raise OSError(16, "Device or resource busy")


def _no_space(path: Path, target: Path) -> Path:
    raise OSError(28, "no space")


def test_a_link_stays_one_and_what_it_leads_to_is_written(tmp_path: Path) -> None:
    (tmp_path / "there").write_bytes(b"old")
    (tmp_path / "link").symlink_to("there")
    (tmp_path / "dangling").symlink_to(tmp_path / "new")
    for name in ("link", "dangling"):
        check_writable(tmp_path / name)
    assert not (tmp_path / "new").exists()
    for name in ("link", "dangling"):
        replace_file(tmp_path / name, b"written")
        assert (tmp_path / name).is_symlink()
    assert (tmp_path / "there").read_bytes() == (tmp_path / "new").read_bytes() == b"written"
    assert len(list(tmp_path.iterdir())) == 4


def test_links_that_lead_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    for do in (check_writable, lambda path: replace_file(path, b"")):
        with pytest.raises(OSError, match="symbolic links"):
            do(tmp_path / "a")
    assert (tmp_path / "a").is_symlink()


@pytest.mark.skipif(sys.platform == "win32", reason="bits of POSIX")
def test_a_file_that_is_written_over_is_no_more_open_than_it_was(tmp_path: Path) -> None:
    path = tmp_path / "mine"
    path.touch(mode=0o600)
    with replacing(path) as file:
        assert {each.stat().st_mode & 0o777 for each in tmp_path.iterdir()} == {0o600}
        file.write(b"mine")
    assert (path.stat().st_mode & 0o777, path.read_bytes()) == (0o600, b"mine")


def test_a_name_as_long_as_a_name_may_be_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("ö" * 127)
    check_writable(path)
    replace_file(path, b"new")
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_a_folder_is_refused_and_stays(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder")
    for name in ("folder", "link"):
        for do in (check_writable, lambda path: replace_file(path, b"")):
            with pytest.raises(IsADirectoryError):
                do(tmp_path / name)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["folder", "link"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes of POSIX")
def test_a_pipe_is_written_to_and_stays_one_and_looking_does_not_end_it(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    check_writable(pipe)  # nobody reads it: to open it would wait for ever
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        check_writable(pipe)
        replace_file(pipe, b"through")
        assert os.read(reader, 100) == b"through"
    finally:
        os.close(reader)
    assert pipe.is_fifo()
    assert [each.name for each in tmp_path.iterdir()] == ["pipe"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="devices of Linux")
@pytest.mark.parametrize("name", ["null", "full"])
def test_a_device_stays_one_by_whatever_name_it_is_reached(tmp_path: Path, name: str) -> None:
    device = Path("/dev") / name
    before, folder = device.lstat(), sorted(os.listdir("/dev"))
    (tmp_path / "link").symlink_to(device)
    (tmp_path / "dev").symlink_to("/dev", target_is_directory=True)
    for path in (device, tmp_path / "link", tmp_path / "dev" / name):
        check_writable(path)
        with pytest.raises(OSError, match="No space left") if name == "full" else contextlib.nullcontext():
            replace_file(path, b"content")
    after = device.lstat()
    assert (after.st_ino, after.st_mode, after.st_rdev) == (before.st_ino, before.st_mode, before.st_rdev)
    assert sorted(os.listdir("/dev")) == folder
    assert sorted(each.name for each in tmp_path.iterdir()) == ["dev", "link"]


def test_a_disk_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = tmp_path / "disk"
    disk.write_bytes(b"all there is")
    monkeypatch.setattr(Path, "is_block_device", lambda path: True)
    monkeypatch.setattr(Path, "is_file", lambda path: False)
    for do in (check_writable, lambda path: replace_file(path, b"")):
        with pytest.raises(OSError, match="It is a disk"):
            do(disk)
    assert disk.read_bytes() == b"all there is"


@pytest.mark.skipif(not Path("/dev/stdout").is_symlink(), reason="a link of Linux")
def test_standard_output_that_goes_to_a_file_is_added_to_and_its_link_stays(tmp_path: Path) -> None:
    """Under root the link itself could be replaced, for the whole machine."""
    program = "import sys; from pathlib import Path; from crumple.files import check_writable, replace_file;"
    program += "path = Path('/dev/stdout'); check_writable(path); replace_file(path, b'figures')"
    out = tmp_path / "out"
    out.write_bytes(b"before ")
    with out.open("ab") as file:
        subprocess.run([sys.executable, "-c", program], stdout=file, check=True)
    assert out.read_bytes() == b"before figures"
    assert Path("/dev/stdout").is_symlink()


def test_a_folder_that_takes_no_file_is_known_beforehand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written goes beside the file first: a file that can be opened is not enough."""
    path = tmp_path / "there"
    path.write_bytes(b"old")
    opened = Path.open

    def refuse(self: Path, mode: str = "r", *more: Any, **named: Any) -> Any:
        if "x" in mode:
            raise PermissionError(13, "Permission denied")
        return opened(self, mode, *more, **named)

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(PermissionError):
        check_writable(path)
    assert path.read_bytes() == b"old"
