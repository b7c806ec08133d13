"""What damage to the bytes of a document costs: characters of a text; all of a document that is no text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from crumple import ALL, Document, Everything, Extent, NotApplicable, Place, Span, Text, Unreadable, read
from crumple_mutators.picture_rows import lost_below
from crumple_mutators.positions import Indices, merged

TABLES = ("text/csv", "text/tab-separated-values")
TEXTUAL = ("text/", "application/json", "application/x-ndjson", "application/xml", "message/rfc822")
"""The media types whose bytes are characters, as `only` takes them: text, tables, JSON, XML, HTML, mail."""
_ARCHIVE = "application/zip"
_PICTURES = ("image/png", "image/jpeg")
_LF, _CR = 10, 13
_BLANK = b"\0\t\n\r "


def textual(document: Document) -> bool:
    """Whether the bytes of the document are characters: text, tables, JSON, XML, HTML, mail."""
    return document.media_type.startswith("text/") or document.media_type in TEXTUAL


def lost_with(document: Document, extents: Sequence[Extent]) -> Sequence[Place] | Everything:
    """What cannot be read any more once these bytes are gone.

    Args:
        document: the clean one.
        extents: rising; a character of which one byte is gone is gone.
    """
    extents = [each for each in extents if each.start < each.end]
    if not extents:
        return ()
    if not textual(document):
        return ALL
    try:
        text = read(document, Text)
    except Unreadable:
        return extents
    if text.encoding.startswith(("utf-16", "utf-32")):
        return extents
    mark = 3 * text.bom
    body = np.frombuffer(document.data, np.uint8)[mark:]
    if len(body) == len(text.value):
        return merged(Span(max(0, each.start - mark), max(0, each.end - mark)) for each in extents)
    if text.encoding != "utf-8" or not text.decodable:
        return extents
    # How many characters begin before each byte, its own included.
    begun = np.cumsum((body & 0xC0) != 0x80)
    return merged(
        Span(int(begun[max(0, each.start - mark)]) - 1, int(begun[each.end - mark - 1]))
        for each in extents
        if each.end > mark
    )


def lost_after(document: Document, at: int, damaged: bytes) -> Sequence[Place] | Everything:
    """What cannot be read any more where a file is not what it was from a byte on.

    Args:
        document: the clean one.
        at: the first byte that is gone or wrong.
        damaged: the bytes after the damage, which say how far down a picture can still be shown.
    """
    if document.media_type in _PICTURES and at < len(document.data):
        return lost_below(document, damaged)
    if document.media_type == _ARCHIVE and at < len(document.data):
        return [Extent(at, len(document.data))]  # the members before are found by headers of their own
    return lost_with(document, [Extent(at, len(document.data))])


def lines_with(data: bytes, extents: Iterable[Extent]) -> list[Extent]:
    """The whole lines that hold these rising extents; a line end that is hit belongs to the next line too.

    A bit that flips or a block that moves may make or break a delimiter, and with it the reading of its line.
    """
    hit = [each for each in extents if each.start < each.end]
    return _lines(data, np.array([each.start for each in hit], np.intp), np.array([each.end for each in hit], np.intp))


def lines_at(data: bytes, positions: Indices) -> list[Extent]:
    """The whole lines that hold the bytes at these rising positions, as of `lines_with`."""
    return _lines(data, positions, positions + 1)


def _lines(data: bytes, starts: Indices, ends: Indices) -> list[Extent]:
    array = np.frombuffer(data, np.uint8)
    marks = np.flatnonzero((array == _LF) | (array == _CR))
    bounds = np.concatenate(([-1], marks, [len(data)]))
    firsts = bounds[np.searchsorted(marks, starts)] + 1
    lasts = bounds[np.searchsorted(marks, ends) + 1]
    # Of many in one line, the first is enough.
    other = np.ones(len(firsts), np.bool_)
    other[1:] = (firsts[1:] != firsts[:-1]) | (lasts[1:] != lasts[:-1])
    lines: list[Extent] = []
    for start, end in zip(firsts[other].tolist(), lasts[other].tolist(), strict=True):
        if lines and start <= lines[-1].end:
            lines[-1] = Extent(lines[-1].start, max(end, lines[-1].end))
        else:
            lines.append(Extent(start, end))
    return lines


def solid(data: bytes, *, least: int = 2) -> tuple[int, int]:
    """Where the content of a document begins and ends, white space and zeros around it aside.

    Raises:
        NotApplicable: there are fewer than `least` bytes of it.
    """
    end = len(data.rstrip(_BLANK))
    start = len(data) - len(data.lstrip(_BLANK))
    if end - start < least:
        raise NotApplicable(f"it holds fewer than {least} bytes")
    return start, end
