"""Archives and office files as other programs write them, sound by the standard and not what Python's or Word's are."""

from __future__ import annotations

import struct
from typing import Final

from numpy.random import Generator

from crumple import Document, Ladder, NotApplicable, mutator
from crumple_mutators.corruption.archives import ARCHIVES, DOCX_EXAMPLE, ZIP_EXAMPLE, Member, archive, members

_FORMS: Final = ("comment", "streamed", "ZIP64", "spanned", "self-extracting")
_LOCAL, _CENTRAL, _END, _DESCRIPTOR = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"PK\x07\x08"
_ZIP64_END, _ZIP64_LOCATOR = b"PK\x06\x06", b"PK\x06\x07"
_COMMENT: Final = b"Created by the archive of the accounting department. Do not change."
_STUB: Final = b"MZ" + bytes(58) + struct.pack("<I", 64) + b"This program cannot be run in DOS mode.\r\n$" + bytes(384)
_LENGTH_BEHIND, _UTF8, _BIG = 8, 0x0800, 0xFFFFFFFF
_OLD, _NEW = 20, 45  # versions of the format: 2.0, and 4.5 with ZIP64


@mutator(
    "corruption.archive_form",
    only=ARCHIVES,
    form=Ladder(*_FORMS, unit="form"),
    refusable_from=5,
    examples=[ZIP_EXAMPLE, DOCX_EXAMPLE],
)
def archive_form(document: Document, form: str, rng: Generator) -> bytes:
    """Write an archive or office file as other programs do: nothing is damaged, and the members are what they were.

    With a comment behind it; streamed, lengths standing behind each member, as web servers pack; as ZIP64, whatever its
    size, as Java and .NET do; with the mark of an archive that was to be split before it; behind a program that would
    unpack it. All are sound, so the answer is the same; a program may be refused. Ladder: by how few readers go by the
    directory at the end, a first guess.
    """
    found = members(document)
    if form == "comment":
        plain = archive(found)
        return plain[:-2] + struct.pack("<H", len(_COMMENT)) + _COMMENT
    if form in ("streamed", "ZIP64"):
        return _written(found, streamed=form == "streamed")
    before = _DESCRIPTOR if form == "spanned" else _STUB
    return _behind(archive(found), before, len(found))


def _behind(plain: bytes, before: bytes, count: int) -> bytes:
    """An archive with something before it that its own directory counts in."""
    directory = plain.rfind(_END)
    start = int.from_bytes(plain[directory + 16 : directory + 20], "little")
    moved = bytearray(plain)
    at = start
    for _ in range(count):
        offset = int.from_bytes(moved[at + 42 : at + 46], "little") + len(before)
        moved[at + 42 : at + 46] = struct.pack("<I", offset)
        at += 46 + sum(struct.unpack_from("<HHH", moved, at + 28))
    moved[directory + 16 : directory + 20] = struct.pack("<I", start + len(before))
    return before + bytes(moved)


def _written(found: list[Member], *, streamed: bool) -> bytes:
    """An archive whose local headers do not say the lengths, or all of whose numbers are in ZIP64's own fields."""
    written, directory = bytearray(), bytearray()
    for each in found:
        info, name, start = each.info, each.name.encode(), len(written)
        if any(byte > 0x7F for byte in name) and not info.flag_bits & _UTF8:
            raise NotApplicable("a name in it is in an old codepage")
        flags = (info.flag_bits & ~_LENGTH_BEHIND) | _UTF8 | (_LENGTH_BEHIND if streamed else 0)
        year, month, day, hour, minute, second = info.date_time
        stamp = struct.pack("<HH", hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day)
        lengths = struct.pack("<II", len(each.packed), info.file_size)
        crc, version = struct.pack("<I", info.CRC), _OLD if streamed else _NEW
        head = struct.pack("<HHH", version, flags, info.compress_type) + stamp
        if streamed:
            local, extra, central = bytes(12), b"", crc + lengths
            behind = _DESCRIPTOR + crc + lengths
        else:
            big = struct.pack("<QQ", info.file_size, len(each.packed))
            local = central = crc + struct.pack("<II", _BIG, _BIG)
            extra, behind = struct.pack("<HH", 1, 16) + big, b""
        written += _LOCAL + head + local + struct.pack("<HH", len(name), len(extra)) + name + extra
        written += each.packed + behind
        wide = b"" if streamed else struct.pack("<HHQQQ", 1, 24, info.file_size, len(each.packed), start)
        place = start if streamed else _BIG
        directory += _CENTRAL + struct.pack("<H", version) + head + central
        directory += struct.pack("<HHHHHII", len(name), len(wide), 0, 0, 0, info.external_attr, place) + name + wide
    if streamed:
        end = struct.pack("<HHHHIIH", 0, 0, len(found), len(found), len(directory), len(written), 0)
        return bytes(written + directory + _END + end)
    at, count = len(written), len(found)
    record = struct.pack("<QHHIIQQQQ", 44, _NEW, _NEW, 0, 0, count, count, len(directory), at)
    locator = struct.pack("<IQI", 0, at + len(directory), 1)
    end = struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, _BIG, _BIG, 0)
    return bytes(written + directory + _ZIP64_END + record + _ZIP64_LOCATOR + locator + _END + end)
