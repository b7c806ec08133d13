"""UTF-16, UTF-32, and byte order marks."""

from __future__ import annotations

from crumple import Document, measure
from crumple_mutators.measures.encodings.sight import DATA, sighted


def _form(document: Document, units: str) -> str | bool | None:
    seen = sighted(document)
    if seen is None or document.media_type.startswith(DATA):
        return None
    if not seen.wide.startswith(units):
        return False
    form = seen.wide.split()[1]
    if form == "bom" and len(document.data) % (4 if units == "utf-32" else 2):
        return "cut"
    return form


@measure("encoding.utf16")
def utf16(document: Document) -> str | bool | None:
    """The form of UTF-16 that a text is in. Of Chinese and its like without a mark it cannot be told."""
    found = _form(document, "utf-16")
    return False if found and document.media_type == "text/csv" and _tabs(document) else found


@measure("encoding.unicode_text")
def unicode_text(document: Document) -> bool | None:
    """Whether a table named .csv is in UTF-16 with tabs between its cells, as spreadsheets save "Unicode text"."""
    if document.media_type != "text/csv" or (seen := sighted(document)) is None:
        return None
    return seen.wide.startswith("utf-16") and _tabs(document)


def _tabs(document: Document) -> bool:
    head = document.data[:4096].replace(b"\0", b"")
    return head.count(b"\t") > max(head.count(b","), head.count(b";"))


@measure("encoding.utf32")
def utf32(document: Document) -> str | bool | None:
    """The form of UTF-32 that a text is in."""
    return _form(document, "utf-32")


@measure("encoding.bom")
def bom(document: Document) -> bool | None:
    """Whether a text begins with the byte order mark of UTF-8."""
    seen = sighted(document)
    if seen is None or document.media_type in ("application/json", "application/x-ndjson", "message/rfc822"):
        return None
    return seen.bom == "utf-8"


@measure("encoding.json_bom")
def json_bom(document: Document) -> bool | None:
    """Whether JSON begins with the byte order mark of UTF-8."""
    seen = sighted(document)
    return seen.bom == "utf-8" if seen is not None and document.media_type == "application/json" else None
