"""The files of a folder and of those below it: named and sampled, none of them opened."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from crumple.errors import CrumpleError
from crumple.profile.findings import Measured

_KINDS = (
    (stat.S_ISFIFO, "it is a pipe, not a file"),
    (stat.S_ISSOCK, "it is a socket, not a file"),
    (stat.S_ISCHR, "it is a device, not a file"),
    (stat.S_ISBLK, "it is a device, not a file"),
    (stat.S_ISDIR, "it is a link to a folder, which is not followed"),
)


@dataclass(frozen=True, slots=True)
class Listing:
    """What is in a folder.

    Attributes:
        files: paths of plain files, from the folder, with "/" between their parts; sorted.
        closed: what can be no file, with the reason.
        hidden: how many files and folders were left out because their names begin with a dot.
    """

    files: tuple[str, ...]
    closed: tuple[Measured, ...]
    hidden: int


def listed(folder: Path) -> Listing:
    """Every file of a folder and of all below it; links to folders are not followed, so that no loop is endless.

    Raises:
        CrumpleError: there is no such folder, or it cannot be read.
    """
    if not folder.is_dir():
        what = "it is a file, not a folder" if folder.exists() else "there is no such folder"
        raise CrumpleError(what, where=str(folder), hint="Name a folder of real files: crumple profile samples/")
    try:
        os.scandir(folder).close()
    except OSError as error:
        raise CrumpleError(f"it cannot be read: {error.strerror}", where=str(folder)) from None
    found = _Found()
    for path, why in sorted(_walk(folder, found)):
        if why:
            found.closed.append(Measured(path, closed=why))
        else:
            found.files.append(path)
    return Listing(tuple(found.files), tuple(found.closed), found.hidden)


class _Found:
    def __init__(self) -> None:
        self.files: list[str] = []
        self.closed: list[Measured] = []
        self.hidden = 0


def _walk(folder: Path, found: _Found) -> Iterator[tuple[str, str]]:
    """Each path with the reason why it can be no file, "" where it is one."""
    unread: list[tuple[str, str]] = []

    def unreadable(error: OSError) -> None:
        unread.append((_named(folder, error.filename or ""), f"the folder cannot be read: {error.strerror}"))

    for here, folders, files in os.walk(folder, onerror=unreadable):
        found.hidden += sum(each.startswith(".") for each in (*folders, *files))
        links = [each for each in folders if os.path.islink(os.path.join(here, each))]
        folders[:] = sorted(each for each in folders if not each.startswith(".") and each not in links)
        for each in (*files, *links):
            if not each.startswith("."):
                path = os.path.join(here, each)
                yield _named(folder, path), _no_file(path)
    yield from unread


def _named(folder: Path, path: str) -> str:
    return os.path.relpath(path, folder).replace(os.sep, "/")


def _no_file(path: str) -> str:
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return "it is a link to nothing"
    except OSError as error:
        return f"it cannot be reached: {error.strerror}"
    return next((why for is_kind, why in _KINDS if is_kind(mode)), "")


def sampled(files: tuple[str, ...], most: int | None, seed: int) -> tuple[str, ...]:
    """At most so many of the files, drawn at random without replacement, in their order."""
    if most is None or most >= len(files):
        return files
    rng = np.random.Generator(np.random.PCG64(seed))
    drawn = sorted(rng.permutation(len(files))[:most].tolist())
    return tuple(files[each] for each in drawn)
