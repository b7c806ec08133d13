"""The rows of a table: found by their offsets in one buffer, made when somebody looks, changed without copying it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from crumple.errors import Unreadable
from crumple.views.table_dialect import Dialect, Row
from crumple.views.table_index import Buffer, Offsets, release, row_starts

T = TypeVar("T")
Indices = NDArray[np.int64]
_PIECE = 1 << 20
_MOST_CELLS = 1 << 17
_BATCH = 1 << 16
_KEPT = 4096
_FEW = 512
_PAGE = 4096
_LINE_FEED = 10
_RESIDENT = 1 << 26


class Source(Protocol):
    """Where rows come from."""

    def __len__(self) -> int: ...

    def row(self, index: int) -> Row:
        """One row."""

    def rows(self, start: int, stop: int) -> Iterator[Row]:
        """Rows one after the other."""

    def pieces(self, start: int, stop: int) -> Iterator[str]:
        """The characters of rows one after the other."""


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """Rows in a buffer, each from its offset to the next one's.

    Attributes:
        data: the bytes.
        starts: where each row begins, and at last where the data ends.
        dialect: how they are written.
        encoding, errors: how their characters are told from the bytes; ASCII bytes must stand for nothing else.
    """

    data: Buffer
    starts: Offsets
    dialect: Dialect
    encoding: str = "utf-8"
    errors: str = "surrogateescape"
    _touched: list[int] = field(default_factory=lambda: [0])

    @classmethod
    def found(cls, data: Buffer, start: int, dialect: Dialect, encoding: str, errors: str) -> Stored:
        """Every row of a buffer.

        Raises:
            Unreadable: a row has more cells than any table has.
        """
        starts, delimiter = row_starts(data, start, dialect), dialect.delimiter.encode()
        for row in np.flatnonzero(np.diff(starts) > _MOST_CELLS).tolist():
            if data[starts.item(row) : starts.item(row + 1)].count(delimiter) > _MOST_CELLS:
                raise Unreadable(f"row {row + 1} has more than {_MOST_CELLS:,} cells")
        return cls(data, starts, dialect, encoding, errors)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def row(self, index: int) -> Row:
        """One row, read from its bytes."""
        return self.dialect.read(self._text(self.starts.item(index), self.starts.item(index + 1)))

    def _text(self, start: int, stop: int) -> str:
        self._touched[0] += stop - start + _PAGE
        if self._touched[0] > _RESIDENT:
            release(self.data, 0, len(self.data))
            self._touched[0] = 0
        return self.data[start:stop].decode(self.encoding, self.errors)

    def _chunks(self, start: int, stop: int) -> Iterator[tuple[int, int]]:
        """Ranges of rows of about a megabyte each."""
        while start < stop:
            end = int(np.searchsorted(self.starts, self.starts[start] + _PIECE))
            end = min(max(end, start + 1), stop)
            yield start, end
            start = end

    def rows(self, start: int, stop: int) -> Iterator[Row]:
        """Rows one after the other, decoded many at once."""
        read, quote, delimiter = self.dialect.read, self.dialect.quote, self.dialect.delimiter
        for first, last in self._chunks(start, stop):
            text = self._text(self.starts.item(first), self.starts.item(last))
            lines = text.split("\n")
            ended = not lines[-1]
            if len(lines) - ended != last - first or not self._fed(
                first, last
            ):  # or there are line breaks inside cells
                yield from map(self.row, range(first, last))
                continue
            if ended:
                lines.pop()
            if quote in text or "\r" in text:
                yield from (read(f"{line}\n") for line in lines[:-1])
                yield read(f"{lines[-1]}\n" if ended else lines[-1])
                continue
            for line in lines[:-1]:
                yield Row(tuple(line.split(delimiter)) if line else (), f"{line}\n")
            yield read(f"{lines[-1]}\n" if ended else lines[-1])

    def _fed(self, start: int, stop: int) -> bool:
        """Whether all of these rows but the last end with a line feed."""
        ends = self.starts[start + 1 : stop]
        return bool((np.frombuffer(self.data, np.uint8)[ends - 1] == _LINE_FEED).all())

    def pieces(self, start: int, stop: int) -> Iterator[str]:
        """The characters of rows, about a megabyte at once."""
        begins, ends = self.starts.item(start), self.starts.item(stop)
        if ends - begins <= _PIECE:
            yield self._text(begins, ends)
            return
        for first, last in self._chunks(start, stop):
            yield self._text(self.starts.item(first), self.starts.item(last))


@dataclass(frozen=True, slots=True, eq=False)
class Mapped:
    """Other rows, each made anew when somebody looks; for what changes every row of a table.

    Attributes:
        base: the rows that they are made from.
        function: from a row and its index, always to the same row.
    """

    base: Rows
    function: Callable[[int, Row], Row]

    def __len__(self) -> int:
        return len(self.base)

    def row(self, index: int) -> Row:
        """One row."""
        return self.function(index, self.base[index])

    def rows(self, start: int, stop: int) -> Iterator[Row]:
        """Rows one after the other."""
        return map(self.function, range(start, stop), self.base.between(start, stop))

    def pieces(self, start: int, stop: int) -> Iterator[str]:
        """The characters of rows, some at once."""
        for rows in _batched(self.rows(start, stop)):
            yield "".join([row.raw for row in rows])


class Rows(Sequence[Row]):
    """Rows of a source in some order, and rows of their own in between. It is never changed; methods return another."""

    __slots__ = ("_made", "_order", "_own", "_source")

    def __init__(self, source: Source, order: Indices | None = None, own: tuple[Row, ...] = ()) -> None:
        """Take the rows of a source.

        Args:
            source: of most rows.
            order: by index which row of the source stands there; -1 is the first of its own, -2 the second. None: all.
            own: further rows.
        """
        self._source = source
        self._order = order
        self._own = own
        self._made: dict[int, Row] = {}

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Rows:
        """Rows that are there already."""
        own = tuple(rows)
        return cls(_NOTHING, np.arange(-1, -len(own) - 1, -1, dtype=np.int64), own)

    def __len__(self) -> int:
        return len(self._source) if self._order is None else len(self._order)

    @overload
    def __getitem__(self, index: int) -> Row: ...

    @overload
    def __getitem__(self, index: slice) -> Rows: ...

    def __getitem__(self, index: int | slice) -> Row | Rows:
        """One row, or some of them."""
        if isinstance(index, slice):
            return self.taken(np.arange(len(self), dtype=np.int64)[index])
        at = index + len(self) if index < 0 else index
        if not 0 <= at < len(self):
            raise IndexError(f"there is no row {index} of {len(self)}")
        if self._order is not None:
            at = self._order.item(at)
            if at < 0:
                return self._own[-1 - at]
        row = self._made.get(at)
        if row is None:
            row = self._source.row(at)
            if len(self._made) < _KEPT:
                self._made[at] = row
        return row

    def __iter__(self) -> Iterator[Row]:
        return self.between(0, len(self))

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return len(self) == len(other) and all(map(Row.__eq__, self, other))

    __hash__ = None  # type: ignore[assignment]  # equal to any sequence of the same rows

    def __repr__(self) -> str:
        return f"Rows({[*itertools.islice(self, 3)]!r}{' ...' if len(self) > 3 else ''})"

    def between(self, start: int, stop: int) -> Iterator[Row]:
        """The rows of a range of indices, one after the other; quicker than one by one."""
        for first, last in self._runs(start, stop):
            if first < 0:
                yield self._own[-1 - first]
            else:
                yield from self._source.rows(first, last)

    def pieces(self) -> Iterator[str]:
        """All characters, some at once."""
        for runs in _batched(self._runs(0, len(self))):
            held: list[str] = []
            for first, last in runs:
                if first < 0:
                    held.append(self._own[-1 - first].raw)
                    continue
                for piece in self._source.pieces(first, last):
                    held.append(piece)
                    if len(piece) > _PIECE // 2:
                        yield "".join(held)
                        held.clear()
            yield "".join(held)

    def _runs(self, start: int, stop: int) -> Iterator[tuple[int, int]]:
        """Ranges of rows of the source that follow one another; a row of its own as (-1 - index, 0)."""
        if self._order is None:
            if start < stop:
                yield start, stop
            return
        order = self._order[start:stop]
        if len(order) < _FEW:
            yield from _runs_of_few(order.tolist())
            return
        breaks = np.flatnonzero((np.diff(order) != 1) | (order[1:] <= 0)) + 1
        firsts, lasts = order[np.append(0, breaks)], order[np.append(breaks - 1, len(order) - 1)]
        for at in range(0, len(firsts), _PIECE):
            here = slice(at, at + _PIECE)
            yield from zip(firsts[here].tolist(), (lasts[here] + 1).tolist(), strict=True)

    def _ordered(self) -> Indices:
        return np.arange(len(self._source), dtype=np.int64) if self._order is None else self._order

    def taken(self, indices: Sequence[int] | Indices) -> Rows:
        """The rows of these indices, in this order; one that is named twice stands there twice."""
        return Rows(self._source, self._ordered()[np.asarray(indices, np.int64)], self._own)

    def replaced(self, new: Mapping[int, Row]) -> Rows:
        """The same with other rows at some indices."""
        order = self._ordered() if self._order is None else self._order.copy()
        fresh = np.arange(-1 - len(self._own), -1 - len(self._own) - len(new), -1, dtype=np.int64)
        order[np.fromiter(new, np.int64, len(new))] = fresh
        return Rows(self._source, order, (*self._own, *new.values()))

    def inserted(self, before: Mapping[int, Sequence[Row]]) -> Rows:
        """The same with further rows before those of some indices; the number of rows is the end."""
        own = [row for index in sorted(before) for row in before[index]]
        at = [index for index in sorted(before) for _ in before[index]]
        fresh = np.arange(-1 - len(self._own), -1 - len(self._own) - len(own), -1, dtype=np.int64)
        return Rows(self._source, np.insert(self._ordered(), at, fresh), (*self._own, *own))

    def mapped(self, function: Callable[[int, Row], Row]) -> Rows:
        """Every row made anew when somebody looks, by a function of its index and itself."""
        return Rows(Mapped(self, function))

    def blank_indices(self) -> Indices:
        """The indices of the rows that hold nothing, without reading those that clearly hold something."""
        if len(self) < _FEW:
            return np.array([index for index, row in enumerate(self) if not any(row.cells)], np.int64)
        order = self._ordered()
        suspects = np.ones(len(order), np.bool_)
        if isinstance(self._source, Stored):
            stored = order >= 0
            suspects[stored] = _may_be_blank(self._source)[order[stored]]
        at: list[int] = np.flatnonzero(suspects).tolist()
        return np.array([index for index in at if not any(self[index].cells)], np.int64)


def _runs_of_few(order: list[int]) -> Iterator[tuple[int, int]]:
    first = last = -1
    for at in order:
        if at == last >= 0:
            last += 1
            continue
        if last >= 0:
            yield first, last
            last = -1
        if at < 0:
            yield at, 0
        else:
            first, last = at, at + 1
    if last >= 0:
        yield first, last


class _Nothing:
    """A source without rows."""

    def __len__(self) -> int:
        return 0

    def row(self, index: int) -> Row:
        raise IndexError(index)

    def rows(self, start: int, stop: int) -> Iterator[Row]:
        return iter(())

    def pieces(self, start: int, stop: int) -> Iterator[str]:
        return iter(())


_NOTHING = _Nothing()


def _may_be_blank(stored: Stored) -> NDArray[np.bool_]:
    """Which rows begin as blank ones do: with a line ending, a delimiter, or quotes around nothing."""
    view = np.frombuffer(stored.data, np.uint8)
    quote = stored.dialect.quote.encode()[0]
    nothing = np.zeros(256, np.bool_)
    nothing[[10, 13, stored.dialect.delimiter.encode()[0], quote]] = True
    found = np.zeros(len(stored), np.bool_)
    for at in range(0, len(stored), _BATCH):
        begins = stored.starts[at : min(at + _BATCH, len(stored))]
        first, second = view[begins], view[np.minimum(begins + 1, len(view) - 1)]
        found[at : at + _BATCH] = nothing[first] & ((first != quote) | (second == quote))
        release(stored.data, begins.item(0), begins.item(-1))
    return found


def _batched(items: Iterable[T]) -> Iterator[list[T]]:
    waiting = iter(items)
    while batch := list(itertools.islice(waiting, 8192)):
        yield batch
