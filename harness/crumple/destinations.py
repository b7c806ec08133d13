"""Where a file goes that a command is asked to write: a path, or a URL elsewhere. It is there whole or not at all."""

from __future__ import annotations

import contextlib
import mimetypes
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeAlias

from crumple.errors import CrumpleError
from crumple.files import check_writable, replacing
from crumple.remote import OBJECT_STORES, Location, is_url

_S3: Final = ("s3", "s3a")
_AZURE: Final = ("az", "abfs", "abfss", "adl")
_PART: Final = 8 << 20
"""Of a large file for S3, one at a time: s3fs by itself would have ten of 50 MB in memory."""
_READ: Final = ("zip", "tar", "libarchive", "http", "https")
_HERE: Final = ("file", "local")
_TRIED: Final = ".crumple-tried"
"""What is written, and removed again, to find out whether a place can be written to. Always of this name: where nothing
may be removed, no more than one stays. A corpus leaves out names that begin with a dot."""


@dataclass(frozen=True, slots=True)
class Away:
    """A file elsewhere.

    Attributes:
        folder: where.
        name: its own, without the folder's.
    """

    folder: Location
    name: str

    def __str__(self) -> str:
        """Its URL as messages show it: without a password."""
        return self.folder.of(self.name)

    @property
    def suffix(self) -> str:
        """The ending of its name, as of a path: ".html"."""
        return Path(self.name).suffix

    @property
    def _is_object(self) -> bool:
        """Whether it is there when all of it is."""
        return self.folder.scheme in OBJECT_STORES

    def exists(self) -> bool:
        """Whether it is there.

        Raises:
            CrumpleError: what the scheme needs is not installed, or the place cannot be reached.
        """
        system, path = self.folder.opened(caches=False)
        try:
            return bool(system.exists(f"{path}/{self.name}"))
        except Exception as error:  # noqa: BLE001 - each store has exceptions of its own
            raise self._failed(error, "it") from None

    def check(self, what: str) -> None:
        """Find out whether a file, in words, can be written there.

        Raises:
            CrumpleError: what the scheme needs is not installed, the place is not there or cannot be written to.
        """
        system, path = self.folder.opened(caches=False)
        try:
            system.pipe_file(f"{path}/{_TRIED}", b"crumple sees whether it can write here")
            if not self._is_object and not system.exists(f"{path}/{_TRIED}"):
                raise NotImplementedError  # some that can only be read say nothing
        except Exception as error:  # noqa: BLE001 - each store has exceptions of its own
            raise self._failed(error, what) from None
        with contextlib.suppress(Exception):  # who may write may not be allowed to remove
            system.rm_file(f"{path}/{_TRIED}")

    @contextlib.contextmanager
    def writing(self, what: str) -> Iterator[BinaryIO]:
        """A file to write, which is put there when it is whole; until then it is among this machine's temporary files.

        Raises:
            OSError: those have no room for it.
            CrumpleError: it cannot be put there; what was there is as it was.
        """
        with tempfile.TemporaryDirectory(prefix="crumple-", ignore_cleanup_errors=True) as folder:
            # Stores tell a file's type by the name that it has here.
            whole = Path(folder) / f"whole{self.suffix}"
            with whole.open("xb") as file:
                yield file
            self._put(whole, what)

    def _put(self, whole: Path, what: str) -> None:
        system, path = self.folder.opened(caches=False)
        try:
            if self._is_object:
                system.put_file(str(whole), f"{path}/{self.name}", **self._ways())
                return
            partial = f"{path}/.{secrets.token_hex(4)}{self.suffix}"
            try:
                system.put_file(str(whole), partial)
                system.mv(partial, f"{path}/{self.name}")
            except BaseException:
                with contextlib.suppress(Exception):
                    system.rm_file(partial)
                raise
        except Exception as error:  # noqa: BLE001 - each store has exceptions of its own
            raise self._failed(error, what) from None

    def _ways(self) -> dict[str, Any]:
        """What a store is to be told beside."""
        if self.folder.scheme in _S3:
            return {"chunksize": _PART, "max_concurrency": 1}
        if self.folder.scheme in _AZURE:  # where a page would be offered for download
            from azure.storage.blob import ContentSettings

            return {"content_settings": ContentSettings(content_type=mimetypes.guess_type(self.name)[0])}
        return {}

    def _failed(self, error: Exception, what: str) -> CrumpleError:
        """What went wrong, in words; that access is denied says nothing of what the run reads."""
        if isinstance(error, NotImplementedError):
            return CrumpleError(
                f"what is at {self.folder.scheme}:// can be read, not written", where=str(self), hint=_SUCH
            )
        return CrumpleError(f"{what} cannot be written", where=str(self), hint=str(self.folder.failed(error)))


