"""What undoes mutators of mail: a reader that opens whatever holds the text."""

from __future__ import annotations

import email
import email.policy
import html
import re
import struct
from collections.abc import Callable, Mapping
from email.message import EmailMessage

from crumple import Document, Step

Undo = Callable[[Document, Step], Document]


def _edited(edit: Callable[[str], str]) -> Undo:
    def undo(document: Document, step: Step) -> Document:
        source = document.data.decode("utf-8", "surrogateescape")
        return Document(edit(source).encode("utf-8", "surrogateescape"), document.media_type, document.name)

    return undo


def _from_its_headers(source: str) -> str:
    found = re.search(r"^From: ", source, re.MULTILINE)
    assert found
    return source[found.start() :]


def opened(document: Document, step: Step) -> Document:
    """A plain mail of the longest text in it, whether it is a body or a file, plain or HTML."""
    message = email.message_from_bytes(document.data, policy=email.policy.default)
    texts = [_text(part) for part in message.walk() if part.get_content_maintype() == "text"]
    plain = EmailMessage()
    plain.set_content(max(texts, key=len), charset="utf-8", cte="8bit")
    return Document(plain.as_bytes(policy=email.policy.SMTP), document.media_type, document.name)


def _text(part: EmailMessage) -> str:
    content = part.get_content()
    if part.get_content_subtype() != "html":
        return str(content)
    lines = re.findall(r"<p>(.*?)</p>", str(content), re.DOTALL)
    return "".join(html.unescape(line).replace("\u00a0", "").strip() + "\n" for line in lines)


def _flowed(source: str) -> str:
    return re.sub(r" \r?\n(?=[^\r\n])", " ", source)


def _unquoted(source: str) -> str:
    return re.sub(r"^(?:> ?)+", "", source, flags=re.MULTILINE)


def _named(source: str) -> str:
    """With the boundary in the header that the lines have."""
    line = re.search(r"\r?\n\r?\n--(\S+)\r?\n", source)
    assert line
    bare = re.sub(r';\s*boundary="[^"]*"', "", source, count=1)
    return bare.replace("Content-Type: multipart/mixed", f'Content-Type: multipart/mixed; boundary="{line[1]}"', 1)


def bounded(document: Document, step: Step) -> Document:
    """Parts are told by the lines between them where the header names others or none."""
    damage = dict(step.parameters)["damage"]
    return _edited(_named)(document, step) if damage in ("other", "undeclared") else document


def _innermost(source: str) -> str:
    while True:
        head, blank, body = source.partition("\r\n\r\n" if "\r\n" in source else "\n\n")
        if not re.search(r"^Content-Type: message/rfc822", head, re.MULTILINE) or not blank:
            return source
        source = body


def _honest(source: str) -> str:
    """The first plain text's transfer encoding as it is seen to be."""
    return re.sub(
        r"^Content-Transfer-Encoding: .*$", "Content-Transfer-Encoding: 8bit", source, count=1, flags=re.MULTILINE
    )


def _single_dots(document: Document, step: Step) -> Document:
    """Of two dots in a row one."""
    plain = opened(document, step)
    return _edited(lambda source: source.replace("..", "."))(plain, step)


def tnef(data: bytes) -> tuple[str, dict[str, bytes]]:
    """The text and the files in a winmail.dat (MS-OXTNEF); every checksum holds."""
    assert struct.unpack_from("<I", data)[0] == 0x223E9F78
    at, text, name, files = 6, "", "", dict[str, bytes]()
    while at < len(data):
        attribute, length = struct.unpack_from("<II", data, at + 1)
        content = data[at + 9 : at + 9 + length]
        assert struct.unpack_from("<H", data, at + 9 + length)[0] == sum(content) & 0xFFFF
        if attribute == 0x00069003:
            count, tag, _, size = struct.unpack_from("<IIII", content)
            assert (count, tag) == (1, 0x1000001F)
            text = content[16 : 16 + size].decode("utf-16-le").rstrip("\0")
        elif attribute == 0x00018010:
            name = content.rstrip(b"\0").decode("cp1252")
        elif attribute == 0x0006800F:
            files[name] = content
        at += 11 + length
    return text, files


def _from_outlook(document: Document, step: Step) -> Document:
    """A plain mail of the text in winmail.dat."""
    message = email.message_from_bytes(document.data, policy=email.policy.default)
    packed = next(part for part in message.walk() if part.get_filename() == "winmail.dat")
    plain = EmailMessage()
    plain.set_content(tnef(packed.get_payload(decode=True))[0].replace("\r\n", "\n"), charset="utf-8", cte="8bit")
    return Document(plain.as_bytes(policy=email.policy.SMTP), document.media_type, document.name)


def as_it_is(document: Document, step: Step) -> Document:
    """Nothing needs undoing: a parser of mail reads it."""
    return document


UNDO: Mapping[str, Undo] = {
    "format.mail_before_headers": _edited(_from_its_headers),
    "format.mail_form": opened,
    "format.mail_flowed": _edited(_flowed),
    "format.mail_quoted": _edited(_unquoted),
    "format.mail_boundary": bounded,
    "format.mail_nested": _edited(_innermost),
    "format.mail_transfer_lie": _edited(_honest),
    "format.mail_doubled_dots": _single_dots,
    "format.mail_winmail": _from_outlook,
    **{
        f"format.mail_{name}": as_it_is
        for name in (
            "folded_headers",
            "header_case",
            "repeated_headers",
            "missing_headers",
            "trace_headers",
            "older_messages",
            "signature",
            "extra_parts",
            "attachment_type",
            "attachment_cut",
            "attachment_name",
            "disagreeing",
            "text_cut",
        )
    },
}
