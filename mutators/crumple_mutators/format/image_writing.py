"""Image files as Pillow does not write them: interlaced PNG, TIFF of any byte order, in tiles, white as zero.

Lossless edits of the files that are there: a chunk of a PNG, a segment of a JPEG.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crumple_mutators.picture_rows import PNG_SIGNATURE, Pixels, png_chunks

# Where the seven passes of an interlaced PNG begin and how far apart their pixels are: x, y, across, down.
_PASSES: Final = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_TILE = 256
_DEFLATE, _NONE = 8, 1
_SHORT, _LONG, _RATIONAL = 3, 4, 5


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def with_chunk(png: bytes, kind: bytes, body: bytes | None) -> bytes:
    """A PNG with one chunk of a kind, right behind its header, in place of those that it had; None for none."""
    kept = [png[start:end] for each, start, end in png_chunks(png) if each != kind]
    added = () if body is None else (chunk(kind, body),)
    return b"".join((PNG_SIGNATURE, kept[0], *added, *kept[1:]))


def with_segment(jpeg: bytes, marker: int, body: bytes) -> bytes:
    """A JPEG with a further segment behind its first one."""
    at = 4 + int.from_bytes(jpeg[4:6]) if jpeg[2:4] == b"\xff\xe0" else 2
    return jpeg[:at] + struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body + jpeg[at:]


def interlaced(pixels: Pixels, dpi: Sequence[float]) -> bytes:
    """A PNG whose lines come in seven passes, coarse to fine."""
    height, width = pixels.shape[:2]
    packed = zlib.compressobj(6)
    rows = bytearray()
    for x, y, across, down in _PASSES:
        part = pixels[y::down, x::across]
        if part.size:
            lines = np.zeros((len(part), 1 + part[0].size), np.uint8)
            lines[:, 1:] = part.reshape(len(part), -1)
            rows += packed.compress(lines.tobytes())
    rows += packed.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 0 if pixels.ndim == 2 else 2, 0, 0, 1)
    resolution = struct.pack(">IIB", *(round(each / 0.0254) for each in dpi), 1)
    chunks = ((b"IHDR", header), (b"pHYs", resolution), (b"IDAT", bytes(rows)), (b"IEND", b""))
    return PNG_SIGNATURE + b"".join(chunk(kind, body) for kind, body in chunks)


def tiff(
    pages: Iterable[tuple[Pixels, Sequence[float]]],
    *,
    big_endian: bool = False,
    tiled: bool = False,
    white_is_zero: bool = False,
    packed: bool = True,
    bare: bool = False,
) -> bytes:
    """A TIFF of grey or RGB pages.

    Args:
        pages: pixels and dpi.
        big_endian: the order of the bytes of its numbers.
        tiled: in tiles of 256 pixels a side instead of one strip a page.
        white_is_zero: grey pages as negatives that say so.
        packed: with Deflate.
        bare: without resolution, and without whatever else readers can do without.
    """
    order = ">" if big_endian else "<"
    data = bytearray(struct.pack(order + "2sHI", b"MM" if big_endian else b"II", 42, 0))
    link = 4
    for pixels, dpi in pages:
        shown = 255 - pixels if white_is_zero and pixels.ndim == 2 else pixels
        pieces = _tiles(shown) if tiled else [shown]
        places = []
        for piece in pieces:
            body = zlib.compress(piece.tobytes()) if packed else piece.tobytes()
            places.append((len(data), len(body)))
            data += body + bytes(len(body) % 2)
        tags = _tags(shown, dpi, places, tiled=tiled, white_is_zero=white_is_zero, packed=packed, bare=bare)
        entries = [_entry(order, tag, kind, values, data) for tag, kind, values in sorted(tags)]
        struct.pack_into(order + "I", data, link, len(data))
        data += struct.pack(order + "H", len(entries)) + b"".join(entries)
        link = len(data)
        data += bytes(4)
    return bytes(data)


def _tags(
    pixels: Pixels,
    dpi: Sequence[float],
    places: Sequence[tuple[int, int]],
    *,
    tiled: bool,
    white_is_zero: bool,
    packed: bool,
    bare: bool,
) -> list[tuple[int, int, tuple[int, ...]]]:
    height, width = pixels.shape[:2]
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    offsets, counts = tuple(start for start, _ in places), tuple(length for _, length in places)
    tags = [
        (256, _LONG, (width,)),
        (257, _LONG, (height,)),
        (258, _SHORT, (8,) * channels),
        (259, _SHORT, (_DEFLATE if packed else _NONE,)),
        (262, _SHORT, (2 if channels > 1 else 0 if white_is_zero else 1,)),
        (277, _SHORT, (channels,)),
        (324 if tiled else 273, _LONG, offsets),
        (325 if tiled else 279, _LONG, counts),
    ]
    if tiled:
        tags += [(322, _SHORT, (_TILE,)), (323, _SHORT, (_TILE,))]
    elif not bare:
        tags.append((278, _LONG, (height,)))
    if not bare:
        tags += [(282 + at, _RATIONAL, (round(1000 * each), 1000)) for at, each in enumerate(dpi)]
        tags.append((296, _SHORT, (2,)))
    return tags


def _entry(order: str, tag: int, kind: int, values: tuple[int, ...], data: bytearray) -> bytes:
    """One entry of a directory; values that do not fit into it are appended to the file."""
    body = struct.pack(order + {_SHORT: "H", _LONG: "I", _RATIONAL: "I"}[kind] * len(values), *values)
    count = len(values) // 2 if kind == _RATIONAL else len(values)
    if len(body) > 4:
        place = struct.pack(order + "I", len(data))
        data += body + bytes(len(body) % 2)
    else:
        place = body.ljust(4, b"\0")
    return struct.pack(order + "HHI", tag, kind, count) + place


def _tiles(pixels: Pixels) -> list[NDArray[np.uint8]]:
    height, width = pixels.shape[:2]
    around = ((0, -height % _TILE), (0, -width % _TILE), *(((0, 0),) * (pixels.ndim - 2)))
    whole = np.pad(pixels, around, mode="edge")
    return [
        np.ascontiguousarray(whole[top : top + _TILE, left : left + _TILE])
        for top in range(0, height, _TILE)
        for left in range(0, width, _TILE)
    ]
