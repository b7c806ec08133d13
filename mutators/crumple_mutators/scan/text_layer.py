"""The text layer that scanning software puts under a page image, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from numpy.random import Generator

from crumple import Document, Ladder, NotApplicable, Pages, Region, mutator, read, words, write
from crumple_mutators.scan.invisible_text import with_words
from crumple_mutators.scan.misreadings import misread
from crumple_mutators.scan.pdf_sheets import MEDIA_TYPE

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

# A page with two lines of text.
_EXAMPLE = (
    b"%PDF-1.4\n"
    b"1 0 obj<</Type/Catalog/Pages 2 0 R>> endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>> endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F"
    b" 5 0 R>>>>>> endobj\n"
    b"4 0 obj<</Length 74>>stream\n"
    b"BT/F 12 Tf 20 60 Td(Invoice 2024-0117)Tj 0 -20 Td(Total 1,234.50 EUR)Tj ET\n"
    b"endstream endobj\n"
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>> endobj\n"
    b"xref\n"
    b"0 6\n"
    b"0000000000 65535 f \n"
    b"0000000009 00000 n \n"
    b"0000000053 00000 n \n"
    b"0000000103 00000 n \n"
    b"0000000213 00000 n \n"
    b"0000000333 00000 n \n"
    b"trailer<</Size 6/Root 1 0 R>>\n"
    b"startxref\n"
    b"395\n"
    b"%%EOF\n"
)


@mutator("scan.wrong_text_layer", only=[MEDIA_TYPE], level=5)
def wrong_text_layer(document: Document, rng: Generator) -> Document:
    """Make page images of a PDF, with the invisible text of a made-up other page under each.

    As when scanning software recognises one batch and attaches it to another. What a person sees is
    right; what copying, searching and text extraction give is another firm's invoice.

    Source: the catalogue's PDF text layers: missing, wrong, damaged.
    """
    images, count = _images(document)
    return with_words(images, [word for page in range(count) for word in _placed(list(_lines(rng)), page)])


@mutator(
    "scan.text_layer_noise",
    rate=Ladder(0.01, 0.03, 0.08, 0.15, 0.30, unit="of characters"),
    only=[MEDIA_TYPE],
    examples=[("a.pdf", _EXAMPLE)],
)
def text_layer_noise(document: Document, rate: float, rng: Generator) -> Document:
    """Make page images of a PDF, with its text under them as poor recognition reads it.

    `rate` is the character error rate: letters taken for others that look alike, run together or parted,
    spaces missed and seen where none are. What a person sees is right. Which errors there are is drawn; a
    higher rate keeps those of a lower one.

    Ladder: from clean print (0.01) to what engines give for faxes and old copies (0.30); not calibrated.
    """
    images, _ = _images(document)
    return with_words(images, misread(_words(document), rate, rng))


@mutator("scan.text_layer_missing", only=[MEDIA_TYPE], level=2, examples=[("a.pdf", _EXAMPLE)])
def text_layer_missing(document: Document, rng: Generator) -> Document:
    """Make page images of a PDF that had text, with nothing under them: scanned without recognition.

    What a person sees is as it was; text extraction gives nothing.

    Source: the catalogue's PDF text layers: missing, wrong, damaged.
    """
    _words(document)
    images, _ = _images(document)
    return images


def _words(document: Document) -> list[tuple[str, Region]]:
    """What text a PDF has, with its places.

    Raises:
        NotApplicable: none.
    """
    found = words(document)
    if not found:
        raise NotApplicable("the PDF has no text")
    return found


def _images(document: Document) -> tuple[Document, int]:
    """A PDF of this one's pages as images, and how many they are."""
    pages = read(document, Pages)
    return write(Pages(tuple(page.with_pixels(page.pixels) for page in pages)), document), len(pages)


def _placed(lines: Sequence[str], page: int) -> Iterator[tuple[str, Region]]:
    """Lines at places from top to bottom of a page."""
    step = 0.84 / len(lines)
    for row, line in enumerate(lines):
        top = 0.07 + step * row
        yield line, Region(page, 0.08, top, min(0.95, 0.08 + 0.011 * len(line)), top + 0.014)


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
