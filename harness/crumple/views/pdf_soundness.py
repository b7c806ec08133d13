"""Whether a PDF's pages can be shown as they were meant.

pdfium draws what it understands and passes over the rest: a page whose content is cut short comes out blank or half
empty, and nobody is told. A system that is then given a blank page would be blamed for what we have lost. So the
streams that a page is drawn from are looked at with pypdf before, and a page that came out blank is asked why.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pypdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image
from pypdf.filters import ASCII85Decode, ASCIIHexDecode
from pypdf.generic import ContentStream, StreamObject

from crumple.document import Document

_PIECE = 1 << 20
_KEPT = 1 << 26
_DEEPEST = 8
_END_OF_JPEG = b"\xff\xd9"
_SHORT = {"/Fl": "/FlateDecode", "/A85": "/ASCII85Decode", "/AHx": "/ASCIIHexDecode", "/DCT": "/DCTDecode"}
_ARMOURS: Mapping[str, Any] = {"/ASCII85Decode": ASCII85Decode, "/ASCIIHexDecode": ASCIIHexDecode}
# What a page may say without anything being drawn. Text is among it: it may be empty.
_UNSEEN = frozenset(
    b"q Q cm w J j M d ri i gs BMC BDC EMC MP DP BX EX BT ET Tf Tm Td TD T* Tc Tw Tz TL Tr Ts Tj TJ ' \" "
    b"CS cs SC SCN sc scn G g RG rg K k n W W* re m l c v y h d0 d1".split()
)


class Inspection:
    """What pypdf finds in a document beside what pdfium draws."""

    def __init__(self, document: Document, count: int) -> None:
        """Open the document.

        Args:
            document: a PDF that pdfium can open.
            count: how many pages it has for pdfium; where pypdf counts others, it says nothing of any of them.
        """
        self._whole: dict[int, bool] = {}
        self._reader: pypdf.PdfReader | None = None
        try:
            reader = pypdf.PdfReader(io.BytesIO(document.data))
            self._reader = reader if len(reader.pages) == count else None
        except Exception:  # noqa: BLE001 - pypdf trips over damage in many ways, some of which pdfium mends
            self._reader = None

    def unit(self, index: int) -> float:
        """What the page's points have to be multiplied with: PDF 1.6 has sheets of more than 200 inches by it."""
        try:
            unit = float(self._reader.pages[index].get("/UserUnit", 1)) if self._reader else 1.0
        except Exception:  # noqa: BLE001 - see above
            return 1.0
        return unit if 0.01 <= unit <= 1e4 else 1.0

    def flaw(self, index: int) -> str:
        """What is wrong with the streams that a page is drawn from; "" where nothing is, or it cannot be told."""
        if self._reader is None:
            return ""
        try:
            page = self._reader.pages[index]
            content = b""
            for stream in _streams(page.get("/Contents")):
                piece = _unpacked(stream)
                if piece is None:
                    return "its content is cut short or garbled"
                content += piece + b"\n"
            sound = self._sound(page.get("/Resources"), content, 0)
        except Exception:  # noqa: BLE001 - see above
            return ""
        return "" if sound else "an image or a form on it is cut short or garbled"

    def _sound(self, resources: Any, content: bytes, depth: int) -> bool:
        """Whether the images and forms that a content shows are whole."""
        shown = _resolved(_resolved(resources).get("/XObject")) if resources is not None else {}
        for name, each in shown.items() if isinstance(shown, Mapping) else ():
            stream = _resolved(each)
            # Pages often share one list of resources and show some of them.
            if not isinstance(stream, StreamObject) or name.encode() not in content or depth > _DEEPEST:
                continue
            if id(stream) not in self._whole:
                self._whole[id(stream)] = True  # a form that shows itself is not looked at twice
                piece = _unpacked(stream)
                form = stream.get("/Subtype") == "/Form"
                inside = form and piece is not None and not self._sound(stream.get("/Resources"), piece, depth + 1)
                self._whole[id(stream)] = piece is not None and not inside
            if not self._whole[id(stream)]:
                return False
        return True

    def blank_flaw(self, index: int, page: Any) -> str:
        """Why a page that came out blank may not be meant so; "" where it is.

        Args:
            index: the page's.
            page: pdfium's.
        """
        if pdfium_c.FPDFPage_CountObjects(page):
            broken = any(_undrawn(shown) for shown in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE]))
            return "an image on it cannot be decoded" if broken else ""
        unknown = "it comes out blank, and what it should show cannot be read"
        if self._reader is None:
            return unknown
        try:
            contents = self._reader.pages[index].get("/Contents")
            if "/Contents" in self._reader.pages[index] and not list(_streams(contents)):
                return "its content is missing"
            operations = ContentStream(contents, self._reader).operations if contents is not None else []
        except Exception:  # noqa: BLE001 - see above
            return unknown
        drawn = any(operator not in _UNSEEN for _, operator in operations)
        return "it comes out blank, and its content says that it is not" if drawn else ""


def _undrawn(image: Any) -> bool:
    try:
        image.get_bitmap()
    except pdfium.PdfiumError:
        return True
    return False


def _resolved(value: Any) -> Any:
    return value.get_object() if hasattr(value, "get_object") else value


def _streams(contents: Any) -> Iterator[StreamObject]:
    """The streams of a page's content: one, several, or none where they are missing."""
    contents = _resolved(contents)
    for each in contents if isinstance(contents, Sequence) else [contents]:
        if isinstance(stream := _resolved(each), StreamObject):
            yield stream


def _unpacked(stream: StreamObject) -> bytes | None:
    """What is in a stream, as far as it is packed in a way that can be checked; None where it is not whole."""
    data: bytes = stream._data
    filters = _resolved(stream.get("/Filter", ()))
    for each in filters if isinstance(filters, Sequence) and not isinstance(filters, str) else [filters]:
        name = _SHORT.get(str(each), str(each))
        if name in _ARMOURS:
            decoded = _ARMOURS[name].decode(data)
            data = decoded if isinstance(decoded, bytes) else decoded.encode("latin-1")
        elif name == "/FlateDecode":
            inflated = _inflated(data)
            if inflated is None:
                return None
            data = inflated
        elif name == "/DCTDecode":
            return data if _whole_jpeg(data) else None
        else:
            break
    return data


def _inflated(data: bytes) -> bytes | None:
    """The first 64 MiB, or None where the rest cannot be unpacked.

    The checksum behind it is not asked for: many writers leave it out or get it wrong, and no reader minds.
    """
    head = data[:2]
    if len(head) < 2 or head[0] & 15 != zlib.DEFLATED or int.from_bytes(head) % 31:
        return None
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    kept, rest = bytearray(), data[2:]
    try:
        while not unpacker.eof:
            piece = unpacker.decompress(rest, _PIECE)
            rest = unpacker.unconsumed_tail
            if not piece and not rest and not unpacker.eof:
                return None
            if len(kept) < _KEPT:
                kept += piece
    except zlib.error:
        return None
    return bytes(kept)


def _whole_jpeg(data: bytes) -> bool:
    if _END_OF_JPEG in data[-1024:]:
        return data.lstrip()[:2] == b"\xff\xd8"
    # Some scanners leave the end mark out: then the lines are counted. The decoder wants something to look ahead at.
    try:
        with Image.open(io.BytesIO(data + bytes(64)), formats=("JPEG",)) as image:
            image.load()
    except Exception:  # noqa: BLE001 - Pillow trips over damage in many ways
        return False
    return True
