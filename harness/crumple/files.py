"""Files that somebody names: whether one can be written, and written whole or not at all."""

from __future__ import annotations

import contextlib
import secrets
from pathlib import Path


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
    """Write a file in one step: who reads it meanwhile, or finds it after a full disk, has the old one or the new one.

    Raises:
        OSError: it cannot be written; what was there is as it was.
    """
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with partial.open("xb") as file:
            file.write(content)
        partial.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise
