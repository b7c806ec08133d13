"""PDF files in which something is missing: a page, the end of a page, fonts, the characters of a text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.random import Generator

from crumple import (
    ALL,
    Degraded,
    Document,
    Everything,
    Ladder,
    NotApplicable,
    Place,
    Region,
    Unreadable,
    mutator,
    words,
)
from crumple_mutators.corruption.passwords import EXAMPLE
from crumple_mutators.corruption.pdf_file import PDF
from crumple_mutators.pdf_example import made, stream
from crumple_mutators.scan import pdf_sheets

_OWN_ENCODINGS = ("/WinAnsiEncoding", "/MacRomanEncoding", "/StandardEncoding", "/MacExpertEncoding")
_FONTS = (
    "letter.pdf",
    made(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F 5 0 R/G 8 0 R>>>>>>",
        stream(b"BT /F 18 Tf 20 40 Td (Total 12.50) Tj /G 18 Tf 0 -20 Td <0024> Tj ET"),
        b"<</Type/Font/Subtype/TrueType/BaseFont/Example/Encoding/WinAnsiEncoding/FontDescriptor 6 0 R>>",
        b"<</Type/FontDescriptor/FontName/Example/Flags 32/FontFile2 7 0 R>>",
        stream(b"\0\1\0\0"),
        b"<</Type/Font/Subtype/Type0/BaseFont/Other/Encoding/Identity-H/DescendantFonts[9 0 R]/ToUnicode 10 0 R>>",
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Other/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
        b"/Supplement 0>>/FontDescriptor 6 0 R>>",
        stream(
            b"begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange 1 beginbfchar <0024> <0041> endbfchar"
        ),
    ),
)
_FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")


@mutator("corruption.pdf_page_lost", only=PDF, truth="lost", refusable_from=1, level=5, examples=[EXAMPLE])
def pdf_page_lost(document: Document, rng: Generator) -> Degraded[Document]:
    """Lose the object of one page of a PDF, as a damaged sector or a bad merge does: it is counted, and is not there.

    What stood on it is lost. Refusing is acceptable. Which page is drawn.
    """
    page = int(rng.integers(pdf_sheets.count(document)))

    def edit(writer: Any) -> None:
        from pypdf.generic import NullObject  # heavy, only for PDF

        writer._objects[writer.pages[page].indirect_reference.idnum - 1] = NullObject()

    return Degraded(pdf_sheets.edited(document, edit), lost=[Region(page)])


@mutator(
    "corruption.pdf_content_cut",
    only=PDF,
    truth=("same", "lost"),
    refusable_from=1,
    kept=Ladder(0.95, 0.9, 0.75, 0.5, 0.1, unit="share of a page's content", zero=1),
    examples=[EXAMPLE],
)
def pdf_content_cut(document: Document, kept: float, rng: Generator) -> Degraded[Document]:
    """Leave zeros where the end of what a page of a PDF is drawn with should stand, as a copy with holes has them.

    The words that are drawn there are lost; of a page without words, all. Refusing is acceptable: some readers see
    that something is missing, most show the rest and say nothing. Which page is drawn. Ladder: the catalogue's of
    other cuts.
    """
    page = int(rng.integers(pdf_sheets.count(document)))
    if kept >= 1:
        return Degraded(document)
    start, end = _drawn_with(document, page)
    at = min(max(start + 1, start + int(kept * (end - start))), end - 1)
    data = document.data[:at] + bytes(end - at) + document.data[end:]
    cut = Document(data, document.media_type, document.name)
    return Degraded(cut, lost=_unread(document, cut, page))


def _drawn_with(document: Document, page: int) -> tuple[int, int]:
    """Where the longest stream that a page is drawn with stands in the file."""
    places = []
    with pdf_sheets.reading(document) as reader:
        if reader.is_encrypted:
            raise NotApplicable("it is encrypted, and the end of a stream cannot be told apart from the rest")
        contents = reader.pages[page].get("/Contents")
        contents = contents.get_object() if contents is not None else []
        parts = [each.get_object() for each in contents] if isinstance(contents, list) else [contents]
        for part in parts:
            raw = bytes(part._data)
            at = document.data.rfind(raw) if len(raw) > 1 else -1
            if at >= 0:
                places.append((at, at + len(raw)))
    if not places:
        raise NotApplicable(f"page {page + 1} of the PDF is drawn with nothing")
    return max(places, key=lambda place: place[1] - place[0])


def _unread(clean: Document, cut: Document, page: int) -> Sequence[Place] | Everything:
    """Where the words of a page stood that are not there any more."""
    try:
        before = [each for each in words(clean) if each[1].page == page]
    except Unreadable:
        return ALL
    try:
        left = set(words(cut))
    except Unreadable:
        left = set()
    return [region for word, region in before if (word, region) not in left] if before else [Region(page)]


@mutator("corruption.pdf_page_tree_loop", only=PDF, refusable_from=1, level=5, examples=[EXAMPLE])
def pdf_page_tree_loop(document: Document, rng: Generator) -> Document:
    """Let a PDF's tree of pages lead back to its root, as a bad merge does, so that a naive reader never ends.

    Every page is still there: same. Refusing is acceptable.
    """
    pdf_sheets.count(document)

    def edit(writer: Any) -> None:
        root = writer.root_object["/Pages"]
        root["/Kids"].append(root.indirect_reference)

    return pdf_sheets.edited(document, edit)


@mutator("corruption.pdf_text_map_missing", only=PDF, level=3, examples=[_FONTS])
def pdf_text_map_missing(document: Document, rng: Generator) -> Document:
    """Take from a PDF's fonts what says which characters their glyphs stand for, as some printer drivers leave it out.

    Every page looks as before, and its text comes out as nonsense (no /ToUnicode): same for who looks at the pages, as
    with a wrong text layer. Fonts that say it in another way are left alone.
    """
    taken = 0

    def edit(writer: Any) -> None:
        nonlocal taken
        for font in _fonts(writer):
            if "/ToUnicode" in font and not _says_by_itself(font):
                del font["/ToUnicode"]
                taken += 1

    changed = pdf_sheets.edited(document, edit)
    if not taken:
        raise NotApplicable("its fonts say in another way which characters they show")
    return changed


@mutator("corruption.pdf_fonts_missing", only=PDF, level=3, examples=[_FONTS])
def pdf_fonts_missing(document: Document, rng: Generator) -> Document:
    """Take the embedded fonts out of a PDF, as exports that are to be small leave them out.

    Readers show the text with fonts of their own, and what it says is the same. Fonts whose characters are known only
    to themselves stay.
    """
    taken = 0

    def edit(writer: Any) -> None:
        nonlocal taken
        for font in _fonts(writer):
            descriptor = font.get("/FontDescriptor")
            if descriptor is None or font.get("/Encoding") not in _OWN_ENCODINGS:
                continue
            holder = descriptor.get_object()
            for key in _FONT_FILES:
                if key in holder:
                    del holder[key]
                    taken += 1

    changed = pdf_sheets.edited(document, edit)
    if not taken:
        raise NotApplicable("it has no embedded fonts that could be replaced")
    return changed


def _fonts(writer: Any) -> list[Any]:
    from pypdf.generic import DictionaryObject  # heavy, only for PDF

    return [
        each
        for each in writer._objects
        if isinstance(each, DictionaryObject) and each.get("/Type") == "/Font" and "/Subtype" in each
    ]


def _says_by_itself(font: Any) -> bool:
    encoding = font.get("/Encoding")
    encoding = encoding.get_object() if encoding is not None else None
    if isinstance(encoding, str):
        return encoding in _OWN_ENCODINGS
    return encoding is not None and "/Differences" in encoding
