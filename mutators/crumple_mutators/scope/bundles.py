"""A document among others: two in one file, or hundreds of pages of which one counts."""

from __future__ import annotations

import io
from typing import Final

from numpy.random import Generator

from crumple import (
    Degraded,
    Document,
    Ladder,
    NotApplicable,
    Origin,
    Text,
    Truth,
    is_transcription,
    mutator,
    read,
    write,
)
from crumple_mutators.scope.strangers import INVOICE, check_strange, stranger

_KINDS: Final = ("menu", "application", "letter", "contract", "delivery_note")
_PDF: Final = "application/pdf"
_ONLY: Final = ("text/plain", "text/markdown", _PDF)
_PAGE: Final = 2400
"""Characters of a typewritten page."""
_DIFFERENT: Final = 8


@mutator(
    "scope.two_documents",
    refusable_from=4,
    only=_ONLY,
    foreign=Ladder(*_KINDS, unit="kind of document"),
    examples=[INVOICE],
)
def two_documents(document: Document, foreign: str, rng: Generator, truth: Truth = None) -> Degraded[Document]:
    """Put a foreign document into the same file, before or after, as a stack that went through the scanner in one go.

    What is asked for is still there: same. Beside a document that is much like it, refusing is acceptable. Ladder: that
    of `scope.other_kind`.
    """
    check_strange(foreign, truth)
    _check_fields(truth)
    other = stranger(foreign, document.media_type, int(rng.integers(2**31)))
    first = bool(rng.integers(2))
    return _joined(document, [other], before=first)


@mutator(
    "scope.oversized",
    refusable_from=3,
    only=_ONLY,
    pages=Ladder(20, 50, 100, 250, 500, unit="pages"),
    examples=[INVOICE],
)
def oversized(document: Document, pages: int, rng: Generator, truth: Truth = None) -> Degraded[Document]:
    """Follow the document with annexes of so many pages, as terms and conditions that come with an invoice do.

    What is asked for stands at the beginning: same. Refusing is acceptable from 100 pages on. Ladder: up to the
    catalogue's 500.
    """
    check_strange("contract", truth)
    _check_fields(truth)
    seed = int(rng.integers(2**31 - _DIFFERENT))
    annexes = [stranger("contract", document.media_type, seed + each) for each in range(_DIFFERENT)]
    if document.media_type == _PDF:
        return _joined(document, annexes, most=int(pages))
    texts = [annex.data.decode() for annex in annexes]
    text, added, length = read(document, Text), list[str](), 0
    while length < pages * _PAGE:
        added.append(f"\f\nAnnex {len(added) + 1}\n\n{texts[len(added) % _DIFFERENT]}")
        length += len(added[-1])
    return Degraded(write(text.with_value(_ended(text.value) + "".join(added)), document))


def _check_fields(truth: Truth) -> None:
    if isinstance(truth, str) and is_transcription(truth):
        raise NotApplicable("all of the text is asked for")


def _ended(value: str) -> str:
    return value if value.endswith("\n") else value + "\n"


def _joined(document: Document, others: list[Document], *, before: bool = False, most: int = 0) -> Degraded[Document]:
    """The document with the pages of others; with `most`, these again and again until there are so many pages."""
    if document.media_type != _PDF:
        text, other = read(document, Text), read(others[0], Text).value
        value = f"{other}\f\n{text.value}" if before else f"{_ended(text.value)}\f\n{other}"
        return Degraded(write(text.with_value(value), document))
    import pypdf  # heavy, only for PDF

    try:
        own = len(pypdf.PdfReader(io.BytesIO(document.data)).pages)
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(document.data))
        sheets = [page for other in others for page in pypdf.PdfReader(io.BytesIO(other.data)).pages]
        count = max(len(sheets), most - own)
        for at in range(count):
            if before:
                writer.insert_page(sheets[at], at)
            else:
                writer.add_page(sheets[at % len(sheets)])
        buffer = io.BytesIO()
        writer.write(buffer)
    except Exception as error:  # noqa: BLE001 - pypdf trips over damage in many ways
        raise NotApplicable(f"its pages cannot be put together with others: {error}") from None
    foreign, known = [None] * count, [Origin(page) for page in range(own)]
    origins = [*foreign, *known] if before else [*known, *foreign]
    return Degraded(Document(buffer.getvalue(), _PDF, document.name), origins=origins)
