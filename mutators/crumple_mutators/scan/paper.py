"""The sheet itself: its colour and grain, what is printed under the text, what shows through from behind."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from crumple import Ladder, NotApplicable, Page, mutator
from crumple_mutators.scan.drawing.grain import random_bytes
from crumple_mutators.scan.drawing.losses import altered
from crumple_mutators.scan.drawing.surface import paper
from crumple_mutators.scan.drawing.texture import LUMA, Field, at_shape, clouds, light_left, sheet_mm

# What coloured stock takes of red, green and blue where it takes 1 of the colour it takes most.
_STOCKS = (
    (0.10, 0.22, 1.0),  # canary
    (0.28, 0.42, 1.0),  # buff
    (0.22, 1.0, 0.80),  # pink
    (0.16, 0.75, 1.0),  # salmon
    (1.0, 0.42, 0.14),  # blue
    (1.0, 0.20, 0.75),  # green
    (0.80, 0.88, 1.0),  # recycled grey
)
_AGE = (0.34, 0.62, 1.25)
_PRINTS = ((0.9, 0.35, 0.2), (0.85, 0.25, 0.6), (0.25, 0.8, 0.5), (0.5, 0.55, 0.6), (0.3, 0.55, 1.0))
_GRAIN_MM = 0.25
_BEHIND_MM = 0.25  # what paper blurs: the back is drawn as coarse as that


@mutator("scan.paper_tint", strength=Ladder(0.05, 0.1, 0.2, 0.35, 0.5, unit="share of light", zero=0))
def paper_tint(page: Page, strength: float, rng: Generator) -> Page:
    """Print the page on coloured stock: canary, buff, pink, salmon, blue, green or recycled grey.

    `strength` is the share of light that the paper takes of the colour it takes most; a grey scan shows what it
    takes of all. The stock is drawn.

    Ladder: of tints in the catalogue, where office stock is about 0.2 to 0.35.
    """
    takes = np.array(_STOCKS[int(rng.integers(len(_STOCKS)))])
    if not strength:
        return page
    light = 1 - strength * (np.array([np.dot(takes, LUMA)]) if page.grey else takes)
    table = np.rint(np.arange(256)[:, None] * light).astype(np.uint8)
    return altered(page, np.asarray(cv2.LUT(page.pixels, table[:, 0] if page.grey else table[None]), dtype=np.uint8))


@mutator("scan.yellowed", strength=Ladder(0.05, 0.12, 0.22, 0.35, 0.5, unit="share of light", zero=0))
def yellowed(page: Page, strength: float, rng: Generator) -> Page:
    """Age the paper: yellow to brown, deepest along the edges where air and light got to it, with foxing.

    `strength` is the share of light that the brownest edge takes; the middle takes about a third of it. How
    far the edges go in, the clouds between and the rusty specks of foxing are drawn.

    Ladder: of tints in the catalogue.
    """
    wide, high = sheet_mm(page)
    mottle = clouds(page, rng, 45, octaves=4)
    shape = mottle.shape
    y, x = (np.linspace(0, each, count, dtype=np.float32) for each, count in zip((high, wide), shape, strict=True))
    depths = rng.uniform(6, 22, 4).astype(np.float32)
    edges = [np.exp(-off / depth) for off, depth in zip((x, wide - x, y, high - y), depths, strict=True)]
    rim = 1 - (1 - edges[0]) * (1 - edges[1]) * ((1 - edges[2]) * (1 - edges[3]))[:, None]
    dark = np.clip(0.36 + 0.64 * rim * (1 + 0.3 * mottle) + 0.09 * mottle, 0.1, 1)
    for _ in range(int(rng.poisson(wide * high / 1800))):
        _fox(dark, rng, (float(x[1] - x[0]), float(y[1] - y[0])))
    if not strength:
        return page
    light = light_left(strength * dark, _AGE, grey=page.grey)
    mask = cv2.resize(light, (page.width, page.height), interpolation=cv2.INTER_LINEAR)
    return altered(page, np.asarray(cv2.multiply(page.pixels, mask, mask, scale=1 / 255), dtype=np.uint8))


@mutator("scan.paper_texture", amplitude=Ladder(0.05, 0.1, 0.2, 0.35, 0.5, unit="share of light", zero=0))
def paper_texture(page: Page, amplitude: float, rng: Generator) -> Page:
    """Print the page on rough or recycled paper: grain, cloudy formation, and darker fibres and flecks.

    `amplitude` is the share of light that the darkest fibres take; grain takes up to half of it. All of it is
    drawn; fibres are 1 to 4 mm long.

    Ladder: of textures in the catalogue.
    """
    wide, high = sheet_mm(page)
    cells = max(1, round(high / _GRAIN_MM)), max(1, round(wide / _GRAIN_MM))
    grain = cv2.GaussianBlur(random_bytes(rng, cells), (3, 3), 0.6)
    cloud = at_shape(clouds(page, rng, 7, octaves=2), cells)
    # Bytes average 128, blurred ones deviate by about 40: nearly all of them land between 0 and 1.
    depth = np.asarray(cv2.addWeighted(grain, 0.55, cv2.convertScaleAbs(cloud, alpha=18), 1, -36), dtype=np.uint8)
    _fibres(depth, rng, (wide, high))
    if not amplitude:
        return page
    table = np.rint(255 * (1 - amplitude * np.arange(256) / 255)).astype(np.uint8)
    mask = cv2.resize(cv2.LUT(depth, table), (page.width, page.height), interpolation=cv2.INTER_LINEAR)
    if not page.grey:
        mask = cv2.cvtColor(mask, cv2.COLOR_GRAY2RGB)
    return altered(page, np.asarray(cv2.multiply(page.pixels, mask, mask, scale=1 / 255), dtype=np.uint8))


@mutator("scan.bleed_through", alpha=Ladder(0.1, 0.25, 0.4, 0.6, 0.8, unit="share", zero=0), refusable_from=5)
def bleed_through(page: Page, alpha: float, rng: Generator) -> Page:
    """Let the back of the sheet show through: print, mirrored and soft, as on thin paper or where ink soaked in.

    `alpha` is how much of its contrast comes through. The back is the page itself, mirrored, a few millimetres
    off and not quite parallel; how far, and where the paper is thinner, are drawn.

    Ladder: measured with Tesseract 5.3 on a 10 pt page: character error rates 0, 0, .005, .057, .106.
    """
    off = rng.uniform(2, 9, 2) * np.where(rng.random(2) < 0.5, -1, 1)
    turn = np.deg2rad(rng.uniform(-0.7, 0.7))
    thin = clouds(page, rng, 60, octaves=2)
    if not alpha:
        return page
    behind = _behind(page, off, float(turn))
    if not behind.any():
        raise NotApplicable("nothing is printed on the page")
    size = behind.shape[1], behind.shape[0]
    through = np.rint(255 * alpha * np.clip(0.86 + 0.14 * thin, 0, 1)).astype(np.uint8)
    share = cv2.resize(through, size, interpolation=cv2.INTER_LINEAR)
    if not page.grey:
        share = cv2.cvtColor(share, cv2.COLOR_GRAY2RGB)
    light = cv2.bitwise_not(cv2.multiply(behind, share, scale=1 / 255))
    mask = cv2.resize(light, (page.width, page.height), interpolation=cv2.INTER_LINEAR)
    return altered(page, np.asarray(cv2.multiply(page.pixels, mask, mask, scale=1 / 255), dtype=np.uint8))


@mutator("scan.security_background", amplitude=Ladder(0.05, 0.1, 0.2, 0.35, 0.5, unit="share of light", zero=0))
def security_background(page: Page, amplitude: float, rng: Generator) -> Page:
    """Print fine wavy lines under the text, as on cheques, certificates and vouchers.

    `amplitude` is the share of light that the middle of a line takes of the colour it takes most. Two families
    of lines cross, a line every 0.9 to 1.6 mm; their waves and colours are drawn.

    Ladder: of textures in the catalogue, where a printed cheque is about 0.2.
    """
    families = [_Lines(rng) for _ in range(2)]
    first = int(rng.integers(len(_PRINTS)))
    colours = [_PRINTS[first], _PRINTS[(first + int(rng.integers(1, len(_PRINTS)))) % len(_PRINTS)]]
    if not amplitude:
        return page
    phases = [lines.phase(page) for lines in families]
    channels = []
    for takes in zip(*colours, strict=True) if not page.grey else (np.dot(colours, LUMA).tolist(),):
        tables = [255 * (1 - amplitude * take * lines.profile()) for take, lines in zip(takes, families, strict=True)]
        masks = [cv2.LUT(phase, np.rint(table).astype(np.uint8)) for phase, table in zip(phases, tables, strict=True)]
        channels.append(cv2.min(*masks))
    mask = channels[0] if page.grey else cv2.merge(channels)
    return altered(page, np.asarray(cv2.multiply(page.pixels, mask, mask, scale=1 / 255), dtype=np.uint8))


class _Lines:
    """A family of wavy lines; where between two lines a point lies is one byte, which wraps as they repeat."""

    def __init__(self, rng: Generator) -> None:
        self.pitch = float(rng.uniform(0.9, 1.6))
        self.lean = float(rng.uniform(-0.35, 0.35))
        self.thickness = float(rng.uniform(0.16, 0.24))
        self.across = [
            (float(rng.uniform(14, 60)), float(rng.uniform(1.5, 6)), float(rng.uniform(0, 1))) for _ in range(3)
        ]
        self.down = [
            (float(rng.uniform(20, 70)), float(rng.uniform(0.4, 1.6)), float(rng.uniform(0, 1))) for _ in range(2)
        ]

    def profile(self) -> NDArray[np.float64]:
        """How much of a line is at each of the 256 phases."""
        off = np.abs(np.arange(256) - 128) / 256
        return np.asarray(np.clip((self.thickness - off) / (0.6 * self.thickness), 0, 1) ** 0.8)

    def phase(self, page: Page) -> NDArray[np.uint8]:
        x, y = (
            (np.arange(count) + 0.5) / per_mm
            for count, per_mm in zip((page.width, page.height), page.px(1), strict=True)
        )
        rows = y + sum(height * np.sin(2 * np.pi * (y / wave + at)) for wave, height, at in self.down)
        columns = self.lean * x + sum(height * np.sin(2 * np.pi * (x / wave + at)) for wave, height, at in self.across)
        bytes_ = [np.mod(np.rint(each / self.pitch * 256), 256).astype(np.uint8) for each in (rows, columns)]
        return np.asarray(np.add.outer(bytes_[0], bytes_[1]), dtype=np.uint8)


def _behind(page: Page, off_mm: NDArray[np.float64], turn: float) -> NDArray[np.uint8]:
    """How dark the back is, 255 for all of the light, mirrored and moved; coarser than the page, as paper blurs it."""
    coarse = [max(1, round(each)) for each in page.px(_BEHIND_MM)]
    size = -(-page.width // coarse[0]), -(-page.height // coarse[1])
    front = cv2.resize(page.pixels, size, interpolation=cv2.INTER_AREA)
    background = paper(page)
    table = np.array(
        [[255 - min(255, round(255 * value / max(1, shade))) for shade in background] for value in range(256)], np.uint8
    )
    dark = cv2.LUT(front, table[:, 0] if page.grey else table[None])
    scale = size[0] / page.width * page.px(1)[0], size[1] / page.height * page.px(1)[1]
    # Mirrored about the upright middle, turned about the page's middle, then moved.
    aspect = scale[1] / scale[0]
    linear = np.array([[-np.cos(turn), -np.sin(turn) / aspect], [-np.sin(turn) * aspect, np.cos(turn)]])
    middle = np.array([(size[0] - 1) / 2, (size[1] - 1) / 2])
    warp = np.column_stack([linear, middle - linear @ middle + off_mm * scale])
    return np.asarray(cv2.warpAffine(dark, warp, size, flags=cv2.INTER_LINEAR), dtype=np.uint8)


def _fox(dark: Field, rng: Generator, cell_mm: tuple[float, float]) -> None:
    """Add one rusty speck of up to a few millimetres to a field of cells of this size."""
    rows, columns = dark.shape
    at_y, at_x, size = rng.uniform(0, rows), rng.uniform(0, columns), 0.35 + float(rng.exponential(0.5))
    strength, reach = rng.uniform(0.08, 0.3), [max(1, round(2.5 * size / each)) for each in cell_mm]
    top, left = max(0, int(at_y) - reach[1]), max(0, int(at_x) - reach[0])
    part = dark[top : int(at_y) + reach[1] + 1, left : int(at_x) + reach[0] + 1]
    y, x = np.ogrid[top : top + part.shape[0], left : left + part.shape[1]]
    squared = ((x - at_x) * cell_mm[0] / size) ** 2 + ((y - at_y) * cell_mm[1] / size) ** 2
    part += (strength * np.exp(-squared)).astype(np.float32)


def _fibres(depth: NDArray[np.uint8], rng: Generator, sheet: tuple[float, float]) -> None:
    """Draw short bent fibres and flecks into a field of grain."""
    count = int(rng.poisson(sheet[0] * sheet[1] / 90))
    starts = rng.uniform(0, 1, (count, 1, 2)) * sheet
    turns, bends = rng.uniform(0, 2 * np.pi, (count, 1)), rng.normal(0, 0.35, (count, 1))
    strides = (rng.exponential(1.0, (count, 1, 1)) + 0.3) / 4
    directions = turns + bends * np.arange(5)
    steps = strides * np.stack([np.cos(directions), np.sin(directions)], axis=2)
    paths = np.rint((starts + steps.cumsum(axis=1)) / _GRAIN_MM * 16).astype(np.int32)
    # A few shades: one call draws all fibres of one.
    for shade, some in zip((110, 140, 170, 200, 230, 255), range(6), strict=True):
        cv2.polylines(depth, list(paths[some::6]), False, shade, 1, cv2.LINE_AA, 4)
