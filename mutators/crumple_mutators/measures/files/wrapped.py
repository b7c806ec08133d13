"""What is around a document: archives, and a web server's headers."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import Final

from crumple import Document, measure
from crumple_mutators.measures.files.ends import GZIP, MOST, ZIP

_HEADERS = re.compile(rb"HTTP/\d(?:\.\d)? \d{3}[^\r\n]*\r?\n|(?:[A-Z][A-Za-z-]{2,40}: [^\r\n]{1,200}\r?\n){2,}\r?\n")
TEXTUAL: Final = frozenset([".csv", ".tsv", ".txt", ".json", ".xml", ".html", ".htm", ".eml", ".md"])
DOCUMENTS: Final = TEXTUAL | {".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff"}
_DEEPEST = 12


@measure("corruption.gzipped")
def gzipped(document: Document) -> bool | None:
    """Whether a file is packed with gzip under the name of what is in it."""
    if not document.data:
        return None
    if not document.data.startswith(GZIP) or ending_of(document) not in DOCUMENTS:
        return False
    try:
        return bool(gzip.GzipFile(fileobj=io.BytesIO(document.data)).read(64))
    except (OSError, EOFError, zlib.error):
        return False


@measure("corruption.zipped", within=0.5, unit="archives around it")
def zipped(document: Document) -> float | None:
    """How many archives are around a file that is named as what is in them."""
    if not document.data:
        return None
    if not document.data.startswith(ZIP) or ending_of(document) not in DOCUMENTS:
        return 0.0
    times, data = 0, document.data
    while data.startswith(ZIP) and times < _DEEPEST:
        inner = _only_member(data)
        if inner is None:
            break
        times, data = times + 1, inner
    return float(times)


def _only_member(data: bytes) -> bytes | None:
    """What an archive of one file holds, of which no more is unpacked than is bearable."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [each for each in archive.infolist() if not each.is_dir()]
            if len(names) != 1 or names[0].file_size > MOST:
                return None
            with archive.open(names[0]) as file:
                return file.read(MOST)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError, RuntimeError, zlib.error):
        return None


def ending_of(document: Document) -> str:
    """How its name ends, in small letters."""
    return PurePosixPath(document.name).suffix.lower()


@measure("corruption.http_headers")
def http_headers(document: Document) -> bool | None:
    """Whether the headers of a web server's answer stand before the document."""
    if not document.data:
        return None
    found = _HEADERS.match(document.data[:4096])
    return (
        found is not None
        and document.media_type != "message/rfc822"
        and ending_of(document) not in (".eml", ".mht", ".http")
    )
