"""Files of which a share of the bytes is there: from the beginning, to a boundary of their structure, from the end."""

from __future__ import annotations

import bisect
import math

from numpy.random import Generator

from crumple import ALL, Degraded, Document, Extent, Ladder, NotApplicable, mutator
from crumple_mutators.bytewise import TABLES, lost_after, lost_with, solid
from crumple_mutators.positions import some
from crumple_mutators.truncation.boundaries import boundaries
from crumple_mutators.truncation.tables import EXAMPLE as TABLE

_LONG_LINE = 200  # bytes: a line of several statements, as of JSON, that are told apart in it
LETTER = "Dear Ms Brontë,\nyour invoice 4711 of 3 May comes to 1,234.50 EUR.\nKind regards\nZoë Núñez\n"
_ORDERS = '{"order": 4711, "customer": "Müller & Söhne", "city": "Köln", "total": 1234.5}\n'


@mutator(
    "truncation.cut",
    truth=("same", "lost"),
    refusable_from=1,
    kept=Ladder(0.99, 0.9, 0.75, 0.5, 0.1, unit="share of bytes", zero=1),
    examples=[("letter.txt", LETTER), ("order.json", _ORDERS)],
)
def cut(document: Document, kept: float, rng: Generator) -> Degraded[bytes]:
    """Keep only the first share of the bytes, as a broken upload or a full disk does.

    Of text, what follows the cut is lost; of a JPEG or PNG, the rows that are not there; of an archive, the members
    that are not whole; of other documents, all. Refusing is acceptable at every level. Delimited tables have
    `truncation.cut_table`. Ladder: the catalogue's.
    """
    if document.media_type in TABLES:
        raise NotApplicable("it is a table, for which there is truncation.cut_table")
    start, end = solid(document.data)
    at = min(max(int(kept * len(document.data)), start + 1), end - 1) if kept < 1 else len(document.data)
    return Degraded(document.data[:at], lost=lost_after(document, at, document.data[:at]))


@mutator(
    "truncation.at_boundary",
    truth=("same", "lost"),
    refusable_from=1,
    kept=Ladder(0.99, 0.9, 0.75, 0.5, 0.1, unit="share of bytes", zero=1),
    examples=[("letter.txt", LETTER), ("order.json", _ORDERS)],
)
def at_boundary(document: Document, kept: float, rng: Generator) -> Degraded[bytes]:
    """End the file at a boundary of its own structure, as a writer that died between two records leaves it.

    A line of text, a member of JSON, an element of XML and HTML, a part of a mail, an object of a PDF, a chunk of a
    PNG, a segment of a JPEG, a member of an archive: the last whole one within the share that is kept, so that what
    is there looks sound. What follows is lost, as of `truncation.cut`. Tables have `truncation.last_rows_missing`.
    Ladder: the catalogue's.
    """
    if document.media_type in TABLES:
        raise NotApplicable("it is a table, for which there is truncation.last_rows_missing")
    start, end = solid(document.data)
    if kept >= 1:
        return Degraded(document.data)
    ends = [each for each in boundaries(document) if start < each < end]
    some(ends, "it has no boundary inside that is known")
    at = ends[max(0, bisect.bisect_right(ends, kept * len(document.data)) - 1)]
    return Degraded(document.data[:at], lost=lost_after(document, at, document.data[:at]))


@mutator(
    "truncation.head_missing",
    truth="lost",
    refusable_from=1,
    missing=Ladder(0.01, 0.1, 0.25, 0.5, 0.9, unit="share of bytes", zero=0),
    examples=[("letter.txt", LETTER), ("items.csv", TABLE)],
)
def head_missing(document: Document, missing: float, rng: Generator) -> Degraded[bytes]:
    """Leave out the first share of the bytes, as a rotated log or a transfer resumed at the wrong place does.

    Of text, what stood there is lost, and the rest of the line that begins in the middle: nobody knows what it was
    about. Of a table, which lives by its header, and of other documents, all is lost. Refusing is acceptable. Ladder:
    that of `truncation.cut`, from the other end.
    """
    start, end = solid(document.data)
    at = min(max(math.ceil(missing * len(document.data)), start + 1), end - 1) if missing > 0 else 0
    if document.media_type in TABLES and at:
        return Degraded(document.data[at:], lost=ALL)
    return Degraded(document.data[at:], lost=lost_with(document, [Extent(0, _line_end(document.data, at))]))


def _line_end(data: bytes, at: int) -> int:
    """Where the line that a cut goes through ends; of a long one, the cut itself."""
    if not at or data[at - 1 : at] in (b"\n", b"\r"):
        return at
    return min(
        (end for end in (data.find(mark, at, at + _LONG_LINE) for mark in (b"\n", b"\r")) if end >= 0), default=at
    )


@mutator(
    "truncation.empty",
    truth="lost",
    refusable_from=1,
    level=5,
    examples=[("letter.txt", LETTER), ("items.csv", TABLE)],
)
def empty(data: bytes, rng: Generator) -> Degraded[bytes]:
    """Leave nothing of the document, as a program that opened its output and died does. All is lost."""
    if not data:
        raise NotApplicable("it is empty")
    return Degraded(b"", lost=ALL)
