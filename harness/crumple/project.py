"""The folder `.crumple/` beside a configuration: its owner's alone, and none of git's business. Only this makes it."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from crumple.errors import CrumpleError

FOLDER = ".crumple"
_OWNER_ALONE = 0o700
_IGNORE = ".gitignore"


def project_folder(root: Path) -> Path:
    """The folder that crumple keeps a project's results in; made where it is not there, and closed to others.

    Whatever the umask says, its mode is 0700, so that nobody else reaches a file inside, whatever that one's mode is.

    Args:
        root: the configuration file's folder.

    Raises:
        CrumpleError: it cannot be made, it is no folder, or others can read it and that cannot be changed.
    """
    folder = root / FOLDER
    try:
        folder.mkdir(mode=_OWNER_ALONE, exist_ok=True)
    except FileExistsError:
        raise CrumpleError(
            "it is no folder", where=str(folder), hint="crumple keeps its results there: move the file away."
        ) from None
    except OSError as error:
        raise _not_made(folder, error) from None
    _close(folder)
    try:
        with open(folder / _IGNORE, "x", encoding="utf-8", opener=for_owner_alone) as file:
            file.write("*\n")
    except FileExistsError:
        pass
    except OSError as error:
        raise _not_made(folder, error, "written") from None
    return folder


def _close(folder: Path) -> None:
    """Take away what others may do in it; nothing is touched where they may do nothing."""
    try:
        if folder.stat().st_mode & 0o777 != _OWNER_ALONE:
            folder.chmod(_OWNER_ALONE)
    except OSError as error:
        raise CrumpleError(
            f"others can read it, and that cannot be changed: {error.strerror}",
            where=str(folder),
            hint=f"It belongs to somebody else. Move it away, and crumple makes a new one; or `chmod 700 {folder}`.",
        ) from None


def _not_made(folder: Path, error: OSError, what: str = "made") -> CrumpleError:
    return CrumpleError(
        f"it cannot be {what}: {error.strerror}",
        where=str(folder),
        hint="crumple keeps its results there: make the folder around it, or itself, writable, and free a full disk.",
    )


def for_owner_alone(path: str, flags: int) -> int:
    """For `open(..., opener=for_owner_alone)`: what is made has mode 0600, and what is there gets it.

    A file that belongs to somebody else keeps its mode.
    """
    descriptor = os.open(path, flags | os.O_CLOEXEC, 0o600)
    with contextlib.suppress(OSError):
        os.fchmod(descriptor, 0o600)
    return descriptor
