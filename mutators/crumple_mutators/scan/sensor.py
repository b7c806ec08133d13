"""What a sensor adds: noise, dead or dusty pixels and lines, light that flickers, colours that do not meet."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import SFC64, Generator
from numpy.typing import NDArray

from crumple import Ladder, NotApplicable, Page, mutator
from crumple_mutators.scan.drawing.grain import cells, deviates, random_bytes
from crumple_mutators.scan.drawing.surface import same

_KNOT_MM = 12.0  # along a streak, how far apart its tone changes
_COLOURED = 0.35  # of the streaks on a page with colours
_LIGHT = 0.2
_WAVES = 4


@mutator("scan.sensor_noise", sigma=Ladder(8, 16, 26, 38, 60, unit="of 255", zero=0), refusable_from=4)
def sensor_noise(page: Page, sigma: float, rng: Generator) -> Page:
    """Add Gaussian noise to every pixel and channel, as an under-exposed sensor does.

    `sigma` is what a page of 200 dpi gets a pixel. A grain is as large on paper at any resolution: finer
    pixels share one, and in coarser ones several average out.

    Ladder: set by measurement; Tesseract breaks at 35, on one 10 pt page at 56.
    """
    if not sigma:
        return page
    table = deviates(page, sigma).astype(np.int16)
    if not table.any():
        raise NotApplicable(f"noise of {sigma:g} is less than a shade of grey on this page")
    across, down = cells(page)
    noise = cv2.LUT(random_bytes(rng, (down, across, *page.pixels.shape[2:])), table)
    if (across, down) != (page.width, page.height):
        noise = cv2.resize(noise, (page.width, page.height), interpolation=cv2.INTER_NEAREST)
    return page.with_pixels(np.asarray(cv2.add(page.pixels, noise, dtype=cv2.CV_8U), dtype=np.uint8))


@mutator("scan.salt_and_pepper", share=Ladder(0.001, 0.005, 0.02, 0.05, 0.10, unit="share", zero=0), refusable_from=5)
def salt_and_pepper(page: Page, share: float, rng: Generator) -> Page:
    """Turn single specks black or white, as dust, dropouts and bad thresholds do.

    A speck is a pixel of a 200 dpi page (0.127 mm), on finer pages as many pixels as it takes. A higher
    share keeps the specks of a lower one.

    Ladder: measured with Tesseract 5.3 on a 10 pt page.
    """
    if not share:
        return page
    across, down = cells(page)
    count = round(share * across * down)
    if not count:
        raise NotApplicable(f"{share:.2g} of this page's specks are none")
    drawn = Generator(SFC64(int(rng.integers(2**63)))).integers(0, 2 * across * down, count)
    drawn = drawn[::-1]  # the first drawn is set last, and stays
    places, shades = drawn >> 1, np.where(drawn & 1, 255, 0).astype(np.uint8)
    if (across, down) == (page.width, page.height):
        pixels = page.pixels.copy()
        channels = 1 if page.grey else 3
        for channel in range(channels):
            pixels.reshape(-1)[places * channels + channel] = shades
        return page.with_pixels(pixels)
    specks = np.full(across * down, 128, dtype=np.uint8)
    specks[places] = shades
    grid = cv2.resize(specks.reshape(down, across), (page.width, page.height), interpolation=cv2.INTER_NEAREST)
    pixels, marked = page.pixels.copy(), np.asarray(grid != 128).view(np.uint8)
    cv2.copyTo(grid if page.grey else cv2.cvtColor(grid, cv2.COLOR_GRAY2RGB), marked, pixels)
    return page.with_pixels(pixels)


@mutator("scan.vertical_streaks", count=Ladder(1, 3, 10, 30, 80, unit="a page", zero=0), refusable_from=5)
def vertical_streaks(page: Page, count: int, rng: Generator) -> Page:
    """Draw thin lines from top to bottom, as specks of dirt on the glass of a sheet feeder do.

    Most are dark, 0.1 to 0.5 mm wide; some are light, as where a sensor's pixel was calibrated on dirt, and on
    a page with colours some are tinted. Their tone wanders along the sheet, and some begin or end within it,
    as dirt comes and goes. A higher count keeps the streaks of a lower one.

    Ladder: measured with Tesseract 5.3 on a 10 pt page: either harmless or fatal, by where they fall.
    """
    if count < 1:
        return page
    knots = max(3, round(page.size_mm[1] / _KNOT_MM))
    pixels, rows = page.pixels.copy(), np.linspace(0, 1, page.height)
    tones, tints = (Generator(SFC64(int(rng.integers(2**63)))) for _ in range(2))
    for number in range(count):
        place, width, depth, light, coloured = tones.uniform(size=5)
        tone = tones.uniform(-1, 1, knots)
        start, end = tones.uniform(-4, 0.9), tones.uniform(0.1, 5)
        channels = _tint(tints, coloured)
        is_light = light < _LIGHT and number > 0  # a light one alone would often show nowhere
        along = _wandering(rows, 0.25 + 0.6 * depth, tone, (start, max(end, start + 0.3)))
        _streak(pixels, place, page.px(0.1 + 0.4 * width**2)[0], along, 255 if is_light else 0, channels)
    if same(pixels, page.pixels):
        raise NotApplicable("a dark streak makes no difference on this page")
    return page.with_pixels(pixels)


def _tint(rng: Generator, coloured: float) -> NDArray[np.float64]:
    """How strongly a streak shows in each channel: one or two of the three lines of sensors may be clean."""
    tint = rng.uniform(0.1, 1.0, 3)
    return tint / tint.max() if coloured < _COLOURED else np.ones(3)


def _wandering(
    rows: NDArray[np.float64], depth: float, tone: NDArray[np.float64], span: tuple[float, float]
) -> NDArray[np.float64]:
    """A streak's strength at each row, from 0 to 1, of the page; 0 where it has not begun or has ended."""
    strength = depth * (1 + 0.45 * np.interp(rows, np.linspace(0, 1, len(tone)), tone))
    inside = np.clip((rows - span[0]) / 0.006, 0, 1) * np.clip((span[1] - rows) / 0.006, 0, 1)
    return np.clip(strength, 0, 0.95) * inside


