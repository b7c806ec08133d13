"""A page of real letters, for what depends on their shapes."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from crumple import Page

LINES = (
    "Invoice 6880-3869 of 8 March 2026",
    "for the delivery of 36 crates of pears",
    "and one case of oranges, Eton Road 9",
    "Total 1,863.90 EUR, due on 6 April",
)


def text_page(dpi=200, *, colour=False, size_mm=(105, 148), paper=250) -> Page:
    """Lines of 10 pt, the same on the sheet at any resolution."""
    wide, high = (round(each / 25.4 * dpi) for each in size_mm)
    image = Image.new("L", (wide, high), paper)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(10 / 72 * dpi)
    for number in range(16):
        draw.text((dpi * 0.5, dpi * (0.5 + 0.3 * number)), LINES[number % len(LINES)], fill=20, font=font)
    pixels = np.array(image)
    return Page(np.repeat(pixels[..., None], 3, axis=2).copy() if colour else pixels, (float(dpi), float(dpi)))
