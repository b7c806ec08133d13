"""Files that are something else than their names say."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final

from crumple import Document, identify, measure
from crumple_mutators.measures.files.wrapped import DOCUMENTS, TEXTUAL, ending_of

_ERRORS = re.compile(
    rb"(?i)<(?:title|h1)[^>]*>[^<]{0,80}"
    rb"(?:\berror\b|not found|forbidden|denied|unavailable|bad gateway|sign in|log ?in\b|timed? ?out|\b[45]0\d\b)"
)
_SIGNATURES: Final = {
    b"%PDF-": (".pdf",),
    b"\x89PNG\r\n": (".png",),
    b"\xff\xd8\xff": (".jpg", ".jpeg", ".jpe", ".jfif"),
    b"II*\0": (".tif", ".tiff"),
    b"MM\0*": (".tif", ".tiff"),
    b"GIF8": (".gif",),
    b"\xd0\xcf\x11\xe0": (".doc", ".xls", ".ppt", ".msg", ".docx", ".xlsx", ".pptx", ".db", ".msi"),
}
_NOT_TEXT: Final = frozenset([".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".docx", ".xlsx", ".xls", ".zip"])
_HTML_NAMED: Final = _NOT_TEXT | (TEXTUAL - {".html", ".htm", ".md"})


@measure("corruption.html_error_page")
def html_error_page(document: Document) -> bool | None:
    """Whether a page that says what went wrong was saved in the place of a document."""
    if not document.data:
        return None
    return _html_instead(document) and _ERRORS.search(document.data[:20_000]) is not None


def _html_instead(document: Document) -> bool:
    head = document.data[:1024].lstrip().lower()
    return ending_of(document) in _HTML_NAMED and head.startswith((b"<!doctype html", b"<html"))


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
        return "another ending" if ending in DOCUMENTS | {".docx", ".xlsx", ".zip", ".gif"} else False
    if own is None and ending in _NOT_TEXT and identify(document.data).startswith(("text/", "application/json")):
        return "two endings" if {each.lower() for each in path.suffixes[:-1]} & TEXTUAL else "another ending"
    letters = path.suffix[1:]
    return (
        "upper case"
        if letters.isupper() and path.stem.isupper() and path.name != path.name.lower() and ending in DOCUMENTS
        else False
    )
