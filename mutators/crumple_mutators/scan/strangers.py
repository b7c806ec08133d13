"""Pages that do not belong to the document: what they say, and how they look."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator

from crumple import Page

_SENDERS = (
    "Parkside Sports Club",
    "Riverside Housing Association",
    "The Lending Library",
    "Hillview Allotment Society",
)
_SUBJECTS = ("Annual general meeting", "Works on the lifts", "Opening hours in winter", "New rules for the car park")
_SENTENCES = (
    "we would like to let you know about a few changes this season.",
    "The hall is closed for repairs until further notice.",
    "Please bring your membership card and something to write with.",
    "Bicycles may be left behind the building, but not in the yard.",
    "The minutes of our last meeting can be seen at the desk.",
    "Children are welcome as long as somebody looks after them.",
    "Keys that are not returned have to be replaced at cost.",
    "The contractor will ring at each door beforehand.",
    "Coffee and cake are served afterwards in the garden.",
    "Those who cannot come may send somebody in their place.",
    "We are still looking for helpers on both days.",
    "Parking spaces are given out in the order of arrival.",
)
_NAMES = ("M. Hollis", "A. Penrose", "J. Okafor", "S. Lindqvist", "R. Castellan")
_INK = 38
_SIZE_MM, _MARGIN = 3.6, 0.12


def letter(rng: Generator) -> list[str]:
    """The lines of a letter that has nothing to do with any invoice, contract or order."""

    def pick(choices: Sequence[str]) -> str:
        return choices[int(rng.integers(len(choices)))]

    told = rng.permutation(len(_SENTENCES) - 1)[: int(rng.integers(5, 11))] + 1
    body = [_SENTENCES[0], *(_SENTENCES[index] for index in told.tolist())]
    return [
        pick(_SENDERS),
        "",
        "",
        pick(_SUBJECTS),
        "",
        "Dear members,",
        "",
        *body,
        "",
        "Yours sincerely,",
        pick(_NAMES),
    ]


def drawn(page: Page, lines: Sequence[str]) -> Page:
    """A blank page with lines of text printed on it; without any, the page itself."""
    if not lines:
        return page
    from PIL import Image, ImageDraw, ImageFont  # heavy, only for lettering

    across, down = page.px(1)
    # Drawn with square pixels, then brought to the page's own.
    wide, high = max(1, round(page.width)), max(1, round(page.height * across / down))
    image = Image.new("L", (wide, high), 255)
    draw = ImageDraw.Draw(image)
    size = max(4.0, min(_SIZE_MM * across, wide / 42))
    font = ImageFont.load_default(size)
    for row, line in enumerate(lines):
        draw.text((_MARGIN * wide, 0.1 * high + 1.6 * size * row), line, fill=0, font=font)
    cover = 255 - np.asarray(image.resize((page.width, page.height), Image.Resampling.BILINEAR), dtype=np.int32)
    if page.grey and not np.any((page.pixels > 0) & (page.pixels < 255)):
        return page.with_pixels(np.where(cover > 127, 0, page.pixels).astype(np.uint8))
    printed = page.pixels - (page.pixels.astype(np.int32) - _INK) * (cover if page.grey else cover[..., None]) // 255
    return page.with_pixels(printed.astype(np.uint8))
