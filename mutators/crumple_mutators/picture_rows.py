"""How far down a picture that is cut or damaged still shows what the clean one does."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from crumple import ALL, Document, Everything, Region

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

Pixels: TypeAlias = NDArray[np.uint8]

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_ORIENTATION = 0x0112
_MOST_BYTES = 1 << 28  # unpacked; larger pictures are not unpacked to see what is left of them
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def lost_below(document: Document, damaged: bytes) -> tuple[Region, ...] | Everything:
    """What no reader can show of a picture any more: all below its first row that is not what it was.

    Args:
        document: the clean one; told of PNG without interlacing and of JPEG, of others all is lost.
        damaged: its bytes after the damage.
    """
    rows = _png_rows if document.data.startswith(PNG_SIGNATURE) else _jpeg_rows
    clean, left = rows(document.data), rows(damaged)
    if clean is None or left is None or clean.shape[1:] != left.shape[1:]:
        return ALL
    shared = min(len(clean), len(left))
    differing = np.flatnonzero((clean[:shared] != left[:shared]).any(axis=1))
    first = int(differing[0]) if len(differing) else shared
    if first == len(clean):
        return ()
    return (Region(0, top=first / len(clean)),) if first else ALL


def png_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """The chunks of a PNG: their type, and where they begin and end, length and checksum included."""
    at = len(PNG_SIGNATURE)
    while at + 8 <= len(data):
        length = int.from_bytes(data[at : at + 4])
        yield data[at + 4 : at + 8], at, min(at + 12 + length, len(data))
        at += 12 + length


def _png_rows(data: bytes) -> Pixels | None:
    """The packed rows of a PNG that are there; None where they are not stored from the top down."""
    chunks = list(png_chunks(data))
    if not chunks or chunks[0][0] != b"IHDR" or len(data) < 33:
        return None
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", data[16:29])
    if interlaced or colour not in _CHANNELS or not width or not height:
        return None
    length = 1 + (width * depth * _CHANNELS[colour] + 7) // 8
    if length * height > _MOST_BYTES:
        return None
    unpacker, rows = zlib.decompressobj(), bytearray()
    try:
        for kind, start, end in chunks:
            if kind == b"IDAT":
                rows += unpacker.decompress(data[start + 8 : max(start + 8, end - 4)], length * height - len(rows) + 1)
                if len(rows) >= length * height:
                    break
    except zlib.error:
        pass
    whole = min(len(rows) // length, height)
    return np.frombuffer(bytes(rows[: whole * length]), np.uint8).reshape(whole, length)


def _jpeg_rows(data: bytes) -> Pixels | None:
    """The rows of a JPEG as they are shown, those that are not there black; None where it is none, or turned."""
    from PIL import Image  # heavy, and only for pictures

    try:
        with opened(data, "JPEG") as image:
            if image.width * image.height * 4 > _MOST_BYTES or image.getexif().get(_ORIENTATION, 1) != 1:
                return None
            name, box, _, arguments = image.tile[0]
            # What `load` does, but for its complaint where the data ends too early.
            image.load_prepare()
            decoder = Image._getdecoder(image.mode, name, arguments, image.decoderconfig)
            decoder.setimage(image.im, box)
            decoder.decode(data)
            shown = np.asarray(Image.Image()._new(image.im))
    except Exception:  # noqa: BLE001 - Pillow trips over damage in many ways
        return None
    return np.ascontiguousarray(shown).reshape(len(shown), -1)


@contextmanager
def opened(data: bytes, kind: str) -> Iterator[ImageFile]:
    """An image of which nothing is unpacked yet; what Pillow warns of damage is not shown to anybody.

    Args:
        data: the file.
        kind: Pillow's name of its format.
    """
    from PIL import Image  # heavy, and only for pictures

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(data), formats=(kind,)) as image:
            yield image
