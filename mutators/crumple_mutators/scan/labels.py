"""Paper stuck on the page: sticky notes, and the barcode labels of the post room."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import SFC64, Generator
from numpy.typing import NDArray

from crumple import Degraded, Ladder, NotApplicable, Page, mutator
from crumple_mutators.scan.drawing.adhered import Laid, fitting, lay, shadow, spot
from crumple_mutators.scan.drawing.handwriting import WORDS, Hand
from crumple_mutators.scan.drawing.layout import Box
from crumple_mutators.scan.drawing.overlay import Canvas, Mask, bands, bilevel, ink_in, lay_on, marked, thresholded

_NOTES = ((250, 236, 120), (250, 236, 120), (248, 170, 196), (170, 222, 240), (190, 232, 150), (250, 196, 110))
_PENS = ((36, 54, 148), (34, 34, 40))
_LABEL = 249
_PRINT = 28
_PX_PER_MM = 8.0  # of what is drawn here
_MOST = 1800  # pixels of its longer side
_PREFIXES = ("", "IN", "MR", "SC", "D", "P")


@mutator(
    "scan.sticky_note",
    share=Ladder(0.01, 0.03, 0.08, 0.15, 0.30, unit="share of text area", zero=0),
    truth="lost",
)
def sticky_note(page: Page, share: float, rng: Generator) -> Degraded[Page]:
    """Leave a sticky note on the print, as on a page that went into the scanner with it; what it covers is lost.

    `share` is its area as a share of the text area, the box around everything printed. Place, shape, slant,
    colour and what is written on it are drawn; a larger one covers what a smaller one did. Its lower edge
    stands off the paper and throws a shadow.

    Ladder: of marks over text in the catalogue; 8 % of a full page is the usual 76 mm square.
    """
    at = spot(page, rng)
    if not share:
        return Degraded(page)
    aspect, slant = (1.0, 1.5, 0.75)[int(rng.integers(3))] * rng.uniform(0.97, 1.03), float(rng.normal(0, 4))
    colour, pen = _NOTES[int(rng.integers(len(_NOTES)))], _PENS[int(rng.integers(len(_PENS)))]
    size = fitting(share * at.mm2, aspect, page.size_mm)
    face = _note(size, colour, pen, Generator(SFC64(int(rng.integers(2**63)))))
    cover = np.full(face.shape[:2], 255, np.uint8)
    return _stuck(page, lay(page, (face, cover), size, slant, at, margin=6), stands_off=3.0)


@mutator(
    "scan.barcode_label",
    share=Ladder(0.01, 0.03, 0.08, 0.15, 0.30, unit="share of text area", zero=0),
    truth="lost",
)
def barcode_label(page: Page, share: float, rng: Generator) -> Degraded[Page]:
    """Stick the post room's barcode label on the print; what it covers is lost.

    `share` is its area as a share of the text area, the box around everything printed. Place, shape, slant
    and number are drawn; a larger one covers what a smaller one did.

    Ladder: of marks over text in the catalogue; 3 % of a full page is 57 x 24 mm, a usual
    size, and 30 % a parcel's label.
    """
    at = spot(page, rng)
    if not share:
        return Degraded(page)
    aspect, slant = float(rng.uniform(1.9, 2.8)), float(rng.normal(0, 2.5))
    size = fitting(share * at.mm2, aspect, page.size_mm)
    face, cover = _barcode(size, rng)
    return _stuck(page, lay(page, (face, cover), size, slant, at, margin=2), stands_off=0.6)


def _stuck(page: Page, laid: Laid, *, stands_off: float) -> Degraded[Page]:
    """The page with paper stuck on it, and the shadow of its edge."""
    face, cover = laid.faces
    hidden = cover >= 128
    if not hidden.any():
        raise NotApplicable("it is smaller than a pixel of this page")
    pixels = page.pixels.copy()
    part = pixels[laid.place]
    light = shadow(cover, page, mm=stands_off, depth=0.42)
    cv2.multiply(part, light if page.grey else cv2.merge([light] * 3), part, scale=1 / 255)
    lay_on(part, np.asarray(cv2.cvtColor(face, cv2.COLOR_RGB2GRAY), np.uint8) if page.grey else face, cover)
    if bilevel(page):
        thresholded(part)
    return Degraded(marked(page, pixels), lost=bands(hidden, page, laid.corner))


def _upright(size: tuple[float, float]) -> tuple[int, int, float]:
    """Width and height in pixels of something to draw, and its pixels per mm."""
    scale = min(_PX_PER_MM, _MOST / max(size))
    return max(4, round(size[0] * scale)), max(4, round(size[1] * scale)), scale


def _note(
    size: tuple[float, float], colour: tuple[int, int, int], pen: tuple[int, int, int], rng: Generator
) -> NDArray[np.uint8]:
    """A sticky note from the front: lighter towards its lower edge, which bends up, and written on."""
    wide, high, scale = _upright(size)
    bend = np.concatenate([np.linspace(0.95, 0.985, 3), np.full(6, 0.985), (1.0, 1.02, 1.035)])
    tone = np.outer(bend, np.ones(4)) * rng.uniform(0.985, 1.0, (len(bend), 4))
    field = cv2.resize(np.rint(200 * tone).astype(np.uint8), (wide, high), interpolation=cv2.INTER_CUBIC)
    steps = np.arange(256) / 200
    tables = [np.minimum(255, np.rint(shade * steps)).astype(np.uint8) for shade in colour]
    face = np.asarray(cv2.merge([cv2.LUT(field, table) for table in tables]), dtype=np.uint8)
    sheet = Page(face, (scale * 25.4, scale * 25.4))
    hand = Hand.drawn(rng)
    canvas = Canvas(sheet, Box(0, 0, wide / scale, high / scale))
    y = 0.12 * size[1] + 2.2 * hand.x_height
    while y < size[1] - hand.x_height:
        x = 0.08 * size[0] + rng.uniform(0, 4)
        for word in (WORDS[each] for each in rng.integers(len(WORDS), size=40).tolist()):
            if x + hand.length(word) > size[0] * 0.95 or rng.random() < 0.08:
                break
            for path, widths in hand.write(word, x, y, rng):
                canvas.stroke(path, widths)
            x += hand.length(word)
        y += hand.pitch
        if rng.random() < 0.2:
            break
    ink_in(face, canvas.coverage(), pen)
    return face


def _barcode(size: tuple[float, float], rng: Generator) -> tuple[NDArray[np.uint8], Mask]:
    """A label of thermal print: bars, the number under them, the day above; and its round-cornered outline."""
    from PIL import Image, ImageDraw, ImageFont  # heavy, only for lettering

    wide, high, _ = _upright(size)
    number = _PREFIXES[int(rng.integers(len(_PREFIXES)))] + f"{int(rng.integers(10**7, 10**8)):09d}"
    day, month, year = int(rng.integers(1, 29)), int(rng.integers(1, 13)), int(rng.integers(2015, 2026))
    above = f"{day:02d}.{month:02d}.{year} {int(rng.integers(7, 17)):02d}:{int(rng.integers(60)):02d}"
    # Bars and gaps of one to four modules, as in Code 128.
    modules = np.repeat(np.arange(90) % 2, rng.choice((1, 2, 3, 4), 90, p=(0.5, 0.27, 0.15, 0.08)))
    # A worn print head leaves pale lines across.
    worn = np.where(rng.random(40) < 0.06, 0.5, 1.0)
    label = Image.new("L", (wide, high), _LABEL)
    draw = ImageDraw.Draw(label)
    for text, middle, tall in ((above, 0.13, 0.13), (number, 0.87, 0.16)):
        font = ImageFont.load_default(max(4.0, tall * high))
        draw.text((wide / 2, middle * high), text, fill=_PRINT, font=font, anchor="mm")
    grey = np.array(label)
    bars = cv2.resize(
        np.outer(worn, 1 - modules), (max(1, int(0.84 * wide)), max(1, int(0.5 * high))), interpolation=cv2.INTER_AREA
    )
    top, left = int(0.23 * high), int(0.08 * wide)
    shown = np.rint(_LABEL - (_LABEL - _PRINT) * bars).astype(np.uint8)
    room = grey[top : top + bars.shape[0], left : left + bars.shape[1]]
    room[:] = shown[: room.shape[0], : room.shape[1]]
    cover = Image.new("L", (wide, high), 0)
    ImageDraw.Draw(cover).rounded_rectangle((0, 0, wide - 1, high - 1), round(0.04 * high), fill=255)
    return np.asarray(cv2.merge([grey] * 3), dtype=np.uint8), np.array(cover)
