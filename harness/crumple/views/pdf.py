"""PDF files as pages: rasterised to read, a PDF of images to write; and as forms. The work is in `pdf_files`."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from crumple.document import Document
from crumple.places import Region
from crumple.views.acroform import AcroForm, AcroFormCodec, FilledFormCodec
from crumple.views.acroform_fields import FilledForm
from crumple.views.format import Format
from crumple.views.pages import Pages
from crumple.views.record import Record

# Else pypdf's warnings of damage would be printed where nobody has set up logging.
logging.getLogger("pypdf").addHandler(logging.NullHandler())

DPI = 200.0
"""What a page is rasterised at unless it is a scan already: what office scanners are set to."""


@dataclass(frozen=True, slots=True)
class PdfPages:
    """PDF files, rasterised."""

    exact: bool = False

    def read(self, document: Document) -> Pages:
        """All pages, see `read_pdf`."""
        return read_pdf(document)

    def write(self, view: Pages, document: Document) -> bytes:
        """A PDF of images on sheets of the clean size; a page that was not changed stays what it is in the PDF."""
        if view.unchanged(document):
            return document.data
        from crumple.views import pdf_files  # heavy, only for PDF

        return pdf_files.write(view, document)


def read_pdf(document: Document, *, dpi: float = DPI) -> Pages:
    """All pages of a PDF as pixels, grey where a page has no colour.

    A document is refused for one page that is damaged, naming it: that page would come out blank or half, and a system
    would be blamed for what is not there. Sheets have the size that their UserUnit makes of them.

    A page that is nothing but one full-page image (with or without an invisible text layer, as scanners
    make them) is read at that image's own resolution, pixel for pixel.

    Args:
        document: a PDF.
        dpi: what other pages are rasterised at.

    Raises:
        Unreadable: it is encrypted, damaged in whole or on one page, without pages, or too large.
    """
    from crumple.views import pdf_files  # heavy, only for PDF

    return pdf_files.read(document, dpi)


def words(document: Document) -> list[tuple[str, Region]]:
    """Every word of a PDF's text, page by page in reading order as the PDF has it, with its place.

    Words are what stands between white space. Invisible text counts too.

    Raises:
        Unreadable: it is encrypted, damaged, or without pages.
    """
    from crumple.views import pdf_files  # heavy, only for PDF

    return pdf_files.words(document)


def _sniff(head: bytes, _extension: str) -> int:
    # Readers accept junk before the header, and mail gateways put it there.
    return 3 if b"%PDF-" in head[:1024] else 0


PDF = Format(
    "application/pdf",
    (".pdf",),
    _sniff,
    {Pages: PdfPages(), Record: AcroFormCodec(), AcroForm: AcroFormCodec(), FilledForm: FilledFormCodec()},
)
