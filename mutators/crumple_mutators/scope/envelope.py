"""The envelope of a mail: who sent it to whom and when, which stays where the mail says something else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from crumple import Document, Json, Truth

MAIL: Final = "message/rfc822"
_HEAD_END: Final = re.compile(rb"\r\n\r\n|\n\n|\r\r|\Z")
# A header with the lines that go on with it; "From " begins a mail in a mailbox file.
_HEADER: Final = re.compile(rb"(?:From [^\r\n]*|([!-9;-~]+)[ \t]*:[^\r\n]*)(?:(?:\r\n|\n|\r)[ \t]+[^\r\n]*)*")
_CONTENT: Final = re.compile(rb"content-.*|mime-version|subject|thread-topic|keywords|comments|lines", re.IGNORECASE)


def enveloped(document: Document, new: bytes, truth: Truth = None) -> bytes:
    """Another mail's content with the envelope of this one: its headers but the subject and what describes the content.

    The subject stays where it is asked for, for whoever reads it from the mail that came is right.

    Args:
        document: the mail that is replaced.
        new: the other one.
        truth: what is asked for.
    """
    own, _ = _parted(document.data)
    other, body = _parted(new)
    subject = next((value for name, value in own if name == b"subject"), b"")
    asked = b"subject" if _asked(subject, truth) else b""
    kept = [line for name, line in own if not _CONTENT.fullmatch(name) or name == asked]
    if not any(name == b"from" for name, _ in own):
        return new
    content = [line for name, line in other if _CONTENT.fullmatch(name) and name != asked]
    lines = [re.sub(rb"\r\n|\n|\r", b"\r\n", line) for line in (*kept, *content)]
    return b"\r\n".join([*lines, b"", body])


def _parted(data: bytes) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """The headers of a mail by their names in small letters, and what follows the empty line."""
    end = _HEAD_END.search(data)
    head, body = (data[: end.start()], data[end.end() :]) if end else (data, b"")
    return [((each[1] or b"").lower(), each[0]) for each in _HEADER.finditer(head)], body


def _asked(subject: bytes, truth: Truth) -> bool:
    said = " ".join(subject.decode("utf-8", "replace").partition(":")[2].split())
    return bool(said) and said in _texts(truth)


def _texts(truth: Json | object) -> set[str]:
    if isinstance(truth, Mapping):
        return {each for value in truth.values() for each in _texts(value)}
    return {" ".join(truth.split())} if isinstance(truth, str) else set()
