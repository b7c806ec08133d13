"""Where the rows of a delimited file begin, as offsets of bytes: one pass over the buffer, whatever its size."""

from __future__ import annotations

import itertools
import mmap
from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from crumple.views.table_dialect import Dialect, row_pattern

Buffer: TypeAlias = "bytes | mmap.mmap"
Offsets: TypeAlias = NDArray[np.int64]
_Bytes: TypeAlias = NDArray[np.uint8]
_CHUNK = 1 << 22
_SMALL = 1 << 15
_NEWLINE, _RETURN = 10, 13


def row_starts(data: Buffer, start: int, dialect: Dialect) -> Offsets:
    """Where each row begins, and at last where the data ends.

    Line breaks inside quotes end no row. Quotes as programs write them are told by counting; where there are others
    (in mid-cell, never closed), the rows that hold quotes are read one by one.

    Args:
        data: in an encoding that has no ASCII byte within other characters.
        start: where the first row begins.
        dialect: how the rows are written.
    """
    quote, delimiter = dialect.quote.encode(), dialect.delimiter.encode()
    if len(data) < _SMALL:
        return np.array([start, *_of_small(data[start:], start, quote, delimiter)], np.int64)
    view = np.frombuffer(data, np.uint8)
    if data.find(quote, start) < 0:
        ends = _joined(list(_line_ends(view, start, data)))
    elif len(quote) == 1 and len(delimiter) == 1 and (counted := _counted(view, start, data, quote, delimiter)):
        ends = _joined(counted)
    else:
        ends = _read(view, start, data, quote, delimiter)
    last = ends.item(-1) if len(ends) else start
    return np.concatenate([np.array([start], np.int64), ends, np.array([len(view)] * (last < len(view)), np.int64)])


def _of_small(data: bytes, start: int, quote: bytes, delimiter: bytes) -> Iterator[int]:
    """The ends of rows of a file so small that starting a vectorised pass would take longest."""
    if quote not in data:
        return (start + end for end in itertools.accumulate(map(len, data.splitlines(keepends=True))))
    rows = row_pattern(delimiter, quote).finditer(data)
    return (start + row.end() for row in rows if row.end() > row.start())


def _joined(chunks: list[Offsets]) -> Offsets:
    return chunks[0] if len(chunks) == 1 else np.concatenate([np.zeros(0, np.int64), *chunks])


def _line_ends(view: _Bytes, start: int, data: Buffer) -> Iterator[Offsets]:
    """Chunk by chunk, where the lines end: behind each line feed, carriage return, or both."""
    returns = data.find(b"\r", start) >= 0
    for at in range(start, len(view), _CHUNK):
        piece = view[at : at + _CHUNK]
        if not returns:
            yield np.flatnonzero(piece == _NEWLINE) + (at + 1)
            continue
        after = view[at + 1 : at + 1 + _CHUNK]
        ends = piece == _NEWLINE
        alone = piece == _RETURN
        alone[: len(after)] &= after != _NEWLINE
        yield np.flatnonzero(ends | alone) + (at + 1)


def _counted(view: _Bytes, start: int, data: Buffer, quote: bytes, delimiter: bytes) -> list[Offsets] | None:
    """The ends of rows where every quote opens a cell, closes one, or is doubled; None where one does not."""
    opens = np.zeros(256, np.bool_)  # what may stand before an opening quote
    opens[[quote[0], delimiter[0], _NEWLINE, _RETURN]] = True
    before, found = 0, list[Offsets]()
    for number, ends in enumerate(_line_ends(view, start, data)):
        at = start + number * _CHUNK
        quotes = np.flatnonzero(view[at : at + _CHUNK] == quote[0]) + at
        if len(quotes):
            opening, closing = quotes[before % 2 :: 2], quotes[1 - before % 2 :: 2]
            opening = opening[1:] if len(opening) and opening[0] == start else opening
            closing = closing[:-1] if len(closing) and closing[-1] == len(view) - 1 else closing
            if not (opens[view[opening - 1]].all() and opens[view[closing + 1]].all()):
                return None
            # A doubled quote has closed and opens again: what opens behind a quote must do so at once.
            ends = ends[(np.searchsorted(quotes, ends) + before) % 2 == 0]  # noqa: PLW2901 - narrowed
        elif before % 2:
            ends = ends[:0]  # noqa: PLW2901 - the whole chunk stands inside a cell
        before += len(quotes)
        found.append(ends)
    return found if before % 2 == 0 else None


def _read(view: _Bytes, start: int, data: Buffer, quote: bytes, delimiter: bytes) -> Offsets:
    """The ends of rows read one by one, from each line that holds a quote."""
    ends = _joined(list(_line_ends(view, start, data)))
    if not len(ends) or ends[-1] != len(view):
        ends = np.append(ends, len(view))
    kept = np.ones(len(ends), np.bool_)
    match = row_pattern(delimiter, quote).match
    at = data.find(quote, start)
    while at >= 0:
        line = int(np.searchsorted(ends, at, "right"))
        row = match(data, int(ends[line - 1]) if line else start)
        assert row is not None  # the pattern matches the empty string
        end = row.end()
        last = int(np.searchsorted(ends, end))
        kept[line:last] = False
        at = data.find(quote, max(end, at + 1))
    return ends[kept]
