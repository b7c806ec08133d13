"""Files as wholes: empty, cut short, padded, packed, and named as something else than they are."""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
import zlib
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Final
from xml.parsers import expat

from crumple import Document, identify, measure
from crumple_mutators.measures.encodings import ends_within_character, sighted

_ERRORS = re.compile(
    rb"(?i)<(?:title|h1)[^>]*>[^<]{0,80}"
    rb"(?:\berror\b|not found|forbidden|denied|unavailable|bad gateway|sign in|log ?in\b|timed? ?out|\b[45]0\d\b)"
)
_HEADERS = re.compile(rb"HTTP/\d(?:\.\d)? \d{3}[^\r\n]*\r?\n|(?:[A-Z][A-Za-z-]{2,40}: [^\r\n]{1,200}\r?\n){2,}\r?\n")
_SIGNATURES: Final = {
    b"%PDF-": (".pdf",),
    b"\x89PNG\r\n": (".png",),
    b"\xff\xd8\xff": (".jpg", ".jpeg", ".jpe", ".jfif"),
    b"II*\0": (".tif", ".tiff"),
    b"MM\0*": (".tif", ".tiff"),
    b"GIF8": (".gif",),
    b"\xd0\xcf\x11\xe0": (".doc", ".xls", ".ppt", ".msg", ".docx", ".xlsx", ".pptx", ".db", ".msi"),
}
_ZIP = b"PK\x03\x04"
_GZIP = b"\x1f\x8b\x08"
_TEXTUAL: Final = frozenset([".csv", ".tsv", ".txt", ".json", ".xml", ".html", ".htm", ".eml", ".md"])
_NOT_TEXT: Final = frozenset([".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".docx", ".xlsx", ".xls", ".zip"])
_HTML_NAMED: Final = _NOT_TEXT | (_TEXTUAL - {".html", ".htm", ".md"})
_DOCUMENTS: Final = _TEXTUAL | {".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff"}
_DEEPEST = 12
_SMALLEST_TAIL = 0.005
_MOST = 64 << 20
_MOST_JSON = 8 << 20


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
    if data.startswith(_ZIP):
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
            if image.width * image.height > _MOST:
                return False
            image.load()
    except (OSError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError):
        return True
    return False


@lru_cache(maxsize=2)
def json_end(document: Document) -> str:
    """How JSON ends: "" whole, "cut" in the middle, "open" where only closing brackets are missing, "bad" else."""
    value = _json(document)
    if value is None or len(value) > _MOST_JSON:
        return "bad"
    try:
        json.loads(value)
    except json.JSONDecodeError as error:
        # What is wrong is at the very end, or a text that is never closed.
        if error.pos < len(value.rstrip()) - 1 and not error.msg.startswith("Unterminated string"):
            return "cut" if _last_word(value, error.pos) else "bad"
        closers = _closers(value)
        if closers and not closers.startswith('"') and _whole(value + closers):
            return "open"
        return "cut" if closers is not None else "bad"
    except (RecursionError, ValueError):
        return "bad"
    return ""


def _json(document: Document) -> str | None:
    """The whole text of JSON; None where it is in two or four bytes a character."""
    seen = sighted(document)
    if seen is None or seen.wide:
        return None
    return document.data.decode("utf-8-sig", "surrogateescape").strip()


def _last_word(value: str, at: int) -> bool:
    """Whether what is wrong is the beginning of a number or of true, false and null, and nothing follows it."""
    return re.fullmatch(r"-|\d+\.|t|tr|tru|f|fa|fal|fals|n|nu|nul|[-+.\deE]+", value[at:]) is not None


def _whole(value: str) -> bool:
    try:
        json.loads(value)
    except (ValueError, RecursionError):
        return False
    return True


def _closers(value: str) -> str | None:
    """The closing brackets that are missing at the end of JSON; None where its brackets do not match."""
    stack: list[str] = []
    within = escaped = False
    for each in value:
        if within:
            if escaped:
                escaped = False
            elif each == "\\":
                escaped = True
            elif each == '"':
                within = False
        elif each == '"':
            within = True
        elif each in "{[":
            stack.append("}" if each == "{" else "]")
        elif each in "}]" and (not stack or stack.pop() != each):
            return None
    return ('"' if within else "") + "".join(reversed(stack)) if stack or within else None


@measure("format.json_unclosed", within=0.5, unit="closing brackets")
def json_unclosed(document: Document) -> float | None:
    """How many closing brackets are missing at the end of JSON whose values are whole."""
    if document.media_type != "application/json" or not document.data:
        return None
    value = _json(document)
    return float(len(_closers(value) or "")) if value is not None and json_end(document) == "open" else 0.0


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
    if _wide_text(document) or data.startswith((_ZIP, _GZIP)):
        return None
    return 0.0 if _complete(document, bare) else share


@measure("corruption.padded", within=0.01, unit="share of the value")
def padded(document: Document) -> float | bool | None:
    """How many zeros follow a whole document."""
    data = document.data
    bare = data.rstrip(b"\0")
    if not data or not bare or _wide_text(document) or data.startswith((_ZIP, _GZIP)):
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


@measure("corruption.gzipped")
def gzipped(document: Document) -> bool | None:
    """Whether a file is packed with gzip under the name of what is in it."""
    if not document.data:
        return None
    if not document.data.startswith(_GZIP) or _ending(document) not in _DOCUMENTS:
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
    if not document.data.startswith(_ZIP) or _ending(document) not in _DOCUMENTS:
        return 0.0
    times, data = 0, document.data
    while data.startswith(_ZIP) and times < _DEEPEST:
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
            if len(names) != 1 or names[0].file_size > _MOST:
                return None
            with archive.open(names[0]) as file:
                return file.read(_MOST)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError, RuntimeError, zlib.error):
        return None


def _ending(document: Document) -> str:
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
        and _ending(document) not in (".eml", ".mht", ".http")
    )


