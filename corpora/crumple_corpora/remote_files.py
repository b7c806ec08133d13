"""The files below a URL, through fsspec: object stores, archives, and what else it knows."""

from __future__ import annotations

import difflib
import functools
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast

from crumple import CrumpleError, Location
from crumple_corpora.files import ENDINGS, File, check_name, is_hidden, looked_up, near, stem

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_MOST_NAMED: Final = 1000
_CHANGED: Final = ("LastModified", "last_modified", "updated", "mtime", "created", "date_time")
_MARKS: Final = ("ETag", "etag", "md5Hash", "content_md5", "checksum", "CRC")


def remote_files(location: Location) -> RemoteFiles:
    """What reads the files of a place, as well as that kind of place can be read."""
    if location.scheme in ("s3", "s3a"):
        return PagedFiles(location)
    return ArchivedFiles(location) if location.scheme in ("zip", "tar", "libarchive") else RemoteFiles(location)


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
        return _joined(self._opened[1], name)

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
                yield _file(below + name, each)

    def _list(self, folder: str) -> Sequence[Mapping[str, Any]]:
        system, path = self._opened
        own = _joined(path, folder)
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
                _file(f"{folder}{slash}{str(each['name']).rpartition('/')[2]}", each)
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
        return None if found["type"] == "directory" else _file(name, found)

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
        return self._folders.get(_joined(self._opened[1], folder).strip("/"), ())

    def beside(self, name: str) -> Sequence[File]:
        """It, and where a truth may be shared the files that are near."""
        return looked_up(self, name)


class PagedFiles(RemoteFiles):
    """The files of a bucket that is listed a page at a time, in the order of names."""

    caches = False

    def walk(self, below: str = "") -> Iterator[File]:
        """Every file in a folder, a thousand a request."""
        yield from self._pages(f"{below}/" if below else "")

    def beside(self, name: str) -> Sequence[File]:
        """It, and the files that are near, in one request; in two where it has no ending, or a truth may be shared."""
        own = stem(name)
        found = [*self._pages(f"{own}.", flat=True)]
        shared = {f"{own}.truth{ending}" for ending in ENDINGS}
        if name == own or any(each.name in shared for each in found):
            found += filter(None, [self.about(own)])
        return found

    def names(self, folder: str) -> Sequence[str]:
        """What is directly in a folder, as far as that helps to guess what was meant."""
        with suppress(CrumpleError):
            below = f"{folder}/" if folder else ""
            return [each.name.rpartition("/")[2] for each in self._pages(below, flat=True, most=_MOST_NAMED)]
        return []

    def about(self, name: str) -> File | None:
        """One object, as the store says."""
        bucket, key = self._key(name)
        try:
            found = self._opened[0].call_s3("head_object", Bucket=bucket, Key=key if name else key.rstrip("/"))
        except FileNotFoundError:
            return None
        except Exception as error:  # noqa: BLE001 - each store has exceptions of its own
            raise self.location.failed(error, name) from None
        return File(name, int(found["ContentLength"]), found["LastModified"].timestamp(), str(found["ETag"]))

    def check(self) -> None:
        """See whether the bucket is there."""
        system, path = self._opened
        bucket = path.partition("/")[0]
        try:
            system.call_s3("list_objects_v2", Bucket=bucket, MaxKeys=1)
            return
        except FileNotFoundError:
            pass
        except Exception as error:  # noqa: BLE001 - each store has exceptions of its own
            raise self.location.failed(error) from None
        close: list[str] = []
        with suppress(Exception):  # who may read a bucket may not see which others there are
            close = difflib.get_close_matches(bucket, [str(each) for each in system.ls("", detail=False)], n=1)
        hint = f"Did you mean {close[0]!r}?" if close else ""
        raise CrumpleError(f"there is no bucket {bucket!r}", where=self.where(), hint=hint)

    def _pages(self, begin: str, *, flat: bool = False, most: int | None = None) -> Iterator[File]:
        """The files whose names begin so; `flat`: those of that folder alone."""
        system, _ = self._opened
        bucket, above = self._key("")
        asked: dict[str, Any] = {"Bucket": bucket, "Prefix": f"{above}{begin}", **({"Delimiter": "/"} if flat else {})}
        more: dict[str, Any] = {}
        count = 0
        while True:
            try:
                page = system.call_s3("list_objects_v2", **asked, **more)
            except Exception as error:  # noqa: BLE001 - each store has exceptions of its own
                raise self.location.failed(error) from None
            for each in page.get("Contents", ()):
                name = str(each["Key"])[len(above) :]
                if not name or name.endswith("/"):
                    continue  # what stands for a folder
                yield File(name, int(each["Size"]), each["LastModified"].timestamp(), str(each["ETag"]))
                count += 1
            if not page.get("IsTruncated") or (most is not None and count >= most):
                return
            more = {"ContinuationToken": page["NextContinuationToken"]}

    def _key(self, name: str) -> tuple[str, str]:
        """The bucket, and the key of an object; of "" what all keys begin with."""
        bucket, _, folder = self._opened[1].partition("/")
        return bucket, f"{folder}/{name}" if folder else name


def _joined(path: str, name: str) -> str:
    return "/".join(filter(None, (path, name)))


def _file(name: str, found: Mapping[str, Any]) -> File:
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
