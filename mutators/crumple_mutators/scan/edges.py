"""What is at the sheet's edges and beyond them: a frame that ends too early, a black lid, the next page."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crumple import Degraded, Ladder, NotApplicable, Page, Region, mutator
from crumple_mutators.scan.drawing.grain import random_bytes
from crumple_mutators.scan.drawing.losses import altered, lost_ink
from crumple_mutators.scan.drawing.surface import paper
from crumple_mutators.scan.drawing.texture import Box, Field, noise, sheet_mm

SOFT_MM = 0.13  # how sharp a scanner sees an edge
_STEPS = 100  # of a millimetre
_BENDS_MM = 0.25
_SHADOW_MM = 2.0
_GUTTER_MM = 11.0
_SEEN = 8  # shades that padding is off the paper, so that an empty margin too is seen to be missing
_MOST = 0.9  # of the page, what a strip takes


@mutator(
    "scan.cut_off", mm=Ladder(5.0, 15.0, 25.0, 40.0, 60.0, unit="mm", zero=0), truth=("same", "lost"), refusable_from=5
)
def cut_off(page: Page, mm: float, rng: Generator) -> Degraded[Page]:
    """Leave out a strip at one edge, as a scan area that was set too small; software pads the page to its size.

    The padding is white, or the grey or black of a scanner's lid; never what the paper is. Print in the strip is
    lost; what is left stays where it was. Edge and padding are drawn.

    Ladder: measured with Tesseract 5.3 on a 10 pt page with margins of 20 mm: 0, 0, .005, .06, .19.
    """
    edge = _Edge(page, int(rng.integers(4)))
    lid = int(rng.integers(195, 225))
    padding = (255, 255, lid, int(rng.integers(30)))[int(rng.integers(4))]
    if np.abs(np.array(paper(page)) - padding).max() < _SEEN:
        padding = lid
    if not mm:
        return Degraded(page)
    deep = edge.pixels(mm)
    pixels = page.pixels.copy()
    edge.turned(pixels)[:, :deep] = padding
    lost = edge.lost(page, np.ones((edge.along, deep), bool))
    return Degraded(altered(page, pixels, edge.strip(deep)), lost=lost)


@mutator(
    "scan.black_border",
    mm=Ladder(2.0, 5.0, 10.0, 18.0, 30.0, unit="mm", zero=0),
    truth=("same", "lost"),
    refusable_from=5,
)
def black_border(page: Page, mm: float, rng: Generator) -> Degraded[Page]:
    """Frame the page in black, as a copier whose lid is open does around a sheet that is too small or lies askew.

    `mm` is the width of the border where it is widest; the other sides have less or, often, none, and none is
    quite parallel to the page. What is under it is lost. Sides, widths and slants are drawn.

    Ladder: no measurement; office sheets have margins of 15 to 25 mm.
    """
    sides = [_Edge(page, int(side)) for side in rng.permutation(4)]
    widths = (1.0, *(rng.uniform(0.15, 0.9, 3) * (rng.random(3) < (0.85, 0.6, 0.45))).tolist())
    courses = [_Course(edge.length, rng, lean=float(rng.uniform(-0.3, 0.3))) for edge in sides]
    blacks = [(int(rng.integers(8, 26)), edge.grain(rng)) for edge in sides]
    if not mm:
        return Degraded(page)
    sides[0].pixels(mm)
    pixels, lost = page.pixels.copy(), list[Region]()
    for edge, width, course, (black, grain) in zip(sides, widths, courses, blacks, strict=True):
        if edge.reaches(course.at(width * mm)):
            off = edge.offsets(course.at(width * mm), _SHADOW_MM)
            strip = edge.turned(pixels)[:, : off.shape[1]]
            # Some light gets in under the sheet's edge, which throws a narrow shadow on the sheet itself.
            far = _span(off)
            glow = _looked_up(off, (black + 24 * np.exp(far / 0.8)) * (far < SOFT_MM))
            rim = _looked_up(off, 255 * np.clip(far / SOFT_MM, 0, 1) * (1 - 0.4 * np.exp(-far / 0.5)))
            outside = cv2.multiply(glow, edge.spread(grain, off.shape), scale=1 / 128)
            strip[:] = cv2.max(_under(strip, rim), _like(strip, np.asarray(outside, dtype=np.uint8)))
            lost.extend(edge.lost(page, off < 0))
    return Degraded(altered(page, pixels), lost=lost)


@mutator(
    "scan.next_page_edge",
    mm=Ladder(3.0, 8.0, 16.0, 26.0, 38.0, unit="mm", zero=0),
    truth=("same", "lost"),
    refusable_from=5,
)
def next_page_edge(page: Page, mm: float, rng: Generator) -> Degraded[Page]:
    """Show a strip of the neighbouring page at the left or right, and the shadow of the gutter between the two.

    As a book or a stapled set that was laid on the glass too far to one side. `mm` is how wide the strip is;
    print under it is lost. The neighbour is the page itself, moved up or down. Side and slant are drawn.

    Ladder: no measurement; a page's inner margin is 15 to 25 mm.
    """
    edge = _Edge(page, int(rng.integers(2)))
    course = _Course(edge.length, rng, lean=float(rng.uniform(-0.15, 0.15)))
    moved, depth = float(rng.uniform(-14, 14)), float(rng.uniform(0.45, 0.8))
    fall, near, lifted = float(rng.uniform(2.5, 4.5)), float(rng.uniform(1.5, 3)), float(rng.uniform(0.1, 0.2))
    if not mm:
        return Degraded(page)
    edge.pixels(mm)
    off = edge.offsets(course.at(mm), _GUTTER_MM)
    # Paper bends down into the gutter on both sides; in the fold itself it is nearly black. The other page lies
    # less flat, and is greyer.
    far = _span(off)
    bend = depth * np.where(
        far < 0, lifted + (1 - lifted) * np.exp(far / near), np.exp(-far / fall) * (1 - far / _GUTTER_MM)
    )
    light = 255 * (1 - bend) * (1 - 0.75 * np.exp(-((far / 0.35) ** 2)))
    pixels = page.pixels.copy()
    strip = edge.turned(pixels)[:, : off.shape[1]]
    covered = off < 0
    wide = int(covered.any(axis=0).sum())
    shown = np.ascontiguousarray(strip)
    cv2.copyTo(_neighbour(page, edge, wide, moved), covered[:, :wide].astype(np.uint8), shown[:, :wide])
    strip[:] = _under(shown, _looked_up(off, light))
    return Degraded(altered(page, pixels, edge.strip(off.shape[1])), lost=edge.lost(page, covered))


def lid(rng: Generator) -> float:
    """How bright what lies behind the sheet is: mostly a dark lid or an open one, or else a white one in the shade."""
    dark, light = float(rng.uniform(14, 70)), float(rng.uniform(185, 225))
    return dark if rng.random() < 0.65 else light


@dataclass(frozen=True, slots=True, init=False)
class _Course:
    """How far a border reaches inwards along an edge: it leans to one end, and paper is never quite straight.

    Attributes:
        shares: of its greatest width, at every millimetre.
        bends: what is taken off it there, in mm.
    """

    shares: Field
    bends: Field

    def __init__(self, length: float, rng: Generator, *, lean: float) -> None:
        waves = noise((length, 1), rng, 90, octaves=3).mean(axis=0)
        at = np.linspace(0, 1, max(2, round(length)))
        shares = 1 + lean * (at - 0.5)
        bends = _BENDS_MM * np.interp(at, np.linspace(0, 1, len(waves)), waves.max() - waves)
        object.__setattr__(self, "shares", (shares / shares.max()).astype(np.float32))
        object.__setattr__(self, "bends", bends.astype(np.float32))

    def at(self, mm: float) -> Field:
        """In mm at every millimetre, where it is this wide."""
        return np.asarray(np.maximum(0, mm * self.shares - self.bends), dtype=np.float32)


@dataclass(frozen=True, slots=True, init=False)
class _Edge:
    """One edge of a page, looked at as if it were the left one: rows run along it, columns from it inwards.

    Attributes:
        side: 0 left, 1 right, 2 top, 3 bottom.
        along: its length in pixels.
        deep: how many pixels the page goes inwards.
        per_mm: pixels a millimetre, along and inwards.
        length: in mm, the same at any resolution.
    """

    side: int
    along: int
    deep: int
    per_mm: tuple[float, float]
    length: float

    def __init__(self, page: Page, side: int) -> None:
        across, down = page.px(1)
        for name, upright, lying in (
            ("along", page.height, page.width),
            ("deep", page.width, page.height),
            ("per_mm", (down, across), (across, down)),
            ("length", sheet_mm(page)[1], sheet_mm(page)[0]),
        ):
            object.__setattr__(self, name, upright if side < 2 else lying)
        object.__setattr__(self, "side", side)

    def turned(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A view of the page's pixels from this edge."""
        across = pixels if self.side < 2 else np.swapaxes(pixels, 0, 1)
        return across[:, ::-1] if self.side % 2 else across

    def strip(self, deep: int) -> Box:
        """Where on the page a strip along this edge is, so many pixels deep."""
        inwards = slice(self.deep - deep, self.deep) if self.side % 2 else slice(0, deep)
        along = slice(0, self.along)
        return (along, inwards) if self.side < 2 else (inwards, along)

    def pixels(self, mm: float) -> int:
        """How many pixels inwards this is.

        Raises:
            NotApplicable: none.
        """
        deep = min(round(mm * self.per_mm[1]), int(_MOST * self.deep))
        if not deep:
            raise NotApplicable(f"{mm:g} mm at the edge are less than a pixel of this page")
        return deep

    def grain(self, rng: Generator) -> NDArray[np.uint8]:
        """Noise for what lies beyond the sheet, of half a millimetre."""
        return random_bytes(rng, (max(2, round(2 * self.length)), 90))

    def spread(self, grain: NDArray[np.uint8], shape: tuple[int, ...]) -> NDArray[np.uint8]:
        """Grain over a strip along the edge, repeated where the strip is wider: about 128 on average."""
        columns = max(1, round(2 * shape[1] / self.per_mm[1]))
        wide = np.take(grain, np.arange(columns) % grain.shape[1], axis=1)
        soft = cv2.addWeighted(wide, 0.5, wide, 0, 64)
        return np.asarray(cv2.resize(soft, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)

    def reaches(self, course: Field) -> bool:
        """Whether a border covers a pixel."""
        return bool(course.max() * self.per_mm[1] >= 1)

    def offsets(self, course: Field, beyond: float) -> NDArray[np.int32]:
        """How far inwards of a border each pixel of a strip is, in steps of 1/100 mm; below 0 it is under it.

        Args:
            course: of the border, in mm.
            beyond: how far the strip goes on, in mm.
        """
        most = _MOST * self.deep / self.per_mm[1]
        rows = np.interp(
            (np.arange(self.along) + 0.5) / self.along, np.linspace(0, 1, len(course)), np.minimum(course, most)
        )
        wide = min(self.deep, int(np.ceil((rows.max() + beyond) * self.per_mm[1])))
        columns = (np.arange(wide) + 0.5) / self.per_mm[1]
        inwards, until = (np.rint(_STEPS * each).astype(np.int32) for each in (columns, rows))
        return np.asarray(inwards[None, :] - until[:, None])

    def lost(self, page: Page, hidden: NDArray[np.bool_]) -> tuple[Region, ...]:
        """The ink in a part of the page that starts at this edge."""
        ahead = hidden[:, ::-1] if self.side % 2 else hidden
        return lost_ink(page, (self.strip(hidden.shape[1]), ahead if self.side < 2 else ahead.T))


def _neighbour(page: Page, edge: _Edge, wide: int, moved: float) -> NDArray[np.uint8]:
    """The strip of the other page that ends at the gutter, seen from the edge; paper where it was moved away."""
    other = _Edge(page, edge.side ^ 1).turned(page.pixels)[:, :wide][:, ::-1]
    shift = round(moved * edge.per_mm[0])
    strip = np.empty_like(other, order="C")
    to, start, length = max(0, shift), max(0, -shift), max(0, edge.along - abs(shift))
    strip[to : to + length] = other[start : start + length]
    strip[:to] = strip[to + length :] = paper(page) if not page.grey else paper(page)[0]
    return strip


def _under(strip: NDArray[np.uint8], light: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A strip in this light, 255 for all of it."""
    return np.asarray(cv2.multiply(np.ascontiguousarray(strip), _like(strip, light), scale=1 / 255), dtype=np.uint8)


def _like(strip: NDArray[np.uint8], values: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Grey values in as many channels as a strip has."""
    return np.asarray(values if strip.ndim == 2 else cv2.cvtColor(values, cv2.COLOR_GRAY2RGB), dtype=np.uint8)


def _span(offsets: NDArray[np.int32]) -> NDArray[np.float64]:
    """Every distance that there is in a strip, in mm."""
    return np.arange(int(offsets.min()), int(offsets.max()) + 1) / _STEPS


def _looked_up(offsets: NDArray[np.int32], values: NDArray[np.float64]) -> NDArray[np.uint8]:
    """The grey values that are given for each distance of `_span`, at the pixels of a strip."""
    table = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return np.asarray(np.take(table, offsets - offsets.min()))
