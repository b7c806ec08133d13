"""What undoes mutators of mail: a reader that opens whatever holds the text."""

from __future__ import annotations

import email
import email.policy
import html
import re
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
        )
    },
}
