"""Where the pieces of a file end: what a writer that is stopped between two of them leaves behind."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator

from crumple import Document
from crumple_mutators.bytewise import textual
from crumple_mutators.picture_rows import PNG_SIGNATURE, opened, png_chunks

_LINE_ENDS = re.compile(rb"\r\n|\n|\r")
_JSON = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[,\]}]', re.DOTALL)
_END_TAGS = re.compile(rb"</[^<>]{1,200}>|/>")
_PART_LINES = re.compile(rb"^--[^\s-][^\r\n]{0,199}\r?$", re.MULTILINE)
_OBJECTS = re.compile(rb"\bendobj\b[ \t]*\r?\n?")
_RESTARTS = re.compile(rb"\xff[\xd0-\xd7]")
_MARKUP = ("application/xml", "text/html")


def boundaries(document: Document) -> list[int]:
    """Rising byte positions at which a whole piece of the file ends; none where its structure is not known."""
    data = document.data
    for starts, pieces in _BINARY:
        if data.startswith(starts):
            return sorted(set(pieces(data)))
    if b"%PDF-" in data[:1024]:
        return _ends(_OBJECTS, data)
    if document.media_type in _MARKUP:
        return _ends(_END_TAGS, data)
    if document.media_type == "application/json":
        return [each.end() for each in _JSON.finditer(data) if each[0] in (b",", b"]", b"}")]
    if document.media_type == "message/rfc822" and (parts := [each.start() for each in _PART_LINES.finditer(data)]):
        return parts
    return _ends(_LINE_ENDS, data) if textual(document) else []


def _ends(pattern: re.Pattern[bytes], data: bytes) -> list[int]:
    return [each.end() for each in pattern.finditer(data)]


def _png(data: bytes) -> Iterator[int]:
    return (end for _, _, end in png_chunks(data))


def _jpeg(data: bytes) -> Iterator[int]:
    """The ends of a JPEG's segments, and the restart marks inside its scans."""
    at = 2
    while 0 <= at <= len(data) - 4 and data[at] == 0xFF:
        if data[at + 1] == 0xD9:
            return
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
        if data[at + 1] != 0xDA:
            yield end
            at = end
            continue
        # A scan goes on to the next mark that is neither a stuffed byte nor a restart.
        follows = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL).search(data, end)
        at = follows.start() if follows else len(data)
        yield from (each.start() for each in _RESTARTS.finditer(data, end, at))
        yield at


def _archive(data: bytes) -> Iterable[int]:
    """Where the members of a ZIP begin, and its directory."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [*(each.header_offset for each in archive.infolist()), archive.start_dir]
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError):
        return []


def _tiff(data: bytes) -> Iterable[int]:
    """Where the strips and tiles of a TIFF end that lie one behind the other."""
    offsets, counts = (273, 324), (279, 325)
    try:
        with opened(data, "TIFF") as image:
            tags = getattr(image, "tag_v2", {})
            places = next((tags[each] for each in offsets if each in tags), ())
            lengths = next((tags[each] for each in counts if each in tags), ())
            return [int(start) + int(length) for start, length in zip(places, lengths, strict=False)]
    except Exception:  # noqa: BLE001 - Pillow trips over damage in many ways
        return []


_BINARY: tuple[tuple[bytes | tuple[bytes, ...], Callable[[bytes], Iterable[int]]], ...] = (
    (PNG_SIGNATURE, _png),
    (b"\xff\xd8", _jpeg),
    (b"PK\x03\x04", _archive),
    ((b"II*\0", b"MM\0*"), _tiff),
)
