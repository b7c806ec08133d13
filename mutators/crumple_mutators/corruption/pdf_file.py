"""PDF files whose bookkeeping is damaged: readers that rebuild it still find every object."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from numpy.random import Generator

from crumple import Document, Ladder, NotApplicable, mutator
from crumple_mutators.corruption.passwords import EXAMPLE
from crumple_mutators.positions import some

PDF: Final = ["application/pdf"]
_STARTXREF = re.compile(rb"startxref\s+(\d+)")
_ENTRY = re.compile(rb"(?m)^(\d{10})(?= \d{5} n)")
_LENGTH = re.compile(rb"/Length[ \t\r\n]+(\d{1,10})([ \t\r\n]+\d{1,5}[ \t\r\n]+R)?(?![0-9])")
_ENDSTREAM = re.compile(rb"\bendstream\b")
_VERSION = re.compile(rb"%PDF-(\d\.\d)")
_PJL = (b"@PJL SET RESOLUTION=600\r\n", b"@PJL SET DUPLEX=ON\r\n", b"@PJL COMMENT page 1 of 1, tray 2\r\n")
_ESCAPED = b"\x1b%-12345X@PJL JOB NAME=invoice\r\n"
_ENTERED = b"@PJL ENTER LANGUAGE=PDF\r\n"


@mutator(
    "corruption.pdf_index",
    only=PDF,
    refusable_from=1,
    fault=Ladder("startxref off", "offsets shifted", "offsets garbled", "startxref missing", "no trailer"),
    examples=[EXAMPLE],
)
def pdf_index(document: Document, fault: str, rng: Generator) -> bytes:
    """Damage a PDF's table of objects, as a transfer in text mode, a patch by hand or a missing last block does.

    Every object is still there, and readers (Acrobat, pdfium, MuPDF, Poppler) look for them one by one and rebuild the
    table: same. Refusing is acceptable. Ladder: the end points past the table, its offsets are a few bytes off (as
    after converted line ends), are no numbers, the pointer is missing, table and trailer are missing.
    """
    data = document.data
    end = data.rfind(b"startxref")
    pointer = _STARTXREF.match(data, end) if end >= 0 else None
    if pointer is None:
        raise NotApplicable("its end is missing already")
    if b"/ObjStm" in data or b"/XRef" in data:
        raise NotApplicable("its objects are packed in streams, which not every reader finds without the table")
    return _INDEX[fault](data, pointer, rng)


def _off(data: bytes, pointer: re.Match[bytes], rng: Generator) -> bytes:
    wrong = int(pointer[1]) + int(rng.integers(3, 90))
    return data[: pointer.start(1)] + str(wrong).encode() + data[pointer.end(1) :]


def _shifted(data: bytes, pointer: re.Match[bytes], rng: Generator) -> bytes:
    by = int(rng.integers(2, 60))
    return _entries(data, lambda each: b"%010d" % (int(each[1]) + by))


def _garbled(data: bytes, pointer: re.Match[bytes], rng: Generator) -> bytes:
    letters = bytes(rng.integers(ord("a"), ord("z") + 1, 10).tolist())
    return _entries(data, lambda each: letters)


def _entries(data: bytes, written: Callable[[re.Match[bytes]], bytes]) -> bytes:
    garbled, count = _ENTRY.subn(written, data)
    if not count:
        raise NotApplicable("it has no table of objects")
    return garbled


def _missing(data: bytes, pointer: re.Match[bytes], rng: Generator) -> bytes:
    return data[: pointer.start()] + b"%%EOF\n"


def _no_trailer(data: bytes, pointer: re.Match[bytes], rng: Generator) -> bytes:
    last = data.rfind(b"endobj", 0, pointer.start())
    if last < 0 or b"/Encrypt" in data[last:]:
        raise NotApplicable("it is encrypted, and nobody finds its key without the trailer")
    if b"/Catalog" not in data:
        raise NotApplicable("it has no catalog that could be found without the trailer")
    return data[: last + len(b"endobj")] + b"\n"


_INDEX: Final[Mapping[str, Callable[[bytes, re.Match[bytes], Generator], bytes]]] = {
    "startxref off": _off,
    "offsets shifted": _shifted,
    "offsets garbled": _garbled,
    "startxref missing": _missing,
    "no trailer": _no_trailer,
}


@mutator(
    "corruption.pdf_streams",
    only=PDF,
    refusable_from=1,
    fault=Ladder("too short", "zero", "too long", "missing", "no endstream"),
    examples=[EXAMPLE],
)
def pdf_streams(document: Document, fault: str, rng: Generator) -> bytes:
    """Make a PDF say wrong lengths of its streams, as files edited by hand and by careless programs do.

    Readers look for the word "endstream" instead, or for the next object: same. Refusing is acceptable. Nothing else
    moves: the damage is written over what stood there. Ladder: first guess, uncalibrated: lengths short by a few bytes,
    zero, past the end of the file, missing; the words that end the streams missing and the lengths right.
    """
    data = document.data
    if b"/ObjStm" in data:
        raise NotApplicable("its objects are packed in streams, which not every reader finds without their lengths")
    if b"/Encrypt" in data:
        raise NotApplicable("it is encrypted, and a stream of another length is another stream")
    if fault == "no endstream":
        damaged = _ENDSTREAM.sub(b"         ", data)
    elif fault == "missing":
        damaged = data.replace(b"/Length ", b"/Lenght ")
    else:
        less = int(rng.integers(1, 9))
        damaged = _LENGTH.sub(lambda each: _wrong(each, fault, less), data)
    if damaged == data:
        raise NotApplicable("it has no streams")
    return damaged


def _wrong(each: re.Match[bytes], fault: str, less: int) -> bytes:
    """Another length in as many bytes; a reference to one becomes a number."""
    room = len(each[0]) - len(b"/Length ")
    if fault == "zero" or each[2]:
        new = b"0"
    elif fault == "too long":
        new = b"9" * len(each[1])
    else:
        new = b"%d" % max(0, int(each[1]) - less)
    return b"/Length " + new.ljust(room)


@mutator(
    "corruption.pdf_version",
    only=PDF,
    refusable_from=4,
    version=Ladder("1.0", "2.9", "9.9", "0.0", "x.x"),
    examples=[EXAMPLE],
)
def pdf_version(document: Document, version: str, rng: Generator) -> bytes:
    """Write a version into a PDF's first line that it is not of, as converters with a fixed header do.

    Readers go by what they find in the file: same. From a version that never was refusing is acceptable. Ladder: a
    first guess, uncalibrated.
    """
    header = _VERSION.search(document.data, 0, 1024)
    if header is None or header[1] == version.encode():
        raise NotApplicable("it says no version, or this one")
    return document.data[: header.start(1)] + version.encode() + document.data[header.end(1) :]


@mutator(
    "corruption.pdf_print_job",
    only=PDF,
    refusable_from=5,
    size=Ladder(64, 128, 512, 1000, 4096, unit="bytes"),
    examples=[EXAMPLE],
)
def pdf_print_job(document: Document, size: int, rng: Generator) -> bytes:
    """Leave the printer's commands (PJL) before and behind a PDF, as files taken from a print queue have them.

    The header stands later in the file and all offsets are off by as much: same. Readers look for the header in the
    first 1024 bytes (PDF 1.7, appendix H); beyond them, at level 5, refusing is acceptable. Ladder: up to that
    limit, and past it.
    """
    some(document.data, "it is empty")
    lines = bytearray(_ESCAPED)
    order = rng.permutation(len(_PJL)).tolist()
    while len(lines) + len(_ENTERED) < size:
        lines += _PJL[order[len(lines) % len(order)]]
    job = bytes(lines[: max(len(_ESCAPED), size - len(_ENTERED))]) + _ENTERED
    return job + document.data + b"\x1b%-12345X@PJL EOJ\r\n\x1b%-12345X"