Destination: TypeAlias = Path | Away
_SUCH: Final = "Write to a path, or to a store: s3://, gs://, az://."


def destination(name: str, storage: Mapping[str, Mapping[str, Any]]) -> Destination:
    """Where a file goes, by what was written on a command line.

    Args:
        name: a path, or a URL.
        storage: see `Location`.

    Raises:
        CrumpleError: it is a URL that names no file, or one in an archive.
    """
    if not is_url(name):
        return Path(name)
    whole = Location(name, storage)
    if "::" in name or whole.scheme in _READ:
        raise CrumpleError(
            "what is in an archive, or on the web, can be read, not written", where=whole.of(""), hint=_SUCH
        )
    folder, _, last = name.rpartition("/")
    if whole.scheme in _HERE and last:
        return Path(whole.path)
    if not last or folder.endswith("/"):
        raise CrumpleError("it names no file", where=whole.of(""), hint="Like s3://bucket/folder/report.html.")
    return Away(Location(folder, storage), last)


def here(name: str, *, where: str, hint: str = "") -> Path:
    """What can only be on this machine, by what was written on a command line.

    Args:
        name: a path.
        where: the argument that it is of.
        hint: what to do instead.

    Raises:
        CrumpleError: it is a URL.
    """
    if is_url(name):
        shown = Location(name).of("")
        raise CrumpleError(f"it is a path on this machine, and {shown} is a URL", where=where, hint=hint)
    return Path(name)


def check_destination(place: Destination, *, what: str = "it") -> None:
    """Find out, before anything is measured, whether a file can be written; one that is there is left as it is.

    Args:
        place: where to.
        what: what is to be written, in words.

    Raises:
        CrumpleError: it cannot, and why.
    """
    if isinstance(place, Away):
        place.check(what)
        return
    try:
        check_writable(place)
    except OSError as error:
        raise _unwritable(place, what, error) from None


@contextlib.contextmanager
def writing(place: Destination, *, what: str = "it") -> Iterator[BinaryIO]:
    """A file to write, that is there when it is whole, or not at all.

    Args:
        place: where to.
        what: it is, in words.

    Raises:
        CrumpleError: it cannot be written; what was there is as it was.
    """
    try:
        with place.writing(what) if isinstance(place, Away) else replacing(place) as file:
            yield file
    except OSError as error:
        raise _unwritable(place, what, error) from None


def write_whole(place: Destination, content: bytes, *, what: str = "it") -> None:
    """Write a file at once, as `writing` does.

    Raises:
        CrumpleError: it cannot be written; what was there is as it was.
    """
    with writing(place, what=what) as file:
        file.write(content)


def _unwritable(place: Destination, what: str, error: OSError) -> CrumpleError:
    said = f"{what} cannot be written: {error.strerror or error}"
    if isinstance(place, Away):
        hint = f"It is gathered in {tempfile.gettempdir()} first; TMPDIR names another folder."
    elif not place.parent.is_dir():
        hint = f"There is no folder {place.parent}; make it first."
    else:
        hint = "Choose another file."
    return CrumpleError(said, where=str(place), hint=hint)
