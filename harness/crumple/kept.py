"""Documents that are kept, by what is in them: `FOLDER/ab/abcd....pdf`. Lanes write them, `crumple prune` frees them.

A document is kept for convenience: its recipe makes it again. So that one that cannot be written is no error. Where
lanes are elsewhere, so may the folder be, by its URL.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crumple.document import Document, digest_of
from crumple.errors import CrumpleError
from crumple.remote import Location

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}\Z")
_DIGEST = re.compile(r"[0-9a-f]{32}")
_FOLDER_MODE = 0o700


class Elsewhere:
    """A folder of documents by its URL; it is pickled to lanes, which open it themselves."""

    def __init__(self, location: Location) -> None:
        """Take the place; it is opened when it is first asked for."""
        self._location = location
        self._system: tuple[AbstractFileSystem, str] | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {"_location": self._location, "_system": None}

    @property
    def _opened(self) -> tuple[AbstractFileSystem, str]:
        if self._system is None:
            self._system = self._location.opened(caches=False)
        return self._system

    def check(self, corpus: str, where: str) -> None:
        """See that documents can be written there, before there are any.

        Args:
            corpus: where the corpus is; what is kept in its folder would be cases of the next run.
            where: what the place is configured by.

        Raises:
            CrumpleError: they cannot be, or it is in the corpus.
        """
        if self._location.is_in(corpus):
            raise CrumpleError(
                f"{self._location.of('')} is in the corpus, so that what is kept there would be cases of the next run",
                where=where,
                hint="Name a place beside it.",
            )
        system, path = self._opened
        try:
            system.pipe_file(f"{path}/.crumple", b"documents that crumple keeps")
        except Exception as error:  # noqa: BLE001 - each store has exceptions of its own
            raise self._location.failed(error) from None

    def keep(self, document: Document) -> str | None:
        """Keep a document; its URL, or None where it cannot be written."""
        name = _named(document)
        with contextlib.suppress(Exception):  # each store has exceptions of its own
            if not self._is_whole(name, len(document.data)):
                system, path = self._opened
                system.pipe_file(f"{path}/{name}", document.data)
            return self._location.of(name)
        return None

    def _is_whole(self, name: str, size: int) -> bool:
        """Whether it is there already; where a lane was killed while it wrote, a part of it may be."""
        system, path = self._opened
        try:
            return bool(system.info(f"{path}/{name}")["size"] == size)
        except FileNotFoundError:
            return False

    def find(self, digest: str) -> str | None:
        """The URL of the document with this digest, if it was kept and can be reached."""
        name = self._name(digest)
        return self._location.of(name) if name else None

    def read(self, digest: str) -> bytes | None:
        """What was kept as the document with this digest, if that can be reached."""
        name = self._name(digest)
        with contextlib.suppress(Exception):
            system, path = self._opened
            return bytes(system.cat_file(f"{path}/{name}")) if name else None
        return None

    def _name(self, digest: str) -> str:
        with contextlib.suppress(Exception):
            system, path = self._opened
            found = sorted(system.glob(f"{path}/{digest[:2]}/{digest}*")) if _DIGEST.fullmatch(digest) else []
            return f"{digest[:2]}/{found[0].rpartition('/')[2]}" if found else ""
        return ""


def place(folder: Path, url: str | None, storage: Mapping[str, Mapping[str, Any]]) -> Path | Elsewhere:
    """Where a project's documents are kept.

    Args:
        folder: the project's.
        url: of another place; None: none is configured.
        storage: see `Location`.
    """
    return folder / "documents" if url is None else Elsewhere(Location(url.rstrip("/"), storage))


def _named(document: Document) -> str:
    digest, ending = document.digest, _ENDING.search(document.name)
    return f"{digest[:2]}/{digest}{ending.group().lower() if ending else ''}"


def keep(folder: Path | Elsewhere, document: Document) -> Path | str | None:
    """Keep a document; several processes may keep the same one at once, and nobody ever sees half of it.

    Args:
        folder: as `place` says; `documents` in the project's folder, which is there, is made where it is missing.
        document: what is kept.

    Returns:
        Its file, which only its owner can read; None where it cannot be written, as on a full disk.
    """
    if isinstance(folder, Elsewhere):
        return folder.keep(document)
    path = folder / _named(document)
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


def read(folder: Path | Elsewhere, digest: str) -> bytes | None:
    """The document with this digest, if it was kept whole."""
    data: bytes | None = None
    if isinstance(folder, Elsewhere):
        data = folder.read(digest)
    else:
        with contextlib.suppress(OSError):
            path = find(folder, digest)
            data = path.read_bytes() if path is not None else None
    return data if data is not None and digest_of(data) == digest else None


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
