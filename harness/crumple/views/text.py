"""Text: the characters of a document, with the encoding that they are written in."""

from __future__ import annotations

import codecs
import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from crumple.document import Document
from crumple.errors import NotApplicable, Unreadable
from crumple.views.format import Codec, Format

_BOMS = (
    ("utf-32-le", codecs.BOM_UTF32_LE),
    ("utf-32-be", codecs.BOM_UTF32_BE),
    ("utf-8", codecs.BOM_UTF8),
    ("utf-16-le", codecs.BOM_UTF16_LE),
    ("utf-16-be", codecs.BOM_UTF16_BE),
)
_UNDECODABLE = re.compile("[\udc80-\udcff]")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True, slots=True)
class Text:
    """Characters and how they are encoded.

    Attributes:
        value: the characters, line endings as they are. A byte that the encoding cannot explain stands as a
            lone surrogate U+DC80-U+DCFF (PEP 383) and is written as that byte: see `raw`.
        encoding: a Python codec's name; for UTF-16 and UTF-32 with the byte order: "utf-16-le".
        bom: whether a byte order mark stands before the first character.
    """

    value: str
    encoding: str = "utf-8"
    bom: bool = False

    def with_value(self, value: str) -> Text:
        """The same encoding around other characters."""
        return Text(value, self.encoding, self.bom)

    def encoded(self) -> bytes:
        """The bytes.

        Raises:
            NotApplicable: a character that the encoding does not have; the message names it.
        """
        bom = dict(_BOMS).get(self.encoding, b"") if self.bom else b""
        try:
            return bom + self.value.encode(self.encoding, "surrogateescape")
        except UnicodeEncodeError as error:
            missing = self.value[error.start]
            raise NotApplicable(f"{self.encoding} cannot write {missing!r} (U+{ord(missing):04X})") from None

    @property
    def decodable(self) -> bool:
        """Whether every byte of it is explained by the encoding."""
        return self.value.isascii() or not _UNDECODABLE.search(self.value)

    @classmethod
    def decoded(cls, data: bytes) -> Text:
        """Bytes as text: by byte order mark, else UTF-8 where it is valid, else the likeliest legacy encoding.

        Raises:
            Unreadable: the byte order mark is of UTF-16 or UTF-32, and what follows it is not.
        """
        for encoding, bom in _BOMS:
            if data.startswith(bom):
                try:
                    text = cls(data[len(bom) :].decode(encoding, "surrogateescape"), encoding, bom=True)
                    if _same(text, data):
                        return text
                except UnicodeDecodeError:  # cut within a character of two or four bytes
                    if b"\0" in data:
                        raise Unreadable(f"its byte order mark says {encoding}, and its bytes are not") from None
                return cls(data.decode("utf-8", "surrogateescape"))
        try:
            return cls(data.decode("utf-8"))
        except UnicodeDecodeError:
            return _legacy(data)


def raw(data: bytes) -> str:
    """Bytes of 0x80 and above as they stand in `Text.value`; ASCII bytes are themselves."""
    return data.decode("ascii", "surrogateescape")


def _legacy(data: bytes) -> Text:
    import chardet  # heavy, and only for documents that are not UTF-8

    guess = chardet.detect(data).get("encoding")
    if guess:
        try:
            encoding = codecs.lookup(guess).name
            text = Text(data.decode(encoding), encoding)
        except (LookupError, UnicodeDecodeError):
            pass
        else:
            if _same(text, data):
                return text
    return Text(data.decode("utf-8", "surrogateescape"))


def _same(text: Text, data: bytes) -> bool:
    try:
        return text.encoded() == data
    except NotApplicable:
        return False


class TextCodec:
    """Any textual media type as `Text`."""

    exact = True

    def read(self, document: Document) -> Text:
        """The characters; every document has some reading, but one full of NULs is not text."""
        if b"\0" in document.data and not document.data.startswith(tuple(bom for _, bom in _BOMS)):
            raise Unreadable("it holds NUL bytes, it is not text")
        return Text.decoded(document.data)

    def write(self, view: Text, document: Document) -> bytes:
        """The bytes of the text, nothing of the old document remains."""
        return view.encoded()


@functools.lru_cache(maxsize=1)  # every sniffer asks it of the same head
def looks_like_text(head: bytes) -> bool:
    """Whether the beginning of a document could be text: a byte order mark, or no control characters."""
    return bool(head) and (head.startswith(tuple(bom for _, bom in _BOMS)) or not _CONTROL.search(head))


def begins(head: bytes, *starts: bytes) -> bool:
    """Whether text begins with one of these, white space, byte order mark and case aside."""
    return head.removeprefix(codecs.BOM_UTF8).lstrip().lower().startswith(starts)


def _named(*extensions: str) -> Callable[[bytes, str], int]:
    def sniff(head: bytes, extension: str) -> int:
        return int(extension in extensions and looks_like_text(head))

    return sniff


def _plain(head: bytes, extension: str) -> int:
    return int(looks_like_text(head))


def _html(head: bytes, extension: str) -> int:
    if begins(head, b"<!doctype html", b"<html"):
        return 3
    return 2 * int(extension in (".html", ".htm") and begins(head, b"<"))


def _xml(head: bytes, extension: str) -> int:
    return 2 * int(begins(head, b"<?xml") or (extension == ".xml" and begins(head, b"<")))


_CODECS: Mapping[type, Codec] = {Text: TextCodec()}

PLAIN = Format("text/plain", (".txt", ".text", ".log"), _plain, _CODECS)
MARKDOWN = Format("text/markdown", (".md", ".markdown"), _named(".md", ".markdown"), _CODECS)
HTML = Format("text/html", (".html", ".htm"), _html, _CODECS)
XML = Format("application/xml", (".xml",), _xml, _CODECS)
