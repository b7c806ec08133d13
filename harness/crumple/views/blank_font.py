"""The smallest TrueType font there is: one blank box for every character, so that readers know how large each is."""

from __future__ import annotations

import struct

WIDTH, ASCENT, DESCENT = 500, 750, 250
"""Of the box, in thousandths of the font size."""

_MAGIC, _SUM = 0x5F0F3CF5, 0xB1B0AFBA  # of the table `head`; of a whole font


def _truetype() -> bytes:
    """Two glyphs: none, which every font begins with, and the box."""
    bounds = (0, -DESCENT, WIDTH, ASCENT)
    box = struct.pack(">5h", 1, *bounds) + struct.pack(">2H", 3, 0) + b"\1\1\1\1"
    box += struct.pack(">8h", 0, WIDTH, 0, -WIDTH, -DESCENT, 0, DESCENT + ASCENT, 0)  # corners, each from the last
    box += bytes(-len(box) % 4)
    tables = {
        b"glyf": box,
        b"head": struct.pack(">4I2H2q4h2H3h", 0x10000, 0x10000, 0, _MAGIC, 3, 1000, 0, 0, *bounds, 0, 8, 2, 0, 0),
        b"hhea": struct.pack(">I3hH11hH", 0x10000, ASCENT, -DESCENT, 0, WIDTH, 0, 0, WIDTH, 1, *([0] * 7), 2),
        b"hmtx": struct.pack(">HhHh", WIDTH, 0, WIDTH, 0),
        b"loca": struct.pack(">3H", 0, 0, len(box) // 2),
        b"maxp": struct.pack(">I14H", 0x10000, 2, 4, 1, 0, 0, 1, *([0] * 8)),
    }
    directory, body = b"", b""
    start = 12 + 16 * len(tables)
    for tag, table in tables.items():
        directory += tag + struct.pack(">3I", _checksum(table), start + len(body), len(table))
        body += table + bytes(-len(table) % 4)
    font = struct.pack(">I4H", 0x10000, len(tables), 64, 2, 32) + directory + body
    adjustment = start + body.index(tables[b"head"]) + 8
    return font[:adjustment] + struct.pack(">I", (_SUM - _checksum(font)) % 2**32) + font[adjustment + 4 :]


def _checksum(table: bytes) -> int:
    words: tuple[int, ...] = struct.unpack(f">{-(-len(table) // 4)}I", table + bytes(-len(table) % 4))
    return sum(words) % 2**32


TRUETYPE = _truetype()
"""The font file."""
