"""Media types and the views they can be seen as: known here and nowhere else.

A format is one media type: how its content is told, and a codec for each view. Formats are found by the
entry points `crumple.views`, each a module; every `Format` among a module's top-level names is taken.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Protocol, TypeVar

from crumple.document import Document
from crumple.errors import Unreadable
from crumple.loading import entry_points

V = TypeVar("V")

BINARY = "application/octet-stream"
_SNIFFED = 8192
_SHORT = 4


class Codec(Protocol):
    """How one media type is seen as one view."""

    @property
    def exact(self) -> bool:
        """Whether a view that was not changed is written back byte for byte, and a changed one loses nothing else."""

    def read(self, document: Document) -> Any:
        """The view of a document.

        Raises:
            Unreadable: it cannot be seen so; one sentence.
        """

    def write(self, view: Any, document: Document) -> bytes:
        """The bytes of `document` with this view in place of what was read from it.

        Args:
            view: the degraded view.
            document: the one that the clean view was read from; what was not changed comes from here.
        """


@dataclass(frozen=True, slots=True)
class Format:
    """One media type.

    Attributes:
        media_type: "text/csv".
        extensions: with the dot, small letters; the first is the usual one.
        sniff: from a document's first 8 KiB and its lower-case extension, how sure this format is that
            it is meant: 0 not at all, 1 by the name's hint alone, 2 by content, 3 by a signature.
        codecs: view class -> codec, best first.
    """

    media_type: str
    extensions: tuple[str, ...]
    sniff: Callable[[bytes, str], int]
    codecs: Mapping[type, Codec] = field(default_factory=dict)


def signature(*starts: bytes, at: int = 0) -> Callable[[bytes, str], int]:
    """A `sniff` for content that begins with one of these bytes at offset `at`."""

    def sniff(head: bytes, extension: str) -> int:
        return 3 if head[at:].startswith(starts) else 0

    return sniff


@functools.cache
def formats() -> Mapping[str, Format]:
    """Every installed format by media type.

    Raises:
        TypeError: two plugins claim one media type; the message names both modules.
    """
    found: dict[str, Format] = {}
    origin: dict[str, str] = {}
    for point in sorted(entry_points("crumple.views"), key=lambda point: point.value):
        for each in vars(point.load()).values():
            if not isinstance(each, Format) or found.get(each.media_type) is each:
                continue
            if each.media_type in found:
                raise TypeError(f"{each.media_type} is claimed by {origin[each.media_type]} and by {point.value}")
            found[each.media_type] = each
            origin[each.media_type] = point.value
    return found


def identify(data: bytes, name: str = "") -> str:
    """The media type of content, with the name's ending as a hint; BINARY where nothing fits."""
    head, extension = data[:_SNIFFED], PurePosixPath(name).suffix.lower()
    best, sure = BINARY, 0
    for each in formats().values():
        how_sure = each.sniff(head, extension)
        # Between equals the name decides: a .md and a .txt are both text.
        if how_sure > sure or (how_sure == sure and sure and extension in each.extensions):
            best, sure = each.media_type, how_sure
    return best


def named(name: str) -> str:
    """The media type that a file's name alone speaks of; BINARY where it says nothing."""
    extension = PurePosixPath(name).suffix.lower()
    return next((each.media_type for each in formats().values() if extension in each.extensions), BINARY)


def spoken(media_types: Iterable[str]) -> str:
    """Media types as people call them: "image/png, message/rfc822, text/html" is "png, eml, html"."""
    return ", ".join(map(_spoken, media_types))


def _spoken(media_type: str) -> str:
    name = media_type.rstrip("/").rpartition("/")[2]
    known = formats().get(media_type)
    return known.extensions[0].removeprefix(".") if known and len(name) > _SHORT else name


def views_of(media_type: str) -> tuple[type, ...]:
    """What a media type can be seen as, best first; always ending with `bytes` and `Document`."""
    each = formats().get(media_type)
    return (*(each.codecs if each else ()), bytes, Document)


def exact(media_type: str, view: type) -> bool:
    """Whether the round trip through a view keeps what was not changed byte for byte."""
    return view in (bytes, Document) or codec(media_type, view).exact


def codec(media_type: str, view: type) -> Codec:
    """How a media type is seen as a view.

    Raises:
        Unreadable: it cannot be.
    """
    each = formats().get(media_type)
    if each is None or view not in each.codecs:
        raise Unreadable(f"{media_type} cannot be seen as {view.__name__}")
    return each.codecs[view]


def read(document: Document, view: type[V]) -> V:
    """A document seen as a view.

    Raises:
        Unreadable: it cannot be; one sentence.
    """
    if issubclass(view, bytes):
        return document.data  # type: ignore[return-value]  # bytes is the view
    if issubclass(view, Document):
        return document  # type: ignore[return-value]  # a document is its own view
    if not document.data:
        raise Unreadable("the document is empty")
    seen: V = codec(document.media_type, view).read(document)
    return seen


def write(view: object, document: Document) -> Document:
    """The document with this view in place of what was read from it.

    Args:
        view: bytes, a `Document` (taken as it is), or a view that `document` can be seen as.
        document: the one that the clean view was read from.
    """
    if isinstance(view, Document):
        return view
    if isinstance(view, bytes):
        return Document(view, document.media_type, document.name)
    data = codec(document.media_type, type(view)).write(view, document)
    return Document(data, document.media_type, document.name)
