"""The ten clean sheets that ladders are calibrated on: several fonts, sizes and layouts, with every word and its place.

Small sheets where that is natural, so that a read costs a fraction of a second: A5 to A7, one A4.
"""

from __future__ import annotations

import hashlib
import io
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files

import numpy as np
from reportlab.lib.colors import Color
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from crumple import Document, Page, Region, read_pdf
from crumple.views.pdf import words
from crumple_corpora.invoices import Invoices
from crumple_corpora.letters import Letters

_FILES = {
    "Arimo": ("fontpkg_arimo", "Arimo[wght].ttf"),
    "EB Garamond": ("fontpkg_eb_garamond", "EBGaramond[wght].ttf"),
    "Open Sans": ("fontpkg_open_sans", "OpenSans[wdth,wght].ttf"),
    "PT Serif": ("fontpkg_pt_serif", "PT_Serif-Web-Regular.ttf"),
    "Plex Mono": ("fontpkg_ibm_plex_mono", "IBMPlexMono-Regular.ttf"),
    "Vera": ("reportlab", "Vera.ttf"),
}
_ENGLISH = (1, 44, 87, 130)  # the English ones among the letters
_A5, _A6, _A7, _RECEIPT = (148, 210), (105, 148), (105, 74), (70, 130)
_BLACK, _NAVY = Color(0.08, 0.08, 0.08), Color(0.08, 0.13, 0.35)


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A clean page and what stands on it.

    Attributes:
        name: of its layout.
        page: at 200 dpi.
        words: as printed, in reading order, each with its place.
    """

    name: str
    page: Page
    words: tuple[tuple[str, Region], ...]

    @property
    def fingerprint(self) -> str:
        """Changes when anything on the sheet does."""
        said = hashlib.blake2b(self.page.pixels.tobytes(), digest_size=8)
        said.update(repr((self.page.pixels.shape, self.words)).encode())
        return said.hexdigest()


class _Drawing:
    """One sheet being drawn; millimetres from the top left."""

    def __init__(self, size: tuple[float, float], *, tint: tuple[float, float, float] | None = None) -> None:
        self.wide, self.high = size
        self._file = io.BytesIO()
        # Uncompressed and without a date: the same bytes every time.
        self.canvas = Canvas(self._file, pagesize=(size[0] * mm, size[1] * mm), invariant=1)
        if tint is not None:
            self.canvas.setFillColor(Color(*tint))
            self.canvas.rect(0, 0, self.wide * mm, self.high * mm, stroke=0, fill=1)
        self.canvas.setFillColor(_BLACK)

    def text(self, x: float, y: float, said: str, font: str, points: float, *, right: bool = False) -> None:
        """A line of text whose baseline is at y."""
        self.canvas.setFont(font, points)
        draw = self.canvas.drawRightString if right else self.canvas.drawString
        draw(x * mm, (self.high - y) * mm, said)

    def paragraph(self, x: float, y: float, wide: float, said: str, font: str, points: float) -> float:
        """Text wrapped into a width; returns where the next line would stand."""
        for given in said.split("\n"):
            line = ""
            for word in given.split():
                longer = f"{line} {word}".strip()
                if line and pdfmetrics.stringWidth(longer, font, points) > wide * mm:
                    self.text(x, y, line, font, points)
                    y, line = y + points * 0.46, word
                else:
                    line = longer
            if line:
                self.text(x, y, line, font, points)
            y += points * 0.46
        return y

    def rule(self, x: float, y: float, to_x: float, to_y: float, width: float = 0.6) -> None:
        """A line of a table or form, its width in points."""
        self.canvas.setLineWidth(width)
        self.canvas.line(x * mm, (self.high - y) * mm, to_x * mm, (self.high - to_y) * mm)

    def box(self, x: float, y: float, wide: float, high: float) -> None:
        """An empty frame."""
        self.canvas.setLineWidth(0.5)
        self.canvas.rect(x * mm, (self.high - y - high) * mm, wide * mm, high * mm)

    def document(self) -> Document:
        """The sheet as a PDF."""
        self.canvas.showPage()
        self.canvas.save()
        return Document(self._file.getvalue(), "application/pdf", "sheet.pdf")


def _letter_text(number: int) -> list[str]:
    """The blocks of one of the English letters: two addresses, a date line, references, then paragraphs."""
    case = Letters(_ENGLISH[-1]).load(f"letter-{_ENGLISH[number]:04d}.txt")
    return [block for block in case.document.data.decode().split("\n\n") if block.strip()]


def _letter() -> Document:
    drawing = _Drawing(_A5)
    _sender, recipient, date, reference, greeting, opening, _, demand, *_ = _letter_text(0)
    places = (22, recipient), (60, date), (76, reference), (98, greeting), (110, opening), (128, demand)
    for y, block in places:
        drawing.paragraph(16, y, 116, block.strip(), "Arimo", 10.5)
    drawing.text(16, 164, "Yours faithfully,", "Arimo", 10.5)
    drawing.text(16, 194, "Registered in England 0417735", "Arimo", 8)
    return drawing.document()


def _letter_in_serif() -> Document:
    drawing = _Drawing(_A5)
    _sender, _, date, reference, greeting, opening, news, *_, closing = _letter_text(1)
    places = (26, date), (50, reference), (76, greeting), (92, opening), (114, news), (180, closing)
    for y, block in places:
        drawing.paragraph(18, y, 112, block.strip(), "EB Garamond", 12)
    return drawing.document()


def _columns() -> Document:
    drawing = _Drawing(_A6)
    drawing.text(10, 16, "Notes from the yard", "PT Serif", 14)
    _, _, _, _, _, opening, contract, renewal, *_ = _letter_text(2)
    for x, blocks in ((10, (opening, contract)), (56, (renewal, _letter_text(0)[6]))):
        for y, block in zip((32, 92), blocks, strict=True):
            drawing.paragraph(x, y, 39, block.replace("\n", " "), "PT Serif", 9)
    return drawing.document()


def _small_columns() -> Document:
    drawing = _Drawing(_A7, tint=(1, 1, 1))
    drawing.canvas.setFillColor(_NAVY)
    drawing.text(7, 11, "Terms of delivery", "Open Sans", 11)
    drawing.canvas.setFillColor(_BLACK)
    for column, block in enumerate((_letter_text(0)[6], _letter_text(1)[7])):
        drawing.paragraph(7 + 49 * column, 22, 42, block.replace("\n", " "), "Open Sans", 8)
    drawing.text(7, 66, "Edition of 4 May 2025", "Open Sans", 8)
    return drawing.document()


def _invoice() -> Document:
    return Invoices(9).load("invoice-0009.pdf").document


_ROWS = (
    ("03 Feb", "Opening balance", "", "1,204.18"),
    ("05 Feb", "Northern Rail season ticket", "312.40", "891.78"),
    ("09 Feb", "Refund Maple Street Garage", "58.25", "950.03"),
    ("12 Feb", "Council tax February", "164.00", "786.03"),
    ("17 Feb", "Salary Harper and Sons", "2,310.77", "3,096.80"),
    ("21 Feb", "Water services quarter", "87.36", "3,009.44"),
    ("26 Feb", "Bakery and groceries", "45.92", "2,963.52"),
)


def _statement() -> Document:
    drawing = _Drawing(_A6[::-1])
    drawing.text(14, 13, "Statement of account", "Helvetica", 13)
    drawing.text(14, 20, "Account 20481177   Sheet 14", "Helvetica", 9)
    drawing.text(14, 100, "Please check every entry", "Helvetica", 9)
    edges = (14, 31, 84, 108, 134)
    for number, row in enumerate((("Date", "Details", "Amount", "Balance"), *_ROWS)):
        y = 29 + 8.5 * number
        for at, cell in enumerate(row):
            if cell:
                drawing.text(edges[at + 1] - 2 if at > 1 else edges[at] + 2, y, cell, "Helvetica", 9, right=at > 1)
        drawing.rule(edges[0], y + 3, edges[-1], y + 3)
    drawing.rule(edges[0], 23.5, edges[-1], 23.5, 1)
    for edge in edges:
        drawing.rule(edge, 23.5, edge, 32 + 8.5 * len(_ROWS))
    return drawing.document()


_FIELDS = (
    ("Family name", "Whitcombe"),
    ("Given names", "Eleanor Ruth"),
    ("Date of birth", "14 March 1962"),
    ("Street and number", "27 Chapel Lane"),
    ("Town and postcode", "Ludlow SY8 1BW"),
    ("Telephone", "01584 370 226"),
    ("Policy number", "HK 5509 3318"),
    ("Reason for the claim", "Water damage in kitchen"),
)


def _form() -> Document:
    drawing = _Drawing(_A5)
    drawing.text(14, 20, "Claim form", "Arimo", 14)
    drawing.text(14, 27, "Please use capital letters where you can", "Arimo", 8)
    for number, (label, value) in enumerate(_FIELDS):
        x, y = 14 + 62 * (number % 2), 44 + 32 * (number // 2)
        drawing.text(x, y, label, "Arimo", 8)
        drawing.box(x, y + 1.5, 58, 8.5)
        drawing.text(x + 2, y + 7.5, value, "Plex Mono", 10)
    drawing.text(14, 190, "Signature of the person insured", "Arimo", 8)
    drawing.rule(14, 186, 72, 186)
    return drawing.document()


_BOUGHT = (
    ("Oat bread 800g", "2.45"),
    ("Butter salted", "2.19"),
    ("Apples Braeburn", "3.02"),
    ("Cheddar mature", "4.80"),
    ("Coffee ground", "5.65"),
    ("Paper towels", "1.99"),
    ("Tomatoes vine", "2.36"),
)


def _receipt() -> Document:
    drawing = _Drawing(_RECEIPT)
    for number, said in enumerate(("GREENFIELD STORES", "12 Market Square", "Thank you for your visit")):
        drawing.text(6, 12 + 7 * number, said, "Plex Mono", 10)
    y = 38.0
    for item, price in (*_BOUGHT, ("TOTAL GBP", "22.46"), ("Card payment", "22.46"), ("VAT included", "1.47")):
        # Ragged: whether Tesseract reads a column of prices alone is a matter of luck, degraded or not.
        drawing.text(6, y, f"{item} {price}", "Plex Mono", 10)
        y += 7
    drawing.text(6, y + 8, "16/04/2025 17:42 Till 03", "Plex Mono", 10)
    drawing.text(6, y + 16, "Receipt 004518", "Plex Mono", 10)
    return drawing.document()


def _notice() -> Document:
    drawing = _Drawing(_A6, tint=(0.99, 0.99, 0.97))
    drawing.canvas.setFillColor(Color(0.6, 0.1, 0.1))
    drawing.text(10, 22, "Notice", "Vera", 14)
    drawing.canvas.setFillColor(_BLACK)
    said = (
        "The lift will be out of service on Thursday between nine and noon. Please use the stairs at the back "
        "of the building.\nDeliveries are taken at the north gate.\nQuestions to the caretaker, room 104."
    )
    drawing.paragraph(10, 44, 86, said, "Vera", 13)
    drawing.text(10, 136, "Posted 2 June", "Vera", 10)
    return drawing.document()


def _typed() -> Document:
    drawing = _Drawing(_A6, tint=(0.955, 0.935, 0.88))
    _sender, recipient, date, _, greeting, opening, contract, *_ = _letter_text(3)
    for y, block in (15, recipient), (46, date), (58, greeting), (68, opening), (90, contract):
        drawing.paragraph(10, y, 88, block.strip(), "Courier", 10)
    drawing.text(10, 136, "Enclosure", "Courier", 10)
    return drawing.document()


# In an order in which the first few differ the most.
_LAYOUTS: dict[str, Callable[[], Document]] = {
    "letter": _letter,
    "receipt": _receipt,
    "columns": _columns,
    "statement": _statement,
    "letter in serif": _letter_in_serif,
    "form": _form,
    "notice": _notice,
    "invoice": _invoice,
    "small columns": _small_columns,
    "typed": _typed,
}


def sheets(count: int = len(_LAYOUTS)) -> Sequence[Sheet]:
    """The first so many of the ten.

    Raises:
        ModuleNotFoundError: a font is not there: they come with the `bench` extra.
    """
    for font, (package, file) in _FILES.items():
        folder = files(package) / ("fonts" if package == "reportlab" else "files")
        with as_file(folder / file) as path:
            pdfmetrics.registerFont(TTFont(font, str(path)))
    return [_sheet(name, layout()) for name, layout in itertools.islice(_LAYOUTS.items(), count)]


def _sheet(name: str, document: Document) -> Sheet:
    page = read_pdf(document)[0]
    clean = Page(np.ascontiguousarray(page.pixels), page.dpi)
    return Sheet(
        name,
        clean,
        tuple((word, place) for word, place in words(document) if place.page == 0 and any(map(str.isalnum, word))),
    )
