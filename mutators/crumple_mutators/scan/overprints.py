"""Print that shares the sheet with the text: watermarks across the page, and the lines of a form through it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crumple import Ladder, Page, mutator
from crumple_mutators.scan.drawing.layout import Box, text_area, words
from crumple_mutators.scan.drawing.overlay import Mask, bilevel, ink_in, inked, marked, screened, thresholded

_WORDS = ("COPY", "DRAFT", "VOID", "CONFIDENTIAL", "DUPLICATE", "SAMPLE", "ORIGINAL", "NOT VALID", "PAID")
_PX_PER_MM = 3.0  # of a watermark, whose edges are soft
_WATER_INKS = ((0, 0, 0), (0, 0, 0), (190, 20, 30), (30, 60, 170))
_FORM_INKS = ((40, 40, 44), (90, 90, 96), (60, 96, 170), (196, 62, 58), (70, 140, 90))
_LINE_GAP_MM = 6.0


@mutator("scan.watermark", opacity=Ladder(0.05, 0.1, 0.2, 0.35, 0.5, unit="share", zero=0), refusable_from=5)
def watermark(page: Page, opacity: float, rng: Generator) -> Page:
    """Print COPY, DRAFT or the like across the page in a translucent tint, large once or small all over.

    `opacity` is the share of light that the tint takes where it takes most. The text stays on top of it.
    Word, slant, colour and kind are drawn; they are the same at any opacity.

    Ladder: of texture and show-through in the catalogue.
    """
    if not opacity:
        return page
    design = _watermark(page, rng)
    colour = _WATER_INKS[int(rng.integers(len(_WATER_INKS)))]
    tint = cv2.resize(design, (page.width, page.height), interpolation=cv2.INTER_LINEAR)
    pixels = inked(page, np.asarray(tint, dtype=np.uint8), colour, opacity)
    if bilevel(page):
        screened(pixels)
    return marked(page, pixels)


@mutator("scan.ruled_lines", share=Ladder(0.05, 0.15, 0.35, 0.65, 1, unit="share of lines", zero=0), refusable_from=5)
def ruled_lines(page: Page, share: float, rng: Generator) -> Page:
    """Run the lines of a form through the text, as on pre-printed paper that the printer fed a little too high.

    `share` is how many of the lines of text are crossed, all at the same height. The misfit, slant, breadth and
    ink of the rules, which lines they cross and the columns between them are drawn; more rules keep the fewer.

    Ladder: set by measurement; one crossed line costs its own words.
    """
    if not share:
        return page
    lines, area = words(page, _LINE_GAP_MM), text_area(page)
    raised, slope, width = rng.uniform(0.15, 0.55), rng.normal(0, 0.0025), rng.uniform(0.2, 0.45)
    ink = _FORM_INKS[int(rng.integers(len(_FORM_INKS)))]
    start, end = area.left - rng.uniform(1, 6), area.right + rng.uniform(1, 6)
    columns = int(rng.integers(2, 6))
    uprights = start + (end - start) * (np.arange(1, columns) + rng.uniform(-0.3, 0.3, columns - 1)) / columns
    levels = _levels(lines, raised)
    crossed = rng.permutation(len(levels))[: max(1, round(share * len(levels)))]
    one_bit = bilevel(page)
    pixels = page.pixels.copy()
    for level in (levels[index] for index in crossed.tolist()):
        _rule(page, pixels, (start, level), (end, level + slope * (end - start)), width, ink)
    for across in (start, end, *uprights[: round(share * len(uprights))].tolist()):
        tilt = slope * (levels[-1] - levels[0])
        top = levels[0] + slope * (across - start)
        _rule(page, pixels, (across, top), (across - tilt, top + levels[-1] - levels[0]), width, ink)
    if one_bit:
        thresholded(pixels)
    return marked(page, pixels)


def _watermark(page: Page, rng: Generator) -> Mask:
    """The mark over the whole sheet, at a coarse resolution of its own: 255 where it takes most light."""
    from PIL import Image, ImageDraw, ImageFont  # heavy, only for lettering

    word, slant = _WORDS[int(rng.integers(len(_WORDS)))], rng.uniform(28, 58) * (1 if rng.random() < 0.85 else -1)
    all_over, outlined = bool(rng.random() < 0.3), bool(rng.random() < 0.25)
    wide, high = page.size_mm
    scale = min(_PX_PER_MM, 2000 / max(wide, high))
    size = (max(1, round(wide * scale)), max(1, round(high * scale)))
    side = max(8, int(np.hypot(*size)))
    upright = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(upright)
    if all_over:
        font = ImageFont.load_default(max(5.0, min(size) / 16))
        across, down = int(draw.textlength(word + "    ", font=font)), max(8, min(size) // 7)
        tile = Image.new("L", (across, 2 * down), 0)
        draw = ImageDraw.Draw(tile)
        # The second row is shifted by half a word.
        for x, y in ((0, 0), (-across // 2, down), (across // 2, down)):
            draw.text((x, y), word, fill=255, font=font, stroke_width=round(min(size) / 420))
        repeats = side // (2 * down) + 1, side // across + 1
        upright = Image.fromarray(np.tile(np.asarray(tile), repeats)[:side, :side])
    else:
        font = ImageFont.load_default(100)
        reach = min(0.86 * np.hypot(*size), 0.8 * min(_chord(size, slant), side))
        tall = max(5.0, min(100 * reach / draw.textlength(word, font=font), 0.3 * max(size)))
        bold, middle = max(1, round(tall / 28)), (side / 2, side / 2)
        font = ImageFont.load_default(tall)
        draw.text(middle, word, fill=255, font=font, anchor="mm", stroke_width=bold)
        if outlined:
            draw.text(middle, word, fill=70, font=font, anchor="mm")
    warp = np.asarray(cv2.getRotationMatrix2D(((side - 1) / 2, (side - 1) / 2), slant, 1), dtype=np.float64)
    warp[:, 2] += np.array([size[0] - side, size[1] - side]) / 2
    return np.asarray(cv2.warpAffine(np.asarray(upright), warp, size, flags=cv2.INTER_LINEAR), dtype=np.uint8)


def _chord(size: tuple[int, int], slant: float) -> float:
    """How long a line through the middle is, at this angle, from edge to edge."""
    turn = np.deg2rad(abs(slant))
    return float(min(size[0] / max(np.cos(turn), 1e-3), size[1] / max(np.sin(turn), 1e-3)))


def _levels(lines: tuple[Box, ...], raised: float) -> list[float]:
    """At which heights the rules run: through each line of text, and none close to the one before."""
    levels: list[float] = []
    for height in sorted(line.bottom - raised * min(line.height, 4.0) for line in lines):
        if not levels or height - levels[-1] > 3.0:
            levels.append(height)
    return levels


def _rule(
    page: Page,
    pixels: NDArray[np.uint8],
    start: tuple[float, float],
    end: tuple[float, float],
    width: float,
    ink: tuple[int, int, int],
) -> None:
    """A printed line between two points in mm, its edges where they truly are between the pixels."""
    upright = abs(end[1] - start[1]) > abs(end[0] - start[0])
    dpmm = page.px(1)
    along, across = (1, 0) if upright else (0, 1)
    first, last = (
        int(np.clip(round(each[along] * dpmm[along]), 0, (page.width, page.height)[along])) for each in (start, end)
    )
    if last <= first:
        return
    run = np.linspace(start[across], end[across], last - first) * dpmm[across]
    # Pressed by rollers, a line is never quite even.
    knots = np.sin(np.arange(last - first) * (0.9 / dpmm[along]) + start[0] + start[1])
    half = np.maximum(width * dpmm[across] / 2 * (1 + 0.06 * knots), 0.0)
    low = max(0, int((run - half).min()) - 1)
    high = min((page.width, page.height)[across], int((run + half).max()) + 2)
    if high <= low:
        return
    at = np.arange(low, high)[:, None] + 0.5
    cover = np.clip(half + 0.5 - np.abs(at - run), 0, np.minimum(1, 2 * half))
    coverage = np.asarray(np.rint(255 * cover), dtype=np.uint8)
    place = np.s_[first:last, low:high] if upright else np.s_[low:high, first:last]
    ink_in(pixels[place], np.ascontiguousarray(coverage.T) if upright else coverage, ink)