def _streak(
    pixels: NDArray[np.uint8],
    place: float,
    width: float,
    along: NDArray[np.float64],
    target: int,
    channels: NDArray[np.float64],
) -> None:
    """Draw one streak into the pixels: columns that it covers in part take part of its tone."""
    middle = place * pixels.shape[1]
    # A lens blurs a speck on the glass by a pixel or so: its flanks are never sharp.
    first, last = int(np.floor(middle - width / 2 - 0.5)), int(np.ceil(middle + width / 2 + 0.5))
    columns = np.arange(max(0, first), min(pixels.shape[1], last))
    cover = np.clip(width / 2 + 0.5 - np.abs(columns + 0.5 - middle), 0, 1) * min(1.0, width)
    if not len(columns):
        return
    box = pixels[:, columns[0] : columns[-1] + 1]
    share = along[:, None] * (cover if pixels.ndim == 2 else np.outer(cover, channels).ravel())
    toned = box.astype(np.float32)
    toned += (target - toned) * share.astype(np.float32).reshape(box.shape)
    box[:] = np.rint(toned, toned)


@mutator("scan.banding", depth=Ladder(0.05, 0.1, 0.2, 0.3, 0.45, unit="share of light", zero=0), refusable_from=5)
def banding(page: Page, depth: float, rng: Generator) -> Page:
    """Darken bands across the page, as a lamp that flickers while a line sensor or a telephone reads the page.

    `depth` is the share of light that is missing in the darkest. Their period (8 to 40 mm), direction (across,
    in rare cases along the page) and shape are drawn.

    Ladder: of textures in the catalogue.
    """
    if not depth:
        return page
    down = bool(rng.random() < 0.85)
    length, size = (page.size_mm[1], page.height) if down else (page.size_mm[0], page.width)
    period = float(rng.uniform(8, 40))
    weights, phases = rng.uniform(0.1, 1, _WAVES) / np.arange(1, _WAVES + 1) ** 1.5, rng.uniform(0, 1, _WAVES)
    drift = rng.uniform(-0.12, 0.12)
    turns = np.linspace(0, length / period, size)
    turns = turns * (1 + drift * np.linspace(0, 1, size))
    wave = sum(
        weight * np.cos(2 * np.pi * (order * turns + phase))
        for order, (weight, phase) in enumerate(zip(weights, phases, strict=True), start=1)
    )
    shade = np.asarray(wave) - np.min(wave)
    light = np.rint(255 * (1 - depth * shade / max(float(shade.max()), 1e-9))).astype(np.uint8)
    lit = np.broadcast_to(light[:, None] if down else light, (page.height, page.width)).copy()
    mask = lit if page.grey else cv2.cvtColor(lit, cv2.COLOR_GRAY2RGB)
    pixels = np.asarray(cv2.multiply(page.pixels, mask, mask, scale=1 / 255), dtype=np.uint8)
    if same(pixels, page.pixels):
        raise NotApplicable("there is no light on this page to take away")
    return page.with_pixels(pixels)


@mutator("scan.colour_misregistration", shift=Ladder(0.06, 0.12, 0.2, 0.35, 0.6, unit="mm", zero=0))
def colour_misregistration(page: Page, shift: float, rng: Generator) -> Page:
    """Move red and blue away from green, as a scanner whose carriage jerks or a press out of register does.

    `shift` is how far each of the two moves, mostly along the sheet, red one way and blue about the other.
    The direction is drawn.

    Ladder: set by eye; a scanner in order stays below 0.05 mm.
    """
    if page.grey:
        raise NotApplicable("the page has no colours that could come apart")
    if not shift:
        return page
    upwards = 1 if rng.random() < 0.5 else -1
    lean, other = rng.uniform(-0.5, 0.5), rng.uniform(0.6, 1.0)
    pixels = np.empty_like(page.pixels)
    x, y = page.px(shift * np.sin(lean))[0], page.px(shift * np.cos(lean))[1] * upwards
    for channel, by in ((0, 1.0), (1, 0.0), (2, -other)):
        plane = np.ascontiguousarray(page.pixels[..., channel])
        pixels[..., channel] = _slid(plane, x * by, y * by) if by else plane
    if same(pixels, page.pixels):
        raise NotApplicable("nothing on the page has an edge whose colours could come apart")
    return page.with_pixels(pixels)


def _slid(plane: NDArray[np.uint8], x: float, y: float) -> NDArray[np.uint8]:
    """One channel moved by fractions of a pixel; its edge repeats where nothing comes from."""
    high, wide = plane.shape
    left, top = (int(np.floor(each)) for each in (x, y))
    margin = max(abs(left), abs(top)) + 1
    padded = cv2.copyMakeBorder(plane, margin, margin, margin, margin, cv2.BORDER_REPLICATE)
    row, column = margin - top, margin - left
    rows = cv2.addWeighted(padded[row:][:high], 1 - y + top, padded[row - 1 :][:high], y - top, 0)
    return np.asarray(
        cv2.addWeighted(rows[:, column:][:, :wide], 1 - x + left, rows[:, column - 1 :][:, :wide], x - left, 0),
        dtype=np.uint8,
    )
