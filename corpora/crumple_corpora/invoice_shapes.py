"""The four shapes of one invoice: a PDF, an image of its pages, a CSV export of its lines, a JSON record."""

from __future__ import annotations

import csv
import io
import json
import struct
import zlib
from collections.abc import Mapping
from typing import Any

from crumple import Json, Region
from crumple_corpora.invoice_content import Invoice, number
from crumple_corpora.invoice_layouts import LAYOUTS

COLUMNS = ("invoice_number", "date", "currency", "position", "description", "quantity", "unit_price", "amount")
_POINTS_AN_INCH = 72
_METRES_AN_INCH = 0.0254


def pdf(invoice: Invoice) -> tuple[bytes, Mapping[str, tuple[Region, ...]]]:
    """A born-digital PDF, and where it shows each field of the truth (JSON pointer -> every place)."""
    from crumple_corpora.invoice_drawing import Drawing  # not needed for the other shapes
    from crumple_corpora.invoice_heads import HEADS

    return Drawing(invoice).finish(HEADS[invoice.market.layout])


def image(invoice: Invoice, dpi: int) -> tuple[bytes, Mapping[str, tuple[Region, ...]]]:
    """The very same PDF as pixels: PNG for one page, TIFF for several.

    Coloured only where the layout is and the page is a single one: stacks are scanned in grey.

    Args:
        invoice: what is shown.
        dpi: resolution, also stated in the file.
    """
    import pypdfium2  # not needed for the other shapes

    data, regions = pdf(invoice)
    with pypdfium2.PdfDocument(data) as document:
        grey = len(document) > 1 or not LAYOUTS[invoice.market.layout].coloured
        scale = dpi / _POINTS_AN_INCH
        pages = [page.render(scale=scale, grayscale=grey, rev_byteorder=True).to_pil() for page in document]
    if len(pages) == 1:
        return _png(pages[0].tobytes(), pages[0].size, grey, dpi), regions
    buffer = io.BytesIO()
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:], compression="packbits", dpi=(dpi, dpi))
    return buffer.getvalue(), regions


def _png(pixels: bytes, size: tuple[int, int], grey: bool, dpi: int) -> bytes:
    """A PNG without row filters, which Pillow cannot be told to leave out: a third of its time on clean pages."""
    width, height = size
    stride = width * (1 if grey else 3)
    rows = b"".join(b"\0" + pixels[start : start + stride] for start in range(0, stride * height, stride))
    per_metre = round(dpi / _METRES_AN_INCH)
    chunks = {
        b"IHDR": struct.pack(">IIBBBBB", width, height, 8, 0 if grey else 2, 0, 0, 0),
        b"pHYs": struct.pack(">IIB", per_metre, per_metre, 1),
        b"IDAT": zlib.compress(rows, 1),
        b"IEND": b"",
    }
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks.items()
    )


def export(invoice: Invoice) -> bytes:
    """The lines as CSV after RFC 4180: commas, CRLF, UTF-8, ISO dates, decimal points, a header."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for position, line in enumerate(invoice.lines, start=1):
        quantity = str(number(line.quantity))
        row = (line.description, quantity, f"{line.unit_price:.2f}", f"{line.amount:.2f}")
        writer.writerow((invoice.number, invoice.date.isoformat(), invoice.market.currency, position, *row))
    return buffer.getvalue().encode()


def record(invoice: Invoice) -> bytes:
    """The whole invoice as JSON, indented, in UTF-8."""
    return (json.dumps(invoice.truth(), ensure_ascii=False, indent=2) + "\n").encode()


def export_truth(invoice: Invoice) -> dict[str, Json]:
    """What a reader of the CSV export can know: no parties and no tax."""
    whole: dict[str, Any] = invoice.truth()
    return {name: whole[name] for name in ("number", "date", "currency", "lines")}
