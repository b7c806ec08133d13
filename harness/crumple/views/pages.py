"""Pages as pixels: what a scanner, a fax or a camera makes of a document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from crumple.document import Document

Pixels: TypeAlias = NDArray[np.uint8]

MM_PER_INCH = 25.4
_PAPERS = ((210.0, 297.0), (215.9, 279.4))  # A4 and US Letter, in mm
_USUAL_DPI = 200.0


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Where a page was read from, so that a writer can tell what was changed.

    Attributes:
        document: the document that held it.
        index: which of its pages it was, from 0.
        count: how many pages that document has.
        pixels: what was read.
        dpi: as the page had it.
    """

    document: Document
    index: int
    count: int
    pixels: Pixels
    dpi: tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """One page as pixels.

    Attributes:
        pixels: read-only, uint8: (height, width) grey, or (height, width, 3) RGB.
        dpi: pixels an inch, across and down; they differ on a fax.
        source: where it was read from; None for a page that was made up.
    """

    pixels: Pixels
    dpi: tuple[float, float]
    source: Source | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        pixels = self.pixels
        if pixels.dtype != np.uint8 or pixels.ndim not in (2, 3) or pixels.shape[2:] not in ((), (3,)):
            raise ValueError(
                f"a page's pixels are uint8, (height, width) or (height, width, 3); got {pixels.dtype} {pixels.shape}"
            )
        if not pixels.size:
            raise ValueError(f"a page has at least one pixel, got {pixels.shape}")
        if min(self.dpi) <= 0:
            raise ValueError(f"a page's dpi is above 0, got {self.dpi}")
        if pixels.flags.writeable:
            frozen = pixels.view()
            frozen.flags.writeable = False
            object.__setattr__(self, "pixels", frozen)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Page):
            return NotImplemented
        return self.dpi == other.dpi and (self.pixels is other.pixels or np.array_equal(self.pixels, other.pixels))

    def __hash__(self) -> int:
        return hash((self.pixels.shape, self.dpi))

    @property
    def width(self) -> int:
        """Pixels across."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Pixels down."""
        return int(self.pixels.shape[0])

    @property
    def grey(self) -> bool:
        """Whether it has no colour."""
        return self.pixels.ndim == 2

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height of the sheet in millimetres."""
        return self.width / self.dpi[0] * MM_PER_INCH, self.height / self.dpi[1] * MM_PER_INCH

    def px(self, mm: float) -> tuple[float, float]:
        """A length on the sheet in this page's pixels, across and down."""
        return mm * self.dpi[0] / MM_PER_INCH, mm * self.dpi[1] / MM_PER_INCH

    @property
    def unchanged(self) -> bool:
        """Whether it is still, pixel for pixel, what was read from its source."""
        return self.source is not None and self.pixels is self.source.pixels and self.dpi == self.source.dpi

    def with_pixels(self, pixels: Pixels) -> Page:
        """The same sheet with other pixels; it counts as changed, even where the values are the same."""
        return replace(self, pixels=pixels.view() if pixels is self.pixels else pixels)


@dataclass(frozen=True, slots=True)
class Pages:
    """All pages of a document, in order."""

    pages: tuple[Page, ...]

    def __len__(self) -> int:
        return len(self.pages)

    def __iter__(self) -> Iterator[Page]:
        return iter(self.pages)

    def __getitem__(self, index: int) -> Page:
        return self.pages[index]

    def unchanged(self, document: Document) -> bool:
        """Whether these are exactly the pages that `document` was read as."""
        return bool(self.pages) and all(
            page.unchanged
            and page.source is not None
            and page.source.index == index
            and page.source.count == len(self.pages)
            and page.source.document == document
            for index, page in enumerate(self.pages)
        )


def read_page(document: Document, index: int, count: int, pixels: Pixels, dpi: tuple[float, float]) -> Page:
    """A page as a reader hands it out: frozen, and knowing where it came from."""
    pixels.flags.writeable = False
    return Page(pixels, dpi, Source(document, index, count, pixels, dpi))


def estimated_dpi(width: int, height: int) -> float:
    """The resolution of a page whose file does not say one.

    A4 or US Letter, upright or lying, where its shape is within 1.5 % of that sheet's; else 200 dpi,
    what office scanners are set to.
    """
    short, long = sorted((width, height))
    for paper_short, paper_long in _PAPERS:
        if abs((long / short) / (paper_long / paper_short) - 1) < 0.015:
            return round(long / paper_long * MM_PER_INCH, 1)
    return _USUAL_DPI
