"""Small files to damage, files that are hostile already, and readers that tell what is left of one."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from functools import cache

import numpy as np
import pypdf
import pypdfium2
from numpy.random import PCG64, Generator
from PIL import Image

from crumple import Degraded, Document
from crumple.mutation.mutator import Mutator
from page_samples import letter

ZIP = "application/zip"
LINES = tuple(f"Position {number}: {number * 12} crates of pears, {number * 37.5:.2f} EUR" for number in range(1, 13))


def rng(seed: int = 3) -> Generator:
    return Generator(PCG64(seed))


def applied(mutator: Mutator, document: Document, level: float, seed: int = 3) -> Degraded[object]:
    """What a mutator makes of a document at a level."""
    return mutator.apply(document, mutator.step(level, seed))


def degraded(mutator: Mutator, document: Document, level: float, seed: int = 3) -> Document:
    """The document that a mutator makes of another at a level."""
    view = applied(mutator, document, level, seed).view
    return view if isinstance(view, Document) else Document(view, document.media_type, document.name)


@cache
def pdf(pages: int = 3, *, packed: bool = True) -> Document:
    """A PDF of pages of text, each with a line of its own."""
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(400, 300), invariant=1, pageCompression=int(packed))
    for page in range(pages):
        canvas.drawString(30, 270, f"Page {page + 1} of invoice 2024-{page:04d}")
        for row, line in enumerate(LINES):
            canvas.drawString(30, 240 - 18 * row, line)
        canvas.showPage()
    canvas.save()
    return Document(buffer.getvalue(), "application/pdf", "invoice.pdf")


@cache
def embedded_font_pdf() -> Document:
    """A PDF whose text is in an embedded font that has no encoding of its own but /ToUnicode."""
    import reportlab
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    name = "Vera"
    pdfmetrics.registerFont(TTFont(name, f"{reportlab.__path__[0]}/fonts/Vera.ttf"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(400, 300), invariant=1)
    canvas.setFont(name, 12)
    canvas.drawString(30, 240, "Łódź, Total 1,234.50 EUR")
    canvas.save()
    return Document(buffer.getvalue(), "application/pdf", "invoice.pdf")


@cache
def image(media_type: str, *, kind: str = "grey", pages: int = 1) -> Document:
    """A page of real text as an image file of 100 dpi."""
    name = {"image/png": "PNG", "image/jpeg": "JPEG", "image/tiff": "TIFF"}[media_type]
    shown = [Image.fromarray(letter(100, kind=kind).pixels) for _ in range(pages)]
    buffer = io.BytesIO()
    more = {"save_all": True, "append_images": shown[1:]} if name == "TIFF" else {}
    shown[0].save(buffer, name, dpi=(100, 100), **more)
    return Document(buffer.getvalue(), media_type, f"a.{name.lower()}")


@cache
def archive() -> Document:
    """Three files in folders, packed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as written:
        for number in range(3):
            member = zipfile.ZipInfo(f"2024/order-{number}.txt", (2024, 3, 5, 9, 0, 0))
            written.writestr(member, "\n".join(LINES[number:]) * 4, zipfile.ZIP_DEFLATED)
    return Document(buffer.getvalue(), ZIP, "orders.zip")


def texts(data: bytes) -> list[str]:
    """The text of each page, as pdfium reads it."""
    document = pypdfium2.PdfDocument(data)
    return [page.get_textpage().get_text_range() for page in document]


def pypdf_texts(data: bytes) -> list[str]:
    """The text of each page, as pypdf reads it."""
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]


def shades(data: bytes) -> np.ndarray:
    """An image as Pillow shows it, in grey."""
    from PIL import ImageOps

    with Image.open(io.BytesIO(data)) as shown:
        return np.asarray(ImageOps.exif_transpose(shown).convert("L"), np.int16)


def _zip_bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("zeros.txt", bytes(10_000_000))
    return buffer.getvalue()


def _png_bomb() -> bytes:
    """A PNG that says to be of 60,000 by 60,000 pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)

    header = (60_000).to_bytes(4) * 2 + b"\x08\x00\x00\x00\x00"
    rows = zlib.compress(bytes(10_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@cache
def hostile() -> tuple[bytes, ...]:
    """Files that nobody wrote for a reader's good."""
    whole = (pdf(1).data, image("image/png").data, image("image/jpeg").data, image("image/tiff").data, archive().data)
    cut = tuple(data[:at] for data in whole for at in (9, 60, len(data) // 2, len(data) - 5))
    garbled = tuple(data[:30] + data[len(data) // 2 :] for data in whole)
    return (
        b"",
        b"x",
        b"\n",
        b"%PDF-",
        b"\xff\xd8",
        b"\xff\xd8\xff\xda\x00\x02",
        b"\x89PNG\r\n\x1a\n",
        b"II*\x00\xff\xff\xff\x7f",
        b"MM\x00*\x00\x00\x00\x08\x00\x00",
        b"PK\x03\x04",
        b"PK\x05\x06" + bytes(18),
        bytes(5000),
        b"\xff" * 5000,
        bytes(range(256)) * 20,
        b"a" * 140_000,
        b"[" * 100_000,
        b'{"a":' * 20_000,
        b"<a>" * 20_000,
        b"<!DOCTYPE a [" + b'<!ENTITY b "cccccccc">' * 1000 + b"]><a>&b;</a>",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" * 300,
        b'"' * 10_001,
        gzip.compress(bytes(1_000_000)),
        _zip_bomb(),
        _png_bomb(),
        *cut,
        *garbled,
    )
