"""Measures of pages, on their pixels alone.

A measure returns False where a page does not show the damage at all, and None where it cannot be told.

`survey` works out once a page what the others need; then by subject: `geometry` (the angle of the lines), `orientation`
(which way up), `sharpness` (blur, resolution), `grain` (noise, specks), `compression` (JPEG), `tone` (paper, ink,
light, black borders, blank pages).
"""

from crumple_mutators.measures.pages.compression import jpeg
from crumple_mutators.measures.pages.geometry import skew
from crumple_mutators.measures.pages.grain import salt_and_pepper, sensor_noise
from crumple_mutators.measures.pages.orientation import half_turn, quarter_turn
from crumple_mutators.measures.pages.sharpness import defocus, resolution
from crumple_mutators.measures.pages.tone import (
    black_border,
    blank_page,
    ink_fade,
    light_gradient,
    paper_tint,
    underexposed,
)

__all__ = [
    "black_border",
    "blank_page",
    "defocus",
    "half_turn",
    "ink_fade",
    "jpeg",
    "light_gradient",
    "paper_tint",
    "quarter_turn",
    "resolution",
    "salt_and_pepper",
    "sensor_noise",
    "skew",
    "underexposed",
]
