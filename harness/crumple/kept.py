"""Documents that are kept, by what is in them: `FOLDER/ab/abcd....pdf`. Lanes write them, `crumple prune` frees them.

A document is kept for convenience: its recipe makes it again. So that one that cannot be written is no error.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from crumple.document import Document

_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}\Z")
_DIGEST = re.compile(r"[0-9a-f]{32}")
_FOLDER_MODE = 0o700


def keep(folder: Path, document: Document) -> Path | None:
    """Keep a document; several processes may keep the same one at once, and nobody ever sees half of it.

    Args:
        folder: `documents` in the project's folder, which is there; made where it is missing.
        document: what is kept.

    Returns:
        Its file, which only its owner can read; None where it cannot be written, as on a full disk.
    """
    digest = document.digest
    ending = _ENDING.search(document.name)
    path = folder / digest[:2] / f"{digest}{ending.group().lower() if ending else ''}"
    partial = ""
    try:
        folder.mkdir(mode=_FOLDER_MODE, exist_ok=True)
        path.parent.mkdir(mode=_FOLDER_MODE, exist_ok=True)
        if path.exists():
            os.utime(path)  # what is in use again is not for `prune`
            return path
        descriptor, partial = tempfile.mkstemp(prefix=".", dir=path.parent)  # mode 0600
        with open(descriptor, "wb") as file:
            file.write(document.data)
        os.replace(partial, path)
    except OSError:
        if partial:
            with contextlib.suppress(OSError):
                os.unlink(partial)
        return None
    return path


def find(folder: Path, digest: str) -> Path | None:
    """The file of the document with this digest, if it was kept."""
    if not _DIGEST.fullmatch(digest):
        return None
    return next(iter(sorted((folder / digest[:2]).glob(f"{digest}*"))), None)


def every(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every kept document's digest and file, and what was left behind half written as ("", file)."""
    for path in folder.glob("??/*"):
        name = path.name.partition(".")[0]
        yield (name if _DIGEST.fullmatch(name) else "", path)
