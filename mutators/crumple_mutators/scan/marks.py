"""Marks made over what is printed: stamps."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crumple import Degraded, Ladder, NotApplicable, Page, Region, mutator
from crumple_mutators.scan.surface import ink, paper

_WORDS = ("RECEIVED", "ENTERED", "CHECKED", "SCANNED", "COPY", "ON FILE", "POSTED", "PROCESSED")
_INKS = ((38, 52, 122), (150, 28, 34), (70, 40, 110), (30, 92, 60), (40, 40, 44))
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_PX_PER_MM = 8.0  # of the stamp's own drawing
_BANDS = 16


@mutator("scan.stamp", share=Ladder(0.01, 0.03, 0.08, 0.15, 0.30, unit="share", zero=0), truth="lost")
def stamp(page: Page, share: float, rng: Generator) -> Degraded[Page]:
    """Put an opaque office stamp over something printed; what is under it is lost, the rest is not.

    `share` is the stamp's area as a share of the text area, the box around everything printed. Where it
    lands, its shape, ink, slant and words are drawn; a larger one covers what a smaller one did.

    Ladder: of marks over text in the catalogue, not calibrated.
    """
    printed = np.argwhere(ink(page))
    if not len(printed):
        raise NotApplicable("nothing is printed on the page")
    if not share:
        return Degraded(page)
    x, y = (4 * each + 2 for each in printed[rng.integers(len(printed))][::-1])
    (top, left), (bottom, right) = printed.min(axis=0) * 4, printed.max(axis=0) * 4 + 4
    mm2 = (right - left) / page.px(1)[0] * (bottom - top) / page.px(1)[1]
    design = _Design(rng)
    width, height = design.size(share * mm2, page.size_mm)
    face, cover = _laid(page, design.draw(width, height), (width, height), design.slant, (float(x), float(y)))
    if not cover.any():
        raise NotApplicable(f"a stamp on {share:.2g} of the text area is smaller than a pixel")
    return Degraded(page.with_pixels(_inked(page, face, cover, design.ink, rng)), lost=_bands(cover))


class _Design:
    """How one stamp looks, whatever its size; all of it drawn at once, so that levels differ in size alone."""

    def __init__(self, rng: Generator) -> None:
        self.ink = _INKS[int(rng.integers(len(_INKS)))]
        self.slant = float(rng.uniform(-9, 9))
        self.aspect = float(rng.uniform(1.7, 3.2))
        self.rounding = float(rng.choice((0.02, 0.2, 0.5)))
        day, month, year = int(rng.integers(1, 29)), int(rng.integers(12)), int(rng.integers(2015, 2026))
        self.lines = (_WORDS[int(rng.integers(len(_WORDS)))], f"{day:02d} {_MONTHS[month]} {year}")

    def size(self, mm2: float, sheet: tuple[float, float]) -> tuple[float, float]:
        """Width and height in mm of a stamp of this area that fits the sheet."""
        # Rounded corners take area away; the rest makes up for it.
        full = mm2 / (1 - (4 - np.pi) * (self.rounding / self.aspect) * self.rounding)
        width = min(float(np.sqrt(full * self.aspect)), 0.92 * sheet[0])
        return width, min(full / width, 0.92 * sheet[1])

    def draw(self, width: float, height: float) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """The stamp upright: where it leaves ink, and where it covers; 255 is all of it."""
        from PIL import Image, ImageDraw, ImageFont  # heavy, only for stamps

        scale = min(_PX_PER_MM, 1600 / max(width, height))
        w, h = max(4, round(width * scale)), max(4, round(height * scale))
        radius = round(self.rounding * h)
        cover = Image.new("L", (w, h), 0)
        ImageDraw.Draw(cover).rounded_rectangle((0, 0, w - 1, h - 1), radius, fill=255)
        face = cover.copy()
        draw = ImageDraw.Draw(face)
        rim = max(1, round(0.05 * h))
        inside = (rim, rim, max(rim + 1, w - 1 - rim), max(rim + 1, h - 1 - rim))
        draw.rounded_rectangle(inside, max(0, radius - rim), outline=60, width=max(1, rim // 2))
        room = 0.66 if self.rounding == 0.5 else 0.82
        for line, middle, tall in zip(self.lines, (0.36, 0.70), (0.36, 0.22), strict=True):
            font = ImageFont.load_default(max(4.0, tall * h))
            wide = draw.textlength(line, font=font)
            if wide > room * w:
                font = ImageFont.load_default(max(4.0, tall * h * room * w / wide))
            draw.text((w / 2, middle * h), line, fill=30, font=font, anchor="mm")
        return np.array(face), np.array(cover)


def _laid(
    page: Page,
    drawn: tuple[NDArray[np.uint8], NDArray[np.uint8]],
    size: tuple[float, float],
    slant: float,
    at: tuple[float, float],
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """The stamp's face, and what it covers, as images of the page's size; it is moved so that it fits."""
    high, wide = drawn[0].shape
    turn = np.deg2rad(slant)
    stretch = np.array([[size[0] / wide, 0], [0, size[1] / high]])
    rotate = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    linear = np.diag(page.px(1)) @ rotate @ stretch
    half = np.abs(linear) @ (wide / 2, high / 2)
    room = np.maximum(np.array([page.width, page.height]) - half, half)
    middle = np.clip(at, half, room)
    warp = np.column_stack([linear, middle - linear @ ((wide - 1) / 2, (high - 1) / 2)])
    frame = (page.width, page.height)
    face, cover = (cv2.warpAffine(each, warp, frame, flags=cv2.INTER_LINEAR) for each in drawn)
    return np.asarray(face, dtype=np.uint8), np.asarray(cover) >= 128


def _inked(
    page: Page, face: NDArray[np.uint8], cover: NDArray[np.bool_], colour: tuple[int, int, int], rng: Generator
) -> NDArray[np.uint8]:
    """The page with the stamp: ink that lies unevenly, paper colour where its words are; nothing shows through."""
    rows, columns = np.flatnonzero(cover.any(axis=1)), np.flatnonzero(cover.any(axis=0))
    box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    high, wide = cover[box].shape
    # Blotches of a few millimetres.
    grid = max(2, round(high / page.px(3)[1])), max(2, round(wide / page.px(3)[0]))
    blotches = cv2.resize(rng.uniform(0.88, 1.0, grid).astype(np.float32), (wide, high), interpolation=cv2.INTER_CUBIC)
    strength = (face[box] * np.float32(1 / 255) * np.clip(blotches, 0, 1))[..., None]
    background = np.array(paper(page), dtype=np.float32)
    shades = (np.dot(colour, (0.299, 0.587, 0.114)),) if page.grey else colour
    ink_colour = np.array(shades, dtype=np.float32)
    stamped = np.rint(background + (ink_colour - background) * strength).astype(np.uint8)
    pixels = page.pixels.copy()
    pixels[box][cover[box]] = (stamped[..., 0] if page.grey else stamped)[cover[box]]
    return pixels


def _bands(cover: NDArray[np.bool_]) -> tuple[Region, ...]:
    """What is covered, as bands from top to bottom: closer to a slanted stamp than the box around it."""
    high, wide = cover.shape
    rows = np.flatnonzero(cover.any(axis=1))
    edges = np.linspace(rows[0], rows[-1] + 1, min(_BANDS, len(rows)) + 1).astype(int)
    bands = []
    for top, bottom in itertools.pairwise(edges):
        columns = np.flatnonzero(cover[top:bottom].any(axis=0))
        left, right = float(columns[0]), float(columns[-1] + 1)
        bands.append(Region(0, left / wide, float(top) / high, right / wide, float(bottom) / high))
    return tuple(bands)
