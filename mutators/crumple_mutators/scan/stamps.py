"""Office stamps over what is printed."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crumple import Degraded, Ladder, NotApplicable, Page, mutator
from crumple_mutators.scan.drawing.adhered import fitting, lay, spot
from crumple_mutators.scan.drawing.layout import luminance
from crumple_mutators.scan.drawing.overlay import Mask, bands, bilevel, thresholded
from crumple_mutators.scan.drawing.surface import paper

_WORDS = ("RECEIVED", "ENTERED", "CHECKED", "SCANNED", "COPY", "ON FILE", "POSTED", "PROCESSED")
_INKS = ((38, 52, 122), (150, 28, 34), (70, 40, 110), (30, 92, 60), (40, 40, 44))
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_PX_PER_MM = 8.0  # of the stamp's own drawing


@mutator("scan.stamp", share=Ladder(0.01, 0.03, 0.08, 0.15, 0.30, unit="share", zero=0), truth="lost")
def stamp(page: Page, share: float, rng: Generator) -> Degraded[Page]:
    """Put an opaque office stamp over something printed; what is under it is lost, the rest is not.

    `share` is the stamp's area as a share of the text area, the box around everything printed. Where it
    lands, its shape, ink, slant and words are drawn; a larger one covers what a smaller one did.

    Ladder: of marks over text in the catalogue.
    """
    at = spot(page, rng)
    if not share:
        return Degraded(page)
    design = _Design(rng)
    width, height = design.size(share * at.mm2, page.size_mm)
    laid = lay(page, design.draw(width, height), (width, height), design.slant, at)
    cover = laid.faces[1] >= 128
    if not cover.any():
        raise NotApplicable(f"a stamp on {share:.2g} of the text area is smaller than a pixel")
    pixels = page.pixels.copy()
    _ink(page, pixels[laid.place], laid.faces[0], cover, design.ink, rng)
    return Degraded(page.with_pixels(pixels), lost=bands(cover, page, laid.corner))


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
        return fitting(full, self.aspect, sheet)

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


def _ink(
    page: Page,
    part: NDArray[np.uint8],
    face: Mask,
    cover: NDArray[np.bool_],
    colour: tuple[int, int, int],
    rng: Generator,
) -> None:
    """Stamp a part of the page in place: ink that lies unevenly, paper colour where its words are."""
    high, wide = face.shape
    # Blotches of a few millimetres.
    grid = max(2, round(high / page.px(3)[1])), max(2, round(wide / page.px(3)[0]))
    blotches = cv2.resize(rng.uniform(0.88, 1.0, grid).astype(np.float32), (wide, high), interpolation=cv2.INTER_CUBIC)
    strength = cv2.multiply(face, cv2.convertScaleAbs(blotches, alpha=255), scale=1 / 255)
    shades = (luminance(colour),) if page.grey else colour
    steps = np.arange(256) / 255
    mixed = [
        cv2.LUT(strength, np.rint(background + (shade - background) * steps).astype(np.uint8))
        for background, shade in zip(paper(page), shades, strict=True)
    ]
    cv2.copyTo(mixed[0] if page.grey else cv2.merge(mixed), cover.view(np.uint8), part)
    if bilevel(page):
        thresholded(part)
