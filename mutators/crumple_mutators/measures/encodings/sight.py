"""What the bytes of a text show, worked out once for all measures."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from crumple import Document

MOST: Final = 1 << 20
"""Bytes of a file that are looked at; what is messy shows in its beginning."""
TEXTUAL: Final = ("text/", "application/json", "application/x-ndjson", "application/xml", "message/")
DATA: Final = ("application/json", "application/x-ndjson", "application/xml")
_BOMS: Final = (
    ("utf-32-le", codecs.BOM_UTF32_LE),
    ("utf-32-be", codecs.BOM_UTF32_BE),
    ("utf-8", codecs.BOM_UTF8),
    ("utf-16-le", codecs.BOM_UTF16_LE),
    ("utf-16-be", codecs.BOM_UTF16_BE),
)
_WIDE_FROM = 0.02
_TAIL = 8
WITHIN = re.compile("(?:[\udcc2-\udcdf]|[\udce0-\udcef][\udc80-\udcbf]?|[\udcf0-\udcf4][\udc80-\udcbf]{0,2})\\Z")
"""A character of several bytes that lacks its last, at the end: whoever cut the file cut it there."""
ESCAPED = re.compile("[\udc80-\udcff]")
MULTI = re.compile("[\u0080-\ud7ff\ue000-\U0010ffff]")
LETTERS_OF_CODEPAGES = frozenset(range(0xC0, 0x100)) | frozenset(b"\x8a\x8c\x8e\x9a\x9c\x9e\x9f")


@dataclass(frozen=True, slots=True)
class Sighted:
    """What the bytes of a text show.

    Attributes:
        data: the beginning of the file, without a byte order mark.
        bom: the encoding that a byte order mark names, or "".
        wide: the form of UTF-16 or UTF-32 that it is in: "utf-16 le"; "" where it is in neither.
        value: the characters as UTF-8, bytes that are none as lone surrogates; "" where it is wide.
    """

    data: bytes
    bom: str
    wide: str
    value: str

    @property
    def bad(self) -> int:
        """How many bytes UTF-8 does not explain."""
        return 0 if self.value.isascii() else len(ESCAPED.findall(self.value))

    @property
    def multi(self) -> int:
        """How many characters beyond ASCII are valid UTF-8."""
        return 0 if self.value.isascii() else len(MULTI.findall(self.value))


@lru_cache(maxsize=2)
def sighted(document: Document) -> Sighted | None:
    """What the bytes of a document show; None where it is no text."""
    if not document.media_type.startswith(TEXTUAL) or not document.data:
        return None
    data = document.data[:MOST]
    zeros = len(data) - len(data.rstrip(b"\0"))
    if zeros >= _TAIL:  # a tail of zeros is the file's, and not the text's
        data = data[:-zeros]
    bom = next((name for name, mark in _BOMS if data.startswith(mark)), "")
    rest = data[len(dict(_BOMS)[bom]) :] if bom else data
    wide = f"{bom[:6]} bom" if bom.startswith(("utf-16", "utf-32")) else _wide(rest)
    value = "" if wide else WITHIN.sub("", rest.decode("utf-8", "surrogateescape"))
    return Sighted(rest, bom, wide, value)


def _wide(data: bytes) -> str:
    """The form of UTF-16 or UTF-32 without a mark: the zeros are on one side, and the units are characters."""
    if b"\0" not in data:
        return ""
    head = data[: 65536 if len(data) > 65536 else len(data) - len(data) % 4]
    for codec, at in (("utf-32-le", 3), ("utf-32-be", 0)):
        if len(head) >= 8 and not any(head[at::4]) and _readable(head, codec):
            return f"utf-32 {codec[-2:]}"
    head = data[: 65536 if len(data) > 65536 else len(data) - len(data) % 2]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > 10 * even and odd > _WIDE_FROM * len(head) and _readable(head, "utf-16-le"):
        return "utf-16 le"
    if even > 10 * odd and even > _WIDE_FROM * len(head) and _readable(head, "utf-16-be"):
        return "utf-16 be"
    return _broken(data[:65536])


def _readable(head: bytes, codec: str) -> bool:
    """Whether units are characters that text is made of."""
    value = head.decode(codec, "replace").removesuffix("\ufffd")
    return sum(each.isprintable() or each in "\t\n\r\f" for each in value) > 0.97 * len(value)


def _broken(head: bytes) -> str:
    """Wide text that changes its byte order, or lacks a byte: its beginning and its end can be read, if not alike."""
    piece = len(head) // 8 // 4 * 4
    if piece < 8 or head.count(0) < 0.1 * len(head):
        return ""
    units = "utf-32" if head.count(0) > 0.6 * len(head) else "utf-16"
    size = 4 if units == "utf-32" else 2
    if not _readable(head[:piece], f"{units}-le") and not _readable(head[:piece], f"{units}-be"):
        return ""
    if len(head) % size:
        return f"{units} cut"
    sides = [_readable(each, f"{units}-le") for each in (head[:piece], head[-piece:])]
    return f"{units} mixed" if sides[0] != sides[1] else ""
