"""The pages of a PDF, moved, turned and added to without being drawn: text stays text, and all else as it was."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from crumple import Document, NotApplicable

MEDIA_TYPE = "application/pdf"
# What pypdf raises on damage besides its own errors.
_STUMBLES = (ValueError, NotImplementedError, KeyError, IndexError, TypeError, AttributeError, RecursionError)
_INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")
_LATIN = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica", "/Encoding": "/WinAnsiEncoding"}


def count(document: Document) -> int:
    """How many pages a PDF has.

    Raises:
        NotApplicable: it is encrypted or damaged, or has none.
    """
    with reading(document) as reader:
        pages = len(reader.pages)
    if not pages:
        raise NotApplicable("the PDF has no pages")
    return pages


def edited(document: Document, edit: Callable[[Any], object]) -> Document:
    """A PDF after an edit of its pypdf writer.

    Raises:
        NotApplicable: it is encrypted or damaged.
    """
    import pypdf  # heavy, only for PDF

    with reading(document) as reader:
        writer = pypdf.PdfWriter(clone_from=reader)
        edit(writer)
        out = io.BytesIO()
        writer.write(out)
    return Document(out.getvalue(), document.media_type, document.name)


@contextmanager
def reading(document: Document) -> Iterator[Any]:
    """A pypdf reader; whatever it and what is done with it stumble over becomes one sentence."""
    import pypdf  # heavy, only for PDF
    from pypdf.errors import DependencyError, PyPdfError  # see above

    try:
        reader = pypdf.PdfReader(io.BytesIO(document.data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise NotApplicable("the PDF is encrypted and asks for a password")
        yield reader
    except (PyPdfError, DependencyError, *_STUMBLES) as error:
        raise NotApplicable(f"the PDF's structure is damaged ({type(error).__name__})") from error


def turn(writer: Any, pages: Iterable[int], degrees: int) -> None:
    """Turn pages clockwise, by their /Rotate."""
    for index in pages:
        writer.pages[index].rotate(degrees)


def insert_blank(writer: Any, at: int) -> None:
    """Insert an empty page of its neighbour's size and rotation."""
    beside = writer.pages[max(0, at - 1)]
    box, rotation = beside.cropbox, beside.rotation
    writer.insert_blank_page(box.width, box.height, at)
    # What `insert_blank_page` returns is not the page that it inserted.
    writer.pages[at].rotate(rotation)


def double(writer: Any, at: int) -> None:
    """Put a copy of a page behind it."""
    writer.insert_page(writer.pages[at], at + 1)


def reorder(writer: Any, order: Sequence[int]) -> None:
    """Put the pages into another order; the same page objects, so that links and bookmarks still lead to them."""
    from pypdf.generic import ArrayObject, NameObject, NumberObject  # heavy, only for PDF

    pages = list(writer.pages)
    root = writer.root_object["/Pages"]
    for page in pages:
        for key in _INHERITED:
            if key not in page and (value := _inherited(page, key)) is not None:
                page[NameObject(key)] = value
        page[NameObject("/Parent")] = root.indirect_reference
    root[NameObject("/Kids")] = ArrayObject([pages[index].indirect_reference for index in order])
    root[NameObject("/Count")] = NumberObject(len(order))


def insert_text(writer: Any, at: int, lines: Sequence[str]) -> None:
    """Insert an upright page of the neighbour's size with lines of Latin text."""
    from pypdf.generic import DictionaryObject, NameObject, StreamObject  # heavy, only for PDF

    beside = writer.pages[max(0, at - 1)]
    across, down = float(beside.cropbox.width), float(beside.cropbox.height)
    if beside.rotation % 180:
        across, down = down, across
    writer.insert_blank_page(across, down, at)
    sheet = writer.pages[at]
    size = min(across / 55, down / 72)
    shown = [
        f"1 0 0 1 {0.12 * across:.1f} {0.9 * down - 1.5 * size * row:.1f} Tm ({_escaped(line)}) Tj"
        for row, line in enumerate(lines)
    ]
    text = StreamObject()
    text.set_data("\n".join(["BT", f"/Text {size:.1f} Tf", *shown, "ET"]).encode("cp1252"))
    font = DictionaryObject({NameObject(key): NameObject(value) for key, value in _LATIN.items()})
    fonts = DictionaryObject({NameObject("/Text"): writer._add_object(font)})
    sheet[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    sheet[NameObject("/Contents")] = writer._add_object(text)


def _inherited(page: Any, key: str) -> Any:
    holder = page.get("/Parent")
    while holder is not None:
        holder = holder.get_object()
        if key in holder:
            return holder.raw_get(key)
        holder = holder.get("/Parent")
    return None


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
