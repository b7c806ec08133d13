"""The headers and parts of a mail, as they stand in its text; what a mutator does not touch stays byte for byte."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from crumple import NotApplicable, Span

MAIL: Final = ("message/rfc822",)

ORDER: Final = (
    "order.eml",
    (
        "From: =?utf-8?q?Zo=C3=AB_M=C3=BCller?= <zoe@example.org>\r\n"
        "To: orders@example.com\r\n"
        "Subject: Order A-2024/117 for the office in the old harbour\r\n"
        "Date: Tue, 05 Mar 2024 02:00:01 +0100\r\n"
        "Message-ID: <117@example.org>\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="=-=117=-="\r\n'
        "\r\n"
        "--=-=117=-=\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: 8bit\r\n"
        "\r\n"
        "Dear Zoë,\r\n"
        "please send us 12 oak tables at 54.00 and 4 chairs, 27 inches wide, at 99.95 each, in the morning.\r\n"
        "Total: 1047.80 EUR\r\n"
        "\r\n"
        "--=-=117=-=\r\n"
        "Content-Type: application/pdf\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        'Content-Disposition: attachment; filename="terms.pdf"\r\n'
        "\r\n"
        "JVBERi0xLjQgdGVybXMgb2YgdHJhZGUsIGFzIGFncmVlZCBpbiBNYXJjaA==\r\n"
        "--=-=117=-=--\r\n"
    ),
)
"""A mail on which every mutator of mail can act."""

_FIELD = re.compile(r"^([!-9;-~]+)[ \t]*:([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)(?:\r?\n|\Z)", re.MULTILINE)
_BLANK = re.compile(r"\r?\n\r?\n")
_TYPE = re.compile(r"\s*([\w.+-]+/[\w.+-]+)")
_BOUNDARY = re.compile(r";\s*boundary\s*=\s*(?:\"([^\"\r\n]{1,100})\"|([^\s;\"]{1,100}))", re.IGNORECASE)
_NAMED = re.compile(r";\s*(?:file)?name\*?\d*\*?\s*=", re.IGNORECASE)
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Field:
    """One header field: its name, where all of it stands (line end included), and where its value does."""

    name: str
    whole: Span
    value: Span


@dataclass(frozen=True, slots=True)
class Entity:
    """A message or a part of one.

    Attributes:
        head: its header fields, with their line ends and without the blank line.
        body: what follows the blank line.
        media_type: in small letters; "text/plain" where nothing is said.
        encoding: its Content-Transfer-Encoding in small letters; "" where nothing is said.
        boundary: of its parts; "" where it has none.
        named: whether it has a file name.
        parts: of a multipart.
        lines: where its boundary lines stand, their line ends left out; the closing one, if it is there, last.
    """

    head: Span
    body: Span
    media_type: str
    encoding: str
    boundary: str
    named: bool
    parts: tuple[Entity, ...] = ()
    lines: tuple[Span, ...] = ()


def fields(value: str, head: Span) -> list[Field]:
    """The header fields in a block of them."""
    found = _FIELD.finditer(value, head.start, head.end)
    return [Field(each[1].lower(), Span(*each.span()), Span(*each.span(2))) for each in found]


def message(value: str) -> Entity:
    """A whole mail.

    Raises:
        NotApplicable: it has no headers, or no end to them.
    """
    entity = _entity(value, 0, len(value), 0)
    if not fields(value, entity.head):
        raise NotApplicable("it has no headers")
    return entity


def _entity(value: str, start: int, end: int, depth: int) -> Entity:
    blank = _BLANK.search(value, max(0, start - 2), end)
    if blank is None and not depth:
        raise NotApplicable("its headers have no end")
    stop, body = (blank.end() - len(blank[0]) // 2, blank.end()) if blank else (end, end)
    head = Span(start, max(start, stop))
    said = {each.name: " ".join(value[each.value.start : each.value.end].split()) for each in fields(value, head)}
    content = said.get("content-type", "")
    kind, boundary = _TYPE.match(content), _BOUNDARY.search(content)
    media_type = kind[1].lower() if kind else "text/plain"
    limit = (boundary[1] or boundary[2]) if boundary and media_type.startswith("multipart/") else ""
    lines = _lines(value, body, end, limit) if limit and depth < _DEEPEST else []
    parts = tuple(_entity(value, first, last, depth + 1) for first, last in _between(value, lines, end))
    named = bool(_NAMED.search(content) or _NAMED.search(said.get("content-disposition", "")))
    encoding = said.get("content-transfer-encoding", "").lower()
    return Entity(head, Span(body, end), media_type, encoding, limit, named, parts, tuple(lines))


def _lines(value: str, start: int, end: int, boundary: str) -> list[Span]:
    """The lines with a boundary, up to the closing one."""
    found: list[Span] = []
    for line in re.compile(rf"^--{re.escape(boundary)}(--)?[ \t]*(?=\r?\n|\Z)", re.MULTILINE).finditer(
        value, start, end
    ):
        found.append(Span(*line.span()))
        if line[1]:
            break
    return found


def _between(value: str, lines: list[Span], end: int) -> Iterator[tuple[int, int]]:
    """Where the parts between boundary lines begin and end; the line end before a boundary belongs to it."""
    for at, line in enumerate(lines):
        if value[line.start : line.end].rstrip().endswith("--") and at == len(lines) - 1:
            return
        start = value.find("\n", line.end) + 1 or end
        last = lines[at + 1].start if at + 1 < len(lines) else end
        if at + 1 < len(lines):
            last -= 2 if value[last - 2 : last] == "\r\n" else 1
        yield start, max(start, last)


def leaves(entity: Entity) -> Iterator[Entity]:
    """Every part that is not made of parts."""
    if not entity.parts:
        yield entity
    for part in entity.parts:
        yield from leaves(part)


def letter(value: str) -> Entity:
    """The part of a mail that is the message's own text.

    Raises:
        NotApplicable: it is no mail, or has no text that can be read as it stands.
    """
    for leaf in leaves(message(value)):
        plain = leaf.encoding in ("", "7bit", "8bit", "binary") and bool(value[leaf.body.start : leaf.body.end].strip())
        if leaf.media_type == "text/plain" and not leaf.named and plain:
            return leaf
    raise NotApplicable("it has no text that can be read as it stands")


def end_of_line(value: str) -> str:
    """How the mail ends its lines."""
    first = value.find("\n")
    return "\r\n" if first > 0 and value[first - 1] == "\r" else "\n"
