"""Pages as pixels: what a scanner, a fax or a camera makes of a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from crumple.document import Document
from crumple.errors import NotApplicable
from crumple.places import Region
from crumple.views.bend import STILL, Bend, Move, Projection, lit, relaid

Pixels: TypeAlias = NDArray[np.uint8]

MM_PER_INCH = 25.4
_PAPERS = ((210.0, 297.0), (215.9, 279.4))  # A4 and US Letter, in mm
_USUAL_DPI = 200.0
_WIDEST = 32_766  # pixels, of what OpenCV resamples


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


class Page:
    """One page as pixels. It does not change; what makes another of it keeps where that came from.

    Moves of its points (`bent`) are gathered, and drawn in one resampling when pixels are asked for.

    Attributes:
        dpi: pixels an inch, across and down; they differ on a fax.
        source: where it was read from; None for a page that was made up.
        bend: how it was moved and bent since it was read.
        text_layer: invisible words to be put under the page where its format can: (word, place on this page).
    """

    __slots__ = ("_fill", "_flat", "_frame", "_light", "_pending", "_pixels", "bend", "dpi", "source", "text_layer")

    _pixels: Pixels | None
    _flat: Pixels
    _pending: Bend
    _fill: tuple[int, ...]
    _light: NDArray[np.float32] | None
    _frame: tuple[int, int]

    def __init__(self, pixels: Pixels, dpi: tuple[float, float], source: Source | None = None) -> None:
        """Take pixels: uint8, (height, width) grey, or (height, width, 3) RGB; they are frozen.

        Raises:
            ValueError: other pixels, none, or a dpi of 0 or less.
        """
        if pixels.dtype != np.uint8 or pixels.ndim not in (2, 3) or pixels.shape[2:] not in ((), (3,)):
            raise ValueError(
                f"a page's pixels are uint8, (height, width) or (height, width, 3); got {pixels.dtype} {pixels.shape}"
            )
        if not pixels.size:
            raise ValueError(f"a page has at least one pixel, got {pixels.shape}")
        if min(dpi) <= 0:
            raise ValueError(f"a page's dpi is above 0, got {dpi}")
        if pixels.flags.writeable:
            pixels = pixels.view()
            pixels.flags.writeable = False
        self._pixels, self._flat, self._pending, self._fill = pixels, pixels, STILL, ()
        self._light = None
        self._frame = int(pixels.shape[1]), int(pixels.shape[0])
        self.dpi, self.source, self.bend = dpi, source, STILL
        self.text_layer: tuple[tuple[str, Region], ...] = ()

    def __repr__(self) -> str:
        return f"Page({self.width} x {self.height} {'grey' if self.grey else 'RGB'}, dpi={self.dpi})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Page):
            return NotImplemented
        return (
            self.dpi == other.dpi
            and self.text_layer == other.text_layer
            and (self.pixels is other.pixels or np.array_equal(self.pixels, other.pixels))
        )

    def __hash__(self) -> int:
        return hash((self._frame, self.dpi))

    @property
    def pixels(self) -> Pixels:
        """Read-only, uint8: (height, width) grey, or (height, width, 3) RGB."""
        if self._pixels is None:
            still = not self._pending.moves
            drawn = self._flat if still else self._pending.draw(self._flat, self._frame, self._fill)
            self._pixels = drawn if self._light is None else lit(drawn, self._light)
            self._pixels.flags.writeable = False
        return self._pixels

    @property
    def width(self) -> int:
        """Pixels across."""
        return self._frame[0]

    @property
    def height(self) -> int:
        """Pixels down."""
        return self._frame[1]

    @property
    def grey(self) -> bool:
        """Whether it has no colour."""
        return self._flat.ndim == 2

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
        return (
            self.source is not None
            and self._pixels is self.source.pixels
            and self.dpi == self.source.dpi
            and not self.text_layer
        )

    def with_pixels(self, pixels: Pixels) -> Page:
        """The same sheet with other pixels; it counts as changed, even where the values are the same."""
        page = Page(pixels.view() if pixels is self._pixels else pixels, self.dpi, self.source)
        page.bend, page.text_layer = self.bend, self.text_layer
        return page

    def with_text_layer(self, words: Iterable[tuple[str, Region]]) -> Page:
        """The same page with these invisible words under it; places are shares of the page."""
        page = copy(self)
        page.text_layer = tuple(words)
        return page

    def bent(self, move: Move, fill: tuple[int, ...]) -> Page:
        """The page with its points moved, in a frame of the same size; several moves are drawn as one.

        Args:
            move: where the points go.
            fill: the colour, one number or three, where the page does not reach; what lies beyond the edges
                of a page that was bent before keeps the colour that it was given then.

        Raises:
            NotApplicable: the page is too large to be drawn.
        """
        if max(self._frame) > _WIDEST:
            raise NotApplicable(f"a page of more than {_WIDEST:,} pixels across cannot be bent")
        page = copy(self)
        page._pixels, page._fill = None, self._fill or fill
        page._pending, page.bend = self._pending.then(move), self.bend.then(move)
        page._light = None if self._light is None else relaid(self._light, self._light.shape, Bend((move,)))
        page.text_layer = _moved(self.text_layer, move)
        return page

    def afresh(self) -> Page:
        """The same page as if it came from nowhere: what `bend` says from here on is of what follows alone."""
        page = copy(self)
        page.source, page.bend = None, STILL
        return page

    def following(self, before: Page) -> Page:
        """This page, which was made of `before.afresh()`, as one that comes from where `before` does."""
        page = copy(self)
        page.source, page.bend = before.source, Bend((*before.bend.moves, *self.bend.moves))
        return page

    def lit(self, light: NDArray[np.float32]) -> Page:
        """A page that was bent, in the light that falls on its slopes; moves that follow take it with them.

        Args:
            light: (rows, columns) over the page; 1 is as it was, more is brighter, up to 1.27.
        """
        page = copy(self)
        page._pixels = None
        if self._light is not None:
            light = light * relaid(self._light, (light.shape[0], light.shape[1]), STILL)
        page._light = light
        return page

    def turned(self, quarters: int) -> Page:
        """The page turned clockwise by quarters of a full turn; no pixel is changed."""
        pixels = np.ascontiguousarray(np.rot90(self.pixels, -quarters))
        once = np.array([[0, -1, 1], [1, 0, 0], [0, 0, 1]], dtype=np.float64)
        return self._rearranged(pixels, np.linalg.matrix_power(once, quarters % 4), swapped=quarters % 2 == 1)

    def mirrored(self) -> Page:
        """The page flipped left to right."""
        pixels = np.ascontiguousarray(self.pixels[:, ::-1])
        return self._rearranged(pixels, np.array([[-1, 0, 1], [0, 1, 0], [0, 0, 1]], dtype=np.float64), swapped=False)

    def _rearranged(self, pixels: Pixels, matrix: NDArray[np.float64], *, swapped: bool) -> Page:
        move = Projection(matrix)
        page = Page(pixels, self.dpi[::-1] if swapped else self.dpi, self.source)
        page.bend, page.text_layer = self.bend.then(move), _moved(self.text_layer, move)
        return page


def _moved(words: Iterable[tuple[str, Region]], move: Move) -> tuple[tuple[str, Region], ...]:
    """Words of a text layer where they stand after a move; those that left the page are gone."""
    bend = Bend((move,))
    return tuple((word, place) for word, before in words if (place := bend.destination(before)) is not None)


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
