"""The text layer that scanning software puts under a page image, when it belongs to another page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from numpy.random import Generator

from crumple import Document, Pages, mutator, read, write

_LABELS = (
    ("Invoice number", "number"),
    ("Invoice date", "date"),
    ("Order number", "number"),
    ("Customer number", "number"),
    ("Due date", "date"),
    ("Net amount", "amount"),
    ("VAT", "amount"),
    ("Total", "amount"),
)
_SENTENCES = (
    "Thank you for your order of last week.",
    "Please find below the items delivered to your warehouse.",
    "Our terms of payment and delivery apply.",
    "Goods remain our property until they are paid in full.",
    "For questions call our office between nine and five.",
    "The contract is extended by another twelve months.",
)
_FIRMS = ("Harbour Trading", "Northfield Supplies", "Elm & Sons", "Castle Print", "Ridgeway Tools", "Sato Instruments")
_GOODS = ("Paper A4 80 g", "Toner black", "Desk lamp", "Cable 3 m", "Folding chair", "Label roll", "Box, large")


@mutator("scan.wrong_text_layer", only=["application/pdf"], level=5)
def wrong_text_layer(document: Document, rng: Generator) -> Document:
    """Make page images of a PDF, with the invisible text of a made-up other page under each.

    As when scanning software recognises one batch and attaches it to another. What a person sees is
    right; what copying, searching and text extraction give is another firm's invoice.

    Source: the catalogue's PDF text layers: missing, wrong, damaged.
    """
    import pypdf  # heavy, only for PDF

    pages = read(document, Pages)
    images = write(Pages(tuple(page.with_pixels(page.pixels) for page in pages)), document)
    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(images.data)))
    for sheet in writer.pages:
        _put_under(writer, sheet, list(_lines(rng)))
    out = io.BytesIO()
    writer.write(out)
    return Document(out.getvalue(), document.media_type, document.name)


def _lines(rng: Generator) -> Iterator[str]:
    """The text of another page: an invoice that nobody sent."""

    def pick(words: tuple[str, ...]) -> str:
        return words[int(rng.integers(len(words)))]

    yield f"{pick(_FIRMS)} Ltd"
    yield f"{int(rng.integers(1, 200))} Station Road"
    for label, kind in _LABELS:
        yield f"{label}: {_value(kind, rng)}"
    for _ in range(int(rng.integers(3, 8))):
        yield f"{int(rng.integers(1, 40))} {pick(_GOODS)} {_value('amount', rng)}"
    for _ in range(3):
        yield pick(_SENTENCES)


def _value(kind: str, rng: Generator) -> str:
    if kind == "number":
        return str(int(rng.integers(10**6, 10**8)))
    if kind == "date":
        year, month, day = int(rng.integers(2001, 2014)), int(rng.integers(1, 13)), int(rng.integers(1, 29))
        return f"{year}-{month:02d}-{day:02d}"
    return f"{int(rng.integers(20, 9000))}.{int(rng.integers(100)):02d}"


def _put_under(writer: Any, sheet: Any, lines: list[str]) -> None:
    """Add lines of invisible text (rendering mode 3) to a page that shows an image."""
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject  # see above

    high = float(sheet.mediabox.height)
    size, step = high / 70, high * 0.84 / max(len(lines), 1)
    shown = [
        f"1 0 0 1 {size * 4:.1f} {high * 0.92 - step * row:.1f} Tm ({_escaped(line)}) Tj"
        for row, line in enumerate(lines)
    ]
    text = StreamObject()
    text.set_data("\n".join(["BT", "3 Tr", f"/Text {size:.1f} Tf", *shown, "ET"]).encode("ascii"))
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica", "/Encoding": "/WinAnsiEncoding"}
    sheet["/Resources"][NameObject("/Font")] = DictionaryObject(
        {
            NameObject("/Text"): writer._add_object(
                DictionaryObject({NameObject(key): NameObject(value) for key, value in font.items()})
            )
        }
    )
    image = sheet.raw_get("/Contents")
    sheet[NameObject("/Contents")] = ArrayObject([writer._add_object(text), image])


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
