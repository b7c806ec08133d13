"""The files of stores that tell which names begin alike: no folder of a million is listed for one document of it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, Final

from crumple import CrumpleError
from crumple_corpora.files import ENDINGS, File, stem
from crumple_corpora.remote_files import RemoteFiles, file_of, joined

_MOST_NAMED: Final = 1000


class PrefixedFiles(RemoteFiles):
    """The files of a store that tells which names begin alike; fsspec has that of Google's and of Azure."""

    caches = False

    def beside(self, name: str) -> Sequence[File]:
        """It, and the files that are near, in one listing; it is looked up where that may not name it."""
        own = stem(name)
        found = [*self._beginning(f"{own}.")]
        shared = {f"{own}.truth{ending}" for ending in ENDINGS}
        if name == own or any(each.name in shared for each in found):
            found += filter(None, [self.about(own)])
        return found

    def _beginning(self, begin: str) -> Iterator[File]:
        """The files of a folder whose names begin so."""
        system, path = self._opened
        folder, slash, prefix = begin.rpartition("/")
        own = joined(path, folder)
        try:
            found = system.find(own, prefix=prefix, detail=True)
        except Exception as error:  # noqa: BLE001 - each store has exceptions of its own
            raise self.location.failed(error, folder) from None
        for full, each in found.items():
            name = str(full).removeprefix(f"{own}/")
            if "/" not in name and name.startswith(prefix) and each["type"] != "directory":
                yield file_of(f"{folder}{slash}{name}", each)


class PagedFiles(PrefixedFiles):
    """The files of a bucket that is listed a page at a time, in the order of names."""

    def walk(self, below: str = "") -> Iterator[File]:
        """Every file in a folder, a thousand a request."""
        yield from self._pages(f"{below}/" if below else "")

    def _beginning(self, begin: str) -> Iterator[File]:
        return self._pages(begin, flat=True)

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
