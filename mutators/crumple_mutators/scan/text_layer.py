"""The text layer that scanning software puts under a page image, and what is wrong with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from numpy.random import Generator

from crumple import CrumpleError, Document, Ladder, NotApplicable, Pages, Region, mutator, words
from crumple_mutators.scan.drawing.office import scan
from crumple_mutators.scan.misreadings import Word, misread

PDF = "application/pdf"
_CHOICES = ("none", "kept", "wrong")
_RATE = 0.08

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


@mutator("scan.wrong_text_layer", only=[PDF], level=5)
def wrong_text_layer(pages: Pages, rng: Generator) -> Pages:
    """Make page images of a PDF, with the invisible text of a made-up other page under each.

    As when scanning software recognises one batch and attaches it to another. What a person sees is
    right; what copying, searching and text extraction give is another firm's invoice.

    Source: the catalogue's PDF text layers: missing, wrong, damaged.
    """
    return _under(pages, (word for page in range(len(pages)) for word in _placed(list(_lines(rng)), page)))


@mutator(
    "scan.text_layer_noise",
    rate=Ladder(0.01, 0.03, 0.08, 0.15, 0.30, unit="of characters"),
    only=[PDF],
    examples=[("a.pdf", _EXAMPLE)],
)
def text_layer_noise(pages: Pages, rate: float, rng: Generator) -> Pages:
    """Make page images of a PDF, with its text under them as poor recognition reads it.

    `rate` is the character error rate: letters taken for others that look alike, run together or parted,
    spaces missed and seen where none are. What a person sees is right. Which errors there are is drawn; a
    higher rate keeps those of a lower one.

    Ladder: from clean print (0.01) to what engines give for faxes and old copies (0.30).
    """
    return _under(pages, misread(_printed(pages), rate, rng))


@mutator("scan.text_layer_missing", only=[PDF], level=3, examples=[("a.pdf", _EXAMPLE)])
def text_layer_missing(pages: Pages, rng: Generator) -> Pages:
    """Make page images of a PDF that had text, with nothing under them: scanned without recognition.

    What a person sees is as it was; text extraction gives nothing.

    Source: the catalogue's PDF text layers: missing, wrong, damaged.
    """
    _printed(pages)
    return _under(pages, ())


@mutator("scan.scanned", only=[PDF], level=1)
def scanned(pages: Pages, rng: Generator, *, text_layer: str = "none") -> Pages:
    """Make a PDF what it is after printing and scanning on good office machines: images of 200 dpi on real paper.

    A little soft, black and white no longer pure, a shade of noise. Form fields are drawn, and are no
    fields any more.

    Args:
        pages: of a PDF; those that are scans already keep their resolution.
        rng: draws the noise, and errors of recognition.
        text_layer: what is under the images: "none"; "kept", the document's words at their places; "wrong",
            those with 8 % of the characters misread. Steps that follow move it with the page.

    Source: what office scanners are set to; the catalogue's PDF text layers: missing, wrong, damaged.
    """
    if text_layer not in _CHOICES:
        raise CrumpleError(
            f"text_layer cannot be {text_layer!r}", where="scan.scanned", got=text_layer, allowed=_CHOICES
        )
    images = Pages(tuple(scan(page, rng) for page in pages))
    if text_layer == "none":
        return images
    found = _printed(pages)
    return _under(images, found if text_layer == "kept" else misread(found, _RATE, rng))


def _printed(pages: Pages) -> list[Word]:
    """What text the pages had in the PDF that they were read from, where it stands on them now.

    Raises:
        NotApplicable: there is none.
    """
    texts: dict[Document, list[Word]] = {}
    found: list[Word] = []
    for number, page in enumerate(pages):
        if page.source is None:
            continue
        document, index = page.source.document, page.source.index
        if document not in texts:
            texts[document] = words(document)
        here = (
            (word, page.bend.destination(replace(at, page=number))) for word, at in texts[document] if at.page == index
        )
        found += [(word, at) for word, at in here if at is not None]
    if not found:
        raise NotApplicable("the PDF has no text")
    return found


def _under(pages: Pages, layer: Iterable[Word]) -> Pages:
    """Page images with these words under them; each place says on which page."""
    texts: dict[int, list[Word]] = defaultdict(list)
    for word, at in layer:
        texts[at.page].append((word, at))
    return Pages(
        tuple(page.with_pixels(page.pixels).with_text_layer(texts[number]) for number, page in enumerate(pages))
    )


def _placed(lines: Sequence[str], page: int) -> Iterator[Word]:
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
