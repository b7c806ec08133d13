"""Archives that unpack to far more than they are, made in a moment: one packed MiB of zeros, over and over."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from functools import cache

_MIB = 1 << 20
_BLOCK = struct.Struct("<4s5H3I2H")
_ENTRY = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")


def zip_of_zeros(members: Mapping[str, int], beside: Mapping[str, bytes] | None = None) -> bytes:
    """A ZIP archive of files of zeros, by name so many MiB, behind others as they are."""
    blocks, entries = bytearray(), bytearray()
    count = len(members)
    if beside:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in beside.items():
                archive.writestr(name, content)
        data = buffer.getvalue()
        end = data.rfind(b"PK\x05\x06")
        start = int.from_bytes(data[end + 16 : end + 20], "little")
        blocks += data[:start]
        entries += data[start:end]
        count += len(beside)
    for name, mebibytes in members.items():
        packed, crc = _zeros(mebibytes)
        at, named = len(blocks), name.encode()
        sizes = (crc, len(packed), mebibytes * _MIB)
        blocks += _BLOCK.pack(b"PK\3\4", 20, 0, 8, 0, 33, *sizes, len(named), 0) + named + packed
        entries += _ENTRY.pack(b"PK\1\2", 20, 20, 0, 8, 0, 33, *sizes, len(named), 0, 0, 0, 0, 0, at) + named
    return bytes(blocks + entries) + _END.pack(b"PK\5\6", 0, 0, count, count, len(entries), len(blocks), 0)


def gzip_of_zeros(mebibytes: int) -> bytes:
    """A gzip file that unpacks to so many MiB of zeros."""
    packed, crc = _zeros(mebibytes)
    return gzip.compress(b"")[:10] + packed + struct.pack("<2I", crc, (mebibytes * _MIB) & 0xFFFFFFFF)


@cache
def _zeros(mebibytes: int) -> tuple[bytes, int]:
    """Raw deflated zeros, and their CRC-32."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    block = packer.compress(bytes(_MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    crc = 0
    for _ in range(mebibytes):
        crc = zlib.crc32(bytes(_MIB), crc)
    return block * mebibytes + packer.flush(), crc
