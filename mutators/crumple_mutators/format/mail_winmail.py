"""A mail in Outlook's own format: winmail.dat, which is TNEF (MS-OXTNEF)."""

from __future__ import annotations

import base64
import binascii
import re
import struct
from typing import Final

from numpy.random import Generator

from crumple import Degraded, NotApplicable, Text, mutator
from crumple_mutators.format.mail_structure import MAIL, ORDER, Entity, end_of_line, fields, leaves, letter, message
from crumple_mutators.positions import spliced

_SIGNATURE: Final = struct.pack("<IH", 0x223E9F78, 1)
_OF_MESSAGE, _OF_ATTACHMENT = 1, 2
_VERSION, _CODEPAGE, _CLASS, _PROPERTIES = 0x00089006, 0x00069007, 0x00078008, 0x00069003
_RENDERED, _TITLE, _DATA = 0x00069002, 0x00018010, 0x0006800F
_BODY_UNICODE: Final = 0x1000001F
_NAME: Final = re.compile(r"(?:file)?name\s*=\s*\"?([^\";\r\n]{1,200})", re.IGNORECASE)
_BOUNDARY: Final = "----_=_NextPart_001_01DA6F0A"


@mutator("format.mail_winmail", refusable_from=1, only=MAIL, level=5, examples=[ORDER])
def winmail(text: Text, rng: Generator) -> Degraded[Text]:
    """Send the text and all attachments of a mail as one file winmail.dat, as Outlook does to who is no Outlook.

    Everything is in it, in Microsoft's TNEF, so the answer is the same; mail programs that do not know it show an empty
    message, so refusing is acceptable.
    """
    value, end = text.value, end_of_line(text.value)
    outer, part = message(value), letter(value)
    if _BOUNDARY in value:
        raise NotApplicable("it is from Outlook already")
    body = value[part.body.start : part.body.end]
    if any("\ud800" <= each <= "\udfff" for each in body):
        raise NotApplicable("its text holds bytes that are no characters")
    attached = [_attachment(value, each) for each in leaves(outer) if each is not part and each.head != part.head]
    packed = base64.encodebytes(_tnef(body, attached)).decode().replace("\n", end)
    head = end.join(
        (
            f'MIME-Version: 1.0{end}Content-Type: multipart/mixed; boundary="{_BOUNDARY}"{end}',
            f"--{_BOUNDARY}",
            f"Content-Type: text/plain{end}{end}",
            f"--{_BOUNDARY}",
            'Content-Type: application/ms-tnef; name="winmail.dat"',
            "Content-Transfer-Encoding: base64",
            f'Content-Disposition: attachment; filename="winmail.dat"{end}',
            f"{packed}--{_BOUNDARY}--{end}",
        )
    )
    gone = [each.whole for each in fields(value, outer.head) if each.name.startswith(("content-", "mime-version"))]
    kept = spliced(value[: outer.head.end], gone, [""] * len(gone))
    return Degraded(text.with_value(kept + head), touched=[part.body])


def _attachment(value: str, part: Entity) -> tuple[str, bytes]:
    """A file's name and content.

    Raises:
        NotApplicable: it is in no encoding that files are sent in.
    """
    if part.encoding != "base64":
        raise NotApplicable("it has parts that are no files in Base64")
    try:
        data = binascii.a2b_base64(value[part.body.start : part.body.end].encode("ascii"))
    except (ValueError, UnicodeEncodeError) as error:
        raise NotApplicable(f"a file in it is damaged: {error}") from None
    name = _NAME.search(value, part.head.start, part.head.end)
    return (name[1].strip() if name else "attachment.dat"), data


def _tnef(body: str, attached: list[tuple[str, bytes]]) -> bytes:
    written = body.encode("utf-16-le") + b"\0\0"
    properties = struct.pack("<IIII", 1, _BODY_UNICODE, 1, len(written)) + written + bytes(-len(written) % 4)
    pieces = [
        _SIGNATURE,
        _attribute(_OF_MESSAGE, _VERSION, struct.pack("<I", 0x00010000)),
        _attribute(_OF_MESSAGE, _CODEPAGE, struct.pack("<II", 1252, 0)),
        _attribute(_OF_MESSAGE, _CLASS, b"IPM.Note\0"),
        _attribute(_OF_MESSAGE, _PROPERTIES, properties),
    ]
    for name, data in attached:
        pieces += (
            _attribute(_OF_ATTACHMENT, _RENDERED, struct.pack("<HIHHI", 1, 0xFFFFFFFF, 0, 0, 0)),
            _attribute(_OF_ATTACHMENT, _TITLE, name.encode("cp1252", "replace") + b"\0"),
            _attribute(_OF_ATTACHMENT, _DATA, data),
        )
    return b"".join(pieces)


def _attribute(level: int, name: int, data: bytes) -> bytes:
    return struct.pack("<BII", level, name, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)
