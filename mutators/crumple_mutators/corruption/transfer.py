"""What transfers and archives make of whole files: joined, wrapped, replaced by an error page, converted as text."""

from __future__ import annotations

import gzip
from typing import Final

import numpy as np
from numpy.random import Generator

from crumple import ALL, AnyOf, Degraded, Document, Edit, Extent, NotApplicable, Replaced, Table, mutator
from crumple_mutators.bytewise import TABLES, lost_with, textual
from crumple_mutators.corruption.damage import EXAMPLES, TABLE
from crumple_mutators.positions import some, spans_of

_IMAGE: Final = (
    b"P6\n4 2\n255\n\x00\x80\xff\x10\x0a\x90\xf0\x0a\x20\xa0\xe0\x30\xb0\x0a\xd0\x40\xc0\x0d\x0a\x50\xd0\xc0\x60\xe0"
)
_LABEL = 8  # words: a longer truth is a transcription, no label
_STATUSES: Final = (
    ("403 Forbidden", "You do not have permission to access this resource."),
    ("404 Not Found", "The requested file was not found on this server."),
    ("429 Too Many Requests", "You have sent too many requests. Please try again later."),
    ("502 Bad Gateway", "The server received an invalid response from an upstream server."),
    ("503 Service Unavailable", "The service is down for maintenance. Please try again later."),
    ("Sign in", "Your session has expired. Please sign in to continue."),
)


@mutator(
    "corruption.joined",
    truth=("same", "new"),
    refusable_from=1,
    examples=[("order.json", '{"order": 4711, "total": 1234.5}\n'), ("picture.ppm", _IMAGE)],
)
def joined(document: Document, rng: Generator, truth: object = None) -> Degraded[bytes]:
    """Let the file follow itself, as an upload that is tried again and appended does.

    It says nothing new: same; but of a text that is to be transcribed, once or twice are right. Refusing is
    acceptable. Delimited tables have `corruption.joined_table`.
    """
    if document.media_type in TABLES:
        raise NotApplicable("it is a table, for which there is corruption.joined_table")
    some(document.data, "it is empty")
    twice = document.data * 2
    if isinstance(truth, str) and textual(document) and len(truth.split()) > _LABEL:
        return Degraded(twice, truth=Replaced(AnyOf(truth, f"{truth}\n{truth}")))
    return Degraded(twice)


@mutator("corruption.joined_table", truth=("same", "new"), refusable_from=1, examples=[("items.csv", TABLE)])
def joined_table(table: Table, rng: Generator) -> Degraded[Table]:
    """Let a table follow itself, header and all, as two exports put together with `cat` do.

    Right are the rows once and the rows twice; the second header is no row. Refusing is acceptable.
    """
    some(table.data, "it has no rows below the header")
    ended = table.rows[-1]
    if not ended.ending:
        ended = table.dialect.row(ended.cells)
    rows = (*table.rows[:-1], ended, *table.rows)
    return Degraded(table.with_rows(rows), truth=AnyOf(Edit(), Edit(rows=(*table.data, *table.data))))


@mutator("corruption.html_error_page", truth="lost", refusable_from=1, level=5, examples=EXAMPLES)
def html_error_page(data: bytes, rng: Generator) -> Degraded[bytes]:
    """Put a web server's error or sign-in page under the file's name, as a download without a look at the status does.

    All is lost. Refusing is acceptable.
    """
    title, sentence = _STATUSES[rng.integers(len(_STATUSES))]
    page = (
        f"<!DOCTYPE html>\n<html>\n<head><title>{title}</title></head>\n"
        f"<body>\n<h1>{title}</h1>\n<p>{sentence}</p>\n</body>\n</html>\n"
    )
    return Degraded(page.encode(), lost=ALL)


@mutator("corruption.gzipped", refusable_from=1, examples=EXAMPLES)
def gzipped(data: bytes, rng: Generator) -> bytes:
    """Compress the file and keep its name, as servers do where a client forgets that it asked for it.

    Everything is still there: same. Refusing is acceptable.
    """
    some(data, "it is empty")
    return gzip.compress(data, mtime=0)


@mutator(
    "corruption.text_mode",
    truth="lost",
    refusable_from=1,
    level=5,
    examples=[("picture.ppm", _IMAGE)],
)
def text_mode(document: Document, rng: Generator) -> Degraded[bytes]:
    """Convert the line ends inside a binary file to CRLF, as a transfer in text mode or version control does.

    All is lost. Refusing is acceptable. For text it is `encoding.line_endings`.
    """
    if textual(document):
        raise NotApplicable("it is text, for which there is encoding.line_endings")
    converted = document.data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    if converted == document.data:
        raise NotApplicable("it holds no byte that reads as a line end")
    return Degraded(converted, lost=ALL)


@mutator(
    "corruption.seven_bits",
    truth="lost",
    refusable_from=1,
    level=5,
    examples=[EXAMPLES[0], ("picture.ppm", _IMAGE)],
)
def seven_bits(document: Document, rng: Generator) -> Degraded[bytes]:
    """Strip the highest bit of every byte, as old mail gateways and serial lines do.

    Of text, the characters beyond ASCII are lost; of other documents, all. Refusing is acceptable.
    """
    data = np.frombuffer(document.data, np.uint8)
    hit = np.flatnonzero(data & 0x80)
    some(hit, "no byte has its highest bit set")
    stripped = (data & 0x7F).tobytes()
    if not textual(document):
        return Degraded(stripped, lost=ALL)
    extents = [Extent(each.start, each.end) for each in spans_of(hit)]
    return Degraded(stripped, lost=lost_with(document, extents))
