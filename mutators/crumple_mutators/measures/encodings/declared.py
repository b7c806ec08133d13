"""Codepages, and what XML, HTML and mails declare of theirs."""

from __future__ import annotations

import codecs
import re
from typing import Final

from crumple import Document, measure
from crumple_mutators.measures.encodings.codepages import codepage_name, decoded, family, legacy
from crumple_mutators.measures.encodings.sight import DATA, MOST, sighted

_DECLARED = re.compile(
    rb"""(?:<\?xml[^>]{0,60}encoding\s*=\s*["']|<meta[^>]{0,120}charset\s*=\s*["']?|^content-type:[^\r\n]{0,120}charset="?)"""
    rb"""([A-Za-z0-9_.:-]{2,40})""",
    re.IGNORECASE | re.MULTILINE,
)
_DECLARED_WITHIN = 4096
_LIES: Final = {"windows-1252": "windows-1252", "iso-8859-1": "windows-1252", "latin1": "windows-1252"}


def _declared(document: Document) -> str:
    found = _DECLARED.search(document.data[:_DECLARED_WITHIN])
    return found[1].decode("ascii").lower() if found else ""


@measure("encoding.codepage")
def codepage(document: Document) -> str | bool | None:
    """The family of the codepage that a text is in and does not declare."""
    if (seen := sighted(document)) is None or document.media_type.startswith(DATA):
        return None
    name = codepage_name(document)
    if not name:
        return None if legacy(seen) else False
    return False if _declares_itself(document) else family(name)


def _declares_itself(document: Document) -> bool:
    declared = _declared(document)
    if not declared or document.media_type not in ("text/html", "application/xml", "message/rfc822"):
        return False
    return (
        declared not in ("utf-8", "utf8", "us-ascii", "ascii") and decoded(document.data[:MOST], declared) is not None
    )


@measure("encoding.declared_codepage")
def declared_codepage(document: Document) -> bool | None:
    """Whether XML, HTML or a mail is in a codepage that it declares."""
    if (
        document.media_type not in ("text/html", "application/xml", "message/rfc822")
        or (seen := sighted(document)) is None
    ):
        return None
    return legacy(seen) and _declares_itself(document)


@measure("encoding.charset_lie")
def charset_lie(document: Document) -> str | bool | None:
    """The charset that XML, HTML or a mail declares although its bytes are UTF-8 and mean something else there."""
    if (
        document.media_type not in ("text/html", "application/xml", "message/rfc822")
        or (seen := sighted(document)) is None
    ):
        return None
    declared = _declared(document)
    if not declared or seen.wide or seen.bad or declared in ("utf-8", "utf8"):
        return False
    if declared.startswith("utf-16"):
        return "utf-16"
    try:
        codecs.lookup(declared)
    except LookupError:
        return "x-unknown"
    if not seen.multi:
        return False
    if declared in ("us-ascii", "ascii"):
        return "us-ascii"
    return _LIES.get(declared, "windows-1251")


@measure("encoding.not_utf8")
def not_utf8(document: Document) -> str | bool | None:
    """The encoding that JSON or XML is in where it is neither UTF-8 nor declared."""
    if not document.media_type.startswith(DATA) or (seen := sighted(document)) is None:
        return None
    if seen.wide:
        units, form = seen.wide.split()
        return "utf32_be" if units == "utf-32" else "utf16_bom" if form == "bom" else "utf16_le"
    if (name := codepage_name(document)) == "":
        return None if legacy(seen) else False
    if _declares_itself(document):
        return False
    return "ebcdic" if family(name) == "ebcdic" else "windows"
