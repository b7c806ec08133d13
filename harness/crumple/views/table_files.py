"""Delimited files too large to be held in memory as documents: mapped, and written piece by piece."""

from __future__ import annotations

import codecs
import mmap
from pathlib import Path

from crumple.destinations import Destination, writing
from crumple.errors import CrumpleError, Unreadable
from crumple.views.format import identify
from crumple.views.table import CSV, TSV, Table
from crumple.views.table_index import release
from crumple.views.text import Text

LARGE = 64 << 20
"""From how many bytes on a file is worth it."""
_HEAD = 8192
_CHUNK = 1 << 22
_SAMPLE = 1 << 20


def media_type_of(path: Path) -> str:
    """What a file is, told by its first bytes and its name.

    Raises:
        CrumpleError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return identify(file.read(_HEAD), path.name)
    except OSError as error:
        raise CrumpleError(f"it cannot be read: {error.strerror}", where=str(path)) from None


def map_table(path: Path) -> Table:
    """The table over a file, of which no more is held than where its rows begin.

    Raises:
        Unreadable: it is no CSV or TSV, is empty, holds NUL bytes, or is in UTF-16 or UTF-32.
        CrumpleError: it cannot be read.
    """
    media_type = media_type_of(path)
    if media_type not in (CSV.media_type, TSV.media_type):
        raise Unreadable(f"{media_type} is no delimited table")
    try:
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        raise CrumpleError(f"it cannot be read: {error}", where=str(path)) from None
    delimiter = "\t" if media_type == TSV.media_type else ""
    table = Table.stored(data, encoding=_encoding(data), bom=_marked(data), delimiter=delimiter)
    if not any(row.cells for row in table.rows):
        raise Unreadable("the table has no rows")
    return table


def save_table(table: Table, place: Destination) -> int:
    """Write a table piece by piece; how many bytes it has. What was there stays until the new one is whole.

    Raises:
        NotApplicable: a character that the encoding does not have.
        CrumpleError: it cannot be written.
    """
    written = 0
    with writing(place) as file:
        for piece in table.encoded():
            written += file.write(piece)
    return written


def _marked(data: mmap.mmap) -> bool:
    return data[:3] == codecs.BOM_UTF8


def _encoding(data: mmap.mmap) -> str:
    """UTF-8 where all of it is; else the likeliest encoding of its beginning, where a byte is a character.

    Raises:
        Unreadable: it is in UTF-16 or UTF-32, or holds NUL bytes.
    """
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        raise Unreadable("it is in UTF-16 or UTF-32, and too large to be decoded")
    decoder = codecs.getincrementaldecoder("utf-8")()
    valid = True
    for at in range(0, len(data), _CHUNK):
        piece = data[at : at + _CHUNK]
        if b"\0" in piece:
            raise Unreadable("it holds NUL bytes, it is not text")
        try:
            if valid:
                decoder.decode(piece, final=at + _CHUNK >= len(data))
        except UnicodeDecodeError:
            valid = False
        release(data, at, at + len(piece))
    if valid:
        return "utf-8"
    guess = Text.decoded(data[:_SAMPLE]).encoding
    every = bytes(range(256)).decode(guess, "replace")
    return guess if len(every) == 256 and every[:128].isascii() else "utf-8"
