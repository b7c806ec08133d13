"""How mail writes what is not ASCII: transfer encodings of its text, encoded words in its headers."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from typing import Final

from numpy.random import Generator

from crumple import Degraded, Ladder, Span, Text, mutator, raw
from crumple_mutators.content import mail_body
from crumple_mutators.encoding.codepages import charset_name, fitted
from crumple_mutators.encoding.declarations import EXAMPLES, parts
from crumple_mutators.encoding.rewriting import check_decodable
from crumple_mutators.positions import some, spliced

_MAIL: Final = ("message/rfc822",)
_TRANSFER = re.compile(r"^Content-Transfer-Encoding:[ \t]*(7bit|8bit)\b", re.IGNORECASE | re.MULTILINE)
_TEXT = re.compile(r"^Content-Type:\s*text/", re.IGNORECASE | re.MULTILINE)
_UU_LINE = 45
_SUBJECT = re.compile(r"^Subject:[ \t]*([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)", re.IGNORECASE | re.MULTILINE)
_NAMED = re.compile(
    r"^(?:From|To|Cc|Reply-To|Sender):[ \t]*\"?((?:=\?|[^\W\d_])[^<>\"\r\n@,]{0,200}?)\"?[ \t]{0,9}"
    r"<[^>\r\n]*>[ \t]*\r?$",
    re.IGNORECASE | re.MULTILINE,
)
_WORD = 10  # characters of a header in one encoded word
_NAMES: Final = {"every_byte": "quoted-printable", "one_line": "base64", "uuencode": "x-uuencode"}


@mutator(
    "encoding.mail_transfer",
    refusable_from=5,
    only=_MAIL,
    encoding=Ladder("quoted-printable", "every_byte", "base64", "one_line", "uuencode", unit="transfer encoding"),
    examples=EXAMPLES[2:],
)
def mail_transfer(text: Text, encoding: str, rng: Generator) -> Degraded[Text]:
    """Transfer a mail's text as quoted-printable or base 64 instead of in plain 8 or 7 bits, as mail servers do.

    Quoted-printable; with every byte escaped; base 64; that in one line, longer than mail allows; uuencode, which is
    older than MIME. It says so in its headers: same. Refusing uuencode is acceptable. Ladder: a first guess,
    uncalibrated, by how rarely it is seen.
    """
    check_decodable(text)
    spans, written = list[Span](), list[str]()
    for head, body in parts(text.value):
        declared = _TRANSFER.search(text.value, head.start, head.end)
        if declared and _TEXT.search(text.value, head.start, head.end) and body.start < body.end:
            value = text.value[body.start : body.end]
            newline = "\r\n" if "\r\n" in value else "\n"
            spans += [Span(*declared.span(1)), body]
            written += [_NAMES.get(encoding, encoding), _transferred(value, text.encoding, encoding, newline)]
    some(spans, "it has no text in 7 or 8 bits")
    return Degraded(text.with_value(spliced(text.value, spans, written)), touched=spans)


def _transferred(value: str, codec: str, encoding: str, newline: str) -> str:
    data = value.encode(codec)
    match encoding:
        case "quoted-printable":
            written = quopri.encodestring(data.replace(b"\r\n", b"\n")).decode()
            return written.replace("\n", newline)
        case "every_byte":
            return _every_byte(data, newline)
        case "base64":
            return base64.encodebytes(data).decode().replace("\n", newline)
        case "one_line":
            return base64.b64encode(data).decode() + newline
    lines = (binascii.b2a_uu(data[at : at + _UU_LINE]).decode() for at in range(0, len(data), _UU_LINE))
    return "".join(["begin 644 text\n", *lines, "`\nend\n"]).replace("\n", newline)


def _every_byte(data: bytes, newline: str) -> str:
    escaped = [f"={byte:02X}" for byte in data]
    lines = ("".join(escaped[at : at + 25]) for at in range(0, len(escaped), 25))
    return f"={newline}".join(lines) + newline


@mutator(
    "encoding.header_words",
    refusable_from=5,
    only=_MAIL,
    form=Ladder("q", "b", "codepage", "split", "raw", unit="form"),
    examples=[("order.eml", EXAMPLES[2][1].replace("Subject: Order", "Subject: Bestellung Müller, Köln"))],
)
def header_words(text: Text, form: str, rng: Generator) -> Degraded[Text]:
    """Write a mail's subject and the names of its people in another of the ways that mail programs have.

    Encoded words (RFC 2047) as Q, as B, in the Windows codepage of the language, cut within a character (which the
    RFC forbids and old programs do), and raw bytes of that codepage. Decoded, they read the same. Refusing raw bytes is
    acceptable. Ladder: a first guess, uncalibrated, from legal to not.
    """
    check_decodable(text)
    end = mail_body(text.value)
    found = [each.span(1) for pattern in (_SUBJECT, _NAMED) for each in pattern.finditer(text.value, 0, end)]
    fold = "\r\n " if "\r\n" in text.value[:end] else "\n "
    spans, written = list[Span](), list[str]()
    for span in sorted(Span(*each) for each in found):
        shown = _decoded(text.value[span.start : span.end])
        new = shown and _written(shown, form, fold)
        if new and new != text.value[span.start : span.end]:
            spans.append(span)
            written.append(new)
    some(spans, "it has no subject or names that could be written so")
    return Degraded(text.with_value(spliced(text.value, spans, written)), touched=spans)


def _decoded(header: str) -> str | None:
    """What a header says; None where it is broken."""
    try:
        return "".join(
            piece.decode(charset or "utf-8") if isinstance(piece, bytes) else piece
            for piece, charset in decode_header(" ".join(header.split()))
        )
    except (HeaderParseError, LookupError, ValueError):
        return None


def _written(shown: str, form: str, fold: str) -> str:
    """A header in one of the forms; "" where it cannot be, or where nobody would."""
    if form in ("split", "raw") and shown.isascii():
        return ""
    codec, lacks = fitted(shown, "windows")
    if form in ("codepage", "raw"):
        if lacks:
            return ""
        if form == "raw":
            return raw(shown.encode(codec))
    if form == "split":
        return fold.join(_b(piece) for piece in _cut_within(shown.encode()))
    pieces = (shown[at : at + _WORD] for at in range(0, len(shown), _WORD))
    if form == "b":
        return fold.join(_b(piece.encode()) for piece in pieces)
    codec, name = ("utf-8", "UTF-8") if form == "q" else (codec, charset_name(codec))
    return fold.join(_q(piece.encode(codec), name) for piece in pieces)


def _q(data: bytes, charset: str) -> str:
    def escaped(byte: int) -> str:
        return "_" if byte == 0x20 else chr(byte) if byte < 0x80 and chr(byte).isalnum() else f"={byte:02X}"

    return f"=?{charset}?Q?{''.join(map(escaped, data))}?="


def _b(data: bytes) -> str:
    return f"=?UTF-8?B?{base64.b64encode(data).decode()}?="


def _cut_within(data: bytes) -> Iterator[bytes]:
    """UTF-8 in pieces that end within a character of several bytes."""
    start = 0
    for at in range(1, len(data)):
        if (data[at] & 0xC0 == 0x80 and at - start >= _WORD) or at - start >= 4 * _WORD:
            yield data[start:at]
            start = at
    yield data[start:]
