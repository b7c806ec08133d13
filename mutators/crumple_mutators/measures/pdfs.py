"""PDF files: locked, damaged in their bookkeeping, without text under their images, with pages of several sizes."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from crumple import Document, measure

_PDF: Final = "application/pdf"
_PAGES = 8
_PASSWORD = 4
_STARTXREF = re.compile(rb"startxref\s+(\d+)")
_XREF = re.compile(rb"xref\s+\d+\s+\d+\s+")
_OBJECT = re.compile(rb"\s*\d+\s+\d+\s+obj\b")
_VERSION = re.compile(rb"%PDF-(.{3})")
_STRANGE_VERSIONS: Final = ("1.0", "2.9", "9.9", "0.0", "x.x")
_COVERS = 0.6
_FEWEST_LETTERS = 20
_GARBLED = 0.3
_SAME_SIZE = 0.02
_MOST_ENTRIES = 500


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as a viewer has it.

    Attributes:
        width, height: in points, as it is shown.
        turned: the file's own rotation, in degrees.
        text: its characters.
        image: whether one image covers most of it.
    """

    width: float
    height: float
    turned: int
    text: str
    image: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """What a viewer finds in a PDF.

    Attributes:
        locked: whether it asks for a password.
        protected: whether it is encrypted, and opens all the same.
        sheets: a few pages, the first and last among them; () where it does not open.
    """

    locked: bool = False
    protected: bool = False
    sheets: tuple[Sheet, ...] = ()


@lru_cache(maxsize=2)
def _opened(document: Document) -> Opened | None:
    """What pdfium finds; None where the document is no PDF, or cannot be opened."""
    if document.media_type != _PDF:
        return None
    import pypdfium2 as pdfium  # heavy
    import pypdfium2.raw as pdfium_c

    try:
        pdf = pdfium.PdfDocument(document.data)
    except pdfium.PdfiumError as error:
        return Opened(locked=True) if getattr(error, "err_code", None) == _PASSWORD else None
    with pdf:
        protected = pdfium_c.FPDF_GetSecurityHandlerRevision(pdf) >= 0
        count = len(pdf)
        chosen = sorted({round(at * (count - 1) / (_PAGES - 1)) for at in range(_PAGES)}) if count else []
        sheets = []
        for at in chosen:
            try:
                sheets.append(_sheet(pdf[at], pdfium_c))
            except pdfium.PdfiumError:
                continue
        return Opened(protected=protected, sheets=tuple(sheets))


def _sheet(page: Any, pdfium_c: Any) -> Sheet:
    width, height = page.get_size()
    covers = False
    for each in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = each.get_bounds()
        covers = covers or (right - left) * (top - bottom) > _COVERS * width * height
    text = page.get_textpage()
    value = text.get_text_range() if text.count_chars() else ""
    return Sheet(width, height, page.get_rotation(), value, covers)


@measure("corruption.user_password")
def user_password(document: Document) -> bool | None:
    """Whether a PDF asks for a password."""
    if document.media_type != _PDF:
        return None
    found = _opened(document)
    return found is not None and found.locked


@measure("corruption.owner_password")
def owner_password(document: Document) -> bool | None:
    """Whether a PDF is encrypted and opens without a password."""
    found = _opened(document)
    return found.protected if found is not None and not found.locked else None


@measure("scan.text_layer_missing", stands_for=("scan.scanned",))
def text_layer_missing(document: Document) -> bool | None:
    """Whether a PDF is images of pages with no text under any of them."""
    found = _opened(document)
    if found is None or not found.sheets:
        return None
    blank = all(not each.text.strip() for each in found.sheets)
    return blank and any(each.image for each in found.sheets)


@measure("corruption.pdf_text_map_missing")
def text_map_missing(document: Document) -> bool | None:
    """Whether most of a PDF's text comes out as what is no character: controls, private ones, marks of the unknown."""
    found = _opened(document)
    if found is None:
        return None
    letters = [each for sheet in found.sheets for each in sheet.text if not each.isspace()]
    if len(letters) < _FEWEST_LETTERS:
        return None
    strange = sum(unicodedata.category(each) in ("Cc", "Co", "Cn", "Cs") or each in "\ufffd\ufffe" for each in letters)
    return strange > _GARBLED * len(letters)


@measure("pdf.page_sizes")
def page_sizes(document: Document) -> bool | None:
    """Whether the pages of a PDF are of several sizes; one that lies across is none. No mutator does it."""
    found = _opened(document)
    if found is None or len(found.sheets) < 2:
        return None
    sides = [sorted((each.width, each.height)) for each in found.sheets]
    return any(abs(a - b) > _SAME_SIZE * b for side in sides for a, b in zip(side, sides[0], strict=True))


@measure("pdf.page_directions")
def page_directions(document: Document) -> bool | None:
    """Whether some pages of a PDF lie across and others do not. No mutator does it."""
    found = _opened(document)
    if found is None or len(found.sheets) < 2:
        return None
    return len({each.width > each.height for each in found.sheets}) > 1


@measure("corruption.pdf_index")
def pdf_index(document: Document) -> str | bool | None:
    """What is wrong with a PDF's table of objects."""
    if document.media_type != _PDF:
        return None
    data = document.data[document.data.find(b"%PDF-") :]
    pointers = list(_STARTXREF.finditer(data[-4096:]))
    if not pointers:
        if b"startxref" in data:
            return False
        if b"trailer" in data or b"/XRef" in data:
            return "startxref missing" if b"%%EOF" in data else False
        return "no trailer" if b"/Catalog" in data and data.rstrip().endswith(b"endobj") else False
    at = int(pointers[-1][1])
    if at == 0 and b"/Linearized" in data[:2048]:
        return False
    if any(_begins_table(whole, at) for whole in (data, document.data)):
        return _entries(data if _begins_table(data, at) else document.data, at)
    return "startxref off"


def _begins_table(data: bytes, at: int) -> bool:
    return _XREF.match(data, at + len(data[at : at + 8]) - len(data[at : at + 8].lstrip())) is not None or (
        _OBJECT.match(data, at) is not None
    )


def _entries(data: bytes, at: int) -> str | bool:
    """Whether the entries of a table point at objects."""
    head = re.compile(rb"\s*xref\s+\d+\s+\d+\s*?\r?\n").match(data, at)
    if head is None:
        return False
    body = data[head.end() : head.end() + 20 * _MOST_ENTRIES]
    entries = re.findall(rb"(.{10}) (\d{5}) n", body.partition(b"trailer")[0])
    if not entries:
        return False
    offsets = [each for each, _ in entries]
    if sum(not each.isdigit() for each in offsets) > len(offsets) / 2:
        return "offsets garbled"
    wrong = sum(not each.isdigit() or _OBJECT.match(data, int(each)) is None for each in offsets)
    return "offsets shifted" if wrong > len(offsets) / 2 else False


@measure("corruption.pdf_version")
def pdf_version(document: Document) -> str | bool | None:
    """The version that a PDF says it is of, where there is none such."""
    if document.media_type != _PDF or (found := _VERSION.search(document.data[:2048])) is None:
        return None
    version = found[1].decode("latin-1")
    return version if version in _STRANGE_VERSIONS else False


@measure("corruption.pdf_print_job", within=0.05, unit="share of the value")
def pdf_print_job(document: Document) -> float | bool | None:
    """How many bytes of a printer's language stand before a PDF."""
    if document.media_type != _PDF:
        return None
    at = document.data.find(b"%PDF-")
    return float(at) if at > 0 and b"@PJL" in document.data[:at] else False
