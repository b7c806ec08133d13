"""The files in an archive, through fsspec, wherever that is."""

from __future__ import annotations

import functools
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from crumple import CrumpleError, Location
from crumple_corpora.files import File, looked_up
from crumple_corpora.remote_files import RemoteFiles, joined


class ArchivedFiles(RemoteFiles):
    """The files of an archive: fsspec would go through all of it for each folder, and here that is done once."""

    def __init__(self, location: Location) -> None:
        """Take the place; it is opened when it is first asked for."""
        super().__init__(location)
        self._reads = threading.Lock()

    def read(self, name: str, size: int = -1) -> bytes:
        """A file's first bytes; one at a time, for readers of a tar archive share one place in it."""
        with self._reads:
            return super().read(name, size)

    def check(self) -> None:
        """See whether the archive is there and can be read, and the folder is in it."""
        _, path = self._opened
        if path and path not in self._members:
            super().check()

    def _path(self, name: str) -> str:
        path = super()._path(name)
        return str(self._members[path]["name"]) if path in self._members else path

    @functools.cached_property
    def _members(self) -> Mapping[str, Mapping[str, Any]]:
        """What is in it, by its path: "a/b" is also called "./a/b" or "a//b" there, as tar does that packs a folder."""
        system, _ = self._opened
        try:
            system.ls("")  # reads the table of contents
        except Exception as error:  # noqa: BLE001 - archives are broken in many ways
            raise self.location.failed(error) from None
        found: dict[str, Mapping[str, Any]] = {}
        for name, each in system.dir_cache.items():
            parts = [part for part in str(name).split("/") if part not in {"", "."}]
            if each["type"] != "directory" and (str(name).startswith("/") or ".." in parts):
                what = f"the archive holds {str(name)!r}, which leads out of the folder that it is unpacked in"
                raise CrumpleError(what, where=self.where(), hint="Pack it again, with `tar -C FOLDER -cf a.tar .`.")
            found["/".join(parts)] = each
        return found

    @functools.cached_property
    def _folders(self) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        found: dict[str, list[Mapping[str, Any]]] = {}
        for path, each in self._members.items():
            if path:
                found.setdefault(path.rpartition("/")[0], []).append({**each, "name": path})
        return found

    def _list(self, folder: str) -> Sequence[Mapping[str, Any]]:
        return self._folders.get(joined(self._opened[1], folder).strip("/"), ())

    def beside(self, name: str) -> Sequence[File]:
        """It, and where a truth may be shared the files that are near."""
        return looked_up(self, name)
