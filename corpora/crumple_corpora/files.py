"""Where a corpus' files are: what is asked of that place, whichever it is; and a folder of this machine's."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol

from crumple import CrumpleError

CASE_FILE = "case.toml"
MANIFEST = "manifest.csv"
ENDINGS = (".json", ".txt", ".csv")
# What file managers and office programs leave behind.
_LITTER = ("thumbs.db", "desktop.ini", "__macosx")


@dataclass(frozen=True, slots=True)
class File:
    """One file as a listing has it.

    Attributes:
        name: its path below the corpus folder, with "/".
        size: in bytes; -1 where the listing does not say.
        changed: when it was last changed, in seconds since 1970; 0 where nothing says.
        mark: what tells one content from another where the place knows that: an ETag, a checksum.
    """

    name: str
    size: int = -1
    changed: float = 0.0
    mark: str = ""


class Files(Protocol):
    """The files below one place. Names are paths below it, with "/"; "" is the place itself."""

    def where(self, name: str = "") -> str:
        """What messages call a file."""

    def title(self) -> str:
        """How reports call the place."""

    def check(self) -> None:
        """See whether the place is there.

        Raises:
            CrumpleError: it is not; the message has the nearest that is.
        """

    def walk(self, below: str = "") -> Iterator[File]:
        """Every file in a folder; those of one folder, with all below it, one after the other.

        Raises:
            CrumpleError: something cannot be listed.
        """

    def beside(self, name: str) -> Sequence[File]:
        """A file and the truths that may be its own; where such a truth may be shared, all files that are `near`."""

    def names(self, folder: str) -> Sequence[str]:
        """What is directly in a folder, sorted; nothing where there is no such folder."""

    def about(self, name: str) -> File | None:
        """One file; None where there is none."""

    def open(self, name: str) -> BinaryIO:
        """A file, to be read from its beginning.

        Raises:
            CrumpleError: it cannot be read.
        """

    def read(self, name: str, size: int = -1) -> bytes:
        """A file's first bytes; by default all.

        Raises:
            CrumpleError: it cannot be read.
        """


def is_hidden(name: str) -> bool:
    """Whether a file or folder of that name is no part of any corpus."""
    return name.startswith((".", "~$")) or name.casefold() in _LITTER


def stem(name: str) -> str:
    """A path without the ending of its last name."""
    return os.path.splitext(name)[0]


def near(name: str, other: str) -> bool:
    """Whether which truth a document has may depend on another file: the one is the other's name with more endings."""
    own = stem(name)
    return other == own or other.startswith(f"{own}.")


class LocalFiles:
    """The files of a folder of this machine's; symbolic links are followed."""

    def __init__(self, root: Path, *, dated: bool = False) -> None:
        """Take the folder.

        Args:
            root: its absolute path.
            dated: whether a listing says how large files are, and when they were changed.
        """
        self.root = root
        self._dated = dated

    def where(self, name: str = "") -> str:
        """What messages call a file."""
        return str(self.root / name)

    def title(self) -> str:
        """How reports call the folder."""
        return self.root.name

    def check(self) -> None:
        """See whether the folder is there."""
        root = self.root
        if root.is_dir():
            return
        if root.exists():
            raise a_file(str(root))
        there = next(parent for parent in root.parents if parent.is_dir())
        close = difflib.get_close_matches(
            root.relative_to(there).parts[0], [each.name for each in there.iterdir() if each.is_dir()], n=1
        )
        hint = f"In {there} there is {close[0]!r}." if close else f"{there} is there, but nothing of that name in it."
        raise CrumpleError("there is no such folder", where=str(root), hint=hint)

    def walk(self, below: str = "") -> Iterator[File]:
        """Every file in a folder but hidden ones.

        Of a folder with a case.toml only that, for nothing else in it is a case; of a `dated` one that first, and then
        what else may have changed.

        Raises:
            CrumpleError: a folder cannot be read, a link leads back to a folder that it is in, or a name is not UTF-8.
        """
        yield from self._below(f"{below}/" if below else "", {})

    def _below(self, below: str, above: dict[tuple[int, int], str]) -> Iterator[File]:
        folder = self.root / below
        try:
            stat = folder.stat()
            with os.scandir(folder) as scan:
                found = sorted((entry.name, entry.is_dir()) for entry in scan)
        except OSError as error:
            raise CrumpleError(f"cannot be read: {error.strerror}", where=str(error.filename or folder)) from None
        identity = (stat.st_dev, stat.st_ino)
        if identity in above:
            raise CrumpleError(
                f"a symbolic link that leads back to {above[identity]}",
                where=str(folder),
                hint="Remove it, or the corpus has no end.",
            )
        if any(name == CASE_FILE for name, _ in found):
            if not self._dated:
                yield File(below + CASE_FILE)
                return
            found.sort(key=lambda each: each[0] != CASE_FILE)
        for name, is_folder in found:
            if is_hidden(name):
                continue
            check_name(name, str(folder))
            if is_folder:
                yield from self._below(f"{below}{name}/", above | {identity: str(folder)})
            else:
                yield (self.about(below + name) if self._dated else None) or File(below + name)

    def beside(self, name: str) -> Sequence[File]:
        """It, and what is near: a folder of a million is listed only where a truth may be shared."""
        return looked_up(self, name)

    def names(self, folder: str) -> Sequence[str]:
        """What is directly in a folder."""
        with suppress(OSError):
            return sorted(os.listdir(self.root / folder))
        return []

    def about(self, name: str) -> File | None:
        """One file, with its size."""
        path = self.root / name
        if not path.is_file():
            return None
        stat = path.stat()
        return File(name, stat.st_size, stat.st_mtime)

    def open(self, name: str) -> BinaryIO:
        """A file, to be read from its beginning."""
        path = self.root / name
        try:
            return path.open("rb")
        except OSError as error:
            raise unreadable(str(error.strerror), str(path)) from None

    def read(self, name: str, size: int = -1) -> bytes:
        """A file's first bytes; by default all."""
        try:
            with self.open(name) as file:
                return file.read(size)
        except OSError as error:
            raise unreadable(str(error.strerror), self.where(name)) from None


def check_name(name: str, where: str) -> None:
    """Reject a file's name that cannot be written down.

    Raises:
        CrumpleError: it is not UTF-8.
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        raise CrumpleError(f"the file name {name!r} is not UTF-8", where=where, hint="Rename it.") from None


def looked_up(place: Files, name: str) -> Sequence[File]:
    """What is `beside` a file, where to look for one file costs less than to list its folder."""
    own, shared = ([f"{each}.truth{ending}" for ending in ENDINGS] for each in (name, stem(name)))
    if not any(place.about(each) for each in shared):
        return list(filter(None, map(place.about, (name, *own))))
    folder, slash, _ = name.rpartition("/")
    here = [f"{folder}{slash}{each}" for each in place.names(folder)]
    return list(filter(None, (place.about(each) for each in here if near(name, each))))


def a_file(where: str) -> CrumpleError:
    """The error for a corpus that is a file."""
    hint = "Name the folder that it is in."
    return CrumpleError("a corpus is a folder, and this is a file", where=where, hint=hint)


def unreadable(why: str, where: str) -> CrumpleError:
    """The error for a file that cannot be read."""
    return CrumpleError(f"cannot be read: {why}", where=where, hint="Remove it from the corpus, or mend it.")


def suffix(name: str) -> str:
    """The ending of a name, with its dot."""
    return PurePosixPath(name).suffix
