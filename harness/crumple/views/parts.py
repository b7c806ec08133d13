"""Parts: what a document carries inside: the members of an archive, the attachments of a mail.

A part is named by its path: "terms.pdf", "folder/rows.csv"; of a part inside a part "old.zip/rows.csv". Each is
degraded in place, and what surrounds it stays valid.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from crumple.document import Document
from crumple.errors import Unreadable
from crumple.places import Extent
from crumple.views.archive import UNPACKED, Archive
from crumple.views.format import Format, identify, read, signature, views_of, write

DEEPEST = 3
"""How many documents inside one another are looked into."""
_MOST_PARTS = 64


@dataclass(frozen=True, slots=True)
class Part:
    """One document inside another.

    Attributes:
        name: unique among its neighbours; may have folders.
        document: decoded; its media type is told by content.
        extent: the bytes of the outer document that it is written in.
    """

    name: str
    document: Document
    extent: Extent


@dataclass(frozen=True, slots=True)
class Parts:
    """What a document carries inside, in its order."""

    parts: tuple[Part, ...]

    def get(self, name: str) -> Part | None:
        """The part of this name."""
        return next((part for part in self.parts if part.name == name), None)

    def with_part(self, name: str, data: bytes) -> Parts:
        """The same with another content in one part."""
        return Parts(
            tuple(
                replace(part, document=replace(part.document, data=data)) if part.name == name else part
                for part in self.parts
            )
        )


def identified(name: str, data: bytes) -> Document:
    """A part's content as a document; its name without folders."""
    last = PurePosixPath(name).name or name
    return Document(data, identify(data, last), last)


def inside(document: Document, *, depth: int = DEEPEST) -> Iterator[tuple[str, Document]]:
    """Every document inside a document as (path, document), those inside these too, at most 64 of each.

    What cannot be opened holds nothing.
    """
    if depth < 1 or Parts not in views_of(document.media_type):
        return
    try:
        found = read(document, Parts)
    except Unreadable:
        return
    for part in found.parts[:_MOST_PARTS]:
        yield part.name, part.document
        for path, deeper in inside(part.document, depth=depth - 1):
            yield f"{part.name}/{path}", deeper


def opened(document: Document, path: str) -> Document:
    """The document at a path inside another.

    Raises:
        Unreadable: there is none.
    """
    part, rest = _step(document, path)
    return opened(part.document, rest) if rest else part.document


def closed(document: Document, path: str, inner: Document) -> Document:
    """A document with what stands at a path inside it replaced.

    Raises:
        Unreadable: there is nothing at the path.
    """
    part, rest = _step(document, path)
    new = closed(part.document, rest, inner) if rest else inner
    return write(read(document, Parts).with_part(part.name, new.data), document)


def _step(document: Document, path: str) -> tuple[Part, str]:
    """The part that a path begins with, and the rest of the path."""
    parts = read(document, Parts)
    # The longest name first: "a.zip" may stand beside "a.zip/b.csv", a member in a folder.
    for part in sorted(parts.parts, key=lambda part: -len(part.name)):
        if path == part.name or path.startswith(part.name + "/"):
            return part, path[len(part.name) + 1 :]
    raise Unreadable(f"{document.name} has no part {path!r}")


class ZipParts:
    """The members of a ZIP archive."""

    exact = True

    def read(self, document: Document) -> Parts:
        """All members but folders."""
        archive = Archive.opened(document.data)
        return Parts(
            tuple(
                Part(each.name, identified(each.name, archive.read(each.name)), Extent(each.start, each.end))
                for each in archive.members
            )
        )

    def write(self, view: Parts, document: Document) -> bytes:
        """The archive with the members that have changed in place of what they were."""
        clean = self.read(document)
        changed = {
            new.name: new.document.data
            for new, old in zip(view.parts, clean.parts, strict=True)
            if new.document.data != old.document.data
        }
        return Archive.opened(document.data).replaced(changed) if changed else document.data


class GzipParts:
    """The one file that a gzip file holds."""

    exact = True

    def read(self, document: Document) -> Parts:
        """The file, named as the document is without its ending."""
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(document.data)) as file:
                data = file.read(UNPACKED + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise Unreadable(f"it cannot be unpacked: {error}") from None
        if len(data) > UNPACKED:
            raise Unreadable(f"it unpacks to more than {UNPACKED:,} bytes")
        name = document.name.removesuffix(".gz") or "content"
        return Parts((Part(name, identified(name, data), Extent(0, len(document.data))),))

    def write(self, view: Parts, document: Document) -> bytes:
        """The file packed anew, without compression: the same bytes under every build of zlib."""
        data = view.parts[0].document.data
        if data == self.read(document).parts[0].document.data:
            return document.data
        return gzip.compress(data, compresslevel=0, mtime=0)


ZIP = Format("application/zip", (".zip",), signature(b"PK\x03\x04", b"PK\x05\x06"), {Parts: ZipParts()})
GZIP = Format("application/gzip", (".gz", ".gzip"), signature(b"\x1f\x8b"), {Parts: GzipParts()})
