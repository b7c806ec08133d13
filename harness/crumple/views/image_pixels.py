"""What an image file holds as pixels of a page: 8 bit, grey or RGB, upright, whatever the file's own mode is.

A page has 8 bits a channel, so that is what a changed page is written back with: what scanners hand out and what
readers are given. The file's own depth is kept as long as nothing is changed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image, ImageOps
from PIL.TiffImagePlugin import PHOTOMETRIC_INTERPRETATION

from crumple.views.pages import Pixels

_DEEP = ("I;16", "I;16B", "I;16L", "I;16N", "I", "F")
_MAX_SAMPLE_VALUE, _S_MAX_SAMPLE_VALUE = 281, 341
_WHITE_IS_ZERO = 0
_DEPTHS = (8, 10, 12, 14, 16)  # what sensors have
_FLOAT_WHITES = (1.0, 255.0, 65535.0)


def pixels_of(image: Image.Image) -> Pixels:
    """Grey or RGB, 8 bit, upright: alpha over white, palettes resolved, deeper greys scaled down.

    A file of more than 8 bits says how bright white is (TIFF: MaxSampleValue), or else it is taken to be as deep as
    the brightest pixel needs, of 8, 10, 12, 14 or 16 bits: a scanner of 12 bits fills 0 to 4095 of a 16-bit file,
    and read as 16 bits its paper would be black. Floats are of [0, 1], [0, 255] or [0, 65535].
    """
    tags = getattr(image, "tag_v2", {})
    image = ImageOps.exif_transpose(image)
    mode = image.mode
    if mode in _DEEP:
        white = tags.get(_S_MAX_SAMPLE_VALUE) or tags.get(_MAX_SAMPLE_VALUE)
        pixels = _eight_bits(np.asarray(image), white[0] if isinstance(white, tuple) else white)
        # Pillow turns such files over up to 8 bits, and leaves deeper ones as they are.
        return 255 - pixels if tags.get(PHOTOMETRIC_INTERPRETATION) == _WHITE_IS_ZERO else pixels
    if mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info:
        image = _over_white(image)
    elif mode == "1":
        image = image.convert("L")
    elif mode not in ("L", "RGB"):
        image = image.convert("RGB")
    pixels = np.array(image, dtype=np.uint8)
    if mode in ("P", "PA") and (pixels[..., :1] == pixels[..., 1:]).all():
        return np.ascontiguousarray(pixels[..., 0])
    return pixels


def _eight_bits(values: np.ndarray[Any, Any], white: float | None) -> Pixels:
    """Deeper greys as 8 bits.

    Args:
        values: integers or floats.
        white: the value of white, where the file says it.
    """
    if values.dtype.kind == "f":
        values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
        brightest = float(values.max(initial=0))
        top = white or next((each for each in _FLOAT_WHITES if brightest <= each), brightest)
        return np.asarray(np.clip(np.rint(values * (255.0 / top)), 0, 255), dtype=np.uint8)
    darkest, brightest = int(values.min(initial=0)), int(values.max(initial=0))
    if darkest < 0:  # signed files have their middle at 0
        values, brightest = values.astype(np.int64) - darkest, brightest - darkest
    top = white or next((2**depth - 1 for depth in _DEPTHS if brightest < 2**depth), brightest)
    if brightest >= 2**16:
        return np.asarray(np.clip(np.rint(values * (255.0 / top)), 0, 255), dtype=np.uint8)
    table = np.clip(np.rint(np.arange(2**16) * (255.0 / top)), 0, 255).astype(np.uint8)
    return np.asarray(table[values])


def _over_white(image: Image.Image) -> Image.Image:
    grey = image.mode in ("L", "LA", "La")
    image = image.convert("RGBA")
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image).convert("L" if grey else "RGB")
