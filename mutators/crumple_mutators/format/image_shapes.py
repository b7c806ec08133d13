"""Images that are no plain picture of a sheet: on a canvas of many times its width, moving, a single pixel."""

from __future__ import annotations

import io

import numpy as np
from numpy.random import Generator

from crumple import ALL, Degraded, Document, Ladder, NotApplicable, Page, Projection, mutator
from crumple_mutators.format.images import JPEG, PNG, TIFF, pages_of, saved

_MOST_PIXELS = 100_000_000
_MARK_SHARE = 0.02  # of the page's width: the square in its corner that blinks
_INK, _PAPER = 40, 255


@mutator(
    "format.wide_canvas",
    only=["image/"],
    refusable_from=4,
    width=Ladder(5_000, 10_000, 15_000, 20_000, 30_000, unit="pixels"),
)
def wide_canvas(page: Page, width: int, rng: Generator) -> Page:
    """Save the page on a white canvas many times as wide, as screenshots of endless pages and plotters' files are.

    No pixel of the page is lost, so the answer is the same; whoever brings it to a fixed width reads nothing. From
    20,000 pixels on refusing is acceptable. Not beyond 100 million pixels. Ladder: up to the catalogue's 30,000.
    """
    if page.width >= width:
        raise NotApplicable(f"it is {width:,} pixels wide already")
    if page.height * width > _MOST_PIXELS:
        raise NotApplicable("it is too high for such a canvas")
    pixels = np.full((page.height, int(width), *page.pixels.shape[2:]), _PAPER, np.uint8)
    pixels[:, : page.width] = page.pixels
    canvas = page.with_pixels(pixels)
    canvas.bend = page.bend.then(Projection(np.diag([page.width / width, 1.0, 1.0])))
    return canvas


@mutator("format.animated", only=[PNG], refusable_from=1, frames=Ladder(1, 2, 5, 10, 20, unit="frames behind it"))
def animated(document: Document, frames: int, rng: Generator) -> bytes:
    """Save the page as a film (APNG) in whose corner a mark blinks, as screen recorders and banners are.

    Every frame shows the page, and the first is it, so the answer is the same; a reader may refuse to choose one of
    several, as crumple's own does. Ladder: a first guess, uncalibrated.
    """
    from PIL import Image  # heavy, and only for images

    page = pages_of(document)[0]
    side = max(1, round(_MARK_SHARE * page.width))
    marked = np.array(page.pixels)
    corner = marked[:side, :side]
    corner[...] = _PAPER if int(corner.mean()) < (_INK + _PAPER) // 2 else _INK
    shown = [Image.fromarray(page.pixels), Image.fromarray(marked)]
    film = [shown[number % 2] for number in range(1, int(frames) + 1)]
    out = io.BytesIO()
    shown[0].save(out, "PNG", save_all=True, append_images=film, duration=500, dpi=page.dpi, compress_level=1)
    return out.getvalue()


@mutator("format.one_pixel", only=[PNG, JPEG, TIFF], truth="lost", refusable_from=1, level=5)
def one_pixel(document: Document, rng: Generator) -> Degraded[bytes]:
    """Leave one white pixel, as placeholders, tracking images and thumbnails that failed are.

    It is a sound image of nothing: all is lost, and refusing is acceptable.
    """
    from PIL import Image  # heavy, and only for images

    pages = pages_of(document)
    if (pages[0].width, pages[0].height) == (1, 1):
        raise NotApplicable("it is one pixel already")
    pixel = Image.fromarray(np.full((1, 1, *pages[0].pixels.shape[2:]), _PAPER, np.uint8))
    return Degraded(saved([pixel], document, pages), lost=ALL)


@mutator("format.tiff_jpeg", only=[TIFF], level=3)
def tiff_jpeg(document: Document, rng: Generator) -> bytes:
    """Pack the pages of a TIFF as JPEG within it, as scanners and archives do that scan in colour.

    Packed at quality 95 they look as they did: same.
    """
    from PIL import Image  # heavy, and only for images

    pages = pages_of(document)
    return saved([Image.fromarray(page.pixels) for page in pages], document, pages, compression="jpeg", quality=95)
