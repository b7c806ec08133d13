"""Mail: a message as text, and as the parts that it carries.

Parts are found in the bytes as they stand, so that replacing one leaves every other byte of the message alone.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import Message

from crumple.document import Document
from crumple.errors import Unreadable
from crumple.places import Extent
from crumple.views.format import Format
from crumple.views.parts import Part, Parts, identified
from crumple.views.text import Text, TextCodec, looks_like_text

_BLANK = re.compile(rb"\r\n\r\n|\n\n|\r\r|\A\r?\n")
_HEADER = re.compile(rb"(?:received|return-path|from|to|subject|date|mime-version|message-id):[ \t]", re.IGNORECASE)
_TRANSFER = re.compile(rb"^Content-Transfer-Encoding:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*", re.IGNORECASE | re.MULTILINE)
_BOM = b"\xef\xbb\xbf"
_DEEPEST = 20
"""Multiparts inside one another: more than any mail program makes."""
_LONGEST_LINE = 998  # RFC 5322
_WRAPPED = 76
_ENDINGS = {"text/plain": ".txt", "text/html": ".html", "message/rfc822": ".eml"}


@dataclass(frozen=True, slots=True)
class Leaf:
    """One part of a message that is not made of parts, as it stands in the bytes.

    Attributes:
        media_type: as its header says.
        filename: as its header says; "" where it has none.
        encoding: its Content-Transfer-Encoding in small letters; "" where it has none.
        head, start, end: where its headers begin, its body begins, and its body ends.
    """

    media_type: str
    filename: str
    encoding: str
    head: int
    start: int
    end: int

    @property
    def encoded(self) -> bool:
        """Whether its content cannot be read in the message's own text."""
        return self.encoding in ("base64", "quoted-printable")


def leaves(data: bytes) -> Iterator[Leaf]:
    """Every part of a message that is not made of parts, in order; multiparts deeper than 20 are one part.

    Raises:
        Unreadable: it has no header block.
    """
    if not _BLANK.search(data):
        raise Unreadable("the mail has no end to its headers")
    yield from _leaves(data, len(_BOM) if data.startswith(_BOM) else 0, len(data), 0)


def _leaves(data: bytes, start: int, end: int, depth: int) -> Iterator[Leaf]:
    blank = _BLANK.search(data, start, end)
    # A part may begin with the blank line: it has no headers then.
    body = start if data[start:end][:1] in (b"\r", b"\n") else blank.start() if blank else end
    header = _parsed(data[start:body])
    body = min(end, blank.end() if blank else end)
    media_type, boundary = header.get_content_type(), header.get_boundary()
    if media_type.startswith("multipart/") and boundary and depth < _DEEPEST:
        for first, last in _between(data, body, end, boundary):
            yield from _leaves(data, first, last, depth + 1)
        return
    encoding = str(header.get("Content-Transfer-Encoding", "")).strip().lower()
    yield Leaf(media_type, _filename(header), encoding, start, body, end)


def _parsed(head: bytes) -> Message:
    message = Message()
    for line in re.split(rb"\r?\n(?![ \t])", head):
        name, colon, value = line.partition(b":")
        if colon and name.strip():
            text = value.decode("utf-8", "replace")
            message[name.decode("ascii", "replace").strip()] = " ".join(text.split())
    return message


def _filename(header: Message) -> str:
    try:
        return str(make_header(decode_header(header.get_filename() or ""))).rpartition("/")[2]
    except (LookupError, UnicodeError, ValueError):
        return ""


def _between(data: bytes, start: int, end: int, boundary: str) -> Iterator[tuple[int, int]]:
    """Where the parts between boundary lines begin and end; the line end before a boundary belongs to it."""
    line = re.compile(
        rb"^--" + re.escape(boundary.encode("utf-8", "replace")) + rb"(--)?[ \t]*(?:\r?\n|\Z)", re.MULTILINE
    )
    first = None
    for found in line.finditer(data, start, end):
        if first is not None:
            last = found.start()
            last -= 2 if data[last - 2 : last] == b"\r\n" else 1
            yield first, max(first, last)
        if found[1]:
            return
        first = found.end()
    if first is not None:
        yield first, end


