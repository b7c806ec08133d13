"""What keeps results from being lost where the store cannot take them: space held back, and a file beside it."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from crumple.project import FOLDER, for_owner_alone, project_folder
from crumple.store.faults import StoreError
from crumple.store.rows import Row

RESERVE_BYTES: Final = 4 << 20
_FOLDER_MODE = 0o700


class Reserve:
    """Space on the store's disk that is given up when the disk is full, so that what has been paid for fits."""

    def __init__(self, path: Path, size: int = RESERVE_BYTES) -> None:
        """Take it.

        Raises:
            StoreError: there is not so much; nothing has been paid for yet.
        """
        self._path = path
        try:
            path.parent.mkdir(mode=_FOLDER_MODE, exist_ok=True)
            with open(path, "wb", opener=for_owner_alone) as file:
                _fill(file.fileno(), size)
        except OSError as error:
            self.give_up()
            raise StoreError(
                f"{size / 2**20:.0f} MiB are held back for results on their way, and cannot be: {error.strerror}",
                where=str(path),
                hint="Free space (`crumple prune` may help), or choose another store with --store.",
            ) from None

    def give_up(self) -> None:
        """Let others write there."""
        with contextlib.suppress(OSError):
            self._path.unlink()


def _fill(descriptor: int, size: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, 0, size)
        return
    while size > 0:
        size -= os.write(descriptor, b"\0" * min(size, 1 << 20))


class Unsaved:
    """A file of rows that the store could not take; the same run takes them in when it goes on."""

    def __init__(self, root: Path, run: str) -> None:
        """Of this run, in the project's folder; nothing is made yet."""
        self._root = root
        self.path = root / FOLDER / "unsaved" / f"{run}.jsonl"

    def add(self, rows: Sequence[Row]) -> None:
        """Write rows, and wait until they are on disk.

        Raises:
            OSError: they cannot be written.
            CrumpleError: the project's folder cannot be made.
        """
        project_folder(self._root)
        self.path.parent.mkdir(mode=_FOLDER_MODE, exist_ok=True)
        with open(self.path, "a", encoding="ascii", opener=for_owner_alone) as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
            file.flush()
            os.fsync(file.fileno())

    def rows(self) -> list[Row]:
        """What is there; a line that was cut short by a crash is no row."""
        try:
            lines = self.path.read_text("ascii", "replace").splitlines()
        except FileNotFoundError:
            return []
        found = []
        for line in lines:
            try:
                found.append(tuple(json.loads(line)))
            except ValueError:
                continue
        return found

    def clear(self) -> None:
        """They are in the store."""
        with contextlib.suppress(OSError):
            self.path.unlink()