@measure("corruption.html_error_page")
def html_error_page(document: Document) -> bool | None:
    """Whether a page that says what went wrong was saved in the place of a document."""
    if not document.data:
        return None
    return _html_instead(document) and _ERRORS.search(document.data[:20_000]) is not None


def _html_instead(document: Document) -> bool:
    head = document.data[:1024].lstrip().lower()
    return _ending(document) in _HTML_NAMED and head.startswith((b"<!doctype html", b"<html"))


@measure("corruption.wrong_name")
def wrong_name(document: Document) -> str | bool | None:
    """What is wrong with a file's name: an ending of another kind, none, two, or capital letters.

    Kinds are told by signatures; one text under another text's name is left alone, HTML aside.
    """
    if not document.data:
        return None
    path = PurePosixPath(document.name)
    ending = path.suffix.lower()
    own = next((endings for start, endings in _SIGNATURES.items() if document.data.startswith(start)), None)
    if own is None and document.data.startswith(b"RIFF") is False and _html_instead(document):
        return False if _ERRORS.search(document.data[:20_000]) else "another ending"
    if own is not None and ending not in own:
        if not ending:
            return "no name" if path.name in ("blob", "download", "file") else "no ending"
        if any(each.lower() in own for each in path.suffixes[:-1]):
            return "two endings"
        return "another ending" if ending in _DOCUMENTS | {".docx", ".xlsx", ".zip", ".gif"} else False
    if own is None and ending in _NOT_TEXT and identify(document.data).startswith(("text/", "application/json")):
        return "two endings" if {each.lower() for each in path.suffixes[:-1]} & _TEXTUAL else "another ending"
    letters = path.suffix[1:]
    return (
        "upper case"
        if letters.isupper() and path.stem.isupper() and path.name != path.name.lower() and ending in _DOCUMENTS
        else False
    )
