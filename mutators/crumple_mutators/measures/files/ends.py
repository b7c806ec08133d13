"""Files that end too early, or go on with zeros."""

from __future__ import annotations

import io
import zipfile
from xml.parsers import expat

from crumple import Document, measure
from crumple_mutators.measures.encodings import ends_within_character, sighted
from crumple_mutators.measures.files.json_ends import json_end

ZIP = b"PK\x03\x04"
GZIP = b"\x1f\x8b\x08"
_SMALLEST_TAIL = 0.005
_FEWEST_ZEROS = 8
MOST = 64 << 20


@measure("truncation.empty")
def empty(data: bytes) -> bool:
    """Whether a file has no bytes at all."""
    return not data


@measure("truncation.cut", stands_for=("truncation.at_boundary",))
def cut(document: Document) -> bool | None:
    """Whether a file ends before its end: JSON and XML that are not closed, PNG, JPEG, PDF and ZIP without their end.

    How much is missing nobody can tell. Of plain text and HTML nothing shows; of tables see `truncation.cut_table`.
    """
    data = document.data
    if not data or data.endswith(bytes(8)):
        return None
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return data[12:16] == b"IHDR" and b"IEND" not in data
    if data.startswith(b"\xff\xd8\xff"):
        return _cut_jpeg(data)
    if document.media_type == "application/pdf":
        return b"%%EOF" not in data and b"startxref" not in data and b" obj" in data
    if data.startswith(ZIP):
        return b"PK\x05\x06" not in data[-66_000:] and not _opens(data)
    if document.media_type == "application/json":
        return json_end(document) == "cut"
    if document.media_type == "application/xml":
        return _cut_xml(data)
    return True if ends_within_character(document) else None


def _opens(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return bool(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        return False


def _cut_jpeg(data: bytes) -> bool:
    """Whether lines of a JPEG are missing; some cameras leave out its end mark, which is not the same."""
    if b"\xff\xd9" in data[-4096:]:
        return False
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
            if image.width * image.height > MOST:
                return False
            image.load()
    except (OSError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError):
        return True
    return False


def _cut_xml(data: bytes) -> bool | None:
    """Whether an XML parser is content with everything but the end."""
    parser = expat.ParserCreate()
    # An entity that stands for a billion others is not unpacked.
    parser.DefaultHandler = None
    if b"<!ENTITY" in data[:65536]:
        return None
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        ends = ("no element found", "unclosed token", "unclosed CDATA section", "partial character", "unclosed")
        return parser.ErrorByteIndex >= len(data.rstrip()) - 200 and expat.ErrorString(error.code).startswith(ends)
    except (ValueError, LookupError):
        return None
    return False


@measure("corruption.zero_tail", within=0.02, unit="share of the value")
def zero_tail(document: Document) -> float | None:
    """The share of the file, at its end, that is zeros in the place of what was there."""
    data = document.data
    bare = data.rstrip(b"\0")
    share = 1 - len(bare) / len(data) if data else 0.0
    if not data or share < _SMALLEST_TAIL:
        return 0.0 if data else None
    # A file of a kind that is not known, or that is packed, may end with zeros by rights.
    if _wide_text(document) or data.startswith((ZIP, GZIP)) or len(data) - len(bare) < _FEWEST_ZEROS:
        return None
    return 0.0 if _complete(document, bare) else share


@measure("corruption.padded", within=0.01, unit="share of the value")
def padded(document: Document) -> float | bool | None:
    """How many zeros follow a whole document."""
    data = document.data
    bare = data.rstrip(b"\0")
    if not data or not bare or _wide_text(document) or data.startswith((ZIP, GZIP)):
        return None
    return float(len(data) - len(bare)) if len(bare) < len(data) and _complete(document, bare) else False


def _wide_text(document: Document) -> bool:
    seen = sighted(document)
    return seen is not None and bool(seen.wide)


def _complete(document: Document, bare: bytes) -> bool:
    """Whether what stands before the zeros is whole."""
    if document.media_type == "application/pdf":
        return b"%%EOF" in bare[-1024:]
    if bare.startswith(b"\x89PNG\r\n"):
        return b"IEND" in bare[-16:]
    if bare.startswith(b"\xff\xd8\xff"):
        return bare.endswith(b"\xff\xd9")
    return bare.endswith((b"\n", b"}", b"]", b">"))
