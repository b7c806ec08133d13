"""ZIP archives: members read in bounded memory, and replaced with every other byte kept.

Office files are such archives too. What is written anew is stored without compression, so that the same degraded
document has the same bytes under every build of zlib.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from crumple.errors import Unreadable

UNPACKED = 256 << 20
"""Bytes that an archive may unpack to altogether: a bomb unpacks to thousands of times its size."""
_MOST_MEMBERS = 100_000
_CENTRAL, _LOCAL, _END = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"
_CENTRAL_SIZE, _END_SIZE = 46, 22
_ENCRYPTED, _DESCRIPTOR = 0x1, 0x8
_IN_ZIP64 = 0xFFFFFFFF
_TROUBLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive.

    Attributes:
        name: with folders, "/" between.
        start, end: the bytes that it takes in the archive, its local header included.
    """

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Archive:
    """A ZIP archive that has been looked at but not unpacked.

    Attributes:
        data: the archive.
        members: its files, folders left out, in the order of the central directory; names are unique.
    """

    data: bytes
    members: tuple[Member, ...]
    _directory: int

    @classmethod
    def opened(cls, data: bytes) -> Archive:
        """Look at an archive.

        Raises:
            Unreadable: it is damaged, encrypted, in a form that is not read (split, ZIP64), names two members alike,
                or would unpack to more than UNPACKED bytes.
        """
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as file:
                infos, directory = file.infolist(), file.start_dir
        except _TROUBLE as error:
            raise Unreadable(f"the archive cannot be opened: {error}") from None
        _check(infos, data)
        ends = sorted({*(info.header_offset for info in infos), directory})
        after = dict(zip(ends, [*ends[1:], len(data)], strict=True))
        members = (Member(info.filename, info.header_offset, after[info.header_offset]) for info in infos)
        return cls(data, tuple(each for each in members if not each.name.endswith("/")), directory)

    def read(self, name: str) -> bytes:
        """Unpack one member.

        Raises:
            Unreadable: there is none of this name, or it is damaged.
        """
        try:
            with zipfile.ZipFile(io.BytesIO(self.data)) as file:
                return file.read(name)
        except KeyError:
            raise Unreadable(f"the archive has no member {name}") from None
        except _TROUBLE as error:
            raise Unreadable(f"{name} cannot be unpacked: {error}") from None

    def replaced(self, contents: Mapping[str, bytes]) -> bytes:
        """The archive with other contents in some members; all others keep their bytes and their order."""
        body, moved, at = io.BytesIO(), dict[int, tuple[int, bytes | None]](), 0
        for member in sorted(self.members, key=lambda each: each.start):
            body.write(self.data[at : member.start])  # folders' entries, and what programs leave in between
            new = contents.get(member.name)
            moved[member.start] = body.tell(), new
            if new is None:
                body.write(self.data[member.start : member.end])
            else:
                body.write(_local(self.data, member, new))
            at = member.end
        body.write(self.data[at : self._directory])
        return body.getvalue() + self._written_directory(moved, body.tell())

    def _written_directory(self, moved: Mapping[int, tuple[int, bytes | None]], start: int) -> bytes:
        """The central directory with the members' new places, sizes and checksums, and the end record."""
        end = self.data.rfind(_END)
        entries = bytearray(self.data[self._directory : end])
        shifts = sorted((old, new - old) for old, (new, _) in moved.items())
        at = 0
        while entries[at : at + 4] == _CENTRAL:
            old = struct.unpack_from("<L", entries, at + 42)[0]
            new, content = moved.get(old, (old + _shift(shifts, old), None))
            struct.pack_into("<L", entries, at + 42, new)
            if content is not None:
                flags = struct.unpack_from("<H", entries, at + 8)[0] & ~_DESCRIPTOR
                struct.pack_into("<HH", entries, at + 8, flags, zipfile.ZIP_STORED)
                struct.pack_into("<LLL", entries, at + 16, zlib.crc32(content), len(content), len(content))
            at += _CENTRAL_SIZE + sum(struct.unpack_from("<HHH", entries, at + 28))
        record = bytearray(self.data[end:])
        struct.pack_into("<LL", record, 12, len(entries), start)
        return bytes(entries + record)


def _shift(shifts: list[tuple[int, int]], old: int) -> int:
    """By how much an entry that is no member's (a folder's) has moved."""
    return next((shift for at, shift in reversed(shifts) if at < old), 0)


def _check(infos: list[zipfile.ZipInfo], data: bytes) -> None:
    if len(infos) > _MOST_MEMBERS:
        raise Unreadable(f"the archive has {len(infos):,} members")
    if len({info.filename for info in infos}) < len(infos):
        raise Unreadable("the archive has two members of one name")
    if any(info.flag_bits & _ENCRYPTED for info in infos):
        raise Unreadable("the archive is encrypted")
    if (size := sum(info.file_size for info in infos)) > UNPACKED:
        raise Unreadable(f"the archive unpacks to {size:,} bytes, over {UNPACKED:,}")
    # Where something stands before the archive, offsets are not what the directory says.
    if len(data) >= _IN_ZIP64 or any(data[info.header_offset :][:4] != _LOCAL for info in infos):
        raise Unreadable("the archive is of a form that is not read")
    if any(_IN_ZIP64 in (info.file_size, info.compress_size) for info in infos):
        raise Unreadable("the archive is a ZIP64 archive")


def _local(data: bytes, member: Member, content: bytes) -> bytes:
    """A member's local header and its new content, stored."""
    header = bytearray(data[member.start : member.start + 30])
    names = sum(struct.unpack_from("<HH", header, 26))
    flags = struct.unpack_from("<H", header, 6)[0] & ~_DESCRIPTOR
    struct.pack_into("<HH", header, 6, flags, zipfile.ZIP_STORED)
    struct.pack_into("<LLL", header, 14, zlib.crc32(content), len(content), len(content))
    return bytes(header) + data[member.start + 30 : member.start + 30 + names] + content
