"""Where the rows of a delimited file begin, as offsets of bytes: one pass over the buffer, whatever its size."""

from __future__ import annotations

import bisect
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
    counted = _counted(data, view, start, quote[0], delimiter[0]) if len(quote) == len(delimiter) == 1 else None
    ends = _read(data, view, start, quote, delimiter) if counted is None else _joined(counted)
    last = ends.item(-1) if len(ends) else start
    return np.concatenate([np.array([start], np.int64), ends, np.array([len(view)] * (last < len(view)), np.int64)])


def release(data: Buffer, start: int, stop: int) -> None:
    """Give the memory back that a part of a mapped file takes up; it is read again from the file when it is needed."""
    if isinstance(data, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        start -= start % mmap.PAGESIZE
        data.madvise(mmap.MADV_DONTNEED, start, stop - start)


def _of_small(data: bytes, start: int, quote: bytes, delimiter: bytes) -> Iterator[int]:
    """The ends of rows of a file so small that starting a vectorised pass would take longest."""
    if quote not in data:
        return (start + end for end in itertools.accumulate(map(len, data.splitlines(keepends=True))))
    rows = row_pattern(delimiter, quote).finditer(data)
    return (start + row.end() for row in rows if row.end() > row.start())


def _joined(chunks: list[Offsets]) -> Offsets:
    return chunks[0] if len(chunks) == 1 else np.concatenate([np.zeros(0, np.int64), *chunks])


def _line_ends(data: Buffer, view: _Bytes, start: int) -> Iterator[tuple[int, _Bytes, Offsets]]:
    """Chunk by chunk: its offset, its bytes, and where lines end: behind line feed, carriage return, or both."""
    for at in range(start, len(view), _CHUNK):
        piece = view[at : at + _CHUNK]
        ends = piece == _NEWLINE
        alone = piece == _RETURN
        if alone.any():
            after = view[at + 1 : at + 1 + _CHUNK]
            alone[: len(after)] &= after != _NEWLINE
            ends |= alone
        yield at, piece, np.flatnonzero(ends) + (at + 1)
        release(data, at, at + len(piece))


def _counted(data: Buffer, view: _Bytes, start: int, quote: int, delimiter: int) -> list[Offsets] | None:
    """The ends of rows where every quote opens a cell, closes one, or is doubled; None where one does not."""
    beside = np.zeros(256, np.bool_)  # what may stand before an opening quote and behind a closing one
    beside[[quote, delimiter, _NEWLINE, _RETURN]] = True
    before, found = 0, list[Offsets]()
    for at, piece, ends in _line_ends(data, view, start):
        quotes = np.flatnonzero(piece == quote) + at
        if not len(quotes):
            found.append(ends[:0] if before % 2 else ends)
            continue
        opening, closing = quotes[before % 2 :: 2], quotes[1 - before % 2 :: 2]
        opening = opening[1:] if len(opening) and opening[0] == start else opening
        closing = closing[:-1] if len(closing) and closing[-1] == len(view) - 1 else closing
        if not (beside[view[opening - 1]].all() and beside[view[closing + 1]].all()):
            return None
        found.append(ends[(np.searchsorted(quotes, ends) + before) % 2 == 0])
        before += len(quotes)
    return found if before % 2 == 0 else None


def _read(data: Buffer, view: _Bytes, start: int, quote: bytes, delimiter: bytes) -> Offsets:
    """The ends of rows read one by one, from each line that holds a quote."""
    ends = _joined([each for _, _, each in _line_ends(data, view, start)])
    if not len(ends) or ends[-1] != len(view):
        ends = np.append(ends, len(view))
    kept = np.ones(len(ends), np.bool_)
    match = row_pattern(delimiter, quote).match
    at, done, line, quick = data.find(quote, start), start, 0, ends.data
    while at >= 0:
        line = bisect.bisect_right(quick, at, line)
        row = match(data, quick[line - 1] if line else start)
        assert row is not None  # the pattern matches the empty string
        end = row.end()
        last = bisect.bisect_left(quick, end, line)
        if last > line:
            kept[line:last] = False
        if end - done > _CHUNK:
            release(data, done, end)
            done = end
        at = data.find(quote, max(end, at + 1))
    return ends[kept]