def decoded(data: bytes, leaf: Leaf) -> bytes:
    """The content of a part."""
    body = data[leaf.start : leaf.end]
    if leaf.encoding == "base64":
        try:
            return base64.b64decode(body)
        except binascii.Error:
            return base64.b64decode(body + b"===")
    return quopri.decodestring(body) if leaf.encoding == "quoted-printable" else body


class MailParts:
    """The attachments of a message, and those of its texts that are written encoded."""

    exact = True

    def read(self, document: Document) -> Parts:
        """All parts but texts that stand in the message as they are."""
        parts: dict[str, Part] = {}
        for leaf in self._carried(document.data):
            try:
                content = decoded(document.data, leaf)
            except binascii.Error as error:
                raise Unreadable(f"a part of the mail cannot be decoded: {error}") from None
            name = _unique(leaf, parts)
            parts[name] = Part(name, identified(name, content), Extent(leaf.start, leaf.end))
        if not parts:
            raise Unreadable("the mail carries nothing")
        return Parts(tuple(parts.values()))

    def write(self, view: Parts, document: Document) -> bytes:
        """The message with the parts that have changed in place of what they were, encoded as they were."""
        clean, data = self.read(document), document.data
        changes = zip(view.parts, clean.parts, self._carried(document.data), strict=True)
        for new, old, leaf in reversed(list(changes)):
            if new.document.data != old.document.data:
                data = _with_body(data, leaf, new.document.data)
        return data

    def _carried(self, data: bytes) -> Iterator[Leaf]:
        for leaf in leaves(data):
            if leaf.encoded or leaf.filename or not leaf.media_type.startswith("text/"):
                yield leaf


def _unique(leaf: Leaf, taken: dict[str, Part]) -> str:
    name = leaf.filename or f"body{_ENDINGS.get(leaf.media_type, '.bin')}"
    stem, dot, ending = name.rpartition(".")
    base, ending = (stem, dot + ending) if stem else (ending, "")
    tries = (name if number == 1 else f"{base} ({number}){ending}" for number in range(1, len(taken) + 2))
    return next(each for each in tries if each not in taken)


def _with_body(data: bytes, leaf: Leaf, content: bytes) -> bytes:
    """The message with another content in one part; where its encoding cannot carry it, in base64."""
    head = data[leaf.head : leaf.start]
    line = b"\r\n" if b"\r\n" in head else b"\n"
    if leaf.encoding == "quoted-printable":
        body = quopri.encodestring(content.replace(line, b"\n")).replace(b"\n", line)
    elif leaf.encoding == "base64":
        body = _base64(content, line)
    elif _plain(content, leaf.encoding):
        body = content
    else:
        head, body = _transferred(head, line), _base64(content, line)
    return data[: leaf.head] + head + body + data[leaf.end :]


def _plain(content: bytes, encoding: str) -> bool:
    """Whether content can stand in a message as it is."""
    if encoding not in ("8bit", "binary") and not content.isascii():
        return False
    lines = content.splitlines()
    return b"\0" not in content and not any(len(each) > _LONGEST_LINE or each.startswith(b"--") for each in lines)


def _base64(content: bytes, line: bytes) -> bytes:
    written = base64.b64encode(content)
    return b"".join(written[at : at + _WRAPPED] + line for at in range(0, len(written), _WRAPPED)).removesuffix(line)


def _transferred(head: bytes, line: bytes) -> bytes:
    """A part's headers saying that its body is base64."""
    said = b"Content-Transfer-Encoding: base64"
    new, count = _TRANSFER.subn(said, head, count=1)
    return new if count else said + line + head


def _sniff(head: bytes, extension: str) -> int:
    if not looks_like_text(head):
        return 0
    line = bool(_HEADER.match(head.removeprefix(_BOM)))
    return 2 * int(line and (extension == ".eml" or len(_HEADER.findall(head)) > 2))


MAIL = Format("message/rfc822", (".eml",), _sniff, {Text: TextCodec(), Parts: MailParts()})
