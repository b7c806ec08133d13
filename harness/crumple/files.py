"""Files that somebody names: whether one can be written, and written whole or not at all."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO


def check_writable(path: Path) -> None:
    """Find out, before anything is measured, whether a file can be written; one that is there is left as it is.

    Raises:
        OSError: it cannot.
    """
    new = not path.exists()
    with path.open("ab"):
        pass
    if new:
        path.unlink()


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
    if path.exists() and not path.is_file():
        with path.open("wb") as device:
            yield device
        return
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with partial.open("xb") as file:
            yield file
        partial.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise
