"""The files below a URL, through fsspec, whatever it knows."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast

from crumple import CrumpleError, Location
from crumple_corpora.files import File, check_name, is_hidden, near

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_MOST_NAMED: Final = 1000
_CHANGED: Final = ("LastModified", "last_modified", "updated", "mtime", "created", "date_time")
_MARKS: Final = ("ETag", "etag", "md5Hash", "content_md5", "checksum", "CRC")


class RemoteFiles:
    """The files of any place that fsspec knows; it is listed folder by folder, each as a whole."""

    caches = True
    """Whether listings are remembered, where looking for a truth lists a whole folder."""

    def __init__(self, location: Location) -> None:
        """Take the place; it is opened when it is first asked for."""
        self.location = location

    @functools.cached_property
    def _opened(self) -> tuple[AbstractFileSystem, str]:
        system, path = self.location.opened(caches=self.caches)
        return system, path.rstrip("/")

    def _path(self, name: str) -> str:
        """A file's path in its file system."""
        return joined(self._opened[1], name)

    def where(self, name: str = "") -> str:
        """What messages call a file."""
        return self.location.of(name)

    def title(self) -> str:
        """How reports call the place: its last folder, or the archive."""
        return self.location.title

    def check(self) -> None:
        """See whether the place is there; of an object store whether the bucket is, for folders are only names."""
        system, path = self._opened
        try:
            if not path or system.exists(path):
                return
            top = path.partition("/")[0]
            beside = [str(each).strip("/").rpartition("/")[2] for each in system.ls("", detail=False)]
        except Exception as error:  # noqa: BLE001 - each store has exceptions of its own
            raise self.location.failed(error) from None
        close = difflib.get_close_matches(top, beside, n=1)
        hint = f"There is {close[0]!r}{', but nothing of that name in it' * (close[0] == top)}." if close else ""
        raise CrumpleError("there is no such place", where=self.where(), hint=hint)

    def walk(self, below: str = "") -> Iterator[File]:
        """Every file in a folder, folder by folder."""
        yield from self._below(f"{below}/" if below else "")

    def _below(self, below: str) -> Iterator[File]:
        found = sorted(self._list(below.rstrip("/")), key=lambda each: str(each["name"]).rstrip("/"))
        for each in found:
            name = str(each["name"]).rstrip("/").rpartition("/")[2]
            if not name or is_hidden(name):
                continue
            check_name(name, self.where(below))
            if each["type"] == "directory":
                yield from self._below(f"{below}{name}/")
            else:
                yield file_of(below + name, each)

    def _list(self, folder: str) -> Sequence[Mapping[str, Any]]:
        system, path = self._opened
        own = joined(path, folder)
        try:
            found = cast("Sequence[Mapping[str, Any]]", system.ls(own, detail=True))
        except Exception as error:  # noqa: BLE001 - each store has exceptions of its own
            raise self.location.failed(error, folder) from None
        # What stands for the folder itself in an object store; and of a file the file.
        return [each for each in found if str(each["name"]).strip("/") != own.strip("/")]

    def beside(self, name: str) -> Sequence[File]:
        """It, and the files that are near."""
        folder, slash, _ = name.rpartition("/")
        with suppress(CrumpleError):
            found = [
                file_of(f"{folder}{slash}{str(each['name']).rpartition('/')[2]}", each)
                for each in self._list(folder)
                if each["type"] != "directory"
            ]
            return [each for each in found if near(name, each.name)]
        return []

    def names(self, folder: str) -> Sequence[str]:
        """What is directly in a folder, as far as that helps to guess what was meant."""
        with suppress(CrumpleError):
            return sorted(str(each["name"]).rstrip("/").rpartition("/")[2] for each in self._list(folder))
        return []

    def about(self, name: str) -> File | None:
        """One file, as the store says."""
        system, path = self._opened[0], self._path(name)
        try:
            found = system.info(path)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except Exception as error:  # noqa: BLE001 - each store has exceptions of its own
            raise self.location.failed(error, name) from None
        return None if found["type"] == "directory" else file_of(name, found)

    def open(self, name: str) -> BinaryIO:
        """A file, to be read from its beginning."""
        system, path = self._opened[0], self._path(name)
        try:
            return cast("BinaryIO", system.open(path, "rb"))
        except Exception as error:  # noqa: BLE001 - each store has exceptions of its own
            raise self.location.failed(error, name) from None

    def read(self, name: str, size: int = -1) -> bytes:
        """A file's first bytes; by default all."""
        system, path = self._opened[0], self._path(name)
        try:
            if size < 0:
                return bytes(system.cat_file(path))
            return bytes(system.cat_file(path, start=0, end=size))
        except Exception as error:  # noqa: BLE001 - each store has exceptions of its own
            if size >= 0 and self._is_empty(name):
                return b""  # of which some stores have no first bytes
            raise self.location.failed(error, name) from None

    def _is_empty(self, name: str) -> bool:
        with suppress(CrumpleError):
            found = self.about(name)
            return found is not None and found.size == 0
        return False


def joined(path: str, name: str) -> str:
    """A name below a path, either of which may be ""."""
    return "/".join(filter(None, (path, name)))


def file_of(name: str, found: Mapping[str, Any]) -> File:
    """A file, as a file system of fsspec's tells it."""
    changed = next((found[each] for each in _CHANGED if found.get(each)), 0.0)
    mark = next((str(found[each]) for each in _MARKS if found.get(each)), "")
    size = found.get("size")
    return File(name, -1 if size is None else int(size), _seconds(changed), mark)


def _seconds(moment: Any) -> float:
    """A moment as stores tell it, in seconds since 1970; 0 where that cannot be told.

    One without a zone is taken as UTC, so that all machines of a run take it alike.
    """
    import datetime as dt

    if isinstance(moment, (int, float)):
        return float(moment)
    with suppress(ValueError, TypeError, AttributeError):
        if isinstance(moment, str):
            moment = dt.datetime.fromisoformat(moment)
        if isinstance(moment, tuple):
            moment = dt.datetime(*moment[:6])
        return float((moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).timestamp())
    return 0.0
