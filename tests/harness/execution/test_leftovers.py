"""What killed lanes have left in the temporary folder is removed by the next run, and nothing else is."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from crumple.execution import leftovers

LONG_AGO = 1_000_000_000


def scratch(folder: Path, name: str, *, age: int = LONG_AGO, log: str = leftovers.LOG) -> Path:
    made = folder / name
    made.mkdir()
    (made / "document.pdf").write_text("private")
    (made / log).write_text("")
    os.utime(made, (age, age))
    return made


def test_what_a_killed_lane_has_left_is_removed(tmp_path: Path) -> None:
    made = scratch(tmp_path, "crumple-a")
    leftovers.sweep(tmp_path)
    assert not made.exists()


def test_a_lane_that_lives_keeps_its_files(tmp_path: Path) -> None:
    """Whoever holds the log open holds the lock, as the lane's own output does."""
    made = scratch(tmp_path, "crumple-a")
    with (made / leftovers.LOG).open("ab") as log:
        leftovers.claim(log)
        leftovers.sweep(tmp_path)
        assert made.exists()
    leftovers.sweep(tmp_path)
    assert not made.exists()


@pytest.mark.parametrize(
    ("name", "age", "log"),
    [
        ("other-a", LONG_AGO, leftovers.LOG),
        ("crumple-demo-a", LONG_AGO, "crumple.toml"),
        ("crumple-newborn", 10**11, leftovers.LOG),
    ],
)
def test_what_is_not_a_dead_lanes_stays(tmp_path: Path, name: str, age: int, log: str) -> None:
    made = scratch(tmp_path, name, age=age, log=log)
    leftovers.sweep(tmp_path)
    assert (made / "document.pdf").exists()


def test_links_are_not_followed(tmp_path: Path) -> None:
    made = scratch(tmp_path, "elsewhere")
    (tmp_path / "crumple-link").symlink_to(made)
    leftovers.sweep(tmp_path)
    assert (made / "document.pdf").exists()


def test_where_nothing_can_be_read_or_locked_nothing_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leftovers.sweep(tmp_path / "missing")
    made = scratch(tmp_path, "crumple-a")

    def unlockable(*_: object) -> None:
        raise OSError("no locks available")

    monkeypatch.setattr(fcntl, "flock", unlockable)
    leftovers.sweep(tmp_path)
    assert made.exists()
    with (made / leftovers.LOG).open("ab") as log:
        leftovers.claim(log)
