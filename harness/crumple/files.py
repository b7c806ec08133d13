"""Files that somebody names: whether one can be written, and written whole or not at all.

A link stays one: what it leads to is written. A file that is written over keeps its owner and who may read it. What is
no file but a device or a pipe is written to as it is, and never replaced or removed.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

_MOST_LINKS: Final = 40
_NAME: Final = 40
"""Characters of a file's name in that of the one that is written beside it: a name has at most 255 bytes."""


def check_writable(path: Path) -> None:
    """Find out, before anything is measured, whether a file can be written; one that is there is left as it is.

    Raises:
        OSError: it cannot.
    """
    target = _replaceable(path)
    if target is None:
        _check_through(path)
        return
    if target.exists():
        with target.open("ab"):
            pass
    partial = _beside(target)
    with partial.open("xb"):
        pass
    partial.unlink()


def replace_file(path: Path, content: bytes) -> None:
    """Write a file in one step, as `replacing` does.

    Raises:
        OSError: it cannot be written; what was there is as it was.
    """
    with replacing(path) as file:
        file.write(content)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file to write: who reads it meanwhile, or finds it after a full disk, has the old one or the new one, whole.

    What is no file but a device or a pipe is written directly.

    Raises:
        OSError: it cannot be written; what was there is as it was.
    """
    target = _replaceable(path)
    if target is None:
        _check_through(path)
        with path.open("ab") as device:  # what standard output was redirected to is not cut
            yield device
        return
    before = target.stat() if target.exists() else None
    mode = stat.S_IMODE(before.st_mode) if before is not None else 0o666
    partial = _beside(target)
    try:
        with open(partial, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            yield file
        if before is not None:
            _keep_access(partial, before)
        _put(partial, target)
    except BaseException:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise


def _put(partial: Path, target: Path) -> None:
    """Have what is whole now take its place."""
    try:
        partial.replace(target)
    except OSError as error:
        if error.errno != errno.EBUSY:
            raise
        # A file that is mounted by itself, as into a container, cannot be replaced, only be written over.
        shutil.copyfile(partial, target)
        partial.unlink()


def _replaceable(path: Path) -> Path | None:
    """The file that a name stands for, there or to be, at the end of all links; None of what is no file.

    Raises:
        OSError: links that lead nowhere.
    """
    for _ in range(_MOST_LINKS):
        whole = path.absolute()
        # Links of the kernel's lead to open files, as /dev/stdout does: to replace one cuts off who has it open.
        if whole.is_relative_to("/proc") or (whole.is_relative_to("/dev") and path.is_symlink()):
            return None
        if not path.is_symlink():
            return None if path.exists() and not path.is_file() else path
        path = path.parent / path.readlink()
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))


def _check_through(path: Path) -> None:
    """Whether what is no file can be written to; unopened, for whoever reads a pipe would take that for its end.

    Raises:
        OSError: it cannot.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if path.is_block_device():
        raise OSError(errno.EINVAL, "It is a disk")
    if not path.exists():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
    if not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def _beside(target: Path) -> Path:
    """A name for what is not whole yet, that nobody else has."""
    return target.with_name(f".{target.name[:_NAME]}.{secrets.token_hex(4)}")


def _keep_access(partial: Path, before: os.stat_result) -> None:
    """Have a file belong to whom the one before it belonged to, as far as the system lets one, and be as open."""
    if hasattr(os, "chown"):
        with contextlib.suppress(OSError):
            os.chown(partial, before.st_uid, before.st_gid)
    partial.chmod(stat.S_IMODE(before.st_mode))
