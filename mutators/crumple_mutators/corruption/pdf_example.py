"""Small PDF files to try mutators on, put together from their objects."""

from __future__ import annotations

import itertools


def made(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalog."""
    written = [b"%d 0 obj\n%s\nendobj\n" % (number, each) for number, each in enumerate(objects, start=1)]
    header = b"%PDF-1.4\n"
    *starts, end = itertools.accumulate(map(len, written), initial=len(header))
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    return (
        header
        + b"".join(written)
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
        + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, end)
    )


def stream(data: bytes) -> bytes:
    """A stream as an object of a PDF."""
    return b"<</Length %d>>\nstream\n%s\nendstream" % (len(data), data)
